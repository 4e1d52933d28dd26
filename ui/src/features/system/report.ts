// What whoever helps needs to know, to be copied: states and counts alone. No name, no address, no
// token, no words of the core or of LINE, which may hold one.

import type { Health, JobsStats, Status } from "../../bindings";

export function reportOf(status: Status, health: Health, stats: JobsStats | undefined): string {
  const queues = Object.entries(stats?.queues ?? {}).map(
    ([name, { waiting, active, delayed, completed, failed }]) =>
      `queue ${name}: waiting ${waiting}, active ${active}, delayed ${delayed}, completed ${completed}, failed ${failed}`,
  );
  const work = (stats?.scheduler.cronJobs ?? []).map(
    ({ name, lastRunAt, nextRunAt }) => `work ${name}: last ${lastRunAt ?? "never"}, next ${nextRunAt}`,
  );
  const since = status.sendingSince ? ` since ${status.sendingSince}` : "";
  return [
    `Clinicue ${status.version}`,
    `practice: ${status.practice}; sending: ${status.sending}${since}; zone: ${status.timeZone}`,
    `health: ${health.status} at ${health.timestamp}`,
    ...health.checks.map(({ name, ok, finding }) => `${ok ? "ok " : "BAD"} ${name}: ${finding.code}`),
    ...queues,
    ...work,
  ].join("\n");
}
