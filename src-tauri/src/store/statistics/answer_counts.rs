//! The sums of `answer_stats`, counted from the log itself.

use const_format::formatcp;
use sqlx::FromRow;

use super::answer_stats::{ByStep, Scope, StepAnswers, SumsRow};
use crate::{
    clock::Timestamp,
    store::{Conn, fragments::ACCEPTED, sql::Builder},
};

/// Questions and answers by step over `from..to`, counted row by row: for the ends of a span, for
/// one patient, and to verify the sums.
pub async fn recount_answers(
    conn: &mut Conn,
    scope: Scope,
    from: Timestamp,
    to: Timestamp,
) -> sqlx::Result<ByStep> {
    let mut query = Builder::new(RECOUNT_ANSWERS);
    query.push(" WHERE i.created_at >= ").push_bind(from).push(" AND i.created_at < ").push_bind(to);
    if let Some(id) = scope.protocol_id {
        query.push(" AND i.protocol_id = ").push_bind(id);
    }
    if let Some(id) = scope.patient_id {
        query.push(" AND i.user_id = ").push_bind(id);
    }
    query.push(" GROUP BY i.protocol_id, i.step_id, i.response_value");
    let rows: Vec<ValueRow> = query.build_query_as().fetch_all(conn).await?;
    let mut all = ByStep::new();
    for row in rows {
        all.entry(row.sums.key).or_default().merge(row.read());
    }
    Ok(all)
}

// Values and times come as plain columns: each engine has its own functions for JSON and hex.
const RECOUNT_ANSWERS: &str = formatcp!(
    "SELECT i.protocol_id, i.step_id, i.response_value AS value,
        COUNT(*) FILTER (WHERE i.{ACCEPTED}) AS sent,
        COUNT(*) FILTER (WHERE i.status = 'failed') AS failed,
        COUNT(*) FILTER (WHERE i.{ACCEPTED} AND d.feedback IS NOT NULL) AS asked,
        COUNT(*) FILTER (WHERE i.status = 'missed') AS missed,
        COUNT(*) FILTER (WHERE i.response_action = 'complete') AS completed,
        COUNT(*) FILTER (WHERE i.response_action = 'postpone') AS postponed,
        COUNT(*) FILTER (WHERE i.response_action = 'skip') AS skipped,
        CAST(COALESCE(SUM(i.time_difference_ms), 0) AS BIGINT) AS answer_ms,
        COUNT(*) FILTER (WHERE i.response_action IS NOT NULL) AS answered,
        string_agg(CAST(i.time_difference_ms AS TEXT), ',')
            FILTER (WHERE i.response_action IS NOT NULL) AS times
     FROM interaction_logs i JOIN deliveries d ON d.id = i.id"
);

/// A step's questions with one answer value, or with none.
#[derive(FromRow)]
struct ValueRow {
    #[sqlx(flatten)]
    sums: SumsRow,
    value: Option<String>,
    answered: i64,
    times: Option<String>,
}

impl ValueRow {
    fn read(self) -> StepAnswers {
        let mut answers = self.sums.read();
        if self.answered > 0 {
            answers.values.insert(self.value.unwrap_or_default(), self.answered);
        }
        let times = self.times.unwrap_or_default();
        answers.times = times.split(',').filter_map(|ms| Some(in_u32(ms.parse().ok()?))).collect();
        answers
    }
}

/// A time to an answer as stored: none is longer than 49 days.
pub(super) fn in_u32(ms: i64) -> u32 {
    u32::try_from(ms.max(0)).unwrap_or(u32::MAX)
}
