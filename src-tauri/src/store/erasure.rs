//! Deletion of a patient's data for good. Sent messages stay countable: they, their answers and the
//! rows of the log move to a row of nobody, without any of the patient's words.

use const_format::formatcp;
use sqlx::FromRow;

use super::{
    Conn,
    fragments::{ATTENTION_STATES, ONGOING_ASSIGNMENTS, OPEN_STATES},
    json_rows,
    patients::{self, Patient},
    sql::{query, query_as},
};
use crate::ids::PatientId;

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Kept {
    pub(crate) follow_ups: i64,
    /// Messages that may still go out.
    pub(crate) waiting: i64,
    pub(crate) messages: i64,
    /// Words, pictures and presses of the patient.
    pub(crate) words: i64,
    pub(crate) answers: i64,
    pub(crate) notes: i64,
    pub(crate) files: i64,
}

pub(crate) async fn kept(conn: &mut Conn, id: PatientId) -> sqlx::Result<Kept> {
    query_as(formatcp!(
        "SELECT (SELECT COUNT(*) FROM assignments WHERE patient_id = $1 AND status IN {ONGOING_ASSIGNMENTS})
                AS follow_ups,
            (SELECT COUNT(*) FROM deliveries WHERE patient_id = $1 AND state IN {OPEN_STATES}) AS waiting,
            (SELECT COUNT(*) FROM deliveries WHERE patient_id = $1) AS messages,
            (SELECT COUNT(*) FROM patient_messages WHERE patient_id = $1) AS words,
            (SELECT COUNT(*) FROM answers WHERE patient_id = $1) AS answers,
            (SELECT COUNT(*) FROM worklist WHERE patient_id = $1)
                + (SELECT COUNT(*) FROM notes WHERE patient_id = $1) AS notes,
            (SELECT COUNT(*) FROM patient_messages w JOIN media m ON m.line_message_id = w.line_message_id
                WHERE w.patient_id = $1 AND m.stored_as IS NOT NULL) AS files"
    ))
    .bind(id)
    .fetch_one(conn)
    .await
}

/// Deletes a patient with all dependent rows and their jobs in these queues; counted rows move to
/// `nobody`. No message of theirs may be on its way.
pub(crate) async fn erase(
    conn: &mut Conn,
    id: PatientId,
    nobody: &Patient,
    queues: &[&str],
) -> sqlx::Result<()> {
    query(
        "DELETE FROM Jobs WHERE job_type IN (SELECT value FROM json_each($1))
            AND idempotency_key IN (SELECT id FROM deliveries WHERE patient_id = $2)",
    )
    .bind(json_rows(queues)?)
    .bind(id)
    .execute(&mut *conn)
    .await?;
    patients::insert(conn, nobody).await?;
    // The account stays on record where LINE still shows it a menu, until that is taken away.
    query(
        "UPDATE patients SET erased = TRUE, menu_done = (SELECT p.menu_done FROM patients p WHERE p.id = $2)
         WHERE id = $1",
    )
    .bind(nobody.id)
    .bind(id)
    .execute(&mut *conn)
    .await?;
    empty_messages(conn, id).await?;
    // LINE's id of a message would lead to its chat.
    for sql in [
        "UPDATE interaction_logs SET user_id = $2, message_id = NULL WHERE user_id = $1",
        "UPDATE answers SET patient_id = $2, value = '', label = '' WHERE patient_id = $1",
        "UPDATE deliveries SET patient_id = $2 WHERE patient_id = $1",
        "UPDATE assignments SET patient_id = $2 WHERE patient_id = $1",
    ] {
        query(sql).bind(id).bind(nobody.id).execute(&mut *conn).await?;
    }
    // Words, notes, worklist items, codes and repeating messages go with it.
    query("DELETE FROM patients WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Removes from the messages their words, recipients and pending effects; the times of sending and
/// the fact of a question stay for counting.
async fn empty_messages(conn: &mut Conn, id: PatientId) -> sqlx::Result<()> {
    query(
        "UPDATE delivery_attempts SET error_text = NULL
         WHERE delivery_id IN (SELECT id FROM deliveries WHERE patient_id = $1)",
    )
    .bind(id)
    .execute(&mut *conn)
    .await?;
    query(formatcp!(
        "UPDATE deliveries SET message_type = 'text', content = $2, further_messages = NULL,
            quick_replies = NULL, sender = NULL, body = NULL, recipient = NULL, error_text = NULL,
            feedback = CASE WHEN feedback IS NULL THEN NULL ELSE CAST($3 AS TEXT) END,
            line_message_ids = '[]', line_request_id = NULL, idempotency_key = NULL, recurrence_id = NULL,
            language = NULL, answer_by = NULL, next_attempt_at = NULL,
            state = CASE WHEN state IN {ATTENTION_STATES} THEN 'cancelled' ELSE state END
         WHERE patient_id = $1"
    ))
    .bind(id)
    .bind(r#"{"text":"–"}"#)
    .bind(r#"{"question":"–","buttons":[]}"#)
    .execute(conn)
    .await?;
    Ok(())
}
