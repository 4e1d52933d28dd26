//! Reads what the gate needs to know: jobs that begin at the same moment share one query.

use std::{collections::HashMap, sync::Arc};

use crate::{
    ids::DeliveryId,
    store::{
        Store,
        deliveries::{self, Facts},
    },
    tasks::{Batcher, NoAnswer, Supervisor},
};

/// Deliveries whose facts one query reads.
const MAX_BATCH: usize = 100;

/// What is to be sent could not be read; the log has the cause once for all that asked.
#[derive(Debug, thiserror::Error)]
#[error("what is to be sent could not be read")]
pub(super) struct Unread(#[from] NoAnswer<sqlx::Error>);

/// A delivery, and whether the pace of its patient counts.
struct Question {
    id: DeliveryId,
    with_pace: bool,
}

#[derive(Clone)]
pub(super) struct Reader(Arc<Batcher<Question, Option<Facts>, sqlx::Error>>);

impl Reader {
    /// Starts the reader. Whoever waits while it panics gets an error.
    pub(super) fn start(store: Store, supervisor: &Supervisor) -> Self {
        Self(Arc::new(Batcher::start(supervisor, "reader", MAX_BATCH, move |questions| {
            let store = store.clone();
            async move { read(&store, &questions).await }
        })))
    }

    /// The facts of one delivery; `None` when it is gone.
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
