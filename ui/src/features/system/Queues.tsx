// How many messages stand where, and the way to stop them all.

import { Skeleton, Text } from "@mantine/core";
import type { JobsStats, QueueCounts } from "../../bindings";
import { Problem, Section, When } from "../../components/kit";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { QUEUES } from "../../labels";
import { number } from "../../lib/format";
import { useJobsStats } from "../../queries";
import { PauseAllButton } from "../../shared/pauseAll";
import { Workers } from "./Workers";

/** How often the numbers are counted anew where nothing says that they changed. */
export const LOOK_EVERY = 15_000;

const COUNTS: [key: keyof QueueCounts, label: Label][] = [
  ["waiting", "Waiting"],
  ["active", "Being sent"],
  ["delayed", "For later"],
  ["completed", "Done (kept)"],
  ["failed", "Failed (kept)"],
];

export function Queues() {
  const { t } = useWords();
  const { data, error, isLoading, refetch } = useJobsStats({}, { refetchInterval: LOOK_EVERY });
  return (
    <Section title={t("Messages on their way")} actions={<PauseAllButton />}>
      <Problem error={error} again={refetch} />
      {isLoading && <Skeleton h={{ base: 470, sm: 155 }} aria-busy="true" />}
      {data && <Counted stats={data} />}
      {data && <Workers />}
    </Section>
  );
}

function Counted({ stats: { queues, scheduler } }: { stats: JobsStats }) {
  const { t } = useWords();
  return (
    <>
      <StackedTable
        label={t("Messages on their way")}
        columns={["", ...COUNTS.map(([, label]) => t(label))]}
        minWidth={560}
      >
        <QueueRow name={t(QUEUES.messageDelivery)} counts={queues.messageDelivery} />
        <QueueRow name={t(QUEUES.scheduledMessages)} counts={queues.scheduledMessages} />
      </StackedTable>
      <Text size="sm">
        {t("Timetable last looked")}: <When at={scheduler.lastTickAt} /> · {t("Next message")}:{" "}
        <When at={scheduler.nextDueAt} />
      </Text>
    </>
  );
}

function QueueRow({ name, counts }: { name: string; counts: QueueCounts }) {
  const { t, locale } = useWords();
  return (
    <Row>
      <Cell>
        <b>{name}</b>
      </Cell>
      {COUNTS.map(([key, label]) => (
        <Cell key={key} label={t(label)}>
          {number(counts[key], locale)}
        </Cell>
      ))}
    </Row>
  );
}
