//! Why a database is not opened, in words for whoever starts the program.

use std::path::Path;

use sqlx::migrate::MigrateError;

use super::{FILE_NAME, backup::shelf};

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "{path} was written by a newer version of Clinicue (its schema is {found}); \
         install that version or choose another data folder"
    )]
    Newer {
        path: String,
        /// The version of its newest migration.
        found: i64,
    },
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
    #[error(
        "{path} is missing, but {left} lies where it was; put the database back, or move {left} \
         away to begin with an empty one"
    )]
    Missing {
        path: String,
        /// The name of what a run left there.
        left: String,
    },
    #[error(
        "{folder} lies on a network file system ({kind}), where a database is not safe; \
         choose a data folder on this machine"
    )]
    Network { folder: String, kind: String },
    #[error("SQLite {found} is too old to keep data safe; 3.51.3 is the least")]
    OldSqlite { found: String },
    #[error("could not copy the database to {path} before bringing it up to date; is the disk full?")]
    Copy {
        path: String,
        #[source]
        source: std::io::Error,
    },
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
