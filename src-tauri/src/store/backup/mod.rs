//! Backups: a copy of the database, made while it is in use, with the files that belong to it, in a
//! folder of its own that is complete or not there. A named file never changes, so it is linked
//! where the disk allows, and takes no extra room.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio_util::sync::CancellationToken;

use super::{
    FILE_NAME, Store,
    disk::{KEPT_FREE, free},
};
use crate::clock::Timestamp;

mod database;
mod restore;
pub(super) mod shelf;

pub(super) use database::set_by_hand;
pub(crate) use database::{Since, end_of_doubt, origin, since};
pub(crate) use restore::{check as check_backup, forget_replaced, restore, undo as undo_restore};
use shelf::{ABOUT, UNFINISHED, free_name};
pub(crate) use shelf::{Backup, list, prune};

/// The folders of files that belong to a database.
const WITH_FILES: [&str; 2] = ["media", "uploads"];

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error("a backup needs {needed} bytes and {free} are free; make room, or have backups elsewhere")]
    NoRoom { needed: u64, free: u64 },
    #[error("{} cannot be written or read", .0.display())]
    Files(PathBuf, #[source] io::Error),
    #[error("the database could not be copied")]
    Database(#[from] sqlx::Error),
    #[error("the copy of the database is damaged ({0}); the database itself may be")]
    Damaged(String),
    #[error("the backup {} is damaged ({detail}); take another one", folder.display())]
    DamagedBackup { folder: PathBuf, detail: String },
    #[error("a database of PostgreSQL is backed up with its own tools")]
    OnServer,
    #[error("there is no backup {0}")]
    Unknown(String),
    #[error("the program cannot work with it: {0}")]
    Unusable(String),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct BackingUp {
    pub(crate) running_since: Option<Timestamp>,
    /// When the last one failed, and why; `None` where it was made.
    pub(crate) failed: Option<(Timestamp, Arc<Failed>)>,
    /// When one could not be put back since the start, and why.
    pub(crate) not_restored: Option<(Timestamp, Arc<Failed>)>,
}

impl BackingUp {
    /// Begins a backup; `false` while another is being made.
    pub(crate) fn begin(&mut self, now: Timestamp) -> bool {
        let free = self.running_since.is_none();
        self.running_since = self.running_since.or(Some(now));
        free
    }

    pub(crate) fn end(&mut self, failed: Option<(Timestamp, Arc<Failed>)>) {
        (self.running_since, self.failed) = (None, failed);
    }
}

/// Makes a backup of `data` in a folder of its own in `into`, named after `now`; `stop` breaks it
/// off.
///
/// # Errors
/// See [`Failed`]; nothing is left then.
pub(crate) async fn make(
    store: &Store,
    data: &Path,
    into: &Path,
    now: Timestamp,
    stop: CancellationToken,
) -> Result<Backup, Failed> {
    let name = free_name(into, now);
    let unfinished = into.join(format!("{name}{UNFINISHED}"));
    let made = fill(store, data, &unfinished, &name, (now, stop)).await.and_then(|backup| {
        let whole = into.join(&name);
        let kept = fs::rename(&unfinished, &whole).and_then(|()| sync(into));
        kept.map(|()| backup).map_err(|error| Failed::Files(whole, error))
    });
    if made.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
    made
}

async fn fill(
    store: &Store,
    data: &Path,
    into: &Path,
    name: &str,
    (now, stop): (Timestamp, CancellationToken),
) -> Result<Backup, Failed> {
    let failed = |error| Failed::Files(into.to_owned(), error);
    open_folder(into).map_err(failed)?;
    look_for_room(data, into)?;
    // Before the database, so that files it names and that are deleted meanwhile are there; and
    // after it, so that files that came meanwhile are.
    take_files(data, into).await?;
    database::copy(store, data, &into.join(FILE_NAME), now, stop).await?;
    let taken = take_files(data, into).await?;
    let database_bytes = fs::metadata(into.join(FILE_NAME)).map_err(failed)?.len();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let name = name.to_owned();
    let (files, file_bytes) = (taken.files, taken.bytes);
    let backup = Backup { name, made_at: now, version, database_bytes, files, file_bytes };
    let about = serde_json::to_vec_pretty(&backup).map_err(|error| failed(error.into()))?;
    fs::write(into.join(ABOUT), about).map_err(failed)?;
    for path in [into.join(ABOUT), into.join(FILE_NAME), into.to_owned()] {
        sync(&path).map_err(failed)?;
    }
    Ok(backup)
}

fn open_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Refuses a backup that would leave too little room to record messages.
fn look_for_room(data: &Path, into: &Path) -> Result<(), Failed> {
    let log = data.join(format!("{FILE_NAME}-wal"));
    let length = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
    refuse_without(into, length(&data.join(FILE_NAME)) + length(&log) + KEPT_FREE)
}

/// Refuses to put back a database that would leave too little room, since the one from before stays
/// beside it. Files take none where the disk can link them.
pub(crate) fn look_for_room_of(data: &Path, backup: &Backup) -> Result<(), Failed> {
    refuse_without(data, backup.database_bytes + KEPT_FREE)
}

fn refuse_without(folder: &Path, needed: u64) -> Result<(), Failed> {
    match free(folder) {
        Some(free) if free < needed => Err(Failed::NoRoom { needed, free }),
        _ => Ok(()),
    }
}

#[derive(Clone, Copy, Default)]
struct Taken {
    files: u64,
    bytes: u64,
}

/// Copies the files that belong to a database. A second call copies what came since.
async fn take_files(from: &Path, into: &Path) -> Result<Taken, Failed> {
    let (from, to) = (from.to_owned(), into.to_owned());
    let taken = tokio::task::spawn_blocking(move || {
        let mut taken = Taken::default();
        for name in WITH_FILES {
            take_folder(&from.join(name), &to.join(name), &mut taken)?;
        }
        Ok(taken)
    });
    let files = |error| Failed::Files(into.to_owned(), error);
    taken.await.map_err(|error| files(io::Error::other(error)))?.map_err(files)
}

fn take_folder(from: &Path, into: &Path, taken: &mut Taken) -> io::Result<()> {
    if !from.exists() {
        return Ok(());
    }
    open_folder(into)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        // A file that is being written has no final name yet.
        if entry.file_name().to_string_lossy().ends_with(UNFINISHED) {
            continue;
        }
        let to = into.join(entry.file_name());
        match take_file(&entry.path(), &to) {
            Ok(bytes) => {
                taken.files += 1;
                taken.bytes += bytes;
            }
            // It was just deleted.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    sync(into)
}

fn take_file(from: &Path, to: &Path) -> io::Result<u64> {
    if !to.exists() && fs::hard_link(from, to).is_err() {
        fs::copy(from, to)?;
        sync(to)?;
    }
    Ok(fs::metadata(to)?.len())
}

/// Syncs a file, or the names in a folder, to the disk.
fn sync(path: &Path) -> io::Result<()> {
    // Windows cannot open a folder like this, and syncs names by itself.
    if cfg!(windows) && path.is_dir() {
        return Ok(());
    }
    fs::File::open(path)?.sync_all()
}
