//! Lists and counts of deliveries.

use const_format::formatcp;
use sqlx::FromRow;

use super::rows::{Delivery, SELECT};
use crate::{
    clock::Timestamp,
    domain::delivery::{Cause, State},
    ids::{AssignmentId, PatientId},
    store::{
        Cursor, Order, Page,
        fragments::{ATTENTION_STATES, HINDERED_STATES, WAITING_STATES},
        json_rows,
        sql::{Builder, Pool, query_as, query_scalar},
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    pub(crate) patient_id: Option<PatientId>,
    pub(crate) assignment_id: Option<AssignmentId>,
    pub(crate) states: Option<Vec<State>>,
    /// Included.
    pub(crate) from: Option<Timestamp>,
    /// Not included.
    pub(crate) to: Option<Timestamp>,
    pub(crate) cause: Option<Cause>,
    pub(crate) order: Order,
}

impl Filter {
    fn push_span(&self, query: &mut Builder, after: &Cursor) {
        query.push(" WHERE (d.due_at, d.id) ").push(self.order.beyond()).push(" (").push_bind(after.at);
        query.push(", ").push_bind(after.id.clone()).push(")");
        if let Some(from) = self.from {
            query.push(" AND d.due_at >= ").push_bind(from);
        }
        if let Some(to) = self.to {
            query.push(" AND d.due_at < ").push_bind(to);
        }
        if let Some(cause) = self.cause {
            query.push(" AND d.cause = ").push_bind(cause);
        }
    }

    fn push_order(&self, query: &mut Builder, limit: u32) {
        query.push(match self.order {
            Order::Asc => " ORDER BY d.due_at, d.id LIMIT ",
            Order::Desc => " ORDER BY d.due_at DESC, d.id DESC LIMIT ",
        });
        query.push_bind(i64::from(limit) + 1);
    }

    /// Narrows to states, each read in the order of its index; rows of all of them are never
    /// gathered.
    fn push_states(&self, query: &mut Builder, states: &[State], after: &Cursor, limit: u32) {
        for (n, state) in states.iter().enumerate() {
            query.push(if n == 0 {
                " WHERE d.id IN (SELECT id FROM (SELECT d.id FROM deliveries d"
            } else {
                ") AS s UNION ALL SELECT id FROM (SELECT d.id FROM deliveries d"
            });
            self.push_span(query, after);
            query.push(" AND d.listed_state = ").push_bind(*state);
            self.push_order(query, limit);
        }
        query.push(") AS s)");
    }

    /// `select` narrowed to this, with up to `limit` + 1 rows; `None` where nothing can match.
    pub(super) fn select(
        &self,
        select: &'static str,
        after: &Cursor,
        limit: u32,
    ) -> sqlx::Result<Option<Builder>> {
        // The few of one patient are found by the patient.
        let narrow = self.patient_id.is_some() || self.assignment_id.is_some();
        let mut query = Builder::new(select);
        match &self.states {
            Some(states) if states.is_empty() => return Ok(None),
            Some(states) if !narrow => self.push_states(&mut query, states, after, limit),
            states => {
                self.push_span(&mut query, after);
                if let Some(id) = self.patient_id {
                    query.push(" AND d.patient_id = ").push_bind(id);
                }
                if let Some(id) = self.assignment_id {
                    query.push(" AND d.assignment_id = ").push_bind(id);
                }
                if let Some(states) = states {
                    query
                        .push(" AND d.state IN (SELECT value FROM json_each(")
                        .push_bind(json_rows(states)?)
                        .push("))");
                }
            }
        }
        self.push_order(&mut query, limit);
        Ok(Some(query))
    }
}

/// By due time.
pub(crate) async fn list(
    pool: &Pool,
    filter: &Filter,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Delivery>> {
    let rows: Vec<Delivery> = match filter.select(SELECT, after, limit)? {
        Some(query) => query.build_query_as().fetch_all(pool).await?,
        None => Vec::new(),
    };
    Ok(Page::cut(rows, limit, |d| Cursor { at: d.due_at.as_millis(), id: d.id.to_string() }))
}

/// Deliveries that failed or wait for a person, the latest change first.
pub(crate) async fn needing_attention(
    pool: &Pool,
    after: &Cursor,
    limit: u32,
) -> sqlx::Result<Page<Delivery>> {
    let rows: Vec<Delivery> = query_as(formatcp!(
        "{SELECT} WHERE d.state IN {ATTENTION_STATES} AND (d.updated_at, d.id) < ($1, $2)
         ORDER BY d.updated_at DESC, d.id DESC LIMIT $3"
    ))
    .bind(after.at)
    .bind(&after.id)
    .bind(i64::from(limit) + 1)
    .fetch_all(pool)
    .await?;
    Ok(Page::cut(rows, limit, |d| Cursor { at: d.updated_at.as_millis(), id: d.id.to_string() }))
}

/// The deliveries last sent or failed, the newest first.
pub(crate) async fn latest_outcomes(
    pool: &Pool,
    since: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<Delivery>> {
    query_as(formatcp!(
        "{SELECT} WHERE d.id IN (SELECT id FROM interaction_logs WHERE created_at >= $1
            ORDER BY created_at DESC, id DESC LIMIT $2)
         ORDER BY COALESCE(d.accepted_at, d.last_attempt_at, d.updated_at) DESC, d.id DESC"
    ))
    .bind(since)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// The waiting deliveries that have a time, the soonest first.
pub(crate) async fn coming_up(pool: &Pool, after: &Cursor, limit: u32) -> sqlx::Result<Vec<Delivery>> {
    query_as(formatcp!(
        "{SELECT} WHERE d.state IN {WAITING_STATES} AND d.next_attempt_at IS NOT NULL
            AND (d.next_attempt_at, d.id) > ($1, $2)
         ORDER BY d.next_attempt_at, d.id LIMIT $3"
    ))
    .bind(after.at)
    .bind(&after.id)
    .bind(limit)
    .fetch_all(pool)
    .await
}

pub(crate) async fn count_needing_attention(pool: &Pool) -> sqlx::Result<i64> {
    query_scalar(formatcp!("SELECT COUNT(*) FROM deliveries WHERE listed_state IN {ATTENTION_STATES}"))
        .fetch_one(pool)
        .await
}

pub(crate) async fn oldest_queued_at(pool: &Pool) -> sqlx::Result<Option<Timestamp>> {
    query_scalar("SELECT MIN(updated_at) FROM deliveries WHERE state = 'queued'").fetch_one(pool).await
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct HeldByCause {
    pub(crate) cause: Option<Cause>,
    pub(crate) count: i64,
    /// When the first of them goes by itself; `None` where all wait for an act.
    pub(crate) until: Option<Timestamp>,
}

pub(crate) async fn held_by_cause(pool: &Pool) -> sqlx::Result<Vec<HeldByCause>> {
    query_as(
        "SELECT cause, COUNT(*) AS count, MIN(next_attempt_at) AS until
         FROM deliveries WHERE state = 'held' GROUP BY cause",
    )
    .fetch_all(pool)
    .await
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct CauseCount {
    pub(crate) cause: Option<Cause>,
    pub(crate) count: i64,
}

pub(crate) async fn count_held_by_cause(pool: &Pool) -> sqlx::Result<Vec<CauseCount>> {
    query_as("SELECT cause, COUNT(*) AS count FROM deliveries WHERE state = 'held' GROUP BY cause")
        .fetch_all(pool)
        .await
}

/// Deliveries that wait for a later time, by the queue they go to first.
#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct WaitingCounts {
    pub(crate) scheduled: i64,
    pub(crate) others: i64,
}

pub(crate) async fn count_waiting(pool: &Pool) -> sqlx::Result<WaitingCounts> {
    query_as(formatcp!(
        "SELECT (SELECT COUNT(*) FROM deliveries WHERE listed_state = 'scheduled') AS scheduled,
            (SELECT COUNT(*) FROM deliveries WHERE listed_state IN {HINDERED_STATES}) AS others"
    ))
    .fetch_one(pool)
    .await
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct HourCount {
    /// Whole hours since the span began.
    pub(crate) hour: i64,
    pub(crate) count: i64,
}

/// Deliveries that wait for a time in `from..to`, counted by the hour since `from`; overdue ones
/// count in the first hour.
pub(crate) async fn waiting_by_hour(
    pool: &Pool,
    from: Timestamp,
    to: Timestamp,
) -> sqlx::Result<Vec<HourCount>> {
    query_as(formatcp!(
        "SELECT CASE WHEN next_attempt_at > $1 THEN (next_attempt_at - $1) / 3600000 ELSE 0 END AS hour, COUNT(*) AS count FROM deliveries
         WHERE state IN {WAITING_STATES} AND next_attempt_at < $2 GROUP BY 1"
    ))
    .bind(from)
    .bind(to)
    .fetch_all(pool)
    .await
}
