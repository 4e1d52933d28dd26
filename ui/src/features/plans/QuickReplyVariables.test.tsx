import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp } from "../../testing/app";

test("a quick reply takes a variable, and the phone shows it filled in", async () => {
  await openApp("/plans/new", {});
  const step = await screen.findByRole("region", { name: "Step 1" });
  const label = within(step).getByRole("textbox", { name: "What stands on the quick reply" });
  fireEvent.change(label, { target: { value: "I am {{patient.name}}" } });
  await userEvent.click(within(step).getByRole("button", { name: "Add quick reply" }));
  const phone = within(step).getByRole("group", { name: "As the phone shows it" });
  expect(within(phone).getByText("I am Anna Miller")).toBeVisible();
});

test("a quick reply is counted by what stands for its variable", async () => {
  await openApp("/plans/new", {});
  const step = await screen.findByRole("region", { name: "Step 1" });
  const label = within(step).getByRole("textbox", { name: "What stands on the quick reply" });
  fireEvent.change(label, { target: { value: "{{patient.nickname|somebody}}" } });
  expect(within(step).queryByText("At most 20 characters.")).toBeNull();
  fireEvent.change(label, { target: { value: "Twelve signs {{patient.name}}" } });
  expect(within(step).getByText("At most 20 characters.")).toBeVisible();
});
