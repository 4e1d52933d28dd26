//! Sums over the interaction log, kept beside it so that a year of rows answers at once: by
//! the quarter of an hour over everything, and by the clinic's day for each step.
//!
//! A row enters the sums as it is and leaves them as it was: whoever changes a row hands
//! both to [`Moves`].

use std::collections::BTreeMap;

use chrono_tz::Tz;
use futures::{StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, QueryBuilder, Sqlite, SqlitePool};

use super::{Conn, from_json, json_rows, to_json};
use crate::{
    clock::Timestamp,
    domain::{
        calendar::{day_start, next_day_start},
        delivery::InteractionStatus,
        feedback::FeedbackAction,
    },
    ids::{PatientId, ProtocolId, StepId},
};

/// Every zone's days begin on a quarter of an hour of UTC (Nepal's at 18:15).
pub const BUCKET_MS: i64 = 15 * 60 * 1000;

/// The longest span that is counted row by row in one go.
const MAX_COUNTED_MS: i64 = 7 * 24 * 3_600_000;

/// The beginning of the bucket `at` lies in; milliseconds.
pub const fn bucket_of(at: Timestamp) -> i64 {
    at.as_millis() - at.as_millis().rem_euclid(BUCKET_MS)
}

/// A row of the log as the sums see it.
#[derive(Clone, Debug, FromRow)]
pub struct Counted {
    /// When the row was made.
    pub created_at: Timestamp,
    /// Of which protocol.
    pub protocol_id: ProtocolId,
    /// Of which step.
    pub step_id: StepId,
    /// Where it stands.
    pub status: InteractionStatus,
    /// Whether the chat is proven to work.
    pub proven: bool,
    /// Whether something was asked.
    pub asked: bool,
    /// From due to accepted.
    pub delivery_ms: i64,
    /// What the answer means.
    pub response_action: Option<FeedbackAction>,
    /// The answer.
    pub response_value: Option<String>,
    /// From sent to answered.
    pub time_difference_ms: Option<i64>,
}

impl Counted {
    fn sums(&self) -> Sums {
        use InteractionStatus as S;
        let sent = self.status != S::Failed;
        let is = |yes: bool| i64::from(yes);
        Sums {
            total: 1,
            failed: is(!sent),
            sent: is(sent),
            delivered: is(self.proven),
            seen: is(matches!(self.status, S::Read | S::Responded)),
            responded: is(self.status == S::Responded),
            missed: is(self.status == S::Missed),
            asked: is(sent && self.asked),
            delivery_ms: if sent { self.delivery_ms } else { 0 },
        }
    }
}

/// Rows that change, as they were and as they are.
#[derive(Debug)]
pub struct Moves {
    zone: Tz,
    sums: BTreeMap<i64, Sums>,
    steps: BTreeMap<(i64, ProtocolId, StepId), StepSums>,
}

/// Changes of the sums of one step on one day.
#[derive(Clone, Debug, Default)]
struct StepSums {
    sums: Sums,
    actions: [i64; 3],
    answer_ms: i64,
    values: BTreeMap<String, i64>,
    times: String,
}

impl Moves {
    /// Nothing has changed yet; days are those of `zone`.
    pub fn new(zone: Tz) -> Self {
        Self { zone, sums: BTreeMap::new(), steps: BTreeMap::new() }
    }

    /// A row that was like this is no longer. Answers stay for ever: a row that has one
    /// never leaves.
    pub fn leave(&mut self, row: &Counted) {
        self.add(row, &row.sums().negated());
    }

    /// A row is like this from now on.
    pub fn enter(&mut self, row: &Counted) {
        self.add(row, &row.sums());
        let (InteractionStatus::Responded, Some(action)) = (row.status, row.response_action) else { return };
        let step = self.step(row);
        step.actions[action as usize] += 1;
        *step.values.entry(row.response_value.clone().unwrap_or_default()).or_default() += 1;
        let ms = row.time_difference_ms.unwrap_or(0).max(0);
        step.answer_ms += ms;
        step.times += &format!("{:08x}", u32::try_from(ms).unwrap_or(u32::MAX));
    }

    fn step(&mut self, row: &Counted) -> &mut StepSums {
        let day = day_start(row.created_at, self.zone).as_millis();
        self.steps.entry((day, row.protocol_id, row.step_id)).or_default()
    }

    fn add(&mut self, row: &Counted, sums: &Sums) {
        let all = self.sums.entry(bucket_of(row.created_at)).or_default();
        *all = all.plus(sums);
        let step = self.step(row);
        step.sums = step.sums.plus(sums);
    }

    /// Writes the changes.
    ///
    /// # Errors
    /// The database failed.
    pub async fn write(self, conn: &mut Conn) -> sqlx::Result<()> {
        if self.sums.is_empty() {
            return Ok(());
        }
        add(conn, &self.sums).await?;
        add_steps(conn, &self.steps).await?;
        let answered: Vec<_> = self.steps.into_iter().filter(|(_, s)| !s.times.is_empty()).collect();
        if answered.is_empty() { Ok(()) } else { add_answers(conn, &answered).await }
    }
}

/// The day and the step a change belongs to.
type StepKey = (i64, ProtocolId, StepId);

async fn add_steps(conn: &mut Conn, steps: &BTreeMap<StepKey, StepSums>) -> sqlx::Result<()> {
    let rows: Vec<_> = steps
        .iter()
        .map(|((day, protocol, step), s)| {
            let [completed, postponed, skipped] = s.actions;
            serde_json::json!([
                day,
                protocol,
                step,
                s.sums.sent,
                s.sums.failed,
                s.sums.asked,
                s.sums.missed,
                completed,
                postponed,
                skipped,
                s.answer_ms
            ])
        })
        .collect();
    sqlx::query(
        "INSERT INTO answer_stats (day_at, protocol_id, step_id, sent, failed, asked, missed, completed,
            postponed, skipped, answer_ms)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
            value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10
         FROM json_each($1) WHERE true
         ON CONFLICT (day_at, step_id) DO UPDATE SET sent = sent + excluded.sent,
            failed = failed + excluded.failed, asked = asked + excluded.asked,
            missed = missed + excluded.missed, completed = completed + excluded.completed,
            postponed = postponed + excluded.postponed, skipped = skipped + excluded.skipped,
            answer_ms = answer_ms + excluded.answer_ms",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

async fn add_answers(conn: &mut Conn, steps: &[(StepKey, StepSums)]) -> sqlx::Result<()> {
    let keys: Vec<_> = steps.iter().map(|((day, _, step), _)| serde_json::json!([day, step])).collect();
    let stored: Vec<(i64, StepId, String)> = sqlx::query_as(
        "SELECT day_at, step_id, answer_values FROM answer_stats
         WHERE (day_at, step_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each($1))",
    )
    .bind(json_rows(&keys)?)
    .fetch_all(&mut *conn)
    .await?;
    let mut stored: BTreeMap<_, _> = stored.into_iter().map(|(day, step, v)| ((day, step), v)).collect();
    let mut rows = Vec::with_capacity(steps.len());
    for ((day, _, step), sums) in steps {
        let text = stored.remove(&(*day, *step)).unwrap_or_else(|| "{}".to_owned());
        let mut values: BTreeMap<String, i64> = from_json(&text)?;
        for (value, count) in &sums.values {
            *values.entry(value.clone()).or_default() += count;
        }
        rows.push(serde_json::json!([day, step, to_json(&values)?, sums.times]));
    }
    sqlx::query(
        "UPDATE answer_stats SET answer_values = j.answer_values,
            answer_times = answer_stats.answer_times || j.times
         FROM (SELECT value ->> 0 AS day_at, value ->> 1 AS step_id, value ->> 2 AS answer_values,
            value ->> 3 AS times FROM json_each($1)) AS j
         WHERE answer_stats.day_at = j.day_at AND answer_stats.step_id = j.step_id",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Questions and answers of one step, summed over a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepAnswers {
    /// Accepted by LINE.
    pub sent: i64,
    /// Not accepted by LINE.
    pub failed: i64,
    /// Of the sent: asked something.
    pub asked: i64,
    /// Not answered in time.
    pub missed: i64,
    /// Answered: done.
    pub completed: i64,
    /// Answered: later.
    pub postponed: i64,
    /// Answered: left out.
    pub skipped: i64,
    /// Milliseconds from sent to answered, all together.
    pub answer_ms: i64,
    /// How often each value was answered.
    pub values: BTreeMap<String, i64>,
    /// Every time to an answer, milliseconds, in no order.
    pub times: Vec<u32>,
}

impl StepAnswers {
    /// Both together.
    pub fn merge(&mut self, other: Self) {
        self.sent += other.sent;
        self.failed += other.failed;
        self.asked += other.asked;
        self.missed += other.missed;
        self.completed += other.completed;
        self.postponed += other.postponed;
        self.skipped += other.skipped;
        self.answer_ms += other.answer_ms;
        for (value, count) in other.values {
            *self.values.entry(value).or_default() += count;
        }
        self.times.extend(other.times);
    }
}

/// The sums of every step that has some.
pub type ByStep = BTreeMap<(ProtocolId, StepId), StepAnswers>;

#[derive(FromRow)]
struct StepRow {
    protocol_id: ProtocolId,
    step_id: StepId,
    sent: i64,
    failed: i64,
    asked: i64,
    missed: i64,
    completed: i64,
    postponed: i64,
    skipped: i64,
    answer_ms: i64,
    answer_values: String,
    answer_times: String,
}

impl StepRow {
    fn read(self) -> sqlx::Result<((ProtocolId, StepId), StepAnswers)> {
        let maps: Vec<Option<BTreeMap<String, i64>>> = from_json(&self.answer_values)?;
        let mut answers = StepAnswers {
            sent: self.sent,
            failed: self.failed,
            asked: self.asked,
            missed: self.missed,
            completed: self.completed,
            postponed: self.postponed,
            skipped: self.skipped,
            answer_ms: self.answer_ms,
            ..StepAnswers::default()
        };
        for (value, count) in maps.into_iter().flatten().flatten() {
            *answers.values.entry(value).or_default() += count;
        }
        answers.times = self
            .answer_times
            .as_bytes()
            .chunks_exact(8)
            .filter_map(|hex| u32::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok())
            .collect();
        Ok(((self.protocol_id, self.step_id), answers))
    }
}

/// What is counted: everything, one protocol's, or one patient's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    /// One protocol's.
    pub protocol_id: Option<ProtocolId>,
    /// One patient's.
    pub patient_id: Option<PatientId>,
}

/// The sums of a long span are read in about so many parts, none shorter than a month.
const PARTS: i64 = 12;
const MIN_PART_MS: i64 = 31 * 24 * 3_600_000;

/// Questions and answers by step over `from..to`: whole days from their sums, the ends, and
/// one patient's, row by row.
///
/// # Errors
/// The database failed.
pub async fn answers(
    pool: &SqlitePool,
    scope: Scope,
    from: Timestamp,
    to: Timestamp,
    zone: Tz,
) -> sqlx::Result<ByStep> {
    // One transaction: sums, ends and how far a recount is belong to one moment.
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
        sqlx::query_scalar("SELECT MIN(created_at) FROM interaction_logs WHERE created_at >= $1")
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
        // In parts, or a year that is still to be counted anew would be in memory at once.
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

async fn daily_answers(
    conn: &mut Conn,
    scope: Scope,
    from: Timestamp,
    to: Timestamp,
) -> sqlx::Result<ByStep> {
    let mut query = QueryBuilder::<Sqlite>::new(
        "SELECT protocol_id, step_id, SUM(sent) AS sent, SUM(failed) AS failed, SUM(asked) AS asked,
            SUM(missed) AS missed, SUM(completed) AS completed, SUM(postponed) AS postponed,
            SUM(skipped) AS skipped, SUM(answer_ms) AS answer_ms,
            '[' || group_concat(answer_values) || ']' AS answer_values,
            group_concat(answer_times, '') AS answer_times
         FROM answer_stats WHERE day_at >= ",
    );
    query.push_bind(from).push(" AND day_at < ").push_bind(to);
    if let Some(id) = scope.protocol_id {
        query.push(" AND protocol_id = ").push_bind(id);
    }
    query.push(" GROUP BY protocol_id, step_id");
    // One row after the other: the times of a year are megabytes of text in each.
    query.build_query_as::<StepRow>().fetch(conn).map(|row| row?.read()).try_collect().await
}

/// The same, counted from the log itself: for the ends of a span, for one patient, and to
/// prove the rest.
///
/// # Errors
/// The database failed.
pub async fn recount_answers(
    conn: &mut Conn,
    scope: Scope,
    from: Timestamp,
    to: Timestamp,
) -> sqlx::Result<ByStep> {
    let mut query = QueryBuilder::<Sqlite>::new(RECOUNT_ANSWERS);
    query.push(" WHERE i.created_at >= ").push_bind(from).push(" AND i.created_at < ").push_bind(to);
    if let Some(id) = scope.protocol_id {
        query.push(" AND i.protocol_id = ").push_bind(id);
    }
    if let Some(id) = scope.patient_id {
        query.push(" AND i.user_id = ").push_bind(id);
    }
    query.push(" GROUP BY i.protocol_id, i.step_id");
    // One row after the other: the times of a year are megabytes of text in each.
    query.build_query_as::<StepRow>().fetch(conn).map(|row| row?.read()).try_collect().await
}

const RECOUNT_ANSWERS: &str = "SELECT i.protocol_id, i.step_id, SUM(i.status <> 'failed') AS sent,
        SUM(i.status = 'failed') AS failed,
        SUM(i.status <> 'failed' AND d.feedback IS NOT NULL) AS asked, SUM(i.status = 'missed') AS missed,
        COALESCE(SUM(i.response_action = 'complete'), 0) AS completed,
        COALESCE(SUM(i.response_action = 'postpone'), 0) AS postponed,
        COALESCE(SUM(i.response_action = 'skip'), 0) AS skipped,
        COALESCE(SUM(i.time_difference_ms), 0) AS answer_ms,
        json_group_array(CASE WHEN i.response_action IS NOT NULL
            THEN json_object(i.response_value, 1) END) AS answer_values,
        COALESCE(group_concat(CASE WHEN i.response_action IS NOT NULL
            THEN printf('%08x', MIN(i.time_difference_ms, 4294967295)) END, ''), '') AS answer_times
     FROM interaction_logs i JOIN deliveries d ON d.id = i.id";

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
async fn add(conn: &mut Conn, changes: &BTreeMap<i64, Sums>) -> sqlx::Result<()> {
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

/// Under which name it is stored by which zone's days is counted.
const COUNTED_BY: &str = "stats.zone";
/// Under which name it is stored what is still to be counted anew.
const RECOUNT: &str = "stats.recount";

/// A recount that is under way, from the newest day to the oldest.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Recount {
    /// By whose days; an IANA name.
    zone: String,
    /// Sums of what came before this instant are still the old ones.
    before: i64,
    /// Also the sums by the quarter of an hour, which know no zone.
    buckets: bool,
}

impl Recount {
    async fn under_way(conn: &mut Conn) -> sqlx::Result<Option<Self>> {
        super::settings::get(conn, RECOUNT).await
    }

    /// Where the sums by the day are right again.
    fn days_right_from(recount: Option<&Self>) -> Timestamp {
        Timestamp::from_millis(recount.map_or(i64::MIN, |r| r.before))
    }

    /// Where the sums by the quarter of an hour are right again.
    fn buckets_right_from(recount: Option<&Self>) -> Timestamp {
        Self::days_right_from(recount.filter(|r| r.buckets))
    }
}

/// Begins to count the days anew where they are not those of `zone`; [`recount_day`] goes on
/// with it.
///
/// # Errors
/// The database failed.
pub async fn count_by(conn: &mut Conn, zone: Tz, now: Timestamp) -> sqlx::Result<()> {
    let counted: Option<String> = super::settings::get(&mut *conn, COUNTED_BY).await?;
    if counted.as_deref() == Some(zone.name()) {
        return Ok(());
    }
    let buckets = Recount::under_way(conn).await?.is_some_and(|r| r.buckets);
    begin_recount(conn, zone, buckets, now).await?;
    super::settings::set(conn, COUNTED_BY, &zone.name(), now).await
}

/// Begins to count every sum anew, after rows of the log were removed; [`recount_day`] goes on
/// with it.
///
/// # Errors
/// The database failed.
pub async fn count_anew(conn: &mut Conn, zone: Tz, now: Timestamp) -> sqlx::Result<()> {
    begin_recount(conn, zone, true, now).await
}

async fn begin_recount(conn: &mut Conn, zone: Tz, buckets: bool, now: Timestamp) -> sqlx::Result<()> {
    let recount = Recount { zone: zone.name().to_owned(), before: i64::MAX, buckets };
    super::settings::set(&mut *conn, RECOUNT, &recount, now).await?;
    // The newest day at once; with an empty log that is all there is.
    recount_day(conn, now).await.map(|_| ())
}

/// Counts one more day anew and remembers it in the same transaction, so that a crash loses
/// nothing; `false` when none is left. Whoever reads meanwhile counts what is still to come
/// from the log itself.
///
/// # Errors
/// The database failed.
pub async fn recount_day(conn: &mut Conn, now: Timestamp) -> sqlx::Result<bool> {
    let Some(mut recount) = Recount::under_way(conn).await? else { return Ok(false) };
    let zone = recount.zone.parse().unwrap_or(Tz::UTC);
    let newest: Option<Timestamp> =
        sqlx::query_scalar("SELECT MAX(created_at) FROM interaction_logs WHERE created_at < $1")
            .bind(recount.before)
            .fetch_one(&mut *conn)
            .await?;
    let day = newest.map(|at| (day_start(at, zone), next_day_start(at, zone)));
    // Also what the old sums had where the log has nothing.
    let from = day.map_or(Timestamp::from_millis(i64::MIN), |(starts, _)| starts);
    forget_sums(conn, from, recount.before, recount.buckets).await?;
    let Some((starts, ends)) = day else {
        sqlx::query("DELETE FROM settings WHERE key = $1").bind(RECOUNT).execute(conn).await?;
        return Ok(false);
    };
    count_day(conn, starts, ends).await?;
    if recount.buckets {
        count_buckets(conn, starts, ends).await?;
    }
    recount.before = starts.as_millis();
    super::settings::set(conn, RECOUNT, &recount, now).await?;
    Ok(true)
}

async fn forget_sums(conn: &mut Conn, from: Timestamp, before: i64, buckets: bool) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM answer_stats WHERE day_at >= $1 AND day_at < $2")
        .bind(from)
        .bind(before)
        .execute(&mut *conn)
        .await?;
    if buckets {
        sqlx::query("DELETE FROM delivery_stats WHERE bucket_at >= $1 AND bucket_at < $2")
            .bind(from)
            .bind(before)
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn count_buckets(conn: &mut Conn, from: Timestamp, to: Timestamp) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO delivery_stats
            (bucket_at, total, failed, sent, delivered, seen, responded, missed, asked, delivery_ms)
         SELECT i.created_at - i.created_at % $1, COUNT(*), SUM(i.status = 'failed'),
            SUM(i.status <> 'failed'),
            SUM(i.delivered_at IS NOT NULL OR i.status IN ('delivered', 'read', 'responded')),
            SUM(i.status IN ('read', 'responded')), SUM(i.status = 'responded'),
            SUM(i.status = 'missed'), SUM(i.status <> 'failed' AND d.feedback IS NOT NULL),
            COALESCE(SUM(CASE WHEN i.status <> 'failed' THEN MAX(d.accepted_at - d.due_at, 0) END), 0)
         FROM interaction_logs i JOIN deliveries d ON d.id = i.id
         WHERE i.created_at >= $2 AND i.created_at < $3 GROUP BY 1",
    )
    .bind(BUCKET_MS)
    .bind(from)
    .bind(to)
    .execute(conn)
    .await?;
    Ok(())
}

async fn count_day(conn: &mut Conn, starts: Timestamp, ends: Timestamp) -> sqlx::Result<()> {
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "WITH one AS ({RECOUNT_BY_VALUE})
         INSERT INTO answer_stats (day_at, protocol_id, step_id, sent, failed, asked, missed, completed,
            postponed, skipped, answer_ms, answer_values, answer_times)
         SELECT $1, protocol_id, step_id, SUM(sent), SUM(failed), SUM(asked), SUM(missed),
            SUM(completed), SUM(postponed), SUM(skipped), SUM(answer_ms),
            json_group_object(value, answered) FILTER (WHERE answered > 0), group_concat(times, '')
         FROM one GROUP BY protocol_id, step_id"
    )))
    .bind(starts)
    .bind(ends)
    .execute(conn)
    .await?;
    Ok(())
}

const RECOUNT_BY_VALUE: &str = "SELECT i.protocol_id, i.step_id, i.response_value AS value,
        SUM(i.status <> 'failed') AS sent, SUM(i.status = 'failed') AS failed,
        SUM(i.status <> 'failed' AND d.feedback IS NOT NULL) AS asked, SUM(i.status = 'missed') AS missed,
        COALESCE(SUM(i.response_action = 'complete'), 0) AS completed,
        COALESCE(SUM(i.response_action = 'postpone'), 0) AS postponed,
        COALESCE(SUM(i.response_action = 'skip'), 0) AS skipped,
        COALESCE(SUM(i.time_difference_ms), 0) AS answer_ms,
        SUM(i.response_action IS NOT NULL) AS answered,
        COALESCE(group_concat(CASE WHEN i.response_action IS NOT NULL
            THEN printf('%08x', MIN(i.time_difference_ms, 4294967295)) END, ''), '') AS times
     FROM interaction_logs i JOIN deliveries d ON d.id = i.id
     WHERE i.created_at >= $1 AND i.created_at < $2
     GROUP BY i.protocol_id, i.step_id, i.response_value";

/// The sums over `from..to`: whole buckets from their sums, the ends row by row.
///
/// # Errors
/// The database failed.
pub async fn sums(pool: &SqlitePool, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
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

async fn bucketed(conn: &mut Conn, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
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
    .fetch_one(conn)
    .await
}

/// The same sums, counted from the log itself: for the ends of a span, and to prove the rest.
///
/// # Errors
/// The database failed.
pub async fn recount(conn: &mut Conn, from: Timestamp, to: Timestamp) -> sqlx::Result<Sums> {
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
    .fetch_one(conn)
    .await
}

impl Sums {
    fn negated(self) -> Self {
        Self {
            total: -self.total,
            failed: -self.failed,
            sent: -self.sent,
            delivered: -self.delivered,
            seen: -self.seen,
            responded: -self.responded,
            missed: -self.missed,
            asked: -self.asked,
            delivery_ms: -self.delivery_ms,
        }
    }

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
