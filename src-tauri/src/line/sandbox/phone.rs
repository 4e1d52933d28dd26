//! The acts of people at their phones, told to the clinic by signed webhooks.

use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{BOT, MAX_READ_TOKENS, Sandbox, Speaker, contents::Content};
use crate::{ids, line::webhook};

/// The content a user sends where none is given: a picture of one dot.
const DOT_PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// Events that cannot be answered; all others bring a reply token.
const WITHOUT_REPLY: &[&str] = &["unfollow", "unsend", "leave", "memberLeft", "delivery"];

impl Sandbox {
    /// `false` when there is no such user.
    pub async fn text(&self, line_user_id: &str, text: &str) -> bool {
        self.send(line_user_id, &json!({ "type": "text", "text": text })).await
    }

    /// The user sends a message, in the form of a webhook; LINE's own members are added. A picture,
    /// video, sound or file may have `content` (Base64) and `transcodingMs`, the time until it can
    /// be fetched. `false` when there is no such user.
    pub async fn send(&self, line_user_id: &str, message: &Value) -> bool {
        let told = {
            let mut state = self.state();
            if !state.users.contains_key(line_user_id) {
                return false;
            }
            let id = state.new_id();
            let now = self.clock.now();
            let (told, content) = told(message, &id);
            if let Some(mut content) = content {
                let transcoding_ms = message["transcodingMs"].as_i64().unwrap_or(0);
                content.ready_at = now.plus_millis(transcoding_ms.max(0));
                state.contents.add(content);
            }
            if let Some(token) = told["markAsReadToken"].as_str() {
                if state.read_tokens.len() >= MAX_READ_TOKENS {
                    state.read_tokens.pop_front();
                }
                state.read_tokens.push_back(token.to_owned());
            }
            let mut shown = told.clone();
            if let Value::Object(shown) = &mut shown {
                shown.retain(|name, _| !["id", "quoteToken", "markAsReadToken"].contains(&name.as_str()));
            }
            tracing::debug!(message = %id, "a practice phone wrote");
            state.say(line_user_id, Speaker::Patient, now, shown, id);
            told
        };
        self.tell(line_user_id, "message", json!({ "message": told })).await;
        true
    }

    /// The user presses a button. `false` when there is no such user.
    pub async fn tap(&self, line_user_id: &str, data: &str, display_text: Option<&str>) -> bool {
        self.postback(line_user_id, data, display_text, None).await
    }

    /// The user presses a button; `params` is the choice made with it: `{"date"}`, `{"time"}`,
    /// `{"datetime"}` of a picker, `{"newRichMenuAliasId","status"}` of a menu's tab.
    pub async fn postback(
        &self,
        line_user_id: &str,
        data: &str,
        display_text: Option<&str>,
        params: Option<&Value>,
    ) -> bool {
        {
            let mut state = self.state();
            if !state.users.contains_key(line_user_id) {
                return false;
            }
            if let Some(text) = display_text {
                let id = state.new_id();
                let message = json!({ "type": "text", "text": text });
                state.say(line_user_id, Speaker::Patient, self.clock.now(), message, id);
            }
        }
        let mut postback = json!({ "data": data });
        if let Some(params) = params {
            postback["params"] = params.clone();
        }
        self.tell(line_user_id, "postback", json!({ "postback": postback })).await;
        true
    }

    /// The user blocks the account, or lets it in again. `false` when there is no such user.
    pub async fn block(&self, line_user_id: &str, blocked: bool) -> bool {
        let was_blocked = {
            let mut state = self.state();
            let Some(user) = state.users.get_mut(line_user_id) else { return false };
            std::mem::replace(&mut user.blocked, blocked)
        };
        if blocked {
            self.tell(line_user_id, "unfollow", json!({})).await;
        } else {
            self.tell(line_user_id, "follow", json!({ "follow": { "isUnblocked": was_blocked } })).await;
        }
        true
    }

    /// Something else happens to the user: `event` has the `type` and its own members, the common
    /// ones are added. A message that is taken back loses its content. `false` when there is no
    /// such user.
    pub(crate) async fn act(&self, line_user_id: &str, event: &Value) -> bool {
        let id = {
            let mut state = self.state();
            if !state.users.contains_key(line_user_id) {
                return false;
            }
            if let Some(message_id) = event["unsend"]["messageId"].as_str() {
                state.contents.take_back(message_id);
            }
            state.new_id()
        };
        let kind = event["type"].as_str().unwrap_or_default().to_owned();
        let mut event = event.clone();
        if kind == "message" {
            let (mut whole, _) = told(&event["message"], &id);
            if let (Value::Object(whole), Value::Object(given)) = (&mut whole, event["message"].take()) {
                whole.extend(given);
            }
            event["message"] = whole;
        }
        if kind == "follow" && event["follow"].is_null() {
            event["follow"] = json!({ "isUnblocked": false });
        }
        self.tell(line_user_id, &kind, event).await;
        true
    }

    /// Sends one event to the clinic's webhook, signed as LINE signs.
    async fn tell(&self, line_user_id: &str, kind: &str, more: Value) {
        let now = self.clock.now();
        let mut event = json!({
            "type": kind,
            "mode": "active",
            "timestamp": now.as_millis(),
            "source": { "type": "user", "userId": line_user_id },
            "webhookEventId": ulid::Ulid::from(ids::time_ordered(now).as_u128()).to_string(),
            "deliveryContext": { "isRedelivery": false },
        });
        if !WITHOUT_REPLY.contains(&kind) {
            event["replyToken"] = self.state().new_reply_token(line_user_id, now).into();
        }
        if let (Value::Object(event), Value::Object(more)) = (&mut event, more) {
            event.extend(more);
        }
        let url = self.state().webhook_url.clone();
        if let Some(url) = url {
            self.call_webhook_at(url, &json!([event])).await;
        }
    }

    /// Calls a webhook, signed as LINE signs. Returns the status of the answer; `None` without one.
    pub(super) async fn call_webhook_at(&self, url: String, events: &Value) -> Option<u16> {
        let body = json!({ "destination": BOT, "events": events }).to_string();
        let sent = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .header(webhook::SIGNATURE, webhook::sign(&self.options.channel_secret, body.as_bytes()))
            .body(body)
            .send()
            .await;
        match sent {
            Ok(answer) => Some(answer.status().as_u16()),
            Err(error) => {
                tracing::warn!(error = %error.without_url(), "the practice LINE could not reach the webhook");
                None
            }
        }
    }
}

/// A message in the form of a webhook, with the members that LINE's SDKs require, and its content
/// to fetch.
fn told(message: &Value, id: &str) -> (Value, Option<Content>) {
    let mut told = message.clone();
    let given = told.as_object_mut().and_then(|told| {
        told.remove("transcodingMs");
        told.remove("content")
    });
    told["id"] = id.into();
    told["markAsReadToken"] = format!("r{id}").into();
    let kind = message["type"].as_str().unwrap_or("text").to_owned();
    if ["text", "image", "video", "sticker"].contains(&kind.as_str()) {
        told["quoteToken"] = format!("q{id}").into();
    }
    let mut need = |name: &str, value: Value| {
        if told[name].is_null() {
            told[name] = value;
        }
    };
    let bytes = given.as_ref().and_then(Value::as_str).and_then(|text| STANDARD.decode(text).ok());
    let bytes = Bytes::from(bytes.unwrap_or_else(|| STANDARD.decode(DOT_PNG).unwrap_or_default()));
    let media_type = match kind.as_str() {
        "sticker" => {
            need("packageId", "446".into());
            need("stickerId", "1988".into());
            need("stickerResourceType", "STATIC".into());
            return (told, None);
        }
        "location" => {
            need("latitude", 13.7563.into());
            need("longitude", 100.5018.into());
            return (told, None);
        }
        "image" => "image/png",
        "video" => "video/mp4",
        "audio" => "audio/m4a",
        "file" => "application/octet-stream",
        _ => return (told, None),
    };
    if kind == "file" {
        need("fileName", "file.bin".into());
        need("fileSize", bytes.len().into());
    } else {
        need("contentProvider", json!({ "type": "line" }));
        if kind != "image" {
            need("duration", 1000.into());
        }
    }
    let content = Content {
        message_id: id.to_owned(),
        media_type: media_type.to_owned(),
        bytes,
        ready_at: crate::clock::Timestamp::from_millis(0),
        is_taken_back: false,
    };
    (told, Some(content))
}
