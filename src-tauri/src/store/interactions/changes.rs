//! Changes of rows of the log, with the sums.

use chrono_tz::Tz;
use const_format::formatcp;
use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    domain::{delivery::InteractionStatus, feedback::FeedbackAction},
    ids::{self, DeliveryId, PatientId},
    store::{
        Conn,
        fragments::{
            ACCEPTED, LATE_MS, LOGGED_STATES, PROVEN_STATUSES, UNANSWERED_STATUSES, UNSEEN_STATUSES,
        },
        json_rows,
        sql::{query, query_as, query_scalar},
        statistics::{Counted, Moves},
    },
};

/// A delivery that has a row: sent, failed, put up for review, or cancelled while LINE may have it.
const ENDED: &str =
    formatcp!("(d.state IN {LOGGED_STATES} OR (d.state = 'cancelled' AND d.maybe_sent_at IS NOT NULL))");

/// Writes the rows of deliveries that just ended, and updates the sums. Each delivery gets exactly
/// one row, however often this runs; a `failed` row may become `sent`, nothing else changes.
pub(crate) async fn log_outcomes(
    conn: &mut Conn,
    ids: &[DeliveryId],
    zone: Tz,
    now: Timestamp,
) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json_rows(ids)?;
    let groups: Vec<Alike> = query_as(formatcp!(
        "SELECT COALESCE(i.created_at, $2) AS created_at, d.protocol_id, d.step_id,
            CASE d.state WHEN 'sent' THEN 'sent' ELSE 'failed' END AS status, FALSE AS proven,
            d.feedback IS NOT NULL AS asked,
            CAST(SUM({LATE_MS}) AS BIGINT)
                AS delivery_ms,
            CAST(NULL AS TEXT) AS response_action, CAST(NULL AS TEXT) AS response_value,
            CAST(NULL AS BIGINT) AS time_difference_ms,
            i.id IS NOT NULL AS was_failed, COUNT(*) AS deliveries
         FROM deliveries d LEFT JOIN interaction_logs i ON i.id = d.id
         WHERE d.id IN (SELECT value FROM json_each($1))
            AND {ENDED}
            AND (i.id IS NULL OR (i.status = 'failed' AND d.state = 'sent'))
         GROUP BY 1, 2, 3, 4, 6, 11"
    ))
    .bind(&ids)
    .bind(now)
    .fetch_all(&mut *conn)
    .await?;
    if groups.is_empty() {
        return Ok(());
    }
    query(formatcp!(
        "INSERT INTO interaction_logs (id, user_id, protocol_id, step_id, assignment_id, message_id,
            sent_at, status, created_at)
         SELECT d.id, d.patient_id, d.protocol_id, d.step_id, COALESCE(d.assignment_id, $3),
            d.line_message_ids ->> 0, d.accepted_at,
            CASE d.state WHEN 'sent' THEN 'sent' ELSE 'failed' END, $2
         FROM deliveries d
         WHERE d.id IN (SELECT value FROM json_each($1))
            AND {ENDED}
         ON CONFLICT (id) DO UPDATE SET status = excluded.status, message_id = excluded.message_id,
            sent_at = excluded.sent_at
         WHERE interaction_logs.status = 'failed'"
    ))
    .bind(&ids)
    .bind(now)
    .bind(ids::MESSAGES_ASSIGNMENT)
    .execute(&mut *conn)
    .await?;
    let mut moves = Moves::new(zone);
    for Alike { row, was_failed, deliveries } in &groups {
        if *was_failed {
            moves.leave_alike(&Counted { status: InteractionStatus::Failed, ..row.clone() }, *deliveries);
        }
        moves.enter_alike(row, *deliveries);
    }
    moves.write(conn).await
}

/// Rows of the log that are new, or were `failed` until now, and are alike in all that the sums
/// count.
#[derive(Clone, Debug, FromRow)]
struct Alike {
    #[sqlx(flatten)]
    row: Counted,
    was_failed: bool,
    deliveries: i64,
}

/// Rows of the log as the sums see them.
async fn counted(conn: &mut Conn, ids: &str) -> sqlx::Result<Vec<Counted>> {
    query_as(formatcp!(
        "SELECT i.created_at, i.protocol_id, i.step_id, i.status,
            (i.delivered_at IS NOT NULL OR i.status IN {PROVEN_STATUSES}) AS proven,
            d.feedback IS NOT NULL AS asked,
            {LATE_MS} AS delivery_ms,
            i.response_action, i.response_value, i.time_difference_ms
         FROM interaction_logs i JOIN deliveries d ON d.id = i.id
         WHERE i.id IN (SELECT value FROM json_each($1))"
    ))
    .bind(ids)
    .fetch_all(conn)
    .await
}

/// Runs `change` on the rows with `ids` and updates the sums by what it changed.
async fn changing(
    conn: &mut Conn,
    ids: &[DeliveryId],
    zone: Tz,
    change: impl AsyncFnOnce(&mut Conn) -> sqlx::Result<()>,
) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = json_rows(ids)?;
    let mut moves = Moves::new(zone);
    for row in counted(conn, &ids).await? {
        moves.leave(&row);
    }
    change(conn).await?;
    for row in counted(conn, &ids).await? {
        moves.enter(&row);
    }
    moves.write(conn).await
}

#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) id: DeliveryId,
    pub(crate) at: Timestamp,
    pub(crate) action: FeedbackAction,
    pub(crate) value: String,
}

/// A row takes an answer where it has none, or only a postponement.
const TAKES_ANSWER: &str = "(interaction_logs.responded_at IS NULL
    OR (interaction_logs.response_action = 'postpone' AND j.action <> 'postpone'))";

/// At most one for each row; one that takes none keeps what it has.
pub(crate) async fn respond(conn: &mut Conn, batch: &[Response], zone: Tz) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> =
        batch.iter().map(|r| serde_json::json!([r.id, r.at.as_millis(), r.action, r.value])).collect();
    let rows = json_rows(&rows)?;
    let open: Vec<DeliveryId> = query_scalar(formatcp!(
        "SELECT interaction_logs.id
         FROM (SELECT value ->> 0 AS id, value ->> 2 AS action FROM json_each($1)) AS j
         JOIN interaction_logs ON interaction_logs.id = j.id WHERE {TAKES_ANSWER}"
    ))
    .bind(&rows)
    .fetch_all(&mut *conn)
    .await?;
    changing(conn, &open, zone, async |conn: &mut Conn| {
        query(formatcp!(
            "UPDATE interaction_logs SET status = 'responded', responded_at = j.at,
                response_action = j.action, response_value = j.answer,
                time_difference_ms = CASE WHEN j.at < interaction_logs.sent_at THEN 0
                    ELSE j.at - interaction_logs.sent_at END,
                delivered_at = COALESCE(interaction_logs.delivered_at, j.at)
             FROM (SELECT value ->> 0 AS id, CAST(value ->> 1 AS BIGINT) AS at, value ->> 2 AS action,
                value ->> 3 AS answer
                FROM json_each($1)) AS j
             WHERE interaction_logs.id = j.id AND {TAKES_ANSWER}"
        ))
        .bind(&rows)
        .execute(&mut *conn)
        .await?;
        note_last_answers(conn, &rows).await
    })
    .await
}

/// Notes with their patients when the rows of these answers were answered.
async fn note_last_answers(conn: &mut Conn, rows: &str) -> sqlx::Result<()> {
    query(
        "UPDATE patients SET last_answer_at = j.at
         FROM (SELECT i.user_id AS id, MAX(i.responded_at) AS at
            FROM json_each($1) JOIN interaction_logs i ON i.id = value ->> 0
            WHERE i.responded_at IS NOT NULL GROUP BY i.user_id) AS j
         WHERE patients.id = j.id AND patients.last_answer_at < j.at",
    )
    .bind(rows)
    .execute(conn)
    .await
    .map(|_| ())
}

/// Those of `ids` without an answer: only another answer changes a row with one.
async fn open_ids(conn: &mut Conn, ids: &[DeliveryId]) -> sqlx::Result<Vec<DeliveryId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    query_scalar(
        "SELECT id FROM interaction_logs
         WHERE id IN (SELECT value FROM json_each($1)) AND responded_at IS NULL",
    )
    .bind(json_rows(ids)?)
    .fetch_all(conn)
    .await
}

/// Marks rows whose answer did not come in time.
pub(crate) async fn miss(conn: &mut Conn, ids: &[DeliveryId], zone: Tz) -> sqlx::Result<()> {
    let rows = json_rows(ids)?;
    let open = open_ids(conn, ids).await?;
    changing(conn, &open, zone, async |conn: &mut Conn| {
        query(formatcp!(
            "UPDATE interaction_logs SET status = 'missed'
             WHERE id IN (SELECT value FROM json_each($1)) AND status IN {UNANSWERED_STATUSES}"
        ))
        .bind(&rows)
        .execute(conn)
        .await
        .map(|_| ())
    })
    .await
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Quoted {
    pub(crate) id: DeliveryId,
    pub(crate) at: Timestamp,
}

pub(crate) async fn read(conn: &mut Conn, quoted: &[Quoted], zone: Tz) -> sqlx::Result<()> {
    let ids: Vec<_> = quoted.iter().map(|q| q.id).collect();
    let rows: Vec<_> = quoted.iter().map(|q| serde_json::json!([q.id, q.at.as_millis()])).collect();
    let rows = json_rows(&rows)?;
    let open = open_ids(conn, &ids).await?;
    changing(conn, &open, zone, async |conn: &mut Conn| {
        query(formatcp!(
            "UPDATE interaction_logs SET status = 'read',
                delivered_at = COALESCE(interaction_logs.delivered_at, j.at)
             FROM (SELECT value ->> 0 AS id,
                MIN(CAST(value ->> 1 AS BIGINT)) AS at FROM json_each($1) GROUP BY 1) AS j
             WHERE interaction_logs.id = j.id AND status IN {UNSEEN_STATUSES}"
        ))
        .bind(&rows)
        .execute(conn)
        .await
        .map(|_| ())
    })
    .await
}

/// An event that came from a patient.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignOfLife {
    pub(crate) patient_id: PatientId,
    pub(crate) at: Timestamp,
}

/// Marks earlier messages to each of these patients as delivered, which a sign of life proves, as
/// far back as the account has been a friend without a break.
pub(crate) async fn prove_delivered(conn: &mut Conn, signs: &[SignOfLife], zone: Tz) -> sqlx::Result<()> {
    if signs.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = signs.iter().map(|s| serde_json::json!([s.patient_id, s.at.as_millis()])).collect();
    let rows = json_rows(&rows)?;
    let ids: Vec<DeliveryId> = query_scalar(formatcp!(
        "SELECT i.id FROM json_each($1) s
         JOIN patients p ON p.id = s.value ->> 0
         JOIN interaction_logs i ON i.user_id = p.id AND i.sent_at <= CAST(s.value ->> 1 AS BIGINT)
         WHERE i.delivered_at IS NULL AND i.{ACCEPTED} AND i.responded_at IS NULL
            AND i.sent_at >= COALESCE(p.followed_at, 0)"
    ))
    .bind(&rows)
    .fetch_all(&mut *conn)
    .await?;
    let proven = json_rows(&ids)?;
    changing(conn, &ids, zone, async |conn: &mut Conn| {
        query(
            "UPDATE interaction_logs SET delivered_at = CASE
                WHEN j.at < interaction_logs.sent_at THEN interaction_logs.sent_at ELSE j.at END,
                status = CASE status WHEN 'sent' THEN 'delivered' ELSE status END
             FROM (SELECT value ->> 0 AS patient,
                MAX(CAST(value ->> 1 AS BIGINT)) AS at FROM json_each($1) GROUP BY 1) AS j
             WHERE interaction_logs.id IN (SELECT value FROM json_each($2))
                AND interaction_logs.user_id = j.patient",
        )
        .bind(&rows)
        .bind(&proven)
        .execute(conn)
        .await
        .map(|_| ())
    })
    .await
}
