// The form of a plan in parts that stay the same objects while nothing in them changes: so a key
// press draws the part it belongs to, and none of the other steps.

import { replaceEqualDeep } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { ListForm } from "./ObjectsForm";
import type { Draft, Form, PlanDraft } from "./steps";

type Errors = ListForm["errors"];

/** What the cards write with: the same one as long as the editor is there. */
export type StepForm = ListForm & { setFieldValue: (path: string, value: unknown) => void };

/** Whose fields are those of the plan itself. */
const NO_STEP = -1;
const stepOf = (field: string) => Number(/^steps\.(\d+)\./.exec(field)?.[1] ?? NO_STEP);

/** What is to be mended in one step. */
const ofStep = (errors: Errors, n: number): Errors =>
  Object.fromEntries(Object.entries(errors).filter(([field]) => stepOf(field) === n));

/** What is to be mended, by the number of its step. */
const byStep = (errors: Errors, count: number): Errors[] =>
  Array.from({ length: count }, (_, n) => ofStep(errors, n));

/** As much of the form as its parts are made of. */
type Whole = Pick<
  Form,
  | "values"
  | "errors"
  | "getInputProps"
  | "setFieldValue"
  | "insertListItem"
  | "removeListItem"
  | "reorderListItem"
>;

/** What there is of a plan beside its steps. */
export type About = Omit<PlanDraft, "steps">;

/** What is equal is given as what it was. */
export function useSteady(form: Whole) {
  const live = useRef(form);
  live.current = form;
  const { steps, ...about } = form.values;
  const now = useRef({ steps, about, wrong: [] as Errors[], wrongAbout: {} as Errors });
  now.current = replaceEqualDeep(now.current, {
    steps,
    about,
    wrong: byStep(form.errors, steps.length),
    wrongAbout: ofStep(form.errors, NO_STEP),
  });
  const [write] = useState(() => writing(live));
  /** The steps as they are now, for what happens later. */
  const [stepsNow] = useState(() => (): Draft[] => now.current.steps);
  return { ...now.current, write, stepsNow };
}

const writing = (live: { current: Whole }): Omit<StepForm, "errors"> => ({
  getInputProps: (path, options) => live.current.getInputProps(path, options),
  setFieldValue: (path, value) => live.current.setFieldValue(path, value),
  insertListItem: (path, item, at) => live.current.insertListItem(path, item, at),
  removeListItem: (path, at) => live.current.removeListItem(path, at),
  reorderListItem: (path, move) => live.current.reorderListItem(path, move),
});

type OfStep = { step: object };

/**
 * For `memo`: a part of a step is drawn anew when one of these of the step changes, or what is to
 * be mended in it, or anything else that it is given.
 */
export const drawnFrom =
  <P extends OfStep>(...names: (keyof P["step"])[]) =>
  (was: P, is: P): boolean =>
    names.every((name) => was.step[name as keyof object] === is.step[name as keyof object]) &&
    Object.keys(is).every((prop) => prop === "step" || was[prop as keyof P] === is[prop as keyof P]);
