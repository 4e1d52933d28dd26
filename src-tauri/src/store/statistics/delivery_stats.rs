//! Sums by the quarter of an hour, over everything.

use std::collections::BTreeMap;

use const_format::formatcp;
use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    store::{
        Conn,
        fragments::{ACCEPTED, LATE_MS, PROVEN_STATUSES, SEEN_STATUSES},
        json_rows,
        sql::{query, query_as},
    },
};

/// Sums of rows of the log, or changes of such sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Sums {
    /// Rows, whatever their status.
    pub total: i64,
    /// Rows of messages LINE did not accept.
    pub failed: i64,
    /// Rows of messages LINE accepted.
    pub sent: i64,
    /// Sent messages after which the chat is proven to work.
    pub delivered: i64,
    /// Sent messages that were read, as far as there is evidence.
    pub seen: i64,
    pub responded: i64,
    /// Sent messages whose question was not answered in time.
    pub missed: i64,
    /// Sent messages that ask a question.
    pub asked: i64,
    /// Milliseconds from due to accepted, summed over sent messages.
    pub delivery_ms: i64,
}

impl Sums {
    pub(super) fn negated(self) -> Self {
        Self { delivery_ms: -self.delivery_ms, ..self.times(-1) }
    }

    /// The sums of `rows` rows like this; `delivery_ms` is the sum of all of them already.
    pub(super) fn times(self, rows: i64) -> Self {
        Self {
            total: self.total * rows,
            failed: self.failed * rows,
            sent: self.sent * rows,
            delivered: self.delivered * rows,
            seen: self.seen * rows,
            responded: self.responded * rows,
            missed: self.missed * rows,
            asked: self.asked * rows,
            delivery_ms: self.delivery_ms,
        }
    }

    pub(super) fn plus(self, other: &Self) -> Self {
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

/// The length of a bucket: every zone's days begin on a quarter of an hour of UTC (Nepal's at
/// 18:15).
pub(crate) const BUCKET_MS: i64 = 15 * 60 * 1000;

/// The beginning of the bucket of `at`; milliseconds.
pub(crate) const fn bucket_of(at: Timestamp) -> i64 {
    at.as_millis() - at.as_millis().rem_euclid(BUCKET_MS)
}

/// The sums over rows of the log, in the order of the columns of `delivery_stats`.
pub(super) const SUMS_OF_LOG: &str = formatcp!(
    "COUNT(*) AS total, COUNT(*) FILTER (WHERE i.status = 'failed') AS failed,
            COUNT(*) FILTER (WHERE i.{ACCEPTED}) AS sent,
            COUNT(*) FILTER (WHERE i.delivered_at IS NOT NULL OR i.status IN {PROVEN_STATUSES})
                AS delivered,
            COUNT(*) FILTER (WHERE i.status IN {SEEN_STATUSES}) AS seen,
            COUNT(*) FILTER (WHERE i.status = 'responded') AS responded,
            COUNT(*) FILTER (WHERE i.status = 'missed') AS missed,
            COUNT(*) FILTER (WHERE i.{ACCEPTED} AND d.feedback IS NOT NULL) AS asked,
            CAST(COALESCE(SUM({LATE_MS})
                FILTER (WHERE i.{ACCEPTED}), 0) AS BIGINT)
                AS delivery_ms"
);

/// The sums over `from..to`, counted from the log itself: for the ends of a span, and to verify the
/// sums.
pub async fn recount(conn: &mut Conn, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
    query_as(formatcp!(
        "SELECT {SUMS_OF_LOG}
         FROM interaction_logs i JOIN deliveries d ON d.id = i.id
         WHERE i.created_at >= $1 AND i.created_at < $2"
    ))
    .bind(from)
    .bind(to)
    .fetch_one(conn)
    .await
}

pub(super) async fn add(conn: &mut Conn, changes: &BTreeMap<i64, Sums>) -> sqlx::Result<()> {
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
    query(
        "INSERT INTO delivery_stats
            (bucket_at, total, failed, sent, delivered, seen, responded, missed, asked, delivery_ms)
         SELECT CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT),
            CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT), CAST(value ->> 5 AS BIGINT),
            CAST(value ->> 6 AS BIGINT), CAST(value ->> 7 AS BIGINT), CAST(value ->> 8 AS BIGINT),
            CAST(value ->> 9 AS BIGINT)
         FROM json_each($1) WHERE true
         ON CONFLICT (bucket_at) DO UPDATE SET total = delivery_stats.total + excluded.total,
            failed = delivery_stats.failed + excluded.failed, sent = delivery_stats.sent + excluded.sent,
            delivered = delivery_stats.delivered + excluded.delivered,
            seen = delivery_stats.seen + excluded.seen,
            responded = delivery_stats.responded + excluded.responded,
            missed = delivery_stats.missed + excluded.missed,
            asked = delivery_stats.asked + excluded.asked,
            delivery_ms = delivery_stats.delivery_ms + excluded.delivery_ms",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}
