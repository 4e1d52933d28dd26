//! The demo clinic's rows, which never mix with real ones.

use super::{
    Conn,
    fragments::CLAIMED_JOBS,
    json_rows,
    sql::{query, query_scalar},
};
use const_format::formatcp;

/// Whether a message to a demo patient may be on its way: its job is claimed, and stays so until
/// its result is written.
pub(crate) async fn is_under_way(conn: &mut Conn) -> sqlx::Result<bool> {
    query_scalar(formatcp!(
        "SELECT EXISTS (SELECT 1 FROM Jobs j JOIN deliveries d ON d.id = j.idempotency_key
            JOIN patients p ON p.id = d.patient_id
            WHERE j.status IN {CLAIMED_JOBS} AND p.demo = TRUE)"
    ))
    .fetch_one(conn)
    .await
}

/// Removes every demo patient and protocol with all dependent rows, and their jobs in these queues.
/// Returns how many patients and protocols were removed. No message may be under way.
pub(crate) async fn remove(conn: &mut Conn, queues: &[&str]) -> sqlx::Result<u64> {
    query(
        "DELETE FROM Jobs
         WHERE job_type IN (SELECT value FROM json_each($1)) AND idempotency_key IN (
            SELECT d.id FROM deliveries d JOIN patients p ON p.id = d.patient_id WHERE p.demo = TRUE)",
    )
    .bind(json_rows(queues)?)
    .execute(&mut *conn)
    .await?;
    query("DELETE FROM interaction_logs WHERE user_id IN (SELECT id FROM patients WHERE demo = TRUE)")
        .execute(&mut *conn)
        .await?;
    query("DELETE FROM deliveries WHERE patient_id IN (SELECT id FROM patients WHERE demo = TRUE)")
        .execute(&mut *conn)
        .await?;
    let patients = query("DELETE FROM patients WHERE demo = TRUE").execute(&mut *conn).await?.rows_affected();
    let protocols = query(
        "DELETE FROM protocols WHERE demo = TRUE
            AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.protocol_id = protocols.id)",
    )
    .execute(conn)
    .await?
    .rows_affected();
    Ok(patients + protocols)
}
