//! What LINE tells us: the signature, and the events as far as they are read.

use base64::Engine as _;
use hmac::{Hmac, Mac as _};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// The header with the signature.
pub const SIGNATURE: &str = "x-line-signature";

/// The signature of `body`: base64(HMAC-SHA256(channel secret, body)).
pub fn sign(channel_secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(channel_secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

/// Whether `signature` is LINE's for these very bytes; takes the same time whether it is or
/// not.
pub fn verify(channel_secret: &str, body: &[u8], signature: &str) -> bool {
    sign(channel_secret, body).as_bytes().ct_eq(signature.as_bytes()).into()
}

/// The body of a webhook call. Unknown fields and types are left as they are, never refused.
#[derive(Clone, Debug, Deserialize)]
pub struct Call {
    /// The events, of whatever type.
    #[serde(default)]
    pub events: Vec<Value>,
}

/// What is read of an event at once; the rest stays in its JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// LINE's id of the event.
    pub webhook_event_id: String,
    /// Its type.
    pub event_type: String,
}

/// Reads the head of an event; `None` when it has no id.
pub fn head(event: &Value) -> Option<Head> {
    let text = |name: &str| event.get(name)?.as_str().map(|s| s.chars().take(100).collect::<String>());
    Some(Head { webhook_event_id: text("webhookEventId")?, event_type: text("type").unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "8c570fa6dd201bb328f1c1eac23a96d8";
    const BODY: &[u8] = br#"{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}"#;
    const SIGNED: &str = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";

    #[test]
    fn the_signature_is_lines() {
        assert_eq!(sign(SECRET, BODY), SIGNED);
        assert!(verify(SECRET, BODY, SIGNED));
    }

    #[test]
    fn another_secret_body_or_signature_is_refused() {
        assert!(!verify("other", BODY, SIGNED));
        assert!(!verify(SECRET, b"{}", SIGNED));
        assert!(!verify(SECRET, BODY, ""));
    }
}
