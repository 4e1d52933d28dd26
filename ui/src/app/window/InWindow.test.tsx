import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { ClosingAsked } from "../../bindings";
import { chooseLocale } from "../../i18n";
import type { Core } from "../../testing/app";
import { aStatus } from "../../testing/fixtures";
import { openWindow } from "../../testing/window";

vi.hoisted(() => Object.assign(globalThis, { __TAURI_INTERNALS__: {} }));

const closed: ClosingAsked = { quits: false, waiting: 12, hasMore: false, hasTray: true };

/** An address whose screen is quickly there. */
const open = (core: Core = {}) => openWindow("/nowhere", { closeNow: () => null, ...core });

async function asking(asked: Partial<ClosingAsked> = {}, core: Core = {}) {
  const window = await open(core);
  await waitFor(() => expect(window.asked).toHaveBeenCalledWith("trayWords", expect.anything()));
  await act(() => window.tell("closing", { ...closed, ...asked }));
  return { ...window, dialog: await screen.findByRole("dialog") };
}

test("the tray is named in the reader's language, as sending begins and ends", async () => {
  const { asked } = await open({ status: () => ({ ...aStatus, sending: "paused", pausedBy: "Nok" }) });
  const paused = { open: "Open Clinicue", act: "Send again", pauses: false, quit: "Quit Clinicue" };
  await waitFor(() => expect(asked).toHaveBeenCalledWith("trayWords", expect.objectContaining(paused)));
  await act(() => chooseLocale("ja"));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("trayWords", expect.objectContaining({ act: "送信を再開" })),
  );
});

test("closing the window asks, says what waits, and is heard by the program", async () => {
  const { asked, dialog } = await asking();
  expect(dialog).toHaveTextContent("12 messages are to go out in the next 24 hours.");
  expect(dialog).toHaveTextContent("Its icon in the tray opens the window again.");
  expect(asked).toHaveBeenCalledWith("closingHeard", expect.anything());
  await userEvent.click(screen.getByRole("button", { name: "Keep sending in the background" }));
  expect(asked).toHaveBeenCalledWith("closeNow", { how: "background", always: false });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("what is done is kept when that is ticked", async () => {
  const { asked } = await asking({ waiting: 0 });
  expect(screen.getByText("No message is to go out in the next 24 hours.")).toBeVisible();
  await userEvent.click(screen.getByRole("checkbox", { name: "Do this whenever the window is closed" }));
  await userEvent.click(screen.getByRole("button", { name: "Quit Clinicue" }));
  expect(asked).toHaveBeenCalledWith("closeNow", { how: "quit", always: true });
});

test("without a tray the window is not said to be in one", async () => {
  const { dialog } = await asking({ hasTray: false, waiting: null });
  expect(dialog).toHaveTextContent("this desktop has no tray");
  expect(dialog).toHaveTextContent("How many messages wait is not known.");
});

test("quitting names what waits, and decides nothing about closing", async () => {
  const { asked } = await asking({ quits: true, waiting: 200, hasMore: true });
  expect(screen.getByRole("dialog", { name: "Quit Clinicue?" })).toHaveTextContent("More than 200 messages");
  expect(screen.queryByRole("checkbox")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Back" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked).not.toHaveBeenCalledWith("closeNow", expect.anything());
});

test("the keys of a program quit it, close its window and draw everything larger", async () => {
  const { asked } = await open({ quit: () => null });
  await waitFor(() => expect(asked).toHaveBeenCalledWith("trayWords", expect.anything()));
  await userEvent.keyboard("{Control>}+{/Control}");
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("plugin:webview|setWebviewZoom", { label: "main", value: 1.1 }),
  );
  await userEvent.keyboard("{Control>}0{/Control}");
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("plugin:webview|setWebviewZoom", { label: "main", value: 1 }),
  );
  await userEvent.keyboard("{Control>}q{/Control}");
  await waitFor(() => expect(asked).toHaveBeenCalledWith("quit", expect.anything()));
  await userEvent.keyboard("{Control>}w{/Control}");
  await waitFor(() => expect(asked).toHaveBeenCalledWith("plugin:window|close", { label: "main" }));
});

test("the menu bar speaks the reader's language, and its entries do what the keys do", async () => {
  const { asked, tell } = await open();
  const english = { quit: "Quit Clinicue", selectAll: "Select all" };
  await waitFor(() => expect(asked).toHaveBeenCalledWith("menuWords", expect.objectContaining(english)));
  await act(() => chooseLocale("zh-TW"));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("menuWords", expect.objectContaining({ quit: "結束 Clinicue" })),
  );
  await act(() => tell("menu", "larger"));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("plugin:webview|setWebviewZoom", { label: "main", value: 1.1 }),
  );
  await act(() => tell("menu", "keys"));
  expect(await screen.findByRole("dialog")).toHaveTextContent("Ctrl");
});
