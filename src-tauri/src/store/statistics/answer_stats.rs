//! Sums by the day, for each step.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::delivery_stats::Sums;
use crate::{
    clock::Timestamp,
    ids::{PatientId, ProtocolId, StepId},
    store::{
        Conn, Stored, json_rows,
        sql::{query, query_as},
        to_json,
    },
};

/// Questions and answers of one step, summed over a span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepAnswers {
    /// Messages that LINE accepted.
    pub sent: i64,
    /// Messages that LINE did not accept.
    pub failed: i64,
    /// Sent messages with a question.
    pub asked: i64,
    /// Questions whose window passed without an answer.
    pub missed: i64,
    pub completed: i64,
    pub postponed: i64,
    /// Answers of the action `skip`.
    pub skipped: i64,
    /// Milliseconds from sent to answered, summed.
    pub answer_ms: i64,
    /// How often each value was answered.
    pub values: BTreeMap<String, i64>,
    /// In milliseconds, in no order.
    pub times: Vec<u32>,
}

impl StepAnswers {
    pub(crate) fn merge(&mut self, other: Self) {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct StepKey {
    pub protocol_id: ProtocolId,
    pub step_id: StepId,
}

pub type ByStep = BTreeMap<StepKey, StepAnswers>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DayKey {
    /// Midnight in the clinic's zone, milliseconds.
    pub(super) day_at: i64,
    pub(super) step: StepKey,
}

#[derive(Clone, Debug, Default)]
pub(super) struct StepSums {
    pub(super) sums: Sums,
    pub(super) actions: [i64; 3],
    pub(super) answer_ms: i64,
    pub(super) values: BTreeMap<String, i64>,
    pub(super) times: String,
    /// Of answers that gave way to others, each as `times` has it.
    pub(super) times_gone: Vec<String>,
}

/// The length of one time in `times`, as hexadecimal digits.
const TIME_DIGITS: usize = 8;

/// `times` without one each of `gone`.
fn without(times: &str, gone: &[String]) -> String {
    let mut gone = gone.to_vec();
    let all = times.as_bytes().chunks(TIME_DIGITS);
    let kept = all.filter(|time| match gone.iter().position(|one| one.as_bytes() == *time) {
        Some(at) => {
            gone.swap_remove(at);
            false
        }
        None => true,
    });
    kept.map(String::from_utf8_lossy).collect()
}

pub(super) async fn add_steps(conn: &mut Conn, steps: &BTreeMap<DayKey, StepSums>) -> sqlx::Result<()> {
    let rows: Vec<_> = steps
        .iter()
        .map(|(key, s)| {
            let [completed, postponed, skipped] = s.actions;
            serde_json::json!([
                key.day_at,
                key.step.protocol_id,
                key.step.step_id,
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
    query(
        "INSERT INTO answer_stats (day_at, protocol_id, step_id, sent, failed, asked, missed, completed,
            postponed, skipped, answer_ms)
         SELECT CAST(value ->> 0 AS BIGINT), value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT),
            CAST(value ->> 4 AS BIGINT), CAST(value ->> 5 AS BIGINT),
            CAST(value ->> 6 AS BIGINT), CAST(value ->> 7 AS BIGINT), CAST(value ->> 8 AS BIGINT),
            CAST(value ->> 9 AS BIGINT), CAST(value ->> 10 AS BIGINT)
         FROM json_each($1) WHERE true
         ON CONFLICT (day_at, step_id) DO UPDATE SET sent = answer_stats.sent + excluded.sent,
            failed = answer_stats.failed + excluded.failed, asked = answer_stats.asked + excluded.asked,
            missed = answer_stats.missed + excluded.missed,
            completed = answer_stats.completed + excluded.completed,
            postponed = answer_stats.postponed + excluded.postponed,
            skipped = answer_stats.skipped + excluded.skipped,
            answer_ms = answer_stats.answer_ms + excluded.answer_ms",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn add_answers(conn: &mut Conn, steps: &[(DayKey, StepSums)]) -> sqlx::Result<()> {
    #[derive(FromRow)]
    struct Known {
        day_at: i64,
        step_id: StepId,
        #[sqlx(try_from = "Stored<BTreeMap<String, i64>>")]
        answer_values: BTreeMap<String, i64>,
    }
    take_times_out(conn, steps).await?;
    let keys: Vec<_> =
        steps.iter().map(|(key, _)| serde_json::json!([key.day_at, key.step.step_id])).collect();
    let stored: Vec<Known> = query_as(
        "SELECT day_at, step_id, answer_values FROM answer_stats
         WHERE (day_at, step_id) IN (SELECT CAST(value ->> 0 AS BIGINT), value ->> 1 FROM json_each($1))",
    )
    .bind(json_rows(&keys)?)
    .fetch_all(&mut *conn)
    .await?;
    let mut stored: BTreeMap<_, _> =
        stored.into_iter().map(|s| ((s.day_at, s.step_id), s.answer_values)).collect();
    let mut rows = Vec::with_capacity(steps.len());
    for (DayKey { day_at, step }, sums) in steps {
        let mut values = stored.remove(&(*day_at, step.step_id)).unwrap_or_default();
        for (value, count) in &sums.values {
            *values.entry(value.clone()).or_default() += count;
        }
        values.retain(|_, count| *count > 0);
        rows.push(serde_json::json!([day_at, step.step_id, to_json(&values)?, sums.times]));
    }
    query(
        "UPDATE answer_stats SET answer_values = j.answer_values,
            answer_times = answer_stats.answer_times || j.times
         FROM (SELECT CAST(value ->> 0 AS BIGINT) AS day_at, value ->> 1 AS step_id,
            value ->> 2 AS answer_values,
            value ->> 3 AS times FROM json_each($1)) AS j
         WHERE answer_stats.day_at = j.day_at AND answer_stats.step_id = j.step_id",
    )
    .bind(json_rows(&rows)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes out the times of answers that gave way. Only those days are read: times are appended else,
/// and a day may have thousands.
async fn take_times_out(conn: &mut Conn, steps: &[(DayKey, StepSums)]) -> sqlx::Result<()> {
    #[derive(FromRow)]
    struct Known {
        day_at: i64,
        step_id: StepId,
        answer_times: String,
    }
    let gone: BTreeMap<_, _> = steps
        .iter()
        .filter(|(_, sums)| !sums.times_gone.is_empty())
        .map(|(key, sums)| ((key.day_at, key.step.step_id), &sums.times_gone))
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = gone.keys().map(|(day_at, step_id)| serde_json::json!([day_at, step_id])).collect();
    let stored: Vec<Known> = query_as(
        "SELECT day_at, step_id, answer_times FROM answer_stats
         WHERE (day_at, step_id) IN (SELECT CAST(value ->> 0 AS BIGINT), value ->> 1 FROM json_each($1))",
    )
    .bind(json_rows(&keys)?)
    .fetch_all(&mut *conn)
    .await?;
    let left: Vec<_> = stored
        .iter()
        .filter_map(|s| {
            let times = without(&s.answer_times, gone.get(&(s.day_at, s.step_id))?);
            Some(serde_json::json!([s.day_at, s.step_id, times]))
        })
        .collect();
    query(
        "UPDATE answer_stats SET answer_times = j.times
         FROM (SELECT CAST(value ->> 0 AS BIGINT) AS day_at, value ->> 1 AS step_id, value ->> 2 AS times
            FROM json_each($1)) AS j
         WHERE answer_stats.day_at = j.day_at AND answer_stats.step_id = j.step_id",
    )
    .bind(json_rows(&left)?)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(FromRow)]
pub(super) struct SumsRow {
    #[sqlx(flatten)]
    pub(super) key: StepKey,
    sent: i64,
    failed: i64,
    asked: i64,
    missed: i64,
    completed: i64,
    postponed: i64,
    skipped: i64,
    answer_ms: i64,
}

impl SumsRow {
    pub(super) fn read(&self) -> StepAnswers {
        StepAnswers {
            sent: self.sent,
            failed: self.failed,
            asked: self.asked,
            missed: self.missed,
            completed: self.completed,
            postponed: self.postponed,
            skipped: self.skipped,
            answer_ms: self.answer_ms,
            ..StepAnswers::default()
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Scope {
    pub protocol_id: Option<ProtocolId>,
    pub patient_id: Option<PatientId>,
}

pub(super) async fn insert_day(conn: &mut Conn, day: Timestamp, steps: &ByStep) -> sqlx::Result<()> {
    let rows = steps
        .iter()
        .map(|(StepKey { protocol_id, step_id }, s)| {
            let times: String = s.times.iter().map(|ms| format!("{ms:08x}")).collect();
            Ok(serde_json::json!([
                protocol_id,
                step_id,
                s.sent,
                s.failed,
                s.asked,
                s.missed,
                s.completed,
                s.postponed,
                s.skipped,
                s.answer_ms,
                to_json(&s.values)?,
                times
            ]))
        })
        .collect::<sqlx::Result<Vec<_>>>()?;
    query(
        "INSERT INTO answer_stats (day_at, protocol_id, step_id, sent, failed, asked, missed, completed,
            postponed, skipped, answer_ms, answer_values, answer_times)
         SELECT $2, value ->> 0, value ->> 1, CAST(value ->> 2 AS BIGINT), CAST(value ->> 3 AS BIGINT),
            CAST(value ->> 4 AS BIGINT), CAST(value ->> 5 AS BIGINT), CAST(value ->> 6 AS BIGINT),
            CAST(value ->> 7 AS BIGINT), CAST(value ->> 8 AS BIGINT), CAST(value ->> 9 AS BIGINT),
            value ->> 10, value ->> 11
         FROM json_each($1)",
    )
    .bind(json_rows(&rows)?)
    .bind(day)
    .execute(conn)
    .await?;
    Ok(())
}
