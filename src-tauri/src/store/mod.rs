//! All SQL of Clinicue, one file per group of tables; nowhere else is a query.
//!
//! Writes go through one connection, so that they queue up fairly in the process instead of
//! fighting for SQLite's lock; reads have a few of their own (WAL: readers never wait for
//! the writer). What belongs together is written in one transaction, in batches: many rows
//! travel as one JSON array and are unpacked by `json_each`.
//!
//! May use `domain` and the leaves; knows nothing of LINE, queues or HTTP.

use std::{path::Path, time::Duration};

use serde::Serialize;
use sqlx::{
    Connection as _, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub mod answers;
pub mod assignments;
pub mod attempts;
pub mod audit;
pub mod cron_jobs;
pub mod deliveries;
pub mod demo;
pub mod interactions;
pub mod jobs;
pub mod link_codes;
pub mod patients;
pub mod protocols;
pub mod recurrences;
pub mod said;
pub mod sessions;
pub mod settings;
pub mod stats;
pub mod timeline;
pub mod tokens;
pub mod webhooks;
pub mod worklist;

/// The name of the database in the data folder.
pub const FILE_NAME: &str = "clinicue.db";

/// How long a statement waits for another process that holds the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// Connections for reading. Reads are short; more would only share two cores.
const READERS: u32 = 4;

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A later Clinicue wrote it.
    #[error(
        "{path} was written by a newer version of Clinicue (its schema is {found}); \
         install that version or choose another data folder"
    )]
    Newer {
        /// The database.
        path: String,
        /// The newest migration in it.
        found: i64,
    },
    /// It is not a database, or it is damaged.
    #[error("{path} is damaged ({detail}); restore a backup, nothing was changed")]
    Damaged {
        /// The database.
        path: String,
        /// What SQLite says.
        detail: String,
    },
    /// A migration failed; it was rolled back.
    #[error("could not bring {path} up to date")]
    Migration {
        /// The database.
        path: String,
        /// What went wrong.
        #[source]
        source: MigrateError,
    },
    /// SQLite refused.
    #[error("could not open {path}")]
    Sqlite {
        /// The database.
        path: String,
        /// What went wrong.
        #[source]
        source: sqlx::Error,
    },
}

/// The database of one clinic.
#[derive(Clone, Debug)]
pub struct Store {
    write: SqlitePool,
    read: SqlitePool,
    delivery_read: SqlitePool,
}

/// A transaction on the one writing connection.
pub type Tx = Transaction<'static, Sqlite>;

impl Store {
    /// Opens the database in `folder`, making it where there is none, and brings its schema
    /// up to date: first the queue's own tables, then ours.
    ///
    /// # Errors
    /// See [`OpenError`]. A damaged file is refused, never replaced by an empty one.
    pub async fn open(folder: &Path, queue_tables: Migrator) -> Result<Self, OpenError> {
        let file = folder.join(FILE_NAME);
        let path = file.display().to_string();
        let sqlite = |source: sqlx::Error| match &source {
            // SQLITE_CORRUPT and SQLITE_NOTADB (sqlite.org/rescode.html).
            sqlx::Error::Database(e) if matches!(e.code().as_deref(), Some("11" | "26")) => {
                OpenError::Damaged { path: path.clone(), detail: e.message().to_owned() }
            }
            _ => OpenError::Sqlite { path: path.clone(), source },
        };
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("temp_store", "memory")
            // 16 MB for each connection; negative is KiB (sqlite.org/pragma.html).
            .pragma("cache_size", "-16000");
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(Duration::from_secs(60))
            .before_acquire(|conn, _| Box::pin(async move { Ok(is_usable(conn)) }))
            .connect_with(options.clone())
            .await
            .map_err(sqlite)?;
        check(&write, &path).await?;
        migrate(&write, &path, queue_tables).await?;
        let reading = options.create_if_missing(false).pragma("query_only", "on");
        let readers = |most| {
            SqlitePoolOptions::new()
                .max_connections(most)
                .idle_timeout(None)
                .max_lifetime(None)
                .connect_with(reading.clone())
        };
        let sqlite = |source| OpenError::Sqlite { path: path.clone(), source };
        let read = readers(READERS).await.map_err(sqlite)?;
        let delivery_read = readers(1).await.map_err(sqlite)?;
        Ok(Self { write, read, delivery_read })
    }

    /// The connections for reading.
    pub const fn read(&self) -> &SqlitePool {
        &self.read
    }

    /// A connection for reading what is to be sent, so that lists do not keep it waiting.
    pub const fn delivery_read(&self) -> &SqlitePool {
        &self.delivery_read
    }

    /// The one connection for writing, as a pool: for the queue's own statements.
    pub const fn writer(&self) -> &SqlitePool {
        &self.write
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// The database is locked by another process, or failed.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// Closes every connection; what was committed is on disk.
    pub async fn close(&self) {
        self.read.close().await;
        self.delivery_read.close().await;
        self.write.close().await;
    }
}

/// Whether a connection that nobody uses may be used again. After `SQLITE_FULL`,
/// `SQLITE_IOERR`, `SQLITE_NOMEM` or `SQLITE_INTERRUPT` SQLite may have rolled back by itself
/// (`sqlite.org/lang_transaction.html`, "Response To Errors Within A Transaction"); sqlx 0.9
/// still counts the transaction then and refuses every BEGIN on that connection. Such a one is
/// closed, and the pool opens another.
fn is_usable(conn: &Conn) -> bool {
    let usable = !conn.is_in_transaction();
    if !usable {
        tracing::warn!("a transaction was broken off by the database; the connection is replaced");
    }
    usable
}

/// Refuses a file whose first pages are damaged, before anything is written to it.
async fn check(pool: &SqlitePool, path: &str) -> Result<(), OpenError> {
    let verdict: Result<String, _> = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(pool).await;
    match verdict {
        Ok(ok) if ok == "ok" => Ok(()),
        Ok(detail) => Err(OpenError::Damaged { path: path.to_owned(), detail }),
        Err(source) => Err(OpenError::Damaged { path: path.to_owned(), detail: source.to_string() }),
    }
}

async fn migrate(pool: &SqlitePool, path: &str, queue_tables: Migrator) -> Result<(), OpenError> {
    let mut ours = sqlx::migrate!("./migrations");
    // Both migrators would use the same table otherwise.
    ours.dangerous_set_table_name("clinicue_migrations");
    for migrator in [&queue_tables, &ours] {
        migrator.run(pool).await.map_err(|source| match source {
            MigrateError::VersionMissing(found) => OpenError::Newer { path: path.to_owned(), found },
            source => OpenError::Migration { path: path.to_owned(), source },
        })?;
    }
    Ok(())
}

/// `rows` as the JSON array that `json_each($n)` unpacks.
fn json_rows<T: Serialize>(rows: &[T]) -> sqlx::Result<String> {
    serde_json::to_string(rows).map_err(|e| sqlx::Error::Encode(e.into()))
}

/// JSON in a TEXT column, read back.
fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> sqlx::Result<T> {
    serde_json::from_str(text).map_err(|e| sqlx::Error::Decode(e.into()))
}

/// JSON for a TEXT column.
fn to_json<T: Serialize>(value: &T) -> sqlx::Result<String> {
    serde_json::to_string(value).map_err(|e| sqlx::Error::Encode(e.into()))
}

/// A connection inside a transaction.
pub type Conn = SqliteConnection;

/// One page of a list, in the order of its key.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// A place in a list that is ordered by an instant and an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The instant of the last row seen.
    pub at: i64,
    /// The id of the last row seen.
    pub id: String,
}

impl Cursor {
    /// Before every row of a list that runs from the newest to the oldest.
    pub fn newest() -> Self {
        Self { at: i64::MAX, id: "~".to_owned() }
    }
}

impl<T> Page<T> {
    /// Makes a page of `rows`, of which there is one more than `limit` where the list goes on.
    fn cut(mut rows: Vec<T>, limit: u32, key: impl Fn(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }
}
