//! Which patients LINE shows the rich menu of their language. `patients.menu_done` is the account
//! and the language for which that was last done; where the row differs by now, or it was never
//! done, it has to be done.

use std::collections::HashMap;

use const_format::formatcp;
use sqlx::FromRow;

use super::{
    Conn,
    fragments::WAITING_STATES,
    json_rows,
    sql::{Pool, query, query_as, query_scalar},
};
use crate::{clock::Timestamp, ids::PatientId};

/// The condition of the index, letter by letter: a menu is to be linked.
const STALE: &str = "line_user_id IS NOT NULL
    AND COALESCE(menu_done, '') <> line_user_id || ' ' || COALESCE(locale, '')";

/// The condition of the index, letter by letter: the account it was done for is theirs no longer.
const LEFT: &str = "menu_done IS NOT NULL
    AND SUBSTR(menu_done, 1, LENGTH(COALESCE(line_user_id, '')) + 1) <> COALESCE(line_user_id, '') || ' '";

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Unseen {
    pub(crate) id: PatientId,
    pub(crate) line_user_id: String,
    pub(crate) locale: Option<String>,
    /// Whether LINE may show them a menu of another language.
    pub(crate) had_one: bool,
    pub(crate) demo: bool,
}

pub(crate) async fn unseen(pool: &Pool, limit: u32) -> sqlx::Result<Vec<Unseen>> {
    query_as(formatcp!(
        "SELECT id, line_user_id, locale, menu_done IS NOT NULL AS had_one, demo FROM patients
         WHERE {STALE} ORDER BY id LIMIT $1"
    ))
    .bind(limit)
    .fetch_all(pool)
    .await
}

pub(crate) async fn count_unseen(pool: &Pool) -> sqlx::Result<i64> {
    query_scalar(formatcp!("SELECT COUNT(*) FROM patients WHERE {STALE}")).fetch_one(pool).await
}

/// A patient whose former account may still be shown their menu.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Left {
    pub(crate) id: PatientId,
    menu_done: String,
    pub(crate) demo: bool,
}

impl Left {
    pub(crate) fn account(&self) -> &str {
        self.menu_done.split(' ').next().unwrap_or_default()
    }
}

pub(crate) async fn left(pool: &Pool, limit: u32) -> sqlx::Result<Vec<Left>> {
    query_as(formatcp!("SELECT id, menu_done, demo FROM patients WHERE {LEFT} ORDER BY id LIMIT $1"))
        .bind(limit)
        .fetch_all(pool)
        .await
}

/// Notes that these accounts are shown the patient's menu no longer; patients that changed
/// meanwhile stay as they are.
pub(crate) async fn taken_away(conn: &mut Conn, done: &[Left]) -> sqlx::Result<()> {
    let rows: Vec<_> = done.iter().map(|left| serde_json::json!([left.id, left.menu_done])).collect();
    query(
        "UPDATE patients SET menu_done = NULL
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS done FROM json_each($1)) AS j
         WHERE patients.id = j.id AND patients.menu_done = j.done",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that these are linked, except patients with another account or language meanwhile.
pub(crate) async fn seen(conn: &mut Conn, done: &[Unseen]) -> sqlx::Result<()> {
    let rows: Vec<_> = done
        .iter()
        .map(|u| {
            let done = format!("{} {}", u.line_user_id, u.locale.as_deref().unwrap_or_default());
            serde_json::json!([u.id, done])
        })
        .collect();
    query(
        "UPDATE patients SET menu_done = j.done
         FROM (SELECT value ->> 0 AS id, value ->> 1 AS done FROM json_each($1)) AS j
         WHERE patients.id = j.id",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks up to `limit` patients to be linked anew. Returns how many.
pub(crate) async fn forget(conn: &mut Conn, limit: u32) -> sqlx::Result<u64> {
    let done = query(
        "UPDATE patients SET menu_done = NULL
         WHERE id IN (SELECT id FROM patients WHERE menu_done IS NOT NULL ORDER BY id LIMIT $1)",
    )
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Coming {
    /// When the first message with a time comes; `None` where none has one.
    pub(crate) at: Option<Timestamp>,
    /// Whether one waits for an act, and so has no time.
    pub(crate) waits: bool,
    /// Whether a step of theirs treats quiet hours differently from the clinic.
    pub(crate) differs_at_night: bool,
}

pub(crate) async fn coming(
    conn: &mut Conn,
    patients: &[PatientId],
    now: Timestamp,
) -> sqlx::Result<HashMap<PatientId, Coming>> {
    #[derive(FromRow)]
    struct Next {
        id: PatientId,
        step_at: Option<Timestamp>,
        message_at: Option<Timestamp>,
        waits: bool,
        differs_at_night: bool,
    }
    if patients.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Next> = query_as(formatcp!(
        "SELECT p.id,
            (SELECT MIN(a.next_due_at) FROM assignments a
                WHERE a.patient_id = p.id AND a.status = 'active' AND a.next_due_at > $2) AS step_at,
            (SELECT MIN(d.next_attempt_at) FROM deliveries d
                WHERE d.patient_id = p.id AND d.next_attempt_at > $2
                    AND d.state IN {WAITING_STATES}) AS message_at,
            EXISTS (SELECT 1 FROM deliveries d WHERE d.patient_id = p.id AND d.state = 'held'
                AND d.next_attempt_at IS NULL) AS waits,
            EXISTS (SELECT 1 FROM assignments a JOIN protocol_steps s ON s.version_id = a.version_id
                WHERE a.patient_id = p.id AND a.status = 'active' AND s.at_night IS NOT NULL)
                AS differs_at_night
         FROM patients p WHERE p.id IN (SELECT value FROM json_each($1))"
    ))
    .bind(json_rows(patients)?)
    .bind(now)
    .fetch_all(conn)
    .await?;
    let coming = |row: Next| {
        let at = row.step_at.into_iter().chain(row.message_at).min();
        (row.id, Coming { at, waits: row.waits, differs_at_night: row.differs_at_night })
    };
    Ok(rows.into_iter().map(coming).collect())
}
