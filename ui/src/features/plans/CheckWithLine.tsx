// Asks LINE about what is being written, before it is saved.

import { Button, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { commands, type StepInput } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { useAct } from "../../lib/live";
import type { ProblemError } from "../../lib/transport";

type Props = {
  steps: () => StepInput[];
  /** Whether it is asked before anybody presses: of what nobody here wrote. */
  atOnce?: boolean;
  onAnswer: (refused: ProblemError | null) => void;
};

/** What came of it stands beside the button until something is asked again. */
export function CheckWithLine({ steps, atOnce = false, onAnswer }: Props) {
  const { t } = useWords();
  const check = useAct(commands.checkSteps);
  const ask = () => check.mutate({ steps: steps() }, { onSettled: (_, refused) => onAnswer(refused) });
  const first = useRef(atOnce ? ask : undefined);
  useEffect(() => first.current?.(), []);
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        {check.data &&
          (check.data.lineCheckedAt
            ? t("LINE would take every message.")
            : t("LINE could not be asked; nothing is wrong as far as its limits are known here."))}
      </Text>
      <Button variant="default" loading={check.isPending} onClick={ask}>
        {t("Check with LINE")}
      </Button>
    </>
  );
}
