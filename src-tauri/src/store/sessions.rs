//! Sessions of browsers; only the hashes of their secrets are stored.

use sqlx::FromRow;

use super::{
    Conn,
    sql::{Pool, query, query_as},
};
use crate::{
    clock::Timestamp,
    domain::staff::Role,
    ids::{SessionId, TokenId},
};

/// Only the hashes of its secrets are stored.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    /// The token it began with; `None` for the sign-in link.
    pub(crate) token_id: Option<TokenId>,
    pub(crate) actor: String,
    pub(crate) role: Role,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Deletes expired ones, too.
pub(crate) async fn insert(
    conn: &mut Conn,
    session: &Session,
    hash: &str,
    page_hash: &str,
) -> sqlx::Result<()> {
    query("DELETE FROM sessions WHERE expires_at <= $1").bind(session.created_at).execute(&mut *conn).await?;
    query(
        "INSERT INTO sessions (id, session_hash, page_hash, token_id, actor, role, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(session.id)
    .bind(hash)
    .bind(page_hash)
    .bind(session.token_id)
    .bind(&session.actor)
    .bind(session.role)
    .bind(session.created_at)
    .bind(session.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Everybody signs in again.
pub(crate) async fn end_all(conn: &mut Conn) -> sqlx::Result<()> {
    query("DELETE FROM sessions").execute(conn).await?;
    Ok(())
}

/// The session with these hashes; `None` where its time has passed, or its token was revoked or has
/// another role now.
pub(crate) async fn by_hashes(
    pool: &Pool,
    hash: &str,
    page_hash: &str,
    now: Timestamp,
) -> sqlx::Result<Option<Session>> {
    query_as(
        "SELECT s.id, s.token_id, s.actor, s.role, s.created_at, s.expires_at
         FROM sessions s LEFT JOIN api_tokens t ON t.id = s.token_id
         WHERE s.session_hash = $1 AND s.page_hash = $2 AND s.expires_at > $3
           AND (s.token_id IS NULL OR (t.revoked_at IS NULL AND t.role = s.role))",
    )
    .bind(hash)
    .bind(page_hash)
    .bind(now)
    .fetch_optional(pool)
    .await
}

pub(crate) async fn delete(conn: &mut Conn, hash: &str, page_hash: &str) -> sqlx::Result<()> {
    query("DELETE FROM sessions WHERE session_hash = $1 AND page_hash = $2")
        .bind(hash)
        .bind(page_hash)
        .execute(conn)
        .await?;
    Ok(())
}
