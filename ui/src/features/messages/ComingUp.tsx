// What goes out next, by day: the next step of every follow-up, and messages that wait.

import { Group, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ComingUp } from "../../bindings";
import { StateBadge } from "../../components/badges";
import { useClinic, useNow } from "../../components/clinic";
import { DataTable } from "../../components/DataTable";
import { Empty, Pages, Section } from "../../components/kit";
import { SelectAll, type Selection, SelectOne } from "../../components/selection";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { CAUSES } from "../../labels";
import { clockTime, isoDay, longDay, relative } from "../../lib/format";
import { PAGE_ROWS } from "../../lib/limits";
import { useComingUpPages } from "../../queries";
import { StepMenu } from "../../shared/StepActs";
import { Acts } from "./Acts";
import { NarrowRow, NarrowRows, useIsNarrow } from "./NarrowRow";
import { choosableOf, type Everything, useSelecting } from "./Selecting";

export function ComingUpList() {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const list = useComingUpPages({ limit: PAGE_ROWS });
  const rows = list.data?.rows ?? [];
  const { selection, shown } = useSelecting(choosableOf(rows), ALL_TO_COME, list.hasNextPage);
  return (
    <>
      <Text c="dimmed">
        {t(
          "The next step of every follow-up, and messages that wait for their time. Times are the clinic's.",
        )}
      </Text>
      {shown}
      {selection && <SelectAll selection={selection} />}
      <Pages list={list} empty={<Empty text={t("Nothing is planned.")} />}>
        {[...byDay(rows, timeZone)].map(([day, ofDay]) => (
          <Day key={day} title={longDay(day, locale)} rows={ofDay} selection={selection} />
        ))}
      </Pages>
    </>
  );
}

/** All that can be moved or sent now; the core has no filter for the other rows of this list. */
const ALL_TO_COME: Everything = {
  matching: { state: "scheduled" },
  ask: "Select all that wait for their time",
  said: "All {n} that wait for their time are selected",
  isOne: ({ state }) => state === "scheduled",
};

function byDay(rows: ComingUp[], timeZone: string): Map<string, ComingUp[]> {
  const days = new Map<string, ComingUp[]>();
  for (const row of rows) {
    const day = isoDay(Date.parse(row.dueAt), timeZone);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return days;
}

type OfDay = { title: string; rows: ComingUp[]; selection: Selection | undefined };

function Day({ title, rows, selection }: OfDay) {
  const { t } = useWords();
  const isNarrow = useIsNarrow();
  const key = (row: ComingUp) => row.messageId ?? `${row.assignmentId} ${row.dueAt}`;
  if (isNarrow) {
    return (
      <Section title={title}>
        <NarrowRows label={title}>
          {rows.map((row) => (
            <NarrowRow
              key={key(row)}
              select={<Select row={row} selection={selection} />}
              patient={{ id: row.patientId, name: row.patientName }}
              when={<Time at={row.dueAt} />}
              what={whatOf(row, t)}
              state={<State row={row} />}
              acts={<RowActs row={row} />}
            />
          ))}
        </NarrowRows>
      </Section>
    );
  }
  return (
    <Section title={title}>
      <DataTable label={title} columns={[t("Goes out at"), t("Patient"), t("Message"), t("State"), null]}>
        {rows.map((row) => (
          <Row key={key(row)} row={row} selection={selection} />
        ))}
      </DataTable>
    </Section>
  );
}

const whatOf = (row: ComingUp, t: Translate) =>
  [row.protocolName || t("Single message"), row.stepName].filter(Boolean).join(" · ");

type OfRow = { row: ComingUp; selection: Selection | undefined };

/** The checkbox of what is a message already. */
function Select({ row, selection }: OfRow) {
  const { t } = useWords();
  if (!row.messageId || !selection) return null;
  const name = t("{place}: {words}", { place: row.patientName, words: whatOf(row, t) });
  return <SelectOne id={row.messageId} name={name} selection={selection} />;
}

function Row({ row, selection }: OfRow) {
  const { t } = useWords();
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Select row={row} selection={selection} />
          <Time at={row.dueAt} />
        </Group>
      </Table.Td>
      <Table.Td>
        <Link to="/patients/$id" params={{ id: row.patientId }} className="row-link">
          {row.patientName}
        </Link>
      </Table.Td>
      <Table.Td>{whatOf(row, t)}</Table.Td>
      <Table.Td>
        <State row={row} />
      </Table.Td>
      <Table.Td>
        <RowActs row={row} />
      </Table.Td>
    </Table.Tr>
  );
}

/** What may be done to a message, or to the step whose message is made when its time comes. */
function RowActs({ row }: { row: ComingUp }) {
  const { t } = useWords();
  const { messageId: id, assignmentId, stepId, occurrence, stepName } = row;
  if (id) return <Acts message={{ ...row, id }} />;
  if (!assignmentId || !stepId || occurrence === null) return null;
  const step = { ...row, assignmentId, stepId, occurrence, name: stepName || row.protocolName };
  const whose = t("{place}: {words}", { place: row.patientName, words: whatOf(row, t) });
  return (
    <Group justify="flex-end">
      <StepMenu step={step} whose={whose} />
    </Group>
  );
}

/** The time of a day that stands above. */
function Time({ at }: { at: string }) {
  const { locale } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  return (
    <span>
      <time dateTime={at}>{clockTime(at, locale, timeZone)}</time>{" "}
      <Text span c="dimmed" size="sm">
        ({relative(at, now, locale)})
      </Text>
    </span>
  );
}

function State({ row }: { row: ComingUp }) {
  const { t } = useWords();
  return (
    <div>
      {row.state ? <StateBadge state={row.state} /> : t("Planned")}
      {row.cause && (
        <Text size="sm" c="dimmed">
          {t(CAUSES[row.cause].label)}
        </Text>
      )}
    </div>
  );
}
