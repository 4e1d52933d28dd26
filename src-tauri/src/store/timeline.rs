//! Everything about one patient, in order.

use sqlx::FromRow;

use super::{
    Cursor, Page,
    sql::{Pool, query_as},
};
use crate::{clock::Timestamp, ids::PatientId};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    /// The id in its own table.
    pub(crate) id: String,
    /// Its table: message, answer, said, note, event, completed.
    pub(crate) kind: String,
}

/// From the latest to the earliest.
pub(crate) async fn entries(
    pool: &Pool,
    patient: PatientId,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Entry>> {
    let rows: Vec<Entry> = query_as(
        "SELECT at, id, kind FROM (
            SELECT COALESCE(accepted_at, last_attempt_at, due_at) AS at, id, 'message' AS kind
                FROM deliveries WHERE patient_id = $1
            UNION ALL SELECT answered_at, id, 'answer' FROM answers WHERE patient_id = $1
            UNION ALL SELECT said_at, id, 'said' FROM patient_messages WHERE patient_id = $1
            UNION ALL SELECT created_at, id, 'note' FROM notes WHERE patient_id = $1
            UNION ALL SELECT at, id, 'event' FROM audit_log
                WHERE subject IN (SELECT $1 UNION SELECT id FROM assignments WHERE patient_id = $1)
            UNION ALL SELECT ended_at, id, 'completed' FROM assignments
                WHERE patient_id = $1 AND status = 'completed') AS entries
         WHERE (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4",
    )
    .bind(patient)
    .bind(after.at)
    .bind(&after.id)
    .bind(i64::from(limit) + 1)
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(rows, limit, |e| Cursor { at: e.at.as_millis(), id: e.id.clone() }))
}
