//! Signed-in sessions of browsers; only their hashes are stored.

use sqlx::{FromRow, SqlitePool};

use super::Conn;
use crate::{clock::Timestamp, domain::staff::Role, ids::SessionId};

/// A session, without its secret.
#[derive(Clone, Debug, FromRow)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who signed in.
    pub actor: String,
    /// What they may do.
    pub role: Role,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Stores a new session and forgets those that are over.
///
/// # Errors
/// The database failed.
pub async fn insert(conn: &mut Conn, session: &Session, hash: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE expires_at <= $1")
        .bind(session.created_at)
        .execute(&mut *conn)
        .await?;
    sqlx::query(
        "INSERT INTO sessions (id, session_hash, actor, role, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(session.id)
    .bind(hash)
    .bind(&session.actor)
    .bind(session.role)
    .bind(session.created_at)
    .bind(session.expires_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// The session with this hash, unless it is over.
///
/// # Errors
/// The database failed.
pub async fn by_hash(pool: &SqlitePool, hash: &str, now: Timestamp) -> sqlx::Result<Option<Session>> {
    sqlx::query_as("SELECT * FROM sessions WHERE session_hash = $1 AND expires_at > $2")
        .bind(hash)
        .bind(now)
        .fetch_optional(pool)
        .await
}

/// Ends a session.
///
/// # Errors
/// The database failed.
pub async fn delete(conn: &mut Conn, hash: &str) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM sessions WHERE session_hash = $1").bind(hash).execute(conn).await?;
    Ok(())
}
