//! The past messages of a follow-up that was entered with an earlier start. They are never sent:
//! the demo clinic shows them.

use super::{plan_batch, planner, version};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::draft::Draft,
    ids::AssignmentId,
    store::{Conn, assignments},
};

const MAX_PAST: usize = 100;

/// The messages these follow-ups would have brought from their start until `now`, each as it was
/// when due.
pub(crate) async fn messages(
    conn: &mut Conn,
    core: &Core,
    ids: &[AssignmentId],
    now: Timestamp,
) -> sqlx::Result<Vec<Draft>> {
    let clinic = core.clinic();
    let begun = assignments::get_many(conn, ids).await?;
    let versions = version::of(conn, &begun).await?;
    let patients = plan_batch::recipients_of(conn, &begun).await?;
    let mut past = Vec::new();
    for assignment in &begun {
        let Some(version) = versions.get(&assignment.version_id) else { continue };
        let plan = version.plan(assignment, &clinic);
        let patient = patients.get(&assignment.patient_id);
        for occurrence in planner::upcoming(&plan, plan.started_at.plus_millis(-1), MAX_PAST) {
            let due_at = occurrence.due_at;
            let Some(step) = version.step(occurrence.step).filter(|_| due_at < now) else { continue };
            let to = plan_batch::For::patient(patient, assignment, &clinic, due_at);
            past.push(plan_batch::draft_of(assignment, step, &occurrence, to, &clinic, due_at));
        }
    }
    Ok(past)
}
