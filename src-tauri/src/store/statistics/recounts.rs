//! Recounts of the sums, a day at a time.

use chrono_tz::Tz;
use const_format::formatcp;
use serde::{Deserialize, Serialize};

use super::{
    answer_counts::recount_answers,
    answer_stats::{Scope, insert_day},
    delivery_stats::{BUCKET_MS, SUMS_OF_LOG},
};
use crate::{
    clock::Timestamp,
    domain::calendar::{day_start, next_day_start},
    store::{
        Conn, settings,
        sql::{query, query_scalar},
    },
};

/// The name of the setting with the zone whose days the sums count.
const COUNTED_BY: &str = "stats.zone";
/// The name of the setting with the rest of a recount.
const RECOUNT: &str = "stats.recount";

/// A recount under way, from the newest day to the oldest.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Recount {
    /// The IANA zone of the counted days.
    zone: String,
    /// Milliseconds; sums before this instant are still the old ones.
    before: i64,
    /// Whether the sums by the quarter of an hour are recounted, too; they depend on no zone.
    buckets: bool,
}

impl Recount {
    pub(super) async fn under_way(conn: &mut Conn) -> sqlx::Result<Option<Self>> {
        settings::get(conn, RECOUNT).await
    }

    pub(super) fn days_right_from(recount: Option<&Self>) -> Timestamp {
        Timestamp::from_millis(recount.map_or(i64::MIN, |r| r.before))
    }

    pub(super) fn buckets_right_from(recount: Option<&Self>) -> Timestamp {
        Self::days_right_from(recount.filter(|r| r.buckets))
    }
}

/// Begins a recount of the days where they are not those of `zone`; [`recount_day`] continues it.
pub async fn count_by(conn: &mut Conn, zone: Tz, now: Timestamp) -> sqlx::Result<()> {
    let counted: Option<String> = settings::get(&mut *conn, COUNTED_BY).await?;
    if counted.as_deref() == Some(zone.name()) {
        return Ok(());
    }
    let buckets = Recount::under_way(conn).await?.is_some_and(|r| r.buckets);
    begin_recount(conn, zone, buckets, now).await?;
    settings::set(conn, COUNTED_BY, &zone.name(), now).await
}

/// Begins a recount of all sums, after rows of the log were removed; [`recount_day`] continues it.
pub async fn count_anew(conn: &mut Conn, zone: Tz, now: Timestamp) -> sqlx::Result<()> {
    begin_recount(conn, zone, true, now).await
}

async fn begin_recount(conn: &mut Conn, zone: Tz, buckets: bool, now: Timestamp) -> sqlx::Result<()> {
    let recount = Recount { zone: zone.name().to_owned(), before: i64::MAX, buckets };
    settings::set(&mut *conn, RECOUNT, &recount, now).await?;
    // The newest day at once; with an empty log that is all there is.
    recount_day(conn, now).await.map(|_| ())
}

/// Recounts one more day and notes it in the same transaction, so that a crash loses nothing;
/// `false` when none is left. Readers meanwhile count the other days from the log itself.
pub async fn recount_day(conn: &mut Conn, now: Timestamp) -> sqlx::Result<bool> {
    let Some(mut recount) = Recount::under_way(conn).await? else { return Ok(false) };
    let zone = recount.zone.parse().unwrap_or(Tz::UTC);
    let newest: Option<Timestamp> =
        query_scalar("SELECT MAX(created_at) FROM interaction_logs WHERE created_at < $1")
            .bind(recount.before)
            .fetch_one(&mut *conn)
            .await?;
    let day = newest.map(|at| (day_start(at, zone), next_day_start(at, zone)));
    // Including old sums for which the log has nothing.
    let from = day.map_or(Timestamp::from_millis(i64::MIN), |(starts, _)| starts);
    forget_sums(conn, from, recount.before, recount.buckets).await?;
    let Some((starts, ends)) = day else {
        query("DELETE FROM settings WHERE key = $1").bind(RECOUNT).execute(conn).await?;
        return Ok(false);
    };
    let steps = recount_answers(conn, Scope::default(), starts, ends).await?;
    insert_day(conn, starts, &steps).await?;
    if recount.buckets {
        count_buckets(conn, starts, ends).await?;
    }
    recount.before = starts.as_millis();
    settings::set(conn, RECOUNT, &recount, now).await?;
    Ok(true)
}

async fn forget_sums(conn: &mut Conn, from: Timestamp, before: i64, buckets: bool) -> sqlx::Result<()> {
    query("DELETE FROM answer_stats WHERE day_at >= $1 AND day_at < $2")
        .bind(from)
        .bind(before)
        .execute(&mut *conn)
        .await?;
    if buckets {
        query("DELETE FROM delivery_stats WHERE bucket_at >= $1 AND bucket_at < $2")
            .bind(from)
            .bind(before)
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn count_buckets(conn: &mut Conn, from: Timestamp, to: Timestamp) -> sqlx::Result<()> {
    query(formatcp!(
        "INSERT INTO delivery_stats
            (bucket_at, total, failed, sent, delivered, seen, responded, missed, asked, delivery_ms)
         SELECT i.created_at - i.created_at % $1, {SUMS_OF_LOG}
         FROM interaction_logs i JOIN deliveries d ON d.id = i.id
         WHERE i.created_at >= $2 AND i.created_at < $3 GROUP BY 1"
    ))
    .bind(BUCKET_MS)
    .bind(from)
    .bind(to)
    .execute(conn)
    .await?;
    Ok(())
}
