// What goes out next, by day: the next step of every follow-up, and messages that wait.

import { Group, Stack, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ComingUp } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { DataTable, Empty, Pages, Section, StateBadge } from "../../components/kit";
import { useMessageActions } from "../../components/MessageActions";
import { useWords } from "../../i18n/useWords";
import { CAUSES } from "../../labels";
import { clockTime, isoDay, longDay, relative } from "../../lib/format";
import { useComingUpPages } from "../../queries";
import { Details } from "./Details";

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
  return (
    <Section title={title}>
      <DataTable label={title} columns={[t("Goes out at"), t("Patient"), t("Message"), t("State"), null]}>
        {rows.map((row) => (
          <Row key={row.messageId ?? `${row.assignmentId} ${row.dueAt}`} row={row} />
        ))}
      </DataTable>
    </Section>
  );
}

function Row({ row }: { row: ComingUp }) {
  const { t, locale } = useWords();
  const { timeZone, now } = useClinic();
  return (
    <Table.Tr>
      <Table.Td>
        <time dateTime={row.dueAt}>{clockTime(row.dueAt, locale, timeZone)}</time>{" "}
        <Text span c="dimmed" size="sm">
          ({relative(row.dueAt, now, locale)})
        </Text>
      </Table.Td>
      <Table.Td>
        <Link to="/patients/$id" params={{ id: row.patientId }} className="row-link">
          {row.patientName}
        </Link>
      </Table.Td>
      <Table.Td>
        {[row.protocolName || t("Single message"), row.stepName].filter(Boolean).join(" · ")}
      </Table.Td>
      <Table.Td>
        {row.state ? <StateBadge state={row.state} /> : t("Planned")}
        {row.cause && (
          <Text size="sm" c="dimmed">
            {t(CAUSES[row.cause].label)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{row.messageId && <Acts row={row} id={row.messageId} />}</Table.Td>
    </Table.Tr>
  );
}

function Acts({ row, id }: { row: ComingUp; id: string }) {
  const { buttons, problem } = useMessageActions({ ...row, id }, "xs");
  return (
    <Stack gap={4} align="flex-end">
      <Group gap="xs" wrap="nowrap">
        <Details id={id} name={row.patientName} />
        {buttons}
      </Group>
      {problem}
    </Stack>
  );
}
