//! What a patient sends besides words: pictures, videos, sounds, files; places and stickers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named_enum;

named_enum! {
    /// The state of a picture, video, sound or file of a patient.
    #[serde(rename = "MediaState")]
    State {
        /// It is still to be fetched from LINE.
        Pending = "pending",
        /// It lies in the folder of the clinic.
        Stored = "stored",
        /// It breaks a limit and is not kept.
        Refused = "refused",
        /// It was here or at LINE, and is gone.
        Gone = "gone",
        /// It could not be fetched and is not tried again.
        Failed = "failed",
    }
}

named_enum! {
    /// Why a file is not here.
    #[serde(rename = "MediaReason")]
    Reason {
        /// LINE still prepares it; it is asked for again.
        Preparing = "preparing",
        /// LINE could not be reached, or does not answer us; it is tried again.
        LineUnavailable = "line_unavailable",
        /// There is no room on the disk; it is tried again.
        NoRoom = "no_room",
        /// The folder cannot be written to; it is tried again.
        NotWritable = "not_writable",
        /// It is larger than the limit.
        TooLarge = "too_large",
        /// The patient took the message back.
        TakenBack = "taken_back",
        /// The clinic's retention time for such files has passed.
        KeptLongEnough = "kept_long_enough",
        /// Its sender is forgotten; its row goes with its file.
        Erased = "erased",
        /// LINE does not have it, or not any more.
        NotFound = "not_found",
        /// LINE could not prepare it; it is not tried again.
        NotPrepared = "not_prepared",
        /// LINE gave a file with nothing in it.
        Empty = "empty",
        /// It was tried for a week.
        GivenUp = "given_up",
    }
}

// The store has this list as text (store/fragments.rs); a test compares them.
#[cfg(test)]
impl Reason {
    /// The disk does not take it.
    pub(crate) const UNWRITTEN: &[Self] = &[Self::NoRoom, Self::NotWritable];
}

/// What LINE tells about a content that is to be fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The name the patient's phone gave it; only a file has one.
    pub(crate) file_name: Option<String>,
    /// Bytes; LINE gives it for files only.
    pub(crate) size: Option<u64>,
}

/// What comes with a message besides its words, and needs no fetching.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Details {
    pub(crate) place: Option<Place>,
    pub(crate) sticker: Option<Sticker>,
    /// The address of a picture, video or sound that is not at LINE; it is never fetched.
    pub(crate) address: Option<String>,
}

/// A place that came with a message of a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The name of the place, up to 200 characters.
    pub(crate) title: Option<String>,
    /// Its address, up to 500 characters.
    pub(crate) address: Option<String>,
    /// Degrees north, as a decimal number.
    pub(crate) latitude: String,
    /// Degrees east, as a decimal number.
    pub(crate) longitude: String,
}

/// A sticker that came with a message of a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct Sticker {
    /// LINE's id of the set the sticker is from.
    pub(crate) package_id: String,
    /// LINE's id of the sticker in it.
    pub(crate) sticker_id: String,
    /// LINE's description of it in English; at most 15 words.
    pub(crate) keywords: Vec<String>,
}

/// Days for which pictures, videos, sounds and files of patients are kept by default.
pub(crate) const DEFAULT_RETENTION_DAYS: u32 = 180;

/// The types that a browser shows and does not run, by the name they are served under. A browser
/// gets any other type as bytes to save.
pub(crate) const SHOWN_INLINE: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "video/mp4",
    "audio/mp4",
    "audio/aac",
    "audio/mpeg",
];
