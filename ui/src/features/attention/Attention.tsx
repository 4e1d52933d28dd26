// What failed or waits for a person, by cause in staff words, with the remedy beside it.

import { Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import {
  type Cause,
  commands,
  type FailedDelivery,
  type HeldGroup,
  LIMITS,
  type MessageAction,
} from "../../bindings";
import { DataTable, Empty, Page, Pages, Problem, Section, StateBadge, When } from "../../components/kit";
import { useMessageActions } from "../../components/MessageActions";
import { May } from "../../components/may";
import { useObstacleForAll } from "../../components/obstacle";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { CAUSES, MESSAGE_ACTIONS, NO_CAUSE, RELEASED_BY } from "../../labels";
import { number } from "../../lib/format";
import { useAct } from "../../lib/live";
import { useFailedDeliveriesPages, useHeldMessages } from "../../queries";

/** The failed-delivery review, and what is held. */
export function Attention() {
  const { t } = useWords();
  const failed = useFailedDeliveriesPages({ limit: LIMITS.ListFailed.limit.maximum });
  const held = useHeldMessages({});
  const rows = failed.data?.rows ?? [];
  const groupsHeld = held.data?.items ?? [];
  // What only waits for its own time needs nobody.
  const clear = rows.length === 0 && groupsHeld.every((group) => group.releasedBy === "time");
  const groups = byCause(rows);
  const many = Math.min(
    rows.filter((row) => row.actions.includes("retry")).length,
    LIMITS.RetryFailed.limit.maximum,
  );
  return (
    <Page
      title={t("Needs attention")}
      actions={
        many > 0 && (
          <May ask="retry_failed">
            <RetryAll count={many} />
          </May>
        )
      }
    >
      <Problem error={held.error} again={held.refetch} />
      {failed.data && held.data && clear && <Empty text={t("All clear. Nothing needs you.")} />}
      {groupsHeld.length > 0 && <Held groups={groupsHeld} />}
      <Pages list={failed}>
        {[...groups].map(([cause, members]) => (
          <CauseGroup key={cause} cause={cause} rows={members} />
        ))}
      </Pages>
    </Page>
  );
}

/** What waits: why, how much, until when, and what to do. */
function Held({ groups }: { groups: HeldGroup[] }) {
  const { t, locale } = useWords();
  return (
    <Section title={t("Messages that wait")}>
      <DataTable
        label={t("Messages that wait")}
        columns={[t("Why"), t("Messages"), t("Until when"), t("What to do")]}
      >
        {groups.map(({ cause, count, until, releasedBy }) => {
          const { label, held } = cause ? CAUSES[cause] : NO_CAUSE;
          return (
            <Table.Tr key={label}>
              <Table.Th scope="row">{t(label)}</Table.Th>
              <Table.Td>{number(count, locale)}</Table.Td>
              <Table.Td>
                {until ? <When at={until} /> : <Text size="sm">{t(RELEASED_BY[releasedBy])}</Text>}
              </Table.Td>
              <Table.Td>
                <Text size="sm">{held && t(held)}</Text>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </DataTable>
    </Section>
  );
}

function byCause(rows: FailedDelivery[]): Map<Cause | null, FailedDelivery[]> {
  const groups = new Map<Cause | null, FailedDelivery[]>();
  for (const row of rows) groups.set(row.causeCode, [...(groups.get(row.causeCode) ?? []), row]);
  return groups;
}

function RetryAll({ count }: { count: number }) {
  const { t } = useWords();
  const obstacle = useObstacleForAll();
  const retry = useAct(commands.retryFailed, ({ retriedCount: n }) =>
    notifications.show(
      obstacle
        ? {
            color: "orange",
            message: t("{n, plural, one {# message waits} other {# messages wait}}: {why}.", {
              n,
              why: t(obstacle.label),
            }),
          }
        : {
            color: "teal",
            message: t("{n, plural, one {# message is on its} other {# messages are on their}} way again.", {
              n,
            }),
          },
    ),
  );
  return (
    <Button
      leftSection={<IconRefresh size={18} aria-hidden />}
      loading={retry.isPending}
      onClick={() => retry.mutate({ limit: count })}
    >
      {t("Retry these {n}", { n: count })}
    </Button>
  );
}

function CauseGroup({ cause, rows }: { cause: Cause | null; rows: FailedDelivery[] }) {
  const { t } = useWords();
  const { label, failed } = cause ? CAUSES[cause] : NO_CAUSE;
  return (
    <Section
      title={t(label)}
      actions={
        <Badge color="red.8" size="lg">
          {rows.length}
        </Badge>
      }
    >
      {failed && <Text>{t(failed)}</Text>}
      <DataTable
        label={t(label)}
        columns={[t("Patient"), t("Due"), t("Tries"), t("State"), t("What LINE said"), null]}
      >
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </DataTable>
    </Section>
  );
}

/** What failed is let go rather than cancelled. */
const LET_GO: Record<MessageAction, Label> = { ...MESSAGE_ACTIONS, cancel: "Let it go" };

function Row({ row }: { row: FailedDelivery }) {
  const { t } = useWords();
  const noReason = t("LINE gave no reason (status {status})", { status: row.httpStatus ?? "" });
  const { buttons, problem } = useMessageActions(row, "xs", LET_GO);
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/patients/$id" params={{ id: row.patientId }} className="row-link">
          {row.patientName}
        </Link>
      </Table.Td>
      <Table.Td>
        <When at={row.dueAt} />
      </Table.Td>
      <Table.Td>{row.attempts}</Table.Td>
      <Table.Td>
        <StateBadge state={row.state} />
      </Table.Td>
      <Table.Td maw={260}>
        <Text size="sm" lineClamp={2}>
          {row.httpStatus && (row.lineWords ? `${row.lineWords} (${row.httpStatus})` : noReason)}
        </Text>
        {row.maybeSent && <Text size="sm">{t("The patient may have it all the same.")}</Text>}
        {row.lineRequestId && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {t("LINE's request id: {id}", { id: row.lineRequestId })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-end">
          <Group gap="xs" wrap="nowrap">
            {buttons}
          </Group>
          {problem}
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}
