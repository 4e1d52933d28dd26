//! Reads what the gate needs to know: jobs that begin at the same moment share one query.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::{
    ids::DeliveryId,
    store::{
        Store,
        deliveries::{self, Facts},
    },
    tasks::Supervisor,
};

/// Most deliveries read in one go.
const BATCH: usize = 100;

/// What is to be sent could not be read; the cause was logged once for all that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is to be sent could not be read")]
pub(super) struct Unread;

type Answer = oneshot::Sender<Result<Option<Facts>, Unread>>;

/// Asks the reader.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    questions: mpsc::Sender<(DeliveryId, bool, Answer)>,
}

impl Reader {
    /// Starts the reader; it ends when the last asker is gone. Whoever waits while it
    /// panics gets an error.
    pub(super) fn start(store: Store, supervisor: &Supervisor) -> Self {
        let (questions, asked) = mpsc::channel(BATCH);
        let asked = Arc::new(Mutex::new(asked));
        supervisor.spawn("reader", move || {
            let (store, asked) = (store.clone(), Arc::clone(&asked));
            async move {
                let (mut asked, mut batch) = (asked.lock().await, Vec::with_capacity(BATCH));
                while asked.recv_many(&mut batch, BATCH).await > 0 {
                    answer(&store, batch.drain(..)).await;
                }
                Ok(())
            }
        });
        Self { questions }
    }

    /// The facts of one delivery; `None` when it is gone.
    pub(super) async fn facts(&self, id: DeliveryId, with_pace: bool) -> Result<Option<Facts>, Unread> {
        let (answer, answered) = oneshot::channel();
        self.questions.send((id, with_pace, answer)).await.map_err(|_| Unread)?;
        answered.await.map_err(|_| Unread)?
    }
}

async fn answer(store: &Store, batch: impl Iterator<Item = (DeliveryId, bool, Answer)>) {
    fail::fail_point!("reader-reads");
    let (mut ids, mut answers, mut with_pace) = (Vec::new(), Vec::new(), false);
    for (id, pace, answer) in batch {
        ids.push(id);
        answers.push((id, answer));
        with_pace |= pace;
    }
    match deliveries::facts(store.delivery_read(), &ids, with_pace).await {
        Ok(rows) => {
            let mut found: HashMap<_, _> = rows.into_iter().map(|f| (f.id, f)).collect();
            for (id, answer) in answers {
                let _ = answer.send(Ok(found.remove(&id)));
            }
        }
        Err(error) => {
            tracing::error!(%error, deliveries = ids.len(), "could not read what is to be sent");
            for (_, answer) in answers {
                let _ = answer.send(Err(Unread));
            }
        }
    }
}
