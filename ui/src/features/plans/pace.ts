// The days of a step that comes at times of day: which of them, in the editor and in words.

import type { Trigger, Weekday } from "../../bindings";
import type { Bound } from "../../components/clock";
import type { Label, Translate } from "../../i18n";
import { WEEKDAYS } from "../../lib/cron";
import { listed, weekdayName } from "../../lib/format";

type Scheduled = Extract<Trigger, { type: "scheduled" }>;

/** The reader's words. */
export type Words = { t: Translate; locale: string };

/** Binds a field by its name. */
export type Input = (name: string) => Bound;

/** Which of the days it comes on. */
type Pace = "each" | "nth" | "week";

export const PACES: Record<Pace, Label> = {
  each: "every day",
  nth: "every so many days",
  week: "on days of the week",
};

/** What the form holds of it. */
export type ScheduledDraft = {
  value: string;
  startDay: number | "";
  lasts: "one" | "some" | "on";
  days: number | "";
  pace: Pace;
  everyDays: number | "";
  /** Sunday is 0. */
  weekdays: number[];
};

export const weekdaysOf = (numbers: number[]): Weekday[] => numbers.flatMap((n) => WEEKDAYS[n] ?? []);

export const numbersOf = (weekdays: Weekday[]): number[] =>
  weekdays.map((day) => WEEKDAYS.indexOf(day)).sort((a, b) => a - b);

export const paceOf = ({ everyDays, weekdays }: Scheduled): Pace =>
  weekdays ? "week" : (everyDays ?? 1) > 1 ? "nth" : "each";

/** The day on which it first comes; null where that hangs on the weekday. */
export const firstDay = ({ startDay, weekdays }: Scheduled) => (weekdays ? null : (startDay ?? 0));

/** The day on which it comes for the last time, at the latest; null where it goes on. */
export function lastDay({ startDay, days, everyDays }: Scheduled): number | null {
  if (!days) return null;
  const every = everyDays ?? 1;
  return (startDay ?? 0) + Math.floor((days - 1) / every) * every;
}

/** Which days, where they are not simply each one. */
function paceInWords({ everyDays, weekdays }: Scheduled, { t, locale }: Words): string {
  const names = weekdays && numbersOf(weekdays).map((day) => weekdayName(day, locale, "long"));
  if (names) return t("Every {names}", { names: listed(names, locale) });
  return t("Every {n} days", { n: everyDays ?? 1 });
}

/** When a step comes whose days are not each one. */
export function pacedInWords(trigger: Scheduled, times: string, words: Words): string {
  const { t } = words;
  const [pace, from] = [paceInWords(trigger, words), trigger.startDay ?? 0];
  const last = trigger.days ? from + trigger.days - 1 : null;
  if (last !== null && from === 0)
    return t("{days} from the day of the start to day {last}, at {times}", { days: pace, last, times });
  if (last !== null)
    return t("{days} from day {from} to day {last}, at {times}", { days: pace, from, last, times });
  if (from > 0) return t("{days} from day {from}, at {times}", { days: pace, from, times });
  if (trigger.weekdays) return t("{days}, at {times}", { days: pace, times });
  return t("{days} from the day of the start, at {times}", { days: pace, times });
}
