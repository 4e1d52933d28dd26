//! The soundness of the database, and the copy made before a migration.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool, migrate::Migrator,
    sqlite::SqliteConnectOptions,
};

use super::{FILE_NAME, OpenError};

/// The largest database that is checked before it is used, in bytes: some tenths of a second at
/// most.
const MAX_CHECKED_AT_ONCE: u64 = 32 * 1024 * 1024;

/// The least SQLite version: before it a checkpoint could lose recent writes (sqlite.org/wal.html,
/// "The WAL-Reset Bug").
const MIN_SQLITE: [u32; 3] = [3, 51, 3];

/// Something staff should know about the database or its folder.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(tag = "code", rename = "DatabaseRemark", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Remark {
    /// The log beside the database is missing after an unclean end: the last writes may be lost.
    WithoutLog,
    /// A program that syncs folders may copy the database between two writes.
    Synced { by: String },
    /// A check is running after an unclean end.
    BeingChecked,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::WithoutLog => {
                write!(
                    f,
                    "{FILE_NAME}-wal is missing after an unclean end; what was written last may be lost"
                )
            }
            Self::Synced { by } => write!(
                f,
                "the data folder lies in {by}, which may copy the database between two writes; move it elsewhere"
            ),
            Self::BeingChecked => f.write_str("is being checked after an unclean end"),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Condition(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    checking: bool,
    damage: Option<String>,
    remarks: Vec<Remark>,
}

impl Condition {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs it, too.
    pub(super) fn remark(&self, remark: Remark) {
        tracing::warn!("{remark}");
        self.state().remarks.push(remark);
    }

    /// Empty where all is well.
    pub(super) fn remarks(&self) -> Vec<Remark> {
        let state = self.state();
        let checking = state.checking.then_some(Remark::BeingChecked);
        state.remarks.iter().cloned().chain(checking).collect()
    }

    /// The damage, in SQLite's words; `None` where none is known.
    pub(super) fn damage(&self) -> Option<String> {
        self.state().damage.clone()
    }

    pub(super) fn is_sound(&self) -> bool {
        let state = self.state();
        !state.checking && state.damage.is_none()
    }

    /// Checks a large database in the background, on a connection of its own.
    pub(super) fn check_beside(&self, options: SqliteConnectOptions) {
        self.state().checking = true;
        let condition = self.clone();
        tokio::spawn(async move {
            let verdict = check_alone(options).await;
            let mut state = condition.state();
            state.checking = false;
            match verdict {
                Ok(()) => tracing::info!("the database was checked after an unclean end and is sound"),
                Err(detail) => {
                    tracing::error!(detail, "the database is damaged; restore a backup");
                    state.damage = Some(detail);
                }
            }
        });
    }
}

pub(super) fn is_small(folder: &Path) -> bool {
    fs::metadata(folder.join(FILE_NAME)).is_ok_and(|m| m.len() <= MAX_CHECKED_AT_ONCE)
}

/// Checks the whole database; `Err` with its damage, in SQLite's words.
pub(super) async fn check(conn: &mut SqliteConnection) -> Result<(), String> {
    match sqlx::query_scalar::<_, String>("PRAGMA quick_check(1)").fetch_one(conn).await {
        Ok(ok) if ok == "ok" => Ok(()),
        Ok(detail) => Err(detail),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) async fn check_alone(options: SqliteConnectOptions) -> Result<(), String> {
    // A small cache: every page is read once.
    let mut conn = options.pragma("cache_size", "-1000").connect().await.map_err(|e| e.to_string())?;
    let verdict = check(&mut conn).await;
    let _ = conn.close().await;
    verdict
}

/// Checks the database of a folder read-only, even beside a running program. Returns its bytes,
/// `None` where there is none, or the damage in SQLite's words.
pub(crate) async fn look_through(folder: &Path) -> Result<Option<u64>, String> {
    let file = folder.join(FILE_NAME);
    let Ok(found) = fs::metadata(&file) else { return Ok(None) };
    check_alone(SqliteConnectOptions::new().filename(file).read_only(true)).await?;
    Ok(Some(found.len()))
}

/// Refuses a SQLite version that is known to lose data.
pub(super) async fn check_version(conn: &mut SqliteConnection) -> Result<(), OpenError> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(conn)
        .await
        .unwrap_or_else(|_| "0".to_owned());
    if is_recent(&found) { Ok(()) } else { Err(OpenError::OldSqlite { found }) }
}

fn is_recent(version: &str) -> bool {
    let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    parts.as_slice() >= MIN_SQLITE.as_slice()
}

/// The newest pending migration of a database that is not empty; `None` where none is pending.
pub(super) async fn pending(
    pool: &SqlitePool,
    queue_tables: &Migrator,
    ours: &Migrator,
) -> sqlx::Result<Option<i64>> {
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table'").fetch_all(pool).await?;
    let there = |name: &str| tables.iter().any(|t| t == name);
    let (mut queue_has, mut we_have) = (Vec::new(), Vec::new());
    if there("_sqlx_migrations") {
        queue_has = sqlx::query_scalar("SELECT version FROM _sqlx_migrations").fetch_all(pool).await?;
    }
    if there("clinicue_migrations") {
        we_have = sqlx::query_scalar("SELECT version FROM clinicue_migrations").fetch_all(pool).await?;
    }
    let lacks = |migrator: &Migrator, has: &[i64]| {
        migrator.iter().map(|m| m.version).filter(|version| !has.contains(version)).max()
    };
    let newest = lacks(queue_tables, &queue_has).max(lacks(ours, &we_have));
    Ok(newest.filter(|_| !tables.is_empty()))
}

/// Copies the database to `clinicue.db.before-<version>` and checks the copy, and with it the
/// database; removes the copies of earlier versions. Call it only while nobody else writes.
pub(super) async fn copy_before(
    pool: &SqlitePool,
    folder: &Path,
    version: i64,
) -> Result<PathBuf, OpenError> {
    let file = folder.join(FILE_NAME);
    let copy = folder.join(format!("{FILE_NAME}.before-{version}"));
    let failed = |source: io::Error| OpenError::Copy { path: copy.display().to_string(), source };
    // All of it into the one file that is copied.
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(pool)
        .await
        .map_err(|source| OpenError::Refused { path: file.display().to_string(), source })?;
    let unfinished = copy.with_extension("part");
    let copied = tokio::task::spawn_blocking({
        let (file, unfinished) = (file.clone(), unfinished.clone());
        move || {
            fs::copy(file, &unfinished)?;
            fs::File::options().write(true).open(unfinished)?.sync_all()
        }
    });
    copied.await.map_err(io::Error::other).and_then(|done| done).map_err(failed)?;
    let options = SqliteConnectOptions::new().filename(&unfinished).read_only(true).immutable(true);
    if let Err(detail) = check_alone(options).await {
        let _ = fs::remove_file(&unfinished);
        return Err(OpenError::damaged(folder, detail));
    }
    fs::rename(&unfinished, &copy).map_err(failed)?;
    remove_other_copies(folder, &copy).map_err(failed)?;
    Ok(copy)
}

fn remove_other_copies(folder: &Path, kept: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with(&format!("{FILE_NAME}.before-")) && path != kept {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (version, recent) in [
            ("3.51.3", true),
            ("3.52.0", true),
            ("3.100.1", true),
            ("4.0", true),
            ("3.51.2", false),
            ("3.9.9", false),
        ] {
            assert_eq!(is_recent(version), recent, "{version}");
        }
    }
}
