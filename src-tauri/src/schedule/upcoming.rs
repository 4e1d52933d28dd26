//! What will come of assignments, for people to see; nothing is planned here.

use chrono_tz::Tz;

use super::{planner, version};
use crate::{
    clock::Timestamp,
    domain::{clinic::Clinic, trigger::Rule},
    ids::{AssignmentId, StepId},
    store::{Conn, assignments::Assignment},
};

/// A step that will come.
#[derive(Clone, Debug)]
pub(crate) struct Upcoming {
    /// Whose next step it is.
    pub(crate) assignment_id: AssignmentId,
    /// The name of its protocol.
    pub(crate) protocol_name: String,
    /// Of its version.
    pub(crate) step_id: StepId,
    /// What staff call the step.
    pub(crate) step_name: String,
    /// Its place, from 1.
    pub(crate) step_order: i64,
    /// When it is due.
    pub(crate) due_at: Timestamp,
}

/// The next `each` steps of each of these assignments after `after`, in order.
pub(crate) async fn steps(
    conn: &mut Conn,
    active: &[Assignment],
    clinic: &Clinic,
    after: Timestamp,
    each: usize,
) -> sqlx::Result<Vec<Upcoming>> {
    let versions = version::of(conn, active).await?;
    let mut all = Vec::new();
    for a in active {
        let Some(version) = versions.get(&a.version_id) else { continue };
        for occurrence in planner::upcoming(&version.plan(a, clinic), after, each) {
            all.extend(version.step(occurrence.step).map(|step| Upcoming {
                assignment_id: a.id,
                protocol_name: a.protocol_name.clone(),
                step_id: step.id,
                step_name: step.name.clone(),
                step_order: step.step_order,
                due_at: occurrence.due_at,
            }));
        }
    }
    all.sort_by_key(|u| u.due_at);
    Ok(all)
}

/// The first `limit` times of steps with these rules, of a follow-up that starts at `start`: the
/// index of the step, and when it is due.
pub(crate) fn of_rules(rules: &[Rule], start: Timestamp, zone: Tz, limit: usize) -> Vec<(usize, Timestamp)> {
    let plan = planner::Plan { rules, started_at: start, pauses: &[], zone };
    let times = planner::upcoming(&plan, start.plus_millis(-1), limit);
    times.into_iter().map(|time| (time.step, time.due_at)).collect()
}

/// The name of the step that is due next, for each of these assignments.
pub(crate) async fn next_step_names(
    conn: &mut Conn,
    due: &[Assignment],
    clinic: &Clinic,
) -> sqlx::Result<Vec<Option<String>>> {
    let versions = version::of(conn, due).await?;
    let name = |a: &Assignment| {
        let version = versions.get(&a.version_id)?;
        let at = a.next_due_at?;
        let due = planner::due(&version.plan(a, clinic), at.plus_millis(-1), at);
        Some(version.step(due.occurrences.first()?.step)?.name.clone())
    };
    Ok(due.iter().map(name).collect())
}
