import { expect, test } from "vitest";
import { addDays, daysBetween, isDay, noonOf } from "./days";

test("a day is a day however long it is by the clock", () => {
  // The clocks of Europe are put forward on 29 March.
  expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
  expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  expect(daysBetween("2026-03-01", "2026-02-28")).toBe(-1);
});

test.each([
  ["2028-02-29", true],
  ["2026-02-29", false],
  ["2026-13-01", false],
  ["2026-1-1", false],
  ["", false],
])("%s is a day: %s", (text, is) => expect(isDay(text)).toBe(is));

test("a day is written as itself by UTC", () => {
  expect(noonOf("2026-12-01").toISOString()).toBe("2026-12-01T12:00:00.000Z");
});
