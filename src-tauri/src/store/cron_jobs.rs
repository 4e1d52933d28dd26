//! The program's own recurring work: when it ran and when it runs next.

use sqlx::FromRow;

use super::{
    Conn,
    sql::{Pool, query, query_as},
};
use crate::{clock::Timestamp, domain::upkeep::Upkeep};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct CronJob {
    pub(crate) name: Upkeep,
    /// A five-field cron expression, in UTC.
    pub(crate) cron: String,
    pub(crate) last_run_at: Option<Timestamp>,
    /// Computed from `cron`, in UTC, when it runs.
    pub(crate) next_run_at: Timestamp,
}

pub(crate) async fn ensure(conn: &mut Conn, name: Upkeep, next_run_at: Timestamp) -> sqlx::Result<()> {
    query(
        "INSERT INTO cron_jobs (name, cron, next_run_at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, next_run_at = excluded.next_run_at
         WHERE cron_jobs.cron <> excluded.cron",
    )
    .bind(name)
    .bind(name.cron())
    .bind(next_run_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// By name.
pub(crate) async fn all(pool: &Pool) -> sqlx::Result<Vec<CronJob>> {
    query_as("SELECT * FROM cron_jobs ORDER BY name").fetch_all(pool).await
}

/// Sets when a piece of work runs next, and when it ran if it did.
pub(crate) async fn aim(
    conn: &mut Conn,
    name: Upkeep,
    ran_at: Option<Timestamp>,
    next_run_at: Timestamp,
) -> sqlx::Result<()> {
    query("UPDATE cron_jobs SET last_run_at = COALESCE($2, last_run_at), next_run_at = $3 WHERE name = $1")
        .bind(name)
        .bind(ran_at)
        .bind(next_run_at)
        .execute(conn)
        .await?;
    Ok(())
}
