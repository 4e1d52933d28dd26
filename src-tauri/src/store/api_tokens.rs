//! API tokens; only their hashes are stored.

use sqlx::FromRow;

use super::{
    Conn,
    sql::{Pool, query, query_as},
};
use crate::{clock::Timestamp, domain::staff::Role, ids::TokenId};

/// Only the hash of its text is stored.
#[derive(Clone, Debug, FromRow)]
pub(crate) struct Token {
    pub(crate) id: TokenId,
    /// The name given by staff; the actor in the activity log.
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) created_at: Timestamp,
}

pub(crate) async fn insert(conn: &mut Conn, token: &Token, hash: &str) -> sqlx::Result<()> {
    query("INSERT INTO api_tokens (id, name, role, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)")
        .bind(token.id)
        .bind(&token.name)
        .bind(token.role)
        .bind(hash)
        .bind(token.created_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// `None` where it was revoked.
pub(crate) async fn by_hash(pool: &Pool, hash: &str) -> sqlx::Result<Option<Token>> {
    query_as(
        "SELECT id, name, role, created_at FROM api_tokens
         WHERE token_hash = $1 AND revoked_at IS NULL",
    )
    .bind(hash)
    .fetch_optional(pool)
    .await
}

/// Returns how many there were.
pub(crate) async fn revoke(conn: &mut Conn, name: &str, now: Timestamp) -> sqlx::Result<u64> {
    let done = query("UPDATE api_tokens SET revoked_at = $1 WHERE name = $2 AND revoked_at IS NULL")
        .bind(now)
        .bind(name)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}
