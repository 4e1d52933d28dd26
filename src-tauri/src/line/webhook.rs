//! LINE's webhook calls: the signature, and the events as far as they are read.

use std::collections::BTreeMap;

use base64::Engine as _;
use hmac::{Hmac, Mac as _};
use serde::{Deserialize, de};
use serde_json::{Value, value::RawValue};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{
    lenient,
    with::{self, With},
};
use crate::{clock::Timestamp, domain::patient::line_user_id_of, fields::or_default};

pub const SIGNATURE: &str = "x-line-signature";

/// The signature of `body`: base64(HMAC-SHA256(channel secret, body)).
pub fn sign(channel_secret: &str, body: &[u8]) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(channel_secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

/// Whether `signature` is LINE's for exactly these bytes; compares in constant time.
pub fn verify(channel_secret: &str, body: &[u8], signature: &str) -> bool {
    sign(channel_secret, body).as_bytes().ct_eq(signature.as_bytes()).into()
}

/// A webhook call. Unknown fields and types are kept, never refused.
#[derive(Clone, Debug)]
pub struct Call {
    pub events: Vec<Value>,
}

impl Call {
    /// Reads the body of a call. A part of an event that has no value of ours becomes `null`: its
    /// neighbours are other patients'.
    pub fn read(body: &[u8]) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct Raw<'a> {
            #[serde(default, borrow, deserialize_with = "or_default")]
            events: Vec<&'a RawValue>,
        }
        let text = String::from_utf8_lossy(body);
        // serde would take a list for the fields of the object in order.
        if !text.trim_start().starts_with('{') {
            return Err(de::Error::custom("it is no JSON object"));
        }
        let raw: Raw<'_> = serde_json::from_str(&text)?;
        Ok(Self { events: raw.events.into_iter().map(lenient::read).collect() })
    }
}

/// The part of an event that is read at once; the rest stays JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub(crate) webhook_event_id: String,
    pub(crate) event_type: String,
    /// Whether LINE had tried to deliver it before.
    pub(crate) redelivered: bool,
}

/// Reads the head of an event; `None` where it is no object. An event without an id is identified
/// by its content, so that it is still worked on once.
pub fn head(event: &Value) -> Option<Head> {
    let event = event.as_object()?;
    let text = |name: &str| event.get(name)?.as_str().map(|s| s.chars().take(100).collect::<String>());
    let by_content = || {
        let bytes = serde_json::to_vec(event).unwrap_or_default();
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(bytes))
    };
    let id = text("webhookEventId").filter(|id| !id.is_empty());
    Some(Head {
        webhook_event_id: id.unwrap_or_else(by_content),
        event_type: text("type").unwrap_or_default(),
        redelivered: event.get("deliveryContext").and_then(|c| c.get("isRedelivery"))
            == Some(&Value::Bool(true)),
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The time by LINE's clock.
    pub(crate) at: Option<Timestamp>,
    /// The user of a one-to-one chat; `None` for groups and rooms.
    pub(crate) user: Option<String>,
    /// LINE's token to answer it once, within a minute.
    pub(crate) reply_token: Option<String>,
    pub(crate) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Message {
        id: String,
        /// Its type: text, image, sticker, …
        kind: String,
        text: Option<String>,
        /// LINE's id of the message it quotes.
        quoted: Option<String>,
        /// LINE's token that quotes this one in a message; texts, stickers and pictures have one.
        quote_token: Option<String>,
        /// LINE's token that marks it as read; `None` where LINE gave none.
        read_token: Option<String>,
        /// What came besides the words.
        with: Box<With>,
    },
    Unsend {
        id: String,
    },
    /// The account became a friend, possibly again.
    Follow,
    /// The user blocked the account.
    Unfollow,
    Postback {
        /// The button's data; for a button that is not ours, whatever its maker wrote.
        data: String,
        /// LINE's own parameters: `date`, `time` or `datetime` of a picker, or the menu that was
        /// switched to.
        params: BTreeMap<String, String>,
    },
    /// The user watched a video to its end.
    Watched {
        /// The tracking id the message with the video was sent with.
        tracking_id: String,
    },
    /// Another event that proves the chat works.
    SignOfLife,
    /// An event that does not concern us, or of an unknown type.
    Other,
}

/// The most characters of a token; LINE gives no length, its examples have about 80.
const MAX_TOKEN: usize = 500;

/// A token; `None` where it is missing or too long.
fn token(event: &Value, pointer: &str) -> Option<String> {
    let token = event.pointer(pointer)?.as_str()?;
    (1..=MAX_TOKEN).contains(&token.len()).then(|| token.to_owned())
}

/// The most characters of a button's data; LINE takes 300 (Messaging API, "Postback action").
const MAX_DATA: usize = 1_000;

/// The most parameters of a press; LINE sends one or two today.
const MAX_PARAMS: usize = 10;

/// The most characters of each of them.
const MAX_PARAM: usize = 300;

/// The texts among a postback's `params`, in the order of their names.
fn params(event: &Value) -> BTreeMap<String, String> {
    let given = event.pointer("/postback/params").and_then(Value::as_object);
    let short = |text: &str| text.chars().take(MAX_PARAM).collect::<String>();
    let texts = given.into_iter().flatten().filter_map(|(name, v)| Some((short(name), short(v.as_str()?))));
    texts.take(MAX_PARAMS).collect()
}

/// Reads an event (Messaging API, "Webhook event objects"). An event with a missing or mistyped
/// member becomes one that does not concern us.
pub fn read(event: &Value) -> Event {
    let text = |value: &Value, pointer: &str| value.pointer(pointer)?.as_str().map(str::to_owned);
    let from_chat = text(event, "/source/type").as_deref() == Some("user");
    let standby = text(event, "/mode").as_deref() == Some("standby");
    let what = match text(event, "/type").unwrap_or_default().as_str() {
        "message" => text(event, "/message/id").map(|id| What::Message {
            id,
            kind: text(event, "/message/type").unwrap_or_default().chars().take(30).collect(),
            text: text(event, "/message/text"),
            quoted: text(event, "/message/quotedMessageId"),
            quote_token: token(event, "/message/quoteToken"),
            read_token: token(event, "/message/markAsReadToken"),
            with: Box::new(with::of(&event["message"])),
        }),
        "unsend" => text(event, "/unsend/messageId").map(|id| What::Unsend { id }),
        "follow" => Some(What::Follow),
        "unfollow" => Some(What::Unfollow),
        "postback" => text(event, "/postback/data").map(|data| What::Postback {
            data: data.chars().take(MAX_DATA).collect(),
            params: params(event),
        }),
        "videoPlayComplete" => Some(
            text(event, "/videoPlayComplete/trackingId")
                .map_or(What::SignOfLife, |tracking_id| What::Watched { tracking_id }),
        ),
        "delivery" => Some(What::SignOfLife),
        _ => None,
    };
    Event {
        at: event.get("timestamp").and_then(Value::as_i64).filter(|ms| *ms > 0).map(Timestamp::from_millis),
        user: text(event, "/source/userId").filter(|_| from_chat).and_then(|id| line_user_id_of(&id)),
        reply_token: text(event, "/replyToken").filter(|_| !standby),
        what: what.unwrap_or(What::Other),
    }
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
