// What patients answered: rates, times and values, by care plan and step; and the log as a file.

import {
  Alert,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Progress,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { AnswerStats, ExportInteractions, ProtocolAnswers } from "../../bindings";
import { AnswerBar, AnswerNumbers } from "../../components/Answers";
import { useClinic } from "../../components/clinic";
import { DataTable, Empty, Loading, Page, Problem, Section } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { FORMATS, optionsOf } from "../../labels";
import { useAllProtocols } from "../../lib/choices";
import { type Progress as Step, takeExport } from "../../lib/download";
import { chosen, duration, isoDay, number, percent } from "../../lib/format";
import { useAct } from "../../lib/live";
import { useAnswerStats } from "../../queries";
import { Openings } from "./Openings";

const SPANS = ["7", "30", "90", "365"] as const;

export function Statistics() {
  const { t } = useWords();
  const { timeZone, now } = useClinic();
  const { days = "30", plan = "" } = useSearch({ from: "/statistics" });
  const navigate = useNavigate({ from: "/statistics" });
  const choose = (value: string) =>
    navigate({ search: (was) => ({ ...was, days: SPANS.find((span) => span === value) }) });
  const to = isoDay(now, timeZone);
  const from = isoDay(now - (Number(days) - 1) * 86_400_000, timeZone);
  const range = { from, to };
  const stats = useAnswerStats({ ...range, protocolId: plan || null });
  const plans = useAllProtocols();
  return (
    <Page
      title={t("Statistics")}
      actions={
        <>
          <NativeSelect
            aria-label={t("Care plan")}
            value={plan}
            onChange={(event) =>
              navigate({ search: (was) => ({ ...was, plan: event.currentTarget.value || undefined }) })
            }
            data={[
              { value: "", label: t("All care plans") },
              ...(plans.data?.rows ?? []).map((plan) => ({ value: plan.id, label: plan.name })),
            ]}
          />
          <NativeSelect
            aria-label={t("Which days")}
            value={days}
            onChange={(event) => choose(event.currentTarget.value)}
            data={SPANS.map((n) => ({ value: n, label: t("The last {n} days", { n }) }))}
          />
        </>
      }
    >
      <Problem error={plans.error} again={plans.refetch} />
      <Problem error={stats.error} again={stats.refetch} />
      {stats.isLoading && <Loading rows={5} />}
      {stats.data && <Shown stats={stats.data} />}
      <Openings plan={plan} />
      <May ask="interactions_export">
        <Export range={range} />
      </May>
    </Page>
  );
}

function Shown({ stats }: { stats: AnswerStats }) {
  const { t } = useWords();
  if (stats.all.asked === 0) {
    return (
      <Section title={t("Answers")}>
        <Empty text={t("Nothing was asked in these days. Steps that ask show up here with their answers.")} />
      </Section>
    );
  }
  return (
    <>
      <Section title={t("Answers")}>
        <AnswerNumbers answers={stats.all} />
        <AnswerBar answers={stats.all} />
        <Values stats={stats} />
      </Section>
      {stats.protocols
        .filter((plan) => plan.answers.asked > 0)
        .map((plan) => (
          <Plan key={plan.protocolId} plan={plan} />
        ))}
    </>
  );
}

function Values({ stats }: { stats: AnswerStats }) {
  const { t, locale } = useWords();
  if (stats.all.values.length === 0) return null;
  const { responded } = stats.all;
  return (
    <Table verticalSpacing={4} maw={480} aria-label={t("What was answered")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("Answer")}</Table.Th>
          <Table.Th ta="right">{t("How often")}</Table.Th>
          <Table.Th ta="right">{t("Share")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {stats.all.values.slice(0, 20).map(({ value, count }) => (
          <Table.Tr key={value}>
            <Table.Td>{chosen(value, locale)}</Table.Td>
            <Table.Td ta="right">{number(count, locale)}</Table.Td>
            <Table.Td ta="right">{percent(count / responded, locale)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Plan({ plan }: { plan: ProtocolAnswers }) {
  const { t, locale } = useWords();
  return (
    <Section title={plan.name}>
      <AnswerBar answers={plan.answers} />
      <DataTable
        label={plan.name}
        columns={[
          t("Step"),
          t("Asked"),
          t("Response rate"),
          t("Adherence"),
          t("Median time to answer"),
          t("No answer in time"),
        ]}
        numbers
      >
        {plan.steps
          .filter((step) => step.answers.asked > 0)
          .map(({ stepOrder, name, answers }) => (
            <Table.Tr key={stepOrder}>
              <Table.Td>
                {stepOrder}. {name || t("Message")}
              </Table.Td>
              <Table.Td ta="right">{number(answers.asked, locale)}</Table.Td>
              <Table.Td ta="right">{percent(answers.responseRate, locale)}</Table.Td>
              <Table.Td ta="right">{percent(answers.adherence, locale)}</Table.Td>
              <Table.Td ta="right">{duration(answers.medianAnswerMs, locale)}</Table.Td>
              <Table.Td ta="right">{number(answers.missed, locale)}</Table.Td>
            </Table.Tr>
          ))}
      </DataTable>
    </Section>
  );
}

function Export({ range }: { range: { from: string; to: string } }) {
  const { t, locale } = useWords();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [format, setFormat] = useState<"csv" | "json">("csv");
  const [pseudonymise, setPseudonymise] = useState(true);
  const [step, setStep] = useState<Step | null>(null);
  const take = useAct((input: ExportInteractions) => {
    setStep({ done: 0, total: 0 });
    return takeExport(input, setStep);
  });
  const whole = step && step.total > 0 ? (step.done / step.total) * 100 : 100;
  return (
    <Section title={t("Export the log")}>
      <Text size="sm">
        {t("One row for each message with its answer, for research and reports. Times are in UTC.")}
      </Text>
      <Group align="flex-end">
        <TextInput
          type="date"
          label={t("From")}
          value={from || range.from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={t("Until")}
          value={to || range.to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("File")}
          value={format}
          onChange={(event) => setFormat(event.currentTarget.value === "json" ? "json" : "csv")}
          data={optionsOf(FORMATS, t)}
        />
      </Group>
      <Checkbox
        label={t("Pseudonyms instead of names, numbers and ids")}
        checked={pseudonymise}
        onChange={(event) => setPseudonymise(event.currentTarget.checked)}
      />
      <Button
        w="fit-content"
        loading={take.isPending}
        onClick={() => take.mutate({ from: from || range.from, to: to || range.to, format, pseudonymise })}
      >
        {t("Export")}
      </Button>
      {take.isPending && step && (
        <Stack gap={4} role="status">
          <Progress value={whole} aria-label={t("Export the log")} />
          <Text size="sm">
            {t("{done} of {total, plural, one {# row} other {# rows}}", {
              done: number(step.done, locale),
              total: step.total,
            })}
          </Text>
        </Stack>
      )}
      {take.isSuccess && step && (
        <Alert color="teal" role="status">
          {take.data
            ? t("{n, plural, one {# row is} other {# rows are}} in {path}", {
                n: step.total,
                path: take.data,
              })
            : t("{n, plural, one {# row} other {# rows}} exported.", { n: step.total })}
        </Alert>
      )}
      <Problem error={take.error} />
    </Section>
  );
}
