//! The messages being sent, and the acts of staff on them. Nothing begins between an act's decision
//! and its commit, nor from facts read before the commit: a message that was not on its way when
//! somebody cancelled it does not go afterwards.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::ids::{AssignmentId, DeliveryId, PatientId};

const MAX_ENDED: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Message(DeliveryId),
    Assignment(AssignmentId),
    Patient(PatientId),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject {
    pub(crate) id: DeliveryId,
    pub(crate) assignment_id: Option<AssignmentId>,
    pub(crate) patient_id: PatientId,
}

impl Scope {
    fn concerns(self, subject: &Subject) -> bool {
        match self {
            Self::Message(id) => subject.id == id,
            Self::Assignment(id) => subject.assignment_id == Some(id),
            Self::Patient(id) => subject.patient_id == id,
        }
    }
}

/// Acts and sends under way; clones share them.
#[derive(Clone, Debug, Default)]
pub struct InProgress(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    act_ended: Notify,
}

#[derive(Debug, Default)]
struct State {
    sending: HashMap<DeliveryId, Subject>,
    acts: HashMap<u64, Scope>,
    /// With the number of each end.
    ended: VecDeque<(u64, Scope)>,
    count: u64,
}

impl State {
    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    /// Whether an act that concerns `subject` ended after `seen`, as far as is remembered.
    fn changed_since(&self, seen: u64, subject: &Subject) -> bool {
        let forgotten = self.ended.len() >= MAX_ENDED && self.ended.front().is_some_and(|(at, _)| seen < *at);
        forgotten
            || self.ended.iter().rev().take_while(|(at, _)| *at > seen).any(|(_, s)| s.concerns(subject))
    }
}

impl InProgress {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A number to take before the facts of a delivery are read; see [`Self::begin`].
    pub(crate) fn seen(&self) -> u64 {
        self.state().count
    }

    /// Begins to send, once no act that concerns the delivery is under way. `None` when one ended
    /// after `seen`: the facts are outdated, and have to be read again.
    pub(crate) async fn begin(&self, subject: Subject, seen: u64) -> Option<Sending> {
        loop {
            let act_ended = self.0.act_ended.notified();
            tokio::pin!(act_ended);
            // Registered before the look, so that no end in between is missed.
            act_ended.as_mut().enable();
            {
                let mut state = self.state();
                if state.changed_since(seen, &subject) {
                    return None;
                }
                if !state.acts.values().any(|act| act.concerns(&subject)) {
                    state.sending.insert(subject.id, subject);
                    return Some(Sending { registry: self.clone(), id: subject.id });
                }
            }
            act_ended.await;
        }
    }

    /// Begins an act of staff inside its transaction; keep it until the commit.
    pub(crate) fn act(&self, scope: Scope) -> Act {
        let mut state = self.state();
        let number = state.next();
        state.acts.insert(number, scope);
        Act { registry: self.clone(), number, scope }
    }

    pub fn sending(&self, scope: Scope) -> Vec<DeliveryId> {
        self.state().sending.values().filter(|s| scope.concerns(s)).map(|s| s.id).collect()
    }
}

#[derive(Debug)]
pub(crate) struct Sending {
    registry: InProgress,
    id: DeliveryId,
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.registry.state().sending.remove(&self.id);
    }
}

#[derive(Debug)]
#[must_use = "it is to be kept until the commit"]
pub(crate) struct Act {
    registry: InProgress,
    number: u64,
    scope: Scope,
}

impl Act {
    /// The messages being sent that this concerns; no more begin while it is under way.
    pub(crate) fn sending(&self) -> Vec<DeliveryId> {
        self.registry.sending(self.scope)
    }
}

impl Drop for Act {
    fn drop(&mut self) {
        {
            let mut state = self.registry.state();
            state.acts.remove(&self.number);
            let end = state.next();
            state.ended.push_back((end, self.scope));
            if state.ended.len() > MAX_ENDED {
                state.ended.pop_front();
            }
        }
        self.registry.0.act_ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;
    use crate::clock::Timestamp;

    fn subject() -> Subject {
        let now = Timestamp::from_millis(0);
        Subject { id: DeliveryId::new(now), assignment_id: None, patient_id: PatientId::new(now) }
    }

    #[tokio::test]
    async fn an_act_sees_what_is_on_its_way_and_nothing_begins_beside_it() {
        let registry = InProgress::default();
        let (one, other) = (subject(), subject());
        let sending = registry.begin(one, registry.seen()).await.expect("it begins");
        let act = registry.act(Scope::Patient(one.patient_id));
        assert_eq!(act.sending(), [one.id]);
        drop(sending);
        let mut again = Box::pin(registry.begin(one, registry.seen()));
        assert!(again.as_mut().now_or_never().is_none());
        assert!(registry.begin(other, registry.seen()).await.is_some());
        drop(act);
        assert!(again.await.is_none(), "what was read before the commit is old");
        assert!(registry.begin(one, registry.seen()).await.is_some());
    }

    #[tokio::test]
    async fn facts_older_than_what_is_remembered_are_read_again() {
        let registry = InProgress::default();
        let seen = registry.seen();
        for _ in 0..=MAX_ENDED {
            drop(registry.act(Scope::Message(subject().id)));
        }
        assert!(registry.begin(subject(), seen).await.is_none());
        assert!(registry.begin(subject(), registry.seen()).await.is_some());
    }
}
