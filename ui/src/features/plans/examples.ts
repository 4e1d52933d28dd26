// Care plans to begin from: when each step comes and what its buttons mean here, the words in one
// file per language, read when they are asked for. The clinic decides what becomes of them.

import type { Button, Feedback, StepInput, Trigger } from "../../bindings";
import type { Locale } from "../../i18n";
import type { Example } from "../../labels";
import type { PlanWritten } from "./written";

type Press = Pick<Button, "action" | "worrying">;
type Shape = { trigger: Trigger; buttons?: Press[]; waits?: Pick<Feedback, "answerWindowHours"> };
type Said = { name: string; text: string; question?: string; buttons?: string[] };
/** The words of an example in one language. */
type ExampleWords = { name: string; description: string; steps: Said[] };

const done: Press = { action: "complete" };
const worry: Press = { action: "complete", worrying: true };
const later: Press = { action: "postpone" };
const leave: Press = { action: "skip" };

const on = (startDay: number, value: string, days = 1): Trigger => ({
  type: "scheduled",
  value,
  startDay,
  days,
});
const START: Shape = { trigger: { type: "immediate" } };
const after = (value: string): Trigger => ({ type: "delay", value });
/** What is asked every day is over before it is asked again. */
const DAILY = { answerWindowHours: 12 };

/** Day 0 is the day of the start. */
export const SHAPES = {
  surgery: [
    START,
    { trigger: on(1, "09:00"), buttons: [done, done, worry] },
    { trigger: on(2, "10:00"), buttons: [done, worry, later] },
    { trigger: on(4, "10:00"), buttons: [done, worry] },
    { trigger: on(7, "10:00"), buttons: [done, worry] },
  ],
  medication: [
    START,
    { trigger: on(1, "09:00", 7), buttons: [done, later, leave], waits: DAILY },
    { trigger: on(3, "18:00"), buttons: [done, worry] },
    { trigger: on(5, "10:00"), buttons: [done, worry] },
    { trigger: on(7, "18:00") },
  ],
  vaccination: [
    START,
    { trigger: after("4h"), buttons: [done, done, worry] },
    { trigger: on(1, "09:00"), buttons: [done, done, worry] },
    { trigger: on(3, "10:00"), buttons: [done, worry] },
    { trigger: on(14, "10:00"), buttons: [done, worry] },
  ],
  dental: [
    START,
    { trigger: after("4h"), buttons: [done, worry, later] },
    { trigger: on(1, "09:00"), buttons: [done, done, worry] },
    { trigger: on(3, "10:00"), buttons: [done, worry] },
    { trigger: on(7, "10:00"), buttons: [done, worry] },
    { trigger: on(180, "10:00") },
  ],
  diabetes: [
    START,
    { trigger: on(1, "08:00", 14), buttons: [done, later, leave], waits: DAILY },
    { trigger: on(3, "19:00"), buttons: [done, worry] },
    { trigger: on(7, "18:00"), buttons: [done, worry] },
    { trigger: on(14, "10:00"), buttons: [done, worry] },
  ],
  physiotherapy: [
    START,
    { trigger: on(1, "10:00", 10), buttons: [done, later, leave], waits: DAILY },
    { trigger: on(2, "18:00"), buttons: [done, done, worry] },
    { trigger: on(5, "18:00"), buttons: [done, done, worry] },
    { trigger: on(11, "10:00"), buttons: [done, worry] },
  ],
} satisfies Record<Example, Shape[]>;

const WORDS: Record<Locale, () => Promise<{ default: Record<Example, ExampleWords> }>> = {
  en: () => import("./examples/en.json"),
  th: () => import("./examples/th.json"),
  ja: () => import("./examples/ja.json"),
  "zh-TW": () => import("./examples/zh-TW.json"),
};

/** The words of all examples in one language. */
export const exampleWords = async (locale: Locale) => (await WORDS[locale]()).default;

function stepOf({ trigger, buttons, waits }: Shape, said: Said): StepInput {
  const asks = buttons && said.question !== undefined;
  return {
    name: said.name,
    trigger,
    messageType: "text",
    content: { text: said.text },
    requiresFeedback: asks ?? false,
    feedback: asks
      ? {
          question: said.question ?? "",
          buttons: buttons.map((press, n) => {
            const label = said.buttons?.[n] ?? "";
            return { label, value: label, ...press };
          }),
          ...waits,
        }
      : null,
  };
}

/** An example as a plan that was written and not saved. */
export async function exampleOf(example: Example, locale: Locale): Promise<PlanWritten> {
  const { name, description, steps } = (await exampleWords(locale))[example];
  const shapes: Shape[] = SHAPES[example];
  return {
    name,
    description,
    steps: shapes.flatMap((shape, n) => (steps[n] ? [stepOf(shape, steps[n])] : [])),
  };
}
