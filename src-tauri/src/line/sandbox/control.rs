//! The practice LINE's own switches, on the same address under `/sandbox`.

use std::collections::HashMap;

use axum::{
    Json, Router,
    body::to_bytes,
    extract::{Path, State as From},
    http::StatusCode,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ChatMessage, Fault, Sandbox, User};
use crate::domain::patient::is_line_user_id;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/sandbox/state", get(state))
        .route("/sandbox/fault", put(set_fault).get(fault))
        .route("/sandbox/users", get(users).post(add_user))
        .route("/sandbox/users/{user}/messages", get(messages))
        .route("/sandbox/users/{user}/text", post(text))
        .route("/sandbox/users/{user}/tap", post(tap))
        .route("/sandbox/users/{user}/message", post(send))
        .route("/sandbox/users/{user}/event", post(act))
        .route("/sandbox/users/{user}/block", post(block))
        .layer(middleware::map_response(in_json))
}

/// The most bytes of a refusal that are passed on.
const MAX_REFUSAL: usize = 16 * 1024;

/// Rewrites a refusal in LINE's form, `{"message"}`, whoever made it.
async fn in_json(answer: Response) -> Response {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let words = to_bytes(answer.into_body(), MAX_REFUSAL).await.unwrap_or_default();
    let message = match String::from_utf8_lossy(&words) {
        words if words.is_empty() => status.canonical_reason().unwrap_or_default().into(),
        words => words,
    };
    (status, Json(json!({ "message": message }))).into_response()
}

async fn state(From(sandbox): From<Sandbox>) -> Json<Value> {
    let state = sandbox.state();
    Json(json!({
        "accepted": state.accepted, "repeated": state.repeated, "usedQuota": state.used_quota,
        "users": state.users.len(), "fault": state.fault, "webhookUrl": state.webhook_url,
    }))
}

async fn fault(From(sandbox): From<Sandbox>) -> Json<Fault> {
    Json(sandbox.fault())
}

async fn set_fault(From(sandbox): From<Sandbox>, Json(fault): Json<Fault>) -> Json<Fault> {
    sandbox.set_fault(fault);
    Json(fault)
}

async fn users(From(sandbox): From<Sandbox>) -> Json<Vec<User>> {
    Json(sandbox.users())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewUser {
    line_user_id: String,
    display_name: String,
}

async fn add_user(
    From(sandbox): From<Sandbox>,
    Json(user): Json<NewUser>,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    if !is_line_user_id(&user.line_user_id) {
        return Err((
            StatusCode::BAD_REQUEST,
            "lineUserId takes U and 32 digits or small letters from a to f",
        ));
    }
    sandbox.add_user(&user.line_user_id, &user.display_name);
    Ok(StatusCode::NO_CONTENT)
}

async fn messages(
    From(sandbox): From<Sandbox>,
    Path(user): Path<String>,
) -> Result<Json<Vec<ChatMessage>>, StatusCode> {
    sandbox.chat(&user).map(Json).ok_or(StatusCode::NOT_FOUND)
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

async fn text(From(sandbox): From<Sandbox>, Path(user): Path<String>, Json(call): Json<Text>) -> StatusCode {
    found(sandbox.text(&user, &call.text).await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tap {
    data: String,
    #[serde(default)]
    display_text: Option<String>,
    /// What a picker chose, or where a menu leads: `{"date": "2026-12-01"}`.
    #[serde(default)]
    params: Option<HashMap<String, String>>,
}

async fn tap(From(sandbox): From<Sandbox>, Path(user): Path<String>, Json(call): Json<Tap>) -> StatusCode {
    let (text, params) = (call.display_text.as_deref(), call.params.map(|params| json!(params)));
    found(sandbox.postback(&user, &call.data, text, params.as_ref()).await)
}

async fn send(
    From(sandbox): From<Sandbox>,
    Path(user): Path<String>,
    Json(message): Json<Value>,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    if !has_type(&message) {
        return Err((StatusCode::BAD_REQUEST, NO_TYPE));
    }
    if message["type"] == "text" && !message["text"].is_string() {
        return Err((StatusCode::BAD_REQUEST, "a text message takes its words in text"));
    }
    if !has_readable_content(&message) {
        return Err((StatusCode::BAD_REQUEST, "content is not Base64"));
    }
    Ok(found(sandbox.send(&user, &message).await))
}

async fn act(
    From(sandbox): From<Sandbox>,
    Path(user): Path<String>,
    Json(event): Json<Value>,
) -> Result<StatusCode, (StatusCode, &'static str)> {
    if !has_type(&event) {
        return Err((StatusCode::BAD_REQUEST, NO_TYPE));
    }
    if let Some(wrong) = wrong_member(&event) {
        return Err((StatusCode::BAD_REQUEST, wrong));
    }
    Ok(found(sandbox.act(&user, &event).await))
}

const NO_TYPE: &str = "it takes an object with a type";

fn has_readable_content(message: &Value) -> bool {
    let content = &message["content"];
    content.is_null() || content.as_str().is_some_and(|text| STANDARD.decode(text).is_ok())
}

/// What LINE sends in another form than `event` has it; common members are not given but added.
fn wrong_member(event: &Value) -> Option<&'static str> {
    let postback = &event["postback"];
    let is_texts = |value: &Value| value.as_object().is_some_and(|all| all.values().all(Value::is_string));
    match event["type"].as_str()? {
        "message" if !event["message"].is_object() => Some("message takes an object"),
        "message" if !has_type(&event["message"]) => Some("message.type takes a text"),
        "message" if event["message"]["type"] == "text" && !event["message"]["text"].is_string() => {
            Some("message.text takes a text")
        }
        "postback" if !postback["data"].is_string() => Some("postback.data takes a text"),
        "postback" if !postback["params"].is_null() && !is_texts(&postback["params"]) => {
            Some("postback.params takes an object of texts")
        }
        "unsend" if !event["unsend"]["messageId"].is_string() => Some("unsend.messageId takes a text"),
        "videoPlayComplete" if !event["videoPlayComplete"]["trackingId"].is_string() => {
            Some("videoPlayComplete.trackingId takes a text")
        }
        _ => None,
    }
}

/// Whether it is an object with a `type`, as every message and event is.
fn has_type(value: &Value) -> bool {
    value["type"].as_str().is_some_and(|kind| !kind.is_empty())
}

#[derive(Deserialize)]
struct Block {
    blocked: bool,
}

async fn block(
    From(sandbox): From<Sandbox>,
    Path(user): Path<String>,
    Json(call): Json<Block>,
) -> StatusCode {
    found(sandbox.block(&user, call.blocked).await)
}

const fn found(there: bool) -> StatusCode {
    if there { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_message_or_event_is_an_object_of_some_type() {
        for wrong in
            [json!([]), json!(5), json!(null), json!({}), json!({ "type": 5 }), json!({ "type": "" })]
        {
            assert!(!has_type(&wrong), "{wrong}");
        }
        assert!(has_type(&json!({ "type": "image" })));
    }

    #[test]
    fn an_event_has_its_members_in_the_form_line_gives_them() {
        let postback = |postback: Value| json!({ "type": "postback", "postback": postback });
        for (event, wrong) in [
            (json!({ "type": "message" }), true),
            (json!({ "type": "message", "message": { "text": "hi" } }), true),
            (json!({ "type": "message", "message": { "type": "text", "text": 5 } }), true),
            (json!({ "type": "message", "message": { "type": "image" } }), false),
            (postback(json!({})), true),
            (postback(json!({ "data": "d", "params": 5 })), true),
            (postback(json!({ "data": "d", "params": { "date": 5 } })), true),
            (postback(json!({ "data": "d", "params": { "date": "2026-12-01" } })), false),
            (json!({ "type": "unsend", "unsend": { "messageId": 5 } }), true),
            (json!({ "type": "videoPlayComplete" }), true),
            (json!({ "type": "follow" }), false),
            (json!({ "type": "somethingNew", "itsMember": 5 }), false),
        ] {
            assert_eq!(wrong_member(&event).is_some(), wrong, "{event}");
        }
    }
}
