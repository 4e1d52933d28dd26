//! Keeps across restarts since when LINE has allowed the account nothing (403), so that no message
//! has to find it out again.

use crate::{
    clock::Timestamp,
    core::Core,
    store::{Conn, settings},
};

const NOT_ALLOWED_SINCE: &str = "channel.not_allowed_since";

/// In the transaction of the outcomes that showed it.
pub(super) async fn keep(conn: &mut Conn, since: Option<Timestamp>, now: Timestamp) -> sqlx::Result<()> {
    settings::set(conn, NOT_ALLOWED_SINCE, &since, now).await
}

pub(crate) async fn recall(core: &Core) -> sqlx::Result<()> {
    let since = settings::get(core.store.read(), NOT_ALLOWED_SINCE).await?.flatten();
    core.channel().was_not_allowed(since);
    Ok(())
}
