//! The queues, the scheduler and its recurring work.

use super::{
    Caller, audit,
    wire::{Nothing, inputs, outputs},
};
use crate::{
    clock::{HOUR_MS, Timestamp},
    core::Core,
    domain::{
        activity::{Act, Change},
        upkeep::Upkeep,
    },
    error::Result,
    queue::{self, Name},
    schedule::{recurring, tick},
    store::{assignments, cron_jobs, deliveries, jobs},
};

inputs! {
    /// Which finished jobs are removed.
    pub(crate) struct Cleanup {
        /// The least age in hours, 0 to 8,760; 24 where left out.
        #[serde(default)]
        #[garde(range(max = 8_760))]
        pub(crate) hours: Option<u32>,
    }

    /// Recurring work that is to be run now.
    pub(crate) struct RunUpkeep {
        /// The piece of work.
        pub(crate) name: Upkeep,
    }
}

outputs! {
    /// The result of recurring work that was run.
    pub(crate) struct UpkeepRun {
        /// The work that was done or begun: a backup and the question about patients continue in
        /// the background.
        pub(crate) name: Upkeep,
        /// Failed messages that were queued again.
        pub(crate) retried: u64,
        /// When it was run, by the program's clock.
        pub(crate) ran_at: Timestamp,
    }

    /// The number of jobs in one queue, by state.
    pub(crate) struct QueueCounts {
        /// Jobs that are ready and not begun.
        pub(crate) waiting: i64,
        /// Jobs that run at this moment.
        pub(crate) active: i64,
        /// Accepted for later, wherever it waits.
        pub(crate) delayed: i64,
        /// Jobs that ended well and are still kept.
        pub(crate) completed: i64,
        /// Jobs that failed and are still kept.
        pub(crate) failed: i64,
    }

    /// The counts of each queue.
    pub(crate) struct Queues {
        /// Jobs of messages that are due.
        pub(crate) message_delivery: QueueCounts,
        /// Jobs of scheduled and recurring messages.
        pub(crate) scheduled_messages: QueueCounts,
    }

    /// A piece of the program's recurring work, and its times.
    pub(crate) struct CronJob {
        /// The piece of work.
        pub(crate) name: Upkeep,
        /// A five-field cron expression; its times are in UTC.
        pub(crate) cron: String,
        /// When it last ran; null before the first time.
        pub(crate) last_run_at: Option<Timestamp>,
        /// Its next time by `cron`.
        pub(crate) next_run_at: Timestamp,
    }

    /// The scheduler, which looks for due work.
    pub(crate) struct Scheduler {
        /// Whether it looked within the last two minutes.
        pub(crate) running: bool,
        /// When it last looked for due work; null before the first time.
        pub(crate) last_tick_at: Option<Timestamp>,
        /// When anything is due next; null where nothing is planned.
        pub(crate) next_due_at: Option<Timestamp>,
        /// All recurring work of the program, always complete.
        pub(crate) cron_jobs: Vec<CronJob>,
    }

    /// The state of the queues and of recurring work.
    pub(crate) struct JobsStats {
        pub(crate) queues: Queues,
        /// The scheduler, and its recurring work.
        pub(crate) scheduler: Scheduler,
        /// When the numbers were counted.
        pub(crate) timestamp: Timestamp,
    }

    /// How many finished jobs were removed.
    pub(crate) struct Removed {
        /// Jobs of messages that were sent or cancelled.
        pub(crate) completed_jobs: u64,
        /// Jobs of messages that failed or wait for a person.
        pub(crate) failed_jobs: u64,
    }

    /// What one run of the maintenance did.
    pub(crate) struct MaintenanceReport {
        /// Finished jobs it removed for their age.
        pub(crate) removed: Removed,
        /// Failed deliveries that were queued again.
        pub(crate) retried: u64,
        /// When the maintenance ended.
        pub(crate) ran_at: Timestamp,
    }
}

/// Milliseconds after which the scheduler is late: twice its longest wait between two looks.
const LATE_MS: i64 = 2 * tick::MAX_WAIT_MS;

pub(crate) async fn stats(core: &Core, _: &Caller, _: Nothing) -> Result<JobsStats> {
    let pool = core.store.read();
    let [delivery, scheduled] = queue::counts(&core.store, &core.queues).await?;
    let later = deliveries::count_waiting(pool).await?;
    let counts = |c: queue::Counts, delayed| QueueCounts {
        waiting: c.waiting,
        active: c.active,
        delayed,
        completed: c.completed,
        failed: c.failed,
    };
    let cron_jobs = cron_jobs::all(pool).await?.into_iter().map(|j| CronJob {
        name: j.name,
        cron: j.cron,
        last_run_at: j.last_run_at,
        next_run_at: j.next_run_at,
    });
    let now = core.now();
    Ok(JobsStats {
        queues: Queues {
            message_delivery: counts(delivery, later.others),
            scheduled_messages: counts(scheduled, later.scheduled),
        },
        scheduler: Scheduler {
            running: ticks(core, now),
            last_tick_at: core.ticked_at(),
            next_due_at: next_due_at(core).await?,
            cron_jobs: cron_jobs.collect(),
        },
        timestamp: now,
    })
}

pub(super) fn ticks(core: &Core, now: Timestamp) -> bool {
    core.ticked_at().is_some_and(|at| now.millis_since(at).abs() <= LATE_MS)
}

/// When the next message is due: a step of a follow-up or a waiting message.
pub(super) async fn next_due_at(core: &Core) -> Result<Option<Timestamp>> {
    let pool = core.store.read();
    let waiting = deliveries::next_attempt_at(pool).await?;
    let planned = assignments::next_due_at(pool).await?;
    Ok(waiting.into_iter().chain(planned).min())
}

pub(crate) async fn maintenance(core: &Core, who: &Caller, _: Nothing) -> Result<MaintenanceReport> {
    let report = recurring::maintain(core).await?;
    let mut tx = core.store.begin().await?;
    audit(&mut tx, core, who, Act::JobsMaintenance, None, None).await?;
    tx.commit().await?;
    Ok(MaintenanceReport {
        removed: report.removed.into(),
        retried: report.retried as u64,
        ran_at: core.now(),
    })
}

pub(crate) async fn run(core: &Core, who: &Caller, input: RunUpkeep) -> Result<UpkeepRun> {
    let retried = recurring::run_now(core, input.name).await? as u64;
    let mut tx = core.store.begin().await?;
    audit(&mut tx, core, who, Act::JobsRun, Some(input.name.to_string()), None).await?;
    tx.commit().await?;
    Ok(UpkeepRun { name: input.name, retried, ran_at: core.now() })
}

pub(crate) async fn look_at_cleanup(core: &Core, _: &Caller, input: Cleanup) -> Result<Removed> {
    Ok(jobs::count_finished(core.store.read(), &Name::STRS, before(core, &input)).await?.into())
}

fn before(core: &Core, input: &Cleanup) -> Timestamp {
    let hours = input.hours.unwrap_or(core.config.retention.hours);
    core.now().plus_millis(-i64::from(hours) * HOUR_MS)
}

pub(crate) async fn cleanup(core: &Core, who: &Caller, input: Cleanup) -> Result<Removed> {
    let hours = input.hours.unwrap_or(core.config.retention.hours);
    let removed = recurring::remove_finished(core, before(core, &input)).await?;
    let change = Some(Change::Removed { hours, count: removed.all() });
    let mut tx = core.store.begin().await?;
    audit(&mut tx, core, who, Act::JobsCleanup, None, change).await?;
    tx.commit().await?;
    Ok(removed.into())
}

impl From<jobs::Removed> for Removed {
    fn from(r: jobs::Removed) -> Self {
        Self { completed_jobs: r.completed, failed_jobs: r.failed }
    }
}
