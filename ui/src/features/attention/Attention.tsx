// What failed or waits for a person, by cause in staff words, with the remedy beside it.

import { Badge, Button, Group, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type Cause, commands, type FailedDelivery, type HeldGroup, type ReleasedBy } from "../../bindings";
import { Empty, Loading, Page, Problem, Section, StateBadge, When } from "../../components/kit";
import type { Label, Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { number } from "../../lib/format";
import { useAct } from "../../lib/live";
import { useFailedDeliveriesPages, useHeldMessages } from "../../queries";

const REMEDIES: Partial<Record<Cause, Label>> = {
  blocked: "Call the patient; LINE does not reach them.",
  not_linked: "Link the patient's LINE account; what is still fresh then goes out.",
  patient_unknown: "Link the patient again: LINE does not know this id.",
  token_invalid: "Enter a new access token in Settings, then retry.",
  quota_exhausted: "Wait for the next month or raise the LINE plan, then retry.",
  line_unavailable: "LINE had trouble. It is tried again every 15 minutes; you can retry now.",
  outcome_unknown: "It may have been sent. A retry is safe: LINE recognises the message.",
  rate_limited: "LINE asked to send more slowly. Retry now or wait.",
  patient_rate_limited: "Too many messages to this patient at once. Retry later.",
  message_invalid: "Mend the step in the care plan, then send it anew.",
  not_allowed: "Check what the LINE account may do in the LINE console.",
  stale: "Its time passed. Decide whether it still makes sense.",
  crashed: "Sending it interrupted the program. Look at the message before you retry.",
};

const HELD_REMEDIES: Partial<Record<Cause, Label>> = {
  sending_paused: "Send again with the button at the top; what is still fresh then goes out.",
  follow_up_paused: "Resume the follow-up; what is still fresh then goes out.",
  no_consent: "Note that the patient agreed; what is still fresh then goes out.",
  patient_archived: "Take the patient back into care, or cancel the message.",
  not_linked: "Link the patient's LINE account; what is still fresh then goes out.",
  blocked: "Call the patient; LINE does not reach them.",
  line_unavailable: "LINE is tried again every half minute; all of it then goes out by itself.",
  token_invalid: "Enter a new access token in Settings; all of it then goes out by itself.",
  quota_exhausted: "It goes out by itself when the LINE plan is raised or the month ends.",
  quiet_hours: "It goes out by itself when quiet hours end.",
  patient_pace: "It goes out by itself in its turn.",
};

const UNTIL: Record<ReleasedBy, Label> = {
  staff: "until somebody acts",
  line: "until LINE takes messages again",
  patient: "until the patient acts",
  time: "until its time comes",
};

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
  const { t, heard, locale } = useWords();
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
            {groups.map((group) => (
              <Table.Tr key={group.reason}>
                <Table.Th scope="row">{heard(group.reason)}</Table.Th>
                <Table.Td>{number(group.count, locale)}</Table.Td>
                <Table.Td>
                  {group.until ? (
                    <When at={group.until} />
                  ) : (
                    <Text size="sm">{t(UNTIL[group.releasedBy])}</Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{remedyOf(group.cause, t)}</Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

function remedyOf(cause: Cause | null, t: Translate) {
  const remedy = cause && HELD_REMEDIES[cause];
  return remedy ? t(remedy) : null;
}

function byCause(rows: FailedDelivery[]): Map<Cause, FailedDelivery[]> {
  const groups = new Map<Cause, FailedDelivery[]>();
  for (const row of rows) {
    const cause = row.causeCode ?? "refused";
    groups.set(cause, [...(groups.get(cause) ?? []), row]);
  }
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

function CauseGroup({ cause, rows }: { cause: Cause; rows: FailedDelivery[] }) {
  const { t, heard } = useWords();
  const remedy = REMEDIES[cause];
  return (
    <Section
      title={heard(rows[0]?.cause ?? "")}
      actions={
        <Badge color="red.8" size="lg">
          {rows.length}
        </Badge>
      }
    >
      {remedy && <Text>{t(remedy)}</Text>}
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing="xs" aria-label={rows[0]?.cause}>
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
