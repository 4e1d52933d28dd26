//! Acts on a message that was accepted: cancelling it, sending it once more.

use super::shown::{Message, OneMessage};
use crate::{
    core::{Core, Topic},
    domain::activity::Act,
    domain::delivery::is_key_known,
    error::{Problem, Refusal, Result, Thing},
    ops::{Caller, announce, audit, found},
    queue::{self, Name, in_progress::Scope},
    store::{
        deliveries::{self, Open},
        interactions, jobs, recurrences, worklist,
    },
};

/// Cancels a message that has not been sent; of a repetition also all that would follow. One
/// that LINE may have got all the same stays on record as that.
pub(crate) async fn cancel(core: &Core, who: &Caller, input: OneMessage) -> Result<Message> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let before = found(deliveries::get(&mut tx, input.id).await?, Thing::Message, input.id)?;
    // Until the commit nothing of it begins.
    let act = core.in_progress.act(Scope::Message(input.id));
    if !act.sending().is_empty() {
        return Err(Problem::conflict(
            Refusal::OnItsWay,
            "it is on its way to LINE at this moment; look again in a moment",
        ));
    }
    let mut cancelled = deliveries::cancel(&mut tx, Open::One(input.id), now).await?;
    let mut stopped = 0;
    if let Some(recurrence) = before.recurrence_id {
        stopped = recurrences::stop(&mut tx, &[recurrence]).await?;
        cancelled.extend(deliveries::cancel(&mut tx, Open::OfRecurrence(recurrence), now).await?);
    }
    if cancelled.is_empty() && stopped == 0 {
        return Err(Problem::conflict(
            Refusal::NotToCancel,
            format!("cannot cancel a message that is {}", before.state),
        ));
    }
    jobs::kill(&mut tx, &Name::STRS, &cancelled, now).await?;
    interactions::log_outcomes(&mut tx, &cancelled, core.clinic().time_zone, now).await?;
    worklist::follow_outcomes(&mut tx, &cancelled, now).await?;
    audit(&mut tx, core, who, Act::MessageCancel, Some(input.id.to_string()), None).await?;
    let after = found(deliveries::get(&mut tx, input.id).await?, Thing::Message, input.id)?;
    tx.commit().await?;
    drop(act);
    announce(core, &[Topic::Messages]);
    Ok(Message::of(after, now))
}

/// Sends a message that failed, or waits for a person, once more: the same bytes under the
/// same key, for as long as LINE surely remembers the key.
pub(crate) async fn retry(core: &Core, who: &Caller, input: OneMessage) -> Result<Message> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let before = found(deliveries::get(&mut tx, input.id).await?, Thing::Message, input.id)?;
    if !is_key_known(before.maybe_sent_at, now) {
        return Err(Problem::conflict(
            Refusal::MaybeSentLongAgo,
            "it may have been sent more than 23 hours ago, and LINE may no longer recognise a repeat: \
             the patient could get it twice. Ask the patient, or send a new message",
        ));
    }
    let fresh_until = now.plus_millis(core.config.delivery.freshness_ms());
    let again = deliveries::retry(&mut tx, &[input.id], fresh_until, now).await?;
    if again.is_empty() {
        return Err(Problem::conflict(
            Refusal::NotToRetry,
            format!("cannot retry a message that is {}", before.state),
        ));
    }
    let jobs: Vec<_> = again.iter().map(jobs::New::from).collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &jobs).await?;
    worklist::follow_outcomes(&mut tx, &[input.id], now).await?;
    audit(&mut tx, core, who, Act::MessageRetry, Some(input.id.to_string()), None).await?;
    let after = found(deliveries::get(&mut tx, input.id).await?, Thing::Message, input.id)?;
    tx.commit().await?;
    core.channel().let_one_through();
    core.queues.wake(Name::MessageDelivery);
    announce(core, &[Topic::Messages]);
    Ok(Message::of(after, now))
}
