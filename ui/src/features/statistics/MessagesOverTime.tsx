// Messages by what became of them, in the order of time.

import { Group, Table } from "@mantine/core";
import type { Answers } from "../../bindings";
import { DataTable } from "../../components/DataTable";
import { Empty, Problem, Section } from "../../components/kit";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { dayAndMonth, longDay, monthOf, number, shortMonth, yearOf } from "../../lib/format";
import type { ProblemError } from "../../lib/transport";
import { ChartSection } from "./ChartSection";
import type { Series } from "./charts/Bars";
import { type Outcomes, outcomesOf, sumOf } from "./numbers";
import { type Range, spansOf, type Unit } from "./range";
import { ToAttention, ToWorklist } from "./rows";

const TITLES: Record<Unit, Label> = {
  day: "Messages by day",
  week: "Messages by week",
  month: "Messages by month",
  year: "Messages by year",
};

const HEADS: Record<Unit, Label> = { day: "Day", week: "Week from", month: "Month", year: "Year" };

type Parts = { data?: Answers[]; error: ProblemError | null; refetch: () => void };

export function MessagesOverTime({ range, all, parts }: { range: Range; all?: Answers; parts: Parts }) {
  const { t, locale } = useWords();
  const { unit, spans } = spansOf(range);
  const title = t(TITLES[unit]);
  const sum = all && outcomesOf(all);
  if (sum && sumOf(sum) === 0) {
    return (
      <Section title={title}>
        <Empty text={t("No message was sent in these days.")} />
      </Section>
    );
  }
  const rows = spans.map((span, n) => ({
    span,
    outcomes: outcomesOf(parts.data?.[n] ?? NOTHING),
  }));
  const series = SERIES.map(({ key, label, mark }) => ({ key, mark, label: t(label) }));
  return (
    <>
      {!parts.data && <Problem error={parts.error} again={parts.refetch} />}
      <ChartSection
        id="messages"
        title={title}
        info={t(
          "Each message counts once, on the day LINE first accepted or refused it, and only by what is known of it now. Not answered (yet): LINE accepted it, and it asks nothing, or there is still time to answer.",
        )}
        summary={
          sum && parts.data
            ? t(
                "{all, plural, one {# message} other {# messages}}: {answered} answered, {missed} not answered in time, {open} not answered (yet), {failed} failed.",
                { all: sumOf(sum), ...numbersOf(sum, locale) },
              )
            : null
        }
        chart={{
          height: 260,
          series,
          format: (value) => number(value, locale),
          bars: rows.map(({ span, outcomes }) => ({ name: nameOf(span, unit, locale), parts: outcomes })),
        }}
        table={<AsTable title={title} unit={unit} rows={rows} series={series} />}
      >
        <StillWaiting />
      </ChartSection>
    </>
  );
}

const SERIES: { key: keyof Outcomes; label: Label; mark: Series["mark"] }[] = [
  { key: "answered", label: "Answered", mark: "good" },
  { key: "open", label: "Not answered (yet)", mark: "open" },
  { key: "missed", label: "No answer in time", mark: "missed" },
  { key: "failed", label: "Failed", mark: "bad" },
];

const NOTHING = { sent: 0, failed: 0, responded: 0, missed: 0 };

const numbersOf = (outcomes: Outcomes, locale: string) => ({
  answered: number(outcomes.answered, locale),
  missed: number(outcomes.missed, locale),
  open: number(outcomes.open, locale),
  failed: number(outcomes.failed, locale),
});

function nameOf({ from }: Range, unit: Unit, locale: string): string {
  if (unit === "month") return shortMonth(from.slice(0, 7), locale);
  return unit === "year" ? yearOf(from, locale) : dayAndMonth(from, locale);
}

const longMonth = (day: string, locale: string) => monthOf(day.slice(0, 7), locale);

type Row = { span: Range; outcomes: Outcomes };

function AsTable({
  title,
  unit,
  rows,
  series,
}: {
  title: string;
  unit: Unit;
  rows: Row[];
  series: Series[];
}) {
  const { t, locale } = useWords();
  const n = (value: number) => number(value, locale);
  const day = ({ from }: Range) =>
    ({ day: longDay, week: longDay, month: longMonth, year: yearOf })[unit](from, locale);
  return (
    <DataTable
      label={title}
      columns={[t(HEADS[unit]), t("Messages"), ...series.map((one) => one.label)]}
      numbers
    >
      {rows.map(({ span, outcomes }) => (
        <Table.Tr key={span.from}>
          <Table.Th scope="row" fw={400}>
            {day(span)}
          </Table.Th>
          <Table.Td ta="right">{n(sumOf(outcomes))}</Table.Td>
          {SERIES.map(({ key }) => (
            <Table.Td key={key} ta="right">
              {n(outcomes[key])}
            </Table.Td>
          ))}
        </Table.Tr>
      ))}
    </DataTable>
  );
}

/** What of it still waits for staff: of any day, as the lists have it. */
function StillWaiting() {
  return (
    <Group gap="md">
      <ToWorklist reason="missed" says="Who did not answer and still needs you" />
      <ToAttention />
    </Group>
  );
}
