// What the core refuses of a form: where staff find it, in their words and not in the API's.

import { useState } from "react";
import type { FieldProblem } from "../bindings";
import type { Tell, Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import type { ProblemError } from "../lib/transport";
import { wrongWith } from "../wrong";

/** Where a field is: its name in the form, and in staff's words. */
export type Place = { field: string; place: string };
/** What is wrong with a field. */
export type Wrong = Place & { words: string };

/** What is wrong, each once; `placeOf` knows the field of the form by the API's path. */
export function wrongIn(
  errors: FieldProblem[] | undefined,
  placeOf: (path: string) => Place & { inside?: string },
  t: Translate,
  tell: Tell,
): Wrong[] {
  const found = (errors ?? []).map((error): Wrong => {
    const { field, place, inside } = placeOf(error.field);
    const words = wrongWith(error, t, tell);
    return { field, place, words: inside ? `${inside} ${words}` : words };
  });
  return found.filter(
    ({ place, words }, n) => found.findIndex((one) => one.place === place && one.words === words) === n,
  );
}

/** The same at the fields of the form; a field may have several. */
export function errorsOf(wrong: Wrong[]): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { field, words } of wrong) {
    errors[field] = errors[field] === undefined ? words : `${errors[field]}; ${words}`;
  }
  return errors;
}

/** What a form refused last: at its fields, and to be summed up. */
export function useRefusal(
  form: { setErrors: (errors: Record<string, string>) => void },
  placeOf: (path: string, t: Translate) => Place,
) {
  const { t, tell } = useWords();
  const [wrong, setWrong] = useState<Wrong[]>([]);
  const onError = ({ problem }: ProblemError) => {
    const found = wrongIn(problem.errors, (path) => placeOf(path, t), t, tell);
    setWrong(found);
    form.setErrors(errorsOf(found));
  };
  return { wrong, onError };
}
