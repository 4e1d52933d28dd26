// Days as YYYY-MM-DD. A day has no zone and no hour that is missing: it is reckoned with as one of UTC.

import { DAY_MS } from "./units";

const msOf = (day: string) => Date.parse(`${day}T00:00:00Z`);

/** The day in which an instant lies by UTC. */
export const dayAt = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export const addDays = (day: string, days: number): string => dayAt(msOf(day) + days * DAY_MS);

/** How many days `to` is after `from`. */
export const daysBetween = (from: string, to: string): number => (msOf(to) - msOf(from)) / DAY_MS;

/** Whether it is written as a day, and one that exists. */
export const isDay = (text: string): boolean => {
  const ms = msOf(text);
  return !Number.isNaN(ms) && dayAt(ms) === text;
};

/** The time of day that is proposed where nobody said one yet. */
export const MORNING = "09:00";

/** An instant by which `Intl` writes this day, as long as it is given UTC. */
export const noonOf = (day: string) => new Date(`${day}T12:00:00Z`);
