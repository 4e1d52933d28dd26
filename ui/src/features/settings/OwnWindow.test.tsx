import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { noMenu } from "../../testing/app";
import { theSettings } from "../../testing/fixtures";
import { aComputer, openWindow } from "../../testing/window";

vi.hoisted(() => Object.assign(globalThis, { __TAURI_INTERNALS__: {} }));

const core = {
  getSettings: () => theSettings,
  richMenu: () => noMenu,
  chooseClosing: () => null,
  startByItself: () => null,
};

test("what closing the window does is chosen here", async () => {
  let whenClosed = aComputer.whenClosed;
  const { asked } = await openWindow("/settings", {
    ...core,
    onThisComputer: () => ({ ...aComputer, whenClosed }),
    chooseClosing: (input) => {
      whenClosed = input.whenClosed;
      return null;
    },
  });
  expect(await screen.findByText("Closing the window asks, and says what waits.")).toBeVisible();
  await userEvent.click(screen.getByRole("radio", { name: "Keep sending in the background" }));
  expect(asked).toHaveBeenCalledWith("chooseClosing", { whenClosed: "background" });
  expect(await screen.findByText(/leaves Clinicue running/)).toBeVisible();
});

test("it starts with the computer where that is switched on", async () => {
  const { asked } = await openWindow("/settings", core);
  await userEvent.click(await screen.findByRole("switch", { name: /^Start with this computer/ }));
  expect(asked).toHaveBeenCalledWith("startByItself", { on: true });
});

test("switched on and off again at once, it does not start with the computer", async () => {
  let startsByItself = false;
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { asked } = await openWindow("/settings", {
    ...core,
    onThisComputer: () => ({ ...aComputer, startsByItself }),
    startByItself: async (input) => {
      await answered;
      startsByItself = input.on;
      return null;
    },
  });
  const control = await screen.findByRole("switch", { name: /^Start with this computer/ });
  await userEvent.click(control);
  expect(control).toBeChecked();
  await userEvent.click(control);
  expect(control).not.toBeChecked();
  answer();
  await waitFor(() => expect(asked).toHaveBeenCalledWith("startByItself", { on: false }));
  expect(control).not.toBeChecked();
  expect(startsByItself).toBe(false);
});

test("a start with the computer that is refused is not shown as set", async () => {
  const startByItself = () => Promise.reject("the file cannot be written");
  await openWindow("/settings", { ...core, startByItself });
  const control = await screen.findByRole("switch", { name: /^Start with this computer/ });
  await userEvent.click(control);
  await waitFor(() => expect(control).not.toBeChecked());
});

test("a desktop without a tray is told what the background is there", async () => {
  const onThisComputer = () => ({ ...aComputer, whenClosed: "background" as const, hasTray: false });
  await openWindow("/settings", { ...core, onThisComputer });
  expect(await screen.findByText(/^This desktop has no tray/)).toBeVisible();
});
