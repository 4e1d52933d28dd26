import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { type Core, openApp, refuse } from "../../testing/app";
import { aPatient, aProtocol, aProtocolSummary, aStatus, page } from "../../testing/fixtures";

const malee = { ...aPatient, id: "p2", displayName: "Malee Suk", externalRef: "HN 2" };
const as = (role: "viewer" | "operator" | "admin", more: Core = {}): Core => ({
  status: () => ({ ...aStatus, role }),
  listProtocols: () => page(aProtocolSummary),
  listPatients: ({ search }) =>
    page(...[aPatient, malee].filter(({ displayName }) => displayName.toLowerCase().includes(search ?? ""))),
  ...more,
});
const options = () =>
  within(screen.getByRole("listbox", { name: "What is found" }))
    .queryAllByRole("option")
    .map((option) => option.textContent);

async function find(role: "viewer" | "operator" | "admin", more: Core = {}) {
  const opened = await openApp("/plans", as(role, more));
  await screen.findByRole("heading", { level: 1, name: "Care plans" });
  await userEvent.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: "What you look for" });
  return { ...opened, field };
}

test("a patient is found by what the core finds, and opened by Enter though it was pressed at once", async () => {
  const { field, asked, address } = await find("operator", { getPatient: () => malee });
  await userEvent.type(field, "malee{Enter}");
  await expect.poll(address).toBe("/patients/p2");
  expect(asked).toHaveBeenCalledWith("listPatients", { search: "malee", limit: "8" });
});

test("what can be done for a patient stands under them, for those who may", async () => {
  const { field } = await find("operator");
  await userEvent.type(field, "malee");
  await screen.findByRole("option", { name: /^Malee Suk/ });
  expect(options()).toEqual([
    "Malee Suk HN 2",
    "Write a message to Malee Suk",
    "Start a follow-up for Malee Suk",
  ]);
});

test("whoever only looks is offered to open and to look, and nothing that changes anything", async () => {
  const { field } = await find("viewer");
  expect(options()).not.toContain("Pause all sending");
  expect(options()).not.toContain("Add patient");
  await userEvent.type(field, "malee");
  await screen.findByRole("option", { name: /^Malee Suk/ });
  expect(options()).toEqual(["Malee Suk HN 2"]);
});

test("the arrow keys choose, and what is chosen is said to a screen reader", async () => {
  const { field, asked } = await find("operator", { pauseSending: () => aStatus });
  await userEvent.type(field, "sending");
  await screen.findByText("1 match");
  const option = screen.getByRole("option", { name: "Pause all sending", selected: true });
  expect(field).toHaveAttribute("aria-activedescendant", option.id);
  await userEvent.keyboard("{ArrowDown}{Enter}");
  expect(asked).toHaveBeenCalledWith("pauseSending", {});
  expect(screen.queryByRole("dialog")).toBeNull();
});

test("a pause asked for again before the new state is read is not made twice", async () => {
  let know = () => {};
  const known = new Promise<void>((resolve) => {
    know = resolve;
  });
  let isPaused = false;
  const { field, asked } = await find("operator", {
    pauseSending: () => {
      isPaused = true;
      return aStatus;
    },
    status: async () => {
      if (isPaused) await known;
      return { ...aStatus, role: "operator", sending: isPaused ? "paused" : "running" };
    },
  });
  await userEvent.type(field, "pause{Enter}");
  await waitFor(() => expect(isPaused).toBe(true));
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "What you look for" }), "pause{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  know();
  expect(await screen.findByRole("button", { name: "Send again" })).toBeVisible();
  expect(asked.mock.calls.filter(([name]) => name === "pauseSending")).toHaveLength(1);
});

test("what is refused of a pause is said though the search is closed", async () => {
  const { field } = await find("operator", { pauseSending: refuse("not now") });
  await userEvent.type(field, "pause{Enter}");
  expect(await screen.findByText("not now")).toBeVisible();
});

test("care plans and screens are found by their names", async () => {
  const { field, address } = await find("operator", { getProtocol: () => aProtocol });
  await userEvent.type(field, "surg");
  await userEvent.click(await screen.findByRole("option", { name: /^After surgery/ }));
  await expect.poll(address).toBe("/plans/c1");
});

test("what nobody has is said, and does not stay in the address", async () => {
  const { field, address } = await find("operator");
  await userEvent.type(field, "qqq");
  expect(await screen.findByText("Nothing is found for “qqq”.")).toBeVisible();
  expect(options()).toEqual([]);
  expect(address()).toBe("/plans");
});

test("a patient is added from everywhere", async () => {
  const { field } = await find("operator");
  await userEvent.type(field, "add{Enter}");
  const dialog = within(await screen.findByRole("dialog", { name: "Add patient" }));
  const name = await dialog.findByRole("textbox", { name: "Name" });
  await waitFor(() => expect(name).toHaveFocus());
});

test("a slash opens the search, but in the list of patients goes to its own field", async () => {
  await openApp("/patients", as("operator"));
  const own = await screen.findByRole("textbox", { name: "Search patients" });
  await userEvent.keyboard("/");
  expect(own).toHaveFocus();
  await userEvent.keyboard("/x");
  expect(own).toHaveValue("/x");
  expect(screen.queryByRole("dialog")).toBeNull();
});
