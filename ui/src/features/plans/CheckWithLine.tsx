// Asks LINE about what is being written, before it is saved.

import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { commands } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import type { ProblemError } from "../../lib/transport";
import { type Draft, inputOf } from "./steps";

type Asked = {
  steps: Draft[];
  /** Whether it is asked before anybody presses: of what nobody here wrote. */
  atOnce: boolean;
  onAnswer: (refused: ProblemError | null) => void;
};

/** The way to ask, and what came of it: of other steps than those that were asked of it says nothing. */
export function useCheckWithLine({ steps, atOnce, onAnswer }: Asked) {
  const { t } = useWords();
  const [asked, setAsked] = useState<Draft[] | null>(null);
  const check = useAct(commands.checkSteps);
  const ask = () => {
    setAsked(steps);
    check.mutate({ steps: steps.map(inputOf) }, { onSettled: (_, refused) => onAnswer(refused) });
  };
  const first = useRef(atOnce ? ask : undefined);
  useEffect(() => first.current?.(), []);
  const answer = asked === steps ? check.data : undefined;
  return {
    said:
      answer === undefined
        ? null
        : answer.lineCheckedAt
          ? t("LINE would take every message.")
          : t("LINE could not be asked; the limits of it that are known are kept."),
    button: (
      <Button variant="default" loading={check.isPending} onClick={ask}>
        {t("Check with LINE")}
      </Button>
    ),
  };
}
