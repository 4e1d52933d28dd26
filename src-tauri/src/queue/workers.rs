//! Workers: one for each queue and process, with a new name each start, supervised.

use std::{
    panic::AssertUnwindSafe,
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use apalis::prelude::*;
use futures::{FutureExt as _, future::BoxFuture};
use tokio_util::sync::CancellationToken;

use super::{
    Busy, Name, Queue, Queues,
    claims::{self, ClaimedJobs},
};
use crate::{
    clock::SharedClock,
    ids::{self, DeliveryId},
    store::{self, Store},
};

/// Why a job failed; it runs again.
pub(crate) type JobError = Box<dyn std::error::Error + Send + Sync>;

/// Works on a job. It writes the job's end itself, or hands it over to be written; a job that ends
/// in an error or a panic is given back to its queue.
pub(crate) type Handler = Arc<dyn Fn(DeliveryId) -> BoxFuture<'static, Result<(), JobError>> + Send + Sync>;

/// How long jobs may be ready and slots free without any job beginning; after it the worker has
/// stopped looking.
const STALLED_AFTER: Duration = Duration::from_secs(15);

const WATCH_EVERY: Duration = Duration::from_secs(3);

#[derive(Clone)]
struct JobContext {
    handler: Handler,
    queue: Arc<Queue>,
    queues: Queues,
}

/// Claims no more once `stop` is cancelled, and finishes the running jobs. Claims of earlier
/// workers are given back first.
///
/// # Errors
/// The worker stopped looking for jobs: start another.
pub(crate) async fn run(
    store: &Store,
    clock: &SharedClock,
    queues: &Queues,
    name: Name,
    slots: usize,
    handler: Handler,
    stop: CancellationToken,
) -> Result<(), JobError> {
    let queue = queues.queue(name);
    let worker_name = format!("{}-{}", name.as_str(), ids::nonce());
    take_over(store, queues, queue, name, &worker_name).await?;
    // However this worker ends, the next one gives back its claims.
    queue.gone().push(worker_name.clone());
    let _alive = Alive::of(queue, &worker_name, slots);
    let context = JobContext { handler, queue: Arc::clone(queue), queues: queues.clone() };
    tokio::select! {
        ended = one_worker(name, &worker_name, slots, context, stop) => Ok(ended?),
        failed = claims::run(store, clock, queues, name) => Ok(failed?),
        () = stalled(store, queue, name, slots) => Err("jobs were ready and none was begun for 15 s".into()),
    }
}

/// Until `stop`.
pub(crate) async fn give_back_unfinished(
    store: &Store,
    queues: &Queues,
    name: Name,
    stop: CancellationToken,
) {
    queues.queue(name).unfinished.run(store, name, &stop).await;
}

/// Until it is dropped.
struct Alive(Arc<Queue>);

impl Alive {
    fn of(queue: &Arc<Queue>, worker_name: &str, slots: usize) -> Self {
        queue.claims.open(worker_name, slots);
        queue.alive.store(true, Ordering::SeqCst);
        Self(Arc::clone(queue))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.alive.store(false, Ordering::SeqCst);
        self.0.claims.close();
    }
}

/// Resolves when jobs are ready, slots are free, and none was begun for [`STALLED_AFTER`].
async fn stalled(store: &Store, queue: &Queue, name: Name, slots: usize) {
    let (mut begun, mut since) = (queue.begun.load(Ordering::SeqCst), Instant::now());
    loop {
        tokio::time::sleep(WATCH_EVERY).await;
        let now_begun = queue.begun.load(Ordering::SeqCst);
        let full = queue.at_work.len() >= slots;
        // A database that cannot be read says nothing about the worker.
        let ready = queue.claims.has_ready()
            || store::jobs::is_any_ready(store.read(), name.as_str()).await.unwrap_or(false);
        if now_begun != begun || full || !ready {
            (begun, since) = (now_begun, Instant::now());
        } else if since.elapsed() >= STALLED_AFTER {
            return;
        }
    }
}

async fn one_worker(
    name: Name,
    worker_name: &str,
    slots: usize,
    context: JobContext,
    stop: CancellationToken,
) -> Result<(), WorkerError> {
    if looks_no_more() {
        std::future::pending::<()>().await;
    }
    let jobs = ClaimedJobs::new(context.queues.clone(), name);
    let queue = Arc::clone(&context.queue);
    WorkerBuilder::new(worker_name)
        .backend(jobs)
        .concurrency(slots)
        .data(context)
        .build(run_job)
        .run_until(async move {
            stop.cancelled().await;
            // Nobody claims any more; unbegun jobs are given back.
            queue.claims.close();
            Ok::<(), WorkerError>(())
        })
        .await
}

/// Whether a test makes the worker lose its wake-up.
fn looks_no_more() -> bool {
    fail::fail_point!("worker-looks-no-more", |_| true);
    false
}

/// Runs one job on a task of its own, so that a worker that ends in the middle of it loses neither
/// the work nor the note that it runs.
async fn run_job(id: DeliveryId, context: Data<JobContext>) -> Result<(), BoxDynError> {
    // An act of staff may have made a new job before the first one ended. Whether that ends this one,
    // too, shows then.
    let Some(busy) = context.queue.begin(&context.queues, id) else {
        context.queue.unfinished.postponed(id);
        return Ok(());
    };
    // Begun here, in the order of the claims, whichever of the tasks runs first.
    let work = run_to_end((*context).clone(), busy, (context.handler)(id));
    // The task catches its own panics and is never aborted.
    let _ = tokio::spawn(work).await;
    Ok(())
}

async fn run_to_end(context: JobContext, busy: Busy, work: BoxFuture<'static, Result<(), JobError>>) {
    let id = busy.id();
    let work = AssertUnwindSafe(work).catch_unwind();
    let error = match work.await {
        Ok(Ok(())) => return context.queue.unfinished.done(id),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "a panic".to_owned(),
    };
    tracing::error!(delivery = %id, %error, "a job could not be done; it runs again");
    context.queue.unfinished.failed(busy);
}

/// Gives back the claims of gone workers, except those somebody is busy with, and registers the
/// next worker.
async fn take_over(
    store: &Store,
    queues: &Queues,
    queue: &Queue,
    name: Name,
    worker_name: &str,
) -> sqlx::Result<()> {
    let gone = queue.gone().clone();
    let busy = queues.busy_ids();
    let mut tx = store.begin().await?;
    let mut released = 0;
    if !gone.is_empty() {
        released = store::jobs::release_of(&mut tx, &gone, &busy).await?;
    }
    store::jobs::enter_worker(&mut tx, name.as_str(), worker_name).await?;
    tx.commit().await?;
    queue.gone().clear();
    if released > 0 {
        tracing::info!(released, "jobs of an ended worker were given back");
    }
    Ok(())
}
