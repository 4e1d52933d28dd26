//! Messages of one follow-up go one after the other, in the order in which their jobs are claimed:
//! what is due at once, or waited for the same pause to end, arrives in the order of its steps.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::ids::AssignmentId;

/// Follow-ups kept before those that nobody waits for are forgotten.
const KEPT: usize = 1_000;

/// Whose turn it is in each follow-up.
#[derive(Debug, Default)]
pub(super) struct Turns(std::sync::Mutex<HashMap<AssignmentId, Arc<Mutex<()>>>>);

/// A turn; it ends where this is dropped.
pub(super) struct Turn {
    _held: Option<OwnedMutexGuard<()>>,
    /// Whether others went before.
    pub(super) waited: bool,
}

impl Turns {
    /// Waits for those of a follow-up that asked before; nothing waits that belongs to none.
    pub(super) async fn wait(&self, of: Option<AssignmentId>) -> Turn {
        let Some(of) = of else { return Turn { _held: None, waited: false } };
        let line = self.line_of(of);
        match Arc::clone(&line).try_lock_owned() {
            Ok(held) => Turn { _held: Some(held), waited: false },
            // First come, first served.
            Err(_) => Turn { _held: Some(line.lock_owned().await), waited: true },
        }
    }

    fn line_of(&self, of: AssignmentId) -> Arc<Mutex<()>> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() > KEPT {
            lines.retain(|_, line| Arc::strong_count(line) > 1);
        }
        Arc::clone(lines.entry(of).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[tokio::test]
    async fn one_follow_up_waits_for_itself_and_for_no_other() {
        let turns = Turns::default();
        let [one, other] = [0, 1].map(|ms| Some(AssignmentId::new(Timestamp::from_millis(ms))));
        let first = turns.wait(one).await;
        assert!(!first.waited && !turns.wait(other).await.waited && !turns.wait(None).await.waited);
        let mut second = Box::pin(turns.wait(one));
        assert!(futures::poll!(&mut second).is_pending());
        drop(first);
        assert!(second.await.waited);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_forgotten() {
        let turns = Turns::default();
        let held = turns.wait(Some(AssignmentId::new(Timestamp::from_millis(0)))).await;
        for ms in 1..=2_500 {
            turns.wait(Some(AssignmentId::new(Timestamp::from_millis(ms)))).await;
        }
        let kept = turns.0.lock().expect("nobody panicked").len();
        assert!(kept <= KEPT + 1, "{kept}");
        drop(held);
    }
}
