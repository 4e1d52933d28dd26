// What the core refused of a plan: summed up in staff's words, and told to the fields of the form.

import { useLayoutEffect, useRef, useState } from "react";
import { Problem } from "../../components/kit";
import { errorsOf } from "../../components/wrong";
import { useWords } from "../../i18n/useWords";
import type { ProblemError } from "../../lib/transport";
import { wrongInPlan } from "./places";
import type { Draft } from "./steps";

type Refused = {
  error: ProblemError;
  /** As they were when the core was asked. */
  steps: Draft[];
  /** Takes what is wrong, by the fields of the form. */
  onNamed: (errors: Record<string, string>) => void;
  onGo: (field: string) => void;
};

export function RefusedPlan({ error, steps, onNamed, onGo }: Refused) {
  const { t, tell } = useWords();
  const [wrong] = useState(() => wrongInPlan(error.problem.errors, steps, t, tell));
  const name = useRef(() => onNamed(errorsOf(wrong)));
  useLayoutEffect(() => name.current(), []);
  return <Problem error={error} wrong={wrong} onGo={onGo} />;
}
