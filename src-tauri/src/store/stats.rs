//! Sums over the interaction log, kept by the quarter of an hour so that a year of rows
//! answers at once.

use std::collections::BTreeMap;

use sqlx::{FromRow, SqlitePool};

use super::{Conn, json_rows};
use crate::clock::Timestamp;

/// Every zone's days begin on a quarter of an hour of UTC (Nepal's at 18:15).
pub const BUCKET_MS: i64 = 15 * 60 * 1000;

/// The beginning of the bucket `at` lies in; milliseconds.
pub const fn bucket_of(at: Timestamp) -> i64 {
    at.as_millis() - at.as_millis().rem_euclid(BUCKET_MS)
}

/// Sums, or changes of sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Sums {
    /// Rows of the log.
    pub total: i64,
    /// Not accepted by LINE.
    pub failed: i64,
    /// Accepted by LINE.
    pub sent: i64,
    /// Of the sent: the chat is proven to work.
    pub delivered: i64,
    /// Of the sent: seen.
    pub seen: i64,
    /// Of the sent: answered.
    pub responded: i64,
    /// Of the sent: not answered in time.
    pub missed: i64,
    /// Of the sent: asked something.
    pub asked: i64,
    /// Of the sent: milliseconds from due to accepted, all together.
    pub delivery_ms: i64,
}

/// Adds changes to the sums of their buckets.
///
/// # Errors
/// The database failed.
pub async fn add(conn: &mut Conn, changes: &BTreeMap<i64, Sums>) -> sqlx::Result<()> {
    let rows: Vec<_> = changes
        .iter()
        .map(|(at, s)| {
            [
                *at,
                s.total,
                s.failed,
                s.sent,
                s.delivered,
                s.seen,
                s.responded,
                s.missed,
                s.asked,
                s.delivery_ms,
            ]
        })
        .collect();
    sqlx::query(
        "INSERT INTO delivery_stats
            (bucket_at, total, failed, sent, delivered, seen, responded, missed, asked, delivery_ms)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
            value ->> 6, value ->> 7, value ->> 8, value ->> 9
         FROM json_each($1) WHERE true
         ON CONFLICT (bucket_at) DO UPDATE SET total = total + excluded.total,
            failed = failed + excluded.failed, sent = sent + excluded.sent,
            delivered = delivered + excluded.delivered, seen = seen + excluded.seen,
            responded = responded + excluded.responded, missed = missed + excluded.missed,
            asked = asked + excluded.asked, delivery_ms = delivery_ms + excluded.delivery_ms",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Counts every sum anew from the log: after rows of it were removed.
///
/// # Errors
/// The database failed.
pub async fn rebuild(conn: &mut Conn) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM delivery_stats").execute(&mut *conn).await?;
    sqlx::query(
        "INSERT INTO delivery_stats
            (bucket_at, total, failed, sent, delivered, seen, responded, missed, asked, delivery_ms)
         SELECT i.created_at - i.created_at % $1, COUNT(*), SUM(i.status = 'failed'),
            SUM(i.status <> 'failed'),
            SUM(i.delivered_at IS NOT NULL OR i.status IN ('delivered', 'read', 'responded')),
            SUM(i.status IN ('read', 'responded')), SUM(i.status = 'responded'),
            SUM(i.status = 'missed'), SUM(i.status <> 'failed' AND d.feedback IS NOT NULL),
            COALESCE(SUM(CASE WHEN i.status <> 'failed' THEN MAX(d.accepted_at - d.due_at, 0) END), 0)
         FROM interaction_logs i JOIN deliveries d ON d.id = i.id GROUP BY 1",
    )
    .bind(BUCKET_MS)
    .execute(conn)
    .await?;
    Ok(())
}

/// The sums over `from..to`: whole buckets from their sums, the ends row by row.
///
/// # Errors
/// The database failed.
pub async fn sums(pool: &SqlitePool, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
    let first = Timestamp::from_millis(bucket_of(from.plus_millis(BUCKET_MS - 1)));
    let last = Timestamp::from_millis(bucket_of(to));
    if first >= last {
        return recount(pool, from, to).await;
    }
    let mut all = bucketed(pool, first, last).await?;
    for (start, end) in [(from, first), (last, to)] {
        if start < end {
            all = all.plus(&recount(pool, start, end).await?);
        }
    }
    Ok(all)
}

async fn bucketed(pool: &SqlitePool, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
    sqlx::query_as(
        "SELECT COALESCE(SUM(total), 0) AS total, COALESCE(SUM(failed), 0) AS failed,
            COALESCE(SUM(sent), 0) AS sent, COALESCE(SUM(delivered), 0) AS delivered,
            COALESCE(SUM(seen), 0) AS seen, COALESCE(SUM(responded), 0) AS responded,
            COALESCE(SUM(missed), 0) AS missed, COALESCE(SUM(asked), 0) AS asked,
            COALESCE(SUM(delivery_ms), 0) AS delivery_ms
         FROM delivery_stats WHERE bucket_at >= $1 AND bucket_at < $2",
    )
    .bind(from)
    .bind(to)
    .fetch_one(pool)
    .await
}

/// The same sums, counted from the log itself: for the ends of a span, and to prove the rest.
///
/// # Errors
/// The database failed.
pub async fn recount(pool: &SqlitePool, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
    sqlx::query_as(
        "SELECT COUNT(*) AS total, COALESCE(SUM(i.status = 'failed'), 0) AS failed,
            COALESCE(SUM(i.status <> 'failed'), 0) AS sent,
            COALESCE(SUM(i.delivered_at IS NOT NULL OR i.status IN ('delivered', 'read', 'responded')), 0)
                AS delivered,
            COALESCE(SUM(i.status IN ('read', 'responded')), 0) AS seen,
            COALESCE(SUM(i.status = 'responded'), 0) AS responded,
            COALESCE(SUM(i.status = 'missed'), 0) AS missed,
            COALESCE(SUM(i.status <> 'failed' AND d.feedback IS NOT NULL), 0) AS asked,
            COALESCE(SUM(CASE WHEN i.status <> 'failed' THEN MAX(d.accepted_at - d.due_at, 0) END), 0)
                AS delivery_ms
         FROM interaction_logs i JOIN deliveries d ON d.id = i.id
         WHERE i.created_at >= $1 AND i.created_at < $2",
    )
    .bind(from)
    .bind(to)
    .fetch_one(pool)
    .await
}

impl Sums {
    fn plus(self, other: &Self) -> Self {
        Self {
            total: self.total + other.total,
            failed: self.failed + other.failed,
            sent: self.sent + other.sent,
            delivered: self.delivered + other.delivered,
            seen: self.seen + other.seen,
            responded: self.responded + other.responded,
            missed: self.missed + other.missed,
            asked: self.asked + other.asked,
            delivery_ms: self.delivery_ms + other.delivery_ms,
        }
    }
}
