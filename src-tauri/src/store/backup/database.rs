//! The copy of a database, and the mark that tells it from the original.

use std::{fs, path::Path};

use sqlx::{ConnectOptions as _, Connection as _, FromRow, SqliteConnection, sqlite::SqliteConnectOptions};

use tokio_util::sync::CancellationToken;

use super::Failed;
use crate::{
    clock::Timestamp,
    store::{
        Conn, Store, settings, soundness,
        sql::{On, Pool, query, query_as},
        to_json,
    },
};

/// The name of the setting by which a database says that it is a restored copy.
const ORIGIN: &str = "store.origin";

/// The origin of a database that is not the one this folder had last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Origin {
    /// When it was copied; `None` for a copy somebody made by hand.
    pub(crate) made_at: Option<Timestamp>,
}

/// Copies the present database of `store` to the file `to` while others write on: checked, marked
/// as a copy, and safe from a loss of power.
pub(super) async fn copy(
    store: &Store,
    data: &Path,
    to: &Path,
    now: Timestamp,
    stop: CancellationToken,
) -> Result<(), Failed> {
    if store.is_on_server() {
        return Err(Failed::OnServer);
    }
    let files = |error| Failed::Files(to.to_owned(), error);
    let mut source = options(&data.join(crate::store::FILE_NAME)).connect().await?;
    // The program's end ends this as well.
    source.lock_handle().await?.set_progress_handler(100_000, move || !stop.is_cancelled());
    let copied = sqlx::query("VACUUM INTO $1").bind(to.display().to_string()).execute(&mut source).await;
    let _ = source.close().await;
    copied?;
    #[cfg(unix)]
    fs::set_permissions(to, std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(files)?;
    let mut copy = options(to).connect().await?;
    let marked = mark(&mut copy, now).await;
    let verdict = soundness::check(&mut copy).await;
    let _ = copy.close().await;
    marked?;
    verdict.map_err(Failed::Damaged)?;
    // SQLite does not sync the file it vacuums into (sqlite.org/lang_vacuum.html).
    fs::File::options().write(true).open(to).and_then(|file| file.sync_all()).map_err(files)
}

/// Options with a small cache: every page is read once.
fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).pragma("cache_size", "-1000")
}

async fn mark(copy: &mut SqliteConnection, now: Timestamp) -> sqlx::Result<()> {
    let mark = "INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at";
    sqlx::query(mark)
        .bind(ORIGIN)
        .bind(to_json(&Origin { made_at: Some(now) })?)
        .bind(now)
        .execute(copy)
        .await?;
    Ok(())
}

/// What came into a database since an instant.
#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Since {
    /// Rows of the log of messages.
    pub(crate) messages: i64,
    pub(crate) patients: i64,
    pub(crate) acts: i64,
}

pub(crate) async fn since(pool: &Pool, at: Timestamp) -> sqlx::Result<Since> {
    query_as(
        "SELECT (SELECT COUNT(*) FROM interaction_logs WHERE created_at > $1) AS messages,
            (SELECT COUNT(*) FROM patients WHERE created_at > $1) AS patients,
            (SELECT COUNT(*) FROM audit_log WHERE at > $1) AS acts",
    )
    .bind(at)
    .fetch_one(pool)
    .await
}

/// The origin of this database; `None` where it is the one this folder had last.
pub(crate) async fn origin(database: impl Into<On<'_>>) -> sqlx::Result<Option<Origin>> {
    settings::get(database, ORIGIN).await
}

/// Notes that this database is an older copy, where it does not say so itself.
pub(in crate::store) async fn set_by_hand(conn: &mut Conn, now: Timestamp) -> sqlx::Result<()> {
    if settings::get::<Origin>(&mut *conn, ORIGIN).await?.is_none() {
        settings::set(conn, ORIGIN, &Origin { made_at: None }, now).await?;
    }
    Ok(())
}

/// Makes the database the one of this folder, once the doubtful messages are up for review.
pub(crate) async fn end_of_doubt(conn: &mut Conn) -> sqlx::Result<()> {
    query("DELETE FROM settings WHERE key = $1").bind(ORIGIN).execute(conn).await?;
    Ok(())
}
