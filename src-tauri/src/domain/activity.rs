//! The change made by an act, as the activity log keeps it: a code with its numbers, which each
//! language words in its own way.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{assignment, named_enum, staff::Role};
use crate::clock::Timestamp;

named_enum! {
    /// What somebody did, by the name the activity log keeps.
    Act {
        PatientCreate = "patient.create",
        PatientUpdate = "patient.update",
        PatientLink = "patient.link",
        PatientUnlink = "patient.unlink",
        PatientLinkCode = "patient.link_code",
        PatientLinkRefused = "patient.link_refused",
        PatientErase = "patient.erase",
        PatientsImport = "patients.import",
        ProtocolCreate = "protocol.create",
        ProtocolUpdate = "protocol.update",
        ProtocolActivate = "protocol.activate",
        ProtocolArchive = "protocol.archive",
        ProtocolBringBack = "protocol.bring_back",
        UploadCreate = "upload.create",
        UploadDelete = "upload.delete",
        TemplateCreate = "template.create",
        TemplateUpdate = "template.update",
        TemplateArchive = "template.archive",
        AssignmentCreate = "assignment.create",
        AssignmentStart = "assignment.start",
        AssignmentPause = "assignment.pause",
        AssignmentResume = "assignment.resume",
        AssignmentComplete = "assignment.complete",
        AssignmentCancel = "assignment.cancel",
        AssignmentSkip = "assignment.skip",
        AssignmentBringBack = "assignment.bring_back",
        AssignmentMoveStep = "assignment.move_step",
        AssignmentHoldStep = "assignment.hold_step",
        AssignmentMoveStart = "assignment.move_start",
        MessageSend = "message.send",
        MessageSendAgain = "message.send_again",
        MessageRetry = "message.retry",
        MessageUndoRetry = "message.undo_retry",
        MessageMove = "message.move",
        MessageHold = "message.hold",
        MessageRelease = "message.release",
        MessageCancel = "message.cancel",
        MessagesRetry = "messages.retry",
        WorklistTake = "worklist.take",
        WorklistSnooze = "worklist.snooze",
        WorklistResolve = "worklist.resolve",
        WorklistReopen = "worklist.reopen",
        WorklistSendAgain = "worklist.send_again",
        StrangerResolve = "stranger.resolve",
        StrangerReopen = "stranger.reopen",
        InteractionsExport = "interactions.export",
        JobsMaintenance = "jobs.maintenance",
        JobsCleanup = "jobs.cleanup",
        JobsRun = "jobs.run",
        SettingsUpdate = "settings.update",
        MenuOn = "menu.on",
        MenuOff = "menu.off",
        SendingPause = "sending.pause",
        SendingResume = "sending.resume",
        TokenCreate = "token.create",
        TokenRevoke = "token.revoke",
        BackupMake = "backup.make",
        BackupRestore = "backup.restore",
        DemoLoad = "demo.load",
        DemoRemove = "demo.remove",
    }
}

impl Act {
    pub(crate) const fn on_assignment(action: assignment::Action) -> Self {
        match action {
            assignment::Action::Start => Self::AssignmentStart,
            assignment::Action::Pause => Self::AssignmentPause,
            assignment::Action::Resume => Self::AssignmentResume,
            assignment::Action::Complete => Self::AssignmentComplete,
            assignment::Action::Cancel => Self::AssignmentCancel,
        }
    }
}

named_enum! {
    /// An actor without a token: a name that no token may have, and that each language words.
    Actor {
        /// Clinicue itself: what runs without a person.
        Program = "Clinicue",
        /// Whoever sits at the window of this computer; nobody signs in there.
        Window = "this_computer",
        /// Whoever can read the data folder.
        CommandLine = "command_line",
        /// A patient who gave the code of a slip.
        PatientByCode = "patient_by_code",
        /// Whoever came by the link printed at the start.
        SignInLink = "Sign-in link",
    }
}

/// The change made by an act. No name, no LINE id, no message body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, specta::Type)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Change {
    /// One act on several messages at once.
    Messages {
        /// How many messages, 1 or more.
        count: u64,
    },
    /// One act on several patients at once.
    Patients {
        /// How many patients, 1 or more.
        count: u64,
    },
    /// A follow-up changed its status, and its waiting messages with it.
    Status {
        /// The status before the act.
        from: assignment::Status,
        /// The status after the act.
        to: assignment::Status,
        /// How many of its messages the act put on hold.
        held: u64,
        /// How many of its messages the act cancelled.
        cancelled: u64,
    },
    /// Rows of the interaction log were exported.
    Export {
        /// The first instant of the rows.
        from: Timestamp,
        /// The end of the rows, not included.
        to: Timestamp,
        /// How many rows the file has.
        rows: i64,
        /// Whether the file gives pseudonyms in place of names.
        pseudonymised: bool,
    },
    /// Finished jobs were removed from the queue by hand.
    Removed {
        /// The least age of a removed job, in hours since its end.
        hours: u32,
        /// How many jobs were removed.
        count: u64,
    },
    /// A token got a role.
    Role {
        /// The role from now on.
        role: Role,
    },
    /// Tokens were revoked: they open nothing any more.
    Revoked {
        /// How many tokens had this name.
        count: u64,
        /// The name the tokens share.
        name: String,
    },
}

impl Change {
    /// As the activity log keeps it.
    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// `None` for the words of an older version.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// English, for programs that show no other language.
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
