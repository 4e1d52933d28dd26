import { expect, test } from "vitest";
import { addDays } from "../../lib/days";
import { daysOf, rangeIn, spansOf } from "./range";

test("so many days end today, and today is one of them", () => {
  expect(rangeIn({ days: "7" }, "2026-11-24")).toEqual({ from: "2026-11-18", to: "2026-11-24" });
  expect(daysOf(rangeIn({}, "2026-11-24"))).toBe(30);
});

test("days that were chosen go before a number of days; the missing one is 30 days away or today", () => {
  expect(rangeIn({ days: "7", from: "2026-10-01", to: "2026-10-05" }, "2026-11-24")).toEqual({
    from: "2026-10-01",
    to: "2026-10-05",
  });
  expect(rangeIn({ from: "2026-10-01" }, "2026-11-24").to).toBe("2026-11-24");
  expect(rangeIn({ to: "2026-10-30" }, "2026-11-24").from).toBe("2026-10-01");
});

test("a month is shown day by day", () => {
  const { unit, spans } = spansOf({ from: "2026-10-26", to: "2026-11-24" });
  expect(unit).toBe("day");
  expect(spans).toHaveLength(30);
  expect(spans[0]).toEqual({ from: "2026-10-26", to: "2026-10-26" });
});

test("a quarter is shown by weeks, the last of them whole", () => {
  const { unit, spans } = spansOf({ from: "2026-08-27", to: "2026-11-24" });
  expect(unit).toBe("week");
  expect(spans.at(-1)).toEqual({ from: "2026-11-18", to: "2026-11-24" });
  expect(spans[0]).toEqual({ from: "2026-08-27", to: "2026-09-01" });
});

test("a year is shown by months, ten years by years, as far as they are counted", () => {
  const year = spansOf({ from: "2025-11-25", to: "2026-11-24" });
  expect(year.unit).toBe("month");
  expect(year.spans).toHaveLength(13);
  expect(year.spans[0]).toEqual({ from: "2025-11-25", to: "2025-11-30" });
  expect(year.spans.at(-1)).toEqual({ from: "2026-11-01", to: "2026-11-24" });
  const years = spansOf({ from: "2017-03-01", to: "2026-11-24" });
  expect(years.unit).toBe("year");
  expect(years.spans.at(-1)).toEqual({ from: "2026-01-01", to: "2026-11-24" });
});

test("whatever the range, every day of it lies in exactly one part", () => {
  for (const length of [1, 6, 31, 32, 100, 217, 218, 500, 940, 5000]) {
    const from = addDays("2026-11-24", 1 - length);
    const { spans } = spansOf({ from, to: "2026-11-24" });
    expect(spans.reduce((sum, span) => sum + daysOf(span), 0)).toBe(length);
    expect(spans.length).toBeLessThanOrEqual(31);
  }
});

test("days in the wrong order have no parts", () => {
  expect(spansOf({ from: "2026-11-24", to: "2026-11-01" }).spans).toEqual([]);
});
