//! Recovery at a start: half-done work of the last run goes on.

use super::repeat;
use crate::{
    core::Core,
    queue::{self, Name},
    store::{
        deliveries::{self, InFlightAtEnd},
        interactions, jobs, statistics,
    },
};

/// Repairs what the last run left: sums by another zone's days are recounted, claimed jobs are
/// given back, queued deliveries without a job get one, repetitions without a next time get it, and
/// messages that may have been sent are marked.
pub(crate) async fn run(core: &Core, in_flight: &[InFlightAtEnd]) -> sqlx::Result<()> {
    let now = core.now();
    let zone = core.clinic().time_zone;
    let mut tx = core.store.begin().await?;
    statistics::count_by(&mut tx, zone, now).await?;
    // Before the claims are forgotten: LINE may have the claimed messages.
    deliveries::count_claimed(&mut tx, Name::MessageDelivery.as_str(), now).await?;
    let cancelled = deliveries::count_crash(&mut tx, in_flight, now).await?;
    interactions::log_outcomes(&mut tx, &cancelled, zone, now).await?;
    let released = jobs::release_all(&mut tx).await?;
    let lost = deliveries::queued_without_job(&mut tx, &Name::STRS, 100_000).await?;
    let lost: Vec<_> = lost.iter().map(jobs::New::from).collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &lost).await?;
    repeat::enter_missing(&mut tx, core, now).await?;
    tx.commit().await?;
    if released > 0 || !lost.is_empty() {
        tracing::info!(released, without_job = lost.len(), "work of the last run goes on");
    }
    Ok(())
}
