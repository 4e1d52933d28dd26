-- The queue's rows are ours, and so are their indexes: each of these was kept up at every step
-- of a job for statements that are not used.
DROP INDEX IF EXISTS idx_jobs_running;
DROP INDEX IF EXISTS idx_jobs_failed;
DROP INDEX IF EXISTS idx_jobs_claimable;
DROP INDEX IF EXISTS idx_jobs_completed_done_at;
CREATE INDEX idx_jobs_finished ON Jobs (job_type, status, done_at, id) WHERE status IN ('Done', 'Failed', 'Killed');
