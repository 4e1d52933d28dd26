//! Data about the pictures and videos that staff upload. The bytes lie in files.

use std::collections::HashSet;

use const_format::formatcp;
use sqlx::FromRow;

use super::{
    Conn, Cursor, Page,
    fragments::{CANCELLABLE_STATES, ONGOING_ASSIGNMENTS},
    json_rows,
    sql::{Pool, query, query_as, query_scalar},
};
use crate::{
    clock::Timestamp,
    domain::upload::{Kind, tokens_in},
    ids::UploadId,
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Stored {
    pub(crate) id: UploadId,
    pub(crate) kind: Kind,
    /// The type by its bytes: image/jpeg, image/png or video/mp4.
    pub(crate) media_type: String,
    /// The random part of its address.
    pub(crate) token: String,
    /// `None` where it came without one.
    pub(crate) file_name: Option<String>,
    /// The random name of its file in `uploads/`.
    pub(crate) stored_as: String,
    /// The random name of the preview's file in `uploads/`.
    pub(crate) preview_as: String,
    /// Pixels; `None` for a video.
    pub(crate) width: Option<i64>,
    pub(crate) height: Option<i64>,
    /// The stored size, in bytes.
    pub(crate) size: i64,
    pub(crate) created_at: Timestamp,
    /// When something was first written with it; `None` for an unused one.
    pub(crate) used_at: Option<Timestamp>,
}

const SELECT: &str =
    "SELECT id, kind, media_type, token, file_name, stored_as, preview_as, width, height, size,
    created_at, used_at FROM uploads";

pub(crate) async fn insert(conn: &mut Conn, row: &Stored) -> sqlx::Result<()> {
    query(
        "INSERT INTO uploads (id, kind, media_type, token, file_name, stored_as, preview_as, width, height,
            size, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(row.id)
    .bind(row.kind)
    .bind(&row.media_type)
    .bind(&row.token)
    .bind(&row.file_name)
    .bind(&row.stored_as)
    .bind(&row.preview_as)
    .bind(row.width)
    .bind(row.height)
    .bind(row.size)
    .bind(row.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn get(conn: &mut Conn, id: UploadId) -> sqlx::Result<Option<Stored>> {
    query_as(formatcp!("{SELECT} WHERE id = $1")).bind(id).fetch_optional(conn).await
}

pub(crate) async fn by_token(pool: &Pool, token: &str) -> sqlx::Result<Option<Stored>> {
    query_as(formatcp!("{SELECT} WHERE token = $1")).bind(token).fetch_optional(pool).await
}

pub(crate) async fn by_tokens(conn: &mut Conn, tokens: &[&str]) -> sqlx::Result<Vec<Stored>> {
    query_as(formatcp!("{SELECT} WHERE token IN (SELECT value FROM json_each($1))"))
        .bind(json_rows(tokens)?)
        .fetch_all(conn)
        .await
}

/// From the newest to the oldest.
pub(crate) async fn list(pool: &Pool, after: &Cursor, limit: u32) -> sqlx::Result<Page<Stored>> {
    let rows: Vec<Stored> = query_as(formatcp!(
        "{SELECT} WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3"
    ))
    .bind(after.at)
    .bind(&after.id)
    .bind(i64::from(limit) + 1)
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(rows, limit, |row| Cursor { at: row.created_at.as_millis(), id: row.id.to_string() }))
}

/// Marks the uploads in `text` as used, in the transaction that stores it: they are kept from then
/// on.
pub(crate) async fn mark_used(conn: &mut Conn, text: &str, now: Timestamp) -> sqlx::Result<()> {
    let tokens: Vec<_> = tokens_in(text).into_iter().collect();
    if tokens.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE uploads SET used_at = $2
         WHERE token IN (SELECT value FROM json_each($1)) AND used_at IS NULL",
    )
    .bind(json_rows(&tokens)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether anything that may still be sent shows it: an offered or followed version, a template, a
/// repetition, a message that waits or that staff may still send.
pub(crate) async fn is_used(conn: &mut Conn, token: &str) -> sqlx::Result<bool> {
    query_scalar(formatcp!(
        "SELECT EXISTS (SELECT 1 FROM protocol_steps s
                JOIN protocol_versions v ON v.id = s.version_id
                JOIN protocols p ON p.id = v.protocol_id
                WHERE (instr(s.content, $1) > 0 OR instr(s.further_messages, $1) > 0 OR instr(s.translations, $1) > 0
                        OR instr(s.quick_replies, $1) > 0 OR instr(v.sender, $1) > 0)
                    AND ((p.status <> 'archived' AND v.version >= COALESCE((SELECT MAX(w.version)
                            FROM protocol_versions w
                            WHERE w.protocol_id = p.id AND w.published_at IS NOT NULL), 0))
                        OR EXISTS (SELECT 1 FROM assignments a WHERE a.version_id = v.id
                            AND a.status IN {ONGOING_ASSIGNMENTS})))
            OR EXISTS (SELECT 1 FROM message_templates t
                WHERE t.archived = FALSE AND (instr(t.content, $1) > 0 OR instr(t.further_messages, $1) > 0))
            OR EXISTS (SELECT 1 FROM recurrences r
                WHERE r.active = TRUE AND (instr(r.content, $1) > 0 OR instr(r.further_messages, $1) > 0
                    OR instr(r.quick_replies, $1) > 0))
            OR EXISTS (SELECT 1 FROM deliveries d
                WHERE d.listed_state IN {CANCELLABLE_STATES}
                    AND (instr(d.content, $1) > 0 OR instr(d.further_messages, $1) > 0 OR instr(d.quick_replies, $1) > 0
                        OR instr(d.sender, $1) > 0))"
    ))
    .bind(token)
    .fetch_one(conn)
    .await
}

/// Up to `limit` uploads from before an instant that were never used.
pub(crate) async fn unused(conn: &mut Conn, before: Timestamp, limit: u32) -> sqlx::Result<Vec<Stored>> {
    query_as(formatcp!("{SELECT} WHERE used_at IS NULL AND created_at < $1 ORDER BY created_at LIMIT $2"))
        .bind(before)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub(crate) async fn delete(conn: &mut Conn, ids: &[UploadId]) -> sqlx::Result<()> {
    query("DELETE FROM uploads WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .execute(conn)
        .await?;
    Ok(())
}

/// Those of these names under which a file is kept.
pub(crate) async fn files(pool: &Pool, names: &[String]) -> sqlx::Result<HashSet<String>> {
    let rows: Vec<String> = query_scalar(
        "SELECT stored_as FROM uploads WHERE stored_as IN (SELECT value FROM json_each($1))
         UNION ALL SELECT preview_as FROM uploads WHERE preview_as IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(names)?)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}
