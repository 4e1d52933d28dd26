//! Since when LINE has allowed the account nothing (403), kept over the end of the program: no
//! message may follow soon that would find it out again.

use crate::{core::Core, store::settings};

/// The name of the setting it is stored in.
const NOT_ALLOWED_SINCE: &str = "channel.not_allowed_since";

/// Stores what is known now, beside whoever calls.
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

/// Recalls at the start what was known at the end.
///
/// # Errors
/// The database failed.
pub(crate) async fn recall(core: &Core) -> sqlx::Result<()> {
    let since = settings::get(core.store.read(), NOT_ALLOWED_SINCE).await?.flatten();
    core.channel().was_not_allowed(since);
    Ok(())
}
