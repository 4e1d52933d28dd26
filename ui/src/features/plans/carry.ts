// Moving a step to another day: by the pointer along the ruler, or a day at a time.

import { notifications } from "@mantine/notifications";
import { useRef } from "react";
import { flushSync } from "react-dom";
import { showUndo } from "../../components/undo";
import { useWords } from "../../i18n/useWords";
import { useSteadily } from "../../lib/steadily";
import { byDay, dayInWords, dayOfStep, isOutOfOrder } from "./days";
import { useFollowing } from "./follow";
import type { StepForm } from "./steady";
import type { Draft } from "./steps";
import { onDay, whyNoDay } from "./triggers";

/** Puts a step on a day, as near to it as its trigger can be. */
export type ToDay = (step: Draft, day: number) => void;

export const nameOfStep = ({ name }: Draft, n: number, t: ReturnType<typeof useWords>["t"]) =>
  name.trim() ? t("{n}. {name}", { n: n + 1, name }) : t("Step {n}", { n: n + 1 });

/** Where a step stood before it was moved, a day at a time or at once. */
type Was = Pick<Draft, "key" | "way" | "triggers"> & { n: number };

/** Moves a step to a day; steps that stood in the order of their days still do afterwards. */
export function useToDay(write: Omit<StepForm, "errors">, stepsNow: () => Draft[]): ToDay {
  const { t } = useWords();
  const last = useRef<{ was: Was; takeAway: () => boolean } | null>(null);
  const put = ({ key, way, triggers }: Omit<Was, "n">, place: (steps: Draft[]) => number) =>
    flushSync(() => {
      const steps = stepsNow();
      const n = steps.findIndex((step) => step.key === key);
      const step = steps[n];
      if (!step) return;
      write.setFieldValue(`steps.${n}.triggers.${way}`, triggers[way]);
      const to = Math.min(steps.length - 1, place(steps.with(n, { ...step, triggers })));
      if (to !== n) write.reorderListItem("steps", { from: n, to });
    });
  return useSteadily((step, day) => {
    const steps = stepsNow();
    const n = steps.findIndex(({ key }) => key === step.key);
    const now = steps[n];
    if (!now) return;
    const why = whyNoDay(now.way, now.triggers);
    if (why) return void notifications.show({ message: t(why) });
    const triggers = onDay(now.way, now.triggers, day);
    const isAt = dayOfStep({ ...now, triggers });
    if (isAt === dayOfStep(now)) return;
    const wasInOrder = !isOutOfOrder(steps);
    put({ ...now, triggers }, (moved) =>
      wasInOrder ? byDay(moved).findIndex(({ key }) => key === now.key) : n,
    );
    // Who goes on a day at a time is offered one way back, to where it stood at first.
    const before = last.current?.was.key === now.key && last.current.takeAway() ? last.current.was : null;
    const was = before ?? { ...now, n };
    const at = stepsNow().findIndex(({ key }) => key === now.key);
    const words = t("{step} moved to {day}.", { step: nameOfStep(now, at, t), day: dayInWords(isAt, t) });
    last.current = { was, takeAway: showUndo(words, () => put(was, () => was.n)) };
  });
}

/** A step that is dragged along the ruler, and the day it would come to. */
type Carried = { step: Draft; day: number };

const stretches = (ruler: HTMLElement | null) =>
  [...(ruler?.querySelectorAll<HTMLElement>("[data-from]") ?? [])].map((element) => ({
    from: Number(element.dataset.from),
    days: Number(element.dataset.to) - Number(element.dataset.from) + 1,
    ...placeOf(element),
  }));

function placeOf(element: HTMLElement) {
  const { top, height } = element.getBoundingClientRect();
  return { top, height };
}

/** The day at a height of the screen; of several without a step each has its share. */
function dayAt(ruler: HTMLElement | null, y: number): number {
  const all = stretches(ruler);
  const found = all.findLast(({ top }) => top <= y) ?? all[0];
  if (!found) return 0;
  const share = Math.floor(((y - found.top) / (found.height || 1)) * found.days);
  return found.from + Math.max(0, Math.min(found.days - 1, share));
}

/** How far below the top of the ruler a day is. */
export function heightOf(ruler: HTMLElement | null, day: number): number {
  const found = stretches(ruler).find(({ from, days }) => day >= from && day < from + days);
  if (!ruler || !found) return 0;
  // The day of a step is where its words are, whatever stands below them.
  const share = found.days === 1 ? 12 : ((day - found.from + 0.5) / found.days) * found.height;
  return found.top + share - placeOf(ruler).top;
}

/** Carries a step along the ruler. */
export function useCarry(toDay: ToDay) {
  const ruler = useRef<HTMLOListElement>(null);
  const { held: carried, grip } = useFollowing<Carried>({
    at: (was, y) => {
      const { step } = was;
      const triggers = onDay(step.way, step.triggers, dayAt(ruler.current, y));
      const day = dayOfStep({ ...step, triggers }) ?? 0;
      return was.day === day ? was : { ...was, day };
    },
    letGo: ({ step, day }) => toDay(step, day),
    box: () => ruler.current?.closest<HTMLElement>(".ruler"),
  });
  return { ruler, carried, grip };
}

/** What makes an element the one by which a step is carried; it stays the same. */
export type RulerGrip = ReturnType<typeof useCarry>["grip"];
