import { afterEach, expect, test } from "vitest";
import cases from "../../../tests/fixtures/rules/years.json";
import { chooseCalendar } from "./calendar";
import { gregorian, yearIn } from "./years";

afterEach(() => localStorage.clear());

test.each(cases)("the year $written is $western of the Western calendar, as the core has it", (one) => {
  expect(gregorian(one.written)).toBe(one.western);
});

test("a year 0 is left as it is", () => expect(gregorian(0)).toBe(0));

test("a year is written in the calendar the reader chose, where one can write it", async () => {
  const western = [1905, 1956];
  const inCalendar = async (calendar: string, locale: string) => {
    await chooseCalendar(calendar, locale);
    return western.map((year) => yearIn(year, locale));
  };
  expect(await inCalendar("buddhist", "th")).toEqual(["2448", "2499"]);
  expect(await inCalendar("gregory", "th")).toEqual(["1905", "1956"]);
  // Before the Republic there is no year of it.
  expect(await inCalendar("roc", "zh-TW")).toEqual(["1905", "45"]);
  // The years of an era alone would say nothing.
  expect(await inCalendar("japanese", "ja")).toEqual(["1905", "1956"]);
});

test("what was typed by the calendar of a language is understood", () => {
  for (const locale of ["en", "th", "ja", "zh-TW"])
    expect(gregorian(Number(yearIn(1956, locale)))).toBe(1956);
});
