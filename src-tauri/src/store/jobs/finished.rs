//! Finished jobs: how many are kept, and the removal of the others.

use const_format::formatcp;

use crate::{
    clock::Timestamp,
    store::{
        Conn,
        fragments::FINISHED_JOBS,
        json_rows,
        sql::{Pool, query, query_as},
    },
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    /// Jobs of sent and cancelled messages.
    pub(crate) completed: u64,
    pub(crate) failed: u64,
}

impl Removed {
    pub(crate) const fn all(self) -> u64 {
        self.completed + self.failed
    }
}

impl std::ops::AddAssign for Removed {
    fn add_assign(&mut self, more: Self) {
        self.completed += more.completed;
        self.failed += more.failed;
    }
}

const MAX_REMOVED: u32 = 500;

/// Keeps the last `completed` and `failed` finished jobs of a queue; removes up to a few hundred
/// others at a time.
pub(crate) async fn keep_last(
    conn: &mut Conn,
    queue: &str,
    completed: u32,
    failed: u32,
) -> sqlx::Result<Removed> {
    // A text for each state: where a bound value decides whether a partial index applies, SQLite
    // prepares the statement anew for each value. The list of states is that of the index.
    const DONE: &str = formatcp!(
        "DELETE FROM Jobs WHERE id IN (SELECT id FROM Jobs
            WHERE job_type = $1 AND status = 'Done' AND status IN {FINISHED_JOBS}
            ORDER BY done_at DESC, id DESC LIMIT $3 OFFSET $2)"
    );
    const KILLED: &str = formatcp!(
        "DELETE FROM Jobs WHERE id IN (SELECT id FROM Jobs
            WHERE job_type = $1 AND status = 'Killed' AND status IN {FINISHED_JOBS}
            ORDER BY done_at DESC, id DESC LIMIT $3 OFFSET $2)"
    );
    const FAILED: &str = formatcp!(
        "DELETE FROM Jobs WHERE id IN (SELECT id FROM Jobs
            WHERE job_type = $1 AND status = 'Failed' AND status IN {FINISHED_JOBS}
            ORDER BY done_at DESC, id DESC LIMIT $3 OFFSET $2)"
    );
    let mut counts = [0; 3];
    let kept = [(DONE, completed), (KILLED, 0), (FAILED, failed)];
    for ((prune, keep), count) in kept.into_iter().zip(&mut counts) {
        let done = query(prune).bind(queue).bind(keep).bind(MAX_REMOVED).execute(&mut *conn);
        *count = done.await?.rows_affected();
    }
    Ok(Removed { completed: counts[0] + counts[1], failed: counts[2] })
}

pub(crate) async fn count_finished(pool: &Pool, queues: &[&str], before: Timestamp) -> sqlx::Result<Removed> {
    let (completed, failed): (i64, i64) = query_as(formatcp!(
        "SELECT (SELECT COUNT(*) FROM Jobs WHERE job_type IN (SELECT value FROM json_each($1))
                AND status = 'Done' AND status IN {FINISHED_JOBS} AND done_at <= $2)
             + (SELECT COUNT(*) FROM Jobs WHERE job_type IN (SELECT value FROM json_each($1))
                AND status = 'Killed' AND status IN {FINISHED_JOBS} AND done_at <= $2) AS completed,
            (SELECT COUNT(*) FROM Jobs WHERE job_type IN (SELECT value FROM json_each($1))
                AND status = 'Failed' AND status IN {FINISHED_JOBS} AND done_at <= $2) AS failed"
    ))
    .bind(json_rows(queues)?)
    .bind(before.as_millis() / 1000)
    .fetch_one(pool)
    .await?;
    let [completed, failed] = [completed, failed].map(i64::unsigned_abs);
    Ok(Removed { completed, failed })
}

/// Removes jobs of these queues that finished before `before`: up to `limit` of each kind.
pub(crate) async fn remove_finished(
    conn: &mut Conn,
    queues: &[&str],
    before: Timestamp,
    limit: u32,
) -> sqlx::Result<Removed> {
    const DONE: &str = formatcp!(
        "DELETE FROM Jobs WHERE id IN (
            SELECT id FROM Jobs WHERE job_type IN (SELECT value FROM json_each($1))
            AND status = 'Done' AND status IN {FINISHED_JOBS} AND done_at <= $2 LIMIT $3)"
    );
    const KILLED: &str = formatcp!(
        "DELETE FROM Jobs WHERE id IN (
            SELECT id FROM Jobs WHERE job_type IN (SELECT value FROM json_each($1))
            AND status = 'Killed' AND status IN {FINISHED_JOBS} AND done_at <= $2 LIMIT $3)"
    );
    const FAILED: &str = formatcp!(
        "DELETE FROM Jobs WHERE id IN (
            SELECT id FROM Jobs WHERE job_type IN (SELECT value FROM json_each($1))
            AND status = 'Failed' AND status IN {FINISHED_JOBS} AND done_at <= $2 LIMIT $3)"
    );
    let mut counts = [0; 3];
    for (remove, count) in [DONE, KILLED, FAILED].into_iter().zip(&mut counts) {
        *count = query(remove)
            .bind(json_rows(queues)?)
            .bind(before.as_millis() / 1000)
            .bind(limit)
            .execute(&mut *conn)
            .await?
            .rows_affected();
    }
    Ok(Removed { completed: counts[0] + counts[1], failed: counts[2] })
}
