// What the patient answered in the last 90 days: in numbers, and question by question.

import { Stack, Text, Title } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { LIMITS } from "../../bindings";
import { AnswerBar, AnswerNumbers, type Worrying } from "../../components/Answers";
import { Choice } from "../../components/Choice";
import { useClinic, useNow } from "../../components/clinic";
import { Loading, Problem, Section } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import { namesOf, REPLIES } from "../../labels";
import { isoDay } from "../../lib/format";
import { useAllOf } from "../../lib/live";
import { replyOf } from "../../lib/replies";
import { DAY_MS } from "../../lib/units";
import { useAnswerStats, useListMessagesPages } from "../../queries";
import { Dots, Mark } from "./AnswerDots";
import type { Asked } from "./asked";

const AnswerTable = onDemand(async () => (await import("./AnswerTable")).AnswerTable);

const DAYS = 90;

export function Answered({ patientId }: { patientId: string }) {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const from = isoDay(now - (DAYS - 1) * DAY_MS, timeZone);
  const stats = useAnswerStats({ patientId, from });
  const messages = useAllOf(
    useListMessagesPages({ patientId, from, limit: LIMITS.ListMessages.limit.maximum }),
  );
  const asked = (messages.data?.rows ?? []).flatMap((message): Asked[] => {
    const reply = replyOf(message);
    return reply ? [{ message, reply }] : [];
  });
  if (!stats.data || (stats.data.all.asked === 0 && asked.length === 0)) return null;
  const isWhole = messages.data !== undefined && !messages.hasNextPage;
  return (
    <Section title={t("Answers in the last 90 days")} actions={asked.length > 0 && <View />}>
      <AnswerNumbers answers={stats.data.all} />
      <Problem error={messages.error} again={messages.refetch} />
      {!isWhole && !messages.error && <Loading rows={1} />}
      {isWhole && <AnswerBar answers={stats.data.all} worrying={worryingOf(asked)} />}
      {isWhole && (
        <ByPlan asked={asked} names={new Map(stats.data.protocols.map((p) => [p.protocolId, p.name]))} />
      )}
    </Section>
  );
}

const COUNTED = { complete: "completed", postpone: "postponed", skip: "skipped" } as const;

function worryingOf(asked: Asked[]): Worrying {
  const counts = { completed: 0, postponed: 0, skipped: 0 };
  for (const { message, reply } of asked) {
    const answer = message.answers.find(({ counted }) => counted);
    if (reply === "worrying" && answer) counts[COUNTED[answer.action]] += 1;
  }
  return counts;
}

/** Whether the dots are shown or their twin; the address says which. */
function View() {
  const { t } = useWords();
  const { answers = "dots" } = useSearch({ from: "/patients/$id" });
  const navigate = useNavigate({ from: "/patients/$id" });
  return (
    <Choice
      size="xs"
      label={t("How answers are shown")}
      value={answers}
      onChange={async (value) => {
        if (value === "table") await AnswerTable.preload();
        navigate({ search: (was) => ({ ...was, answers: value }), replace: true, resetScroll: false });
      }}
      data={[
        { value: "dots", label: t("Dots") },
        { value: "table", label: t("Table") },
      ]}
    />
  );
}

function ByPlan({ asked, names }: { asked: Asked[]; names: Map<string, string> }) {
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
              <Awaited waiting={<Loading rows={ofPlan.length} />}>
                <AnswerTable title={title} asked={ofPlan} />
              </Awaited>
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

/** What the signs mean. */
function Legend({ asked }: { asked: Asked[] }) {
  const { t } = useWords();
  const shown = namesOf(REPLIES).filter((reply) => asked.some((one) => one.reply === reply));
  return (
    <ul className="plain-list across" aria-label={t("What the signs mean")}>
      {shown.map((reply) => (
        <li key={reply}>
          <Mark reply={reply} />
          <Text size="sm">{t(REPLIES[reply])}</Text>
        </li>
      ))}
    </ul>
  );
}
