//! What an act changed, as the activity log keeps it: a code with its numbers, which each
//! language words in its own way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{assignment, staff::Role};
use crate::clock::Timestamp;

/// What an act changed. No name, no LINE id, no body of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, specta::Type)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Change {
    /// An act on so many messages at once.
    Messages {
        /// At least 1.
        count: u64,
    },
    /// An act on so many patients at once.
    Patients {
        /// At least 1.
        count: u64,
    },
    /// A follow-up went on to another status, and with it what waited.
    Status {
        /// Where it stood before the act.
        from: assignment::Status,
        /// Where it stands since.
        to: assignment::Status,
        /// Messages that are held since.
        held: u64,
        /// Messages that were cancelled.
        cancelled: u64,
    },
    /// Rows of the interaction log went out as a file.
    Export {
        /// The first instant of the rows.
        from: Timestamp,
        /// The end, not included.
        to: Timestamp,
        /// How many rows the file has.
        rows: i64,
        /// Whether patients stand under pseudonyms.
        pseudonymised: bool,
    },
    /// Finished jobs were removed.
    Removed {
        /// Older than so many hours.
        hours: u32,
        /// How many were removed.
        count: u64,
    },
    /// A token got a role.
    Role {
        /// What its bearer may do from now on.
        role: Role,
    },
    /// Tokens were revoked.
    Revoked {
        /// How many there were under this name.
        count: u64,
        /// What the tokens are called.
        name: String,
    },
}

impl Change {
    /// As it is kept.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What was kept; `None` for the words of an older version.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// In English, for programs that show no other language.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Messages { count } => format!("{count} messages"),
            Self::Patients { count } => format!("{count} patients"),
            Self::Status { from, to: to @ assignment::Status::Paused, held, .. } => {
                format!("{from} to {to}; {held} waiting messages held")
            }
            Self::Status { from, to, cancelled, .. } => {
                format!("{from} to {to}; {cancelled} waiting messages cancelled")
            }
            Self::Export { from, to, rows, pseudonymised } => {
                format!("{from} to {to}, {rows} rows{}", if *pseudonymised { ", pseudonyms" } else { "" })
            }
            Self::Removed { hours, count } => format!("older than {hours} hours: {count}"),
            Self::Role { role } => format!("role {role}"),
            Self::Revoked { count, name } => format!("{count} named {name}"),
        }
    }
}
