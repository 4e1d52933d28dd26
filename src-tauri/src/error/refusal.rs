//! Why something was refused or failed, for translation.

use schemars::JsonSchema;
use serde::Serialize;

use super::Trouble;

/// The kind of thing a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Thing {
    Patient,
    Protocol,
    Assignment,
    Message,
    /// A message kept to write others from.
    Template,
    /// An item of the worklist.
    WorkItem,
    /// A person of whom only the LINE account is known.
    Stranger,
    /// A picture, video, sound or file of a patient.
    Media,
    /// A picture or video that staff uploaded.
    Upload,
    /// Work that takes long, with its progress.
    Task,
    /// A phone of the practice LINE.
    Phone,
    /// The settings of the clinic.
    Settings,
    /// A copy of all data.
    Backup,
}

impl Thing {
    /// The thing's name in English.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Protocol => "protocol",
            Self::Assignment => "assignment",
            Self::Message => "message",
            Self::Template => "message template",
            Self::WorkItem => "line of the worklist",
            Self::Stranger => "stranger",
            Self::Media => "file of a patient",
            Self::Upload => "upload",
            Self::Task => "task",
            Self::Phone => "practice phone",
            Self::Settings => "settings",
            Self::Backup => "backup",
        }
    }
}

/// This occurrence of a problem as a stable name with its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema, specta::Type)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Refusal {
    /// There is nothing under the id.
    Gone {
        /// The kind of thing asked for.
        what: Thing,
    },
    /// Somebody changed it after the caller last read it.
    ChangedMeanwhile { what: Thing },
    /// The patient is archived: nothing goes to them.
    PatientArchived,
    /// Follow-ups of the patient run, or messages wait: nothing is deleted.
    StillCaredFor,
    /// The idempotency key belongs to a message to another patient, or with another content.
    KeyTaken,
    /// Another patient is linked to this LINE account.
    AccountTaken,
    /// The patient is linked to another LINE account.
    PatientLinked,
    /// The protocol is not active.
    ProtocolNotActive,
    /// An archived protocol is not changed.
    ProtocolFixed,
    /// An archived protocol is not published.
    ProtocolArchived,
    /// The assignment's status does not allow it.
    NotInThisStatus,
    /// The step is not ahead: it came, was left out, or is no step of this assignment.
    NotAhead,
    /// The step was not left out, or its time has passed.
    NotLeftOut,
    /// The message is on its way to LINE at this moment.
    OnItsWay,
    /// The message's state does not let it be cancelled.
    NotToCancel,
    /// The message's state does not let it be retried.
    NotToRetry,
    /// Only a message whose time is ahead, and that does not repeat, can be moved.
    NotToMove,
    /// The message's state does not let it be held back, or it is one of a repetition.
    NotToHold,
    /// Nobody holds the message back.
    NotHeldBack,
    /// It may have been sent so long ago that LINE may not recognise the retry key.
    MaybeSentLongAgo,
    /// Somebody else looks after the item already.
    LookedAfter { by: String },
    /// The item is settled already.
    SettledAlready,
    /// An item about the same matter is open on the worklist.
    OnListAgain,
    /// The item has no message that can be sent again.
    NothingToSend,
    /// The item is not about a link.
    NoLinkAsked,
    /// The token and the secret of the channel come from the environment.
    SecretsFromEnvironment,
    /// The demo clinic needs practice mode.
    DemoNeedsPractice,
    /// The demo clinic is loaded already.
    DemoLoaded,
    /// A message to a demo patient is on its way.
    DemoOnItsWay,
    /// A retry that has begun is not taken back.
    RetryBegun,
    /// This is practice mode already: no practice clinic is opened beside it.
    PractisingAlready,
    /// The practice clinic could not be opened.
    PracticeNotOpened {
        /// The reason, in the system's words.
        error: String,
    },
    /// There are no practice phones: messages go to the real LINE.
    NoPhones,
    /// No message is planned: there is nothing to jump to.
    NothingPlanned,
    /// It is not within quiet hours now.
    NotQuiet,
    /// The folder for downloads has too many files of this name.
    #[cfg_attr(not(feature = "desktop"), expect(dead_code, reason = "the window alone says it"))]
    DownloadsFull,
    /// A file could not be written.
    #[cfg_attr(not(feature = "desktop"), expect(dead_code, reason = "the window alone says it"))]
    NotWritten {
        /// The system's own words.
        error: String,
    },
    /// The desktop takes no notification.
    #[cfg_attr(not(feature = "desktop"), expect(dead_code, reason = "the window alone says it"))]
    NoNotification {
        /// The system's own words.
        error: String,
    },
    /// The act needs the role `operator`.
    NeedsOperator,
    /// The act needs the role `admin`.
    NeedsAdmin,
    /// Nobody is signed in by session or token.
    NotSignedIn,
    /// The token is not known.
    UnknownToken,
    /// The sign-in link was used already, or is too old.
    LinkUsed,
    /// The name or port is not one of ours.
    ForeignName,
    /// A page of another origin called.
    ForeignPage,
    /// Too many requests at once.
    TooBusy,
    /// The answer took longer than a request may take.
    TookTooLong,
    /// What was sent is too large.
    BodyTooLarge {
        /// The most bytes it may have.
        limit: u32,
    },
    /// What was uploaded is no picture and no video that LINE shows.
    NotAPicture,
    /// What was uploaded is a picture as an iPhone keeps it (HEIC), which LINE does not show.
    SaveAsJpeg,
    /// What was uploaded cannot be read to its end.
    BrokenFile,
    /// A picture has too many pixels.
    TooManyPixels {
        /// The most millions of pixels it may have.
        megapixels: u32,
    },
    /// A plan, a template or a message that waits shows the upload.
    UploadUsed,
    /// A backup is being made at this moment.
    BackupRuns,
    /// A backup would leave too little room on the disk.
    NoRoomForBackup {
        /// The bytes that must be free.
        needed: u64,
        /// How many bytes are free.
        free: u64,
    },
    /// The database lies on a server, whose own tools back it up.
    BackupOnServer,
    /// The backup is damaged.
    DamagedBackup,
    /// This clinic's data cannot be exchanged while it runs: it is a practice clinic beside the real one.
    NoRestoreHere,
    /// The database does not work at the moment.
    Database { trouble: Trouble },
    /// Our fault; the log has the cause.
    InLog,
}
