import { expect, test } from "vitest";
import { gregorian, yearIn } from "./years";

test.each([
  [2026, 2026],
  [2569, 2026],
  [115, 2026],
  [2400, 2400],
  [2401, 1858],
  [151, 151],
  [150, 2061],
  [1, 1912],
  [0, 0],
])("the year %i is %i of the Western calendar", (year, western) => expect(gregorian(year)).toBe(western));

test("what was typed by the calendar of a language is understood", () => {
  for (const locale of ["en", "th", "ja", "zh-TW"])
    expect(gregorian(Number(yearIn(1956, locale)))).toBe(1956);
});
