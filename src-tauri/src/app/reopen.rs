//! Puts a backup back while the program runs: it ends, its data are exchanged, and it begins again
//! at the same address.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{App, Options, StartError, lock_folder};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    error::with_sources,
    http::SignIn,
    store::backup::{self, Failed},
};

/// How often the address is tried, and the pause between.
const ADDRESS_TRIES: usize = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(250);

impl App {
    /// Resolves once staff want a backup put back: its folder. Whoever asked has the link that signs
    /// them in afterwards, since sessions end.
    pub(crate) async fn restore_asked(&mut self) -> PathBuf {
        let Some(ask) = self.restores.recv().await else { return std::future::pending().await };
        // A caller who no longer waits signs in otherwise.
        let _ = ask.link.send(self.link_for(ask.actor, ask.role));
        ask.backup
    }

    /// Ends, puts `backup` back and begins again; on the data as they were where that is not possible,
    /// which is then said with the backups.
    ///
    /// # Errors
    /// It cannot begin on the data as they were either.
    pub async fn restore(mut self, backup: &Path) -> Result<Self, StartError> {
        // Whoever asked as well is told that the program ends, and holds up nobody.
        self.restores.close();
        while self.restores.try_recv().is_ok() {}
        let mut config = (*self.core.config).clone();
        config.listen = self.addr;
        let data = config.data_dir.clone();
        let (clock, ticking, sign_in) = (Arc::clone(&self.clock), self.ticking, Arc::clone(&self.sign_in));
        let again = || {
            let options =
                || Options { config: config.clone(), clock: Arc::clone(&clock), ticking, beside: None };
            begin_again(options, Arc::clone(&sign_in))
        };
        tracing::warn!(backup = %backup.display(), "the program ends, and begins again with a backup");
        self.stop().await;
        let now = clock.now();
        let failed = match put_back(&data, backup, now).await {
            Ok(kept) => match again().await {
                Ok(app) => return Ok(app),
                Err(error) => {
                    let why = with_sources(&error);
                    backup::undo_restore(&data, &kept, now)
                        .map_err(|e| StartError::Folder(data.clone(), e))?;
                    Failed::Unusable(why)
                }
            },
            Err(failed) => failed,
        };
        tracing::error!(
            error = with_sources(&failed),
            "the backup was not put back; the data are as they were"
        );
        let app = again().await?;
        not_restored(&app.core, now, failed);
        Ok(app)
    }
}

/// Begins once the address is free: what the last run still answers may hold it for a moment.
async fn begin_again(options: impl Fn() -> Options, sign_in: Arc<SignIn>) -> Result<App, StartError> {
    for _ in 0..ADDRESS_TRIES {
        match App::start_with(options(), Arc::clone(&sign_in)).await {
            Err(StartError::Listen(_, error)) if error.kind() == ErrorKind::AddrInUse => {
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
            begun => return begun,
        }
    }
    App::start_with(options(), sign_in).await
}

/// Returns where the replaced data lie.
async fn put_back(data: &Path, backup: &Path, now: Timestamp) -> Result<PathBuf, Failed> {
    let _lock = lock_folder(data).map_err(|error| Failed::Unusable(with_sources(&error)))?;
    let kept = backup::restore(data, backup, now).await?;
    // A program that ran had data.
    kept.ok_or_else(|| Failed::Unusable("there was nothing to replace".to_owned()))
}

fn not_restored(core: &Core, at: Timestamp, failed: Failed) {
    core.backing_up().not_restored = Some((at, Arc::new(failed)));
    core.announce(Topic::Jobs);
}
