//! Deliveries in doubt after the database was replaced by an older copy.

use const_format::formatcp;

use crate::{
    clock::Timestamp,
    ids::DeliveryId,
    store::{
        Conn,
        fragments::OPEN_STATES,
        json_rows,
        sql::{query, query_scalar},
    },
};

/// The open deliveries due up to `now`.
pub(crate) async fn open_until(conn: &mut Conn, now: Timestamp) -> sqlx::Result<Vec<DeliveryId>> {
    query_scalar(formatcp!("SELECT id FROM deliveries WHERE listed_state IN {OPEN_STATES} AND due_at <= $1"))
        .bind(now)
        .fetch_all(conn)
        .await
}

/// Puts these up for review as perhaps sent, no earlier than they were due.
pub(crate) async fn put_in_doubt(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE deliveries SET state = 'review', cause = 'outcome_unknown', next_attempt_at = NULL,
            maybe_sent_at = COALESCE(maybe_sent_at, due_at), updated_at = $2
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
