//! Workers: one for each queue and process, under a fresh name each start, supervised.

use std::{sync::Arc, time::Duration};

use apalis::prelude::*;
use apalis_core::backend::ext::poll_strategy::PollWith;
use apalis_sqlite::{Config, SqliteStorage};
use futures::{FutureExt as _, future::BoxFuture};
use tokio_util::sync::CancellationToken;

use super::{Job, Line, Name, Queues, wake::Bell};
use crate::{
    ids::{self, DeliveryId},
    store::{self, Store},
};

/// What is done with a job. It writes the end of the job itself.
pub type Handler = Arc<dyn Fn(DeliveryId) -> BoxFuture<'static, ()> + Send + Sync>;

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
    let bench = Bench { handler, line: Arc::clone(&line) };
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
        if let Err(error) = give_back(&store, &worker_name, &line).await {
            tracing::warn!(queue = name.as_str(), %error, "could not give back what a worker had claimed");
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

/// Runs one job on a task of its own, so that a panic ends that task and nothing else.
async fn run_job(job: Job, bench: Data<Bench>) -> Result<(), BoxDynError> {
    let line = &bench.line;
    {
        let mut at_work = line.at_work();
        // A job given back while it still ran may come a second time.
        if at_work.contains(&job.delivery) {
            return Ok(());
        }
        at_work.push(job.delivery);
    }
    line.running.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    let work = (bench.handler)(job.delivery);
    let ended = tokio::spawn(work).map(|r| r.map_err(|e| e.to_string())).await;
    line.running.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    line.at_work().retain(|id| *id != job.delivery);
    if let Err(panic) = ended {
        tracing::error!(delivery = %job.delivery, %panic, "a job ended in a panic");
    }
    Ok(())
}

async fn give_back(store: &Store, worker_name: &str, line: &Line) -> sqlx::Result<()> {
    let running = line.at_work().clone();
    let mut tx = store.begin().await?;
    let released = store::jobs::release_of(&mut tx, worker_name, &running).await?;
    tx.commit().await?;
    if released > 0 {
        tracing::info!(released, "jobs of an ended worker were given back");
    }
    Ok(())
}
