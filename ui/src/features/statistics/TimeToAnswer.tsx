// How long patients take to answer: by plan, and of one plan by step.

import { Table, Text } from "@mantine/core";
import type { AnswerStats, Answers } from "../../bindings";
import { DataTable } from "../../components/DataTable";
import { Empty, Section } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { duration, number } from "../../lib/format";
import { ChartSection } from "./ChartSection";
import { timeTicks } from "./numbers";
import { useStepName } from "./useStepName";

type Row = { key: string; name: string; answers: Answers };

/** So many bars are read at a glance; the table has them all. */
const MAX_BARS = 12;

export function TimeToAnswer({ stats, plan }: { stats?: AnswerStats; plan: string }) {
  const { t, locale } = useWords();
  const stepName = useStepName();
  const title = t("Time to answer");
  const rows: Row[] = plan
    ? (stats?.protocols ?? []).flatMap(({ steps }) =>
        steps.map((step) => ({ key: String(step.stepOrder), name: stepName(step), answers: step.answers })),
      )
    : (stats?.protocols ?? []).map(({ protocolId, name, answers }) => ({ key: protocolId, name, answers }));
  const answered = rows.filter(({ answers }) => answers.medianAnswerMs !== null);
  if (stats && answered.length === 0) {
    return (
      <Section title={title}>
        <Empty text={t("Nobody answered a message of these days yet.")} />
      </Section>
    );
  }
  const bars = answered.slice(0, MAX_BARS);
  const longest = Math.max(0, ...bars.map(({ answers }) => answers.medianAnswerMs ?? 0));
  return (
    <ChartSection
      id="time"
      title={title}
      info={t(
        "From the moment LINE accepted the message to the first press of one of its buttons. The median is the time in the middle: half of the answers came sooner, half later. Who did not answer is not in it.",
      )}
      summary={
        stats
          ? t(
              "Half of the {n, plural, one {# answer} other {# answers}} came within {median}; on average it took {average}.",
              {
                n: stats.all.responded,
                median: duration(stats.all.medianAnswerMs, locale),
                average: duration(stats.all.averageAnswerMs, locale),
              },
            )
          : null
      }
      chart={{
        height: (bars.length || 3) * 48 + 40,
        lying: true,
        series: [{ key: "median", label: t("Median time to answer"), mark: "good" }],
        ticks: timeTicks(longest),
        format: (ms) => duration(ms, locale),
        bars: bars.map(({ name, answers }) => ({
          name,
          note: duration(answers.medianAnswerMs, locale),
          parts: { median: answers.medianAnswerMs ?? 0 },
        })),
      }}
      table={<AsTable title={title} first={plan ? t("Step") : t("Care plan")} rows={answered} />}
    >
      {answered.length > MAX_BARS && (
        <Text size="sm" c="dimmed">
          {t("The chart shows the first {n}; the table has all of them.", { n: number(MAX_BARS, locale) })}
        </Text>
      )}
    </ChartSection>
  );
}

function AsTable({ title, first, rows }: { title: string; first: string; rows: Row[] }) {
  const { t, locale } = useWords();
  return (
    <DataTable
      label={title}
      columns={[first, t("Answered"), t("Median time to answer"), t("Average time to answer")]}
      numbers
      minWidth={520}
    >
      {rows.map(({ key, name, answers }) => (
        <Table.Tr key={key}>
          <Table.Th scope="row" fw={400}>
            {name}
          </Table.Th>
          <Table.Td ta="right">{number(answers.responded, locale)}</Table.Td>
          <Table.Td ta="right">{duration(answers.medianAnswerMs, locale)}</Table.Td>
          <Table.Td ta="right">{duration(answers.averageAnswerMs, locale)}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
