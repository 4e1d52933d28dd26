//! Who did what, and when. Rows are only ever added.

use serde_json::json;
use sqlx::FromRow;

use super::{
    Conn, Cursor, Page, json_rows,
    sql::{Pool, query, query_as},
};
use crate::{clock::Timestamp, domain::activity::Act, ids::AuditId};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Entry {
    pub(crate) id: AuditId,
    pub(crate) at: Timestamp,
    /// Who: the name of a token or session, or of an `Actor`.
    pub(crate) actor: String,
    pub(crate) action: Act,
    pub(crate) subject: Option<String>,
    /// What changed, in words; no names or bodies.
    pub(crate) detail: Option<String>,
}

pub(crate) async fn add(conn: &mut Conn, entry: &Entry) -> sqlx::Result<()> {
    add_many(conn, std::slice::from_ref(entry)).await
}

pub(crate) async fn add_many(conn: &mut Conn, entries: &[Entry]) -> sqlx::Result<()> {
    let row = |e: &Entry| json!([e.id, e.at.as_millis(), e.actor, e.action, e.subject, e.detail]);
    let rows: Vec<_> = entries.iter().map(row).collect();
    query(
        "INSERT INTO audit_log (id, at, actor, action, subject, detail)
         SELECT value ->> 0, CAST(value ->> 1 AS BIGINT), value ->> 2, value ->> 3, value ->> 4, value ->> 5
         FROM json_each($1)",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Acts from the newest to the oldest.
pub(crate) async fn list(pool: &Pool, after: &Cursor, limit: u32) -> sqlx::Result<Page<Entry>> {
    let rows: Vec<Entry> =
        query_as("SELECT * FROM audit_log WHERE (at, id) < ($1, $2) ORDER BY at DESC, id DESC LIMIT $3")
            .bind(after.at)
            .bind(&after.id)
            .bind(i64::from(limit) + 1)
            .fetch_all(pool)
            .await?;
    Ok(Page::cut(rows, limit, |e| Cursor { at: e.at.as_millis(), id: e.id.to_string() }))
}

/// The entries under these ids, in no order.
pub(crate) async fn get_many(conn: &mut Conn, ids: &[AuditId]) -> sqlx::Result<Vec<Entry>> {
    query_as("SELECT * FROM audit_log WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}
