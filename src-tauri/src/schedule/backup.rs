//! The nightly backup, and those staff ask for.

use std::{io, path::Path, sync::Arc};

use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    store::backup::{self, Backup, Failed},
};

pub(crate) fn unreadable(folder: &Path, error: io::Error) -> Failed {
    Failed::Files(folder.to_owned(), error)
}

/// The right to make a backup: one at a time.
pub(crate) struct Turn(Arc<Core>);

/// Begins a backup; `None` while another is being made.
pub(crate) fn begin(core: &Arc<Core>) -> Option<Turn> {
    let begun = core.backing_up().begin(core.now());
    begun.then(|| {
        core.announce(Topic::Jobs);
        Turn(Arc::clone(core))
    })
}

impl Turn {
    /// Makes a backup, and removes the oldest ones and what was replaced by one as long ago.
    ///
    /// # Errors
    /// See [`Failed`]; the others stay.
    pub(crate) async fn make(self) -> Result<Backup, Arc<Failed>> {
        let core = &self.0;
        let (config, folder, now) = (&core.config, core.config.backup_folder(), core.now());
        let stop = core.supervisor.stop().clone();
        let made = backup::make(&core.store, &config.data_dir, &folder, now, stop).await;
        // Where none is made automatically, staff manage those they made.
        let days = usize::try_from(config.backup.keep).unwrap_or(usize::MAX);
        if made.is_ok()
            && days > 0
            && let Err(error) = backup::prune(&folder, days, now)
                .and_then(|()| backup::forget_replaced(&config.data_dir, days, now))
        {
            tracing::warn!(%error, "an old backup could not be removed; the next one tries again");
        }
        match &made {
            Ok(made) => tracing::info!(name = made.name, bytes = made.database_bytes, "a backup was made"),
            Err(error) => tracing::error!(error = error as &dyn std::error::Error, "no backup could be made"),
        }
        let made = made.map_err(Arc::new);
        core.backing_up().end(made.as_ref().err().map(|failed| (now, Arc::clone(failed))));
        core.announce(Topic::Jobs);
        core.announce(Topic::Status);
        made
    }
}

impl Drop for Turn {
    /// Ends the turn, so that a backup that was cut off holds up nobody.
    fn drop(&mut self) {
        self.0.backing_up().running_since = None;
    }
}

/// In the background, and only where backups are made automatically.
pub(super) fn nightly(core: &Core, now: Timestamp) {
    if core.config.backup.keep == 0 || core.store.is_on_server() {
        return;
    }
    let Some(turn) = core.shared().as_ref().and_then(begin) else {
        tracing::warn!(%now, "no backup of the night: one is being made already");
        return;
    };
    core.background.spawn(async move {
        // Its result is shown with the backups.
        let _ = turn.make().await;
    });
}
