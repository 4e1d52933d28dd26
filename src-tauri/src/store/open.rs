//! Opening the database of a data folder.

use std::{path::Path, thread, time::Duration};

use sqlx::{
    Connection as _, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    FILE_NAME, OpenError, Store, backup,
    ending::{self, Before, Last},
    place, search, settings,
    soundness::{self, Condition, Remark},
    sql::Pool,
};
use crate::clock::Timestamp;

/// The longest wait of a statement for another process that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// The writer's page cache, in negative KiB: 2 MB (sqlite.org/pragma.html). The system's file cache
/// comes on top.
const CACHE_SIZE: &str = "-2000";

/// The page cache of each reader, in negative KiB; most read a row once.
const READER_CACHE_SIZE: &str = "-500";

/// Patients indexed for search at once, where a start finds missing ones.
const INDEXED_AT_ONCE: u32 = 500;

/// Connections for reading. Reads are short; more would only share two cores.
pub(super) const READERS: u32 = 4;

impl Store {
    /// Opens the database in `folder`, making it where it is missing, and brings its schema up to
    /// date: first the queue's own tables, then ours. The caller holds the lock on the folder.
    /// After an unclean end the database is checked: a small one now, a large one in the
    /// background, see [`Self::damage`].
    ///
    /// # Errors
    /// See [`OpenError`]. A damaged file is refused, never replaced by an empty one.
    pub async fn open(folder: &Path, queue_tables: Migrator) -> Result<Self, OpenError> {
        let condition = Condition::default();
        look_at_place(folder, &condition)?;
        let last = ending::look(folder)?;
        let Last { before, turn } = last;
        if before == Before::WithoutLog {
            condition.remark(Remark::WithoutLog);
        }
        ending::begin(folder, turn).map_err(|source| sqlite_error(folder, source.into()))?;
        let write = connect_writer(folder).await?;
        shut_for_others(folder);
        let opened = Self::on(write.clone(), folder, last, queue_tables, condition).await;
        if opened.is_err() {
            // Whoever moves the files next finds them let go.
            write.close().await;
        }
        opened
    }

    async fn on(
        write: SqlitePool,
        folder: &Path,
        Last { before, turn }: Last,
        queue_tables: Migrator,
        condition: Condition,
    ) -> Result<Self, OpenError> {
        check_version(&write, folder).await?;
        let mut unclean = !matches!(before, Before::Nothing | Before::Closed);
        if unclean && soundness::is_small(folder) {
            check_now(&write, folder).await?;
            unclean = false;
        }
        unclean &= !bring_up_to_date(&write, folder, queue_tables).await?;
        if before == Before::Nothing {
            // Whoever loses the log must not lose the tables with it.
            checkpoint(&write).await.map_err(|e| sqlite_error(folder, e))?;
        }
        let known = know_copy(&write, turn).await.map_err(|e| sqlite_error(folder, e))?;
        let mut store = Self::with_readers(write, folder, true, condition).await?;
        store.turn = known;
        if unclean {
            store.condition.check_beside(options(folder).create_if_missing(false));
        }
        Ok(store)
    }

    /// Opens a database that another process has open and looks after.
    pub(crate) async fn join(folder: &Path, queue_tables: Migrator) -> Result<Self, OpenError> {
        let write = connect_writer(folder).await?;
        migrate(&write, &path_of(folder), &queue_tables, &migrations()).await?;
        Self::with_readers(write, folder, false, Condition::default()).await
    }

    async fn with_readers(
        write: SqlitePool,
        folder: &Path,
        alone: bool,
        condition: Condition,
    ) -> Result<Self, OpenError> {
        let reading = options(folder)
            .create_if_missing(false)
            .pragma("query_only", "on")
            .pragma("cache_size", READER_CACHE_SIZE);
        let readers = |max| {
            SqlitePoolOptions::new()
                .max_connections(max)
                .test_before_acquire(false)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_with(reading.clone())
        };
        let failed = |source| sqlite_error(folder, source);
        let read = readers(READERS).await.map_err(failed)?;
        let delivery_read = readers(1).await.map_err(failed)?;
        Ok(Self {
            write: Pool::Sqlite(write),
            read: Pool::Sqlite(read),
            delivery_read: Pool::Sqlite(delivery_read),
            folder: alone.then(|| folder.to_owned()),
            condition,
            turn: 0,
            listener: super::Listener::default(),
        })
    }
}

/// Whether an idle connection may be used again. After `SQLITE_FULL`, `SQLITE_IOERR`,
/// `SQLITE_NOMEM` or `SQLITE_INTERRUPT` SQLite may have rolled back by itself
/// (`sqlite.org/lang_transaction.html`, "Response To Errors Within A Transaction"); sqlx 0.9 still
/// counts the transaction then and refuses every BEGIN on that connection. Such a connection is
/// closed, and the pool opens another.
fn is_usable(conn: &SqliteConnection) -> bool {
    let usable = !conn.is_in_transaction();
    if !usable {
        tracing::warn!("a transaction was broken off by the database; the connection is replaced");
    }
    usable
}

fn path_of(folder: &Path) -> String {
    folder.join(FILE_NAME).display().to_string()
}

fn sqlite_error(folder: &Path, source: sqlx::Error) -> OpenError {
    let path = path_of(folder);
    match &source {
        // SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html).
        sqlx::Error::Database(e) if matches!(e.code().as_deref(), Some("11" | "26")) => {
            OpenError::damaged(folder, e.message().to_owned())
        }
        _ => OpenError::Refused { path, source },
    }
}

/// Rows buffered for their reader: with fewer, each thousand rows stop and wake the connection's
/// thread many times.
const ROW_BUFFER: usize = 1_024;

fn options(folder: &Path) -> SqliteConnectOptions {
    // Its log lines belong to the thread that opened it.
    let opened_by = thread::current().name().unwrap_or_default().to_owned();
    let options = SqliteConnectOptions::new()
        .thread_name(move |n| format!("{opened_by}-sqlite-{n}"))
        .filename(folder.join(FILE_NAME))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .row_buffer_size(ROW_BUFFER)
        .pragma("temp_store", "memory")
        // Deleted words must be gone, not lie in an unused page. Writing costs nothing extra,
        // deleting many rows takes about twice the time. The log beside the file may have earlier
        // pages until it is overwritten, or emptied at the end of the program.
        .pragma("secure_delete", "on")
        .pragma("cache_size", CACHE_SIZE);
    if cfg!(target_os = "macos") {
        // On macOS a plain fsync leaves data in the disk's own memory (fsync(2)).
        return options.pragma("fullfsync", "on").pragma("checkpoint_fullfsync", "on");
    }
    options
}

pub(super) async fn connect_writer(folder: &Path) -> Result<SqlitePool, OpenError> {
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        // A connection within this process needs no call to prove that it works.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(60))
        .before_acquire(|conn, _| Box::pin(async move { Ok(is_usable(conn)) }))
        .connect_with(options(folder))
        .await
        .map_err(|source| sqlite_error(folder, source))
}

fn look_at_place(folder: &Path, condition: &Condition) -> Result<(), OpenError> {
    if let Some(kind) = place::network(folder) {
        return Err(OpenError::Network { folder: folder.display().to_string(), kind });
    }
    if let Some(whose) = place::synced(folder) {
        condition.remark(Remark::Synced { by: whose.to_string() });
    }
    Ok(())
}

/// Denies other users of this machine the data, even where the folder is open to them. The log
/// beside the file gets its permissions from the file (SQLite copies them).
fn shut_for_others(folder: &Path) {
    #[cfg(unix)]
    for file in ["", "-wal", "-shm"].map(|end| folder.join(format!("{FILE_NAME}{end}"))) {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        if file.exists()
            && let Err(error) = std::fs::set_permissions(&file, mode)
        {
            tracing::warn!(%error, "the database cannot be shut for other users of this machine");
        }
    }
}

async fn check_version(pool: &SqlitePool, folder: &Path) -> Result<(), OpenError> {
    let mut conn = pool.acquire().await.map_err(|e| sqlite_error(folder, e))?;
    soundness::check_version(&mut conn).await
}

/// Refuses a damaged file before anything is written to it.
async fn check_now(pool: &SqlitePool, folder: &Path) -> Result<(), OpenError> {
    let mut conn = pool.acquire().await.map_err(|e| sqlite_error(folder, e))?;
    let verdict = soundness::check(&mut conn).await;
    verdict.map_err(|detail| OpenError::damaged(folder, detail))
}

/// Notes where the database is an older copy than the one that ended cleanly here as number `last`.
/// Returns the number to continue with.
async fn know_copy(pool: &SqlitePool, last: i64) -> sqlx::Result<i64> {
    let writer = Pool::Sqlite(pool.clone());
    let own: Option<i64> = settings::get(&writer, ending::TURN).await?;
    let own = own.unwrap_or_default();
    if own < last {
        let mut tx = writer.begin().await?;
        backup::set_by_hand(&mut tx, Timestamp::default()).await?;
        tx.commit().await?;
    }
    Ok(own.max(last))
}

async fn checkpoint(pool: &SqlitePool) -> sqlx::Result<()> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(pool).await.map(|_| ())
}

/// Runs the pending migrations, after a copy was made. Returns whether the copy proved the database
/// to be sound.
async fn bring_up_to_date(
    pool: &SqlitePool,
    folder: &Path,
    queue_tables: Migrator,
) -> Result<bool, OpenError> {
    let failed = |source| sqlite_error(folder, source);
    let ours = migrations();
    let pending = soundness::pending(pool, &queue_tables, &ours).await.map_err(failed)?;
    if let Some(version) = pending {
        let copy = soundness::copy_before(pool, folder, version).await?;
        tracing::info!(copy = %copy.display(), "the database was copied before it is brought up to date");
    }
    migrate(pool, &path_of(folder), &queue_tables, &ours).await?;
    let writer = Pool::Sqlite(pool.clone());
    loop {
        let mut tx = writer.begin().await.map_err(failed)?;
        let indexed = search::index_missing(&mut tx, INDEXED_AT_ONCE).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        if indexed == 0 {
            return Ok(pending.is_some());
        }
    }
}

pub(super) fn migrations() -> Migrator {
    let mut ours = sqlx::migrate!("./migrations/sqlite");
    // The queue's migrator would otherwise use the same table.
    ours.dangerous_set_table_name("clinicue_migrations");
    ours
}

async fn migrate(
    pool: &SqlitePool,
    path: &str,
    queue_tables: &Migrator,
    ours: &Migrator,
) -> Result<(), OpenError> {
    for migrator in [queue_tables, ours] {
        migrator.run(pool).await.map_err(|source| match source {
            MigrateError::VersionMissing(found) => OpenError::Newer { path: path.to_owned(), found },
            source => OpenError::Migration { path: path.to_owned(), source },
        })?;
    }
    Ok(())
}
