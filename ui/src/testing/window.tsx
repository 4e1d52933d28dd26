// The real app as it runs in the program's own window, with a core that answers what the test
// says. The test's file sets `__TAURI_INTERNALS__` before anything is read:
// `vi.hoisted(() => Object.assign(globalThis, { __TAURI_INTERNALS__: {} }))`.

import { emit } from "@tauri-apps/api/event";
import { mockIPC, mockWindows } from "@tauri-apps/api/mocks";
import { vi } from "vitest";
import type { OnThisComputer } from "../bindings";
import { type Core, openApp } from "./app";
import { aStatus, page } from "./fixtures";

export const aComputer: OnThisComputer = {
  whenClosed: "ask",
  hasTray: true,
  startsByItself: false,
  dataFolder: "/home/nok/.local/share/clinicue",
};

const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Opens the app in a window; `tell` is what the program says to the page. */
export async function openWindow(path: string, core: Core = {}) {
  const nobody = () => page();
  const answers: Record<string, (input: never) => unknown> = {
    status: () => aStatus,
    listStrangers: nobody,
    listWorklist: nobody,
    failedDeliveries: nobody,
    heldMessages: () => ({ items: [] }),
    trayWords: () => null,
    menuWords: () => null,
    closingHeard: () => null,
    onThisComputer: () => aComputer,
    ...core,
  };
  const asked = vi.fn();
  mockWindows("main");
  mockIPC(
    async (command, payload) => {
      const name = camelCase(command);
      const input = payload && "input" in payload ? payload.input : undefined;
      asked(name, input ?? payload);
      // What Tauri itself does for the page.
      if (name.startsWith("plugin:")) return null;
      const answer = answers[name];
      if (!answer) throw new Error(`the test has no answer to ${name}`);
      return answer(input as never);
    },
    { shouldMockEvents: true },
  );
  await openApp(path, {});
  return { asked, tell: (event: string, what: unknown) => emit(event, what) };
}
