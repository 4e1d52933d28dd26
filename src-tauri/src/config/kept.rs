//! What is kept: finished jobs, and backups.

use std::path::PathBuf;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is kept of finished jobs; the messages and the log themselves stay.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct Retention {
    /// Completed jobs kept for each queue.
    pub(crate) completed_jobs: u32,
    /// Failed jobs kept for each queue.
    pub(crate) failed_jobs: u32,
    /// Hours after which maintenance removes finished jobs.
    pub(crate) hours: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { completed_jobs: 100, failed_jobs: 50, hours: 24 }
    }
}

/// The backup of every night: where it lies, and for how many days.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub struct Backup {
    /// Days of which the last backup is kept; 0 makes none by itself, and removes none.
    #[garde(range(max = 1_000))]
    pub keep: u32,
    /// The folder they are in; `backups` in the data folder where none is given.
    pub(crate) folder: Option<PathBuf>,
}

impl Default for Backup {
    fn default() -> Self {
        Self { keep: 7, folder: None }
    }
}
