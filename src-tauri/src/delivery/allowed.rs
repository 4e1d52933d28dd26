//! Keeps across restarts since when LINE has allowed the account nothing (403), so that no message
//! has to find it out again.

use crate::{core::Core, store::settings};

/// The name of the stored setting.
const NOT_ALLOWED_SINCE: &str = "channel.not_allowed_since";

/// Stores the present state in the background.
pub(super) fn keep(core: &Core) {
    let Some(core) = core.shared() else { return };
    core.background.clone().spawn(async move {
        if let Err(error) = store(&core).await {
            tracing::warn!(%error, "what LINE allows the account could not be stored");
        }
    });
}

async fn store(core: &Core) -> sqlx::Result<()> {
    let mut tx = core.store.begin().await?;
    // Read when nobody else writes: the last one that writes knows the last.
    let since = core.channel().not_allowed_since();
    settings::set(&mut tx, NOT_ALLOWED_SINCE, &since, core.now()).await?;
    tx.commit().await
}

/// Restores at the start what was stored last.
pub(crate) async fn recall(core: &Core) -> sqlx::Result<()> {
    let since = settings::get(core.store.read(), NOT_ALLOWED_SINCE).await?.flatten();
    core.channel().was_not_allowed(since);
    Ok(())
}
