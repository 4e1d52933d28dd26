// What became of the questions of one plan, step by step.

import { Table } from "@mantine/core";
import type { ProtocolAnswers } from "../../bindings";
import { DataTable } from "../../components/DataTable";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { duration, number, percent } from "../../lib/format";
import { useGetProtocol } from "../../queries";
import { ChartSection } from "./ChartSection";
import type { Series } from "./charts/Bars";
import { adherenceOf, type Replies, repliesOf } from "./numbers";
import { ToWorklist } from "./rows";
import { useStepName } from "./useStepName";

type Shown = { key: keyof Replies | "answered"; label: Label; mark: Series["mark"] };

const UNANSWERED: Shown[] = [
  { key: "missed", label: "No answer in time", mark: "missed" },
  { key: "open", label: "Still open", mark: "open" },
];
const SERIES: Shown[] = [
  { key: "done", label: "Done", mark: "good" },
  { key: "worrying", label: "Worrying answer", mark: "bad" },
  { key: "later", label: "Later", mark: "later" },
  { key: "skipped", label: "Left out", mark: "skipped" },
  ...UNANSWERED,
];
/** Where nobody knows which answers worry, none is said to be done. */
const SERIES_UNKNOWN: Shown[] = [{ key: "answered", label: "Answered", mark: "good" }, ...UNANSWERED];

/** The steps that asked, with what became of their questions; null while that is looked up. */
function useRows(plan: ProtocolAnswers) {
  const stepName = useStepName();
  // Which buttons worry stands in the plan. The clinic's single messages have none to look at.
  const { data: written, isLoading } = useGetProtocol({ id: plan.protocolId });
  const rows = plan.steps
    .filter((step) => step.answers.asked > 0)
    .map((step) => ({
      step,
      name: stepName(step),
      replies: { ...repliesOf(step, written), answered: step.answers.responded },
    }));
  return { rows, isKnown: written !== undefined, isLoading };
}

/** The sentence above the chart. */
function useSummary() {
  const { t, locale } = useWords();
  return ({ answers }: ProtocolAnswers, worrying: number | null) => {
    const numbers = {
      asked: answers.asked,
      rate: percent(answers.responseRate, locale),
      n: number(answers.responded, locale),
      missed: number(answers.missed, locale),
    };
    return worrying === null
      ? t(
          "{asked, plural, one {# question} other {# questions}}, {rate} answered: {n} in time, {missed} not.",
          numbers,
        )
      : t(
          "{asked, plural, one {# question} other {# questions}}, {rate} answered: {n} in time, {worrying} of them worrying, {missed} not.",
          { ...numbers, worrying: number(worrying, locale) },
        );
  };
}

export function PlanSteps({ plan }: { plan: ProtocolAnswers }) {
  const { t, locale } = useWords();
  const { rows, isKnown, isLoading } = useRows(plan);
  const summary = useSummary();
  const series = (isKnown ? SERIES : SERIES_UNKNOWN).map((one) => ({ ...one, label: t(one.label) }));
  const worrying = rows.reduce((sum, { replies }) => sum + replies.worrying, 0);
  return (
    <ChartSection
      id={`plan-${plan.protocolId}`}
      title={plan.name}
      info={t(
        "Of the accepted messages that asked something. An answer counts by the button that was pressed first. Worrying answers are a part of their own and never done; they are known by the buttons the plan has now, so those of an older version may be missing. Adherence: done / (done + worrying + left out + no answer in time).",
      )}
      summary={isLoading ? null : summary(plan, isKnown ? worrying : null)}
      chart={{
        height: rows.length * 48 + 40,
        lying: true,
        shares: true,
        series,
        format: (value) => number(value, locale),
        bars: rows.map(({ step, name, replies }) => ({
          name,
          note: t("{rate} of {n} answered", {
            rate: percent(step.answers.responseRate, locale),
            n: number(step.answers.asked, locale),
          }),
          parts: replies,
        })),
      }}
      table={<AsTable plan={plan} rows={rows} series={series} isKnown={isKnown} />}
    >
      {worrying > 0 && <ToWorklist reason="worrying" says="Worrying answers that still need you" />}
    </ChartSection>
  );
}

type Row = ReturnType<typeof useRows>["rows"][number];
type Told = Omit<Shown, "label"> & Pick<Series, "label">;

function AsTable(props: { plan: ProtocolAnswers; rows: Row[]; series: Told[]; isKnown: boolean }) {
  const { plan, rows, series, isKnown } = props;
  const { t, locale } = useWords();
  const n = (value: number) => number(value, locale);
  return (
    <DataTable
      label={plan.name}
      columns={[
        t("Step"),
        t("Asked"),
        t("Response rate"),
        ...series.map(({ label }) => label),
        t("Adherence"),
        t("Median time to answer"),
      ]}
      numbers
      minWidth={900}
    >
      {rows.map(({ step: { stepOrder, answers }, name, replies }) => (
        <Table.Tr key={stepOrder}>
          <Table.Th scope="row" fw={400}>
            {name}
          </Table.Th>
          <Table.Td ta="right">{n(answers.asked)}</Table.Td>
          <Table.Td ta="right">{percent(answers.responseRate, locale)}</Table.Td>
          {series.map(({ key }) => (
            <Table.Td key={key} ta="right">
              {n(replies[key])}
            </Table.Td>
          ))}
          <Table.Td ta="right">{isKnown ? percent(adherenceOf(replies), locale) : "–"}</Table.Td>
          <Table.Td ta="right">{duration(answers.medianAnswerMs, locale)}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
