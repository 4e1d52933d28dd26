//! The folder with the files of patients, which only its owner can read. A file has a random name
//! that says nothing, and is there whole or not at all.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use tokio::{
    fs::{self, File, OpenOptions},
    io::AsyncWriteExt as _,
};

use crate::{core::Core, domain::media::Reason, ids};

/// In the data folder.
const FOLDER: &str = "media";

/// What is not whole ends so.
const UNFINISHED: &str = ".part";

pub(super) fn folder(core: &Core) -> PathBuf {
    core.config.data_dir.join(FOLDER)
}

/// Makes the folder where there is none, and shuts it for others.
pub(super) async fn ensure(core: &Core) -> io::Result<PathBuf> {
    let folder = folder(core);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(&folder).await?;
    // One that a backup brought back may be open to all.
    #[cfg(unix)]
    fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700)).await?;
    Ok(folder)
}

/// Opens a file to be read; `None` where there is none of this name.
///
/// # Errors
/// The file cannot be read.
pub(crate) async fn open(core: &Core, name: &str) -> io::Result<Option<File>> {
    match File::open(folder(core).join(name)).await {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Deletes a file; whether it is gone.
pub(super) async fn delete(core: &Core, name: &str) -> bool {
    match fs::remove_file(folder(core).join(name)).await {
        Ok(()) => true,
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => {
            tracing::warn!(%error, "a file of a patient could not be deleted; it is tried again");
            false
        }
    }
}

/// Why something could not be written, as staff read it.
pub(super) fn reason(error: &io::Error) -> Reason {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => Reason::NoRoom,
        _ => Reason::NotWritable,
    }
}

/// A file that is being written.
pub(super) struct Draft {
    file: File,
    name: String,
    folder: PathBuf,
}

impl Draft {
    pub(super) async fn begin(core: &Core) -> io::Result<Self> {
        let folder = ensure(core).await?;
        let name = ids::secret();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(folder.join(unfinished(&name))).await?;
        Ok(Self { file, name, folder })
    }

    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Puts the whole file under its name, safe from a loss of power; nothing is left where that
    /// fails.
    pub(super) async fn keep(mut self) -> io::Result<String> {
        match self.settle().await {
            Ok(()) => Ok(self.name),
            Err(error) => {
                self.discard().await;
                Err(error)
            }
        }
    }

    async fn settle(&mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let unfinished = self.folder.join(unfinished(&self.name));
        fs::rename(unfinished, self.folder.join(&self.name)).await?;
        // The name itself is in the folder.
        #[cfg(unix)]
        File::open(&self.folder).await?.sync_all().await?;
        Ok(())
    }

    pub(super) async fn discard(self) {
        drop(self.file);
        for name in [unfinished(&self.name), self.name] {
            let _ = fs::remove_file(self.folder.join(name)).await;
        }
    }
}

fn unfinished(name: &str) -> String {
    format!("{name}{UNFINISHED}")
}

pub(super) fn is_unfinished(path: &Path) -> bool {
    path.to_string_lossy().ends_with(UNFINISHED)
}
