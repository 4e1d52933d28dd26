// Every single answer of a patient, plan by plan.

import { Stack, Text, Title } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { useWords } from "../../i18n/useWords";
import { namesOf, REPLIES } from "../../labels";
import { Dots, Mark } from "./AnswerDots";
import { AnswerTable } from "./AnswerTable";
import { type Asked, numberOf, scaleOf } from "./asked";

/** The answers of each plan, as dots or as a table. */
export function AnswersByPlan({ asked, names }: { asked: Asked[]; names: Map<string, string> }) {
  const { t } = useWords();
  const { answers = "dots" } = useSearch({ from: "/patients/$id" });
  const plans = new Map<string, Asked[]>();
  for (const one of asked) {
    const { protocolId } = one.message;
    plans.set(protocolId, [...(plans.get(protocolId) ?? []), one]);
  }
  return (
    <>
      {[...plans].map(([id, ofPlan]) => {
        const title = names.get(id) ?? t("Care plan");
        return (
          <Stack key={id} gap={6}>
            <Title order={3} size="h6">
              {title}
            </Title>
            {answers === "table" ? (
              <AnswerTable title={title} asked={ofPlan} />
            ) : (
              <Dots title={title} asked={ofPlan.toReversed()} />
            )}
          </Stack>
        );
      })}
      {answers === "dots" && <Legend asked={asked} />}
    </>
  );
}

/** The number that stands in its dot; null where a sign does. */
const shownNumber = (one: Asked) => (scaleOf(one) ? numberOf(one) : null);

/** What the signs mean. */
function Legend({ asked }: { asked: Asked[] }) {
  const { t } = useWords();
  const signs = namesOf(REPLIES).flatMap((reply) => {
    const ofReply = asked.filter((one) => one.reply === reply);
    const numbers = ofReply.map(shownNumber);
    // A number has no sign beside it: what it means here, its form says, of which one is shown.
    const number = numbers.find((one) => one !== null);
    return ofReply.length > 0 ? [{ reply, number, hasSign: numbers.includes(null) }] : [];
  });
  return (
    <ul className="plain-list across" aria-label={t("What the signs mean")}>
      {signs.map(({ reply, number, hasSign }) => (
        <li key={reply}>
          {hasSign && <Mark reply={reply} />}
          {number !== undefined && <Mark reply={reply} value={number} />}
          <Text size="sm">{t(REPLIES[reply])}</Text>
        </li>
      ))}
    </ul>
  );
}
