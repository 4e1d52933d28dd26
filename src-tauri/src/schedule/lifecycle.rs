//! The steps of an assignment's life, each in one transaction: the new state, the cancelled
//! messages, and the next due time.

use super::{planner, version::Version};
use crate::{
    clock::Timestamp,
    domain::{
        assignment::{Action, Pause, Status},
        clinic::Clinic,
        work::Reason,
    },
    ids::DeliveryId,
    queue::Name,
    store::{
        Conn, assignments,
        assignments::Assignment,
        deliveries::{self, Open},
        interactions, jobs, patients, protocols, worklist,
    },
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) cancelled: usize,
    /// Until the assignment resumes.
    pub(crate) held: usize,
}

#[derive(Clone, Debug)]
pub(crate) enum Changed {
    Done(Waiting),
    NotNow,
}

/// Applies `action` to an assignment inside the caller's transaction; `sending` are its messages on
/// their way. Ring the tick's bell after the commit.
pub(crate) async fn apply(
    conn: &mut Conn,
    a: &mut Assignment,
    action: Action,
    sending: &[DeliveryId],
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<Changed> {
    let Some(status) = a.status.after(action) else {
        return Ok(Changed::NotNow);
    };
    a.status = status;
    a.updated_at = now;
    match action {
        Action::Start => {
            // Staff may have set a start.
            let start = a.started_at.unwrap_or(now);
            a.started_at = Some(start);
            // A step due at the very start lies after this.
            a.planned_through = Some(start.max(now).plus_millis(-1));
            a.current_step = passed_before(conn, a, clinic).await?;
        }
        Action::Pause => a.paused_at = Some(now),
        Action::Resume => {
            a.pauses.extend(a.paused_at.take().map(|from| Pause { from, to: now }));
        }
        Action::Complete | Action::Cancel => a.ended_at = Some(now),
    }
    a.next_due_at = match status {
        Status::Active => next_due_at(conn, a, clinic).await?,
        _ => None,
    };
    assignments::set_lifecycle(conn, a, now).await?;
    if matches!(action, Action::Start | Action::Resume) {
        call_staff_unless_linked(conn, a, now).await?;
    }
    let waiting = match action {
        Action::Start => Waiting::default(),
        Action::Resume => {
            deliveries::release_held_of_assignment(conn, a.id, now).await?;
            Waiting::default()
        }
        Action::Pause => hold(conn, a, sending, now).await?,
        Action::Complete | Action::Cancel => cancel(conn, a, clinic, now).await?,
    };
    if status == Status::Active && a.next_due_at.is_none() {
        assignments::complete_finished(conn, &[a.id], now).await?;
    }
    Ok(Changed::Done(waiting))
}

async fn hold(
    conn: &mut Conn,
    a: &Assignment,
    sending: &[DeliveryId],
    now: Timestamp,
) -> sqlx::Result<Waiting> {
    let held = deliveries::hold_open_of(conn, a.id, sending, now).await?;
    jobs::kill(conn, &Name::STRS, &held, now).await?;
    Ok(Waiting { held: held.len(), ..Waiting::default() })
}

async fn cancel(conn: &mut Conn, a: &Assignment, clinic: &Clinic, now: Timestamp) -> sqlx::Result<Waiting> {
    let cancelled = deliveries::cancel(conn, Open::OfAssignment(a.id), now).await?;
    jobs::kill(conn, &Name::STRS, &cancelled, now).await?;
    // Messages that LINE may have all the same stay on record.
    interactions::log_outcomes(conn, &cancelled, clinic.time_zone, now).await?;
    Ok(Waiting { cancelled: cancelled.len(), ..Waiting::default() })
}

/// Tells staff, before the first step is due, that a follow-up of a patient without a LINE account
/// will not arrive.
async fn call_staff_unless_linked(conn: &mut Conn, a: &Assignment, now: Timestamp) -> sqlx::Result<()> {
    let patient = patients::get(conn, a.patient_id).await?;
    if patient.is_none_or(|p| p.line_user_id.is_some()) {
        return Ok(());
    }
    worklist::open(conn, &[worklist::New::about(a.patient_id, Reason::Unlinked, now)], now).await
}

/// The order of the latest step due between the start and the end of what is planned: an assignment
/// that begins in the past goes on from there, and the missed steps are not sent.
async fn passed_before(conn: &mut Conn, a: &Assignment, clinic: &Clinic) -> sqlx::Result<i64> {
    let (Some(start), Some(through)) = (a.started_at, a.planned_through) else { return Ok(0) };
    if through < start {
        return Ok(0);
    }
    let version = Version::of(protocols::steps(conn, a.version_id).await?);
    let due = planner::due(&version.plan(a, clinic), start.plus_millis(-1), through);
    let orders = due.occurrences.iter().filter_map(|o| Some(version.step(o.step)?.step_order));
    Ok(orders.max().unwrap_or(0))
}

async fn next_due_at(conn: &mut Conn, a: &Assignment, clinic: &Clinic) -> sqlx::Result<Option<Timestamp>> {
    let version = Version::of(protocols::steps(conn, a.version_id).await?);
    Ok(next_after(&version, a, clinic))
}

pub(super) fn next_after(version: &Version, a: &Assignment, clinic: &Clinic) -> Option<Timestamp> {
    let plan = version.plan(a, clinic);
    let after = a.planned_through.unwrap_or_else(|| plan.started_at.plus_millis(-1));
    planner::next_after(&plan, after)
}
