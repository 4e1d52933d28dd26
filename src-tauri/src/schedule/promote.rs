//! Scheduled messages whose time has come: promoted to the delivery queue; a recurring one
//! enters its next occurrence in the same transaction.

use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::{delivery::State, protocol::WhenUnreachable, trigger::Cron},
    ids::{self, DeliveryId},
    queue::{self, Name},
    store::{
        Conn, deliveries,
        deliveries::Delivery,
        jobs::{self, End, Ended},
        recurrences::{self, Recurrence},
    },
};

/// Runs the job of a scheduled delivery. Running it twice is harmless: the second time the
/// message has its job and the next occurrence its row.
///
/// # Errors
/// The database failed; nothing was changed.
pub async fn promote(core: &Core, id: DeliveryId) -> sqlx::Result<()> {
    let now = core.now();
    let queue = Name::ScheduledMessages.as_str();
    let mut tx = core.store.begin().await?;
    let delivery = deliveries::get(&mut tx, id).await?;
    let mut end = End::Killed;
    if let Some(delivery) = delivery.filter(|d| d.state == State::Queued) {
        queue::enqueue(&mut tx, Name::MessageDelivery, &[(id, delivery.priority)]).await?;
        if let Some(recurrence) = recurrences::of_delivery(&mut tx, id).await? {
            enter_next(&mut tx, core, &recurrence, &delivery, now).await?;
        }
        end = End::Done;
    }
    jobs::end(&mut tx, queue, &[Ended { key: id, end }], now).await?;
    let kept = &core.config.retention;
    jobs::keep_last(&mut tx, queue, kept.completed_jobs, kept.failed_jobs).await?;
    tx.commit().await?;
    core.queues.wake(Name::MessageDelivery);
    core.tick_bell.notify_one();
    core.announce(Topic::Messages);
    Ok(())
}

/// Stores the next occurrence of a repetition: the first after `now`, so that a machine that
/// slept over several sends one, not all of them.
async fn enter_next(
    conn: &mut Conn,
    core: &Core,
    r: &Recurrence,
    last: &Delivery,
    now: Timestamp,
) -> sqlx::Result<()> {
    let zone = r.time_zone.parse().unwrap_or(core.clinic().time_zone);
    let next = Cron::parse(&r.cron, "cron").ok().and_then(|c| c.next_after(now.max(last.due_at), zone));
    let Some(due_at) = next else {
        recurrences::stop(conn, r.id).await?;
        return Ok(());
    };
    let new = deliveries::New {
        id: DeliveryId::new(now),
        patient_id: r.patient_id,
        assignment_id: None,
        protocol_id: ids::MESSAGES_PROTOCOL,
        step_id: ids::MESSAGES_STEP,
        occurrence: due_at.as_millis(),
        recurrence_id: Some(r.id),
        message_type: r.message_type,
        content: r.content.clone(),
        feedback: None,
        body: None,
        recipient: None,
        priority: r.priority,
        state: State::Scheduled,
        cause: None,
        due_at,
        expires_at: due_at.plus_millis(core.config.delivery.freshness_ms()),
        idempotency_key: None,
        when_unreachable: WhenUnreachable::Hold,
        postponed: 0,
    };
    deliveries::insert(conn, &[new], now).await?;
    Ok(())
}
