//! Sends the messages of one follow-up one after the other, in the order in which their jobs were
//! claimed, so that what is due at once arrives in the order of its steps. A message that LINE does
//! not take goes again later, and the others do not wait for it; nor do they wait long for one that
//! LINE does not answer, since a waiting message holds a worker.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::timeout};

use crate::ids::AssignmentId;

/// The longest wait for a turn. LINE answers a push within a few hundred milliseconds.
const MAX_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct Turns {
    state: Mutex<State>,
    changed: Notify,
    max_wait: Duration,
}

impl Default for Turns {
    fn default() -> Self {
        Self { state: Mutex::default(), changed: Notify::new(), max_wait: MAX_WAIT }
    }
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    /// Tickets whose follow-up is not known yet.
    unknown: BTreeSet<u64>,
    /// Tickets of each follow-up, in order; the first has its turn.
    lines: HashMap<AssignmentId, BTreeSet<u64>>,
}

/// Given back on drop.
pub(super) struct Ticket {
    turns: Arc<Turns>,
    number: u64,
    line: Option<AssignmentId>,
    goes: bool,
}

impl Turns {
    /// The place of a job that begins now, behind all that began before.
    pub(super) fn ticket(self: &Arc<Self>) -> Ticket {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.unknown.insert(number);
        Ticket { turns: Arc::clone(self), number, line: None, goes: false }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// Waits up to a second for messages of the same follow-up that began before; one without a
    /// follow-up does not wait. Returns whether it waited.
    pub(super) async fn turn(&mut self, of: Option<AssignmentId>) -> bool {
        if self.line != of || of.is_none() {
            let mut state = self.turns.state();
            state.unknown.remove(&self.number);
            self.line = of;
            if let Some(of) = of {
                state.lines.entry(of).or_default().insert(self.number);
            }
            drop(state);
            self.turns.changed.notify_waiters();
        }
        let Some(of) = of.filter(|_| !self.goes) else { return false };
        if self.is_first_of(of) {
            return false;
        }
        self.goes = timeout(self.turns.max_wait, self.first_of(of)).await.is_err();
        true
    }

    async fn first_of(&self, of: AssignmentId) {
        loop {
            let changed = self.turns.changed.notified();
            if self.is_first_of(of) {
                return;
            }
            changed.await;
        }
    }

    fn is_first_of(&self, of: AssignmentId) -> bool {
        let state = self.turns.state();
        // One that began before may be of the same follow-up.
        let all_are_known = state.unknown.first().is_none_or(|first| *first > self.number);
        all_are_known && state.lines.get(&of).and_then(BTreeSet::first) == Some(&self.number)
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.turns.state();
        state.unknown.remove(&self.number);
        if let Some(of) = self.line
            && let Some(line) = state.lines.get_mut(&of)
        {
            line.remove(&self.number);
            if line.is_empty() {
                state.lines.remove(&of);
            }
        }
        drop(state);
        self.turns.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures::poll;

    use super::*;
    use crate::clock::Timestamp;

    fn follow_ups() -> [Option<AssignmentId>; 2] {
        [0, 1].map(|ms| Some(AssignmentId::new(Timestamp::from_millis(ms))))
    }

    #[tokio::test]
    async fn one_follow_up_waits_for_itself_and_for_no_other() {
        let (turns, [one, other]) = (Arc::new(Turns::default()), follow_ups());
        let [mut first, mut second, mut third, mut fourth] = [(); 4].map(|()| turns.ticket());
        assert!(!first.turn(one).await);
        let mut after = Box::pin(second.turn(one));
        assert!(poll!(&mut after).is_pending());
        assert!(!third.turn(other).await && !fourth.turn(None).await);
        drop(first);
        assert!(after.await, "it waited");
        drop((second, third, fourth));
        let state = turns.state();
        assert!(state.unknown.is_empty() && state.lines.is_empty(), "nothing is kept of what is over");
    }

    #[tokio::test]
    async fn who_began_first_goes_first_though_it_is_known_later() {
        let (turns, [one, _]) = (Arc::new(Turns::default()), follow_ups());
        let [mut first, mut second] = [(); 2].map(|()| turns.ticket());
        let mut later = Box::pin(second.turn(one));
        assert!(poll!(&mut later).is_pending(), "the first may be of the same follow-up");
        assert!(!first.turn(one).await);
        assert!(poll!(&mut later).is_pending());
        drop(first);
        later.await;
    }

    #[tokio::test]
    async fn a_turn_that_does_not_come_is_waited_for_once_and_not_for_ever() {
        let turns = Arc::new(Turns { max_wait: Duration::ZERO, ..Turns::default() });
        let [one, _] = follow_ups();
        let [mut first, mut second] = [(); 2].map(|()| turns.ticket());
        assert!(!first.turn(one).await);
        assert!(second.turn(one).await);
        assert!(!second.turn(one).await, "it goes though the first is still on its way");
    }

    #[tokio::test]
    async fn whoever_began_and_came_to_nothing_is_waited_for_no_longer() {
        let (turns, [one, _]) = (Arc::new(Turns::default()), follow_ups());
        let [first, mut second] = [(); 2].map(|()| turns.ticket());
        let mut later = Box::pin(second.turn(one));
        assert!(poll!(&mut later).is_pending());
        drop(first);
        later.await;
    }
}
