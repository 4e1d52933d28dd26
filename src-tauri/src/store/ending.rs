//! How the last run ended, in a small file beside the database: after a clean end the database is
//! unchanged, and the start need not read all of it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use super::{FILE_NAME, OpenError};

/// The name of the setting with the number of the last clean end.
pub(super) const TURN: &str = "store.turn";

const ENDING_FILE: &str = "clinicue.end";

/// The content while a run is under way; after the end it is the length and modification time of
/// the database. The turn of the last clean end follows either.
const RUNNING: &str = "running";

/// The state found before the database was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    Nothing,
    /// It was closed, and nobody has changed it since.
    Closed,
    /// It was not closed, or was changed since: a copy put here, for example.
    Unclean,
    /// It was not closed, and the log of its last changes is gone.
    WithoutLog,
}

/// The note a run left beside the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) before: Before,
    /// The number of the last clean end, 0 where none was written down. The database has it too
    /// ([`TURN`]); an older copy has a lower one.
    pub(super) turn: i64,
}

/// The database's write-ahead log (sqlite.org/wal.html).
fn log_of(folder: &Path) -> PathBuf {
    folder.join(format!("{FILE_NAME}-wal"))
}

/// Reads the folder before anything in it is touched.
///
/// # Errors
/// [`OpenError::Missing`] where a database existed and is gone: an empty new one would look as if
/// everything were lost, or hide that it is.
pub(super) fn look(folder: &Path) -> Result<Last, OpenError> {
    let file = folder.join(FILE_NAME);
    let last = fs::read_to_string(folder.join(ENDING_FILE)).ok();
    let (state, turn) = last.as_deref().map(parts).unzip();
    let turn = turn.unwrap_or_default();
    let log = fs::metadata(log_of(folder)).map_or(0, |m| m.len());
    let Ok(found) = fs::metadata(&file) else {
        let missing =
            |left: &str| OpenError::Missing { path: file.display().to_string(), left: left.to_owned() };
        return match last {
            _ if log > 0 => Err(missing(&format!("{FILE_NAME}-wal"))),
            Some(_) => Err(missing(ENDING_FILE)),
            None => Ok(Last { before: Before::Nothing, turn: 0 }),
        };
    };
    let before = match state {
        Some(state) if log == 0 && state == mark(&found) => Before::Closed,
        Some(RUNNING) if !log_of(folder).exists() && found.len() > 0 => Before::WithoutLog,
        _ => Before::Unclean,
    };
    Ok(Last { before, turn })
}

/// The two parts of the file: the state, and the turn after it.
fn parts(text: &str) -> (&str, i64) {
    match text.split_once(BEFORE_TURN) {
        Some((state, turn)) => (state, turn.parse().unwrap_or_default()),
        None => (text, 0),
    }
}

const BEFORE_TURN: &str = " turn ";

fn mark(file: &fs::Metadata) -> String {
    let changed = file.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    format!("{} {}", file.len(), changed.map_or(0, |at| at.as_nanos()))
}

/// Notes that a run is under way, after the clean end of this turn.
pub(super) fn begin(folder: &Path, turn: i64) -> io::Result<()> {
    write(folder, RUNNING, turn)
}

/// Notes a clean end, after every connection was closed; not where another process still has the
/// database open.
pub(super) fn end(folder: &Path, turn: i64) -> io::Result<()> {
    if log_of(folder).exists() {
        return Ok(());
    }
    write(folder, &mark(&fs::metadata(folder.join(FILE_NAME))?), turn)
}

/// Forgets how the last run ended, since another database is put here.
pub(super) fn forget(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(ENDING_FILE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write(folder: &Path, state: &str, turn: i64) -> io::Result<()> {
    let path = folder.join(ENDING_FILE);
    fs::write(&path, format!("{state}{BEFORE_TURN}{turn}"))?;
    fs::File::options().write(true).open(path)?.sync_all()
}
