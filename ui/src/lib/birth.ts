// Days of birth. People know theirs in the years they count at home: those of Buddha in
// Thailand (543 ahead), of the Republic in Taiwan (1911 behind). The core takes ISO 8601 alone.

import { isDay, noonOf } from "./days";
import { dateFormat } from "./intl";

/** The year of the Gregorian calendar: above 2400 it is Buddha's, up to 150 the Republic's. */
export function gregorian(year: number): number {
  if (year > 2400) return year - 543;
  return year > 0 && year <= 150 ? year + 1911 : year;
}

/** A Gregorian year as it is typed where `locale` is spoken. */
export const yearIn = (year: number, locale: string): string => String(locale === "th" ? year + 543 : year);

const tagOf = (locale: string) => ({ th: "th-TH", ja: "ja-JP", "zh-TW": "zh-TW" })[locale] ?? "en-GB";

export function monthNames(locale: string): string[] {
  const name = dateFormat(tagOf(locale), { month: "long", timeZone: "UTC" });
  return Array.from({ length: 12 }, (_, n) => name.format(new Date(Date.UTC(2001, n, 15))));
}

const plain = (digits: string) => Number(digits.normalize("NFKC").trim() || Number.NaN);

/** What was typed as `1956-04-13`; nothing typed is nothing, half a day is a day that never was. */
export function isoOfBirth({ day, month, year }: { day: string; month: string; year: string }): string {
  if (!day && !month && !year) return "";
  const two = (text: string) => String(plain(text)).padStart(2, "0");
  return `${String(gregorian(plain(year))).padStart(4, "0")}-${two(month)}-${two(day)}`;
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
  const had =
    `${now.map((n) => String(n).padStart(2, "0"))}` >= `${rest.map((n) => String(n).padStart(2, "0"))}`;
  return year - y - (had ? 0 : 1);
}
