-- Of a job's state the queue asks three things: what may be claimed (idx_jobs_pending), what is
-- claimed, and what is finished (idx_jobs_finished). Two more indexes were kept up at every step
-- of every job.
DROP INDEX IF EXISTS idx_jobs_job_type_status_run_at;
DROP INDEX IF EXISTS idx_jobs_status_run_at;
CREATE INDEX idx_jobs_claimed ON Jobs (lock_by) WHERE status IN ('Queued', 'Running');
