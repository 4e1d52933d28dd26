//! The future steps of assignments, for people to see; nothing is planned here.

use chrono_tz::Tz;

use super::{
    ahead,
    plan_batch::source_of,
    planner,
    version::{self, Version},
};
use crate::{
    clock::Timestamp,
    domain::{
        clinic::{AtNight, Clinic},
        draft::Source,
        language::Language,
        trigger::Rule,
    },
    ids::{AssignmentId, StepId},
    store::{Conn, assignments::Assignment},
};

#[derive(Clone, Debug)]
pub(crate) struct Upcoming {
    pub(crate) assignment_id: AssignmentId,
    pub(crate) protocol_name: String,
    pub(crate) step_id: StepId,
    /// Written by staff; may be empty.
    pub(crate) step_name: String,
    /// From 1.
    pub(crate) step_order: i64,
    /// By the present plan.
    pub(crate) due_at: Timestamp,
    /// 0, or the local time as YYYYMMDDHHMM.
    pub(crate) occurrence: i64,
    pub(crate) said: Source,
}

pub(crate) async fn steps(
    conn: &mut Conn,
    active: &[Assignment],
    clinic: &Clinic,
    language: Option<Language>,
    after: Timestamp,
    each: usize,
) -> sqlx::Result<Vec<Upcoming>> {
    let versions = version::of(conn, active).await?;
    let mut all = Vec::new();
    for a in active {
        let Some(version) = versions.get(&a.version_id) else { continue };
        for occurrence in planner::upcoming(&version.plan(a, clinic), after, each) {
            all.extend(shown(a, version, &occurrence, language));
        }
    }
    all.sort_by_key(|u| u.due_at);
    Ok(all)
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Moved {
    /// Steps whose time would have passed: they would not be sent.
    pub(crate) left_out: Vec<Upcoming>,
    /// In the order of time.
    pub(crate) next: Vec<Upcoming>,
}

/// Previews an assignment with another start, or one that is started with it.
pub(crate) async fn with_start(
    conn: &mut Conn,
    mut a: Assignment,
    start: Timestamp,
    clinic: &Clinic,
    now: Timestamp,
    limit: usize,
) -> sqlx::Result<Moved> {
    if a.started_at.is_none() {
        a.started_at = Some(start);
        a.planned_through = Some(start.max(now).plus_millis(-1));
    } else {
        ahead::give_start(conn, &mut a, start, clinic).await?;
    }
    let through = a.planned_through.unwrap_or(now);
    let versions = version::of(conn, std::slice::from_ref(&a)).await?;
    let Some(version) = versions.get(&a.version_id) else { return Ok(Moved::default()) };
    let plan = version.plan(&a, clinic);
    let of = |occurrences: Vec<planner::Occurrence>| {
        occurrences.into_iter().filter_map(|o| shown(&a, version, &o, None)).collect::<Vec<_>>()
    };
    let mut past = planner::due(&plan, start.plus_millis(-1), through).occurrences;
    past.retain(planner::Occurrence::comes_once);
    Ok(Moved { left_out: of(past), next: of(planner::upcoming(&plan, through, limit)) })
}

fn shown(
    a: &Assignment,
    version: &Version,
    occurrence: &planner::Occurrence,
    language: Option<Language>,
) -> Option<Upcoming> {
    let step = version.step(occurrence.step)?;
    Some(Upcoming {
        assignment_id: a.id,
        protocol_name: a.protocol_name.clone(),
        step_id: step.id,
        step_name: step.name.clone(),
        step_order: step.step_order,
        due_at: occurrence.due_at,
        occurrence: occurrence.key,
        said: source_of(a, step, language, None),
    })
}

/// The first `limit` times of steps with these rules, for a follow-up that starts at `start`: the
/// index of the step, and its due time.
pub(crate) fn of_rules(rules: &[Rule], start: Timestamp, zone: Tz, limit: usize) -> Vec<(usize, Timestamp)> {
    let plan = planner::Plan { rules, started_at: start, pauses: &[], zone, passed: Vec::new() };
    let times = planner::upcoming(&plan, start.plus_millis(-1), limit);
    times.into_iter().map(|time| (time.step, time.due_at)).collect()
}

#[derive(Clone, Debug)]
pub(crate) struct NextStep {
    pub(crate) id: StepId,
    /// Written by staff.
    pub(crate) name: String,
    /// 0, or the local time as YYYYMMDDHHMM.
    pub(crate) occurrence: i64,
    /// `None` for the clinic's rule.
    pub(crate) at_night: Option<AtNight>,
}

pub(crate) async fn next_steps(
    conn: &mut Conn,
    due: &[Assignment],
    clinic: &Clinic,
) -> sqlx::Result<Vec<Option<NextStep>>> {
    let versions = version::of(conn, due).await?;
    let next = |a: &Assignment| {
        let version = versions.get(&a.version_id)?;
        let at = a.next_due_at?;
        let due = planner::due(&version.plan(a, clinic), at.plus_millis(-1), at);
        let first = due.occurrences.first()?;
        let step = version.step(first.step)?;
        Some(NextStep {
            id: step.id,
            name: step.name.clone(),
            occurrence: first.key,
            at_night: step.at_night,
        })
    };
    Ok(due.iter().map(next).collect())
}
