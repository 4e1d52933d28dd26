//! Data about the pictures, videos, sounds and files of patients. The bytes lie in files.

use std::collections::{HashMap, HashSet};

use const_format::formatcp;
use serde::Serialize;
use sqlx::FromRow;

use super::{
    Conn,
    fragments::UNWRITTEN_REASONS,
    json_rows,
    sql::{Pool, query, query_as, query_scalar},
};
use crate::{
    clock::Timestamp,
    domain::media::{Reason, State},
    ids::MediaId,
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Media {
    pub(crate) id: MediaId,
    pub(crate) line_message_id: String,
    /// image, video, audio or file.
    pub(crate) kind: String,
    pub(crate) file_name: Option<String>,
    /// Bytes: for a file as LINE tells it, for anything once it is stored.
    pub(crate) size: Option<i64>,
    /// The type by its first bytes; `None` until it is stored.
    pub(crate) media_type: Option<String>,
    pub(crate) state: State,
    pub(crate) reason: Option<Reason>,
    pub(crate) attempts: i64,
    /// Random; in `media/`.
    pub(crate) stored_as: Option<String>,
    /// When it was first heard of.
    pub(crate) created_at: Timestamp,
}

const SELECT: &str = "SELECT id, line_message_id, kind, file_name, size, media_type, state, reason, attempts,
    stored_as, created_at FROM media";

#[derive(Clone, Debug, Serialize)]
pub(crate) struct New {
    pub(crate) id: MediaId,
    pub(crate) line_message_id: String,
    pub(crate) kind: String,
    pub(crate) file_name: Option<String>,
    pub(crate) size: Option<u64>,
}

/// Notes contents to be fetched, each once, except those taken back before they came.
pub(crate) async fn insert(conn: &mut Conn, batch: &[New], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    query(
        "INSERT INTO media (id, line_message_id, kind, file_name, size, state, next_attempt_at, created_at)
         SELECT value ->> 'id', value ->> 'line_message_id', value ->> 'kind', value ->> 'file_name',
            CAST(value ->> 'size' AS BIGINT), 'pending', $2, $2
         FROM json_each($1)
         WHERE NOT EXISTS (SELECT 1 FROM unsent_messages u
            WHERE u.line_message_id = value ->> 'line_message_id')
         ON CONFLICT (line_message_id) DO NOTHING",
    )
    .bind(json_rows(batch)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// The earliest first.
pub(crate) async fn due(pool: &Pool, now: Timestamp, limit: u32) -> sqlx::Result<Vec<Media>> {
    query_as(formatcp!(
        "{SELECT} WHERE state = 'pending' AND next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT $2"
    ))
    .bind(now)
    .bind(limit)
    .fetch_all(pool)
    .await
}

pub(crate) async fn next_at(pool: &Pool) -> sqlx::Result<Option<Timestamp>> {
    query_scalar("SELECT next_attempt_at FROM media WHERE state = 'pending' ORDER BY next_attempt_at LIMIT 1")
        .fetch_optional(pool)
        .await
}

/// Why a content that waits cannot be written to the disk; `None` where nothing is in the way.
pub(crate) async fn unwritten(pool: &Pool) -> sqlx::Result<Option<Reason>> {
    query_scalar(formatcp!(
        "SELECT reason FROM media WHERE state = 'pending' AND reason IN {UNWRITTEN_REASONS}
         ORDER BY next_attempt_at LIMIT 1"
    ))
    .fetch_optional(pool)
    .await
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Fetched {
    pub(crate) stored_as: Option<String>,
    pub(crate) size: Option<i64>,
    pub(crate) media_type: Option<String>,
    /// `None` unless it is pending.
    pub(crate) next_attempt_at: Option<Timestamp>,
}

/// Notes the result of an attempt; `false` where the content was taken back meanwhile.
pub(crate) async fn record(
    conn: &mut Conn,
    id: MediaId,
    state: State,
    reason: Option<Reason>,
    fetched: &Fetched,
    now: Timestamp,
) -> sqlx::Result<bool> {
    let done = query(
        "UPDATE media SET state = $2, reason = $3, stored_as = CAST($4 AS TEXT), size = COALESCE(CAST($5 AS BIGINT), size),
            media_type = $6, attempts = attempts + 1, next_attempt_at = COALESCE(CAST($7 AS BIGINT), next_attempt_at),
            stored_at = CASE WHEN CAST($4 AS TEXT) IS NULL THEN NULL ELSE CAST($8 AS BIGINT) END
         WHERE id = $1 AND state = 'pending'",
    )
    .bind(id)
    .bind(state)
    .bind(reason)
    .bind(&fetched.stored_as)
    .bind(fetched.size)
    .bind(&fetched.media_type)
    .bind(fetched.next_attempt_at)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(crate) async fn get(pool: &Pool, id: MediaId) -> sqlx::Result<Option<Media>> {
    query_as(formatcp!("{SELECT} WHERE id = $1")).bind(id).fetch_optional(pool).await
}

/// The contents that came with these messages, by LINE's ids.
pub(crate) async fn of_messages(
    conn: &mut Conn,
    line_message_ids: &[&str],
) -> sqlx::Result<HashMap<String, Media>> {
    if line_message_ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Media> =
        query_as(formatcp!("{SELECT} WHERE line_message_id IN (SELECT value FROM json_each($1))"))
            .bind(json_rows(line_message_ids)?)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|m| (m.line_message_id.clone(), m)).collect())
}

/// Up to `limit` contents whose files must be deleted.
pub(crate) async fn discarded(pool: &Pool, limit: u32) -> sqlx::Result<Vec<Media>> {
    query_as(formatcp!(
        "{SELECT} WHERE state = 'gone' AND (stored_as IS NOT NULL OR reason = 'erased') ORDER BY id LIMIT $1"
    ))
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Notes that these files are deleted; rows of erased patients go, too.
pub(crate) async fn deleted(conn: &mut Conn, ids: &[MediaId]) -> sqlx::Result<()> {
    let ids = json_rows(ids)?;
    query("DELETE FROM media WHERE id IN (SELECT value FROM json_each($1)) AND state = 'gone' AND reason = 'erased'")
        .bind(&ids)
        .execute(&mut *conn)
        .await?;
    query(
        "UPDATE media SET stored_as = NULL
         WHERE id IN (SELECT value FROM json_each($1)) AND state = 'gone'",
    )
    .bind(&ids)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives up to `limit` contents up that were heard of before an instant. Returns how many.
pub(crate) async fn expire(conn: &mut Conn, before: Timestamp, limit: u32) -> sqlx::Result<u64> {
    let done = query(
        "UPDATE media SET state = 'gone', reason = 'kept_long_enough', file_name = NULL WHERE id IN
            (SELECT id FROM media WHERE state = 'stored' AND created_at < $1 ORDER BY created_at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Reads the `limit` rows after `after`. Returns the last of them, and those whose message is gone.
pub(crate) async fn without_message(
    pool: &Pool,
    after: Option<MediaId>,
    limit: u32,
) -> sqlx::Result<(Option<MediaId>, Vec<MediaId>)> {
    #[derive(FromRow)]
    struct Looked {
        id: MediaId,
        kept: bool,
    }
    let rows: Vec<Looked> = query_as(
        "SELECT m.id, EXISTS (SELECT 1 FROM patient_messages p WHERE p.line_message_id = m.line_message_id)
            OR EXISTS (SELECT 1 FROM stranger_words w WHERE w.line_message_id = m.line_message_id) AS kept
         FROM media m WHERE m.id > $1 ORDER BY m.id LIMIT $2",
    )
    .bind(after.map_or_else(String::new, |id| id.to_string()))
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let last = rows.last().map(|row| row.id);
    Ok((last, rows.into_iter().filter(|row| !row.kept).map(|row| row.id).collect()))
}

/// Gives these up so that nothing of them stays, not even a row.
pub(crate) async fn erase(conn: &mut Conn, ids: &[MediaId]) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE media SET state = 'gone', reason = 'erased', file_name = NULL
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Those of these names under which a file is kept.
pub(crate) async fn files(pool: &Pool, names: &[String]) -> sqlx::Result<HashSet<String>> {
    let rows: Vec<String> = query_scalar(
        "SELECT stored_as FROM media WHERE stored_as IS NOT NULL AND stored_as IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(names)?)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}

/// In the order of time.
pub(crate) async fn stored(
    pool: &Pool,
    after: Option<(Timestamp, MediaId)>,
    limit: u32,
) -> sqlx::Result<Vec<Media>> {
    let (at, id) = after.map_or((Timestamp::from_millis(0), String::new()), |(at, id)| (at, id.to_string()));
    query_as(formatcp!(
        "{SELECT} WHERE state = 'stored' AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3"
    ))
    .bind(at)
    .bind(id)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Marks these to be fetched anew, since their files are lost.
pub(crate) async fn fetch_anew(conn: &mut Conn, ids: &[MediaId], now: Timestamp) -> sqlx::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    query(
        "UPDATE media SET state = 'pending', stored_as = NULL, stored_at = NULL, next_attempt_at = $2
         WHERE id IN (SELECT value FROM json_each($1)) AND state = 'stored'",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
