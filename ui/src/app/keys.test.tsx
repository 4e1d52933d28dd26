import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { openApp } from "../testing/app";
import { aProtocolSummary, page } from "../testing/fixtures";

beforeEach(() => sessionStorage.clear());

const open = async () => {
  await openApp("/plans", { listProtocols: () => page(aProtocolSummary) });
  return screen.findByRole("heading", { level: 1, name: "Care plans" });
};
// In the header, and for phones in the menu.
const keys = () => screen.getAllByRole("button", { name: "Keys and privacy" })[0] as HTMLElement;
const hidden = () => screen.findByRole("dialog", { name: "Hidden" });

test("a question mark lists the keys; those without Ctrl can be switched off", async () => {
  await open();
  await userEvent.keyboard("?");
  expect(await screen.findByRole("table", { name: "Keys" })).toBeVisible();
  await userEvent.click(screen.getByRole("switch", { name: /^Keys without Ctrl work, too/ }));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await userEvent.keyboard("?/");
  expect(screen.queryByRole("dialog")).toBeNull();
  await userEvent.click(keys());
  expect(await screen.findByRole("switch", { name: /^Keys without Ctrl/, checked: false })).toBeVisible();
});

test("the keys work where a keyboard writes other letters", async () => {
  await open();
  fireEvent.keyDown(document.body, { key: "า", code: "KeyK", ctrlKey: true });
  expect(await screen.findByRole("combobox", { name: "What you look for" })).toBeVisible();
});

test("the key for Undo says once that there is nothing to undo", async () => {
  await open();
  await userEvent.keyboard("{Control>}z{/Control}");
  expect((await screen.findByText("Nothing to undo")).closest("[role]")).toHaveAttribute("role", "status");
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(screen.getAllByText("Nothing to undo")).toHaveLength(1);
});

test("in a text field the key for Undo is the field's own", async () => {
  await openApp("/patients", { listPatients: () => page() });
  const field = await screen.findByLabelText("Search patients");
  await userEvent.click(field);
  expect(fireEvent.keyDown(field, { key: "z", code: "KeyZ", ctrlKey: true })).toBe(true);
  expect(screen.queryByText("Nothing to undo")).toBeNull();
});

test("what is known of patients is hidden by a key, and shown again by a button", async () => {
  const heading = await open();
  await userEvent.keyboard("{Control>}{Shift>}h{/Shift}{/Control}");
  await hidden();
  expect(heading.closest("[inert]")).not.toBeNull();
  expect(document.title).toBe("Clinicue");
  // Nobody looks for a name meanwhile.
  await userEvent.keyboard("{Control>}k{/Control}");
  expect(screen.queryByRole("combobox", { name: "What you look for" })).toBeNull();
  expect(screen.getByRole("button", { name: "Show again" })).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  expect(heading.closest("[inert]")).toBeNull();
  expect(document.title).toBe("Care plans · Clinicue");
});

test("what is hidden stays so when the page is opened anew", async () => {
  sessionStorage.setItem("clinicue.hidden", "yes");
  await openApp("/plans", { listProtocols: () => page(aProtocolSummary) });
  expect(await hidden()).toHaveTextContent("Names, numbers and messages of patients are hidden.");
});

test("after two minutes without anybody it hides by itself, where that is chosen", async () => {
  await open();
  await userEvent.click(keys());
  const minutes = await screen.findByRole("combobox", { name: /when nobody is at work/ });
  await userEvent.selectOptions(minutes, "After 2 minutes");
  await userEvent.keyboard("{Escape}");
  vi.useFakeTimers({ now: Date.now() + 110_000, toFake: ["Date"] });
  document.dispatchEvent(new Event("visibilitychange"));
  expect(screen.queryByRole("dialog", { name: "Hidden" })).toBeNull();
  vi.setSystemTime(Date.now() + 15_000);
  document.dispatchEvent(new Event("visibilitychange"));
  await hidden();
  vi.useRealTimers();
});
