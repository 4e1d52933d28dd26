//! Messages without a retry key: to many users, in reply to what a user did, and to be looked
//! at only.

use axum::{
    Json,
    extract::State as From,
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{check::problems, not_authenticated, refuse};
use crate::{
    clock::Timestamp,
    line::sandbox::{Sandbox, Speaker, State},
};

#[derive(Deserialize)]
pub(super) struct Multicast {
    to: Vec<String>,
    messages: Vec<Value>,
}

pub(super) async fn multicast(
    From(sandbox): From<Sandbox>,
    headers: HeaderMap,
    Json(call): Json<Multicast>,
) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    let details = problems(&call.messages);
    if call.to.is_empty() || call.to.len() > 500 || !details.is_empty() {
        return refuse(400, "The request body has 1 error(s)", details);
    }
    let now = sandbox.clock.now();
    let mut state = sandbox.state();
    for to in &call.to {
        Sandbox::show(&mut state, to, &call.messages, now);
    }
    state.used_quota += call.to.len() as u64;
    Json(json!({})).into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reply {
    reply_token: String,
    messages: Vec<Value>,
}

pub(super) async fn reply(
    From(sandbox): From<Sandbox>,
    headers: HeaderMap,
    Json(call): Json<Reply>,
) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    if headers.contains_key("x-line-retry-key") {
        return refuse(400, "The retry key cannot be used with this endpoint.", vec![]);
    }
    let details = problems(&call.messages);
    if !details.is_empty() {
        return refuse(400, &format!("The request body has {} error(s)", details.len()), details);
    }
    let now = sandbox.clock.now();
    let mut state = sandbox.state();
    let Some(user) = state.take_reply_token(&call.reply_token, now) else {
        return refuse(400, "Invalid reply token", vec![]);
    };
    let ids = Sandbox::show(&mut state, &user, &call.messages, now);
    Json(sent(&ids)).into_response()
}

pub(super) async fn validate(
    From(sandbox): From<Sandbox>,
    headers: HeaderMap,
    Json(call): Json<Value>,
) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    let messages = call.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
    let details = problems(&messages);
    if details.is_empty() {
        return Json(json!({})).into_response();
    }
    refuse(400, &format!("The request body has {} error(s)", details.len()), details)
}

impl Sandbox {
    /// Puts messages into a chat; a user who blocked the account sees nothing of them.
    pub(super) fn show(state: &mut State, to: &str, messages: &[Value], now: Timestamp) -> Vec<String> {
        let arrives = state.users.get(to).is_some_and(|u| u.following && !u.blocked);
        messages
            .iter()
            .map(|message| {
                let id = state.new_id();
                if arrives {
                    state.say(to, Speaker::Clinic, now, message.clone(), id.clone());
                }
                id
            })
            .collect()
    }
}

/// `{"sentMessages"}`
pub(super) fn sent(ids: &[String]) -> Value {
    let messages: Vec<_> = ids.iter().map(|id| json!({ "id": id, "quoteToken": format!("q{id}") })).collect();
    json!({ "sentMessages": messages })
}
