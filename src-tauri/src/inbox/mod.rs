//! Works on what LINE told us and was stored: answers, words, signs of life, links; and fetches
//! what came with words. It sends nothing but free replies.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{core::Core, store::webhook_events};

mod batch;
mod code;
mod effects;
mod known;
mod link;
pub mod media;
pub mod menu;
pub mod openings;
mod press;
pub mod probe;
mod reach;
mod read;
mod received;
mod reply;
mod stranger;
mod watched;
mod words;

pub(crate) use code::{code_hash, code_of};
pub(crate) use link::{bind, entered, unbind};
pub(crate) use read::{Writer, mark_as_read};

/// The most events of one transaction: LINE waits for its answer while this one writes.
const MAX_BATCH: u32 = 50;

const MAX_WAIT: Duration = Duration::from_secs(60);

/// The least time between two tries while the database refuses.
const AFTER_AN_ERROR: Duration = Duration::from_secs(1);

/// Works on events until `stop`: when the bell rings, and when a waiting event is due.
pub(crate) async fn run(core: Arc<Core>, stop: CancellationToken) {
    // Strangers the program could not look up before it ended.
    stranger::meet(&core, Vec::new());
    loop {
        let wait = match drain(&core).await {
            Ok(_) => until_next(&core).await,
            Err(error) => {
                tracing::error!(%error, "webhook events could not be worked on; it is tried again");
                AFTER_AN_ERROR
            }
        };
        tokio::select! {
            () = core.inbox_bell.notified() => {}
            () = tokio::time::sleep(wait) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn until_next(core: &Core) -> Duration {
    match webhook_events::next_retry_at(core.store.read()).await {
        Ok(Some(at)) => {
            let ms = at.millis_since(core.now()).clamp(10, 60_000);
            Duration::from_millis(ms.unsigned_abs())
        }
        Ok(None) => MAX_WAIT,
        Err(_) => AFTER_AN_ERROR,
    }
}

/// Works on all stored events. Returns how many it worked on.
pub async fn drain(core: &Core) -> sqlx::Result<usize> {
    let mut all = 0;
    loop {
        let done = match batch::work(core, MAX_BATCH).await {
            Ok(done) => done,
            // One event that cannot be written must not hold up the others.
            Err(error) => {
                tracing::warn!(%error, "a batch of events failed; they are taken one by one");
                batch::one_by_one(core, MAX_BATCH).await?
            }
        };
        all += done;
        if done < MAX_BATCH as usize {
            return Ok(all);
        }
    }
}
