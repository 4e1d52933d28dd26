// Fields of a question that it has in each of its languages.

import type { ComponentProps } from "react";
import { LIMITS } from "../../bindings";
import { useWords } from "../../i18n/useWords";
import { graphemes } from "../../lib/limits";
import { LineWithVariables, useExample } from "../../shared/variables";

type Line = Omit<ComponentProps<typeof LineWithVariables>, "place">;

export function LockScreenLine(input: Line) {
  const { t } = useWords();
  return (
    <LineWithVariables
      place="lockScreen"
      label={t("What the lock screen shows of it")}
      description={t("Anybody may read it there. Left out: that there is a question, no more.")}
      {...input}
    />
  );
}

const { maxLength: most } = LIMITS.Button.label;

/** What stands on a button: `text`, which is counted as the patient reads it. */
export function ButtonLabelLine({ text, ...input }: Line & { text: string }) {
  const { t } = useWords();
  const example = useExample();
  const isTooLong = graphemes(example(text)) > most;
  return (
    <LineWithVariables
      place="step"
      error={isTooLong ? t("At most {n} characters.", { n: most }) : undefined}
      {...input}
    />
  );
}
