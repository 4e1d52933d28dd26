//! Workers: one for each queue and process, under a fresh name each start, supervised.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use apalis::prelude::*;
use apalis_core::backend::ext::poll_strategy::PollWith;
use apalis_sqlite::{Config, SqliteStorage};
use futures::{FutureExt as _, future::BoxFuture};
use tokio_util::sync::CancellationToken;

use super::{Busy, Job, Line, Name, Queues, wake::Bell};
use crate::{
    ids::{self, DeliveryId},
    store::{self, Store},
};

/// Why a job could not be done; it runs again.
pub type JobError = Box<dyn std::error::Error + Send + Sync>;

/// What is done with a job. It writes the end of the job itself, or sees to it that it is
/// written; a job that ends in an error or a panic is given back to its queue.
pub type Handler = Arc<dyn Fn(DeliveryId) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

/// Jobs claimed in one go. A claim is a transaction; twenty share it.
const BATCH: usize = 20;

/// A queue in which jobs are ready, slots are free and no job begins for this long has a
/// worker that does not look any more.
const STALLED_AFTER: Duration = Duration::from_secs(15);

/// How often the watchdog looks.
const WATCH_EVERY: Duration = Duration::from_secs(3);

/// What a job is run with.
#[derive(Clone)]
struct Bench {
    handler: Handler,
    line: Arc<Line>,
    queues: Queues,
}

/// Runs a worker with `slots` jobs at once until `stop`: no new claim then, what runs is
/// finished. What earlier workers had claimed is given back first.
///
/// # Errors
/// The database failed, or the worker stopped looking for jobs; another is to follow.
pub async fn run(
    store: &Store,
    queues: &Queues,
    name: Name,
    slots: usize,
    handler: Handler,
    stop: CancellationToken,
) -> Result<(), JobError> {
    let line = queues.line(name);
    give_back(store, queues, line).await?;
    let worker_name = format!("{}-{}", name.as_str(), ids::nonce());
    // However this worker ends, the next one gives back what it had claimed.
    line.gone().push(worker_name.clone());
    let _alive = Alive::of(line);
    let bench = Bench { handler, line: Arc::clone(line), queues: queues.clone() };
    tokio::select! {
        ended = one_worker(store, name, &worker_name, slots, bench, stop) => Ok(ended?),
        () = stalled(store, line, name, slots) => Err("jobs were ready and none was begun for 15 s".into()),
    }
}

/// Gives jobs that could not be done back to their queue until `stop`.
pub async fn give_back_unfinished(store: &Store, queues: &Queues, name: Name, stop: CancellationToken) {
    queues.line(name).unfinished.run(store, name, &stop).await;
}

/// Notes that a worker lives until it is dropped.
struct Alive(Arc<Line>);

impl Alive {
    fn of(line: &Arc<Line>) -> Self {
        line.alive.store(true, Ordering::SeqCst);
        Self(Arc::clone(line))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.alive.store(false, Ordering::SeqCst);
    }
}

/// Resolves when jobs are ready, slots are free, and none was begun for [`STALLED_AFTER`].
async fn stalled(store: &Store, line: &Line, name: Name, slots: usize) {
    let (mut begun, mut since) = (line.begun.load(Ordering::SeqCst), Instant::now());
    loop {
        tokio::time::sleep(WATCH_EVERY).await;
        let now_begun = line.begun.load(Ordering::SeqCst);
        let full = line.at_work.len() >= slots;
        // A database that cannot be read says nothing about the worker.
        let ready = store::jobs::is_any_ready(store.read(), name.as_str()).await.unwrap_or(false);
        if now_begun != begun || full || !ready {
            (begun, since) = (now_begun, Instant::now());
        } else if since.elapsed() >= STALLED_AFTER {
            return;
        }
    }
}

async fn one_worker(
    store: &Store,
    name: Name,
    worker_name: &str,
    slots: usize,
    bench: Bench,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
    if looks_no_more() {
        std::future::pending::<()>().await;
    }
    let config =
        Config::default().queue(name.as_str()).batch_size(BATCH).lock_tasks(false).persist_results(false);
    let storage = SqliteStorage::<Job>::new(store.writer()).with_config(config);
    let backend = PollWith::new(storage, Bell::new(&bench.line.bell));
    WorkerBuilder::new(worker_name)
        .backend(backend)
        .concurrency(slots)
        .data(bench)
        .build(run_job)
        .run_until(async move {
            stop.cancelled().await;
            Ok::<(), WorkerError>(())
        })
        .await
}

/// A worker that lost its wake-up; only a test makes one.
fn looks_no_more() -> bool {
    fail::fail_point!("worker-looks-no-more", |_| true);
    false
}

/// Runs one job on a task of its own: a worker that ends in the middle of it takes nothing
/// along, neither the work nor the note that it is at work.
async fn run_job(job: Job, bench: Data<Bench>) -> Result<(), BoxDynError> {
    // A job given back while it still ran may come a second time; its first run ends it.
    if bench.queues.unrecorded().contains(job.delivery) {
        return Ok(());
    }
    let Some(busy) = bench.line.at_work.add_new(job.delivery) else { return Ok(()) };
    bench.line.begun.fetch_add(1, Ordering::SeqCst);
    let work = run_to_end((*bench).clone(), busy);
    // The task catches its own panics and is never aborted.
    let _ = tokio::spawn(work).await;
    Ok(())
}

async fn run_to_end(bench: Bench, busy: Busy) {
    let id = busy.id();
    let work = AssertUnwindSafe(async { (bench.handler)(id).await }).catch_unwind();
    let error = match work.await {
        Ok(Ok(())) => return bench.line.unfinished.done(id),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "a panic".to_owned(),
    };
    tracing::error!(delivery = %id, %error, "a job could not be done; it runs again");
    bench.line.unfinished.push(busy);
}

/// Gives back what workers that are gone had claimed, except what somebody is busy with.
async fn give_back(store: &Store, queues: &Queues, line: &Line) -> sqlx::Result<()> {
    let gone = line.gone().clone();
    if gone.is_empty() {
        return Ok(());
    }
    let busy = queues.busy_ids();
    let mut tx = store.begin().await?;
    let released = store::jobs::release_of(&mut tx, &gone, &busy).await?;
    tx.commit().await?;
    line.gone().clear();
    if released > 0 {
        tracing::info!(released, "jobs of an ended worker were given back");
    }
    Ok(())
}
