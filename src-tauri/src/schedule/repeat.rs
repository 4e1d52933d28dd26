//! Messages that repeat: the next time of each is entered in the transaction in which the one
//! before leaves its wait, whatever becomes of that one.

use chrono_tz::Tz;

use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        clinic::Clinic,
        draft::{Draft, Rules, Source},
        trigger::Cron,
    },
    ids::RecurrenceId,
    store::{
        Conn,
        deliveries::{self, Moved},
        recurrences::{self, Entered, Recurrence},
    },
};

pub(super) async fn enter_next(
    conn: &mut Conn,
    core: &Core,
    repeating: &[RecurrenceId],
    now: Timestamp,
) -> sqlx::Result<()> {
    enter_of(conn, core, repeating, now, false).await
}

/// Enters the next time of repetitions that lost one time unsent: the latest past one that is still
/// fresh, so that a machine that was off for several sends the last one.
pub(super) async fn enter_after_lapsed(
    conn: &mut Conn,
    core: &Core,
    repeating: &[RecurrenceId],
    now: Timestamp,
) -> sqlx::Result<()> {
    enter_of(conn, core, repeating, now, true).await
}

async fn enter_of(
    conn: &mut Conn,
    core: &Core,
    repeating: &[RecurrenceId],
    now: Timestamp,
    catch_up: bool,
) -> sqlx::Result<()> {
    if repeating.is_empty() {
        return Ok(());
    }
    let due = recurrences::without_next(conn, repeating).await?;
    enter(conn, core, &due, now, catch_up).await
}

pub(super) async fn enter_missing(conn: &mut Conn, core: &Core, now: Timestamp) -> sqlx::Result<()> {
    let due = recurrences::all_without_next(conn).await?;
    enter(conn, core, &due, now, false).await
}

/// Enters the first time after `now`, so that a machine that slept through several sends one, not
/// all; with `catch_up` the latest past one, while it is fresh.
async fn enter(
    conn: &mut Conn,
    core: &Core,
    due: &[Recurrence],
    now: Timestamp,
    catch_up: bool,
) -> sqlx::Result<()> {
    let clinic = core.clinic();
    let fresh_ms = core.config.delivery.freshness_ms();
    let (mut new, mut over) = (Vec::new(), Vec::new());
    for r in due {
        let rules = Rules { clinic: &clinic, zone: zone_of(r, &clinic), now };
        let Ok(cron) = Cron::parse(&r.cron, "cron") else {
            over.push(r.id);
            continue;
        };
        let come = cron.last_until(now, rules.zone).map(|moment| moment.at).filter(|at| {
            catch_up
                && r.last_due_at.is_some_and(|last| last < *at)
                && rules.expires_at(*at, fresh_ms, None) > now
                && !clinic.is_in_doubt(*at)
        });
        match come.or_else(|| cron.next_after(now, rules.zone)) {
            Some(due_at) => {
                new.push(Draft::repetition(source_of(r, fresh_ms), r.id, due_at, rules));
            }
            None => over.push(r.id),
        }
    }
    deliveries::insert(conn, &new, now).await?;
    recurrences::stop(conn, &over).await?;
    Ok(())
}

fn source_of(r: &Recurrence, fresh_ms: i64) -> Source {
    let (content, further) = (r.content.clone(), r.further_messages.clone().unwrap_or_default());
    let quick_replies = r.quick_replies.clone().unwrap_or_default();
    Source::one_off(r.patient_id, r.message_type, content, further, quick_replies, r.priority, fresh_ms)
}

/// The patient's, where it follows the patient.
fn zone_of(r: &Recurrence, clinic: &Clinic) -> Tz {
    if r.follows_patient {
        return clinic.zone_of(r.patient_zone.as_deref());
    }
    r.time_zone.parse().unwrap_or(clinic.time_zone)
}

/// Moves the next time of repetitions whose zone changed.
pub(super) async fn move_next(
    conn: &mut Conn,
    entered: &[Entered],
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<()> {
    let moved: Vec<_> = entered
        .iter()
        .filter_map(|e| {
            let cron = Cron::parse(&e.recurrence.cron, "cron").ok()?;
            let due_at = cron.next_after(now, zone_of(&e.recurrence, clinic))?;
            Some(Moved { id: e.delivery_id, due_at })
        })
        .collect();
    deliveries::move_due(conn, &moved, now).await
}
