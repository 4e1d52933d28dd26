// What of the steps is on the screen: in which language each is shown, which are folded, and which
// are drawn by now.

import { startTransition, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { focusField } from "../../components/focusField";
import { type Draft, type Form, languageOfField, type Shown } from "./steps";

export type StepView = ReturnType<typeof useStepView>;
/** The same functions as long as the editor is there. */
export type StepActs = StepView["acts"];

/** Who goes to a field is shown the step and the language it is in. */
export function useStepView(steps: Draft[], stepsNow: () => Draft[]) {
  const [shown, setShown] = useState<Record<string, Shown>>({});
  const [folded, setFolded] = useState<string[]>([]);
  const [drawn, setDrawn] = useState(() => steps.slice(0, 1).map(({ key }) => key));
  const [acts] = useState(() => {
    const show = (step: Draft, language: Shown) => setShown((was) => ({ ...was, [step.key]: language }));
    const fold = ({ key }: Draft, is: boolean) => {
      setFolded((was) => (is ? [...was, key] : was.filter((one) => one !== key)));
      if (is) setDrawn((was) => was.filter((one) => one !== key));
    };
    const foldAll = (is: boolean) => {
      setFolded(is ? stepsNow().map(({ key }) => key) : []);
      if (is) setDrawn([]);
    };
    const goTo = (field: string) => {
      const step = stepsNow()[Number(/^steps\.(\d+)\./.exec(field)?.[1])];
      // The field is there only once its step and its language are.
      if (step)
        flushSync(() => {
          fold(step, false);
          setDrawn((was) => [...was, step.key]);
          show(step, languageOfField(field) ?? "all");
        });
      focusField(field);
    };
    return { show, fold, foldAll, goTo };
  });
  // A step has some fifty fields: one step after the other, and who types meanwhile goes first.
  const next = steps.find(({ key }) => !folded.includes(key) && !drawn.includes(key))?.key;
  useEffect(() => {
    if (next !== undefined) startTransition(() => setDrawn((was) => [...was, next]));
  }, [next]);
  return {
    shownIn: (step: Draft) => shown[step.key] ?? "all",
    isFolded: (step: Draft) => folded.includes(step.key),
    isDrawn: (step: Draft) => drawn.includes(step.key),
    acts,
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
