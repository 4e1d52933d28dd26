//! Healing at a start: what the last run left half-way goes on.

use super::repeat;
use crate::{
    core::Core,
    queue::{self, Name},
    store::{
        deliveries::{self, InFlightAtEnd},
        interactions, jobs, statistics,
    },
};

/// Heals what the last run left: sums that are counted by another zone's days, jobs that were
/// claimed are given back, deliveries that are queued without a job get one, repetitions
/// without a next time get it, and what may have been sent is noted.
pub(crate) async fn run(core: &Core, in_flight: &[InFlightAtEnd]) -> sqlx::Result<()> {
    let now = core.now();
    let zone = core.clinic().time_zone;
    let mut tx = core.store.begin().await?;
    statistics::count_by(&mut tx, zone, now).await?;
    // Before the claims are forgotten: LINE may have what was claimed.
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
