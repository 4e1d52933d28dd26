//! Deletes unused uploads, and compares files with rows.

use crate::{
    clock::{DAY_MS, Timestamp},
    core::Core,
    files::Folder,
    store::uploads,
};

const FOLDER: &str = "uploads";

/// How long an unused upload is kept: time to write the message with it.
const UNUSED_KEPT_MS: i64 = DAY_MS;

const MAX_PIECE: u32 = 500;

pub(crate) fn folder(core: &Core) -> Folder {
    Folder::at(core.config.data_dir.join(FOLDER))
}

/// Deletes uploads that were not used within a day, and files without a row.
pub(super) async fn tidy(core: &Core, now: Timestamp) -> sqlx::Result<()> {
    // An upload in progress has a file and no row yet.
    let Ok(_alone) = core.uploading.try_write() else { return Ok(()) };
    loop {
        let mut tx = core.store.begin().await?;
        let unused = uploads::unused(&mut tx, now.plus_millis(-UNUSED_KEPT_MS), MAX_PIECE).await?;
        if unused.is_empty() {
            break;
        }
        let ids: Vec<_> = unused.iter().map(|row| row.id).collect();
        uploads::delete(&mut tx, &ids).await?;
        tx.commit().await?;
        for name in unused.iter().flat_map(|row| [&row.stored_as, &row.preview_as]) {
            folder(core).delete(name).await;
        }
    }
    let known = |names: Vec<String>| async move { uploads::files(core.store.read(), &names).await };
    if let Err(error) = folder(core).delete_strays(known).await? {
        tracing::warn!(%error, "the folder with uploads cannot be looked through");
    }
    Ok(())
}
