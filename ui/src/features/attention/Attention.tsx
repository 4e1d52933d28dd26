// What failed or waits for a person, by cause in staff words, with the remedy beside it.

import { Badge, Button, Group, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type Cause, commands, type FailedDelivery, type HeldGroup } from "../../bindings";
import { Empty, Loading, Page, Problem, Section, StateBadge, When } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { CAUSES, NO_CAUSE, RELEASED_BY } from "../../labels";
import { number } from "../../lib/format";
import { useAct } from "../../lib/live";
import { useFailedDeliveriesPages, useHeldMessages } from "../../queries";

/** The failed-delivery review, and what is held. */
export function Attention() {
  const { t } = useWords();
  const failed = useFailedDeliveriesPages({ limit: 200 });
  const held = useHeldMessages({});
  const rows = failed.data?.rows ?? [];
  const groupsHeld = held.data?.items ?? [];
  // What only waits for its own time needs nobody.
  const clear = rows.length === 0 && groupsHeld.every((group) => group.releasedBy === "time");
  const groups = byCause(rows);
  const many = Math.min(rows.filter((row) => row.retryable).length, 1000);
  return (
    <Page title={t("Needs attention")} actions={many > 0 && <RetryAll count={many} />}>
      <Problem error={failed.error} again={failed.refetch} />
      <Problem error={held.error} again={held.refetch} />
      {failed.isLoading && <Loading />}
      {failed.data && held.data && clear && <Empty text={t("All clear. Nothing needs you.")} />}
      {groupsHeld.length > 0 && <Held groups={groupsHeld} />}
      {[...groups].map(([cause, members]) => (
        <CauseGroup key={cause} cause={cause} rows={members} />
      ))}
      {failed.hasNextPage && (
        <Button variant="default" onClick={() => failed.fetchNextPage()} loading={failed.isFetchingNextPage}>
          {t("Show more")}
        </Button>
      )}
    </Page>
  );
}

/** What waits: why, how much, until when, and what to do. */
function Held({ groups }: { groups: HeldGroup[] }) {
  const { t, locale } = useWords();
  return (
    <Section title={t("Messages that wait")}>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="xs" aria-label={t("Messages that wait")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("Why")}</Table.Th>
              <Table.Th>{t("Messages")}</Table.Th>
              <Table.Th>{t("Until when")}</Table.Th>
              <Table.Th>{t("What to do")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
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
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
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
  const retry = useAct(commands.retryFailed, ({ retriedCount }) =>
    notifications.show({
      color: "teal",
      message: t("{n} messages are on their way again.", { n: retriedCount }),
    }),
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
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="xs" aria-label={t(label)}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("Patient")}</Table.Th>
              <Table.Th>{t("Due")}</Table.Th>
              <Table.Th>{t("Tries")}</Table.Th>
              <Table.Th>{t("State")}</Table.Th>
              <Table.Th>{t("What LINE said")}</Table.Th>
              <Table.Th>
                <VisuallyHidden>{t("Actions")}</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

function Row({ row }: { row: FailedDelivery }) {
  const { t } = useWords();
  const retry = useAct(commands.retryMessage, () =>
    notifications.show({ color: "teal", message: t("It is on its way again.") }),
  );
  const drop = useAct(commands.cancelMessage);
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
          {row.message}
          {row.httpStatus ? ` (${row.httpStatus})` : ""}
        </Text>
      </Table.Td>
      <Table.Td>
        <Stack gap={4} align="flex-end">
          <Group gap="xs" wrap="nowrap">
            {row.retryable && (
              <Button size="xs" loading={retry.isPending} onClick={() => retry.mutate({ id: row.id })}>
                {t("Retry")}
              </Button>
            )}
            <Button
              size="xs"
              variant="default"
              loading={drop.isPending}
              onClick={() => drop.mutate({ id: row.id })}
            >
              {t("Let it go")}
            </Button>
          </Group>
          <Problem error={retry.error ?? drop.error} />
        </Stack>
      </Table.Td>
    </Table.Tr>
  );
}
