//! The activity log. Rows are only ever added.

use serde_json::json;
use sqlx::FromRow;

use super::{
    Conn, Cursor, Page, json_rows,
    sql::{Builder, Pool, query, query_as},
};
use crate::{clock::Timestamp, domain::activity::Act, ids::AuditId};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct AuditRow {
    pub(crate) id: AuditId,
    pub(crate) at: Timestamp,
    /// The name of a token or session, or of an `Actor`.
    pub(crate) actor: String,
    pub(crate) action: Act,
    pub(crate) subject: Option<String>,
    /// What changed, as the JSON of a `Change`, or in the words of an older version; no names or
    /// bodies.
    pub(crate) detail: Option<String>,
}

pub(crate) async fn add(conn: &mut Conn, entry: &AuditRow) -> sqlx::Result<()> {
    add_many(conn, std::slice::from_ref(entry)).await
}

pub(crate) async fn add_many(conn: &mut Conn, entries: &[AuditRow]) -> sqlx::Result<()> {
    let row = |e: &AuditRow| json!([e.id, e.at.as_millis(), e.actor, e.action, e.subject, e.detail]);
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

#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) action: Option<Act>,
    pub(crate) actor: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) from: Option<Timestamp>,
    /// Not included.
    pub(crate) to: Option<Timestamp>,
}

/// From the newest to the oldest.
pub(crate) async fn list(
    pool: &Pool,
    filter: &Filter,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<AuditRow>> {
    let mut query = Builder::new("SELECT * FROM audit_log WHERE (at, id) < (");
    query.push_bind(after.at).push(", ").push_bind(after.id.clone()).push(")");
    if let Some(from) = filter.from {
        query.push(" AND at >= ").push_bind(from);
    }
    if let Some(to) = filter.to {
        query.push(" AND at < ").push_bind(to);
    }
    if let Some(action) = filter.action {
        query.push(" AND action = ").push_bind(action);
    }
    if let Some(actor) = &filter.actor {
        query.push(" AND actor = ").push_bind(actor.clone());
    }
    if let Some(subject) = &filter.subject {
        query.push(" AND subject = ").push_bind(subject.clone());
    }
    query.push(" ORDER BY at DESC, id DESC LIMIT ").push_bind(i64::from(limit) + 1);
    let rows: Vec<AuditRow> = query.build_query_as().fetch_all(pool).await?;
    Ok(Page::cut(rows, limit, |e| Cursor { at: e.at.as_millis(), id: e.id.to_string() }))
}

/// In no order.
pub(crate) async fn get_many(conn: &mut Conn, ids: &[AuditId]) -> sqlx::Result<Vec<AuditRow>> {
    query_as("SELECT * FROM audit_log WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}
