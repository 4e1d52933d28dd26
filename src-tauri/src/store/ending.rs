//! How the last run ended, in a small file beside the database: after a clean end the database
//! is as it was left, and the start need not read all of it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use super::{FILE_NAME, OpenError};

const ENDING_FILE: &str = "clinicue.end";

/// Written while a run is under way; what stands there otherwise is length and time of change
/// of the database at the end.
const RUNNING: &str = "running";

/// What was found before the database was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// No database.
    Nothing,
    /// It was closed, and nobody changed it since.
    Closed,
    /// It was not closed, or changed since: a copy that was put here, for one.
    Unclean,
    /// It was not closed, and the log of its last changes is gone.
    WithoutLog,
}

/// The database's log of changes (sqlite.org/wal.html).
fn log_of(folder: &Path) -> PathBuf {
    folder.join(format!("{FILE_NAME}-wal"))
}

/// Looks at the folder before anything in it is touched.
///
/// # Errors
/// [`OpenError::Missing`] where there was a database and is none: an empty new one would look
/// as if everything were lost, or hide that it is.
pub(super) fn look(folder: &Path) -> Result<Before, OpenError> {
    let file = folder.join(FILE_NAME);
    let last = fs::read_to_string(folder.join(ENDING_FILE)).ok();
    let log = fs::metadata(log_of(folder)).map_or(0, |m| m.len());
    let Ok(found) = fs::metadata(&file) else {
        let missing =
            |left: &str| OpenError::Missing { path: file.display().to_string(), left: left.to_owned() };
        return match last {
            _ if log > 0 => Err(missing(&format!("{FILE_NAME}-wal"))),
            Some(_) => Err(missing(ENDING_FILE)),
            None => Ok(Before::Nothing),
        };
    };
    Ok(match last {
        Some(text) if log == 0 && text == mark(&found) => Before::Closed,
        Some(text) if text == RUNNING && !log_of(folder).exists() && found.len() > 0 => Before::WithoutLog,
        _ => Before::Unclean,
    })
}

fn mark(file: &fs::Metadata) -> String {
    let changed = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    format!("{} {}", file.len(), changed.map_or(0, |at| at.as_nanos()))
}

/// Notes that a run is under way.
pub(super) fn begin(folder: &Path) -> io::Result<()> {
    write(folder, RUNNING)
}

/// Notes a clean end, after every connection was closed; nothing where another process still
/// has the database open.
pub(super) fn end(folder: &Path) -> io::Result<()> {
    if log_of(folder).exists() {
        return Ok(());
    }
    write(folder, &mark(&fs::metadata(folder.join(FILE_NAME))?))
}

fn write(folder: &Path, text: &str) -> io::Result<()> {
    let path = folder.join(ENDING_FILE);
    fs::write(&path, text)?;
    fs::File::options().write(true).open(path)?.sync_all()
}
