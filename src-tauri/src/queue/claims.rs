//! Claiming: how jobs get from the queue's table to its worker. They are claimed in the transaction
//! that records earlier results where there is one, else in one of their own, so a busy queue needs
//! no transaction for its claims.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use apalis::prelude::*;
use apalis_core::{
    backend::{Backend, BackendConfig, finalize::Ephemeral},
    layers::Identity,
    task::task_id::RandomId,
};
use futures::task::AtomicWaker;
use tokio::sync::Notify;

use super::{Name, Queues};
use crate::{
    clock::{SharedClock, Timestamp},
    ids::DeliveryId,
    store::{self, Conn, Store},
};

/// How often a worker looks without being called. The bell rings after every commit that enqueues;
/// this heals what slipped through (another process wrote, for example).
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How far ahead jobs are claimed, at the present rate: longer than a transaction takes on a busy
/// disk, short enough for an urgent message to overtake.
const AHEAD: Duration = Duration::from_millis(100);

/// The most jobs claimed ahead: a message claimed when the power goes may have been sent.
const MAX_AHEAD: usize = 256;

#[derive(Debug, Default)]
pub(super) struct Claims {
    state: Mutex<State>,
    /// Wakes the worker when a job is ready.
    waker: AtomicWaker,
    /// Wakes the claimer when jobs may be in the table or slots are free.
    bell: Notify,
    /// Whether the table may hold more than was claimed.
    may_be_more: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    /// The worker that claims; `None` while none does.
    worker: Option<Claimer>,
    ready: VecDeque<DeliveryId>,
}

#[derive(Debug)]
struct Claimer {
    name: String,
    slots: usize,
    begun: usize,
    since: Instant,
    ahead: usize,
}

pub(super) struct Claimant {
    pub(super) name: String,
    pub(super) slots: usize,
    /// Claimed and not begun.
    pub(super) claimed: usize,
}

impl Claims {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn open(&self, name: &str, slots: usize) {
        let ahead = slots * 2;
        let worker = Claimer { name: name.to_owned(), slots, begun: 0, since: Instant::now(), ahead };
        *self.state() = State { worker: Some(worker), ready: VecDeque::new() };
        self.ring();
    }

    /// Ends claiming; unbegun jobs are given back, now or at the next start.
    pub(super) fn close(&self) {
        *self.state() = State::default();
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.state().ready.is_empty()
    }

    pub(super) fn worker(&self) -> Option<Claimant> {
        let state = self.state();
        let worker = state.worker.as_ref()?;
        Some(Claimant { name: worker.name.clone(), slots: worker.slots, claimed: state.ready.len() })
    }

    /// Says that jobs were committed to the table.
    pub(super) fn ring(&self) {
        self.may_be_more.store(true, Ordering::SeqCst);
        self.bell.notify_one();
    }

    /// The claiming worker, and how many jobs it has room for; `None` without room, worker or jobs.
    fn room(&self) -> Option<(String, usize)> {
        if !self.may_be_more.load(Ordering::SeqCst) {
            return None;
        }
        let mut state = self.state();
        let ready = state.ready.len();
        let worker = state.worker.as_mut()?;
        let room = worker.ahead().saturating_sub(ready);
        (room > 0).then(|| (worker.name.clone(), room))
    }

    /// Hands claimed jobs to the worker; nothing where another one has replaced it.
    pub(super) fn hand_out(&self, worker: &str, claimed: Vec<DeliveryId>) {
        let mut state = self.state();
        if state.worker.as_ref().is_some_and(|w| w.name == worker) {
            state.ready.extend(claimed);
            drop(state);
            self.waker.wake();
        }
    }

    pub(super) fn take(&self) -> Option<DeliveryId> {
        let mut state = self.state();
        let next = state.ready.pop_front();
        let is_low = state.ready.len() < state.worker.as_ref().map_or(0, |w| w.slots);
        if let Some(worker) = state.worker.as_mut().filter(|_| next.is_some()) {
            worker.begun += 1;
        }
        drop(state);
        if is_low && self.may_be_more.load(Ordering::SeqCst) {
            self.bell.notify_one();
        }
        next
    }
}

impl Claimer {
    /// How many jobs should be ready: as many as the slots begin within [`AHEAD`], at least two for
    /// each.
    fn ahead(&mut self) -> usize {
        let took = self.since.elapsed();
        if took >= AHEAD / 4 {
            let at_this_rate = self.begun * AHEAD.as_millis() as usize / took.as_millis().max(1) as usize;
            self.ahead = at_this_rate.clamp(self.slots * 2, MAX_AHEAD.max(self.slots * 2));
            (self.begun, self.since) = (0, Instant::now());
        }
        self.ahead
    }
}

/// Jobs claimed in a transaction that is not committed yet.
#[must_use = "what is claimed and not handed out waits for the next start"]
pub(crate) struct Claimed {
    name: Name,
    worker: String,
    jobs: Vec<DeliveryId>,
}

impl Claimed {
    pub(crate) fn ids(&self) -> &[DeliveryId] {
        &self.jobs
    }

    /// After the commit.
    pub(crate) fn hand_out(self, queues: &Queues) {
        queues.queue(self.name).claims.hand_out(&self.worker, self.jobs);
    }
}

/// Claims the jobs the queue's worker has room for, inside the caller's transaction.
pub(crate) async fn claim(
    conn: &mut Conn,
    queues: &Queues,
    name: Name,
    now: Timestamp,
) -> sqlx::Result<Option<Claimed>> {
    let claims = &queues.queue(name).claims;
    let Some((worker, room)) = claims.room() else { return Ok(None) };
    // A bell from here on is heard at the next look.
    claims.may_be_more.store(false, Ordering::SeqCst);
    let limit = u32::try_from(room).unwrap_or(u32::MAX);
    let jobs = match store::jobs::claim(conn, name.as_str(), &worker, limit, now).await {
        Ok(jobs) => jobs,
        Err(error) => {
            claims.may_be_more.store(true, Ordering::SeqCst);
            return Err(error);
        }
    };
    if jobs.len() >= room {
        claims.may_be_more.store(true, Ordering::SeqCst);
    }
    Ok((!jobs.is_empty()).then_some(Claimed { name, worker, jobs }))
}

/// Claims in transactions of its own whenever the worker runs low and nobody else has claimed
/// for it.
pub(super) async fn run(store: &Store, clock: &SharedClock, queues: &Queues, name: Name) -> sqlx::Result<()> {
    let claims = &queues.queue(name).claims;
    let mut look = tokio::time::interval(LOOK_EVERY);
    loop {
        tokio::select! {
            () = claims.bell.notified() => {}
            _ = look.tick() => claims.may_be_more.store(true, Ordering::SeqCst),
        }
        if claims.room().is_none() {
            continue;
        }
        let mut tx = store.begin().await?;
        let claimed = claim(&mut tx, queues, name, clock.now()).await;
        if claimed.is_err() {
            claims.may_be_more.store(true, Ordering::SeqCst);
        }
        if let Some(claimed) = claimed? {
            if let Err(error) = tx.commit().await {
                claims.may_be_more.store(true, Ordering::SeqCst);
                return Err(error);
            }
            claimed.hand_out(queues);
        }
    }
}

pub(super) struct ClaimedJobs {
    queues: Queues,
    name: Name,
}

impl ClaimedJobs {
    pub(super) const fn new(queues: Queues, name: Name) -> Self {
        Self { queues, name }
    }
}

impl Backend for ClaimedJobs {
    type Task = Task<DeliveryId>;
    type Error = std::convert::Infallible;

    fn poll_ready(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
        _: &WorkerContext,
    ) -> Poll<Option<Result<Self::Task, Self::Error>>> {
        let claims = &self.queues.queue(self.name).claims;
        // Before the look, so that a job handed out in between wakes this worker.
        claims.waker.register(cx.waker());
        match claims.take() {
            Some(id) => Poll::Ready(Some(Ok(Task::new(id)))),
            None => Poll::Pending,
        }
    }

    fn poll_close(&mut self, _: &mut Context<'_>, _: &WorkerContext) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }
}

impl BackendConfig for ClaimedJobs {
    type Args = DeliveryId;
    type Id = RandomId;
    type Kind = Ephemeral;
    type Config = ();
    type Layer = Identity;

    fn config(&self) -> &Self::Config {
        &()
    }

    fn middleware(&mut self, _: &mut WorkerContext) -> Self::Layer {
        Identity::new()
    }
}
