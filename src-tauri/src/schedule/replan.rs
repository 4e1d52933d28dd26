//! Recomputes when assignments are due next after a change of zone: a patient's, or the clinic's
//! for everybody who lives in it.

use super::{lifecycle, repeat, version};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::clinic::Clinic,
    ids::{AssignmentId, PatientId},
    store::{
        Conn,
        assignments::{self, Assignment, NextDue},
        recurrences, settings,
    },
};

/// Assignments recomputed in the transaction of the change; the rest follow in pieces of this size,
/// so that nobody waits for the writer.
const MAX_PIECE: u32 = 500;

/// The progress of the clinic's change of zone.
const CURSOR: &str = "replan.after";

/// Inside the caller's transaction.
pub(crate) async fn patient(
    conn: &mut Conn,
    patient: PatientId,
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<()> {
    let active = assignments::active_of(conn, patient).await?;
    compute(conn, &active, clinic, now).await?;
    let repeating = recurrences::following(conn, patient).await?;
    repeat::move_next(conn, &repeating, clinic, now).await
}

/// Recomputes when the assignments in the clinic's zone are due next: the first of them inside the
/// caller's transaction, the others by the tick. A note in the same transaction keeps the rest from
/// being forgotten.
pub(crate) async fn clinic(conn: &mut Conn, clinic: &Clinic, now: Timestamp) -> sqlx::Result<()> {
    let after = piece(conn, None, clinic, now).await?;
    let repeating = recurrences::following_clinic(conn).await?;
    repeat::move_next(conn, &repeating, clinic, now).await?;
    settings::set(conn, CURSOR, &after, now).await
}

/// Continues what [`clinic`] left. Returns how many assignments were recomputed.
pub(super) async fn batch(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let waiting: Option<Option<AssignmentId>> = settings::get(core.store.read(), CURSOR).await?;
    if waiting.flatten().is_none() {
        return Ok(0);
    }
    let mut tx = core.store.begin().await?;
    // Read again now that nobody else writes: another change may have restarted it.
    let waiting: Option<Option<AssignmentId>> = settings::get(&mut *tx, CURSOR).await?;
    let Some(from) = waiting.flatten() else { return Ok(0) };
    let after = piece(&mut tx, Some(from), &core.clinic(), now).await?;
    settings::set(&mut tx, CURSOR, &after, now).await?;
    tx.commit().await?;
    Ok(MAX_PIECE as usize)
}

/// Recomputes one piece. Returns where the next begins, if there is one.
async fn piece(
    conn: &mut Conn,
    after: Option<AssignmentId>,
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<Option<AssignmentId>> {
    let active = assignments::active_in_clinic_zone(conn, after, MAX_PIECE).await?;
    compute(conn, &active, clinic, now).await?;
    Ok(active.last().map(|a| a.id).filter(|_| active.len() == MAX_PIECE as usize))
}

async fn compute(
    conn: &mut Conn,
    active: &[Assignment],
    clinic: &Clinic,
    now: Timestamp,
) -> sqlx::Result<()> {
    if active.is_empty() {
        return Ok(());
    }
    let versions = version::of(conn, active).await?;
    let next: Vec<_> = active
        .iter()
        .filter_map(|a| {
            let at = lifecycle::next_after(versions.get(&a.version_id)?, a, clinic);
            Some(NextDue { id: a.id, at })
        })
        .collect();
    assignments::set_next_due(conn, &next, now).await?;
    let over: Vec<_> = next.iter().filter(|next| next.at.is_none()).map(|next| next.id).collect();
    if !over.is_empty() {
        assignments::complete_finished(conn, &over, now).await?;
    }
    Ok(())
}
