//! What was uploaded and never used goes; files and rows are held against each other.

use crate::{
    clock::{DAY_MS, Timestamp},
    core::Core,
    files::Folder,
    store::uploads,
};

/// The name of the folder in the data folder.
const FOLDER: &str = "uploads";

/// Time for whoever uploads something to write the message with it.
const UNUSED_KEPT_MS: i64 = DAY_MS;

/// Rows that one transaction deletes.
const MAX_PIECE: u32 = 500;

/// The folder with what staff uploaded.
pub(crate) fn folder(core: &Core) -> Folder {
    Folder::at(core.config.data_dir.join(FOLDER))
}

/// Deletes what was uploaded and not used within a day, and files without a row.
///
/// # Errors
/// The database failed; the next maintenance goes on.
pub(super) async fn tidy(core: &Core, now: Timestamp) -> sqlx::Result<()> {
    // Whoever uploads something at this moment has a file and no row yet.
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
