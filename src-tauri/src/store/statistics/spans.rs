//! The sums over a span: complete parts from the sums, as far as a recount has come, the rest from
//! the log, row by row.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sqlx::FromRow;

use super::{
    answer_counts::recount_answers,
    answer_stats::{ByStep, Scope, StepAnswers, SumsRow},
    delivery_stats::{BUCKET_MS, Sums, bucket_of, recount},
    recounts::Recount,
};
use crate::{
    clock::{DAY_MS, Timestamp},
    domain::calendar::{day_start, next_day_start},
    store::{
        Conn, Stored,
        sql::{Builder, Pool, query_as, query_scalar},
    },
};

/// The sums over `from..to`: complete buckets from their sums, the ends row by row.
pub async fn sums(pool: &Pool, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
    let mut tx = pool.begin().await?;
    let under_way = Recount::under_way(&mut tx).await?;
    let from_sums = from.max(Recount::buckets_right_from(under_way.as_ref())).min(to);
    let first = Timestamp::from_millis(bucket_of(from_sums.plus_millis(BUCKET_MS - 1)));
    let last = Timestamp::from_millis(bucket_of(to));
    if first >= last {
        return recount(&mut tx, from, to).await;
    }
    let mut all = bucketed(&mut tx, first, last).await?;
    for (start, end) in [(from, first), (last, to)] {
        if start < end {
            all = all.plus(&recount(&mut tx, start, end).await?);
        }
    }
    Ok(all)
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct Bucket {
    pub(crate) bucket_at: Timestamp,
    #[sqlx(flatten)]
    pub(crate) sums: Sums,
}

/// The sums of each quarter of an hour in `from..to` that has any; during a recount only those that
/// are right.
pub(crate) async fn buckets(pool: &Pool, from: Timestamp, to: Timestamp) -> sqlx::Result<Vec<Bucket>> {
    let mut tx = pool.begin().await?;
    let under_way = Recount::under_way(&mut tx).await?;
    let from = from.max(Recount::buckets_right_from(under_way.as_ref()));
    query_as("SELECT * FROM delivery_stats WHERE bucket_at >= $1 AND bucket_at < $2 ORDER BY bucket_at")
        .bind(from)
        .bind(to)
        .fetch_all(&mut *tx)
        .await
}

async fn bucketed(conn: &mut Conn, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
    query_as(
        "SELECT CAST(COALESCE(SUM(total), 0) AS BIGINT) AS total,
            CAST(COALESCE(SUM(failed), 0) AS BIGINT) AS failed,
            CAST(COALESCE(SUM(sent), 0) AS BIGINT) AS sent,
            CAST(COALESCE(SUM(delivered), 0) AS BIGINT) AS delivered,
            CAST(COALESCE(SUM(seen), 0) AS BIGINT) AS seen,
            CAST(COALESCE(SUM(responded), 0) AS BIGINT) AS responded,
            CAST(COALESCE(SUM(missed), 0) AS BIGINT) AS missed,
            CAST(COALESCE(SUM(asked), 0) AS BIGINT) AS asked,
            CAST(COALESCE(SUM(delivery_ms), 0) AS BIGINT) AS delivery_ms
         FROM delivery_stats WHERE bucket_at >= $1 AND bucket_at < $2",
    )
    .bind(from)
    .bind(to)
    .fetch_one(conn)
    .await
}

/// Parts in which the sums of a long span are read, none shorter than a month.
const PARTS: i64 = 12;
const MIN_PART_MS: i64 = 31 * DAY_MS;

/// The longest span counted row by row in one go.
const MAX_COUNTED_MS: i64 = 7 * DAY_MS;

/// Questions and answers by step over `from..to`: complete days from their sums; the ends, and one
/// patient's, row by row.
pub async fn answers(
    pool: &Pool,
    scope: Scope,
    from: Timestamp,
    to: Timestamp,
    zone: Tz,
) -> sqlx::Result<ByStep> {
    // One transaction, so that sums, ends and the progress of a recount are of one moment.
    let mut tx = pool.begin().await?;
    let recount = Recount::under_way(&mut tx).await?;
    let from_sums = from.max(Recount::days_right_from(recount.as_ref())).min(to);
    let today = day_start(from_sums, zone);
    let first = if today == from_sums { from_sums } else { next_day_start(from_sums, zone) };
    let last = day_start(to, zone);
    if scope.patient_id.is_some() {
        return recount_answers(&mut tx, scope, from, to).await;
    }
    let oldest: Option<Timestamp> =
        query_scalar("SELECT MIN(created_at) FROM interaction_logs WHERE created_at >= $1")
            .bind(from)
            .fetch_one(&mut *tx)
            .await?;
    let from = oldest.unwrap_or(to);
    let mut all = ByStep::new();
    let ends = if first < last { [(from, first), (last, to)] } else { [(from, to), (to, to)] };
    // In parts as well: SQLite sorts them, with all their times, in memory.
    let part_ms = (last.millis_since(first) / PARTS).max(MIN_PART_MS);
    let mut start = first;
    while start < last {
        let end = start.plus_millis(part_ms).min(last);
        for (key, part) in daily_answers(&mut tx, scope, start, end).await? {
            all.entry(key).or_default().merge(part);
        }
        start = end;
    }
    for (mut start, stop) in ends {
        // In parts, or a year that is not recounted yet would be in memory at once.
        while start < stop {
            let end = start.plus_millis(MAX_COUNTED_MS).min(stop);
            let part = recount_answers(&mut tx, scope, start, end).await?;
            start = end;
            for (key, part) in part {
                all.entry(key).or_default().merge(part);
            }
        }
    }
    Ok(all)
}

#[derive(FromRow)]
struct StepRow {
    #[sqlx(flatten)]
    sums: SumsRow,
    /// The `values` of the summed days, one map each.
    #[sqlx(try_from = "Stored<Vec<BTreeMap<String, i64>>>")]
    answer_values: Vec<BTreeMap<String, i64>>,
    answer_times: String,
}

impl StepRow {
    fn read(self) -> StepAnswers {
        let mut answers = self.sums.read();
        for (value, count) in self.answer_values.into_iter().flatten() {
            *answers.values.entry(value).or_default() += count;
        }
        answers.times = self
            .answer_times
            .as_bytes()
            .chunks_exact(8)
            .filter_map(|hex| u32::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok())
            .collect();
        answers
    }
}

async fn daily_answers(
    conn: &mut Conn,
    scope: Scope,
    from: Timestamp,
    to: Timestamp,
) -> sqlx::Result<ByStep> {
    let mut query = Builder::new(
        "SELECT protocol_id, step_id, CAST(SUM(sent) AS BIGINT) AS sent,
            CAST(SUM(failed) AS BIGINT) AS failed, CAST(SUM(asked) AS BIGINT) AS asked,
            CAST(SUM(missed) AS BIGINT) AS missed, CAST(SUM(completed) AS BIGINT) AS completed,
            CAST(SUM(postponed) AS BIGINT) AS postponed, CAST(SUM(skipped) AS BIGINT) AS skipped,
            CAST(SUM(answer_ms) AS BIGINT) AS answer_ms,
            '[' || string_agg(answer_values, ',') || ']' AS answer_values,
            string_agg(answer_times, '') AS answer_times
         FROM answer_stats WHERE day_at >= ",
    );
    query.push_bind(from).push(" AND day_at < ").push_bind(to);
    if let Some(id) = scope.protocol_id {
        query.push(" AND protocol_id = ").push_bind(id);
    }
    query.push(" GROUP BY protocol_id, step_id");
    // One row at a time: the times of a year are megabytes of text in each.
    let mut all = ByStep::new();
    let take = |row: StepRow| {
        all.insert(row.sums.key, row.read());
        Ok(())
    };
    query.build_query_as().fetch_each(conn, take).await?;
    Ok(all)
}
