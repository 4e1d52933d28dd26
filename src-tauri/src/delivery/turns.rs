//! Messages of one follow-up go one after the other, in the order in which their jobs were claimed:
//! what is due at once, or waited for the same pause to end, arrives in the order of its steps. One
//! that LINE does not take goes again later, and the others do not wait for that.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::ids::AssignmentId;

/// Whose turn it is in each follow-up.
#[derive(Debug, Default)]
pub(super) struct Turns {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    next: u64,
    /// Tickets of which nobody knows yet to which follow-up they belong.
    unknown: BTreeSet<u64>,
    /// Tickets of each follow-up; the first has its turn.
    lines: HashMap<AssignmentId, BTreeSet<u64>>,
}

/// A place in the order of claims, given back where it is dropped.
pub(super) struct Ticket {
    turns: Arc<Turns>,
    number: u64,
    line: Option<AssignmentId>,
}

impl Turns {
    /// The place of a job that begins, after all that began before.
    pub(super) fn ticket(self: &Arc<Self>) -> Ticket {
        let mut state = self.state();
        let number = state.next;
        state.next += 1;
        state.unknown.insert(number);
        Ticket { turns: Arc::clone(self), number, line: None }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// Waits for those of the same follow-up that began before; what belongs to none has no one to
    /// wait for. Whether it waited.
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
        let Some(of) = of else { return false };
        let mut waited = false;
        loop {
            let changed = self.turns.changed.notified();
            if self.is_first_of(of) {
                return waited;
            }
            waited = true;
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
    async fn whoever_began_and_came_to_nothing_is_waited_for_no_longer() {
        let (turns, [one, _]) = (Arc::new(Turns::default()), follow_ups());
        let [first, mut second] = [(); 2].map(|()| turns.ticket());
        let mut later = Box::pin(second.turn(one));
        assert!(poll!(&mut later).is_pending());
        drop(first);
        later.await;
    }
}
