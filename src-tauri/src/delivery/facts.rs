//! Reads the facts the gate decides by: with the claim of the job where that was just now, else when
//! the job begins. Jobs that begin at the same moment share one query.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    ids::DeliveryId,
    queue::InProgress,
    store::{
        Conn, Store,
        deliveries::{self, Facts},
    },
    tasks::{Batcher, NoAnswer, Supervisor},
};

const MAX_BATCH: usize = 100;

/// The facts could not be read; the log has the cause once for all that asked.
#[derive(Debug, thiserror::Error)]
#[error("what is to be sent could not be read")]
pub(super) struct Unread(#[from] NoAnswer<sqlx::Error>);

struct Question {
    id: DeliveryId,
    with_pace: bool,
}

#[derive(Clone)]
pub(super) struct Reader(Arc<Batcher<Question, Option<Facts>, sqlx::Error>>);

impl Reader {
    /// A caller that waits while it panics gets an error.
    pub(super) fn start(store: Store, supervisor: &Supervisor) -> Self {
        Self(Arc::new(Batcher::start(supervisor, "reader", MAX_BATCH, move |questions| {
            let store = store.clone();
            async move { read(&store, &questions).await }
        })))
    }

    /// `None` when it is gone.
    pub(super) async fn facts(&self, id: DeliveryId, with_pace: bool) -> Result<Option<Facts>, Unread> {
        Ok(self.0.ask(Question { id, with_pace }).await?)
    }
}

async fn read(store: &Store, questions: &[Question]) -> sqlx::Result<Vec<Option<Facts>>> {
    fail::fail_point!("reader-reads");
    let ids: Vec<_> = questions.iter().map(|q| q.id).collect();
    let with_pace = questions.iter().any(|q| q.with_pace);
    let rows = deliveries::facts(store.delivery_read(), &ids, with_pace).await.inspect_err(|error| {
        tracing::error!(%error, deliveries = ids.len(), "could not read what is to be sent");
    })?;
    let mut found: HashMap<_, _> = rows.into_iter().map(|f| (f.id, f)).collect();
    Ok(ids.iter().map(|id| found.remove(id)).collect())
}

/// How long facts read with a claim count as new. A busy queue begins a job within a tenth of a
/// second of its claim.
const FRESH: Duration = Duration::from_millis(200);

/// The facts of a delivery, and the number of acts of staff that had ended when they were read.
#[derive(Debug)]
pub(super) struct FactsSeen {
    pub(super) facts: Facts,
    /// As [`InProgress::seen`] tells.
    pub(super) seen: u64,
}

#[derive(Debug)]
pub(super) struct EarlyFacts {
    of: FactsSeen,
    read_at: Instant,
}

/// The facts of jobs that were claimed and have not begun; clones share it. The transaction of the
/// claim has the rows in its cache; a connection of its own would read each page again.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadEarly(Arc<Mutex<HashMap<DeliveryId, EarlyFacts>>>);

impl ReadEarly {
    fn lock(&self) -> MutexGuard<'_, HashMap<DeliveryId, EarlyFacts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the facts of a job that begins; `None` where they must be read.
    pub(super) fn take(&self, id: DeliveryId) -> Option<FactsSeen> {
        let kept = self.lock().remove(&id).filter(|early| early.read_at.elapsed() < FRESH);
        kept.map(|early| early.of)
    }

    /// Forgets the facts of deliveries whose outcome is recorded: they stand otherwise since.
    pub(super) fn forget(&self, recorded: impl IntoIterator<Item = DeliveryId>) {
        let mut kept = self.lock();
        for id in recorded {
            kept.remove(&id);
        }
    }

    pub(super) fn keep(&self, read: Vec<EarlyFacts>) {
        let mut kept = self.lock();
        // Jobs that were given back unbegun.
        kept.retain(|_, early| early.read_at.elapsed() < FRESH);
        kept.extend(read.into_iter().map(|early| (early.of.facts.id, early)));
    }
}

/// Reads the facts of jobs claimed in this transaction; nothing where a row cannot be decoded, which
/// its own job then reports.
pub(super) async fn read_early(
    conn: &mut Conn,
    claimed: &[DeliveryId],
    acts: &InProgress,
) -> sqlx::Result<Vec<EarlyFacts>> {
    let (seen, read_at) = (acts.seen(), Instant::now());
    let early = |facts| EarlyFacts { of: FactsSeen { facts, seen }, read_at };
    match deliveries::facts(conn, claimed, false).await {
        Ok(read) => Ok(read.into_iter().map(early).collect()),
        Err(sqlx::Error::Decode(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    fn read(age: Duration) -> EarlyFacts {
        let read_at = Instant::now().checked_sub(age).expect("the machine is up for longer");
        let of = FactsSeen { facts: Facts::of_a_message(Timestamp::from_millis(1)), seen: 7 };
        EarlyFacts { of, read_at }
    }

    #[test]
    fn what_was_read_with_a_claim_is_given_once() {
        let (early, one) = (ReadEarly::default(), read(Duration::ZERO));
        let id = one.of.facts.id;
        early.keep(vec![one]);
        assert_eq!(early.take(id).map(|early| early.seen), Some(7));
        assert!(early.take(id).is_none(), "a second run of the job reads anew");
    }

    #[test]
    fn what_was_read_before_an_outcome_was_recorded_is_read_again() {
        let (early, one) = (ReadEarly::default(), read(Duration::ZERO));
        let id = one.of.facts.id;
        early.keep(vec![one]);
        early.forget([id]);
        assert!(early.take(id).is_none());
    }

    #[test]
    fn what_was_read_too_long_ago_is_read_again_and_not_kept() {
        let (early, old) = (ReadEarly::default(), read(FRESH));
        let id = old.of.facts.id;
        early.keep(vec![old]);
        assert!(early.take(id).is_none());
        early.keep(vec![read(FRESH)]);
        early.keep(Vec::new());
        assert!(early.lock().is_empty());
    }
}
