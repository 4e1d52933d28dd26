import { mockIPC, mockWindows } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { commands } from "../bindings";
import type { ProblemError } from "./transport";
import { HOUR_MS } from "./units";

// Before anything is read: the page knows by it that it is in the program's own window.
vi.hoisted(() => Object.assign(globalThis, { __TAURI_INTERNALS__: {} }));

beforeEach(async () => {
  // Read on the way to the first call; no clock is waited for meanwhile.
  await import("@tauri-apps/api/core");
  vi.useFakeTimers();
  mockWindows("main");
  mockIPC(() => new Promise(() => {}));
});
afterEach(() => {
  vi.useRealTimers();
});

test("a read that the window's core does not answer is given up", async () => {
  const asked = commands.today({}).catch((error: ProblemError) => error.problem);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await asked).toMatchObject({ refusal: { code: "noAnswerInTime", seconds: 20 } });
});

test("an act of the window lasts as long as it takes: nobody says that it was not done", async () => {
  const ended = vi.fn();
  commands.makeBackup({}).then(ended, ended);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(ended).not.toHaveBeenCalled();
});
