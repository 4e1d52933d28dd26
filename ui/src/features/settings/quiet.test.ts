import { expect, test } from "vitest";
import { clockOf, examplesOf, minutesOf, quietDraftOf, quietHoursOf, quietLength } from "./quiet";

const at = (clock: string) => minutesOf(clock) ?? Number.NaN;

test("what is due in the evening waits until the next morning, what is due at night until the same", () => {
  expect(examplesOf(at("20:00"), at("08:00"), false)).toEqual([
    { due: "21:30", outcome: "waits", until: "08:00", nextDay: true },
    { due: "07:30", outcome: "waits", until: "08:00", nextDay: false },
    { due: "14:00", outcome: "onTime" },
  ]);
});

test("a quiet noon does not reach over midnight", () => {
  expect(examplesOf(at("12:00"), at("13:00"), false)).toEqual([
    { due: "12:20", outcome: "waits", until: "13:00", nextDay: false },
    { due: "12:40", outcome: "waits", until: "13:00", nextDay: false },
    { due: "00:00", outcome: "onTime" },
  ]);
});

test("where messages go without a sound nothing waits", () => {
  expect(examplesOf(at("20:00"), at("08:00"), true).map(({ outcome }) => outcome)).toEqual([
    "silent",
    "silent",
    "onTime",
  ]);
});

test("the same start and end are no quiet at all, as in the core", () => {
  expect(quietLength(at("08:00"), at("08:00"))).toBe(0);
  expect(examplesOf(at("08:00"), at("08:00"), false).map(({ outcome }) => outcome)).toEqual([
    "onTime",
    "onTime",
    "onTime",
  ]);
});

test("a clock is read and written as it stands on the wall", () => {
  expect([minutesOf("20:00"), minutesOf("24:00"), minutesOf("8:00"), minutesOf("")]).toEqual([
    1200,
    null,
    null,
    null,
  ]);
  expect([clockOf(-15), clockOf(1440), clockOf(5)]).toEqual(["23:45", "00:00", "00:05"]);
});

test("a form has the clinic's hours, and proposes some where it has none", () => {
  const hours = { start: "21:00", end: "07:00", silently: true };
  expect(quietDraftOf(hours)).toEqual({ quiet: true, ...hours });
  expect(quietHoursOf(quietDraftOf(hours))).toEqual(hours);
  expect(quietDraftOf(null)).toEqual({ quiet: false, start: "20:00", end: "08:00", silently: false });
  expect(quietHoursOf(quietDraftOf(null))).toBeNull();
});
