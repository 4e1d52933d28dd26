//! What waits to be recorded, in batches.

use std::time::Duration;

use tokio::{sync::mpsc, time::Instant};

use super::report::Report;
use crate::queue::Busy;

/// The least time from the begin of one transaction to the next, so that more reports share one. A
/// transaction costs the same for one report as for fifty, and nobody waits for it.
const GATHER: Duration = Duration::from_millis(20);

pub(super) type Waiting = (Report, Busy);

/// The recorder's work list; it outlives a panic.
pub(super) struct Backlog {
    pub(super) received: mpsc::Receiver<Waiting>,
    next: Vec<Waiting>,
    pub(super) batch: Vec<Report>,
    pub(super) busy: Vec<Busy>,
    /// Whether the batch is on disk; the steps after the commit may have been cut short.
    pub(super) is_written: bool,
    pub(super) unpruned: usize,
    taken_at: Option<Instant>,
}

impl Backlog {
    pub(super) fn new(received: mpsc::Receiver<Waiting>) -> Self {
        let (next, batch, busy) = (Vec::new(), Vec::new(), Vec::new());
        Self { received, next, batch, busy, is_written: false, unpruned: 0, taken_at: None }
    }

    /// Takes up to `max` waiting reports, at least [`GATHER`] after the last time. `false` when no
    /// more will come.
    pub(super) async fn take_up(&mut self, max: usize) -> bool {
        if self.next.is_empty() && self.received.recv_many(&mut self.next, max).await == 0 {
            return false;
        }
        if let Some(taken_at) = self.taken_at {
            tokio::time::sleep_until(taken_at + GATHER).await;
        }
        while self.next.len() < max
            && let Ok(another) = self.received.try_recv()
        {
            self.next.push(another);
        }
        self.taken_at = Some(Instant::now());
        (self.batch, self.busy) = self.next.drain(..).unzip();
        true
    }

    pub(super) fn clear(&mut self) {
        self.batch.clear();
        self.busy.clear();
        self.is_written = false;
    }
}
