// The days on which the steps of a plan begin, and the ruler on which they stand.

import { LIMITS } from "../../bindings";
import type { Translate } from "../../i18n";
import type { Draft } from "./steps";
import { dayOf, triggerOf } from "./triggers";

/** The day on which a step first comes; those that hang on the weekday or the hour stand last. */
export const dayOfStep = (step: Draft) => dayOf(triggerOf(step.way, step.triggers));

const place = (day: number | null) => day ?? Number.POSITIVE_INFINITY;

export function dayInWords(day: number | null, t: Translate): string {
  if (day === null) return t("Again and again");
  return day === 0 ? t("Day 0, the start") : t("Day {n}", { n: day });
}

/** The steps in the order of their days; those of one day stay in theirs. */
export const byDay = (steps: Draft[]) =>
  steps.toSorted((a, b) => {
    const [one, other] = [place(dayOfStep(a)), place(dayOfStep(b))];
    return one === other ? 0 : one - other;
  });

/** Whether some step stands before one of an earlier day. */
export const isOutOfOrder = (steps: Draft[]) => byDay(steps).some((step, n) => step !== steps[n]);

/** A day with its steps, or those between two of them on which nothing begins. */
export type Stretch = { from: number; to: number; isEmpty: boolean };

const LAST_DAY = LIMITS.Trigger.scheduled.startDay.maximum;
/** How far the ruler goes, so that a step can be put after all others. */
const SHOWN_DAYS = 30;
const DAYS_AFTER_THE_LAST = 7;

/** The ruler from day 0, and the day on which it ends. */
export function rulerOf(steps: Draft[]): { stretches: Stretch[]; end: number } {
  const begun = steps.map(dayOfStep).filter((day) => day !== null);
  const days = [...new Set([0, ...begun])].sort((a, b) => a - b);
  const last = days.at(-1) ?? 0;
  const end = Math.min(LAST_DAY, last < SHOWN_DAYS ? SHOWN_DAYS : last + DAYS_AFTER_THE_LAST);
  const stretches = days.flatMap((day, n): Stretch[] => {
    const next = days[n + 1] ?? end;
    const own = { from: day, to: day, isEmpty: false };
    return next - day > 1 ? [own, { from: day + 1, to: next - 1, isEmpty: true }] : [own];
  });
  return { stretches, end };
}
