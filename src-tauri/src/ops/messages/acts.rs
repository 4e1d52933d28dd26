//! Acts on an accepted message: cancelling it, giving it another time, sending it once more.

use super::{
    input::check_at,
    shown::{Message, OneMessage},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        activity::Act,
        acts::{ActedOn, Action},
        delivery::{KEY_LIFE_HOURS, is_key_known},
        draft::Rules,
    },
    error::{Problem, Refusal, Result, Thing},
    ids::DeliveryId,
    ops::{
        Caller, audit, found,
        wire::{Checks, inputs},
    },
    queue::{
        self, Name,
        in_progress::{self, Scope},
    },
    store::{
        Conn, Tx,
        deliveries::{self, Delivery, Extended, FreshFor, Open},
        interactions, jobs, recurrences, worklist,
    },
};

/// An act on one message, in its transaction.
struct ActOn<'c> {
    core: &'c Core,
    who: &'c Caller,
    now: Timestamp,
    tx: Tx,
    /// The message before the act.
    before: Delivery,
    /// Keeps sends of the message from beginning until the commit, where the act needs that.
    still: Option<in_progress::Act>,
}

impl<'c> ActOn<'c> {
    async fn begin(core: &'c Core, who: &'c Caller, id: DeliveryId) -> Result<Self> {
        let now = core.now();
        let mut tx = core.store.begin().await?;
        let before = found(deliveries::get(&mut tx, id).await?, Thing::Message, id)?;
        Ok(Self { core, who, now, tx, before, still: None })
    }

    /// Begins an act on a message that is not on its way to LINE, and keeps it from being sent
    /// meanwhile.
    async fn still(core: &'c Core, who: &'c Caller, id: DeliveryId) -> Result<Self> {
        let of = Self::begin(core, who, id).await?;
        let still = core.in_progress.act(Scope::Message(id));
        if !still.sending().is_empty() {
            let text = "it is on its way to LINE at this moment; look again in a moment";
            return Err(Problem::conflict(Refusal::OnItsWay, text));
        }
        Ok(Self { still: Some(still), ..of })
    }

    /// Notes the act, commits, and returns the message as it is now.
    async fn end(mut self, act: Act) -> Result<Message> {
        let id = self.before.id;
        audit(&mut self.tx, self.core, self.who, act, Some(id.to_string()), None).await?;
        let after = found(deliveries::get(&mut self.tx, id).await?, Thing::Message, id)?;
        self.tx.commit().await?;
        drop(self.still);
        Ok(Message::of(after, self.now))
    }
}

/// Cancels a message that has not been sent; for a repetition also all that would follow. The
/// record keeps it where LINE may have got it all the same.
pub(crate) async fn cancel(core: &Core, who: &Caller, input: OneMessage) -> Result<Message> {
    let mut of = ActOn::still(core, who, input.id).await?;
    let (tx, before, now) = (&mut of.tx, &of.before, of.now);
    let mut cancelled = deliveries::cancel(tx, Open::One(input.id), now).await?;
    let mut stopped = 0;
    if let Some(recurrence) = before.recurrence_id {
        stopped = recurrences::stop(tx, &[recurrence]).await?;
        cancelled.extend(deliveries::cancel(tx, Open::OfRecurrence(recurrence), now).await?);
    }
    if cancelled.is_empty() && stopped == 0 {
        return Err(Problem::conflict(
            Refusal::NotToCancel,
            format!("cannot cancel a message that is {}", before.state),
        ));
    }
    jobs::kill(tx, &Name::STRS, &cancelled, now).await?;
    interactions::log_outcomes(tx, &cancelled, core.clinic().time_zone, now).await?;
    worklist::follow_outcomes(tx, &cancelled, now).await?;
    of.end(Act::MessageCancel).await
}

inputs! {
    /// Another time for a message whose time has not come.
    pub(crate) struct MoveMessage {
        /// The id of the message, a UUID.
        pub(crate) id: DeliveryId,
        /// The new time: RFC 3339, at most a year ahead; a past one means now.
        pub(crate) at: Timestamp,
        /// Whether staff hold it back at the same moment, until somebody releases it; false where
        /// left out.
        #[serde(default)]
        pub(crate) held: Option<bool>,
    } also in_time;
}

fn in_time(input: &MoveMessage, now: Timestamp, checks: &mut Checks) {
    check_at(input.at, "at", now, checks);
}

/// Holds back a message that has not been sent, until staff release it. It can still expire, and
/// then waits for a person to decide.
pub(crate) async fn hold(core: &Core, who: &Caller, input: OneMessage) -> Result<Message> {
    let mut of = ActOn::still(core, who, input.id).await?;
    let (tx, before, now) = (&mut of.tx, &of.before, of.now);
    if !ActedOn::from(before).takes(Action::Hold, now) || !deliveries::hold_back(tx, input.id, now).await? {
        return Err(Problem::conflict(
            Refusal::NotToHold,
            format!("cannot hold back a message that is {}, or one that repeats", before.state),
        ));
    }
    jobs::kill(tx, &Name::STRS, &[input.id], now).await?;
    of.end(Act::MessageHold).await
}

/// Releases a message that staff hold back: it goes at its time, or at once where that is past.
pub(crate) async fn release(core: &Core, who: &Caller, input: OneMessage) -> Result<Message> {
    let mut of = ActOn::begin(core, who, input.id).await?;
    let (tx, before, now) = (&mut of.tx, &of.before, of.now);
    if !deliveries::release(tx, input.id, now).await? {
        return Err(Problem::conflict(
            Refusal::NotHeldBack,
            format!("nobody holds this message back; it is {}", before.state),
        ));
    }
    let after = of.end(Act::MessageRelease).await?;
    core.tick_bell.notify_one();
    Ok(after)
}

/// Gives another time to a message whose time has not come, or that staff hold back. Its body is
/// made anew when it goes, since variables may name the day.
pub(crate) async fn move_to(core: &Core, who: &Caller, input: MoveMessage) -> Result<Message> {
    let mut of = ActOn::begin(core, who, input.id).await?;
    let (tx, before, now) = (&mut of.tx, &of.before, of.now);
    let held = input.held.unwrap_or(false);
    // A held message keeps a past time: it does not go by it.
    let due_at = if held { input.at } else { input.at.max(now) };
    let refused = || {
        Problem::conflict(
            Refusal::NotToMove,
            format!("cannot move a message that is {}, one that repeats or may have been sent", before.state),
        )
    };
    if !ActedOn::from(before).takes(Action::Move, now) {
        return Err(refused());
    }
    let fresh = fresh_from(tx, core, &[input.id], due_at).await?;
    let Some(Extended { expires_at, .. }) = fresh.first().copied() else { return Err(refused()) };
    let to = deliveries::AnotherTime { due_at, expires_at, held };
    if !deliveries::move_to(tx, input.id, to, now).await? {
        return Err(refused());
    }
    let after = of.end(Act::MessageMove).await?;
    core.tick_bell.notify_one();
    Ok(after)
}

/// Until when each message is fresh that goes at `at`, whatever its time was.
pub(in crate::ops) async fn fresh_from(
    conn: &mut Conn,
    core: &Core,
    ids: &[DeliveryId],
    at: Timestamp,
) -> Result<Vec<Extended>> {
    let (clinic, now) = (core.clinic(), core.now());
    let default_ms = core.config.delivery.freshness_ms();
    let until = |of: FreshFor| {
        let zone = clinic.zone_of(of.time_zone.as_deref());
        let rules = Rules { clinic: &clinic, zone, now };
        let expires_at = rules.expires_at(at, of.fresh_ms.unwrap_or(default_ms), of.at_night);
        Extended { id: of.id, expires_at }
    };
    Ok(deliveries::fresh_for(conn, ids).await?.into_iter().map(until).collect())
}

/// The most seconds a retry waits to be taken back.
const MAX_HOLD_SECONDS: u32 = 60;

inputs! {
    /// Sends a message once more.
    pub(crate) struct RetryMessage {
        /// The id of the message, a UUID.
        pub(crate) id: DeliveryId,
        /// Seconds it first waits, and can be taken back in: 0 to 60; 0 where left out.
        #[serde(default)]
        #[garde(range(max = MAX_HOLD_SECONDS))]
        pub(crate) hold_seconds: Option<u32>,
    }
}

/// Sends a message once more that failed or waits for a person: the same bytes under the same key,
/// for as long as LINE surely remembers the key.
pub(crate) async fn retry(core: &Core, who: &Caller, input: RetryMessage) -> Result<Message> {
    let mut of = ActOn::begin(core, who, input.id).await?;
    let (tx, before, now) = (&mut of.tx, &of.before, of.now);
    if !is_key_known(before.maybe_sent_at, now) {
        return Err(Problem::conflict(
            Refusal::MaybeSentLongAgo,
            format!(
                "it may have been sent more than {KEY_LIFE_HOURS} hours ago, and LINE may no longer recognise \
                 a repeat: the patient could get it twice. Ask the patient, or send a new message"
            ),
        ));
    }
    let held = input.hold_seconds.filter(|seconds| *seconds > 0);
    let not_before = held.map(|seconds| now.plus_millis(i64::from(seconds) * 1_000));
    let fresh = fresh_from(tx, core, &[input.id], now).await?;
    let again = deliveries::retry(tx, &fresh, not_before, now).await?;
    if again.is_empty() {
        return Err(Problem::conflict(
            Refusal::NotToRetry,
            format!("cannot retry a message that is {}, or whose follow-up was cancelled", before.state),
        ));
    }
    if not_before.is_none() {
        let jobs: Vec<_> = again.iter().map(jobs::New::from).collect();
        queue::enqueue(tx, Name::MessageDelivery, &jobs).await?;
    }
    worklist::follow_outcomes(tx, &[input.id], now).await?;
    let after = of.end(Act::MessageRetry).await?;
    core.channel().let_one_through();
    match not_before {
        Some(_) => core.tick_bell.notify_one(),
        None => core.queues.wake(Name::MessageDelivery),
    }
    Ok(after)
}

/// Takes back a retry that has not begun: the message waits for a person again.
pub(crate) async fn undo_retry(core: &Core, who: &Caller, input: OneMessage) -> Result<Message> {
    let mut of = ActOn::begin(core, who, input.id).await?;
    let (tx, before, now) = (&mut of.tx, &of.before, of.now);
    if !deliveries::undo_retry(tx, input.id, now).await? {
        return Err(Problem::conflict(
            Refusal::RetryBegun,
            format!("a retry that has begun is not taken back; the message is {}", before.state),
        ));
    }
    of.end(Act::MessageUndoRetry).await
}
