//! The one writer of delivery results. All waiting reports go into one transaction: the delivery,
//! its attempt, its row of the log and the end of its job together. Nobody waits for the disk: a
//! message that LINE accepted and that is not written when the program ends is sent once more under
//! the same key, and LINE says so.

use std::{
    slice,
    sync::{Arc, PoisonError},
    time::Duration,
};

use chrono_tz::Tz;
use tokio::sync::{Mutex, mpsc, watch};

use super::{
    allowed,
    backlog::{Backlog, Waiting},
    facts::{self, ReadEarly},
    report::Report,
};
use crate::{
    clock::{SharedClock, Timestamp},
    config::Retention,
    core::SharedChannel,
    domain::{
        delivery::{Cause, State},
        patient::Reachability,
        work::Reason,
    },
    error::{Trouble, trouble},
    ids::DeliveryId,
    queue::{self, BusySet, InProgress, Name, Queues},
    store::{
        Conn, Store, assignments,
        deliveries::{self, Outcome},
        delivery_attempts, interactions,
        jobs::{self, End, Ended},
        patients::{self, Reach},
        worklist,
    },
    tasks::Supervisor,
};

/// The most reports that wait. When the disk stalls, deliveries wait for room here before they
/// send, so few sent messages are unrecorded.
const WAITING: usize = 200;

/// Reports after which finished jobs are pruned; also whenever the queue is empty.
const PRUNE_EVERY: usize = 200;

/// The pause between two tries to write while the disk refuses.
const AGAIN_AFTER: Duration = Duration::from_millis(500);

/// The zone whose days the statistics count, read inside each transaction.
pub(crate) type Zone = Arc<dyn Fn() -> Tz + Send + Sync>;

/// After each commit, with the written reports.
pub(crate) type Committed = Arc<dyn Fn(&[Report]) + Send + Sync>;

pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) clock: SharedClock,
    pub(crate) retention: Retention,
    pub(crate) max_at_once: usize,
    pub(crate) zone: Zone,
    /// The state of the channel; since when LINE allows the account nothing is kept with each batch.
    pub(crate) channel: SharedChannel,
    pub(crate) committed: Committed,
    /// The queues; the next jobs are claimed in the same transaction.
    pub(crate) queues: Queues,
    /// The acts of staff that make facts read with a claim old.
    pub(crate) in_progress: InProgress,
    /// It begins the recorder again.
    pub(crate) supervisor: Supervisor,
}

pub(crate) const TASK: &str = "recorder";

/// The recorder has ended: nothing sent from now on could be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the recorder has ended")]
pub(crate) struct RecorderGone;

/// Hands reports to the recorder; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    reports: mpsc::Sender<Waiting>,
    writable: watch::Receiver<bool>,
    unrecorded: BusySet,
    read_early: ReadEarly,
}

impl Recorder {
    /// Starts the recorder. It ends when the last sender is gone and everything is written. After a
    /// panic it goes on with what it had not written; `give_up` is called when it cannot be kept
    /// running.
    pub(crate) fn start(
        parts: Parts,
        give_up: impl FnOnce() + Send + 'static,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (reports, received) = mpsc::channel(WAITING);
        let (writable_tx, writable) = watch::channel(true);
        let unrecorded = parts.queues.unrecorded().clone();
        let supervisor = parts.supervisor.clone();
        let read_early = ReadEarly::default();
        let kept = std::sync::Mutex::new(not_allowed_since(&parts.channel));
        let writer = Arc::new(Writer { parts, kept, writable: writable_tx, read_early: read_early.clone() });
        let backlog = Arc::new(Mutex::new(Backlog::new(received)));
        let run = move || {
            let (writer, backlog) = (Arc::clone(&writer), Arc::clone(&backlog));
            async move {
                writer.write_all(&mut *backlog.lock().await).await;
                Ok(())
            }
        };
        (Self { reports, writable, unrecorded, read_early }, supervisor.spawn_vital(TASK, run, give_up))
    }

    /// Hands over the report on a job; waits while too many wait already.
    ///
    /// # Errors
    /// The recorder has ended; the job is to run again.
    pub(crate) async fn hand_over(&self, report: Report) -> Result<(), RecorderGone> {
        let busy = self.unrecorded.add(report.outcome.id);
        self.reports.send((report, busy)).await.map_err(|_| RecorderGone)
    }

    pub(super) const fn read_early(&self) -> &ReadEarly {
        &self.read_early
    }

    pub(crate) async fn wait_writable(&self) -> Result<(), RecorderGone> {
        let mut writable = self.writable.clone();
        writable.wait_for(|w| *w).await.map(drop).map_err(|_| RecorderGone)
    }
}

/// The work a batch's transaction does besides recording.
#[derive(Clone, Copy, Debug, Default)]
struct Beside {
    prune: Prune,
    claim: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum Prune {
    #[default]
    No,
    /// Only when nothing is left to send: a busy queue has no time for it.
    IfQuiet,
    Yes,
}

struct Writer {
    parts: Parts,
    /// Since when LINE has allowed the account nothing, as stored last.
    kept: std::sync::Mutex<Option<Timestamp>>,
    writable: watch::Sender<bool>,
    read_early: ReadEarly,
}

/// Pauses deliveries when the recorder panics, until it runs again.
struct PausesAtTheEnd<'a>(&'a watch::Sender<bool>);

impl Drop for PausesAtTheEnd<'_> {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}

impl Writer {
    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Timestamp>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write_all(&self, backlog: &mut Backlog) {
        let _paused = PausesAtTheEnd(&self.writable);
        if backlog.is_written {
            backlog.clear();
        }
        if backlog.batch.is_empty() {
            self.writable.send_replace(true);
        }
        while !backlog.batch.is_empty() || backlog.take_up(self.parts.max_at_once).await {
            let unpruned = backlog.unpruned + backlog.batch.len();
            let prune = if unpruned >= PRUNE_EVERY {
                Prune::Yes
            } else if backlog.received.is_empty() {
                Prune::IfQuiet
            } else {
                Prune::No
            };
            self.write(&mut backlog.batch, prune).await;
            backlog.is_written = true;
            backlog.unpruned = if matches!(prune, Prune::Yes) { 0 } else { unpruned };
            backlog.busy.clear();
            (self.parts.committed)(&backlog.batch);
            backlog.clear();
        }
    }

    /// Writes a batch, retrying until it is written: what LINE accepted must not be forgotten while
    /// this process lives. Where one report can never be written, the others are.
    async fn write(&self, batch: &mut [Report], prune: Prune) {
        let Err(error) = self.insist(batch, Beside { prune, claim: true }).await else { return };
        tracing::warn!(%error, reports = batch.len(), "outcomes could not be written; they are taken one by one");
        for report in batch {
            let one = slice::from_ref(report);
            if let Err(error) = self.insist(one, Beside::default()).await {
                self.set_aside(report, &error).await;
            }
        }
    }

    /// Retries until the database takes it, or refuses for good.
    async fn insist(&self, batch: &[Report], beside: Beside) -> sqlx::Result<()> {
        loop {
            let tried = self.try_write(batch, beside).await;
            if let Some(done) = self.settled(tried).await {
                return done;
            }
        }
    }

    /// The final result of a try to write; `None`, after a pause, where it is to be tried again.
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

    /// Sets whether writing is possible; returns whether it was before.
    fn set_writable(&self, trouble: Option<Trouble>) -> bool {
        let before = self.writable.send_replace(trouble.is_none());
        if before != trouble.is_none() {
            self.parts.supervisor.set_trouble(TASK, trouble);
        }
        before
    }

    /// Puts a report that cannot be written up for review: whether the message may have been sent is
    /// all that is known of it. Where even that is refused, only its job ends, so that it does
    /// not run for ever.
    async fn set_aside(&self, report: &mut Report, error: &sqlx::Error) {
        let id = report.outcome.id;
        let state = report.outcome.state.as_str();
        tracing::error!(delivery = %id, state, %error, "an outcome can never be written; it is set aside");
        let tried = report.outcome.attempted_at.is_some();
        report.outcome = Outcome {
            state: State::Review,
            attempt_used: i64::from(tried),
            next_attempt_at: None,
            accepted_at: None,
            cause: Cause::or_in_doubt(None, tried || report.maybe_sent_before),
            error_text: None,
            ..report.outcome.clone()
        };
        report.attempt = None;
        let one = slice::from_ref(report);
        let Err(error) = self.insist(one, Beside::default()).await else { return };
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

    async fn try_write(&self, batch: &[Report], beside: Beside) -> sqlx::Result<()> {
        fail::fail_point!("recorder-writes");
        let now = self.parts.clock.now();
        let Parts { store, queues, .. } = &self.parts;
        let mut tx = store.begin().await?;
        let outcomes: Vec<_> = batch.iter().map(|r| r.outcome.clone()).collect();
        deliveries::record(&mut tx, &outcomes, now).await?;
        let attempts: Vec<_> = batch.iter().filter_map(|r| r.attempt.clone()).collect();
        delivery_attempts::insert(&mut tx, &attempts).await?;
        // What is open has no row, unless it was cancelled meanwhile and LINE may have it; which of
        // the others has one, the log knows.
        let may_have_row = |o: &&Outcome| !State::OPEN.contains(&o.state) || o.maybe_sent_at.is_some();
        let logged: Vec<_> = outcomes.iter().filter(may_have_row).map(|o| o.id).collect();
        interactions::log_outcomes(&mut tx, &logged, (self.parts.zone)(), now).await?;
        let followed: Vec<_> = batch.iter().filter(|r| r.concerns_staff()).map(|r| r.outcome.id).collect();
        worklist::follow_outcomes(&mut tx, &followed, now).await?;
        note_unknown_users(&mut tx, batch, now).await?;
        let not_allowed = not_allowed_since(&self.parts.channel);
        if not_allowed != *self.kept() {
            allowed::keep(&mut tx, not_allowed, now).await?;
        }
        let queue = Name::MessageDelivery.as_str();
        let ended: Vec<_> = outcomes.iter().map(|o| Ended { key: o.id, end: end_of(o) }).collect();
        jobs::end(&mut tx, queue, &ended, now).await?;
        let mut finished: Vec<_> = batch.iter().filter_map(|r| r.assignment_id).collect();
        finished.sort_unstable();
        finished.dedup();
        if !finished.is_empty() {
            assignments::complete_finished(&mut tx, &finished, now).await?;
        }
        // The next jobs are claimed in this transaction, which saves a busy queue one. Not where
        // reports are written one by one: a claim must not stand in the way of one.
        let claimed = if beside.claim {
            queue::claim(&mut tx, queues, Name::MessageDelivery, now).await?
        } else {
            None
        };
        let prune = match beside.prune {
            Prune::No => false,
            Prune::IfQuiet => claimed.is_none() && !queues.has_ready(Name::MessageDelivery),
            Prune::Yes => true,
        };
        if prune {
            let Retention { completed_jobs, failed_jobs, .. } = self.parts.retention;
            jobs::keep_last(&mut tx, queue, completed_jobs, failed_jobs).await?;
        }
        let read = match &claimed {
            Some(claimed) => facts::read_early(&mut tx, claimed.ids(), &self.parts.in_progress).await?,
            None => Vec::new(),
        };
        tx.commit().await?;
        *self.kept() = not_allowed;
        self.read_early.forget(batch.iter().map(|report| report.outcome.id));
        if let Some(claimed) = claimed {
            self.read_early.keep(read);
            claimed.hand_out(queues);
        }
        Ok(())
    }
}

fn not_allowed_since(channel: &SharedChannel) -> Option<Timestamp> {
    channel.lock().unwrap_or_else(PoisonError::into_inner).not_allowed_since()
}

/// Notes patients whose id LINE does not know, so that staff see it before the next step is due.
async fn note_unknown_users(conn: &mut Conn, batch: &[Report], now: Timestamp) -> sqlx::Result<()> {
    let (mut reach, mut items) = (Vec::new(), Vec::new());
    for report in batch {
        let Some(user) = &report.unknown_user else { continue };
        reach.push(Reach {
            line_user_id: user.clone(),
            reachability: Reachability::Unlinked,
            at: now,
            followed_at: None,
        });
        items.push(worklist::New::about(report.patient_id, Reason::Unlinked, now));
    }
    patients::set_reachability(conn, &reach, now).await?;
    worklist::open(conn, &items, now).await
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
