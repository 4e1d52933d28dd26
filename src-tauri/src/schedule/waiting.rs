//! Waiting messages: for their time, for the channel, for an act of staff. Each wait ends here, or
//! in review when the message has expired.

use super::{MAX_BATCH, recurring, repeat};
use crate::{
    clock::{MINUTE_MS, Timestamp},
    core::Core,
    delivery::{gate::sendable_until, probe},
    domain::{
        channel::Probe,
        delivery::{Cause, Group, State},
    },
    queue::{self, Name},
    store::{
        deliveries::{self, DueDelivery, Extended},
        interactions, jobs, worklist,
    },
};

/// The most messages held for everybody that return to the queue at a time.
const MAX_RELEASE: u32 = 200;

/// The most ready jobs beside which they return: new messages must not queue behind thousands of
/// old ones.
const MAX_READY: i64 = 400;

/// The pause before the next look while that many are ready.
const RELEASE_AGAIN_MS: i64 = 200;

/// Milliseconds a delivery may be queued with nobody at work on it before its job counts as lost.
const STUCK_MS: i64 = MINUTE_MS;

fn over(core: &Core) -> Vec<Cause> {
    let clinic = core.clinic();
    if clinic.paused.is_some() {
        return Vec::new();
    }
    let mut causes = vec![Cause::SendingPaused];
    if !clinic.consent_required {
        causes.push(Cause::NoConsent);
    }
    if core.channel().down().is_none() && core.line.is_connected() {
        causes.extend(Cause::all_of(Group::Channel));
    }
    causes
}

pub(super) async fn next_at(core: &Core) -> sqlx::Result<Option<Timestamp>> {
    let pool = core.store.read();
    let now = core.now();
    let expiry = deliveries::next_expiry(pool).await?;
    let turn = deliveries::next_attempt_at(pool).await?;
    let held = deliveries::any_held(pool, &over(core)).await?.then(|| now.plus_millis(RELEASE_AGAIN_MS));
    // Read before the match, which would hold the lock to its end.
    let (down, came_up) = {
        let channel = core.channel();
        (channel.down(), channel.has_come_up())
    };
    let channel = match down {
        _ if core.clinic().paused.is_some() => None,
        Some(down) => Some(down.probe_at),
        None => came_up.then_some(now),
    };
    Ok([expiry, turn, held, channel].into_iter().flatten().min())
}

/// Enqueues messages that have waited long enough. While the channel is down, or staff have paused
/// all sending, they are held for that instead: nobody is shown a time at which nothing will go.
pub(super) async fn due_batch(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let stopped = stopped(core);
    let mut tx = core.store.begin().await?;
    let moved = if let Some(cause) = stopped {
        let held = deliveries::hold_due(&mut tx, cause, now, MAX_BATCH).await?;
        repeat::enter_next(&mut tx, core, &held.repeating, now).await?;
        held.count
    } else {
        let due = deliveries::take_due(&mut tx, now, MAX_BATCH).await?;
        enqueue(&mut tx, &due).await?;
        due.len()
    };
    tx.commit().await?;
    if stopped.is_none() {
        core.queues.wake_all();
    }
    Ok(moved)
}

/// Why nothing at all goes out now; `None` where messages go.
fn stopped(core: &Core) -> Option<Cause> {
    if core.clinic().paused.is_some() {
        return Some(Cause::SendingPaused);
    }
    if !core.line.is_connected() {
        return Some(Cause::TokenInvalid);
    }
    core.channel().down().map(|down| down.cause)
}

/// Lets held messages try again whose reason ended while their being held was written: nobody else
/// would let them go.
pub(super) async fn let_go_again(core: &Core, now: Timestamp) -> sqlx::Result<()> {
    if !core.held_lately().take(now) {
        return Ok(());
    }
    let consent_required = core.clinic().consent_required;
    let outdated = deliveries::outdated_holds(core.store.read(), consent_required, MAX_BATCH).await?;
    if outdated.is_empty() {
        return Ok(());
    }
    tracing::info!(messages = outdated.len(), "the reason of held messages had ended; they try again");
    let mut tx = core.store.begin().await?;
    deliveries::try_again(&mut tx, &outdated, now).await?;
    tx.commit().await?;
    // There may be more than one look takes.
    core.held_lately().note();
    Ok(())
}

/// Enqueues some of the messages held for a reason that is over for everybody, the oldest due
/// first, while there is room in the queue. Messages that failed in the outage go with them.
pub(super) async fn release_batch(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    if core.clinic().paused.is_some() {
        return Ok(0);
    }
    let mut moved = 0;
    if core.channel().take_came_up() {
        match recurring::sweep(core, now).await {
            Ok(swept) => moved += swept,
            Err(error) => {
                core.channel().came_up_again();
                return Err(error);
            }
        }
    }
    let causes = over(core);
    if !deliveries::any_held(core.store.read(), &causes).await? {
        return Ok(moved);
    }
    let [ready, _] = queue::counts(&core.store, &core.queues).await?;
    if ready.waiting >= MAX_READY {
        return Ok(moved);
    }
    let mut tx = core.store.begin().await?;
    let released = deliveries::take_released(&mut tx, &causes, now, MAX_RELEASE).await?;
    enqueue(&mut tx, &released).await?;
    tx.commit().await?;
    core.queues.wake_all();
    Ok(moved + released.len())
}

async fn enqueue(conn: &mut crate::store::Conn, due: &[DueDelivery]) -> sqlx::Result<()> {
    let (scheduled, others): (Vec<&DueDelivery>, Vec<&DueDelivery>) =
        due.iter().partition(|r| r.state == State::Scheduled);
    for (name, part) in [(Name::ScheduledMessages, scheduled), (Name::MessageDelivery, others)] {
        let part: Vec<_> = part.into_iter().map(jobs::New::from).collect();
        queue::enqueue(conn, name, &part).await?;
    }
    Ok(())
}

/// Checks now and then whether a channel that is down is up again, by a waiting message, or by
/// asking LINE where none can go.
pub(super) async fn look_at_channel(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    if core.clinic().paused.is_some() {
        return Ok(0);
    }
    let Some(probe) = core.channel().begin_probe(now) else { return Ok(0) };
    let cause = match probe {
        Probe::Ask(cause) => cause,
        Probe::Message(cause) => {
            let mut tx = core.store.begin().await?;
            let found = deliveries::take_probe(&mut tx, now).await?;
            if let Some(found) = found {
                enqueue(&mut tx, &[found]).await?;
                tx.commit().await?;
                core.queues.wake_all();
                return Ok(1);
            }
            cause
        }
    };
    probe::ask(core, cause);
    Ok(0)
}

/// Puts expired messages up for review, and enters the next time of repeating ones. A message that
/// was fresh when quiet hours began stays fresh until they end.
pub(super) async fn expire_batch(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let clinic = core.clinic();
    let mut tx = core.store.begin().await?;
    let lapsed = deliveries::lapsed(&mut tx, now, MAX_BATCH).await?;
    if lapsed.is_empty() {
        return Ok(0);
    }
    let (mut later, mut over, mut repeating) = (Vec::new(), Vec::new(), Vec::new());
    for d in &lapsed {
        let until = sendable_until(d, &clinic);
        if until > now {
            later.push(Extended { id: d.id, expires_at: until });
        } else if core.queues.is_busy(d.id) {
            // Its attempt decides.
        } else {
            over.push(d.id);
            repeating.extend(d.recurrence_id);
        }
    }
    deliveries::extend(&mut tx, &later).await?;
    deliveries::put_up_for_review(&mut tx, &over, now).await?;
    jobs::kill(&mut tx, &Name::STRS, &over, now).await?;
    interactions::log_outcomes(&mut tx, &over, clinic.time_zone, now).await?;
    worklist::follow_outcomes(&mut tx, &over, now).await?;
    repeat::enter_after_lapsed(&mut tx, core, &repeating, now).await?;
    tx.commit().await?;
    Ok(later.len() + over.len())
}

/// Gives a new job to a message that has been queued for a minute without a ready job or anybody at
/// work on it: whatever happened to its job, it does not wait for a restart.
pub(super) async fn free_stuck(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let since = now.plus_millis(-STUCK_MS);
    let stuck = deliveries::stuck(core.store.read(), &Name::STRS, since, MAX_BATCH).await?;
    let stuck: Vec<_> = stuck.iter().filter(|r| !core.queues.is_busy(r.id)).map(jobs::New::from).collect();
    if stuck.is_empty() {
        return Ok(0);
    }
    let mut tx = core.store.begin().await?;
    queue::enqueue(&mut tx, Name::MessageDelivery, &stuck).await?;
    tx.commit().await?;
    tracing::warn!(deliveries = stuck.len(), "deliveries had lost their jobs and got new ones");
    core.queues.wake(Name::MessageDelivery);
    Ok(stuck.len())
}
