// Which days are counted, as the address says it, and the parts a chart shows them in.

import type { DAY_PRESETS } from "../../labels/filters";
import { addDays, dayAt, daysBetween } from "../../lib/days";

type Preset = (typeof DAY_PRESETS)[number];

/** Days as YYYY-MM-DD in the clinic's zone, both counted. */
export type Range = { from: string; to: string };

/** The days from one to another, both counted. */
export const daysOf = ({ from, to }: Range): number => daysBetween(from, to) + 1;

/** How many days are shown where none were chosen. */
export const USUAL: Preset = "30";

/** The days that were chosen one by one, else so many up to today. */
export function rangeIn(
  { days = USUAL, from, to }: { days?: Preset; from?: string; to?: string },
  today: string,
): Range {
  if (!from && !to) return { from: addDays(today, 1 - Number(days)), to: today };
  const last = to ?? today;
  return { from: from ?? addDays(last, 1 - Number(USUAL)), to: last };
}

export type Unit = "day" | "week" | "month" | "year";

/** So many bars can still be told apart, and each is a question to the core. */
const MAX_SPANS = 31;

/** The range in parts that lie side by side, the shortest that are not too many. */
export function spansOf(range: Range): { unit: Unit; spans: Range[] } {
  const days = daysOf(range);
  if (days <= MAX_SPANS) return { unit: "day", spans: weeksOf(range, 1) };
  if (days <= MAX_SPANS * 7) return { unit: "week", spans: weeksOf(range, 7) };
  const months = calendarOf(range, 7);
  return months.length <= MAX_SPANS
    ? { unit: "month", spans: months }
    : { unit: "year", spans: calendarOf(range, 4) };
}

/** Parts of so many days. The last is whole: a short one at the end would look like a fall. */
function weeksOf({ from, to }: Range, length: number): Range[] {
  const spans: Range[] = [];
  for (let last = to; last >= from; last = addDays(last, -length)) {
    const first = addDays(last, 1 - length);
    spans.unshift({ from: first < from ? from : first, to: last });
  }
  return spans;
}

/** Months (the first 7 characters of a day) or years (the first 4), as far as they are counted. */
function calendarOf({ from, to }: Range, characters: 4 | 7): Range[] {
  const spans: Range[] = [];
  for (let first = from; first <= to; ) {
    const [year = 0, month = 0] = first.split("-").map(Number);
    const next = characters === 7 ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1);
    const after = dayAt(next);
    const last = addDays(after, -1);
    spans.push({ from: first, to: last > to ? to : last });
    first = after;
  }
  return spans;
}
