import { afterEach, beforeEach, expect, test, vi } from "vitest";

const HERE = Date.parse("2026-11-24T03:00:00.400Z");

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: HERE, toFake: ["Date"] });
});
afterEach(() => void vi.useRealTimers());

test("a browser whose clock is three minutes off has the program's time", async () => {
  const { clinicNow, heardTime } = await import("./clock");
  heardTime("Tue, 24 Nov 2026 03:03:00 GMT", HERE - 50, HERE);
  expect(clinicNow() - HERE).toBeGreaterThan(179_000);
  expect(clinicNow() - HERE).toBeLessThan(181_000);
});

test("clocks that agree stay as they are, though an answer has whole seconds and took its time", async () => {
  const { clinicNow, heardTime } = await import("./clock");
  heardTime("Tue, 24 Nov 2026 03:00:00 GMT", HERE - 300, HERE);
  heardTime("Tue, 24 Nov 2026 02:59:58 GMT", HERE - 5_000, HERE);
  heardTime(null, HERE, HERE);
  expect(clinicNow()).toBe(HERE);
});

test("an instant so long from now is one of the program's time", async () => {
  const { clinicIn, heardTime } = await import("./clock");
  expect(clinicIn(10_000)).toBe("2026-11-24T03:00:10.400Z");
  heardTime("Tue, 24 Nov 2026 04:00:00 GMT", HERE, HERE);
  expect(clinicIn(0).slice(0, 16)).toBe("2026-11-24T04:00");
});
