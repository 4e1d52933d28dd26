import { afterEach, expect, test } from "vitest";
import { ageOn, birthday, isoOfBirth } from "./birth";
import { chooseCalendar } from "./calendar";

afterEach(() => localStorage.clear());

test.each([
  ["1956", "1956-04-03"],
  ["2499", "1956-04-03"],
  ["45", "1956-04-03"],
  ["１９５６", "1956-04-03"],
])("the year %s is understood", (year, iso) => {
  expect(isoOfBirth({ day: "3", month: "4", year })).toBe(iso);
});

test("nothing typed is no day, and half a day is none that the core would take", () => {
  expect(isoOfBirth({ day: "", month: "", year: "" })).toBe("");
  expect(birthday(isoOfBirth({ day: "3", month: "", year: "1956" }), "en")).toBe("");
  expect(birthday("1956-02-30", "en")).toBe("");
});

test("a day is said in the usual calendar of the language, or the one the reader chose", async () => {
  expect(birthday("1956-04-03", "th")).toBe("3 เมษายน 2499");
  expect(birthday("1956-04-03", "en")).toBe("3 April 1956");
  await chooseCalendar("gregory", "th");
  expect(birthday("1956-04-03", "th")).toBe("3 เมษายน ค.ศ. 1956");
  await chooseCalendar("japanese", "ja");
  expect(birthday("1956-04-03", "ja")).toBe("昭和31年4月3日");
});

test("an age is in whole years", () => {
  expect(ageOn("1956-04-03", "2026-04-02")).toBe(69);
  expect(ageOn("1956-04-03", "2026-04-03")).toBe(70);
});
