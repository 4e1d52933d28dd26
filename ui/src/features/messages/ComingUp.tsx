// What goes out next, by day: the next step of every follow-up, and messages that wait.

import { Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ComingUp } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { DataTable, Empty, Pages, Section, StateBadge } from "../../components/kit";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { CAUSES } from "../../labels";
import { clockTime, isoDay, longDay, relative } from "../../lib/format";
import { useComingUpPages } from "../../queries";
import { Acts } from "./Acts";
import { Line, Lines, useIsNarrow } from "./Line";

export function ComingUpList() {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const list = useComingUpPages({ limit: 100 });
  const rows = list.data?.rows ?? [];
  return (
    <>
      <Text c="dimmed">
        {t(
          "The next step of every follow-up, and messages that wait for their time. Times are the clinic's.",
        )}
      </Text>
      <Pages list={list} empty={<Empty text={t("Nothing is planned.")} />}>
        {[...byDay(rows, timeZone)].map(([day, ofDay]) => (
          <Day key={day} title={longDay(day, locale)} rows={ofDay} />
        ))}
      </Pages>
    </>
  );
}

function byDay(rows: ComingUp[], timeZone: string): Map<string, ComingUp[]> {
  const days = new Map<string, ComingUp[]>();
  for (const row of rows) {
    const day = isoDay(Date.parse(row.dueAt), timeZone);
    days.set(day, [...(days.get(day) ?? []), row]);
  }
  return days;
}

function Day({ title, rows }: { title: string; rows: ComingUp[] }) {
  const { t } = useWords();
  const isNarrow = useIsNarrow();
  const key = (row: ComingUp) => row.messageId ?? `${row.assignmentId} ${row.dueAt}`;
  if (isNarrow) {
    return (
      <Section title={title}>
        <Lines label={title}>
          {rows.map((row) => (
            <Line
              key={key(row)}
              patient={{ id: row.patientId, name: row.patientName }}
              when={<Time at={row.dueAt} />}
              what={whatOf(row, t)}
              state={<State row={row} />}
              acts={row.messageId && <Acts message={{ ...row, id: row.messageId }} />}
            />
          ))}
        </Lines>
      </Section>
    );
  }
  return (
    <Section title={title}>
      <DataTable label={title} columns={[t("Goes out at"), t("Patient"), t("Message"), t("State"), null]}>
        {rows.map((row) => (
          <Row key={key(row)} row={row} />
        ))}
      </DataTable>
    </Section>
  );
}

const whatOf = (row: ComingUp, t: Translate) =>
  [row.protocolName || t("Single message"), row.stepName].filter(Boolean).join(" · ");

function Row({ row }: { row: ComingUp }) {
  const { t } = useWords();
  return (
    <Table.Tr>
      <Table.Td>
        <Time at={row.dueAt} />
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
      <Table.Td>{row.messageId && <Acts message={{ ...row, id: row.messageId }} />}</Table.Td>
    </Table.Tr>
  );
}

/** The time of a day that stands above. */
function Time({ at }: { at: string }) {
  const { locale } = useWords();
  const { timeZone, now } = useClinic();
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
