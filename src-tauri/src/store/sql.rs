//! SQL for both engines. A statement is written once, in the words SQLite and PostgreSQL share; the
//! pool or connection it is given decides which engine runs it. SQLite gets the text as it stands.
//! PostgreSQL gets it after one change ([`for_postgres`]), with a few functions in its schema
//! (`migrations/postgres`) that replace SQLite's.

use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use futures::{Stream, TryStreamExt as _};
use sqlx::{
    AssertSqlSafe, Database, FromRow, Sqlite, SqliteConnection, SqlitePool, Transaction,
    pool::PoolConnection,
    query::Query as Bound,
    sqlite::{SqliteArguments, SqliteRow},
};
#[cfg(feature = "postgres")]
use sqlx::{
    PgConnection, PgPool, Postgres,
    postgres::{PgArguments, PgRow},
};
pub use sqlx::{SqlSafeStr, SqlStr};

use super::{
    arg::{Arg, Bind},
    tables::{Listener, Table, Written},
    unreadable::{Keyed, Unreadable},
};

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
    fn get(&mut self) -> &mut DB::Connection {
        match self {
            Self::Alone(conn) => conn,
            Self::InTransaction(tx, _) => tx,
        }
    }

    fn note(&mut self, table: Table) {
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

    pub(super) fn heard_by(self, listener: Listener) -> Self {
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
    pub async fn begin_writing(&self) -> sqlx::Result<Tx> {
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

/// A row that both engines can read: `#[derive(FromRow)]`.
#[cfg(feature = "postgres")]
pub trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}
#[cfg(feature = "postgres")]
impl<T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>> Row for T {}

/// A row: `#[derive(FromRow)]`.
#[cfg(not(feature = "postgres"))]
pub trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> {}
#[cfg(not(feature = "postgres"))]
impl<T: Send + Unpin + for<'r> FromRow<'r, SqliteRow>> Row for T {}

#[must_use]
#[derive(Debug)]
pub struct Query {
    text: SqlStr,
    args: Vec<Arg>,
}

/// A statement that returns rows, each read as `T`.
#[must_use]
#[derive(Debug)]
pub struct QueryAs<T> {
    query: Query,
    row: PhantomData<fn() -> T>,
}

#[must_use]
#[derive(Debug)]
pub struct QueryScalar<T>(QueryAs<(T,)>);

/// The number of rows a statement wrote.
#[derive(Clone, Copy, Debug)]
pub struct Done(u64);

impl Done {
    pub const fn rows_affected(self) -> u64 {
        self.0
    }
}

pub fn query(text: impl SqlSafeStr) -> Query {
    Query { text: text.into_sql_str(), args: Vec::new() }
}

pub fn query_as<T: Row>(text: impl SqlSafeStr) -> QueryAs<T> {
    QueryAs { query: query(text), row: PhantomData }
}

pub fn query_scalar<T>(text: impl SqlSafeStr) -> QueryScalar<T>
where
    (T,): Row,
{
    QueryScalar(query_as(text))
}

/// Runs `$run` on a statement bound for the engine of `$on`, and notes the table it wrote where
/// `$wrote` says so of its result. Boxed: an operation awaits dozens, and would be as large as the
/// largest path through both engines.
macro_rules! on_engine {
    ($query:expr, $on:expr, |$bound:ident, $conn:ident| $run:expr, $wrote:expr) => {{
        let on: On<'_> = $on.into();
        let table = Table::written_by($query.text.as_str());
        #[cfg(debug_assertions)]
        super::tables::note_read($query.text.as_str());
        Box::pin(async move {
            let mut lent;
            let conn = match on {
                On::Pool(pool) => {
                    lent = pool.acquire().await?;
                    &mut lent
                }
                On::Conn(conn) => conn,
            };
            match conn {
                Conn::Sqlite(lent) => {
                    let ($bound, $conn): (_, &mut SqliteConnection) = ($query.for_sqlite(), lent.get());
                    let done = $run?;
                    table.filter(|_| $wrote(&done)).into_iter().for_each(|table| lent.note(table));
                    Ok(done)
                }
                #[cfg(feature = "postgres")]
                Conn::Postgres(lent) => {
                    let ($bound, $conn): (_, &mut PgConnection) = ($query.for_postgres(), lent.get());
                    let done = $run?;
                    table.filter(|_| $wrote(&done)).into_iter().for_each(|table| lent.note(table));
                    Ok(done)
                }
            }
        })
        .await
    }};
}

impl Query {
    /// Binds the next `$n`, in order.
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.args.push(value.arg());
        self
    }

    pub async fn execute<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<Done> {
        let done = on_engine!(
            self,
            on,
            |bound, conn| bound.execute(conn).await.map(|d| d.rows_affected()),
            |rows: &u64| *rows > 0
        );
        done.map(Done)
    }

    fn for_sqlite<'q>(self) -> Bound<'q, Sqlite, SqliteArguments> {
        self.args.into_iter().fold(sqlx::query(self.text), |query, arg| match arg {
            Arg::Text(text) => query.bind(text),
            Arg::Int(number) => query.bind(number),
            Arg::Bool(flag) => query.bind(flag),
        })
    }

    #[cfg(feature = "postgres")]
    fn for_postgres<'q>(self) -> Bound<'q, Postgres, PgArguments> {
        let text = for_postgres(self.text);
        self.args.into_iter().fold(sqlx::query(text), |query, arg| match arg {
            Arg::Text(text) => query.bind(text),
            Arg::Int(number) => query.bind(number),
            Arg::Bool(flag) => query.bind(flag),
        })
    }
}

impl<T: Row> QueryAs<T> {
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.query = self.query.bind(value);
        self
    }

    pub async fn fetch_all<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<Vec<T>> {
        let mut rows = Vec::new();
        self.fetch_each(on, |row| {
            rows.push(row);
            Ok(())
        })
        .await?;
        Ok(rows)
    }

    /// Passes the rows to `take` one by one, without holding all of them.
    pub async fn fetch_each<'c>(
        self,
        on: impl Into<On<'c>>,
        take: impl FnMut(T) -> sqlx::Result<()>,
    ) -> sqlx::Result<()> {
        let about = self.query.text.clone();
        on_engine!(
            self.query,
            on,
            |bound, conn| each(bound.fetch(conn), &about, take).await,
            |rows: &usize| *rows > 0
        )
        .map(drop)
    }

    pub async fn fetch_optional<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<Option<T>> {
        let about = self.query.text.clone();
        on_engine!(
            self.query,
            on,
            |bound, conn| match bound.fetch_optional(conn).await? {
                Some(row) => read(&row, &about).map(Some),
                None => Ok(None),
            },
            Option::is_some
        )
    }

    /// Fails where there is none.
    pub async fn fetch_one<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<T> {
        self.fetch_optional(on).await?.ok_or(sqlx::Error::RowNotFound)
    }
}

impl<T> QueryScalar<T>
where
    (T,): Row,
{
    pub fn bind(self, value: impl Bind) -> Self {
        Self(self.0.bind(value))
    }

    pub async fn fetch_all<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<Vec<T>> {
        let mut values = Vec::new();
        self.0
            .fetch_each(on, |(value,)| {
                values.push(value);
                Ok(())
            })
            .await?;
        Ok(values)
    }

    pub async fn fetch_optional<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<Option<T>> {
        Ok(self.0.fetch_optional(on).await?.map(|(value,)| value))
    }

    /// Fails where there is no row.
    pub async fn fetch_one<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<T> {
        Ok(self.0.fetch_one(on).await?.0)
    }
}

async fn each<R: Keyed, T: for<'r> FromRow<'r, R>>(
    mut rows: impl Stream<Item = sqlx::Result<R>> + Unpin,
    about: &SqlStr,
    mut take: impl FnMut(T) -> sqlx::Result<()>,
) -> sqlx::Result<usize> {
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        take(read(&row, about)?)?;
        count += 1;
    }
    Ok(count)
}

fn read<R: Keyed, T: for<'r> FromRow<'r, R>>(row: &R, about: &SqlStr) -> sqlx::Result<T> {
    T::from_row(row).map_err(|error| Unreadable::in_row(error, row, about.as_str()))
}

/// The one change PostgreSQL needs: a list of ids becomes an array, since it would join `json_each`
/// by walking every row for every id.
pub fn for_postgres(text: SqlStr) -> SqlStr {
    const LIST: &str = "IN (SELECT value FROM json_each(";
    if !text.as_str().contains(LIST) {
        return text;
    }
    let (mut changed, mut rest) = (String::new(), text.as_str());
    while let Some(at) = rest.find(LIST) {
        let before = &rest[..at];
        let tail = &rest[at + LIST.len()..];
        let end = tail.find("))").unwrap_or(tail.len());
        let (before, list) = match before.strip_suffix("NOT ") {
            Some(before) => (before, "<> ALL"),
            None => (before, "= ANY"),
        };
        changed.push_str(before);
        changed.push_str(list);
        changed.push_str(" (ARRAY(SELECT jsonb_array_elements_text(CAST(");
        changed.push_str(&tail[..end]);
        changed.push_str(" AS JSONB))))");
        rest = tail.get(end + 2..).unwrap_or_default();
    }
    changed.push_str(rest);
    AssertSqlSafe(changed).into_sql_str()
}

#[derive(Debug)]
pub struct Builder {
    text: String,
    args: Vec<Arg>,
}

impl Builder {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), args: Vec::new() }
    }

    /// Appends a piece of text, never one that somebody typed.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub fn push_bind(&mut self, value: impl Bind) -> &mut Self {
        self.args.push(value.arg());
        self.text.push('$');
        self.text.push_str(&self.args.len().to_string());
        self
    }

    pub fn build_query_as<T: Row>(self) -> QueryAs<T> {
        let text = AssertSqlSafe(self.text).into_sql_str();
        QueryAs { query: Query { text, args: self.args }, row: PhantomData }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_ids_becomes_an_array() {
        let changed = |text: &'static str| for_postgres(text.into_sql_str()).as_str().to_owned();
        assert_eq!(
            changed("DELETE FROM t WHERE a IN (SELECT value FROM json_each($1)) AND b = $2"),
            "DELETE FROM t WHERE a = ANY (ARRAY(SELECT jsonb_array_elements_text(CAST($1 AS JSONB)))) AND b = $2"
        );
        assert_eq!(
            changed("SELECT 1 FROM t WHERE a NOT IN (SELECT value FROM json_each($3))"),
            "SELECT 1 FROM t WHERE a <> ALL (ARRAY(SELECT jsonb_array_elements_text(CAST($3 AS JSONB))))"
        );
        assert_eq!(changed("SELECT value ->> 0 FROM json_each($1)"), "SELECT value ->> 0 FROM json_each($1)");
    }
}
