import { act, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { openApp } from "../testing/app";
import { showUndo } from "./undo";

test("of many ways back the latest are in sight, and the oldest gives way", async () => {
  await openApp("/patients", {});
  for (const n of [1, 2, 3, 4, 5]) act(() => void showUndo(`Settled ${n}.`, () => {}));
  expect(await screen.findByText("Settled 5.")).toBeVisible();
  expect(screen.getByText("Settled 4.")).toBeVisible();
  await waitFor(() => expect(screen.queryByText("Settled 1.")).toBeNull());
  await waitFor(() => expect(screen.queryByText("Settled 2.")).toBeNull());
});
