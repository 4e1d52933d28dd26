import { expect, test } from "vitest";
import cases from "../../../tests/fixtures/rules/quiet.json";
import { isPartlyQuiet, isQuiet, liesIn, quietPieces, waitsIn } from "./quiet";

test.each(cases)(
  "$time in quiet hours from $start to $end: $quiet, as the core has it",
  ({ quiet, time, ...hours }) => {
    expect(liesIn(time, hours)).toBe(quiet);
  },
);

test("where messages go without a sound none waits", () => {
  const night = { start: "20:00", end: "08:00" };
  expect(waitsIn("21:00", night)).toBe(true);
  expect(waitsIn("21:00", { ...night, silently: true })).toBe(false);
  expect(liesIn("08:00", { start: "08:00", end: "08:00" })).toBe(false);
});

test("quiet hours over midnight are two pieces, and a half-quiet hour is quiet in part", () => {
  const pieces = quietPieces({ start: "20:30", end: "08:00" });
  expect(pieces).toEqual([
    { from: 0, to: 8 },
    { from: 20.5, to: 24 },
  ]);
  expect(isQuiet({ from: 20, to: 21 }, pieces)).toBe(false);
  expect(isQuiet({ from: 21, to: 24 }, pieces)).toBe(true);
  expect([7, 8, 19, 20, 23].filter((from) => isPartlyQuiet({ from, to: from + 1 }, pieces))).toEqual([
    7, 20, 23,
  ]);
  expect(quietPieces({ start: "20:00", end: "00:00" })).toEqual([{ from: 20, to: 24 }]);
  expect(quietPieces({ start: "08:00", end: "08:00" })).toEqual([]);
  expect(quietPieces(null)).toEqual([]);
});
