// Messages of one stage, page by page.

import { Group, Stack, Table, Text } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import type { Message, Stage } from "../../bindings";
import { gist } from "../../components/Bubble";
import { DataTable, Empty, OutcomeBadge, Pages, When } from "../../components/kit";
import { useMessageActions } from "../../components/MessageActions";
import { useWords } from "../../i18n/useWords";
import { number } from "../../lib/format";
import { useListMessagesPages } from "../../queries";
import { whyOf } from "../../sayings";
import { Details } from "./Details";

export function MessageTable({ stage }: { stage: Stage }) {
  const { t } = useWords();
  const { from, to } = useSearch({ from: "/messages" });
  const list = useListMessagesPages({ stage, from, to, limit: 100 });
  const rows = list.data?.rows ?? [];
  return (
    <Pages list={list} empty={<Empty text={t("No message stands here in these days.")} />}>
      {rows.length > 0 && (
        <DataTable
          label={t("Messages")}
          highlightOnHover
          columns={[t("Due"), t("Patient"), t("Message"), t("State"), t("Tries"), null]}
        >
          {rows.map((message) => (
            <Row key={message.id} message={message} />
          ))}
        </DataTable>
      )}
    </Pages>
  );
}

function Row({ message: m }: { message: Message }) {
  const { t, locale } = useWords();
  const { buttons, problem } = useMessageActions(m, "xs");
  const why = m.state !== "sent" && m.cause ? whyOf(m.cause, m.httpStatus, t) : "";
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
        <OutcomeBadge message={m} />
        {why && (
          <Text size="sm" c="dimmed">
            {why}
          </Text>
        )}
      </Table.Td>
      <Table.Td ta="right">{number(m.attempts, locale)}</Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-end">
          <Group gap="xs" wrap="nowrap">
            <Details id={m.id} name={m.patientName} />
            {buttons}
          </Group>
          {problem}
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}
