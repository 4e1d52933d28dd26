//! The folder with the backups: which there are, and which are removed.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    clock::{DAY_MS, Timestamp},
    store::FILE_NAME,
};

/// The name of the folder in the data folder, unless another place is configured.
pub(in crate::store) const FOLDER: &str = "backups";

/// The file that describes a backup.
pub(super) const ABOUT: &str = "backup.json";

/// The suffix of a file or folder that is not complete yet.
pub(super) const UNFINISHED: &str = ".part";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Backup {
    /// The name of its folder: the time it was made, as `20261129T064755.123Z`.
    pub(crate) name: String,
    /// The instant up to which it is complete.
    pub(crate) made_at: Timestamp,
    pub(crate) version: String,
    /// The size of the database alone, in bytes.
    pub(crate) database_bytes: u64,
    /// Files of patients and of staff, and their bytes.
    pub(crate) files: u64,
    pub(crate) file_bytes: u64,
}

/// The name of a backup made at `now`; names sort by time.
pub(super) fn name_of(now: Timestamp) -> String {
    now.to_utc().format("%Y%m%dT%H%M%S%.3fZ").to_string()
}

/// The name of a backup made at `now` in `folder`; where a clock that was set back made one of that
/// name before, the next free name.
pub(super) fn free_name(folder: &Path, now: Timestamp) -> String {
    let taken =
        |name: &str| folder.join(name).exists() || folder.join(format!("{name}{UNFINISHED}")).exists();
    let mut at = now;
    while taken(&name_of(at)) {
        at = at.plus_millis(1);
    }
    name_of(at)
}

/// Complete ones, from the newest to the oldest.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<Backup>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut all: Vec<_> = entries.filter_map(|entry| about(&entry.ok()?.path())).collect();
    all.sort_unstable_by(|a, b| (b.made_at, &b.name).cmp(&(a.made_at, &a.name)));
    Ok(all)
}

/// The description in a folder; `None` where it is no backup. Its name is the folder's, which
/// somebody may have changed.
pub(super) fn about(folder: &Path) -> Option<Backup> {
    let name = folder.file_name()?.to_str()?.to_owned();
    let text = fs::read(folder.join(ABOUT)).ok()?;
    let whole = !name.ends_with(UNFINISHED) && folder.join(FILE_NAME).exists();
    let backup: Backup = serde_json::from_slice(&text).ok()?;
    whole.then_some(Backup { name, ..backup })
}

/// Keeps the backups of today, and the newest one of each of the last `days` days that have any;
/// removes the others, and unfinished ones older than a day. Any number in one day does not
/// displace those of earlier days.
///
/// # Errors
/// A folder cannot be read or removed; the others of it stay.
pub(crate) fn prune(folder: &Path, days: usize, now: Timestamp) -> io::Result<()> {
    let today = now.to_utc().date_naive();
    let (mut seen, mut last) = (0, None);
    for backup in list(folder)? {
        let day = backup.made_at.to_utc().date_naive();
        let is_first_of_its_day = last.replace(day) != Some(day);
        seen += usize::from(is_first_of_its_day);
        if seen > days || !(is_first_of_its_day || day == today) {
            fs::remove_dir_all(folder.join(&backup.name))?;
        }
    }
    let yesterday = name_of(now.plus_millis(-DAY_MS));
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(UNFINISHED) && name < yesterday {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// The name of the newest backup in `folder`; `None` where there is none, or it cannot be read.
pub(in crate::store) fn newest(folder: &Path) -> Option<String> {
    list(folder).ok()?.into_iter().next().map(|backup| backup.name)
}
