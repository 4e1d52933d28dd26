// What the program says of itself and of who did what.

import type { AuditEntry, Health, JobsStats } from "../bindings";

const AT = "2026-11-24T02:10:00.000Z";

const counts = { waiting: 1, active: 0, delayed: 2, completed: 31, failed: 0 };

export const aJobsStats: JobsStats = {
  queues: { messageDelivery: counts, scheduledMessages: { ...counts, completed: 0 } },
  scheduler: {
    running: true,
    lastTickAt: AT,
    nextDueAt: AT,
    cronJobs: [{ name: "maintenance", cron: "0 * * * *", lastRunAt: null, nextRunAt: AT }],
  },
  timestamp: AT,
};

export const aHealth: Health = {
  status: "healthy",
  checks: [
    {
      name: "database",
      ok: true,
      detail: "can be read",
      finding: { code: "canBeRead", remarks: [] },
      seconds: null,
    },
  ],
  timestamp: AT,
};

export const anAuditEntry: AuditEntry = {
  id: "e1",
  at: AT,
  actor: "Nok",
  action: "sending.pause",
  subject: null,
  detail: null,
  change: null,
};
