// Days of birth. People know theirs in the years they count at home (`years.ts`); the core takes
// ISO 8601 alone.

import { isDay, noonOf } from "./days";
import { monthName, tagOf, two } from "./format";
import { dateFormat } from "./intl";
import { gregorian } from "./years";

export const monthNames = (locale: string): string[] =>
  Array.from({ length: 12 }, (_, n) => monthName(n + 1, locale));

const plain = (digits: string) => Number(digits.normalize("NFKC").trim() || Number.NaN);

/** What was typed as `1956-04-13`, empty where nothing was. Half a date becomes one that does not exist,
 *  so that it is refused and not taken for none. */
export function isoOfBirth({ day, month, year }: { day: string; month: string; year: string }): string {
  if (!day && !month && !year) return "";
  return `${String(gregorian(plain(year))).padStart(4, "0")}-${two(plain(month))}-${two(plain(day))}`;
}

/** The day in words of the reader's calendar; nothing where there is none. */
export function birthday(iso: string, locale: string): string {
  if (!isDay(iso)) return "";
  return dateFormat(tagOf(locale), { dateStyle: "long", timeZone: "UTC" }).format(noonOf(iso));
}

/** Whole years since then, on the day `today` (both ISO). */
export function ageOn(iso: string, today: string): number {
  const [y = 0, ...rest] = iso.split("-").map(Number);
  const [year = 0, ...now] = today.split("-").map(Number);
  const had = `${now.map(two)}` >= `${rest.map(two)}`;
  return year - y - (had ? 0 : 1);
}
