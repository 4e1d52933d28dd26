import { expect, test } from "vitest";
import { isPartlyQuiet, isQuiet, liesIn, quietPieces, waitsIn } from "./quiet";
import { wallOf } from "./zones";

// The first two tests have the instants of the core's own, in `domain/clinic.rs`, by the clock in Bangkok.
const NIGHT = { start: "20:00", end: "08:00" };
const inBangkok = (at: string) => wallOf(Date.parse(at), "Asia/Bangkok").slice(11);

test("quiet over midnight ends in the morning of the patient", () => {
  expect(liesIn(inBangkok("2026-11-24T12:59:00Z"), NIGHT)).toBe(false);
  expect(liesIn(inBangkok("2026-11-24T13:00:00Z"), NIGHT)).toBe(true);
  expect(liesIn(inBangkok("2026-11-25T00:59:59Z"), NIGHT)).toBe(true);
  expect(liesIn(inBangkok("2026-11-25T01:00:00Z"), NIGHT)).toBe(false);
});

test("where messages go without a sound none waits", () => {
  const evening = inBangkok("2026-11-24T14:00:00Z");
  expect(waitsIn(evening, NIGHT)).toBe(true);
  expect(waitsIn(evening, { ...NIGHT, silently: true })).toBe(false);
  expect(liesIn(evening, NIGHT)).toBe(true);
  expect(liesIn(inBangkok("2026-11-24T05:00:00Z"), NIGHT)).toBe(false);
});

test("quiet by day has no night, and the same start and end are none", () => {
  const noon = { start: "12:00", end: "13:00" };
  expect(["11:59", "12:00", "12:59", "13:00", "23:00"].map((time) => liesIn(time, noon))).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
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
