//! How long finished jobs and backups are kept.

use std::path::PathBuf;

use garde::Validate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many finished jobs are kept, and for how long; messages and the log stay.
#[derive(Clone, Debug, Serialize, Deserialize, Validate, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct Retention {
    /// Completed jobs kept for each queue.
    #[garde(range(max = 100_000))]
    pub(crate) completed_jobs: u32,
    /// Failed jobs kept for each queue.
    #[garde(range(max = 100_000))]
    pub(crate) failed_jobs: u32,
    /// Hours after which maintenance removes finished jobs.
    #[garde(range(max = 8_760))]
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
    /// Days for which the last backup of a day is kept; 0 makes no nightly backup and removes none.
    #[garde(range(max = 1_000))]
    pub keep: u32,
    /// The folder of the backups; `None` for `backups` in the data folder.
    pub(crate) folder: Option<PathBuf>,
}

impl Default for Backup {
    fn default() -> Self {
        Self { keep: 7, folder: None }
    }
}
