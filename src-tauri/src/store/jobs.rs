//! The queue's own tables (`Jobs`, `Workers`; made by apalis), where apalis leaves their care to
//! us. A job is identified by its queue and its key, the id of its delivery.

use const_format::formatcp;
use serde::Serialize;
use sqlx::FromRow;

use super::{
    Conn,
    deliveries::DueDelivery,
    fragments::{CLAIMED_JOBS, FINISHED_JOBS, UNBEGUN_JOBS, UNFINISHED_JOBS},
    json_rows,
    sql::{Pool, query, query_as, query_scalar},
};
use crate::{clock::Timestamp, domain::delivery::Priority, ids::DeliveryId};

mod finished;

pub(crate) use finished::{Removed, count_finished, keep_last, remove_finished};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum End {
    /// Its message was sent, or its promotion is done.
    Done,
    /// Its message failed or waits for a person.
    Failed,
    /// Its message was cancelled while it was queued.
    Killed,
    /// Its message waits for another time: the job is removed, a new one comes then.
    Gone,
    /// Its message was settled by somebody else, who may have made a new job already: that one
    /// stays.
    Settled,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Ended {
    pub(crate) key: DeliveryId,
    pub(crate) end: End,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct New {
    pub(crate) key: DeliveryId,
    pub(crate) priority: Priority,
}

impl From<&DueDelivery> for New {
    fn from(due: &DueDelivery) -> Self {
        Self { key: due.id, priority: due.priority }
    }
}

/// Adds a job to a queue for each delivery, ready at once: this machine's clock must not decide
/// what is due. The caller has removed an earlier job under its key.
pub(crate) async fn insert(conn: &mut Conn, queue: &str, new: &[New]) -> sqlx::Result<()> {
    let rows: Vec<_> = new.iter().map(|job| serde_json::json!([job.key, job.priority.rank()])).collect();
    query(
        "INSERT INTO Jobs (id, job_type, idempotency_key, priority, job, max_attempts, run_at)
         SELECT $2 || ' ' || (value ->> 0), $2, value ->> 0, CAST(value ->> 1 AS BIGINT), '', 1, 0
         FROM json_each($1)",
    )
    .bind(json_rows(&rows)?)
    .bind(queue)
    .execute(conn)
    .await?;
    Ok(())
}

/// Registers a worker before it claims: a claim must name a known one.
pub(crate) async fn enter_worker(conn: &mut Conn, queue: &str, worker: &str) -> sqlx::Result<()> {
    query("INSERT INTO Workers (id, worker_type, storage_name) VALUES ($1, $2, 'clinicue')")
        .bind(worker)
        .bind(queue)
        .execute(conn)
        .await?;
    Ok(())
}

/// Claims up to `limit` jobs of a queue for `worker`, the urgent ones first. Returns their
/// deliveries in the order in which they are to go.
pub(crate) async fn claim(
    conn: &mut Conn,
    queue: &str,
    worker: &str,
    limit: u32,
    now: Timestamp,
) -> sqlx::Result<Vec<DeliveryId>> {
    #[derive(FromRow)]
    struct Claimed {
        priority: i64,
        run_at: i64,
        id: String,
        idempotency_key: DeliveryId,
    }
    let mut claimed: Vec<Claimed> = query_as(
        "UPDATE Jobs SET status = 'Queued', lock_by = $2, lock_at = $4
         WHERE id IN (SELECT id FROM Jobs
            WHERE job_type = $1 AND status = 'Pending' AND lock_by IS NULL
            ORDER BY priority DESC, run_at, id LIMIT $3)
         RETURNING priority, run_at, id, idempotency_key",
    )
    .bind(queue)
    .bind(worker)
    .bind(limit)
    .bind(seconds(now))
    .fetch_all(conn)
    .await?;
    claimed.sort_unstable_by(|a, b| (b.priority, a.run_at, &a.id).cmp(&(a.priority, b.run_at, &b.id)));
    Ok(claimed.into_iter().map(|c| c.idempotency_key).collect())
}

/// An instant in the queue's unit, whole seconds.
const fn seconds(at: Timestamp) -> i64 {
    at.as_millis() / 1000
}

/// Ends a batch of claimed jobs. A job that somebody else ended stays as it is.
pub(crate) async fn end(conn: &mut Conn, queue: &str, batch: &[Ended], now: Timestamp) -> sqlx::Result<()> {
    let keys_of = |end: End| batch.iter().filter(|e| e.end == end).map(|e| e.key).collect::<Vec<_>>();
    for (end, status) in [(End::Done, "Done"), (End::Failed, "Failed"), (End::Killed, "Killed")] {
        let keys = keys_of(end);
        if !keys.is_empty() {
            finish(conn, queue, &keys, status, now).await?;
        }
    }
    let settled = keys_of(End::Settled);
    if !settled.is_empty() {
        end_settled(conn, queue, &settled).await?;
    }
    let gone = keys_of(End::Gone);
    if gone.is_empty() { Ok(()) } else { remove(conn, queue, &gone).await }
}

async fn finish(
    conn: &mut Conn,
    queue: &str,
    keys: &[DeliveryId],
    status: &str,
    now: Timestamp,
) -> sqlx::Result<()> {
    // attempts = max_attempts, or apalis would claim a failed job again. COALESCE keeps SQLite
    // from walking every waiting job by its status instead of looking up the keys.
    query(formatcp!(
        "UPDATE Jobs SET status = $3, attempts = max_attempts, done_at = $4
         WHERE job_type = $1 AND idempotency_key IN (SELECT value FROM json_each($2))
            AND COALESCE(status, '') IN {UNFINISHED_JOBS}"
    ))
    .bind(queue)
    .bind(json_rows(keys)?)
    .bind(status)
    .bind(seconds(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the claimed jobs of deliveries that were settled by somebody else. One that is queued was
/// put there after its job had looked, and the claimed job may be the new one, which nobody ran
/// because the first had not ended: it is given back.
async fn end_settled(conn: &mut Conn, queue: &str, keys: &[DeliveryId]) -> sqlx::Result<()> {
    let queued: Vec<DeliveryId> = query_scalar(
        "SELECT id FROM deliveries WHERE id IN (SELECT value FROM json_each($1)) AND state = 'queued'",
    )
    .bind(json_rows(keys)?)
    .fetch_all(&mut *conn)
    .await?;
    if !queued.is_empty() {
        give_back(conn, queue, &queued).await?;
    }
    // What was given back is not claimed any more.
    query(formatcp!(
        "DELETE FROM Jobs WHERE job_type = $1
            AND idempotency_key IN (SELECT value FROM json_each($2)) AND COALESCE(status, '') IN {CLAIMED_JOBS}"
    ))
    .bind(queue)
    .bind(json_rows(keys)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes the jobs of these deliveries in any state, so that new ones can come.
pub(crate) async fn remove(conn: &mut Conn, queue: &str, keys: &[DeliveryId]) -> sqlx::Result<()> {
    query(
        "DELETE FROM Jobs WHERE job_type = $1
            AND idempotency_key IN (SELECT value FROM json_each($2))",
    )
    .bind(queue)
    .bind(json_rows(keys)?)
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends the unbegun jobs of cancelled deliveries, in every queue.
pub(crate) async fn kill(
    conn: &mut Conn,
    queues: &[&str],
    keys: &[DeliveryId],
    now: Timestamp,
) -> sqlx::Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    query(formatcp!(
        "UPDATE Jobs SET status = 'Killed', attempts = max_attempts, done_at = $3
         WHERE job_type IN (SELECT value FROM json_each($1))
            AND idempotency_key IN (SELECT value FROM json_each($2))
            AND COALESCE(status, '') IN {UNBEGUN_JOBS}"
    ))
    .bind(json_rows(queues)?)
    .bind(json_rows(keys)?)
    .bind(seconds(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives every claimed job back. Call it only while no worker runs: at the start, under the lock on
/// the data folder.
pub(crate) async fn release_all(conn: &mut Conn) -> sqlx::Result<u64> {
    let released = query(formatcp!(
        "UPDATE Jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL
         WHERE status IN {CLAIMED_JOBS}"
    ))
    .execute(&mut *conn)
    .await?;
    // Finished jobs keep the name of their worker, which is of no use now.
    query("UPDATE Jobs SET lock_by = NULL WHERE lock_by IS NOT NULL").execute(&mut *conn).await?;
    query("DELETE FROM Workers").execute(conn).await?;
    Ok(released.rows_affected())
}

/// Gives back the claims of gone workers, except jobs still being run.
pub(crate) async fn release_of(
    conn: &mut Conn,
    workers: &[String],
    running: &[DeliveryId],
) -> sqlx::Result<u64> {
    let released = query(formatcp!(
        "UPDATE Jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL
         WHERE lock_by IN (SELECT value FROM json_each($1)) AND status IN {CLAIMED_JOBS}
            AND idempotency_key NOT IN (SELECT value FROM json_each($2))"
    ))
    .bind(json_rows(workers)?)
    .bind(json_rows(running)?)
    .execute(conn)
    .await?;
    Ok(released.rows_affected())
}

pub(crate) async fn give_back(conn: &mut Conn, queue: &str, keys: &[DeliveryId]) -> sqlx::Result<()> {
    query(formatcp!(
        "UPDATE Jobs SET status = 'Pending', lock_by = NULL, lock_at = NULL
         WHERE job_type = $1 AND idempotency_key IN (SELECT value FROM json_each($2))
            AND COALESCE(status, '') IN {CLAIMED_JOBS}"
    ))
    .bind(queue)
    .bind(json_rows(keys)?)
    .execute(conn)
    .await?;
    Ok(())
}

pub(crate) async fn is_any_ready(pool: &Pool, queue: &str) -> sqlx::Result<bool> {
    query_scalar(
        "SELECT EXISTS (SELECT 1 FROM Jobs WHERE job_type = $1 AND status = 'Pending'
            AND lock_by IS NULL)",
    )
    .bind(queue)
    .fetch_one(pool)
    .await
}

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Count {
    pub(crate) queue: String,
    /// `Pending`, `Queued` (running ones included), `Done` or `Failed`.
    pub(crate) status: String,
    pub(crate) jobs: i64,
}

pub(crate) async fn counts(pool: &Pool, queues: &[&str]) -> sqlx::Result<Vec<Count>> {
    let rows: Vec<_> = queues.iter().map(|queue| [queue]).collect();
    // A text for each state, so that only the index of those jobs is walked.
    query_as(formatcp!(
        "SELECT q.value ->> 0 AS queue, 'Pending' AS status, (SELECT COUNT(*) FROM Jobs j
            WHERE j.job_type = q.value ->> 0 AND j.status = 'Pending' AND j.lock_by IS NULL) AS jobs FROM json_each($1) q
         UNION ALL SELECT q.value ->> 0, 'Queued', (SELECT COUNT(*) FROM Jobs j
            WHERE j.status IN {CLAIMED_JOBS} AND j.job_type = q.value ->> 0) FROM json_each($1) q
         UNION ALL SELECT q.value ->> 0, 'Done', (SELECT COUNT(*) FROM Jobs j WHERE j.job_type = q.value ->> 0
            AND j.status = 'Done' AND j.status IN {FINISHED_JOBS}) FROM json_each($1) q
         UNION ALL SELECT q.value ->> 0, 'Failed', (SELECT COUNT(*) FROM Jobs j WHERE j.job_type = q.value ->> 0
            AND j.status = 'Failed' AND j.status IN {FINISHED_JOBS}) FROM json_each($1) q"
    ))
    .bind(json_rows(&rows)?)
    .fetch_all(pool)
    .await
}
