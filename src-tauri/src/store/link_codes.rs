//! One-time codes that link a LINE account to a patient; only their hashes are stored.

use sqlx::FromRow;

use super::{
    Conn,
    sql::{query, query_as},
};
use crate::{clock::Timestamp, ids::PatientId};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct LinkCode {
    pub(crate) patient_id: PatientId,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Slip {
    /// SHA-256 of its code in capitals without hyphens, in hex.
    pub(crate) code_hash: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_at: Option<Timestamp>,
}

pub(crate) async fn latest(conn: &mut Conn, patient: PatientId) -> sqlx::Result<Option<Slip>> {
    query_as(
        "SELECT code_hash, created_at, expires_at, used_at FROM link_codes
         WHERE patient_id = $1 ORDER BY created_at DESC LIMIT 1",
    )
    .bind(patient)
    .fetch_optional(conn)
    .await
}

/// Stores a new code; earlier unused ones of the patient stop working.
pub(crate) async fn insert(
    conn: &mut Conn,
    hash: &str,
    patient: PatientId,
    expires_at: Timestamp,
    now: Timestamp,
) -> sqlx::Result<()> {
    query("DELETE FROM link_codes WHERE patient_id = $1 AND used_at IS NULL")
        .bind(patient)
        .execute(&mut *conn)
        .await?;
    query("INSERT INTO link_codes (code_hash, patient_id, created_at, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(hash)
        .bind(patient)
        .bind(now)
        .bind(expires_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// The code with this hash, even if used or expired.
pub(crate) async fn get(conn: &mut Conn, hash: &str) -> sqlx::Result<Option<LinkCode>> {
    query_as("SELECT patient_id, expires_at, used_at FROM link_codes WHERE code_hash = $1")
        .bind(hash)
        .fetch_optional(conn)
        .await
}

pub(crate) async fn used(conn: &mut Conn, hash: &str, now: Timestamp) -> sqlx::Result<()> {
    query("UPDATE link_codes SET used_at = $2 WHERE code_hash = $1")
        .bind(hash)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(())
}
