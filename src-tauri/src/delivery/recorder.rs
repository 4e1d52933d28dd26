//! The one writer of what became of deliveries: everything that waits to be written goes into
//! one transaction, the delivery, its attempt, its row of the log and the end of its job
//! together. Nobody waits for the disk: a message that was accepted and is not written when
//! the program ends is sent once more under the same key, and LINE says so.

use std::{sync::Arc, time::Duration};

use chrono_tz::Tz;
use tokio::sync::{mpsc, watch};

use crate::{
    clock::{SharedClock, Timestamp},
    config::Retention,
    domain::delivery::State,
    ids::{AssignmentId, DeliveryId},
    queue::{Busy, BusySet, Name, in_progress::Sending},
    store::{
        Store, assignments,
        attempts::{self, Attempt},
        deliveries::{self, Outcome},
        interactions,
        jobs::{self, End, Ended},
        worklist,
    },
};

/// Most landings that wait: what was sent and is not recorded stays small even when the disk
/// stalls, since deliveries then wait for room here before they send.
const WAITING: usize = 200;

/// Finished jobs are pruned once in so many landings, and whenever things get quiet.
const PRUNE_EVERY: usize = 200;

/// Between two tries to write while the disk refuses.
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// What became of one delivery.
#[derive(Clone, Debug)]
pub struct Landing {
    /// Its new state and all that goes with it.
    pub outcome: Outcome,
    /// The attempt, when it failed.
    pub attempt: Option<Attempt>,
    /// Its assignment, which may be finished now.
    pub assignment_id: Option<AssignmentId>,
    /// When it was due.
    pub due_at: Timestamp,
    /// Whether it was tried before this: then staff may have it on their list.
    pub tried_before: bool,
    /// Kept until this is written: until then the message is on its way for everybody else.
    pub sending: Option<Arc<Sending>>,
}

/// The zone whose days the statistics count, asked inside each transaction.
pub type Zone = Arc<dyn Fn() -> Tz + Send + Sync>;

/// Called after each commit with what was written.
pub type Committed = Arc<dyn Fn(&[Landing]) + Send + Sync>;

/// What a recorder works with.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: SharedClock,
    /// How many finished jobs are kept.
    pub retention: Retention,
    /// Most landings written in one transaction.
    pub most_at_once: usize,
    /// The clinic's zone.
    pub zone: Zone,
    /// Called after each commit.
    pub committed: Committed,
    /// The deliveries whose landing waits to be written.
    pub unrecorded: BusySet,
}

/// The recorder has ended: what is sent from now on could not be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the recorder has ended")]
pub struct RecorderGone;

/// A landing that waits, and the note that it does.
type Waiting = (Landing, Busy);

/// A way to the recorder.
#[derive(Clone, Debug)]
pub struct Recorder {
    landings: mpsc::Sender<Waiting>,
    writable: watch::Receiver<bool>,
    unrecorded: BusySet,
}

impl Recorder {
    /// Starts the recorder; it writes what is left and ends when the last way to it is gone.
    pub fn start(parts: Parts) -> (Self, tokio::task::JoinHandle<()>) {
        let (landings, landed) = mpsc::channel(WAITING);
        let (writable_tx, writable) = watch::channel(true);
        let unrecorded = parts.unrecorded.clone();
        let scribe = Scribe { parts, writable: writable_tx, unpruned: 0 };
        let task = tokio::spawn(scribe.write_all(landed));
        (Self { landings, writable, unrecorded }, task)
    }

    /// Hands over a landing; waits while too many wait already.
    ///
    /// # Errors
    /// The recorder has ended; the job is to run again.
    pub async fn land(&self, landing: Landing) -> Result<(), RecorderGone> {
        let busy = self.unrecorded.add(landing.outcome.id);
        self.landings.send((landing, busy)).await.map_err(|_| RecorderGone)
    }

    /// Waits until what is sent can also be recorded.
    ///
    /// # Errors
    /// The recorder has ended; nothing is to be sent.
    pub async fn wait_writable(&self) -> Result<(), RecorderGone> {
        let mut writable = self.writable.clone();
        writable.wait_for(|w| *w).await.map(drop).map_err(|_| RecorderGone)
    }

    /// The deliveries whose landing was handed over and is not written yet.
    pub fn pending_ids(&self) -> Vec<DeliveryId> {
        self.unrecorded.ids()
    }

    /// Whether the last write succeeded.
    pub fn is_writable(&self) -> bool {
        *self.writable.borrow()
    }

    /// Landings handed over and not yet taken up.
    pub fn waiting(&self) -> usize {
        WAITING - self.landings.capacity()
    }
}

struct Scribe {
    parts: Parts,
    writable: watch::Sender<bool>,
    unpruned: usize,
}

impl Scribe {
    async fn write_all(mut self, mut landed: mpsc::Receiver<Waiting>) {
        let most = self.parts.most_at_once;
        let mut waiting = Vec::with_capacity(most);
        while landed.recv_many(&mut waiting, most).await > 0 {
            let (batch, busy): (Vec<Landing>, Vec<Busy>) = waiting.drain(..).unzip();
            self.unpruned += batch.len();
            let prune = self.unpruned >= PRUNE_EVERY || landed.is_empty();
            self.write(&batch, prune).await;
            drop(busy);
            if prune {
                self.unpruned = 0;
            }
            (self.parts.committed)(&batch);
        }
    }

    /// Writes a batch, again and again until it is written: what LINE accepted must not be
    /// forgotten while this process lives.
    async fn write(&self, batch: &[Landing], prune: bool) {
        loop {
            let now = self.parts.clock.now();
            match self.try_write(batch, prune, now).await {
                Ok(()) => {
                    self.writable.send_replace(true);
                    return;
                }
                Err(error) => {
                    if self.writable.send_replace(false) {
                        tracing::error!(%error, landings = batch.len(), "cannot write; deliveries pause");
                    }
                    tokio::time::sleep(AGAIN_AFTER).await;
                }
            }
        }
    }

    async fn try_write(&self, batch: &[Landing], prune: bool, now: Timestamp) -> sqlx::Result<()> {
        let outcomes: Vec<_> = batch.iter().map(|l| l.outcome.clone()).collect();
        let attempts: Vec<_> = batch.iter().filter_map(|l| l.attempt.clone()).collect();
        let logged: Vec<_> = outcomes
            .iter()
            .filter(|o| {
                matches!(o.state, State::Sent | State::Failed | State::Review | State::Cancelled)
                    || o.maybe_sent_at.is_some()
            })
            .map(|o| o.id)
            .collect();
        let ended: Vec<_> = outcomes.iter().map(|o| Ended { key: o.id, end: end_of(o) }).collect();
        let mut finished: Vec<_> = batch.iter().filter_map(|l| l.assignment_id).collect();
        finished.sort_unstable();
        finished.dedup();

        let queue = Name::MessageDelivery.as_str();
        let mut tx = self.parts.store.begin().await?;
        deliveries::record(&mut tx, &outcomes, now).await?;
        attempts::insert(&mut tx, &attempts).await?;
        interactions::log_outcomes(&mut tx, &logged, (self.parts.zone)(), now).await?;
        let followed: Vec<_> = batch
            .iter()
            .filter(|l| match l.outcome.state {
                State::Failed | State::Review => true,
                State::Sent => l.tried_before,
                _ => false,
            })
            .map(|l| l.outcome.id)
            .collect();
        worklist::follow_outcomes(&mut tx, &followed, now).await?;
        jobs::end(&mut tx, queue, &ended, now).await?;
        if !finished.is_empty() {
            assignments::complete_finished(&mut tx, &finished, now).await?;
        }
        if prune {
            let Retention { completed_jobs, failed_jobs, .. } = self.parts.retention;
            jobs::keep_last(&mut tx, queue, completed_jobs, failed_jobs).await?;
        }
        tx.commit().await
    }
}

const fn end_of(outcome: &Outcome) -> End {
    if outcome.settled {
        return End::Settled;
    }
    match outcome.state {
        State::Sent => End::Done,
        State::Failed | State::Review => End::Failed,
        State::Cancelled => End::Killed,
        State::Scheduled | State::Queued | State::Retrying | State::Held => End::Gone,
    }
}
