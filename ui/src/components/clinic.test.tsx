import { act, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { MINUTE_MS } from "../lib/units";
import { openApp } from "../testing/app";
import { aWorkItem, page } from "../testing/fixtures";

test("what happens while a screen is open is not said to come, however slowly its clock ticks", async () => {
  const happened: string[] = [];
  const { said } = await openApp("/worklist", {
    listWorklist: () => page(...happened.map((at) => ({ ...aWorkItem, createdAt: at }))),
  });
  await screen.findByText("All clear. Nothing needs you.");
  vi.useFakeTimers({ now: Date.now() + MINUTE_MS, toFake: ["Date"] });
  happened.push(new Date().toISOString());
  act(() => said("worklist"));
  const entry = await screen.findByRole("listitem");
  expect(entry).toHaveTextContent("(now)");
  expect(entry).not.toHaveTextContent(/in \d+ (second|minute)/);
  vi.useRealTimers();
});
