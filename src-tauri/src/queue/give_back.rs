//! Gives jobs back to their queue, so that they run again a little later: the database did not
//! answer, the handler panicked, or somebody was busy with the same delivery.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Busy, Name};
use crate::{
    ids::DeliveryId,
    store::{self, Store},
};

/// How long a job waits after its first, second, … failure in a row.
const WAITS: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];

/// How long a job waits for whoever is busy with its delivery; a result is written within less.
const POSTPONED: Duration = Duration::from_millis(50);

/// Jobs whose failures are counted; beyond that the count restarts, which only shortens waits.
const MAX_COUNTED: usize = 10_000;

/// The pause between two tries to write while the database refuses.
const MIN_AGAIN: Duration = Duration::from_millis(200);
const MAX_AGAIN: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub(super) struct Unfinished {
    waiting: Mutex<Vec<Waiting>>,
    failures: Mutex<HashMap<DeliveryId, usize>>,
    bell: Notify,
}

#[derive(Debug)]
struct Waiting {
    id: DeliveryId,
    from: Instant,
    /// Keeps the delivery busy meanwhile; `None` where somebody else does.
    _busy: Option<Busy>,
}

impl Unfinished {
    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failures(&self) -> MutexGuard<'_, HashMap<DeliveryId, usize>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a failed job; its delivery stays busy until the job is back.
    pub(super) fn failed(&self, job: Busy) {
        let from = Instant::now() + self.wait_of(job.id());
        self.give_back(Waiting { id: job.id(), from, _busy: Some(job) });
    }

    /// Takes a job with whose delivery somebody is busy. Where that ends this job, too, it does not
    /// run again.
    pub(super) fn postponed(&self, id: DeliveryId) {
        self.give_back(Waiting { id, from: Instant::now() + POSTPONED, _busy: None });
    }

    fn give_back(&self, job: Waiting) {
        self.waiting().push(job);
        self.bell.notify_one();
    }

    pub(super) fn done(&self, id: DeliveryId) {
        self.failures().remove(&id);
    }

    /// Counts one more failure; returns how long the job waits after it.
    fn wait_of(&self, id: DeliveryId) -> Duration {
        let mut all = self.failures();
        if all.len() >= MAX_COUNTED {
            all.clear();
        }
        let failures = all.entry(id).or_insert(0);
        *failures += 1;
        WAITS[(*failures).min(WAITS.len()) - 1]
    }

    /// Gives each job back at its time, until `stop`. A refusal of the database is retried; jobs left
    /// at the end are given back at the next start.
    pub(super) async fn run(&self, store: &Store, name: Name, stop: &CancellationToken) {
        let mut again = MIN_AGAIN;
        loop {
            let next = self.waiting().iter().map(|job| job.from).min();
            let its_time = async {
                match next {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = its_time => {}
                () = self.bell.notified() => {}
                () = stop.cancelled() => return,
            }
            while let Err(error) = self.write(store, name).await {
                tracing::warn!(queue = name.as_str(), %error, "jobs could not be given back yet");
                tokio::select! {
                    () = tokio::time::sleep(again) => {}
                    () = stop.cancelled() => return,
                }
                again = (again * 2).min(MAX_AGAIN);
            }
            again = MIN_AGAIN;
        }
    }

    async fn write(&self, store: &Store, name: Name) -> sqlx::Result<()> {
        let now = Instant::now();
        let batch: Vec<_> = self.waiting().iter().filter(|job| job.from <= now).map(|job| job.id).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let mut tx = store.begin().await?;
        store::jobs::give_back(&mut tx, name.as_str(), &batch).await?;
        tx.commit().await?;
        self.waiting().retain(|job| job.from > now);
        Ok(())
    }
}
