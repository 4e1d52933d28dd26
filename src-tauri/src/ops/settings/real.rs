//! Whether a folder is in real use, with the real LINE.

use crate::{
    clock::Timestamp,
    core::Core,
    store::{patients, settings},
};

/// The name of the setting: since when this folder has been used with the real LINE.
const REAL_SINCE: &str = "line.real_since";

/// Notes that this folder is used with the real LINE, once it can be.
pub(crate) async fn note_real_line(core: &Core) -> sqlx::Result<()> {
    if core.sandbox.is_some() || !core.line.is_connected() {
        return Ok(());
    }
    let known: Option<Timestamp> = settings::get(core.store.read(), REAL_SINCE).await?;
    if known.is_none() {
        let mut tx = core.store.begin().await?;
        settings::set(&mut tx, REAL_SINCE, &core.now(), core.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whether the folder has real patients and was used with the real LINE: practice mode would record
/// their messages as sent and reach nobody.
pub(crate) async fn is_for_real(core: &Core) -> sqlx::Result<bool> {
    let since: Option<Timestamp> = settings::get(core.store.read(), REAL_SINCE).await?;
    Ok(since.is_some() && patients::any_real(core.store.read()).await?)
}
