//! What LINE says of the clinic's account, its webhook and its users.

use serde::Deserialize;

/// Who the clinic's account is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BotInfo {
    /// The name patients see.
    pub display_name: String,
    /// The id patients search for, with its `@`.
    #[serde(default)]
    pub basic_id: String,
}

/// What LINE knows of a user.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// The name the user chose.
    pub display_name: String,
}

/// How LINE's call to the webhook went.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookTest {
    /// Whether it was answered with 200.
    pub success: bool,
    /// With what it was answered.
    #[serde(default)]
    pub status_code: u16,
    /// Why it failed, in LINE's terms.
    #[serde(default)]
    pub reason: String,
    /// More of it.
    #[serde(default)]
    pub detail: String,
}
