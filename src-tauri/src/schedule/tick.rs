//! Brings due work into the queue: steps of assignments, messages whose time has come, messages
//! that wait for another attempt. The cost grows with what is due, not with what is active.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{MAX_BATCH, plan_batch::plan_batch, recurring, replan, waiting};
use crate::{
    clock::{MINUTE_MS, Timestamp},
    core::Core,
    domain::work::Reason,
    ids::WorkId,
    store::{assignments, deliveries, interactions, worklist},
};

/// The longest sleep between two ticks: clocks jump and machines sleep.
pub(crate) const MAX_WAIT_MS: i64 = MINUTE_MS;

/// The pause after a tick that moved nothing although something is due.
const AFTER_NOTHING_MS: i64 = 1_000;

/// The least pause after an error of the database.
const AFTER_AN_ERROR_MS: i64 = 1_000;

/// Runs the tick until `stop`: at the instant something is due, when the bell rings, and at
/// least once a minute.
pub(crate) async fn run(core: Arc<Core>, stop: CancellationToken) {
    loop {
        let ticked = tick(&core).await;
        if let Err(error) = &ticked {
            tracing::error!(%error, "a tick failed; it runs again");
        }
        let wait = match (ticked, next_at(&core).await) {
            (Ok(moved), Ok(next)) => wait_ms(moved, next.millis_since(core.now())),
            _ => AFTER_AN_ERROR_MS,
        };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())) => {}
            () = core.tick_bell.notified() => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Milliseconds to sleep after a tick that moved `moved` deliveries, where the next is due in
/// `due_in_ms`. Overdue work that could not be moved is not tried again at once.
const fn wait_ms(moved: usize, due_in_ms: i64) -> i64 {
    if due_in_ms > MAX_WAIT_MS {
        MAX_WAIT_MS
    } else if due_in_ms > 0 {
        due_in_ms
    } else if moved > 0 {
        1
    } else {
        AFTER_NOTHING_MS
    }
}

/// Does everything that is due now. Returns how many deliveries it moved.
///
/// # Errors
/// The database failed; what was committed stays, the rest is still due.
pub async fn tick(core: &Core) -> sqlx::Result<usize> {
    let now = core.now();
    let mut moved = recurring::run_due(core, now).await?;
    moved += batches(core, waiting::expire_batch, now).await?;
    moved += batches(core, missed_batch, now).await?;
    moved += waiting::look_at_channel(core, now).await?;
    waiting::let_go_again(core, now).await?;
    moved += batches(core, waiting::due_batch, now).await?;
    moved += waiting::release_batch(core, now).await?;
    moved += batches(core, plan_batch, now).await?;
    moved += waiting::free_stuck(core, now).await?;
    moved += replan::batch(core, now).await?;
    core.set_ticked_at(now);
    Ok(moved)
}

async fn next_at(core: &Core) -> sqlx::Result<Timestamp> {
    let mut next = core.now().plus_millis(MAX_WAIT_MS);
    let waiting = waiting::next_at(core).await?;
    let planned = assignments::next_due_at(core.store.read()).await?;
    let cron = recurring::next_at(core).await?;
    let unanswered = deliveries::next_answer_by(core.store.read()).await?;
    for at in [waiting, planned, cron, unanswered].into_iter().flatten() {
        next = next.min(at);
    }
    Ok(next)
}

/// Calls `batch` until a batch is not full.
async fn batches(
    core: &Core,
    batch: impl AsyncFn(&Core, Timestamp) -> sqlx::Result<usize>,
    now: Timestamp,
) -> sqlx::Result<usize> {
    let mut all = 0;
    loop {
        let moved = batch(core, now).await?;
        all += moved;
        if moved < MAX_BATCH as usize {
            return Ok(all);
        }
    }
}

/// Marks questions whose window has passed as missed, puts their patients on the worklist, and
/// closes the assignments that waited only for them.
async fn missed_batch(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let mut tx = core.store.begin().await?;
    let missed = deliveries::take_unanswered(&mut tx, now, MAX_BATCH).await?;
    if missed.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = missed.iter().map(|m| m.id).collect();
    interactions::miss(&mut tx, &ids, core.clinic().time_zone).await?;
    let items: Vec<_> = missed
        .iter()
        .filter(|m| m.runs)
        .map(|m| worklist::New {
            id: WorkId::new(now),
            patient_id: m.patient_id,
            delivery_id: Some(m.id),
            reason: Reason::Missed,
            detail: None,
            since: None,
        })
        .collect();
    worklist::open(&mut tx, &items, now).await?;
    let mut assignments: Vec<_> = missed.iter().filter_map(|m| m.assignment_id).collect();
    assignments.sort_unstable();
    assignments.dedup();
    assignments::complete_finished(&mut tx, &assignments, now).await?;
    tx.commit().await?;
    Ok(missed.len())
}
