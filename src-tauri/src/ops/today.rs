//! What was sent today, what failed, what comes next.

use super::{
    Caller,
    coming_up::{self, ComingUp},
    messages::{Message, with_answers},
    wire::{Nothing, outputs},
};
use crate::{
    clock::{HOUR_MS, Timestamp},
    core::Core,
    domain::{
        calendar::{local_of, start_of_day},
        clinic::QuietHours,
    },
    error::{Problem, Result},
    store::{Cursor, Order, assignments, deliveries, interactions, strangers, worklist},
};

outputs! {
    /// Messages of one hour of the day.
    pub(crate) struct Hour {
        /// Whole hours since midnight in the clinic's zone.
        pub(crate) hour: i64,
        /// Messages LINE accepted in this hour.
        pub(crate) accepted: i64,
        /// Messages that failed in this hour, or were put up for review.
        pub(crate) failed: i64,
        /// Messages due in this hour and not sent yet.
        pub(crate) to_come: i64,
    }

    /// The clinic's day, from midnight to midnight in its zone.
    pub(crate) struct Today {
        /// The day, YYYY-MM-DD, in the clinic's zone.
        pub(crate) date: String,
        /// The clinic's IANA zone, such as `Asia/Bangkok`.
        pub(crate) time_zone: String,
        /// Messages LINE accepted today.
        pub(crate) accepted: i64,
        /// Messages that failed today, or were put up for review.
        pub(crate) failed: i64,
        /// Messages ahead today: the next step of every follow-up, and waiting messages.
        pub(crate) to_come: i64,
        /// Messages that failed or wait for a person, of any day.
        pub(crate) need_attention: i64,
        /// Everything that needs a person: open worklist items, strangers who wrote, and messages
        /// held for more than their own time.
        pub(crate) need_you: i64,
        /// When the next message is due, today or later; null where none is planned.
        pub(crate) next_due_at: Option<Timestamp>,
        /// The span in which nothing goes out, or only silently, in the clinic's zone; null for
        /// none.
        pub(crate) quiet_hours: Option<QuietHours>,
        /// Every hour of the day, from midnight on.
        pub(crate) hours: Vec<Hour>,
        /// The last ten that were sent or failed, the newest first.
        pub(crate) recent: Vec<Message>,
        /// The next ten, the soonest first.
        pub(crate) coming_up: Vec<ComingUp>,
    }
}

/// Rows shown of the past and of the next messages.
const SHOWN: u32 = 10;

/// With the last ten and the next ten messages.
pub(crate) async fn today(core: &Core, _: &Caller, _: Nothing) -> Result<Today> {
    let (now, clinic) = (core.now(), core.clinic());
    let day = local_of(now, clinic.time_zone).date();
    let bounds = start_of_day(day, clinic.time_zone)
        .zip(day.succ_opt().and_then(|next| start_of_day(next, clinic.time_zone)));
    let (from, to) = bounds.ok_or_else(|| Problem::internal("reading the calendar", "no such day"))?;
    let pool = core.store.read();
    let hours = hours(core, from, to).await?;
    let recent = deliveries::latest_outcomes(pool, from, SHOWN).await?;
    let mut conn = pool.acquire().await?;
    let recent = recent.into_iter().map(|d| Message::of(d, now)).collect();
    let recent = with_answers(&mut conn, recent).await?;
    drop(conn);
    Ok(Today {
        date: day.to_string(),
        time_zone: clinic.time_zone.name().to_owned(),
        accepted: hours.iter().map(|h| h.accepted).sum(),
        failed: hours.iter().map(|h| h.failed).sum(),
        to_come: hours.iter().map(|h| h.to_come).sum(),
        need_attention: deliveries::count_needing_attention(pool).await?,
        need_you: worklist::count_open(pool, now).await?.open
            + strangers::count_open(pool).await?.open
            + super::held::count(core).await?,
        next_due_at: super::jobs::next_due_at(core).await?,
        quiet_hours: clinic.quiet_hours,
        hours,
        recent,
        coming_up: coming_up::next(core, &Cursor::first_in(Order::Asc), SHOWN).await?.items,
    })
}

async fn hours(core: &Core, from: Timestamp, to: Timestamp) -> Result<Vec<Hour>> {
    let pool = core.store.read();
    let mut hours: Vec<_> = (0..to.millis_since(from) / HOUR_MS)
        .map(|hour| Hour { hour, accepted: 0, failed: 0, to_come: 0 })
        .collect();
    for done in interactions::by_hour(pool, from, to).await? {
        if let Some(hour) = usize::try_from(done.hour).ok().and_then(|h| hours.get_mut(h)) {
            hour.accepted = done.accepted;
            hour.failed = done.failed;
        }
    }
    let planned = assignments::due_by_hour(pool, from, to).await?;
    let waiting = deliveries::waiting_by_hour(pool, from, to).await?;
    for due in planned.into_iter().chain(waiting) {
        if let Some(hour) = usize::try_from(due.hour).ok().and_then(|h| hours.get_mut(h)) {
            hour.to_come += due.count;
        }
    }
    Ok(hours)
}
