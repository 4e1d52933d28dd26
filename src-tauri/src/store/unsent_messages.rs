//! Messages that were taken back, by LINE's ids: whoever wrote them, and whether they have come or
//! not.

use super::{Conn, json_rows, sql::query};
use crate::clock::Timestamp;

#[derive(Clone, Debug)]
pub(crate) struct Unsent {
    pub(crate) line_message_id: String,
    /// The time by LINE's clock.
    pub(crate) at: Timestamp,
}

pub(crate) async fn note(conn: &mut Conn, batch: &[Unsent]) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> =
        batch.iter().map(|u| serde_json::json!([u.line_message_id, u.at.as_millis()])).collect();
    query(
        "INSERT INTO unsent_messages (line_message_id, at)
         SELECT value ->> 0, CAST(value ->> 1 AS BIGINT) FROM json_each($1) WHERE true
         ON CONFLICT (line_message_id) DO NOTHING",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes the words of those of these messages that were taken back, and what came with them; the
/// files are deleted afterwards.
pub(crate) async fn remove_words(conn: &mut Conn, line_message_ids: &[String]) -> sqlx::Result<()> {
    if line_message_ids.is_empty() {
        return Ok(());
    }
    let ids = json_rows(line_message_ids)?;
    query(
        "UPDATE patient_messages SET text = NULL, details = NULL, quote_token = NULL, unsent_at = u.at
         FROM unsent_messages u
         WHERE u.line_message_id = patient_messages.line_message_id
            AND patient_messages.line_message_id IN (SELECT value FROM json_each($1))",
    )
    .bind(&ids)
    .execute(&mut *conn)
    .await?;
    query(
        "UPDATE stranger_words SET text = NULL, details = NULL, quote_token = NULL, unsent_at = u.at
         FROM unsent_messages u
         WHERE u.line_message_id = stranger_words.line_message_id
            AND stranger_words.line_message_id IN (SELECT value FROM json_each($1))",
    )
    .bind(&ids)
    .execute(&mut *conn)
    .await?;
    query(
        "UPDATE media SET state = 'gone', reason = 'taken_back', file_name = NULL
         WHERE line_message_id IN (SELECT value FROM json_each($1))
            AND line_message_id IN (SELECT u.line_message_id FROM unsent_messages u)",
    )
    .bind(&ids)
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets messages taken back before an instant: LINE delivers no message so late.
pub(crate) async fn forget(conn: &mut Conn, before: Timestamp) -> sqlx::Result<()> {
    query("DELETE FROM unsent_messages WHERE at < $1").bind(before).execute(conn).await?;
    Ok(())
}
