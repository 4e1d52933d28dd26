import { screen } from "@testing-library/react";
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

test("a desktop without a tray is told what the background is there", async () => {
  const onThisComputer = () => ({ ...aComputer, whenClosed: "background" as const, hasTray: false });
  await openWindow("/settings", { ...core, onThisComputer });
  expect(await screen.findByText(/^This desktop has no tray/)).toBeVisible();
});
