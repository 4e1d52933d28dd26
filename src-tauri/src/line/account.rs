//! LINE's facts about the clinic's account, its webhook and its users.

use serde::Deserialize;

use crate::fields::or_default;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BotInfo {
    /// What patients see in their chats.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) display_name: String,
    /// The id patients search for, with its `@`; empty where LINE tells none.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) basic_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    /// `None` where LINE tells none.
    #[serde(default)]
    pub(crate) display_name: Option<String>,
    /// The tag of the language LINE speaks to them; `None` where they did not agree to that use.
    #[serde(default)]
    pub(crate) language: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WebhookTest {
    pub(crate) success: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) status_code: u16,
    /// In LINE's terms.
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) reason: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(crate) detail: String,
}
