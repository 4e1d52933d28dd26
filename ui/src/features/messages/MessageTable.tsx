// Messages of one stage, page by page.

import { Table, Text } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import type { Message, Stage } from "../../bindings";
import { gist } from "../../components/Bubble";
import { DataTable, Empty, OutcomeBadge, Pages, When } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { number } from "../../lib/format";
import { useListMessagesPages } from "../../queries";
import { whyOf } from "../../sayings";
import { Acts } from "./Acts";
import { Line, Lines, useIsNarrow } from "./Line";

export function MessageTable({ stage }: { stage: Stage }) {
  const { t } = useWords();
  const { from, to } = useSearch({ from: "/messages" });
  const list = useListMessagesPages({ stage, from, to, limit: 100 });
  const isNarrow = useIsNarrow();
  const rows = list.data?.rows ?? [];
  return (
    <Pages list={list} empty={<Empty text={t("No message stands here in these days.")} />}>
      {rows.length > 0 && (isNarrow ? <Narrow rows={rows} /> : <Wide rows={rows} />)}
    </Pages>
  );
}

function Narrow({ rows }: { rows: Message[] }) {
  const { t } = useWords();
  return (
    <Lines label={t("Messages")}>
      {rows.map((m) => (
        <Line
          key={m.id}
          patient={{ id: m.patientId, name: m.patientName }}
          when={<When at={m.dueAt} />}
          what={gist(m.messageType, m.content, t)}
          state={<Standing message={m} />}
          acts={<Acts message={m} />}
        />
      ))}
    </Lines>
  );
}

function Wide({ rows }: { rows: Message[] }) {
  const { t } = useWords();
  return (
    <DataTable
      label={t("Messages")}
      highlightOnHover
      columns={[t("Due"), t("Patient"), t("Message"), t("State"), t("Tries"), null]}
    >
      {rows.map((message) => (
        <Row key={message.id} message={message} />
      ))}
    </DataTable>
  );
}

function Row({ message: m }: { message: Message }) {
  const { t, locale } = useWords();
  return (
    <Table.Tr>
      <Table.Td>
        <When at={m.dueAt} />
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
