//! Strangers: writers whose LINE account is no patient's, with their words.

use const_format::formatcp;
use serde::Serialize;
use sqlx::FromRow;

use super::{
    Conn, Cursor, Page,
    fragments::PROGRAM,
    json_rows,
    sql::{Pool, query, query_as},
    worklist::rank,
};
use crate::{
    clock::Timestamp,
    ids::{PatientId, StrangerId},
};

mod words;

pub(crate) use words::{NewWords, Words, insert_words, marked, unread, words_of};

/// Somebody of whom only the LINE account is known.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Stranger {
    pub(crate) id: StrangerId,
    pub(crate) line_user_id: String,
    /// Their name at LINE; `None` until LINE was asked, or where it tells none.
    pub(crate) display_name: Option<String>,
    /// BCP 47 tag of their language, from LINE's profile.
    pub(crate) locale: Option<String>,
    /// When they were last told how to be linked; `None` where they never were.
    pub(crate) answered_at: Option<Timestamp>,
    pub(crate) urgent: bool,
    /// Since when LINE is known not to have taken the reply that says whom to call.
    pub(crate) untold_from: Option<Timestamp>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) resolved_at: Option<Timestamp>,
    pub(crate) resolved_by: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Heard {
    /// The id of the row, where it is new.
    pub(crate) id: StrangerId,
    pub(crate) line_user_id: String,
    /// Whether staff are to see it: a mere press of a menu is kept and calls nobody.
    pub(crate) opens: bool,
    /// Whether it alarms; it then stays so until it is settled.
    pub(crate) urgent: bool,
    pub(crate) answered: bool,
    /// The instant from which staff see that they were not told whom to call, where they must be;
    /// milliseconds since 1970.
    pub(crate) untold_from: Option<i64>,
}

const SELECT: &str = "SELECT id, line_user_id, display_name, locale, answered_at, urgent, untold_from,
    created_at, updated_at, resolved_at, resolved_by FROM strangers";

pub(crate) async fn by_line_users(conn: &mut Conn, users: &[String]) -> sqlx::Result<Vec<Stranger>> {
    query_as(formatcp!("{SELECT} WHERE line_user_id IN (SELECT value FROM json_each($1))"))
        .bind(json_rows(users)?)
        .fetch_all(conn)
        .await
}

/// Notes the acts of strangers, each once; a settled stranger is open again where it `opens`.
pub(crate) async fn hear(conn: &mut Conn, batch: &[Heard], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows = json_rows(batch)?;
    // What alarmed before they were settled is not what they wait with now.
    query(
        "UPDATE stranger_words SET alarms = FALSE WHERE alarms = TRUE AND stranger_id IN
            (SELECT s.id FROM json_each($1) JOIN strangers s ON s.line_user_id = value ->> 'line_user_id'
             WHERE s.resolved_at IS NOT NULL AND CAST(value ->> 'opens' AS BOOLEAN))",
    )
    .bind(&rows)
    .execute(&mut *conn)
    .await?;
    query(formatcp!(
        "INSERT INTO strangers (id, line_user_id, urgent, answered_at, created_at, updated_at, resolved_at, resolved_by,
            untold_from, opened_at)
         SELECT value ->> 'id', value ->> 'line_user_id', CAST(value ->> 'urgent' AS BOOLEAN),
            CASE WHEN CAST(value ->> 'answered' AS BOOLEAN) THEN CAST($2 AS BIGINT) END, $2, $2,
            CASE WHEN CAST(value ->> 'opens' AS BOOLEAN) THEN NULL ELSE CAST($2 AS BIGINT) END,
            CASE WHEN CAST(value ->> 'opens' AS BOOLEAN) THEN NULL ELSE '{PROGRAM}' END, CAST(value ->> 'untold_from' AS BIGINT), $2
         FROM json_each($1) WHERE true
         ON CONFLICT (line_user_id) DO UPDATE SET updated_at = excluded.updated_at,
            answered_at = COALESCE(excluded.answered_at, strangers.answered_at),
            untold_from = COALESCE(excluded.untold_from, strangers.untold_from),
            urgent = (strangers.urgent AND strangers.resolved_at IS NULL) OR excluded.urgent,
            opened_at = CASE WHEN strangers.resolved_at IS NULL THEN strangers.opened_at ELSE excluded.opened_at END,
            resolved_at = CASE WHEN excluded.resolved_at IS NULL THEN NULL ELSE strangers.resolved_at END,
            resolved_by = CASE WHEN excluded.resolved_at IS NULL THEN NULL ELSE strangers.resolved_by END"
    ))
    .bind(rows)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Up to `limit` strangers LINE was not asked about yet, in no order.
pub(crate) async fn unasked(pool: &Pool, limit: u32) -> sqlx::Result<Vec<Stranger>> {
    query_as(formatcp!("{SELECT} WHERE asked_at IS NULL ORDER BY id LIMIT $1"))
        .bind(limit)
        .fetch_all(pool)
        .await
}

/// LINE's answer about a stranger; `None` fields where it does not know them.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Asked {
    pub(crate) id: StrangerId,
    pub(crate) display_name: Option<String>,
    pub(crate) locale: Option<String>,
}

pub(crate) async fn asked(conn: &mut Conn, batch: &[Asked], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE strangers SET display_name = a.display_name, locale = a.locale, asked_at = $2
         FROM (SELECT value ->> 'id' AS id, value ->> 'display_name' AS display_name, value ->> 'locale' AS locale
            FROM json_each($1)) AS a
         WHERE strangers.id = a.id",
    )
    .bind(json_rows(batch)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Moved {
    pub(crate) patient_id: PatientId,
    pub(crate) urgent: bool,
    pub(crate) untold_from: Option<Timestamp>,
    /// Since when they waited for staff; `None` where they did not.
    pub(crate) opened_at: Option<Timestamp>,
    /// LINE's id of their last words; `None` where only presses came.
    pub(crate) newest: Option<String>,
    /// Whether any of their words alarmed.
    pub(crate) alarming: bool,
    /// The key of the last press that alarmed.
    pub(crate) pressed: Option<String>,
}

/// Moves the words of strangers who are these patients to the patients, and deletes the strangers.
/// Returns those who still waited for staff.
pub(crate) async fn become_patients(conn: &mut Conn, patients: &[PatientId]) -> sqlx::Result<Vec<Moved>> {
    let ids = json_rows(patients)?;
    let waited: Vec<Moved> = query_as(
        "SELECT p.id AS patient_id, s.urgent, s.untold_from, s.opened_at, (SELECT w.line_message_id FROM stranger_words w
            WHERE w.stranger_id = s.id AND w.kind <> 'postback' ORDER BY w.said_at DESC, w.id DESC LIMIT 1) AS newest,
            EXISTS (SELECT 1 FROM stranger_words w
                WHERE w.stranger_id = s.id AND w.alarms = TRUE AND w.kind <> 'postback') AS alarming,
            (SELECT w.line_message_id FROM stranger_words w WHERE w.stranger_id = s.id AND w.alarms = TRUE
                AND w.kind = 'postback' ORDER BY w.said_at DESC, w.id DESC LIMIT 1) AS pressed
         FROM patients p JOIN strangers s ON s.line_user_id = p.line_user_id
         WHERE p.id IN (SELECT value FROM json_each($1)) AND s.resolved_at IS NULL",
    )
    .bind(&ids)
    .fetch_all(&mut *conn)
    .await?;
    query(
        "INSERT INTO patient_messages (id, patient_id, line_message_id, kind, text, label, data, params, details,
            said_at, unsent_at, read_token, quote_token, read_at)
         SELECT w.id, p.id, w.line_message_id, w.kind, w.text, w.label, w.data, w.params, w.details,
            w.said_at, w.unsent_at, w.read_token, w.quote_token, w.read_at
         FROM patients p JOIN strangers s ON s.line_user_id = p.line_user_id
         JOIN stranger_words w ON w.stranger_id = s.id
         WHERE p.id IN (SELECT value FROM json_each($1))
         ON CONFLICT (line_message_id) DO NOTHING",
    )
    .bind(&ids)
    .execute(&mut *conn)
    .await?;
    query(
        "DELETE FROM strangers WHERE line_user_id IN
            (SELECT line_user_id FROM patients WHERE id IN (SELECT value FROM json_each($1)))",
    )
    .bind(&ids)
    .execute(conn)
    .await?;
    Ok(waited)
}

/// Strangers who wait for staff, or settled ones: the urgent first, then by their last message,
/// newest first.
pub(crate) async fn list(
    pool: &Pool,
    resolved: bool,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Stranger>> {
    let asked = if resolved {
        query_as(formatcp!(
            "{SELECT} WHERE resolved_at IS NOT NULL AND (rank, id) < ($1, $2) ORDER BY rank DESC, id DESC LIMIT $3"
        ))
    } else {
        query_as(formatcp!(
            "{SELECT} WHERE resolved_at IS NULL AND (rank, id) < ($1, $2) ORDER BY rank DESC, id DESC LIMIT $3"
        ))
    };
    let rows: Vec<Stranger> =
        asked.bind(after.at).bind(&after.id).bind(i64::from(limit) + 1).fetch_all(pool).await?;
    Ok(Page::cut(rows, limit, |s| Cursor { at: rank(s.updated_at, s.urgent), id: s.id.to_string() }))
}

pub(crate) async fn get(conn: &mut Conn, id: StrangerId) -> sqlx::Result<Option<Stranger>> {
    query_as(formatcp!("{SELECT} WHERE id = $1")).bind(id).fetch_optional(conn).await
}

/// Notes the result of the reply that says whom to call: `None` where LINE took it, else since when
/// staff see that it did not.
pub(crate) async fn answered(
    conn: &mut Conn,
    user: &str,
    untold_from: Option<Timestamp>,
) -> sqlx::Result<()> {
    query("UPDATE strangers SET untold_from = $2 WHERE line_user_id = $1 AND untold_from IS NOT NULL")
        .bind(user)
        .bind(untold_from)
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn settle(conn: &mut Conn, s: &Stranger) -> sqlx::Result<()> {
    query("UPDATE strangers SET resolved_at = $2, resolved_by = $3 WHERE id = $1")
        .bind(s.id)
        .bind(s.resolved_at)
        .bind(&s.resolved_by)
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts of strangers nobody has settled or linked.
#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct OpenCounts {
    pub(crate) open: i64,
    pub(crate) urgent: i64,
}

pub(crate) async fn count_open(pool: &Pool) -> sqlx::Result<OpenCounts> {
    query_as(
        "SELECT COUNT(*) AS open, COUNT(*) FILTER (WHERE urgent = TRUE) AS urgent FROM strangers
         WHERE resolved_at IS NULL",
    )
    .fetch_one(pool)
    .await
}

/// Deletes up to `limit` strangers who said nothing since an instant, with their words.
pub(crate) async fn forget(conn: &mut Conn, before: Timestamp, limit: u32) -> sqlx::Result<u64> {
    let done = query(
        "DELETE FROM strangers WHERE id IN
            (SELECT id FROM strangers WHERE updated_at < $1 ORDER BY updated_at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
