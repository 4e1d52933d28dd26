//! Deliveries that wait for a time or an act, and the end of their wait.

use const_format::formatcp;
use sqlx::FromRow;

use crate::{
    clock::{DAY_MS, Timestamp},
    domain::{
        delivery::{Cause, Group, Priority, State},
        draft::repetition_key,
    },
    ids::{AssignmentId, DeliveryId, PatientId, RecurrenceId},
    store::{
        Conn,
        fragments::{HELD_BY_STAFF, PATIENT_CAUSES, PAUSABLE_STATES, RULE_CAUSES, WAITING_STATES},
        json_rows,
        sql::{Pool, query, query_as, query_scalar},
    },
};

pub(crate) async fn next_attempt_at(pool: &Pool) -> sqlx::Result<Option<Timestamp>> {
    query_scalar(formatcp!(
        "SELECT next_attempt_at FROM deliveries
         WHERE state IN {WAITING_STATES} AND next_attempt_at IS NOT NULL
         ORDER BY next_attempt_at LIMIT 1"
    ))
    .fetch_optional(pool)
    .await
}

#[derive(Clone, Copy, Debug, FromRow)]
pub(crate) struct DueDelivery {
    pub(crate) id: DeliveryId,
    /// The state it waited in; for one that an act or the sweep put back, its state since.
    pub(crate) state: State,
    pub(crate) priority: Priority,
}

/// Ends the wait of deliveries whose time has come: they are `queued`, and the caller must enqueue
/// a job for each in the same transaction.
pub(crate) async fn take_due(conn: &mut Conn, now: Timestamp, limit: u32) -> sqlx::Result<Vec<DueDelivery>> {
    let due: Vec<DueDelivery> = query_as(formatcp!(
        "SELECT id, state, priority FROM deliveries
         WHERE state IN {WAITING_STATES} AND next_attempt_at <= $1
         ORDER BY next_attempt_at LIMIT $2"
    ))
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    queue_all(conn, &due, now).await?;
    Ok(due)
}

/// The deliveries that [`hold_due`] held.
#[derive(Clone, Debug)]
pub(crate) struct HeldRipe {
    pub(crate) count: usize,
    /// The repetitions among them, whose next time must be entered.
    pub(crate) repeating: Vec<RecurrenceId>,
}

/// Holds due deliveries for a reason that concerns everybody.
pub(crate) async fn hold_due(
    conn: &mut Conn,
    cause: Cause,
    now: Timestamp,
    limit: u32,
) -> sqlx::Result<HeldRipe> {
    let held: Vec<Option<RecurrenceId>> = query_scalar(formatcp!(
        "UPDATE deliveries SET state = 'held', cause = $3, next_attempt_at = NULL, updated_at = $1
         WHERE id IN (SELECT id FROM deliveries
            WHERE state IN {WAITING_STATES} AND next_attempt_at <= $1
            ORDER BY next_attempt_at LIMIT $2)
         RETURNING recurrence_id"
    ))
    .bind(now)
    .bind(limit)
    .bind(cause)
    .fetch_all(conn)
    .await?;
    Ok(HeldRipe { count: held.len(), repeating: held.into_iter().flatten().collect() })
}

async fn queue_all(conn: &mut Conn, due: &[DueDelivery], now: Timestamp) -> sqlx::Result<()> {
    if due.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = due.iter().map(|r| r.id).collect();
    query(
        "UPDATE deliveries SET state = 'queued', next_attempt_at = NULL, updated_at = $2
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(&ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the wait of deliveries held for these causes, which are over for everybody, the oldest due
/// first. Like [`take_due`].
pub(crate) async fn take_released(
    conn: &mut Conn,
    causes: &[Cause],
    now: Timestamp,
    limit: u32,
) -> sqlx::Result<Vec<DueDelivery>> {
    let mut due: Vec<Held> = Vec::new();
    // There are a handful of causes, and each is read in the order of the index.
    for cause in causes {
        let held: Vec<Held> = query_as(
            "SELECT id, state, priority, due_at FROM deliveries WHERE state = 'held' AND cause = $1
             ORDER BY due_at LIMIT $2",
        )
        .bind(*cause)
        .bind(limit)
        .fetch_all(&mut *conn)
        .await?;
        due.extend(held);
    }
    due.sort_by_key(|held| held.due_at);
    due.truncate(limit as usize);
    let due: Vec<_> = due.into_iter().map(|held| held.due).collect();
    queue_all(conn, &due, now).await?;
    Ok(due)
}

#[derive(FromRow)]
struct Held {
    #[sqlx(flatten)]
    due: DueDelivery,
    due_at: Timestamp,
}

/// The patients whom LINE takes nothing for now, and until when: as their waiting messages have it,
/// up to a day ahead.
pub(crate) async fn put_off(pool: &Pool, now: Timestamp) -> sqlx::Result<Vec<(PatientId, Timestamp)>> {
    query_as(formatcp!(
        "SELECT patient_id, MAX(next_attempt_at) FROM deliveries
         WHERE state IN {WAITING_STATES} AND next_attempt_at > $1 AND next_attempt_at <= $2
            AND cause = 'patient_rate_limited'
         GROUP BY patient_id"
    ))
    .bind(now)
    .bind(now.plus_millis(DAY_MS))
    .fetch_all(pool)
    .await
}

pub(crate) async fn any_held(pool: &Pool, causes: &[Cause]) -> sqlx::Result<bool> {
    query_scalar(
        "SELECT EXISTS (SELECT 1 FROM deliveries
            WHERE state = 'held' AND cause IN (SELECT value FROM json_each($1)))",
    )
    .bind(json_rows(causes)?)
    .fetch_one(pool)
    .await
}

/// Takes one delivery as a probe of the channel: the one that waits longest for it, else any that
/// is due.
pub(crate) async fn take_probe(conn: &mut Conn, now: Timestamp) -> sqlx::Result<Option<DueDelivery>> {
    let causes: Vec<_> = Cause::all_of(Group::Channel).collect();
    if let Some(held) = take_released(conn, &causes, now, 1).await?.pop() {
        return Ok(Some(held));
    }
    Ok(take_due(conn, now, 1).await?.pop())
}

/// Up to `limit` deliveries held for a reason that is over: as the gate sees it, from what is stored
/// of the patient, the follow-up and the clinic. `tests/it/faults/stuck.rs` holds it against the
/// gate, for each cause.
pub(crate) async fn outdated_holds(
    pool: &Pool,
    consent_required: bool,
    limit: u32,
) -> sqlx::Result<Vec<DeliveryId>> {
    query_scalar(
        "SELECT d.id FROM deliveries d JOIN patients p ON p.id = d.patient_id
            LEFT JOIN assignments a ON a.id = d.assignment_id
         WHERE d.state = 'held' AND d.next_attempt_at IS NULL AND CASE d.cause
            WHEN 'not_linked' THEN p.line_user_id IS NOT NULL AND p.reachability <> 'unlinked'
            WHEN 'blocked' THEN p.reachability <> 'blocked'
            WHEN 'patient_archived' THEN p.status <> 'archived'
            WHEN 'no_consent' THEN p.consented_at IS NOT NULL OR $1
            WHEN 'follow_up_paused' THEN a.status = 'active'
            ELSE FALSE END
         LIMIT $2",
    )
    .bind(!consent_required)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// Lets held deliveries try again now: the gate decides anew.
pub(crate) async fn try_again(conn: &mut Conn, ids: &[DeliveryId], now: Timestamp) -> sqlx::Result<()> {
    query(
        "UPDATE deliveries SET next_attempt_at = $2
         WHERE id IN (SELECT value FROM json_each($1)) AND state = 'held'",
    )
    .bind(json_rows(ids)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets deliveries held by a rule of the clinic try again now: the gate decides anew.
pub(crate) async fn release_ruled(conn: &mut Conn, now: Timestamp) -> sqlx::Result<u64> {
    let done = query(formatcp!(
        "UPDATE deliveries SET next_attempt_at = $1
         WHERE state = 'held' AND cause IN {RULE_CAUSES}"
    ))
    .bind(now)
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn release_unfilled(conn: &mut Conn, now: Timestamp) -> sqlx::Result<()> {
    query("UPDATE deliveries SET next_attempt_at = $1 WHERE state = 'held' AND cause = $2")
        .bind(now)
        .bind(Cause::Unfilled)
        .execute(conn)
        .await?;
    Ok(())
}

/// Holds the waiting deliveries of a paused assignment, except those being sent now; scheduled ones
/// keep their time, and those held by staff stay so. Returns the ids.
pub(crate) async fn hold_open_of(
    conn: &mut Conn,
    assignment: AssignmentId,
    sending: &[DeliveryId],
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    query_scalar(formatcp!(
        "UPDATE deliveries SET state = 'held', cause = 'follow_up_paused', next_attempt_at = NULL,
            updated_at = $2
         WHERE assignment_id = $1 AND state IN {PAUSABLE_STATES}
            AND NOT {HELD_BY_STAFF}
            AND id NOT IN (SELECT value FROM json_each($3))
         RETURNING id"
    ))
    .bind(assignment)
    .bind(now)
    .bind(json_rows(sending)?)
    .fetch_all(conn)
    .await
}

pub(crate) async fn release_held_of_assignment(
    conn: &mut Conn,
    assignment: AssignmentId,
    now: Timestamp,
) -> sqlx::Result<()> {
    query(
        "UPDATE deliveries SET next_attempt_at = $2
         WHERE assignment_id = $1 AND state = 'held' AND cause = 'follow_up_paused'",
    )
    .bind(assignment)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets deliveries held for a reason of these patients try again now: the gate decides anew.
pub(crate) async fn release_held_of(
    conn: &mut Conn,
    patients: &[PatientId],
    now: Timestamp,
) -> sqlx::Result<()> {
    if patients.is_empty() {
        return Ok(());
    }
    query(formatcp!(
        "UPDATE deliveries SET next_attempt_at = $2
         WHERE patient_id IN (SELECT value FROM json_each($1)) AND state = 'held'
            AND cause IN {PATIENT_CAUSES}"
    ))
    .bind(json_rows(patients)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Moved {
    pub(crate) id: DeliveryId,
    pub(crate) due_at: Timestamp,
}

/// Moves scheduled deliveries to new times; they stay fresh for as long as before.
pub(crate) async fn move_due(conn: &mut Conn, batch: &[Moved], now: Timestamp) -> sqlx::Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = batch
        .iter()
        .map(|m| serde_json::json!([m.id, m.due_at.as_millis(), repetition_key(m.due_at)]))
        .collect();
    query(
        "UPDATE deliveries SET due_at = j.at, next_attempt_at = j.at, occurrence = j.occurrence,
            expires_at = deliveries.expires_at + (j.at - deliveries.due_at), updated_at = $2
         FROM (SELECT value ->> 0 AS id, CAST(value ->> 1 AS BIGINT) AS at,
            CAST(value ->> 2 AS BIGINT) AS occurrence FROM json_each($1)) AS j
         WHERE deliveries.id = j.id AND deliveries.state = 'scheduled'",
    )
    .bind(json_rows(&rows)?)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
