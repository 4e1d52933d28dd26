//! Restores a backup into a data folder nobody uses. The replaced data is kept beside it, for as long
//! as a backup is.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sqlx::sqlite::SqliteConnectOptions;

use super::{
    Failed, WITH_FILES, open_folder,
    shelf::{Backup, UNFINISHED, about, name_of},
    sync, take_files,
};
use crate::{
    clock::{DAY_MS, Timestamp},
    store::{FILE_NAME, ending, soundness},
};

/// What the name of a folder with replaced data begins with; the time follows.
const REPLACED: &str = "replaced-";

/// Restores the backup in `from` into the data folder `data`; the caller holds its lock. Returns
/// where the replaced data lies now; `None` where there was none. If it is cut off, the program
/// refuses to start, and a second restore goes on.
///
/// # Errors
/// See [`Failed`]. Nothing is changed until the backup is known to be sound.
pub(crate) async fn restore(data: &Path, from: &Path, now: Timestamp) -> Result<Option<PathBuf>, Failed> {
    check(from).await?;
    let unfinished = data.join(format!("restore{UNFINISHED}"));
    let files = |error| Failed::Files(data.to_owned(), error);
    let prepared = match prepare(&from.join(FILE_NAME), &unfinished) {
        Ok(()) => take_files(from, &unfinished).await.map(|_| ()),
        Err(error) => Err(files(error)),
    };
    if prepared.is_err() {
        let _ = fs::remove_dir_all(&unfinished);
    }
    prepared?;
    let kept = set_aside(data, now).map_err(files)?;
    if let Err(error) = put_in_place(&unfinished, data) {
        if let Some(kept) = &kept {
            undo(data, kept, now).map_err(files)?;
        }
        return Err(files(error));
    }
    let _ = fs::remove_dir_all(&unfinished);
    Ok(kept)
}

/// What is known of the backup in `from`, whose database is sound.
///
/// # Errors
/// See [`Failed`].
pub(crate) async fn check(from: &Path) -> Result<Backup, Failed> {
    let found = about(from).ok_or_else(|| Failed::Unknown(from.display().to_string()))?;
    let file = from.join(FILE_NAME);
    let reading = SqliteConnectOptions::new().filename(&file).read_only(true).immutable(true);
    let damaged = |detail| Failed::DamagedBackup { folder: from.to_owned(), detail };
    soundness::check_alone(reading).await.map_err(damaged)?;
    Ok(found)
}

/// Takes a restore back that nothing can begin on: what was replaced is there again, and what was put
/// there lies beside it.
pub(crate) fn undo(data: &Path, kept: &Path, now: Timestamp) -> io::Result<()> {
    set_aside(data, now.plus_millis(1))?;
    for entry in fs::read_dir(kept)? {
        let entry = entry?;
        fs::rename(entry.path(), data.join(entry.file_name()))?;
    }
    fs::remove_dir(kept)?;
    ending::forget(data)?;
    sync(data)
}

/// Removes what restores replaced more than `days` days ago: what a clinic erases must not live on
/// in a folder nobody looks at.
///
/// # Errors
/// A folder cannot be read or removed; the others stay.
pub(crate) fn forget_replaced(data: &Path, days: usize, now: Timestamp) -> io::Result<()> {
    let days = i64::try_from(days).unwrap_or(i64::MAX);
    let oldest = format!("{REPLACED}{}", name_of(now.plus_millis(-days.saturating_mul(DAY_MS))));
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(REPLACED) && name < oldest {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Copies the database, so that the backup stays as it is.
fn prepare(database: &Path, unfinished: &Path) -> io::Result<()> {
    if unfinished.exists() {
        fs::remove_dir_all(unfinished)?;
    }
    open_folder(unfinished)?;
    let copy = unfinished.join(FILE_NAME);
    fs::copy(database, &copy)?;
    sync(&copy)
}

/// Moves the present data into a folder of its own. The note of the last run stays: without its
/// database the program does not start, so nobody takes an empty one for the clinic's.
fn set_aside(data: &Path, now: Timestamp) -> io::Result<Option<PathBuf>> {
    let beside = ["", "-wal", "-shm"].map(|end| format!("{FILE_NAME}{end}"));
    let names = beside.into_iter().chain(WITH_FILES.map(str::to_owned));
    let there: Vec<_> = names.filter(|name| data.join(name).exists()).collect();
    if there.is_empty() {
        return Ok(None);
    }
    let kept = data.join(format!("{REPLACED}{}", name_of(now)));
    open_folder(&kept)?;
    for (n, name) in there.iter().enumerate() {
        if let Err(error) = fs::rename(data.join(name), kept.join(name)) {
            for name in &there[..n] {
                fs::rename(kept.join(name), data.join(name))?;
            }
            fs::remove_dir(&kept)?;
            return Err(error);
        }
    }
    sync(&kept)?;
    Ok(Some(kept))
}

fn put_in_place(unfinished: &Path, data: &Path) -> io::Result<()> {
    for name in WITH_FILES.into_iter().chain([FILE_NAME]) {
        if unfinished.join(name).exists() {
            fs::rename(unfinished.join(name), data.join(name))?;
        }
    }
    ending::forget(data)?;
    sync(data)
}
