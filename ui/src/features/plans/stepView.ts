// What of the steps is on the screen: in which language each is shown, and which are folded.

import { useState } from "react";
import { flushSync } from "react-dom";
import { focusField } from "../../components/wrong";
import { languageOfField } from "./places";
import type { Draft, Form, Shown } from "./steps";

export type StepView = ReturnType<typeof useStepView>;

/** Who goes to a field is shown the step and the language it is in. */
export function useStepView(form: Form) {
  const [shown, setShown] = useState<Record<string, Shown>>({});
  const [folded, setFolded] = useState<string[]>([]);
  const show = (step: Draft, language: Shown) => setShown((was) => ({ ...was, [step.key]: language }));
  const fold = (step: Draft, is: boolean) =>
    setFolded((was) => (is ? [...was, step.key] : was.filter((key) => key !== step.key)));
  const goTo = (field: string) => {
    const step = form.values.steps[Number(/^steps\.(\d+)\./.exec(field)?.[1])];
    // The field is there only once its step and its language are.
    if (step)
      flushSync(() => {
        fold(step, false);
        show(step, languageOfField(field) ?? "all");
      });
    focusField(field);
  };
  return {
    shownIn: (step: Draft) => shown[step.key] ?? "all",
    show,
    isFolded: (step: Draft) => folded.includes(step.key),
    fold,
    foldAll: (is: boolean) => setFolded(is ? form.values.steps.map(({ key }) => key) : []),
    goTo,
  };
}

/** The fields in which something is to be mended, in the order of the screen. */
export function wrongFields(errors: Form["errors"]): string[] {
  const stepOf = (field: string) => Number(/^steps\.(\d+)\./.exec(field)?.[1] ?? -1);
  return Object.keys(errors)
    .filter((field) => errors[field])
    .sort((a, b) => stepOf(a) - stepOf(b));
}

/** Puts the cursor on an act of a step, or on another of its acts where that one cannot be chosen. */
export function focusStep(step: Draft, act?: string) {
  const card = document.querySelector<HTMLElement>(`[data-step="${step.key}"]`);
  const acts = [...(card?.querySelectorAll<HTMLButtonElement>("[data-act]") ?? [])];
  const free = acts.filter(({ disabled }) => !disabled);
  const found = act ? (free.find(({ dataset }) => dataset.act === act) ?? free[0]) : card;
  found?.focus();
  card?.scrollIntoView?.({ block: "nearest" });
}
