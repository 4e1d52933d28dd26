// Years as people count them at home. The core takes those of the Western calendar alone, and knows
// the others only in a table of patients (`ops/imports/birth.rs`).

import { calendarOf } from "./calendar";

/** By how many a calendar's years are ahead of the Western ones, those of Buddha and of the Republic. */
const AHEAD = { buddhist: 543, roc: -1911 };

/** Nobody means a Western year above the one, or up to the other. */
const [LAST_WESTERN, LAST_ROC] = [2400, 150];

/** The year of the Western calendar, in whichever it was meant: 2569 and 115 are 2026. */
export function gregorian(year: number): number {
  if (year > LAST_WESTERN) return year - AHEAD.buddhist;
  return year > 0 && year <= LAST_ROC ? year - AHEAD.roc : year;
}

/** A Western year as the reader types it: in their calendar, where its years are counted through. */
export function yearIn(year: number, locale: string): string {
  const calendar = calendarOf(locale);
  const ahead = calendar === "buddhist" || calendar === "roc" ? AHEAD[calendar] : 0;
  // Before its first year a calendar has none.
  return String(year + ahead > 0 ? year + ahead : year);
}
