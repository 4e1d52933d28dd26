// Whether everything works, what the queues hold, what runs by itself, and who did what.

import { Badge, Group, Stack, Table, Text } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import type { Check, CronJob, DeliveryStats, Health, QueueCounts } from "../../bindings";
import { Copy } from "../../components/Copy";
import { useClinic } from "../../components/clinic";
import { DataTable, Loading, Page, Problem, Section, Sideways, When } from "../../components/kit";
import { LinkAnchor } from "../../components/links";
import { May, useMay } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { ACTIVITIES, CHECKS, CRON_JOBS } from "../../labels";
import { number } from "../../lib/format";
import { useDeliveryStats, useJobsHealth, useJobsStats, useListAudit } from "../../queries";
import { changed, foundOfHealth, whoIn } from "../../sayings";
import { Backups } from "./Backups";
import { Care } from "./Care";
import { reportOf } from "./report";

export function System() {
  const { t } = useWords();
  const { status } = useClinic();
  return (
    <Page title={t("System")}>
      <HealthLights />
      <Queues />
      <Numbers />
      <May ask="run_maintenance">
        <Care />
      </May>
      <May ask="list_backups">
        <Backups />
      </May>
      <May ask="list_audit">
        <Activity />
      </May>
      <Text size="sm" c="dimmed">
        Clinicue {status?.version}
      </Text>
    </Page>
  );
}

function HealthLights() {
  const { t } = useWords();
  const health = useJobsHealth({}, { refetchInterval: 15_000 });
  const well = health.data?.status === "healthy";
  return (
    <Section
      title={t("Health")}
      actions={
        health.data && (
          <Badge color={well ? "teal.9" : "red.8"} size="lg">
            {well ? t("Everything works") : t("Something is wrong")}
          </Badge>
        )
      }
    >
      <Problem error={health.error} again={health.refetch} />
      {health.isLoading && <Loading />}
      {health.data && (
        <Text size="sm">
          {t("{ok} of {all} checks are in order.", {
            ok: health.data.checks.filter(({ ok }) => ok).length,
            all: health.data.checks.length,
          })}
        </Text>
      )}
      <Stack gap={6}>
        {health.data?.checks.map((check) => (
          <Light key={check.name} check={check} />
        ))}
      </Stack>
      {health.data && <Report health={health.data} />}
    </Section>
  );
}

function Report({ health }: { health: Health }) {
  const { t } = useWords();
  const { status } = useClinic();
  const stats = useJobsStats({});
  if (!status) return null;
  return (
    <Group gap="sm">
      <Copy text={reportOf(status, health, stats.data)} label={t("Copy a report")} />
      <Text size="sm" c="dimmed">
        {t("For whoever helps you: versions and states, no names and no tokens.")}
      </Text>
    </Group>
  );
}

/** Where a check that fails is mended, for those who may. */
function Mend({ check }: { check: Check }) {
  const { t } = useWords();
  const isAllowed = useMay();
  if (check.ok) return null;
  const part = check.name === "line" ? "line" : check.name === "menu" ? "menu" : null;
  if (part && isAllowed("update_settings"))
    return (
      <LinkAnchor to="/settings" hash={part} className="back">
        {t("Mend it under Settings")}
      </LinkAnchor>
    );
  if (check.name !== "oldestQueued") return null;
  return (
    <LinkAnchor to="/worklist" search={{ part: "messages" }} className="back">
      {t("See the messages that wait")}
    </LinkAnchor>
  );
}

function Light({ check }: { check: Check }) {
  const { t, tell } = useWords();
  const Icon = check.ok ? IconCircleCheck : IconCircleX;
  return (
    <Group gap="xs" wrap="nowrap">
      <Icon
        size={22}
        color={check.ok ? "var(--mantine-color-teal-7)" : "var(--mantine-color-red-7)"}
        aria-label={check.ok ? t("Works") : t("Does not work")}
      />
      <Text>
        <b>{t(CHECKS[check.name])}</b> {foundOfHealth(check.finding, t, tell)} <Mend check={check} />
      </Text>
    </Group>
  );
}

function Queues() {
  const { t } = useWords();
  const stats = useJobsStats({}, { refetchInterval: 15_000 });
  return (
    <Section title={t("Messages on their way")}>
      <Problem error={stats.error} again={stats.refetch} />
      {stats.isLoading && <Loading />}
      {stats.data && (
        <>
          <DataTable
            label={t("Messages on their way")}
            columns={[
              "",
              t("Waiting"),
              t("Being sent"),
              t("For later"),
              t("Done (kept)"),
              t("Failed (kept)"),
            ]}
            minWidth={560}
          >
            <QueueRow name={t("Due messages")} counts={stats.data.queues.messageDelivery} />
            <QueueRow name={t("Scheduled messages")} counts={stats.data.queues.scheduledMessages} />
          </DataTable>
          <Text size="sm">
            {t("Timetable last looked")}: <When at={stats.data.scheduler.lastTickAt} /> · {t("Next message")}:{" "}
            <When at={stats.data.scheduler.nextDueAt} />
          </Text>
          <CronTable jobs={stats.data.scheduler.cronJobs} />
        </>
      )}
    </Section>
  );
}

function QueueRow({ name, counts }: { name: string; counts: QueueCounts }) {
  const { locale } = useWords();
  const cells = [counts.waiting, counts.active, counts.delayed, counts.completed, counts.failed];
  return (
    <Table.Tr>
      <Table.Th scope="row">{name}</Table.Th>
      {cells.map((count, n) => (
        <Table.Td key={n}>{number(count, locale)}</Table.Td>
      ))}
    </Table.Tr>
  );
}

function CronTable({ jobs }: { jobs: CronJob[] }) {
  const { t } = useWords();
  return (
    <DataTable
      label={t("Runs by itself")}
      columns={[t("Runs by itself"), t("Last"), t("Next")]}
      minWidth={560}
    >
      {jobs.map((job) => (
        <Table.Tr key={job.name}>
          <Table.Td>{t(CRON_JOBS[job.name])}</Table.Td>
          <Table.Td>
            <When at={job.lastRunAt} />
          </Table.Td>
          <Table.Td>
            <When at={job.nextRunAt} />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}

function Numbers() {
  const { t, locale } = useWords();
  const stats = useDeliveryStats({});
  const percent = (rate: number | null) =>
    rate === null
      ? "–"
      : new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }).format(rate);
  const seconds = (ms: number | null) => (ms === null ? "–" : `${(ms / 1000).toFixed(1)} s`);
  const rows = (s: DeliveryStats): [string, string, string][] => [
    [t("Success rate"), percent(s.successRate), t("accepted / (accepted + failed)")],
    [t("Average delivery time"), seconds(s.averageDeliveryMs), t("from due to accepted by LINE")],
    [t("Response rate"), percent(s.responseRate), t("answered / accepted messages that asked")],
    [t("Messages"), number(s.total, locale), t("with an outcome")],
  ];
  return (
    <Section title={t("The last 30 days")}>
      <Problem error={stats.error} again={stats.refetch} />
      {stats.data && (
        <Group gap="xl">
          {rows(stats.data).map(([label, value, formula]) => (
            <Stack key={label} gap={0}>
              <Text size="sm">{label}</Text>
              <Text size="xl" fw={700}>
                {value}
              </Text>
              <Text size="xs" c="dimmed">
                {formula}
              </Text>
            </Stack>
          ))}
        </Group>
      )}
    </Section>
  );
}

function Activity() {
  const { t, tell } = useWords();
  const log = useListAudit({ limit: 30 });
  return (
    <Section title={t("Activity")}>
      <Problem error={log.error} again={log.refetch} />
      {log.isLoading && <Loading />}
      <Sideways label={t("Activity")}>
        <Table miw={560} verticalSpacing={4} aria-label={t("Activity")}>
          <Table.Tbody>
            {log.data?.items.map((entry) => (
              <Table.Tr key={entry.id}>
                <Table.Td>
                  <When at={entry.at} />
                </Table.Td>
                <Table.Td>{whoIn(entry.actor, t)}</Table.Td>
                <Table.Td>
                  <Text size="sm">{t(ACTIVITIES[entry.action])}</Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed">
                    {entry.change ? changed(entry.change, t, tell) : entry.detail}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Sideways>
    </Section>
  );
}
