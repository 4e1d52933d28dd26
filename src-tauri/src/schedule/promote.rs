//! Promotes scheduled messages whose time has come to the delivery queue; a recurring one enters
//! its next occurrence in the same transaction. Those of one moment share a transaction.

use std::{
    collections::HashSet,
    slice,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::repeat;
use crate::{
    core::Core,
    domain::delivery::State,
    error::trouble,
    ids::DeliveryId,
    queue::{self, Name},
    store::{
        deliveries,
        jobs::{self, End, Ended},
    },
    tasks::{Batcher, NoAnswer},
};

const MAX_BATCH: usize = 100;

/// Jobs after which finished ones are pruned; also whenever nothing more is ready.
const PRUNE_EVERY: usize = 200;

/// Whether a message was promoted; an error is its own where others of its moment succeeded.
type Promoted = Result<(), Arc<sqlx::Error>>;

/// Why a message was not promoted; nothing of it was changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotPromoted {
    #[error("the message could not be promoted")]
    Own(#[source] Arc<sqlx::Error>),
    #[error("nothing could be promoted")]
    All(#[from] NoAnswer<sqlx::Error>),
}

/// Promotes scheduled messages, batched where several ask at the same moment.
#[derive(Clone)]
pub(crate) struct Promoter(Arc<Batcher<DeliveryId, Promoted, sqlx::Error>>);

impl Promoter {
    pub(crate) fn start(core: &Arc<Core>) -> Self {
        let (working, unpruned) = (Arc::downgrade(core), Arc::new(AtomicUsize::new(0)));
        let work = move |ids: Vec<DeliveryId>| {
            let (core, unpruned) = (working.upgrade(), Arc::clone(&unpruned));
            async move {
                let core = core.ok_or(sqlx::Error::PoolClosed)?;
                promote_together(&core, &ids, &unpruned).await
            }
        };
        Self(Arc::new(Batcher::start(&core.supervisor, "promoter", MAX_BATCH, work)))
    }

    /// A second run is harmless: the message has its job by then, and the next occurrence its row.
    pub(crate) async fn promote(&self, id: DeliveryId) -> Result<(), NotPromoted> {
        fail::fail_point!("promotion-begun");
        self.0.ask(id).await?.map_err(NotPromoted::Own)
    }
}

/// Promotes those asked for, and with them what is claimed and waits for a slot.
async fn promote_together(
    core: &Core,
    asked: &[DeliveryId],
    unpruned: &AtomicUsize,
) -> sqlx::Result<Vec<Promoted>> {
    let mut along = core.queues.take_along(Name::ScheduledMessages, MAX_BATCH.saturating_sub(asked.len()));
    let ids: Vec<_> = asked.iter().copied().chain(along.ids()).collect();
    let mut promoted = promote_batch(core, &ids, unpruned).await?;
    let beside = promoted.split_off(asked.len());
    for (id, error) in along.ids().zip(&beside).filter_map(|(id, p)| Some((id, p.as_ref().err()?))) {
        tracing::error!(delivery = %id, %error, "the message could not be promoted");
    }
    let done: HashSet<_> = along.ids().zip(beside).filter_map(|(id, p)| p.ok().map(|()| id)).collect();
    along.done(|id| done.contains(&id));
    Ok(promoted)
}

/// Where one message can never be promoted, the others are.
async fn promote_batch(
    core: &Core,
    ids: &[DeliveryId],
    unpruned: &AtomicUsize,
) -> sqlx::Result<Vec<Promoted>> {
    match promote_all(core, ids, unpruned).await {
        Ok(()) => Ok(ids.iter().map(|_| Ok(())).collect()),
        Err(error) if ids.len() == 1 || trouble(&error).is_some() => Err(error),
        Err(_) => {
            let mut promoted = Vec::with_capacity(ids.len());
            for id in ids {
                promoted.push(promote_all(core, slice::from_ref(id), unpruned).await.map_err(Arc::new));
            }
            Ok(promoted)
        }
    }
}

async fn promote_all(core: &Core, ids: &[DeliveryId], unpruned: &AtomicUsize) -> sqlx::Result<()> {
    let now = core.now();
    let queue = Name::ScheduledMessages.as_str();
    let mut tx = core.store.begin().await?;
    let come = deliveries::come(&mut tx, ids).await?;
    let repeating: Vec<_> = come.iter().filter_map(|d| d.recurrence_id).collect();
    let due: Vec<_> = come
        .iter()
        .filter(|d| d.state == State::Queued)
        .map(|d| jobs::New { key: d.id, priority: d.priority })
        .collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &due).await?;
    repeat::enter_next(&mut tx, core, &repeating, now).await?;
    let end_of = |id| if due.iter().any(|job| job.key == id) { End::Done } else { End::Killed };
    let ended: Vec<_> = ids.iter().map(|id| Ended { key: *id, end: end_of(*id) }).collect();
    jobs::end(&mut tx, queue, &ended, now).await?;
    let claimed = queue::claim(&mut tx, &core.queues, Name::ScheduledMessages, now).await?;
    let finished = unpruned.fetch_add(ids.len(), Ordering::Relaxed) + ids.len();
    if finished >= PRUNE_EVERY || (claimed.is_none() && !core.queues.has_ready(Name::ScheduledMessages)) {
        let kept = &core.config.retention;
        jobs::keep_last(&mut tx, queue, kept.completed_jobs, kept.failed_jobs).await?;
        unpruned.store(0, Ordering::Relaxed);
    }
    tx.commit().await?;
    if let Some(claimed) = claimed {
        claimed.hand_out(&core.queues);
    }
    core.queues.wake(Name::MessageDelivery);
    core.tick_bell.notify_one();
    Ok(())
}
