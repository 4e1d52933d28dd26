//! What the people at the phones do, told to the clinic by signed webhooks.

use serde_json::{Value, json};

use super::{Sandbox, Speaker};
use crate::{ids, line::webhook};

impl Sandbox {
    /// The user writes something. `false` when there is no such user.
    pub async fn text(&self, line_user_id: &str, text: &str) -> bool {
        let (id, message) = {
            let mut state = self.state();
            if !state.users.contains_key(line_user_id) {
                return false;
            }
            let id = state.new_id();
            let message = json!({ "type": "text", "text": text });
            state.say(line_user_id, Speaker::Patient, self.clock.now(), message, id.clone());
            (id.clone(), json!({ "id": id, "type": "text", "text": text }))
        };
        tracing::debug!(message = %id, "a practice phone wrote");
        self.tell(line_user_id, "message", json!({ "message": message })).await;
        true
    }

    /// The user presses a button. `false` when there is no such user.
    pub async fn tap(&self, line_user_id: &str, data: &str, display_text: Option<&str>) -> bool {
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
        self.tell(line_user_id, "postback", json!({ "postback": { "data": data } })).await;
        true
    }

    /// The user blocks the account, or lets it in again. `false` when there is no such user.
    pub async fn block(&self, line_user_id: &str, blocked: bool) -> bool {
        {
            let mut state = self.state();
            let Some(user) = state.users.get_mut(line_user_id) else { return false };
            user.blocked = blocked;
        }
        let kind = if blocked { "unfollow" } else { "follow" };
        self.tell(line_user_id, kind, json!({})).await;
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
        if kind != "unfollow" {
            event["replyToken"] = self.state().new_reply_token(line_user_id, now).into();
        }
        if let (Value::Object(event), Value::Object(more)) = (&mut event, more) {
            event.extend(more);
        }
        self.call_webhook(&json!([event])).await;
    }

    /// Calls the clinic's webhook, signed as LINE signs. `None` when none is entered, else the
    /// status of the answer where there was one.
    pub(super) async fn call_webhook(&self, events: &Value) -> Option<Option<u16>> {
        let url = self.state().webhook_url.clone()?;
        let body =
            json!({ "destination": "U00000000000000000000000000000000", "events": events }).to_string();
        let sent = self
            .http
            .post(url)
            .header("content-type", "application/json")
            .header(webhook::SIGNATURE, webhook::sign(&self.options.channel_secret, body.as_bytes()))
            .body(body)
            .send()
            .await;
        Some(match sent {
            Ok(answer) => Some(answer.status().as_u16()),
            Err(error) => {
                tracing::warn!(error = %error.without_url(), "the practice LINE could not reach the webhook");
                None
            }
        })
    }
}
