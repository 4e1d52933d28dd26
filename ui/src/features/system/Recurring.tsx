// What the program does by the clock, and any of it at once.

import { Button, Skeleton, Text } from "@mantine/core";
import { type CronJob, commands, type Upkeep, type UpkeepRun } from "../../bindings";
import { Problem, Section, When } from "../../components/kit";
import { useMay } from "../../components/may";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { CRON_JOBS } from "../../labels";
import { useAct } from "../../lib/live";
import { useJobsStats } from "../../queries";
import { LOOK_EVERY } from "./Queues";

export function Recurring() {
  const { t } = useWords();
  const isAllowed = useMay();
  const stats = useJobsStats({}, { refetchInterval: LOOK_EVERY });
  const run = useAct(commands.runUpkeep);
  const mayRun = isAllowed("run_upkeep");
  // The queues above say why it could not be read, from the same answer.
  if (stats.error && !stats.data) return null;
  const columns = [t("What is done"), t("Last"), t("Next")];
  return (
    <Section title={t("Runs by itself")}>
      {stats.isLoading && <Skeleton h={{ base: mayRun ? 640 : 450, sm: mayRun ? 270 : 215 }} />}
      {stats.data && (
        <StackedTable
          label={t("Runs by itself")}
          columns={mayRun ? [...columns, null] : columns}
          minWidth={560}
        >
          {stats.data.scheduler.cronJobs.map((job) => (
            <Work key={job.name} job={job}>
              {mayRun && (
                <RunNow
                  name={job.name}
                  isRunning={run.isPending && run.variables.name === job.name}
                  isHeld={run.isPending}
                  run={() => run.mutate({ name: job.name })}
                />
              )}
            </Work>
          ))}
        </StackedTable>
      )}
      {mayRun && (
        <Text size="sm" role="status">
          {run.isSuccess && came(run.data, t)}
        </Text>
      )}
      <Problem error={run.error} />
    </Section>
  );
}

function Work({ job, children }: { job: CronJob; children: React.ReactNode }) {
  const { t } = useWords();
  return (
    <Row>
      <Cell>{t(CRON_JOBS[job.name])}</Cell>
      <Cell label={t("Last")}>
        <When at={job.lastRunAt} />
      </Cell>
      <Cell label={t("Next")}>
        <When at={job.nextRunAt} />
      </Cell>
      {children && <Cell>{children}</Cell>}
    </Row>
  );
}

type Run = { name: Upkeep; isRunning: boolean; isHeld: boolean; run: () => void };

function RunNow({ name, isRunning, isHeld, run }: Run) {
  const { t } = useWords();
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={t("Run now: {what}", { what: t(CRON_JOBS[name]) })}
      loading={isRunning}
      disabled={isHeld && !isRunning}
      onClick={run}
    >
      {t("Run now")}
    </Button>
  );
}

/** What came of it. A backup and the question after patients have only begun by then. */
function came({ name, retried: n }: UpkeepRun, t: Translate): string {
  const outcomes: Record<Upkeep, string> = {
    backup: t("Begun: a backup is being made. When it is done, it stands under Backups."),
    "reachability-probe": t(
      "Begun: LINE is asked whether patients whose next message is near can be reached.",
    ),
    maintenance: t(
      "Maintenance is done; {n, plural, one {# failed message is} other {# failed messages are}} tried again.",
      { n },
    ),
    "retry-sweep":
      n > 0
        ? t("{n, plural, one {# failed message is} other {# failed messages are}} tried again.", { n })
        : t("Done: there was no failed message to be tried again by itself."),
  };
  return outcomes[name];
}
