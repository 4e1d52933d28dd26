// How long a plan goes on, which hangs on all its steps.

import { Text } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import type { ProtocolSummary, StepInput } from "../../bindings";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useGetProtocol } from "../../queries";
import { lastDayOf } from "./triggers";

/** How long the steps go on: the day of the last message, 0 that of the start. */
export function lengthInWords(steps: Pick<StepInput, "trigger">[], t: Translate): string {
  const days = steps.map(({ trigger }) => lastDayOf(trigger));
  if (days.includes(null)) return t("Goes on until the follow-up ends");
  const last = Math.max(0, ...days.map((day) => day ?? 0));
  return last === 0 ? t("Ends on the day of the start") : t("Goes on until day {n}", { n: last });
}

/**
 * The length of a plan of the list. The list does not hold the steps: they are asked for once the card
 * is in sight, and anew when plans have changed.
 */
export function PlanLength({ plan }: { plan: Pick<ProtocolSummary, "id" | "updatedAt"> }) {
  const { t } = useWords();
  const { ref, inViewport } = useInViewport();
  const { data } = useGetProtocol(
    { id: plan.id },
    { enabled: inViewport, staleTime: Number.POSITIVE_INFINITY },
  );
  return (
    <Text ref={ref} size="sm" mih="1.55em">
      {data && lengthInWords(data.steps, t)}
    </Text>
  );
}
