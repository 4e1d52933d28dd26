//! Scheduled messages whose time has come: promoted to the delivery queue; a recurring one
//! enters its next occurrence in the same transaction.

use super::repeat;
use crate::{
    core::{Core, Topic},
    domain::delivery::State,
    ids::DeliveryId,
    queue::{self, Name},
    store::{
        deliveries,
        jobs::{self, End, Ended},
    },
};

/// Runs the job of a scheduled delivery. Running it twice is harmless: the second time the
/// message has its job and the next occurrence its row.
///
/// # Errors
/// The database failed; nothing was changed.
pub(crate) async fn promote(core: &Core, id: DeliveryId) -> sqlx::Result<()> {
    fail::fail_point!("promotion-begun");
    let now = core.now();
    let queue = Name::ScheduledMessages.as_str();
    let mut tx = core.store.begin().await?;
    let delivery = deliveries::get(&mut tx, id).await?;
    let repeating: Vec<_> = delivery.iter().filter_map(|d| d.recurrence_id).collect();
    let mut end = End::Killed;
    if let Some(delivery) = delivery.filter(|d| d.state == State::Queued) {
        queue::enqueue(&mut tx, Name::MessageDelivery, &[jobs::New { key: id, priority: delivery.priority }])
            .await?;
        end = End::Done;
    }
    repeat::enter_next(&mut tx, core, &repeating, now).await?;
    jobs::end(&mut tx, queue, &[Ended { key: id, end }], now).await?;
    let kept = &core.config.retention;
    jobs::keep_last(&mut tx, queue, kept.completed_jobs, kept.failed_jobs).await?;
    tx.commit().await?;
    core.queues.wake(Name::MessageDelivery);
    core.tick_bell.notify_one();
    core.announce(Topic::Messages);
    Ok(())
}
