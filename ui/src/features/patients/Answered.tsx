// What the patient answered in the last 90 days: in numbers, and question by question.

import { useNavigate, useSearch } from "@tanstack/react-router";
import { LIMITS } from "../../bindings";
import { AnswerBar, AnswerNumbers, type Worrying } from "../../components/Answers";
import { Choice } from "../../components/Choice";
import { useClinic, useNow } from "../../components/clinic";
import { Loading, Problem, Section } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import { isoDay } from "../../lib/format";
import { useAllOf } from "../../lib/live";
import { replyOf } from "../../lib/replies";
import { DAY_MS } from "../../lib/units";
import { useAnswerStats, useListMessagesPages } from "../../queries";
import type { Asked } from "./asked";

// The numbers stand before every single answer does.
const AnswersByPlan = onDemand(async () => (await import("./AnswersByPlan")).AnswersByPlan);

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
        <Awaited waiting={<Loading rows={2} />}>
          <AnswersByPlan
            asked={asked}
            names={new Map(stats.data.protocols.map((p) => [p.protocolId, p.name]))}
          />
        </Awaited>
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
      onChange={(value) => {
        navigate({ search: (was) => ({ ...was, answers: value }), replace: true, resetScroll: false });
      }}
      data={[
        { value: "dots", label: t("Dots") },
        { value: "table", label: t("Table") },
      ]}
    />
  );
}
