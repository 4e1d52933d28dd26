//! The wiring of apalis: enqueue inside the caller's transaction, workers, supervision, recovery,
//! counts. A job is only the id of a delivery here; its meaning is decided elsewhere.
//!
//! apalis hands out claimed jobs and limits how many run at once. Its acknowledgements are off: the
//! handler writes a job's end together with everything else that changed
//! ([`crate::store::jobs::end`]). Only due work is ever enqueued; future work waits as a row of
//! ours.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use std::time::Duration;

use apalis_sqlite::SqliteStorage;
use sqlx::migrate::Migrator;

use crate::{
    ids::DeliveryId,
    store::{self, Conn, Store, jobs::New},
};

mod along;
mod busy;
mod claims;
mod give_back;
pub mod in_progress;
mod workers;

pub use busy::{Busy, BusySet};
pub(crate) use claims::claim;
pub use in_progress::InProgress;
pub(crate) use workers::{Handler, JobError, give_back_unfinished, run};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// Due messages: one attempt each.
    MessageDelivery,
    /// Scheduled and recurring messages whose time has come: moved to the other queue.
    ScheduledMessages,
}

impl Name {
    pub(crate) const ALL: [Self; 2] = [Self::MessageDelivery, Self::ScheduledMessages];

    /// As in the queue's table and in apalis.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::MessageDelivery => "message-delivery",
            Self::ScheduledMessages => "scheduled-messages",
        }
    }

    pub(crate) const STRS: [&'static str; 2] =
        [Self::MessageDelivery.as_str(), Self::ScheduledMessages.as_str()];
}

pub fn migrations() -> Migrator {
    SqliteStorage::migrations()
}

/// The queues of one process: running jobs, live workers, and their bells.
#[derive(Clone, Debug)]
pub struct Queues {
    message_delivery: Arc<Queue>,
    scheduled_messages: Arc<Queue>,
    unrecorded: BusySet,
}

#[derive(Debug)]
struct Queue {
    claims: claims::Claims,
    alive: AtomicBool,
    /// Jobs begun since the start of the process.
    begun: AtomicU64,
    /// The names of gone workers whose claims may still have to be given back.
    gone: Mutex<Vec<String>>,
    at_work: BusySet,
    unfinished: give_back::Unfinished,
}

impl Queue {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            claims: claims::Claims::default(),
            alive: AtomicBool::new(false),
            begun: AtomicU64::new(0),
            gone: Mutex::default(),
            at_work: BusySet::default(),
            unfinished: give_back::Unfinished::default(),
        })
    }

    /// Counts a job as running; `None` while somebody is busy with its delivery.
    fn begin(&self, queues: &Queues, id: DeliveryId) -> Option<Busy> {
        let busy = if queues.unrecorded().contains(id) { None } else { self.at_work.add_new(id) };
        if busy.is_some() {
            self.begun.fetch_add(1, Ordering::SeqCst);
        }
        busy
    }

    fn gone(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.gone.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Default for Queues {
    fn default() -> Self {
        Self {
            message_delivery: Queue::new(),
            scheduled_messages: Queue::new(),
            unrecorded: BusySet::default(),
        }
    }
}

impl Queues {
    const fn queue(&self, name: Name) -> &Arc<Queue> {
        match name {
            Name::MessageDelivery => &self.message_delivery,
            Name::ScheduledMessages => &self.scheduled_messages,
        }
    }

    /// After jobs were committed.
    pub(crate) fn wake(&self, name: Name) {
        self.queue(name).claims.ring();
    }

    pub(crate) fn wake_all(&self) {
        Name::ALL.into_iter().for_each(|name| self.wake(name));
    }

    pub(crate) fn is_alive(&self, name: Name) -> bool {
        self.queue(name).alive.load(Ordering::SeqCst)
    }

    pub(crate) fn has_ready(&self, name: Name) -> bool {
        self.queue(name).claims.has_ready()
    }

    pub fn running(&self, name: Name) -> usize {
        self.queue(name).at_work.len()
    }

    fn at_work_ids(&self, name: Name) -> Vec<DeliveryId> {
        self.queue(name).at_work.ids()
    }

    /// The queue's worker with its running jobs, the longest first; `None` while there is no
    /// worker.
    pub(crate) fn worker(&self, name: Name) -> Option<Worker> {
        let queue = self.queue(name);
        let claims::Claimant { name, slots, claimed } = queue.claims.worker()?;
        let mut at_work = queue.at_work.for_how_long();
        at_work.sort_by_key(|(_, running)| std::cmp::Reverse(*running));
        Some(Worker { name, slots, claimed, at_work })
    }

    pub const fn unrecorded(&self) -> &BusySet {
        &self.unrecorded
    }

    /// Whether a delivery's job runs in either queue, or its result waits to be written: a `queued`
    /// one must then be left alone.
    pub(crate) fn is_busy(&self, id: DeliveryId) -> bool {
        Name::ALL.into_iter().any(|name| self.queue(name).at_work.contains(id))
            || self.unrecorded.contains(id)
    }

    /// The deliveries for which [`Self::is_busy`] is true.
    pub fn busy_ids(&self) -> Vec<DeliveryId> {
        let mut ids = self.unrecorded.ids();
        ids.extend(Name::ALL.into_iter().flat_map(|name| self.at_work_ids(name)));
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Worker {
    /// A new one after each start.
    pub(crate) name: String,
    pub(crate) slots: usize,
    /// Claimed and unbegun jobs.
    pub(crate) claimed: usize,
    /// The deliveries whose jobs run, each with its running time.
    pub(crate) at_work: Vec<(DeliveryId, Duration)>,
}

/// Enqueues a job for each delivery inside the caller's transaction; ring the bell after the
/// commit. A delivery that already has a job gets no second one.
pub(crate) async fn enqueue(conn: &mut Conn, queue: Name, new: &[New]) -> sqlx::Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let keys: Vec<_> = new.iter().map(|job| job.key).collect();
    // The row of an earlier, finished round would keep out the new one.
    store::jobs::remove(conn, queue.as_str(), &keys).await?;
    store::jobs::insert(conn, queue.as_str(), new).await
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Ready and not begun.
    pub waiting: i64,
    pub active: i64,
    /// Ended well and still in the table.
    pub completed: i64,
    /// Failed and still in the table.
    pub failed: i64,
}

/// Of both queues: delivery, scheduled.
pub async fn counts(store: &Store, queues: &Queues) -> sqlx::Result<[Counts; 2]> {
    let rows = store::jobs::counts(store.read(), &Name::STRS).await?;
    Ok(Name::ALL.map(|name| {
        let of = |statuses: &[&str]| -> i64 {
            rows.iter()
                .filter(|c| c.queue == name.as_str() && statuses.contains(&c.status.as_str()))
                .map(|c| c.jobs)
                .sum()
        };
        let open = of(&["Pending", "Queued"]);
        let active = i64::try_from(queues.running(name)).unwrap_or(0).min(open);
        Counts { waiting: open - active, active, completed: of(&["Done"]), failed: of(&["Failed"]) }
    }))
}
