//! Workers: one for each queue and process, under a fresh name each start, supervised.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

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

/// Between the end of a worker and its successor.
const BACKOFF_FIRST: Duration = Duration::from_millis(200);
const BACKOFF_MOST: Duration = Duration::from_secs(10);

/// What a job is run with.
#[derive(Clone)]
struct Bench {
    handler: Handler,
    line: Arc<Line>,
    queues: Queues,
}

/// Runs a queue with `slots` jobs at once until `stop`: no new claim then, what runs is
/// finished. A worker that ends by a database error is followed by another, and what it had
/// claimed is given back first.
pub async fn run(
    store: Store,
    queues: Queues,
    name: Name,
    slots: usize,
    handler: Handler,
    stop: CancellationToken,
) {
    let line = Arc::clone(queues.line(name));
    let bench = Bench { handler, line: Arc::clone(&line), queues };
    let giving_back = tokio::spawn({
        let (store, line, stop) = (store.clone(), Arc::clone(&line), stop.clone());
        async move { line.unfinished.run(&store, name, &stop).await }
    });
    let mut backoff = BACKOFF_FIRST;
    while !stop.is_cancelled() {
        let worker_name = format!("{}-{}", name.as_str(), ids::nonce());
        line.alive.store(true, std::sync::atomic::Ordering::SeqCst);
        let began = std::time::Instant::now();
        let ended = one_worker(&store, name, &worker_name, slots, bench.clone(), stop.clone()).await;
        line.alive.store(false, std::sync::atomic::Ordering::SeqCst);
        if stop.is_cancelled() {
            break;
        }
        if began.elapsed() > BACKOFF_MOST {
            backoff = BACKOFF_FIRST;
        }
        tracing::warn!(queue = name.as_str(), error = ?ended.err(), ?backoff, "a worker ended; another follows");
        tokio::select! {
            () = tokio::time::sleep(backoff) => {}
            () = stop.cancelled() => break,
        }
        backoff = (backoff * 2).min(BACKOFF_MOST);
        if let Err(error) = give_back(&store, &worker_name, &bench.queues).await {
            tracing::warn!(queue = name.as_str(), %error, "could not give back what a worker had claimed");
        }
    }
    let _ = giving_back.await;
}

async fn one_worker(
    store: &Store,
    name: Name,
    worker_name: &str,
    slots: usize,
    bench: Bench,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
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

/// Runs one job on a task of its own: a worker that ends in the middle of it takes nothing
/// along, neither the work nor the note that it is at work.
async fn run_job(job: Job, bench: Data<Bench>) -> Result<(), BoxDynError> {
    // A job given back while it still ran may come a second time; its first run ends it.
    if bench.queues.unrecorded().contains(job.delivery) {
        return Ok(());
    }
    let Some(busy) = bench.line.at_work.add_new(job.delivery) else { return Ok(()) };
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

async fn give_back(store: &Store, worker_name: &str, queues: &Queues) -> sqlx::Result<()> {
    let busy = queues.busy_ids();
    let mut tx = store.begin().await?;
    let released = store::jobs::release_of(&mut tx, worker_name, &busy).await?;
    tx.commit().await?;
    if released > 0 {
        tracing::info!(released, "jobs of an ended worker were given back");
    }
    Ok(())
}
