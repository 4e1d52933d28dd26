import type { NamedAnswers } from "../../bindings";
import { useWords } from "../../i18n/useWords";

/** What a step is called, after its place in the plan. */
export function useStepName() {
  const { t } = useWords();
  return ({ stepOrder, name }: Pick<NamedAnswers, "stepOrder" | "name">) =>
    `${stepOrder}. ${name || t("Message")}`;
}
