// A timetable of five fields (minute, hour, day of the month, month, day of the week), read as the
// core reads it: to show it as chips and to say it in words. When it comes next the core says.

import type { Weekday } from "../bindings";
import { MAX_TIMES_OF_DAY } from "../bindings";
import { clockFace } from "./format";

/** What a timetable holds; `null` where a field is `*`. 0 is Sunday. */
export type Timetable = {
  minutes: number[];
  hours: number[];
  days: number[] | null;
  months: number[] | null;
  weekdays: number[] | null;
  /** Both days are limited: then one of them is enough, as cron has it. */
  either: boolean;
};

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** As JavaScript counts them: Sunday is 0. */
export const WEEKDAYS: Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

type Range = { from: number; to: number; names?: string[]; wraps?: boolean };

const numberIn = (text: string, { from, to, names }: Range): number | null => {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return named + from;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : null;
};

/** One item of a field, `1-5`, `*` with a step, or a number. */
function itemIn(item: string, range: Range): number[] | null {
  const [what = "", every, more] = item.split("/");
  const step = every === undefined ? 1 : Number(every);
  if (more !== undefined || !Number.isInteger(step) || step < 1) return null;
  const [first = "", last, rest] = what.split("-");
  if (rest !== undefined) return null;
  const from = what === "*" ? range.from : numberIn(first, range);
  const alone = every === undefined ? from : range.wraps ? 6 : range.to;
  const end =
    what === "*" ? (range.wraps ? 6 : range.to) : last === undefined ? alone : numberIn(last, range);
  if (from === null || end === null) return null;
  // Friday to Monday runs over the end of the week.
  const to = end < from && range.wraps ? end + 7 : end;
  const found: number[] = [];
  for (let n = from; n <= to; n += step) found.push(range.wraps ? n % 7 : n);
  return found.length > 0 ? found : null;
}

const sorted = (numbers: number[]) => [...new Set(numbers)].sort((a, b) => a - b);

function fieldIn(text: string, range: Range): number[] | null {
  const items = text.split(",").map((item) => itemIn(item, range));
  return items.some((item) => item === null) ? null : sorted(items.flatMap((item) => item ?? []));
}

/** Reads a timetable; null where it has not the form of one. The core refuses also what never comes. */
export function readCron(text: string): Timetable | null {
  const [minute, hour, day, month, weekday, more] = text.trim().split(/\s+/);
  if (!minute || !hour || !day || !month || !weekday || more !== undefined) return null;
  const minutes = fieldIn(minute, { from: 0, to: 59 });
  const hours = fieldIn(hour, { from: 0, to: 23 });
  const days = fieldIn(day, { from: 1, to: 31 });
  const months = fieldIn(month, { from: 1, to: 12, names: MONTHS });
  const weekdays = fieldIn(weekday, { from: 0, to: 7, names: WEEKDAYS, wraps: true });
  if (!minutes || !hours || !days || !months || !weekdays) return null;
  return {
    minutes,
    hours,
    days: day === "*" ? null : days,
    months: month === "*" ? null : months,
    weekdays: weekday === "*" ? null : weekdays,
    either: !day.startsWith("*") && !weekday.startsWith("*"),
  };
}

/** The times of a day at which it holds, in their order. */
export const timesOf = ({ hours, minutes }: Timetable): string[] =>
  hours.flatMap((hour) => minutes.map((minute) => clockFace(hour, minute)));

/** What is shown as chips: some weekdays, each with the same times. */
export type Weekly = { days: number[]; times: string[] };

export function weeklyOf(table: Timetable): Weekly | null {
  const times = timesOf(table);
  if (table.days || table.months || times.length > MAX_TIMES_OF_DAY) return null;
  return { days: table.weekdays ?? [0, 1, 2, 3, 4, 5, 6], times };
}

/** The timetable of some weekdays; null where its times cannot be written as one. */
export function cronOf({ days, times }: Weekly): string | null {
  const parts = sorted(times.map((time) => Number(time.replace(":", ""))));
  const hours = sorted(parts.map((part) => Math.floor(part / 100)));
  const minutes = sorted(parts.map((part) => part % 100));
  // Every hour goes with every minute.
  if (days.length === 0 || times.length === 0 || hours.length * minutes.length !== parts.length) return null;
  const weekdays = days.length === 7 ? "*" : sorted(days).join(",");
  return `${minutes.join(",")} ${hours.join(",")} * * ${weekdays}`;
}

/** Every so many hours, the first of the day at a time. */
export type Hourly = { hours: number; from: string };

/** The steps that fit into a day: with any other the night would have a shorter one. */
export const HOURS = [1, 2, 3, 4, 6, 8, 12];

export function hourlyOf(table: Timetable): Hourly | null {
  const [minute, more] = table.minutes;
  const step = 24 / table.hours.length;
  const even = table.hours.every((hour, n) => hour === (table.hours[0] ?? 0) + n * step);
  if (table.days || table.months || table.weekdays || minute === undefined || more !== undefined) return null;
  return even && HOURS.includes(step) ? { hours: step, from: clockFace(table.hours[0] ?? 0, minute) } : null;
}

export function cronOfHours({ hours, from }: Hourly): string | null {
  const [hour = Number.NaN, minute] = from.split(":").map(Number);
  const all = Array.from({ length: 24 / hours }, (_, n) => (hour + n * hours) % 24);
  return Number.isNaN(hour) ? null : `${minute} ${sorted(all).join(",")} * * *`;
}

/** Whether both say the same, however they are written. */
export const sameCron = (one: string, other: string): boolean => {
  const [a, b] = [readCron(one), readCron(other)];
  return a !== null && b !== null && JSON.stringify(a) === JSON.stringify(b);
};
