import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp } from "../../../testing/app";
import { aStatus, page, theSettings } from "../../../testing/fixtures";

async function welcome() {
  const app = await openApp("/welcome", {
    status: () => ({ ...aStatus, role: "admin" }),
    getSettings: () => ({ ...theSettings, quietHours: { start: "20:00", end: "08:00", silently: false } }),
    listPatients: () => page(),
  });
  return { ...app, from: await screen.findByLabelText("From"), until: screen.getByLabelText("Until") };
}

const saveAndBegin = () => userEvent.click(screen.getByRole("button", { name: "Save and begin" }));
const saidOf = (field: HTMLElement) =>
  document.getElementById(field.getAttribute("aria-describedby")?.split(" ").at(-1) ?? "");

test("quiet hours without a time ask for it at its field, before the core is asked", async () => {
  const { asked, from, until } = await welcome();
  await userEvent.clear(from);
  await saveAndBegin();
  expect(saidOf(from)).toHaveTextContent("Write a time.");
  expect(from).toHaveFocus();
  expect(until).not.toHaveAttribute("aria-invalid", "true");
  await userEvent.clear(until);
  await saveAndBegin();
  expect(saidOf(until)).toHaveTextContent("Write a time.");
  expect(asked).not.toHaveBeenCalledWith("updateSettings", expect.anything());
});

test("quiet hours that begin as they end are refused at their field", async () => {
  const { asked, until } = await welcome();
  await userEvent.clear(until);
  await userEvent.type(until, "20:00");
  await saveAndBegin();
  expect(saidOf(until)).toHaveTextContent("It begins and ends at the same time.");
  expect(screen.queryByText("Write a time.")).toBeNull();
  expect(asked).not.toHaveBeenCalledWith("updateSettings", expect.anything());
});
