//! Recounts the statistics, a day at a time, after the clinic moved to another zone or rows of the
//! log were removed. A recount that is cut off continues at the next start.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{core::Core, store::statistics};

const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Recounts at the start and whenever the bell rings, until `stop`.
pub(crate) async fn run(core: Arc<Core>, stop: CancellationToken) {
    loop {
        let counted = tokio::select! {
            counted = all(&core) => counted,
            () = stop.cancelled() => return,
        };
        let again = async {
            if let Err(error) = counted {
                tracing::error!(%error, "the statistics could not be counted anew; it goes on");
                tokio::time::sleep(AGAIN_AFTER).await;
            } else {
                core.recount_bell.notified().await;
            }
        };
        tokio::select! {
            () = again => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Recounts every day that is left. Returns how many. Each is a transaction of its own, and others
/// write in between.
pub async fn all(core: &Core) -> sqlx::Result<usize> {
    let mut days = 0;
    loop {
        let mut tx = core.store.begin().await?;
        let more = statistics::recount_day(&mut tx, core.now()).await?;
        tx.commit().await?;
        if !more {
            return Ok(days);
        }
        days += 1;
    }
}
