// Times and numbers as people write them, in the clinic's zone and the reader's calendar.

import { calendarOf } from "./calendar";
import { noonOf } from "./days";
import { dateFormat, numberFormat, relativeFormat } from "./intl";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./units";

/** The tag of a language with the calendar that is usual there. */
const usualTagOf = (locale: string) => ({ th: "th-TH", ja: "ja-JP", "zh-TW": "zh-TW" })[locale] ?? "en-GB";

/** The tag `Intl` takes: Thai readers expect the Buddhist calendar and get it, or what they chose. */
export function tagOf(locale: string): string {
  const calendar = calendarOf(locale);
  return calendar ? `${usualTagOf(locale)}-u-ca-${calendar}` : usualTagOf(locale);
}

/** The day of an instant in a calendar of one's choice. */
export function dayIn(calendar: string, at: number, locale: string, timeZone: string): string {
  const form = { timeZone, year: "numeric", month: "short", day: "numeric" } as const;
  return dateFormat(`${usualTagOf(locale)}-u-ca-${calendar}`, form).format(at);
}

export function dateTime(at: string | number, locale: string, timeZone: string): string {
  return dateFormat(tagOf(locale), {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(at));
}

/** A time of any year, in the zone and the reader's calendar. */
export function dayAndTime(at: string, locale: string, timeZone: string): string {
  return dateFormat(tagOf(locale), {
    timeZone,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(at));
}

export function clockTime(at: string | number, locale: string, timeZone: string): string {
  return dateFormat(tagOf(locale), {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(at));
}

/** A day given as YYYY-MM-DD. */
export function longDay(day: string, locale: string): string {
  return dateFormat(tagOf(locale), { timeZone: "UTC", dateStyle: "full" }).format(noonOf(day));
}

/** A day given as YYYY-MM-DD, as short as it is still one of its year. */
export function dayAndMonth(day: string, locale: string): string {
  const form = { timeZone: "UTC", day: "numeric", month: "short" } as const;
  return dateFormat(tagOf(locale), form).format(noonOf(day));
}

/** The year of a day given as YYYY-MM-DD, as the reader counts it. */
export function yearOf(day: string, locale: string): string {
  return dateFormat(tagOf(locale), { timeZone: "UTC", year: "numeric" }).format(noonOf(day));
}

/** A month given as YYYY-MM, as short as it is still one of all years. */
export function shortMonth(month: string, locale: string): string {
  const form = { timeZone: "UTC", month: "short", year: "2-digit" } as const;
  return dateFormat(tagOf(locale), form).format(noonOf(`${month}-15`));
}

/** A month given as YYYY-MM. */
export function monthOf(month: string, locale: string): string {
  return dateFormat(tagOf(locale), { timeZone: "UTC", year: "numeric", month: "long" }).format(
    noonOf(`${month}-15`),
  );
}

/**
 * A day as a variable of a message writes it (`short`, `long`, `full`), to give an example. It is
 * the patient's: the reader's own calendar does not change it.
 */
export function variableDay(day: Date, form: string, locale: string): string {
  const month = form === "short" ? "short" : "long";
  const weekday = form === "full" ? "long" : undefined;
  const parts = { year: "numeric", month, day: "numeric", weekday } as const;
  return dateFormat(usualTagOf(locale), parts).format(day);
}

/**
 * What a patient chose with a picker, `2026-12-01`, `09:30` or `2026-12-01T09:30`: in no zone, so
 * it is read as it stands. Any other answer stays as it is.
 */
export function chosen(value: string, locale: string): string {
  const parts = /^(?:(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?|(\d{2}:\d{2}))$/.exec(value);
  if (!parts) return value;
  const [, day, timeOfIt, alone] = parts;
  const time = timeOfIt ?? alone;
  return dateFormat(tagOf(locale), {
    timeZone: "UTC",
    ...(day && { weekday: "short", day: "numeric", month: "short", year: "numeric" }),
    ...(time && { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  }).format(new Date(`${day ?? "2000-01-01"}T${time ?? "00:00"}:00Z`));
}

/** Units, their lengths, and from which length on each is used. */
const STEPS: [unit: Intl.RelativeTimeFormatUnit, length: number, from: number][] = [
  ["day", DAY_MS, 2 * DAY_MS],
  ["hour", HOUR_MS, HOUR_MS],
  ["minute", MINUTE_MS, MINUTE_MS],
  ["second", SECOND_MS, 0],
];

/** How often the screens look at the clock: the `now` they show is at most so old, and never ahead. */
export const TICK_MS = 10_000;

/**
 * “in 2 days”, “in 40 hours”, “3 minutes ago”; never “tomorrow”, which goes by the calendar. What seems to come within one tick of the clock may have happened
 * since it was looked at: it is “now”.
 */
export function relative(at: string, now: number, locale: string): string {
  const ahead = new Date(at).getTime() - now;
  const ms = ahead > 0 && ahead <= TICK_MS ? 0 : ahead;
  const [unit, length] = STEPS.find(([, , from]) => Math.abs(ms) >= from) ?? ["second", SECOND_MS];
  const count = Math.trunc(ms / length);
  const numeric = count === 0 ? "auto" : "always";
  return relativeFormat(tagOf(locale), { numeric }).format(count, unit);
}

export function number(value: number, locale: string): string {
  return numberFormat(tagOf(locale)).format(value);
}

/** So many bytes: “1.2 MB”. */
export function byteSize(bytes: number, locale: string): string {
  const large = bytes >= 1e6 ? (["megabyte", 1e6] as const) : (["kilobyte", 1e3] as const);
  const [unit, size] = bytes < 1e3 ? (["byte", 1] as const) : large;
  // The short form of a byte is the English word in the singular, in every language.
  const unitDisplay = unit === "byte" ? "long" : "short";
  const style = { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 } as const;
  return numberFormat(tagOf(locale), style).format(bytes / size);
}

/** A share of 0 to 1. */
export function percent(value: number | null, locale: string): string {
  if (value === null) return "–";
  return numberFormat(tagOf(locale), { style: "percent", maximumFractionDigits: 1 }).format(value);
}

const LENGTHS: [unit: "day" | "hour" | "minute" | "second", ms: number][] = [
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
  ["second", SECOND_MS],
];

/** A length of time by its two largest units: “1 h 5 min”. */
export function duration(ms: number | null, locale: string): string {
  if (ms === null) return "–";
  let left = Math.round(ms / SECOND_MS) * SECOND_MS;
  const parts: string[] = [];
  for (const [unit, length] of LENGTHS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0 || (unit === "second" && parts.length === 0)) {
      const format = numberFormat(tagOf(locale), { style: "unit", unit, unitDisplay: "short" });
      parts.push(format.format(count));
    }
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** A number of two digits at least, as days and times are written with: `08`. */
export const two = (n: number) => String(n).padStart(2, "0");

/** A time of day: `08:00`, the same in every language. */
export const clockFace = (hour: number, minute = 0) => `${two(hour)}:${two(minute)}`;

/** The day an instant lies in, as YYYY-MM-DD. */
export function isoDay(at: number, timeZone: string): string {
  // Put together from parts: no language writes YYYY-MM-DD in every browser (WebKit's en-CA does not).
  const form = { timeZone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const parts = dateFormat("en-US", form).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** The days of the week in the order in which readers of a language see them; 0 is Sunday. */
export const weekOf = (locale: string): number[] =>
  tagOf(locale) === "en-GB" ? [1, 2, 3, 4, 5, 6, 0] : [0, 1, 2, 3, 4, 5, 6];

/** The name of a day of the week; 0 is Sunday. */
export function weekdayName(day: number, locale: string, weekday: "short" | "long"): string {
  // 2000-01-02 was a Sunday.
  const date = new Date(Date.UTC(2000, 0, 2 + day));
  return dateFormat(tagOf(locale), { timeZone: "UTC", weekday }).format(date);
}

/** The name of a month; 1 is January. */
export function monthName(month: number, locale: string): string {
  const date = new Date(Date.UTC(2000, month - 1, 15));
  return dateFormat(tagOf(locale), { timeZone: "UTC", month: "long" }).format(date);
}

/** Several things one after the other: “09:00, 14:30”. */
export const listed = (items: string[], locale: string): string =>
  items.join(locale === "ja" || locale === "zh-TW" ? "、" : ", ");

/** A length of time in full, by all its units: “1 day, 12 hours”. */
export function spelledOut(seconds: number, locale: string): string {
  let left = seconds * SECOND_MS;
  const parts = LENGTHS.flatMap(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    const form = { style: "unit", unit, unitDisplay: "long" } as const;
    return count > 0 ? [numberFormat(tagOf(locale), form).format(count)] : [];
  });
  // Japanese writes a number and its unit without a space, the browser's data with one.
  return locale === "ja" ? parts.join("").replaceAll(" ", "") : parts.join(" ");
}
