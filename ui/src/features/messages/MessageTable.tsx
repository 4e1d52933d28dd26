// Messages of one stage, page by page.

import { Group, Table, Text } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import type { Message, Stage } from "../../bindings";
import { gist } from "../../components/Bubble";
import { OutcomeBadge } from "../../components/badges";
import { DataTable } from "../../components/DataTable";
import { Empty, Pages, When } from "../../components/kit";
import { SelectAll, type Selection, SelectOne } from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import { number } from "../../lib/format";
import { PAGE_ROWS } from "../../lib/limits";
import { useListMessagesPages } from "../../queries";
import { whyOf } from "../../sayings";
import { Acts } from "./Acts";
import { NarrowRow, NarrowRows, useIsNarrow } from "./NarrowRow";
import { useSelecting } from "./Selecting";

export function MessageTable({ stage }: { stage: Stage }) {
  const { t } = useWords();
  const { from, to, cause } = useSearch({ from: "/messages" });
  const matching = { stage, cause, from, to };
  const list = useListMessagesPages({ ...matching, limit: PAGE_ROWS });
  const isNarrow = useIsNarrow();
  const rows = list.data?.rows ?? [];
  const { selection, shown } = useSelecting(rows, { ...ALL_THAT_MATCH, matching }, list.hasNextPage);
  // What LINE took, and what was cancelled, takes no act any more.
  const chosenFrom = rows.some(({ actions }) => actions.length > 0) ? selection : undefined;
  const List = isNarrow ? Narrow : Wide;
  return (
    <>
      {shown}
      {chosenFrom && <SelectAll selection={chosenFrom} />}
      <Pages
        list={list}
        empty={
          <Empty
            text={
              cause ? t("No message stands here for this cause.") : t("No message stands here in these days.")
            }
          />
        }
      >
        {rows.length > 0 && <List rows={rows} selection={chosenFrom} />}
      </Pages>
    </>
  );
}

const ALL_THAT_MATCH = {
  ask: "Select all that match",
  said: "All {n} that match are selected",
  isOne: () => true,
} as const;

type Rows = { rows: Message[]; selection: Selection | undefined };

function Narrow({ rows, selection }: Rows) {
  const { t } = useWords();
  return (
    <NarrowRows label={t("Messages")}>
      {rows.map((m) => (
        <NarrowRow
          key={m.id}
          select={<Select message={m} selection={selection} />}
          patient={{ id: m.patientId, name: m.patientName }}
          when={<When at={m.dueAt} />}
          what={gist(m.messageType, m.content, t)}
          state={<Standing message={m} />}
          acts={<Acts message={m} />}
        />
      ))}
    </NarrowRows>
  );
}

function Wide({ rows, selection }: Rows) {
  const { t } = useWords();
  return (
    <DataTable
      label={t("Messages")}
      highlightOnHover
      columns={[t("Due"), t("Patient"), t("Message"), t("State"), t("Tries"), null]}
    >
      {rows.map((message) => (
        <Row key={message.id} message={message} selection={selection} />
      ))}
    </DataTable>
  );
}

/** The checkbox of a message, by its patient and what it says. */
function Select({ message: m, selection }: { message: Message; selection: Selection | undefined }) {
  const { t } = useWords();
  if (!selection) return null;
  const name = t("{place}: {words}", { place: m.patientName, words: gist(m.messageType, m.content, t) });
  return <SelectOne id={m.id} name={name} selection={selection} />;
}

function Row({ message: m, selection }: { message: Message; selection: Selection | undefined }) {
  const { t, locale } = useWords();
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <Select message={m} selection={selection} />
          <When at={m.dueAt} />
        </Group>
      </Table.Td>
      <Table.Td>
        <Link to="/patients/$id" params={{ id: m.patientId }} className="row-link">
          {m.patientName}
        </Link>
      </Table.Td>
      <Table.Td maw={320}>
        <Text size="sm" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
          {gist(m.messageType, m.content, t)}
        </Text>
      </Table.Td>
      <Table.Td maw={220}>
        <Standing message={m} />
      </Table.Td>
      <Table.Td ta="right">{number(m.attempts, locale)}</Table.Td>
      <Table.Td>
        <Acts message={m} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Where it stands, and why where that is not its end. */
function Standing({ message: m }: { message: Message }) {
  const { t } = useWords();
  return (
    <div>
      <OutcomeBadge message={m} />
      {m.state !== "sent" && m.cause && (
        <Text size="sm" c="dimmed">
          {whyOf(m.cause, m.httpStatus, t)}
        </Text>
      )}
    </div>
  );
}
