// The calendar in which a reader sees days, where their language has several. It is theirs alone: what
// patients read, and what is stored, does not change with it.

import { chooseLocale, type Locale } from "../i18n";

/** By language, the usual one first; a language without an entry has the Western one alone. */
const CALENDARS: Partial<Record<string, readonly string[]>> = {
  th: ["buddhist", "gregory"],
  ja: ["gregory", "japanese"],
  "zh-TW": ["gregory", "roc"],
};

const KEPT = "clinicue.calendar";

export const calendarsOf = (locale: string): readonly string[] => CALENDARS[locale] ?? [];

/** The calendar a reader of the language sees; undefined where there is no choice. */
export function calendarOf(locale: string): string | undefined {
  const known = calendarsOf(locale);
  const kept = localStorage.getItem(KEPT);
  return known.find((one) => one === kept) ?? known[0];
}

/** Takes another calendar; what is on the screen is drawn anew. */
export async function chooseCalendar(calendar: string, locale: string): Promise<void> {
  localStorage.setItem(KEPT, calendar);
  await chooseLocale(locale as Locale);
}
