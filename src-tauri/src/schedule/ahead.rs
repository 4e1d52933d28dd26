//! The steps ahead of one assignment, changed by staff: left out, brought back, sent at another
//! time, or all moved with the start. Each change runs inside the caller's transaction. An
//! occurrence that is planned no more is noted with the assignment under its key, so that neither
//! the planner nor the next time shown counts it.

use super::{
    lifecycle::next_after,
    plan_batch::source_of,
    planner::{self, Occurrence},
    version::Version,
};
use crate::{
    clock::Timestamp,
    domain::{
        assignment::Passed,
        clinic::Clinic,
        draft::{Draft, Planned, Rules},
        language::Language,
    },
    ids::{DeliveryId, StepId},
    store::{
        Conn,
        assignments::{self, Assignment},
        deliveries, patients,
        protocols::{self, Step},
    },
};

/// The most steps ahead that are searched: more than screens show.
const MAX_AHEAD: usize = 500;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Which {
    pub(crate) step_id: StepId,
    /// 0, or the local time as YYYYMMDDHHMM.
    pub(crate) occurrence: i64,
}

struct Ahead<'a> {
    a: &'a mut Assignment,
    version: Version,
    clinic: &'a Clinic,
}

impl<'a> Ahead<'a> {
    async fn of(conn: &mut Conn, a: &'a mut Assignment, clinic: &'a Clinic) -> sqlx::Result<Self> {
        let version = Version::of(protocols::steps(conn, a.version_id).await?);
        Ok(Self { a, version, clinic })
    }

    fn find(&self, which: Which) -> Option<(&Step, Occurrence)> {
        let plan = self.version.plan(self.a, self.clinic);
        let ahead = planner::upcoming(&plan, planned_through(self.a), MAX_AHEAD);
        ahead.into_iter().find_map(|occurrence| {
            let step = self.version.step(occurrence.step)?;
            let is_it = step.id == which.step_id && occurrence.key == which.occurrence;
            is_it.then_some((step, occurrence))
        })
    }

    fn step_order(&self, id: StepId) -> Option<i64> {
        self.version.steps().find(|step| step.id == id).map(|step| step.step_order)
    }

    /// The keys of steps that come once and have their message. One whose time passed before the
    /// start at that time has none, and may still come.
    async fn came(&self, conn: &mut Conn) -> sqlx::Result<Vec<Passed>> {
        let made = deliveries::made_once(conn, self.a.id).await?;
        let once = self.version.steps().filter(|s| made.contains(&s.id));
        Ok(once.map(|s| Passed { step_order: s.step_order, occurrence: 0 }).collect())
    }

    /// Writes the plan as it is now; without a step ahead the assignment may complete.
    async fn write(self, conn: &mut Conn, now: Timestamp) -> sqlx::Result<()> {
        let Self { a, version, clinic } = self;
        a.next_due_at = next_after(&version, a, clinic);
        a.updated_at = now;
        assignments::set_lifecycle(conn, a, now).await?;
        if a.next_due_at.is_none() {
            assignments::complete_finished(conn, &[a.id], now).await?;
        }
        Ok(())
    }
}

fn planned_through(a: &Assignment) -> Timestamp {
    a.planned_through.unwrap_or_else(|| a.created_at.plus_millis(-1))
}

/// Returns whether it was still ahead.
pub(crate) async fn skip(
    conn: &mut Conn,
    a: &mut Assignment,
    which: Which,
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let ahead = Ahead::of(conn, a, clinic).await?;
    let Some(step_order) = ahead.find(which).map(|(step, _)| step.step_order) else { return Ok(false) };
    ahead.a.passed.push(Passed { step_order, occurrence: which.occurrence });
    ahead.write(conn, now).await?;
    Ok(true)
}

/// Brings a step that was left out back into the plan. Returns `false` where it was not left out,
/// or its time has passed.
pub(crate) async fn bring_back(
    conn: &mut Conn,
    a: &mut Assignment,
    which: Which,
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let ahead = Ahead::of(conn, a, clinic).await?;
    let Some(step_order) = ahead.step_order(which.step_id) else { return Ok(false) };
    let entry = Passed { step_order, occurrence: which.occurrence };
    let was_left_out = ahead.a.passed.contains(&entry);
    if !was_left_out || deliveries::is_made(conn, ahead.a.id, which.step_id, which.occurrence).await? {
        return Ok(false);
    }
    ahead.a.passed.retain(|passed| *passed != entry);
    if ahead.find(which).is_none_or(|(_, occurrence)| occurrence.due_at <= now) {
        return Ok(false);
    }
    ahead.write(conn, now).await?;
    Ok(true)
}

/// Makes the message of a step ahead now, to go at `at`, or at its own time. Returns its id; `None`
/// where the step is not ahead. Ring the tick's bell after the commit.
pub(crate) async fn make_step(
    conn: &mut Conn,
    a: &mut Assignment,
    which: Which,
    at: Option<Timestamp>,
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<Option<DeliveryId>> {
    let locale = patients::get(conn, a.patient_id).await?.and_then(|p| p.locale);
    let language = Language::own(locale.as_deref(), clinic.time_zone);
    let ahead = Ahead::of(conn, a, clinic).await?;
    let Some((step, occurrence)) = ahead.find(which) else { return Ok(None) };
    let rules = Rules { clinic, zone: clinic.zone_of(ahead.a.patient_zone.as_deref()), now };
    let planned = Planned { occurrence: occurrence.key, at: occurrence.due_at };
    let source = source_of(ahead.a, step, language, None);
    let at = at.unwrap_or(occurrence.due_at);
    let draft = Draft::step_at(source, step.step_order, planned, at, rules);
    let (id, step_order) = (draft.id, step.step_order);
    if deliveries::insert(conn, &[draft], now).await?.is_empty() {
        return Ok(None);
    }
    ahead.a.passed.push(Passed { step_order, occurrence: which.occurrence });
    ahead.write(conn, now).await?;
    Ok(Some(id))
}

/// Gives an assignment another start. Past steps stay as they went: those that come once do not
/// come again, and one whose new time has passed is left out.
pub(crate) async fn move_start(
    conn: &mut Conn,
    a: &mut Assignment,
    start: Timestamp,
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<()> {
    give_start(conn, a, start, clinic).await?;
    Ahead::of(conn, a, clinic).await?.write(conn, now).await
}

/// Sets only the start; nothing is stored.
pub(super) async fn give_start(
    conn: &mut Conn,
    a: &mut Assignment,
    start: Timestamp,
    clinic: &Clinic,
) -> sqlx::Result<()> {
    let ahead = Ahead::of(conn, a, clinic).await?;
    for came in ahead.came(conn).await? {
        if !ahead.a.passed.contains(&came) {
            ahead.a.passed.push(came);
        }
    }
    ahead.a.started_at = Some(start);
    Ok(())
}
