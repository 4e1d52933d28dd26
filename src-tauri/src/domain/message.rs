//! The content of a message, by LINE's types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    named_enum,
    texts::{Reader, See, Texts, json_has, of_json},
    upload::{Kind, OwnAddresses},
};
use crate::error::FieldProblem;

named_enum! {
    /// The types of message a step can send.
    MessageType {
        /// Plain words, with emoji at most.
        Text = "text",
        /// A picture at a public HTTPS address.
        Image = "image",
        /// A video at a public HTTPS address.
        Video = "video",
        /// A bubble or a carousel in LINE's layout language.
        Flex = "flex",
        /// One of LINE's templates with buttons.
        Template = "template",
    }
}

/// The most UTF-16 code units of a text message (LINE's text message).
pub(crate) const MAX_TEXT: u32 = 5_000;

/// The most UTF-16 code units of a quote token; LINE gives no length, its examples have about 80.
pub(crate) const MAX_QUOTE_TOKEN: u32 = 500;

/// The most UTF-16 code units of a lock screen text (LINE's Flex and template messages).
pub(crate) const MAX_ALT_TEXT: u32 = 1_500;

/// The most characters of a picture's address (LINE's image message).
pub(crate) const MAX_URL: u32 = 2_000;

/// The most message objects after the first: LINE takes five in a push, a question included
/// (Messaging API, "Send push message").
pub(crate) const MAX_FURTHER: usize = 4;

/// A further message object of the same push, which counts as one in the month's quota.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, garde::Validate, JsonSchema, specta::Type)]
#[garde(allow_unvalidated)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FurtherMessage {
    /// The kind of message, which decides the fields of `content`.
    pub(crate) message_type: MessageType,
    /// The fields that go with `messageType`, as in the first message.
    #[specta(type = specta_typescript::Unknown)]
    #[schemars(with = "Content")]
    pub(crate) content: Value,
}

/// The content of a message. Its JSON has only the fields; the type stands beside it
/// (`messageType`).
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Content {
    /// Plain words, with emoji at most.
    Text(Text),
    Image(Image),
    Video(Video),
    /// A bubble or a carousel in LINE's layout language.
    Flex(Flex),
    /// One of LINE's four templates with buttons.
    Template(Template),
}

/// The content of a text message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "TextContent")]
pub struct Text {
    /// 1 to 5,000 UTF-16 code units.
    #[schemars(length(min = 1, max = MAX_TEXT))]
    pub(crate) text: String,
    /// The `quoteToken` of a message that the patient wrote and this one quotes, 1 to 500 UTF-16
    /// code units; valid only in the chat with that patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = MAX_QUOTE_TOKEN))]
    pub(crate) quote_token: Option<String>,
}

/// The content of a message that is a picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "ImageContent")]
pub(crate) struct Image {
    /// A public HTTPS address, at most 2,000 characters.
    #[schemars(length(min = 1, max = MAX_URL), url)]
    pub(crate) image_url: String,
    /// The preview picture, up to 1 MB. Left out, the preview of the upload where the large picture
    /// is an upload of the clinic's, else the large picture itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = MAX_URL), url)]
    pub(crate) preview_image_url: Option<String>,
}

/// The content of a message that is a video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "VideoContent")]
pub(crate) struct Video {
    /// A public HTTPS address of an MP4, at most 2,000 characters.
    #[schemars(length(min = 1, max = MAX_URL), url)]
    pub(crate) video_url: String,
    /// The address of the picture shown before it plays, a JPEG or PNG.
    #[schemars(length(min = 1, max = MAX_URL), url)]
    pub(crate) preview_image_url: String,
}

/// The content of a message in LINE's layout language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "FlexContent")]
pub(crate) struct Flex {
    /// What the lock screen shows; 1 to 1,500 UTF-16 code units.
    #[schemars(length(min = 1, max = MAX_ALT_TEXT))]
    pub(crate) alt_text: String,
    /// LINE's object: a bubble or a carousel.
    pub(crate) contents: Value,
}

/// The content of a message by one of LINE's templates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "TemplateContent")]
pub(crate) struct Template {
    /// What the lock screen shows; 1 to 1,500 UTF-16 code units.
    #[schemars(length(min = 1, max = MAX_ALT_TEXT))]
    pub(crate) alt_text: String,
    /// LINE's object of the type `buttons`, `confirm`, `carousel` or `image_carousel`.
    pub(crate) template: Value,
}

impl Content {
    /// `field` is its path in the request, for refusals.
    ///
    /// # Errors
    /// The field that is missing, unknown or of another type.
    pub(crate) fn parse(
        message_type: MessageType,
        content: &Value,
        field: &str,
    ) -> Result<Self, FieldProblem> {
        fn read<T: serde::de::DeserializeOwned>(content: &Value, field: &str) -> Result<T, FieldProblem> {
            serde_path_to_error::deserialize(content).map_err(|e| {
                let path = match e.path().to_string() {
                    p if p == "." => field.to_owned(),
                    p => format!("{field}.{p}"),
                };
                FieldProblem::malformed(path, e.into_inner().to_string())
            })
        }
        Ok(match message_type {
            MessageType::Text => Self::Text(read(content, field)?),
            MessageType::Image => Self::Image(read(content, field)?),
            MessageType::Video => Self::Video(read(content, field)?),
            MessageType::Flex => Self::Flex(read(content, field)?),
            MessageType::Template => Self::Template(read(content, field)?),
        })
    }

    /// Reads all message objects of one push, the first one and those after it.
    ///
    /// # Errors
    /// The field that is missing, unknown or of another type.
    pub(crate) fn parse_all(
        message_type: MessageType,
        content: &Value,
        further: &[FurtherMessage],
    ) -> Result<Vec<Self>, FieldProblem> {
        let first = Self::parse(message_type, content, "content");
        let rest = further.iter().enumerate().map(|(n, one)| {
            Self::parse(one.message_type, &one.content, &format!("furtherMessages[{n}].content"))
        });
        std::iter::once(first).chain(rest).collect()
    }

    /// Gathers the addresses in it; `field` is its path in the request.
    pub(crate) fn addresses(&self, field: &str, found: &mut OwnAddresses) {
        const PICTURE: Option<Kind> = Some(Kind::Picture);
        match self {
            Self::Text(c) => found.in_text(&c.text, format!("{field}.text"), None),
            Self::Image(c) => {
                found.in_text(&c.image_url, format!("{field}.imageUrl"), PICTURE);
                if let Some(url) = &c.preview_image_url {
                    found.in_text(url, format!("{field}.previewImageUrl"), PICTURE);
                }
            }
            Self::Video(c) => {
                found.in_text(&c.video_url, format!("{field}.videoUrl"), Some(Kind::Video));
                found.in_text(&c.preview_image_url, format!("{field}.previewImageUrl"), PICTURE);
            }
            Self::Flex(c) => found.in_json(&c.contents, &format!("{field}.contents")),
            Self::Template(c) => found.in_json(&c.template, &format!("{field}.template")),
        }
    }

    #[cfg(test)]
    pub(crate) const fn message_type(&self) -> MessageType {
        match self {
            Self::Text(_) => MessageType::Text,
            Self::Image(_) => MessageType::Image,
            Self::Video(_) => MessageType::Video,
            Self::Flex(_) => MessageType::Flex,
            Self::Template(_) => MessageType::Template,
        }
    }
}

impl Texts for Content {
    fn each_text(&mut self, field: &str, see: See<'_>) {
        match self {
            Self::Text(c) => see(&format!("{field}.text"), Reader::Patient, &mut c.text),
            Self::Image(c) => {
                see(&format!("{field}.imageUrl"), Reader::Program, &mut c.image_url);
                if let Some(url) = &mut c.preview_image_url {
                    see(&format!("{field}.previewImageUrl"), Reader::Program, url);
                }
            }
            Self::Video(c) => {
                see(&format!("{field}.videoUrl"), Reader::Program, &mut c.video_url);
                see(&format!("{field}.previewImageUrl"), Reader::Program, &mut c.preview_image_url);
            }
            Self::Flex(c) => {
                see(&format!("{field}.altText"), Reader::LockScreen, &mut c.alt_text);
                of_json(&mut c.contents, &format!("{field}.contents"), see);
            }
            Self::Template(c) => {
                see(&format!("{field}.altText"), Reader::LockScreen, &mut c.alt_text);
                of_json(&mut c.template, &format!("{field}.template"), see);
            }
        }
    }

    fn has(&self, what: &str) -> bool {
        match self {
            Self::Text(c) => c.text.contains(what),
            Self::Image(c) => {
                c.image_url.contains(what)
                    || c.preview_image_url.as_ref().is_some_and(|url| url.contains(what))
            }
            Self::Video(c) => c.video_url.contains(what) || c.preview_image_url.contains(what),
            Self::Flex(c) => c.alt_text.contains(what) || json_has(&c.contents, what),
            Self::Template(c) => c.alt_text.contains(what) || json_has(&c.template, what),
        }
    }
}
