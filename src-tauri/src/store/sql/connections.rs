//! Pools, connections and transactions of either engine, and which of them a statement runs on.

use std::ops::{Deref, DerefMut};

use sqlx::{Database, Sqlite, SqliteConnection, SqlitePool, Transaction, pool::PoolConnection};
#[cfg(feature = "postgres")]
use sqlx::{PgPool, Postgres};

use crate::store::tables::{Listener, Table, Written};

/// Connections to one database, of one engine.
#[derive(Clone, Debug)]
pub enum Pool {
    /// To the file in the data folder.
    Sqlite(SqlitePool),
    #[cfg(feature = "postgres")]
    Postgres(PgPool),
}

/// A connection lent by a pool, in a transaction or not.
#[derive(Debug)]
pub enum Conn {
    Sqlite(Lent<Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(Lent<Postgres>),
}

/// How a connection was lent: alone, or within a transaction.
#[derive(Debug)]
pub enum Lent<DB: Database> {
    /// Each statement commits by itself.
    Alone(PoolConnection<DB>),
    /// With the tables written in it so far.
    InTransaction(Transaction<'static, DB>, Written),
}

impl<DB: Database> Lent<DB> {
    pub(super) fn get(&mut self) -> &mut DB::Connection {
        match self {
            Self::Alone(conn) => conn,
            Self::InTransaction(tx, _) => tx,
        }
    }

    pub(super) fn note(&mut self, table: Table) {
        if let Self::InTransaction(_, written) = self {
            written.add(table);
        }
    }
}

/// A transaction; it is rolled back unless committed.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
    listener: Listener,
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    /// Commits everything written, and tells the listener of the store which tables that were.
    pub async fn commit(self) -> sqlx::Result<()> {
        let written = match self.conn {
            Conn::Sqlite(Lent::InTransaction(tx, written)) => {
                Box::pin(tx.commit()).await?;
                written
            }
            #[cfg(feature = "postgres")]
            Conn::Postgres(Lent::InTransaction(tx, written)) => {
                Box::pin(tx.commit()).await?;
                written
            }
            // A `Tx` is always made from a transaction.
            _ => return Ok(()),
        };
        self.listener.hear(written);
        Ok(())
    }

    pub(in crate::store) fn heard_by(self, listener: Listener) -> Self {
        Self { listener, ..self }
    }
}

impl Pool {
    pub async fn acquire(&self) -> sqlx::Result<Conn> {
        Ok(match self {
            Self::Sqlite(pool) => Conn::Sqlite(Lent::Alone(Box::pin(pool.acquire()).await?)),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => Conn::Postgres(Lent::Alone(Box::pin(pool.acquire()).await?)),
        })
    }

    /// A transaction whose reads all see one moment.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        self.begin_with("BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ").await
    }

    /// A transaction that may write; waits for its turn now.
    ///
    /// # Errors
    /// Another process holds the database, or it failed.
    pub(crate) async fn begin_writing(&self) -> sqlx::Result<Tx> {
        self.begin_with("BEGIN IMMEDIATE", "BEGIN").await
    }

    #[cfg_attr(
        not(feature = "postgres"),
        expect(unused_variables, reason = "the other engine is not built in")
    )]
    async fn begin_with(&self, sqlite: &'static str, postgres: &'static str) -> sqlx::Result<Tx> {
        let conn = match self {
            Self::Sqlite(pool) => {
                let tx = Box::pin(pool.begin_with(sqlite)).await?;
                Conn::Sqlite(Lent::InTransaction(tx, Written::default()))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => {
                let tx = Box::pin(pool.begin_with(postgres)).await?;
                Conn::Postgres(Lent::InTransaction(tx, Written::default()))
            }
        };
        Ok(Tx { conn, listener: Listener::default() })
    }

    /// SQLite's own pool, for what the other engine lacks; `None` on PostgreSQL.
    pub const fn sqlite(&self) -> Option<&SqlitePool> {
        match self {
            Self::Sqlite(pool) => Some(pool),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
        }
    }

    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Conn {
    pub fn sqlite(&mut self) -> Option<&mut SqliteConnection> {
        match self {
            Self::Sqlite(lent) => Some(lent.get()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => None,
        }
    }
}

/// Where a statement runs: any connection, or a given one.
#[derive(Debug)]
pub enum On<'c> {
    /// Any connection of the pool that is free.
    Pool(&'c Pool),
    Conn(&'c mut Conn),
}

impl<'c> From<&'c Pool> for On<'c> {
    fn from(pool: &'c Pool) -> Self {
        Self::Pool(pool)
    }
}

impl<'c> From<&'c mut Conn> for On<'c> {
    fn from(conn: &'c mut Conn) -> Self {
        Self::Conn(conn)
    }
}

impl<'c> From<&'c mut Tx> for On<'c> {
    fn from(tx: &'c mut Tx) -> Self {
        Self::Conn(tx)
    }
}
