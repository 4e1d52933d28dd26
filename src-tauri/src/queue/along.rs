//! Claimed jobs that a running one does beside its own, in its transaction: work of a moment then
//! shares one wait for the disk, however few slots the worker has.

use std::sync::Arc;

use super::{Busy, Name, Queue, Queues};
use crate::ids::DeliveryId;

/// Given back like failed ones, except those said to be done.
#[must_use = "what is dropped runs again"]
pub(crate) struct Along {
    queue: Arc<Queue>,
    jobs: Vec<Busy>,
}

impl Queues {
    /// Takes up to `limit` claimed jobs that no slot has begun, in the order of their claims.
    pub(crate) fn take_along(&self, name: Name, limit: usize) -> Along {
        let queue = Arc::clone(self.queue(name));
        let mut jobs = Vec::new();
        while jobs.len() < limit {
            let Some(id) = queue.claims.take() else { break };
            match queue.begin(self, id) {
                Some(busy) => jobs.push(busy),
                None => queue.unfinished.postponed(id),
            }
        }
        Along { queue, jobs }
    }
}

impl Along {
    pub(crate) fn ids(&self) -> impl Iterator<Item = DeliveryId> {
        self.jobs.iter().map(Busy::id)
    }

    /// Ends the jobs whose ends were committed.
    pub(crate) fn done(&mut self, is_done: impl Fn(DeliveryId) -> bool) {
        self.jobs.retain(|job| {
            let done = is_done(job.id());
            if done {
                self.queue.unfinished.done(job.id());
            }
            !done
        });
    }
}

impl Drop for Along {
    fn drop(&mut self) {
        for job in self.jobs.drain(..) {
            tracing::error!(delivery = %job.id(), "a job could not be done beside another; it runs again");
            self.queue.unfinished.failed(job);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn new_id() -> DeliveryId {
        DeliveryId::new(Timestamp::from_millis(0))
    }

    fn ready(queues: &Queues, jobs: &[DeliveryId]) {
        let claims = &queues.queue(Name::ScheduledMessages).claims;
        claims.open("worker", 1);
        claims.hand_out("worker", jobs.to_vec());
    }

    #[test]
    fn claimed_jobs_are_taken_along_in_their_order_up_to_the_limit() {
        let queues = Queues::default();
        let jobs: Vec<_> = (0..5).map(|_| new_id()).collect();
        ready(&queues, &jobs);
        let mut along = queues.take_along(Name::ScheduledMessages, 3);
        assert_eq!(along.ids().collect::<Vec<_>>(), jobs[..3]);
        assert!(jobs[..3].iter().all(|id| queues.is_busy(*id)), "nobody else takes them up");
        along.done(|_| true);
        drop(along);
        assert_eq!(queues.busy_ids(), []);
        assert!(queues.has_ready(Name::ScheduledMessages), "the others wait for their slot");
    }

    #[test]
    fn what_was_not_done_stays_busy_until_it_is_given_back() {
        let queues = Queues::default();
        let jobs = [new_id(), new_id()];
        ready(&queues, &jobs);
        let mut along = queues.take_along(Name::ScheduledMessages, 10);
        along.done(|id| id == jobs[0]);
        drop(along);
        assert_eq!(queues.busy_ids(), [jobs[1]]);
    }

    #[test]
    fn a_delivery_somebody_is_busy_with_is_not_taken_along() {
        let queues = Queues::default();
        let jobs = [new_id(), new_id()];
        ready(&queues, &jobs);
        let _busy = queues.unrecorded().add(jobs[0]);
        let along = queues.take_along(Name::ScheduledMessages, 10);
        assert_eq!(along.ids().collect::<Vec<_>>(), [jobs[1]]);
    }
}
