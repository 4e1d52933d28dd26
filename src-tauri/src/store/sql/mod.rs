//! SQL for both engines. A statement is written once, in the words SQLite and PostgreSQL share; the
//! pool or connection it is given decides which engine runs it. SQLite gets the text as it stands.
//! PostgreSQL gets it after one change ([`for_postgres`]), with a few functions in its schema
//! (`migrations/postgres`) that replace SQLite's.

use std::marker::PhantomData;

use futures::{Stream, TryStreamExt as _};
use sqlx::{
    FromRow, Sqlite, SqliteConnection,
    query::Query as Bound,
    sqlite::{SqliteArguments, SqliteRow},
};
#[cfg(feature = "postgres")]
use sqlx::{
    PgConnection, Postgres,
    postgres::{PgArguments, PgRow},
};
pub use sqlx::{SqlSafeStr, SqlStr};

use super::{
    arg::{Arg, Bind},
    tables::Table,
    unreadable::{Keyed, Unreadable},
};

mod builder;
mod connections;
mod portable;

pub use builder::Builder;
pub use connections::{Conn, Lent, On, Pool, Tx};
pub use portable::for_postgres;

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
    pub(crate) const fn rows_affected(self) -> u64 {
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
    pub(crate) async fn fetch_each<'c>(
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

    pub(crate) async fn fetch_optional<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<Option<T>> {
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

    pub(crate) async fn fetch_optional<'c>(self, on: impl Into<On<'c>>) -> sqlx::Result<Option<T>> {
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
