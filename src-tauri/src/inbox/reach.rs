//! News about the way to patients, from their acts and from LINE's answers.

use std::collections::HashMap;

use crate::{
    clock::Timestamp,
    domain::{patient::Reachability, work::Reason},
    ids::PatientId,
    store::{Conn, assignments, deliveries, worklist},
};

/// Lets held messages go to patients who can be reached again, and shows staff who cannot be
/// reached before the next step is due.
pub(super) async fn reached(
    conn: &mut Conn,
    changed: &HashMap<PatientId, Reachability>,
    now: Timestamp,
) -> sqlx::Result<()> {
    let those = |which: Reachability| -> Vec<_> {
        changed.iter().filter(|(_, r)| **r == which).map(|(id, _)| *id).collect()
    };
    let back = those(Reachability::Reachable);
    deliveries::release_held_of(conn, &back, now).await?;
    worklist::settle(conn, &back, &[Reason::Blocked, Reason::Unlinked], now).await?;
    let gone = assignments::with_started(conn, &those(Reachability::Blocked)).await?;
    let items: Vec<_> =
        gone.into_iter().map(|patient| worklist::New::about(patient, Reason::Blocked, now)).collect();
    worklist::open(conn, &items, now).await
}
