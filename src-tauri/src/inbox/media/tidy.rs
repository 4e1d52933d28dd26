//! Compares files and rows: repairs what a crash or a restored backup left apart.

use super::folder;
use crate::{core::Core, store::media};

const MAX_PIECE: u32 = 500;

/// Deletes the files nobody may keep, with their rows where nothing may stay.
pub(super) async fn delete_discarded(core: &Core) -> sqlx::Result<()> {
    loop {
        let discarded = media::discarded(core.store.read(), MAX_PIECE).await?;
        let mut deleted = Vec::new();
        for media in &discarded {
            let gone = match &media.stored_as {
                Some(name) => folder(core).delete(name).await,
                None => true,
            };
            if gone {
                deleted.push(media.id);
            }
        }
        // A file that cannot be deleted is left for the next time.
        if deleted.is_empty() {
            return Ok(());
        }
        let mut tx = core.store.begin().await?;
        media::deleted(&mut tx, &deleted).await?;
        tx.commit().await?;
    }
}

/// Deletes unfinished files and files without a row, and marks rows without a file to be fetched
/// anew. Nothing may be fetched meanwhile.
pub async fn tidy(core: &Core) -> sqlx::Result<()> {
    let known = |names: Vec<String>| async move { media::files(core.store.read(), &names).await };
    if let Err(error) = folder(core).delete_strays(known).await? {
        tracing::warn!(%error, "the folder with the files of patients cannot be looked through");
        // A folder that cannot be read does not tell what is missing.
        return Ok(());
    }
    fetch_lost(core).await
}

async fn fetch_lost(core: &Core) -> sqlx::Result<()> {
    let mut after = None;
    loop {
        let stored = media::stored(core.store.read(), after, MAX_PIECE).await?;
        let Some(last) = stored.last() else { return Ok(()) };
        after = Some((last.created_at, last.id));
        let mut lost = Vec::new();
        for media in &stored {
            let Some(name) = &media.stored_as else { continue };
            if matches!(folder(core).open(name).await, Ok(None)) {
                lost.push(media.id);
            }
        }
        if !lost.is_empty() {
            let mut tx = core.store.begin().await?;
            media::fetch_anew(&mut tx, &lost, core.now()).await?;
            tx.commit().await?;
        }
    }
}
