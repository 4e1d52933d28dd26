//! Quick replies: suggestions over the keyboard under a message, until the patient taps one or
//! something else is said. The answer to a question comes by its buttons instead. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    feedback::MAX_LABEL,
    message::MAX_URL,
    picker::Picker,
    texts::{Reader, See, Texts},
};

/// The most quick replies under one push (LINE's quick reply).
pub(crate) const MAX_QUICK_REPLIES: usize = 13;

/// The most grapheme clusters a patient seems to say by a tap (LINE's message action).
pub(crate) const MAX_SAID: u32 = 300;

/// The most UTF-16 code units that come back with a tap (LINE's postback action).
pub(crate) const MAX_DATA: u32 = 300;

/// One suggestion a patient may tap. Each has a `label`, 1 to 20 grapheme clusters, and an
/// `iconUrl`, a public HTTPS address of a PNG with at most 2,000 characters; where it is left out,
/// camera, camera roll and location show LINE's own icon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, garde::Validate, JsonSchema, specta::Type)]
#[garde(allow_unvalidated)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(crate) enum QuickReply {
    /// Sends a text as if the patient had written it.
    Message {
        #[schemars(length(min = 1, max = MAX_LABEL))]
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = MAX_URL), url)]
        icon_url: Option<String>,
        /// The text; the label where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = MAX_SAID))]
        text: Option<String>,
    },
    /// Comes back to the clinic as `data`, like a button of the message itself.
    Postback {
        #[schemars(length(min = 1, max = MAX_LABEL))]
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = MAX_URL), url)]
        icon_url: Option<String>,
        /// The data; the label where left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = MAX_DATA))]
        data: Option<String>,
        /// What the patient chooses first: a day, a time or both.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[garde(dive)]
        picker: Option<Picker>,
    },
    /// Opens the camera, and sends its picture.
    Camera {
        #[schemars(length(min = 1, max = MAX_LABEL))]
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = MAX_URL), url)]
        icon_url: Option<String>,
    },
    /// Chooses among the pictures on the phone.
    CameraRoll {
        #[schemars(length(min = 1, max = MAX_LABEL))]
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = MAX_URL), url)]
        icon_url: Option<String>,
    },
    /// Opens the map, and sends a place.
    Location {
        #[schemars(length(min = 1, max = MAX_LABEL))]
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = MAX_URL), url)]
        icon_url: Option<String>,
    },
}

impl QuickReply {
    pub(crate) fn label(&self) -> &str {
        let (Self::Message { label, .. }
        | Self::Postback { label, .. }
        | Self::Camera { label, .. }
        | Self::CameraRoll { label, .. }
        | Self::Location { label, .. }) = self;
        label
    }

    pub(crate) const fn label_mut(&mut self) -> &mut String {
        let (Self::Message { label, .. }
        | Self::Postback { label, .. }
        | Self::Camera { label, .. }
        | Self::CameraRoll { label, .. }
        | Self::Location { label, .. }) = self;
        label
    }

    pub(crate) fn icon_url(&self) -> Option<&str> {
        let (Self::Message { icon_url, .. }
        | Self::Postback { icon_url, .. }
        | Self::Camera { icon_url, .. }
        | Self::CameraRoll { icon_url, .. }
        | Self::Location { icon_url, .. }) = self;
        icon_url.as_deref()
    }

    /// The member, its text, and its limit.
    pub(crate) fn own_texts(&self) -> impl Iterator<Item = (&'static str, &str, u32)> {
        let own = match self {
            Self::Message { text: Some(text), .. } => Some(("text", text.as_str(), MAX_SAID)),
            Self::Postback { data: Some(data), .. } => Some(("data", data.as_str(), MAX_DATA)),
            _ => None,
        };
        own.into_iter()
    }

    /// The data that comes back with a tap, with the member that has it.
    pub(crate) fn sent_data(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::Postback { data: Some(data), .. } => Some(("data", data)),
            Self::Postback { label, .. } => Some(("label", label)),
            _ => None,
        }
    }

    pub(crate) fn picker(&self) -> Option<&Picker> {
        match self {
            Self::Postback { picker, .. } => picker.as_ref(),
            _ => None,
        }
    }
}

impl Texts for [QuickReply] {
    fn each_text(&mut self, field: &str, see: See<'_>) {
        for (n, reply) in self.iter_mut().enumerate() {
            let (QuickReply::Message { label, icon_url, .. }
            | QuickReply::Postback { label, icon_url, .. }
            | QuickReply::Camera { label, icon_url }
            | QuickReply::CameraRoll { label, icon_url }
            | QuickReply::Location { label, icon_url }) = reply;
            see(&format!("{field}[{n}].label"), Reader::Patient, label);
            if let Some(url) = icon_url {
                see(&format!("{field}[{n}].iconUrl"), Reader::Program, url);
            }
            if let QuickReply::Message { text: Some(text), .. } = reply {
                see(&format!("{field}[{n}].text"), Reader::Patient, text);
            }
        }
    }

    fn has(&self, what: &str) -> bool {
        self.iter().any(|reply| {
            let said = reply.own_texts().any(|(name, text, _)| name == "text" && text.contains(what));
            said || reply.label().contains(what) || reply.icon_url().is_some_and(|url| url.contains(what))
        })
    }
}
