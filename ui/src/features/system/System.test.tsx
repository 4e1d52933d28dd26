import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { AuditEntry, Backups, Check, CronJob, DeliveryStats, Task, UpkeepRun } from "../../bindings";
import { chooseLocale } from "../../i18n";
import { type Core, openApp, refuse } from "../../testing/app";
import { aHealth, aJobsStats, anAuditEntry, aStatus, page } from "../../testing/fixtures";

const numbers: DeliveryStats = {
  from: "",
  to: "",
  total: 40,
  sent: 39,
  failed: 1,
  delivered: 0,
  read: 0,
  responded: 0,
  missed: 0,
  successRate: 0.975,
  averageDeliveryMs: 1200,
  responseRate: null,
};
const aTask: Task = {
  id: "k1",
  state: "running",
  done: 0,
  total: 1,
  problem: null,
  problemCode: null,
  refusal: null,
};
const core: Core = {
  jobsHealth: () => aHealth,
  jobsStats: () => aJobsStats,
  deliveryStats: () => numbers,
  listAudit: () => page(anAuditEntry),
  listBackups: () => backups,
};

const backups: Backups = {
  items: [
    {
      name: "20261129T180000.000Z",
      madeAt: "2026-11-29T18:00:00.000Z",
      version: "0.1.0",
      databaseBytes: 2_400_000,
      files: 3,
      fileBytes: 900_000,
    },
  ],
  folder: "/var/lib/clinicue/backups",
  kept: 7,
  nextAt: "2026-11-30T18:00:00.000Z",
  runningSince: null,
  failed: null,
  restorable: true,
  restoredAt: null,
  notRestored: null,
};

test("whose messages are being sent at this moment, and for how long", async () => {
  await openApp("/system", {
    ...core,
    listWorkers: () => ({
      items: [
        {
          queue: "messageDelivery",
          name: "message-delivery-x",
          slots: 10,
          active: 1,
          claimed: 3,
          workingOn: [{ messageId: "m1", patientId: "p1", patientName: "Somchai Jaidee", runningMs: 2_100 }],
        },
        { queue: "scheduledMessages", name: null, slots: 0, active: 0, claimed: 0, workingOn: [] },
      ],
    }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Show what is being sent" }));
  const due = within(await screen.findByRole("group", { name: "Due messages" }));
  expect(due.getByText(/1 of 10 places busy · 3 more are taken/)).toBeVisible();
  expect(due.getByRole("link", { name: "Somchai Jaidee" })).toHaveAttribute("href", "/patients/p1");
  expect(due.getByText("2 secs")).toBeVisible();
  const scheduled = screen.getByRole("group", { name: "Scheduled messages" });
  expect(scheduled).toHaveTextContent("nobody is at work: it is being started again");
});

test("the backups there are, and one is made now", async () => {
  let made = false;
  await openApp("/system", {
    ...core,
    listBackups: () => (made ? { ...backups, items: [] } : backups),
    makeBackup: () => {
      made = true;
      return { ...aTask, state: "running" };
    },
    getTask: () => ({ ...aTask, state: "done", done: 1 }),
  });
  const table = await screen.findByRole("table", { name: "Backups" });
  expect(within(table).getByRole("row", { name: /2.4 MB 3 · 900 kB 20261129T180000.000Z/ })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Back up now" }));
  expect(await screen.findByText("The backup is made.")).toBeVisible();
});

const [aBackup] = backups.items as [Backups["items"][number]];

/** Chooses the backup and types the clinic's name; what was asked for is in the answer. */
async function putBack(then: () => Partial<Backups>) {
  let asked: object | undefined;
  await openApp("/system", {
    ...core,
    listBackups: () => ({ ...backups, ...(asked ? then() : {}) }),
    lookAtBackup: () => ({ backup: aBackup, messages: 12, patients: 0, acts: 1 }),
    restoreBackup: (input) => {
      asked = input;
      return { link: "http://127.0.0.1:1/signin?code=x" };
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: /^Put back the backup of/ }));
  const dialog = await screen.findByRole("dialog", { name: "Put a backup back" });
  expect(await within(dialog).findByText("12 messages that were sent or failed")).toBeVisible();
  expect(within(dialog).getByText("1 entry of the activity")).toBeVisible();
  expect(within(dialog).queryByText(/who was added/)).toBeNull();
  const act = within(dialog).getByRole("button", { name: "Put the backup back" });
  expect(act).toBeDisabled();
  await userEvent.type(
    within(dialog).getByLabelText("Type the clinic’s name to put the backup back"),
    aStatus.clinicName,
  );
  await userEvent.click(act);
  return () => asked;
}

test("a backup is put back once what leaves sight was seen and the clinic's name typed", async () => {
  const asked = await putBack(() => ({ restoredAt: "2026-11-30T09:00:00.000Z" }));
  expect(await screen.findByText(/^The backup is back/)).toBeVisible();
  expect(asked()).toEqual({ name: aBackup.name, confirmName: aBackup.name });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("where none can be put back no button offers it", async () => {
  await openApp("/system", { ...core, listBackups: () => ({ ...backups, restorable: false }) });
  expect(await screen.findByText(aBackup.name)).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Put back/ })).toBeNull();
});

test("a backup that could not be put back says that the data are as they were", async () => {
  const refusal = { code: "database", trouble: "files" } as const;
  await putBack(() => ({ notRestored: { at: "2026-11-30T09:00:00.000Z", problem: "", refusal } }));
  const dialog = within(screen.getByRole("dialog"));
  expect(await dialog.findByText(/the data are as they were/)).toBeVisible();
  await userEvent.click(dialog.getByText("Close", { selector: "span" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.getByText(/the data are as they were/)).toBeVisible();
});

test("no backup, and one that could not be made, are said in words", async () => {
  const failed = {
    at: "2026-11-29T18:00:00.000Z",
    problem: "",
    refusal: { code: "noRoomForBackup", needed: 96_000_001, free: 4_999_999 },
  } as const;
  await openApp("/system", { ...core, listBackups: () => ({ ...backups, items: [], failed }) });
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("a backup needs 97 MB free on the disk, and 4 MB are; make room first");
  expect(screen.getByText(/There is no backup yet/)).toBeVisible();
});

test("health, queues, numbers, and who did what", async () => {
  await openApp("/system", core);
  expect(await screen.findByText("Everything works")).toBeVisible();
  const queues = await screen.findByRole("table", { name: "Messages on their way" });
  expect(within(queues).getByRole("row", { name: "Due messages 1 0 2 31 0" })).toBeVisible();
  expect(await screen.findByText("97.5%")).toBeVisible();
  const activity = await screen.findByRole("table", { name: "Activity" });
  expect(within(activity).getByRole("row", { name: /Sending paused Nok/ })).toBeVisible();
});

test("what does not work is said beside what does", async () => {
  const broken: Check = {
    name: "writer",
    ok: false,
    detail: "",
    finding: { code: "trouble", trouble: "full" },
    seconds: null,
  };
  await openApp("/system", {
    ...core,
    jobsHealth: () => ({ ...aHealth, status: "unhealthy", checks: [...aHealth.checks, broken] }),
    jobsStats: refuse("the queues cannot be read"),
  });
  expect(await screen.findByText("Something is wrong")).toBeVisible();
  expect(screen.getByLabelText("Does not work")).toBeInTheDocument();
  expect(screen.getByText(/there is no room on the disk/)).toBeVisible();
  expect(await screen.findByRole("alert")).toHaveTextContent("the queues cannot be read");
  expect(screen.queryByRole("heading", { name: "Runs by itself" })).toBeNull();
});

test("what the core finds and notes is said in the reader's language", async () => {
  const pause: AuditEntry = {
    ...anAuditEntry,
    action: "assignment.pause",
    change: { code: "status", from: "active", to: "paused", held: 2, cancelled: 0 },
  };
  await openApp("/system", { ...core, listAudit: () => page(pause) });
  await act(() => chooseLocale("th"));
  expect(await screen.findByText("อ่านได้", { exact: false })).toBeVisible();
  expect(await screen.findByText("กำลังติดตาม → หยุดพักอยู่ พักข้อความที่รอ 2 รายการ")).toBeVisible();
});

test("maintenance is run, and says what it did", async () => {
  await openApp("/system", {
    ...core,
    runMaintenance: () => ({ removed: { completedJobs: 4, failedJobs: 1 }, retried: 2, ranAt: "" }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Run maintenance now" }));
  expect(await screen.findByText("Done: 5 finished entries removed, 2 messages tried again.")).toBeVisible();
});

test("only an administrator cares for the list and reads the log", async () => {
  await openApp("/system", { ...core, status: () => ({ ...aStatus, role: "operator" }) });
  expect(await screen.findByText("Everything works")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Run maintenance now" })).toBeNull();
  expect(screen.queryByRole("table", { name: "Activity" })).toBeNull();
});

test("finished entries older than some hours are removed", async () => {
  const { asked } = await openApp("/system", {
    ...core,
    cleanupJobs: () => ({ completedJobs: 1, failedJobs: 0 }),
  });
  const hours = await screen.findByRole("textbox", { name: "Older than hours" });
  await userEvent.clear(hours);
  await userEvent.type(hours, "48");
  await userEvent.click(screen.getByRole("button", { name: "Clean up" }));
  expect(await screen.findByText("1 finished entry removed.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("cleanupJobs", { hours: 48 });
});

test("a clean-up that is refused says why", async () => {
  await openApp("/system", { ...core, cleanupJobs: refuse("the list is locked") });
  await userEvent.click(await screen.findByRole("button", { name: "Clean up" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is locked");
});

test("a report is copied that names nobody, and what fails leads to its mend", async () => {
  const user = userEvent.setup();
  const lost: Check = {
    name: "line",
    ok: false,
    detail: "",
    finding: { code: "notConnected" },
    seconds: null,
  };
  await openApp("/system", {
    ...core,
    jobsHealth: () => ({ ...aHealth, status: "unhealthy", checks: [...aHealth.checks, lost] }),
  });
  expect(await screen.findByText("1 of 2 checks are in order.")).toBeVisible();
  expect(screen.getByRole("link", { name: "Mend it under Settings" })).toHaveAttribute(
    "href",
    "/settings#line",
  );
  await user.click(screen.getByRole("button", { name: "Copy for support" }));
  expect(await screen.findByText("Copied.")).toBeVisible();
  const report = await navigator.clipboard.readText();
  expect(report).toContain("BAD line: notConnected");
  expect(report).not.toContain("Suan Dok");
  await user.click(screen.getByText("What is copied"));
  expect(screen.getByText(/BAD line: notConnected/).textContent).toBe(report);
});

const ran = (name: UpkeepRun["name"], retried = 0): UpkeepRun => ({ name, retried, ranAt: "" });

test.each([
  [
    "Backup of everything",
    "backup",
    0,
    "Begun: a backup is being made. When it is done, it stands under Backups.",
  ],
  ["Look whether patients can be reached", "reachability-probe", 0, /^Begun: LINE is asked/],
  ["Maintenance", "maintenance", 2, "Maintenance is done; 2 failed messages are tried again."],
  ["Retry of failed messages", "retry-sweep", 1, "1 failed message is tried again."],
  ["Retry of failed messages", "retry-sweep", 0, /^Done: there was no failed message/],
] as const)("%s is run now, and what came of it is said", async (label, name, retried, said) => {
  const { asked } = await openApp("/system", {
    ...core,
    jobsStats: () => ({ ...aJobsStats, scheduler: { ...aJobsStats.scheduler, cronJobs: [aJob(name)] } }),
    runUpkeep: () => ran(name, retried),
  });
  await userEvent.click(await screen.findByRole("button", { name: `Run now: ${label}` }));
  expect(await screen.findByText(said)).toBeVisible();
  expect(asked).toHaveBeenCalledWith("runUpkeep", { name });
});

const aJob = (name: UpkeepRun["name"]): CronJob => ({
  name,
  cron: "0 * * * *",
  lastRunAt: null,
  nextRunAt: "2026-11-29T18:00:00.000Z",
});

test("work that cannot be run says why", async () => {
  await openApp("/system", {
    ...core,
    jobsStats: () => ({ ...aJobsStats, scheduler: { ...aJobsStats.scheduler, cronJobs: [aJob("backup")] } }),
    runUpkeep: refuse("a backup is being made"),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Run now: Backup of everything" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("a backup is being made");
});

test("who is no administrator sees what runs by itself, and runs nothing", async () => {
  await openApp("/system", {
    ...core,
    status: () => ({ ...aStatus, role: "operator" }),
    jobsStats: () => ({ ...aJobsStats, scheduler: { ...aJobsStats.scheduler, cronJobs: [aJob("backup")] } }),
  });
  expect(await screen.findByRole("table", { name: "Runs by itself" })).toBeVisible();
  expect(screen.queryByRole("button", { name: /^Run now/ })).toBeNull();
});

/** The pause of the header stands here, too. */
const pauseOf = (name: string) =>
  within(
    screen.getByRole("heading", { name: "Messages on their way" }).parentElement ?? document.body,
  ).getByRole("button", { name });

test("all sending is paused and begun again beside the queues", async () => {
  let isPaused = false;
  const { asked } = await openApp("/system", {
    ...core,
    status: () => ({ ...aStatus, sending: isPaused ? "paused" : "practice" }),
    pauseSending: () => {
      isPaused = true;
      return aStatus;
    },
  });
  await screen.findByRole("table", { name: "Messages on their way" });
  await userEvent.click(pauseOf("Pause all sending"));
  expect(asked).toHaveBeenCalledWith("pauseSending", {});
  await waitFor(() => expect(pauseOf("Send again")).toBeVisible());
});

test("while it is paused at one place, every place is busy", async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const pauseSending = async () => {
    await answered;
    return aStatus;
  };
  const { asked } = await openApp("/system", { ...core, pauseSending });
  await screen.findByRole("table", { name: "Messages on their way" });
  const all = screen.getAllByRole("button", { name: "Pause all sending" });
  expect(all).toHaveLength(2);
  await userEvent.click(pauseOf("Pause all sending"));
  for (const one of all) await waitFor(() => expect(one).toBeDisabled());
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "What you look for" }), "pause{Enter}");
  answer();
  for (const one of all) await waitFor(() => expect(one).toBeEnabled());
  expect(asked.mock.calls.filter(([name]) => name === "pauseSending")).toHaveLength(1);
});

test("whoever only looks cannot pause", async () => {
  await openApp("/system", { ...core, status: () => ({ ...aStatus, role: "viewer" }) });
  await screen.findByRole("table", { name: "Messages on their way" });
  expect(screen.queryByRole("button", { name: "Pause all sending" })).toBeNull();
});
