//! The one writer of what became of deliveries: everything that waits to be written goes into
//! one transaction, the delivery, its attempt, its row of the log and the end of its job
//! together. Nobody waits for the disk: a message that was accepted and is not written when
//! the program ends is sent once more under the same key, and LINE says so.

use std::{slice, sync::Arc, time::Duration};

use chrono_tz::Tz;
use tokio::sync::{Mutex, mpsc, watch};

use crate::{
    clock::{SharedClock, Timestamp},
    config::Retention,
    domain::delivery::{Cause, State},
    error::{Trouble, trouble},
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
    tasks::Supervisor,
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
    /// Keeps the recorder running.
    pub supervisor: Supervisor,
}

/// The name of the recorder among the supervised tasks.
pub const TASK: &str = "recorder";

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
    /// After a panic it goes on with what it had not written; `give_up` is called when it
    /// cannot be kept running.
    pub fn start(
        parts: Parts,
        give_up: impl FnOnce() + Send + 'static,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (landings, landed) = mpsc::channel(WAITING);
        let (writable_tx, writable) = watch::channel(true);
        let unrecorded = parts.unrecorded.clone();
        let supervisor = parts.supervisor.clone();
        let scribe = Arc::new(Scribe { parts, writable: writable_tx });
        let desk = Arc::new(Mutex::new(Desk::new(landed)));
        let run = move || {
            let (scribe, desk) = (Arc::clone(&scribe), Arc::clone(&desk));
            async move {
                scribe.write_all(&mut *desk.lock().await).await;
                Ok(())
            }
        };
        (Self { landings, writable, unrecorded }, supervisor.spawn_vital(TASK, run, give_up))
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
}

/// What the recorder works on; it outlives a panic.
struct Desk {
    landed: mpsc::Receiver<Waiting>,
    batch: Vec<Landing>,
    busy: Vec<Busy>,
    /// Whether the batch is on disk; what follows may have been cut short.
    is_written: bool,
    unpruned: usize,
}

impl Desk {
    const fn new(landed: mpsc::Receiver<Waiting>) -> Self {
        Self { landed, batch: Vec::new(), busy: Vec::new(), is_written: false, unpruned: 0 }
    }

    /// Takes up what waits, at most so many. `false` when nothing will come any more.
    async fn take_up(&mut self, most: usize) -> bool {
        let mut waiting = Vec::with_capacity(most);
        if self.landed.recv_many(&mut waiting, most).await == 0 {
            return false;
        }
        (self.batch, self.busy) = waiting.into_iter().unzip();
        true
    }

    fn clear(&mut self) {
        self.batch.clear();
        self.busy.clear();
        self.is_written = false;
    }
}

struct Scribe {
    parts: Parts,
    writable: watch::Sender<bool>,
}

/// Deliveries pause when the recorder ends by a panic, until it runs again.
struct PausesAtTheEnd<'a>(&'a watch::Sender<bool>);

impl Drop for PausesAtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}

impl Scribe {
    async fn write_all(&self, desk: &mut Desk) {
        let _paused = PausesAtTheEnd(&self.writable);
        if desk.is_written {
            desk.clear();
        }
        if desk.batch.is_empty() {
            self.writable.send_replace(true);
        }
        while !desk.batch.is_empty() || desk.take_up(self.parts.most_at_once).await {
            let unpruned = desk.unpruned + desk.batch.len();
            let prune = unpruned >= PRUNE_EVERY || desk.landed.is_empty();
            self.write(&mut desk.batch, prune).await;
            desk.is_written = true;
            desk.unpruned = if prune { 0 } else { unpruned };
            desk.busy.clear();
            (self.parts.committed)(&desk.batch);
            desk.clear();
        }
    }

    /// Writes a batch, again and again until it is written: what LINE accepted must not be
    /// forgotten while this process lives. Where one of them can never be written, the others
    /// are.
    async fn write(&self, batch: &mut [Landing], prune: bool) {
        let Err(error) = self.insist(batch, prune).await else { return };
        tracing::warn!(%error, landings = batch.len(), "outcomes could not be written; they are taken one by one");
        for landing in batch {
            let one = slice::from_ref(landing);
            if let Err(error) = self.insist(one, false).await {
                self.set_aside(landing, &error).await;
            }
        }
    }

    /// Tries to write until the database takes it, or refuses for good.
    async fn insist(&self, batch: &[Landing], prune: bool) -> sqlx::Result<()> {
        loop {
            let tried = self.try_write(batch, prune).await;
            if let Some(done) = self.settled(tried).await {
                return done;
            }
        }
    }

    /// What came of a try to write; `None`, after a while, where it is to be tried again.
    async fn settled(&self, tried: sqlx::Result<()>) -> Option<sqlx::Result<()>> {
        let Err(error) = tried else {
            self.set_writable(None);
            return Some(Ok(()));
        };
        let Some(trouble) = trouble(&error) else { return Some(Err(error)) };
        if self.set_writable(Some(trouble)) {
            tracing::error!(%error, "cannot write; deliveries pause");
        }
        tokio::time::sleep(AGAIN_AFTER).await;
        None
    }

    /// Returns whether writing was possible until now.
    fn set_writable(&self, trouble: Option<Trouble>) -> bool {
        let before = self.writable.send_replace(trouble.is_none());
        if before != trouble.is_none() {
            let words = trouble.map(|t| t.in_words().to_owned());
            self.parts.supervisor.set_trouble(TASK, words);
        }
        before
    }

    /// Puts a landing that can never be written before a person: the message may have been
    /// sent, and that is all that can be said of it. Where even that is refused, its job ends,
    /// so that it does not run for ever.
    async fn set_aside(&self, landing: &mut Landing, error: &sqlx::Error) {
        let id = landing.outcome.id;
        let state = landing.outcome.state.as_str();
        tracing::error!(delivery = %id, state, %error, "an outcome can never be written; it is set aside");
        let tried = landing.outcome.attempted_at.is_some();
        landing.outcome = Outcome {
            state: State::Review,
            attempt_used: i64::from(tried),
            next_attempt_at: None,
            accepted_at: None,
            cause: Some(if tried { Cause::OutcomeUnknown } else { Cause::Stale }),
            error_text: Some("What became of this message could not be written down.".to_owned()),
            ..landing.outcome.clone()
        };
        landing.attempt = None;
        let one = slice::from_ref(landing);
        let Err(error) = self.insist(one, false).await else { return };
        tracing::error!(delivery = %id, %error, "nor can it be put up for review; its job ends");
        if let Err(error) = self.end_job(id).await {
            tracing::error!(delivery = %id, %error, "nor can its job be ended");
        }
    }

    async fn end_job(&self, id: DeliveryId) -> sqlx::Result<()> {
        loop {
            let tried = self.try_end_job(id).await;
            if let Some(done) = self.settled(tried).await {
                return done;
            }
        }
    }

    async fn try_end_job(&self, id: DeliveryId) -> sqlx::Result<()> {
        let ended = [Ended { key: id, end: End::Failed }];
        let mut tx = self.parts.store.begin().await?;
        jobs::end(&mut tx, Name::MessageDelivery.as_str(), &ended, self.parts.clock.now()).await?;
        tx.commit().await
    }

    async fn try_write(&self, batch: &[Landing], prune: bool) -> sqlx::Result<()> {
        fail::fail_point!("recorder-writes");
        let now = self.parts.clock.now();
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
