//! The program's own recurring work, as rows with their next time: retry sweep, maintenance, probe
//! and backup. Times are in UTC.

use chrono_tz::Tz;

use super::{backup, uploads};
use crate::{
    clock::{DAY_MS, HOUR_MS, Timestamp},
    core::Core,
    domain::{trigger::Cron, upkeep::Upkeep},
    queue::{self, Name},
    store::{
        assignments, cron_jobs, deliveries,
        jobs::{self, Removed},
        media, strangers, unsent_messages, webhook_events, worklist,
    },
};

/// How long processed webhook events are remembered, to recognise a second delivery.
const EVENTS_KEPT_MS: i64 = 30 * DAY_MS;

/// How long a stranger's messages are kept after the last one.
const STRANGERS_KEPT_MS: i64 = 180 * DAY_MS;

/// The most deliveries of one sweep; the next takes the rest.
const MAX_SWEEP: usize = 10_000;

/// Rows the clean-up removes at once: a few milliseconds of the writer.
const MAX_PIECE: u32 = 500;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Report {
    pub(crate) removed: Removed,
    pub(crate) retried: usize,
}

/// Makes the missing rows.
pub(crate) async fn ensure(core: &Core) -> sqlx::Result<()> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    for &work in Upkeep::ALL {
        cron_jobs::ensure(&mut tx, work, next_after(work.cron(), now)).await?;
    }
    tx.commit().await
}

/// `None` where none is due.
pub(crate) async fn next_at(core: &Core) -> sqlx::Result<Option<Timestamp>> {
    Ok(cron_jobs::all(core.store.read()).await?.iter().map(|j| j.next_run_at).min())
}

/// Runs due work, each piece once however long ago it was due. A clock that was set back brings the
/// next time back as well. Returns how many deliveries moved.
pub(crate) async fn run_due(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let mut moved = 0;
    for job in cron_jobs::all(core.store.read()).await? {
        let next = next_after(&job.cron, now);
        if job.next_run_at > next {
            aim(core, job.name, None, next).await?;
        } else if job.next_run_at <= now {
            moved += run(core, job.name, now).await?;
            aim(core, job.name, Some(now), next).await?;
        }
    }
    Ok(moved)
}

async fn run(core: &Core, work: Upkeep, now: Timestamp) -> sqlx::Result<usize> {
    Ok(match work {
        Upkeep::RetrySweep => sweep(core, now).await?,
        Upkeep::ReachabilityProbe => {
            core.probe_bell.notify_one();
            0
        }
        Upkeep::Backup => {
            backup::nightly(core, now);
            0
        }
        Upkeep::Maintenance => maintenance(core, now).await?.retried,
    })
}

/// Runs a piece of work now, whenever it would be due, and notes it. Returns how many deliveries
/// moved.
pub(crate) async fn run_now(core: &Core, work: Upkeep) -> sqlx::Result<usize> {
    let now = core.now();
    let moved = run(core, work, now).await?;
    aim(core, work, Some(now), next_after(work.cron(), now)).await?;
    Ok(moved)
}

async fn aim(core: &Core, work: Upkeep, ran_at: Option<Timestamp>, next: Timestamp) -> sqlx::Result<()> {
    let mut tx = core.store.begin().await?;
    cron_jobs::aim(&mut tx, work, ran_at, next).await?;
    tx.commit().await?;
    Ok(())
}

pub(crate) async fn maintain(core: &Core) -> sqlx::Result<Report> {
    let now = core.now();
    let report = maintenance(core, now).await?;
    let next = next_after(Upkeep::Maintenance.cron(), now);
    aim(core, Upkeep::Maintenance, Some(now), next).await?;
    Ok(report)
}

/// Removes and closes in small pieces, so that due work never waits long for the writer; a piece
/// that was not done is done the next time.
async fn maintenance(core: &Core, now: Timestamp) -> sqlx::Result<Report> {
    let retention = &core.config.retention;
    let mut removed = remove_finished(core, now.plus_millis(-i64::from(retention.hours) * HOUR_MS)).await?;
    for name in Name::ALL {
        removed += keep_last(core, name).await?;
    }
    close_finished(core, now).await?;
    forget_events(core, now.plus_millis(-EVENTS_KEPT_MS)).await?;
    forget_unsent(core, now.plus_millis(-EVENTS_KEPT_MS)).await?;
    forget_strangers(core, now.plus_millis(-STRANGERS_KEPT_MS)).await?;
    expire_media(core, now.plus_millis(-i64::from(core.clinic().media_retention_days) * DAY_MS)).await?;
    erase_media(core).await?;
    uploads::tidy(core, now).await?;
    let retried = sweep(core, now).await?;
    tracing::info!(?removed, retried, "maintenance ran");
    Ok(Report { removed, retried })
}

/// What was removed stays so after an error.
pub(crate) async fn remove_finished(core: &Core, before: Timestamp) -> sqlx::Result<Removed> {
    let mut all = Removed::default();
    loop {
        let mut tx = core.store.begin().await?;
        let removed = jobs::remove_finished(&mut tx, &Name::STRS, before, MAX_PIECE).await?;
        tx.commit().await?;
        all += removed;
        if removed.all() == 0 {
            return Ok(all);
        }
    }
}

async fn keep_last(core: &Core, name: Name) -> sqlx::Result<Removed> {
    let kept = &core.config.retention;
    let mut all = Removed::default();
    loop {
        let mut tx = core.store.begin().await?;
        let removed = jobs::keep_last(&mut tx, name.as_str(), kept.completed_jobs, kept.failed_jobs).await?;
        tx.commit().await?;
        all += removed;
        if removed.all() == 0 {
            return Ok(all);
        }
    }
}

/// Closes the assignments to which nothing can come any more, where that was missed.
async fn close_finished(core: &Core, now: Timestamp) -> sqlx::Result<()> {
    let mut after = None;
    loop {
        let mut tx = core.store.begin().await?;
        let some = assignments::without_next(&mut tx, after, MAX_PIECE).await?;
        let Some(last) = some.last() else { return Ok(()) };
        after = Some(*last);
        assignments::complete_finished(&mut tx, &some, now).await?;
        tx.commit().await?;
    }
}

async fn forget_events(core: &Core, before: Timestamp) -> sqlx::Result<()> {
    loop {
        let mut tx = core.store.begin().await?;
        let forgotten = webhook_events::forget(&mut tx, before, MAX_PIECE).await?;
        tx.commit().await?;
        if forgotten < u64::from(MAX_PIECE) {
            return Ok(());
        }
    }
}

async fn forget_unsent(core: &Core, before: Timestamp) -> sqlx::Result<()> {
    let mut tx = core.store.begin().await?;
    unsent_messages::forget(&mut tx, before).await?;
    tx.commit().await
}

async fn forget_strangers(core: &Core, before: Timestamp) -> sqlx::Result<()> {
    loop {
        let mut tx = core.store.begin().await?;
        let forgotten = strangers::forget(&mut tx, before, MAX_PIECE).await?;
        tx.commit().await?;
        if forgotten < u64::from(MAX_PIECE) {
            return Ok(());
        }
    }
}

/// Gives up files whose retention time has passed; the fetcher deletes them.
async fn expire_media(core: &Core, before: Timestamp) -> sqlx::Result<()> {
    loop {
        let mut tx = core.store.begin().await?;
        let forgotten = media::expire(&mut tx, before, MAX_PIECE).await?;
        tx.commit().await?;
        if forgotten < u64::from(MAX_PIECE) {
            return Ok(());
        }
    }
}

/// Gives up the files of messages that no longer exist, with all data about them.
pub(crate) async fn erase_media(core: &Core) -> sqlx::Result<()> {
    let mut after = None;
    while let (Some(last), without) = media::without_message(core.store.read(), after, MAX_PIECE).await? {
        after = Some(last);
        if !without.is_empty() {
            let mut tx = core.store.begin().await?;
            media::erase(&mut tx, &without).await?;
            tx.commit().await?;
        }
    }
    core.media_bell.notify_one();
    Ok(())
}

pub(super) async fn sweep(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let mut all = 0;
    while all < MAX_SWEEP {
        let mut tx = core.store.begin().await?;
        let swept = deliveries::sweep(&mut tx, now, MAX_PIECE).await?;
        let jobs: Vec<_> = swept.iter().map(jobs::New::from).collect();
        queue::enqueue(&mut tx, Name::MessageDelivery, &jobs).await?;
        tx.commit().await?;
        core.queues.wake(Name::MessageDelivery);
        all += swept.len();
        if swept.len() < MAX_PIECE as usize {
            break;
        }
    }
    follow_expired(core, now).await?;
    Ok(all)
}

/// Puts failed messages that have expired onto the worklist.
async fn follow_expired(core: &Core, now: Timestamp) -> sqlx::Result<()> {
    loop {
        let mut tx = core.store.begin().await?;
        let followed = worklist::open_expired(&mut tx, now, MAX_PIECE).await?;
        tx.commit().await?;
        if followed < MAX_PIECE as usize {
            return Ok(());
        }
    }
}

fn next_after(cron: &str, now: Timestamp) -> Timestamp {
    Cron::parse(cron, "cron")
        .ok()
        .and_then(|c| c.next_after(now, Tz::UTC))
        .unwrap_or_else(|| now.plus_millis(HOUR_MS))
}
