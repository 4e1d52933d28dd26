//! Why a database is not opened, in words for whoever starts the program.

use std::path::Path;

use sqlx::migrate::MigrateError;

use super::{FILE_NAME, backup::shelf};

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer version of the program wrote the database.
    #[error(
        "{path} was written by a newer version of Clinicue (its schema is {found}); \
         install that version or choose another data folder"
    )]
    Newer {
        path: String,
        /// The version of its newest migration.
        found: i64,
    },
    /// It is not a database, or it is damaged.
    #[error("{path} is damaged ({detail}); nothing was changed. {}", .last.as_ref().map_or_else(
        || "There is no backup in `backups` beside it; put one from elsewhere back with the command `restore`".to_owned(),
        |last| format!("The last backup is {last}; put it back with the command `restore {last}`")
    ))]
    Damaged {
        path: String,
        detail: String,
        /// The name of the last backup; `None` where there is none.
        last: Option<String>,
    },
    /// The database was here and is gone.
    #[error(
        "{path} is missing, but {left} lies where it was; put the database back, or move {left} \
         away to begin with an empty one"
    )]
    Missing {
        path: String,
        /// The name of what a run left there.
        left: String,
    },
    /// The folder lies on another machine.
    #[error(
        "{folder} lies on a network file system ({kind}), where a database is not safe; \
         choose a data folder on this machine"
    )]
    Network { folder: String, kind: String },
    /// The SQLite that was built in can lose data.
    #[error("SQLite {found} is too old to keep data safe; 3.51.3 is the least")]
    OldSqlite { found: String },
    /// No copy could be made before a migration; nothing was changed.
    #[error("could not copy the database to {path} before bringing it up to date; is the disk full?")]
    Copy {
        path: String,
        #[source]
        source: std::io::Error,
    },
    /// A migration failed; it was rolled back.
    #[error("could not bring {path} up to date")]
    Migration {
        path: String,
        #[source]
        source: MigrateError,
    },
    #[error("could not open {path}")]
    Refused {
        path: String,
        #[source]
        source: sqlx::Error,
    },
}

impl OpenError {
    /// A damaged database, with the backup to restore in its place.
    pub(super) fn damaged(folder: &Path, detail: String) -> Self {
        let path = folder.join(FILE_NAME).display().to_string();
        Self::Damaged { path, detail, last: shelf::newest(&folder.join(shelf::FOLDER)) }
    }
}
