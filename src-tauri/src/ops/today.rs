//! What was sent today, what failed, what comes next.

use super::{
    Caller,
    messages::{Message, with_answers},
    wire::{Nothing, outputs},
};
use crate::{
    clock::{DAY_MS, HOUR_MS, Timestamp},
    core::Core,
    domain::{
        calendar::{local_of, start_of_day},
        clinic::QuietHours,
    },
    error::{Problem, Result},
    ids::{AssignmentId, PatientId},
    schedule::upcoming,
    store::{assignments, deliveries, interactions, strangers, worklist},
};

outputs! {
    /// One hour of the day.
    pub(crate) struct Hour {
        /// Whole hours since midnight.
        pub(crate) hour: i64,
        /// Messages LINE accepted in this hour.
        pub(crate) accepted: i64,
        /// Failed, or up for review.
        pub(crate) failed: i64,
        /// Messages due in this hour and not sent yet.
        pub(crate) to_come: i64,
    }

    /// A message to come.
    pub(crate) struct ComingUp {
        /// The patient who gets it.
        pub(crate) patient_id: PatientId,
        /// The patient's name as written, 1 to 200 characters.
        pub(crate) patient_name: String,
        /// Of which assignment; null for a one-off message.
        pub(crate) assignment_id: Option<AssignmentId>,
        /// The protocol's name; empty for a one-off message.
        pub(crate) protocol_name: String,
        /// What staff call the step; empty for a one-off message.
        pub(crate) step_name: String,
        /// When it is due.
        pub(crate) due_at: Timestamp,
    }

    /// The day at a glance.
    pub(crate) struct Today {
        /// The day, YYYY-MM-DD, in the clinic's zone.
        pub(crate) date: String,
        /// The clinic's IANA zone, such as `Asia/Bangkok`.
        pub(crate) time_zone: String,
        /// Accepted by LINE today.
        pub(crate) accepted: i64,
        /// Messages that failed today, or came up for review.
        pub(crate) failed: i64,
        /// To come today: the next step of every follow-up, and messages that wait.
        pub(crate) to_come: i64,
        /// Messages that failed or wait for a person, of any day.
        pub(crate) need_attention: i64,
        /// What needs a person: open worklist items, strangers who wrote, and messages that are
        /// held for more than their own time.
        pub(crate) need_you: i64,
        /// When the next message is due, today or later.
        pub(crate) next_due_at: Option<Timestamp>,
        /// When nothing goes out, or only without a sound, in the clinic's zone.
        pub(crate) quiet_hours: Option<QuietHours>,
        /// The hours of the day.
        pub(crate) hours: Vec<Hour>,
        /// The ten that were sent or failed last, the newest first.
        pub(crate) recent: Vec<Message>,
        /// The ten that come next.
        pub(crate) coming_up: Vec<ComingUp>,
    }
}

/// Rows shown of what was and of what comes.
const SHOWN: u32 = 10;
/// How far ahead `coming_up` looks.
const AHEAD_MS: i64 = 30 * DAY_MS;

/// The day at a glance.
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
        coming_up: coming_up(core, now).await?,
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

async fn coming_up(core: &Core, now: Timestamp) -> Result<Vec<ComingUp>> {
    let pool = core.store.read();
    let until = now.plus_millis(AHEAD_MS);
    let due = assignments::coming_up(pool, until, SHOWN).await?;
    let mut conn = pool.acquire().await?;
    let steps = upcoming::next_step_names(&mut conn, &due, &core.clinic()).await?;
    let mut all: Vec<_> = due
        .into_iter()
        .zip(steps)
        .filter_map(|(a, step)| {
            Some(ComingUp {
                patient_id: a.patient_id,
                patient_name: a.patient_name,
                assignment_id: Some(a.id),
                protocol_name: a.protocol_name,
                step_name: step.unwrap_or_default(),
                due_at: a.next_due_at?,
            })
        })
        .collect();
    let waiting = deliveries::waiting_next(pool, SHOWN).await?;
    all.extend(waiting.into_iter().map(|d| ComingUp {
        patient_id: d.patient_id,
        patient_name: d.patient_name,
        assignment_id: d.assignment_id,
        protocol_name: String::new(),
        step_name: String::new(),
        due_at: d.next_attempt_at.unwrap_or(d.due_at),
    }));
    all.sort_by_key(|c| c.due_at);
    all.truncate(SHOWN as usize);
    Ok(all)
}
