//! The endpoints of LINE that Clinicue calls, with LINE's limits and error bodies.

use std::time::Duration;

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, State as From},
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Accepted, FaultKind, KEY_LIFE_MS, Sandbox, Speaker, new_user};
use crate::{
    clock::Timestamp,
    domain::{
        message::{Content, MessageType},
        patient::is_line_user_id,
    },
    ids,
    line::limits,
};

/// LINE takes bodies of 2 MB.
const MOST_BODY: usize = 2 * 1024 * 1024;

pub(super) fn router() -> Router<Sandbox> {
    let authenticated = Router::new()
        .route("/v2/bot/message/push", post(push))
        .route("/v2/bot/message/multicast", post(multicast))
        .route("/v2/bot/message/reply", post(reply))
        .route("/v2/bot/message/validate/push", post(validate))
        .route("/v2/bot/message/quota", get(quota))
        .route("/v2/bot/message/quota/consumption", get(consumption))
        .route("/v2/bot/profile/{user}", get(profile))
        .route("/v2/bot/info", get(info))
        .route("/v2/bot/channel/webhook/endpoint", put(set_webhook).get(webhook))
        .route("/v2/bot/channel/webhook/test", post(test_webhook));
    Router::new()
        .merge(authenticated)
        .route("/oauth2/v3/token", post(mint))
        .layer(DefaultBodyLimit::max(MOST_BODY))
}

/// `{"message","details"}`
fn refuse(status: u16, message: &str, details: Vec<Value>) -> Response {
    let mut body = json!({ "message": message });
    if !details.is_empty() {
        body["details"] = Value::Array(details);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(body)).into_response()
}

fn not_authenticated() -> Response {
    refuse(
        401,
        "Authentication failed. Confirm that the access token in the authorization header is valid.",
        vec![],
    )
}

impl Sandbox {
    fn knows_token(&self, headers: &HeaderMap) -> bool {
        let given = headers.get("authorization").and_then(|v| v.to_str().ok());
        let Some(token) = given.and_then(|v| v.strip_prefix("Bearer ")) else { return false };
        let state = self.state();
        match state.fault.kind {
            FaultKind::Unauthorized => false,
            FaultKind::TokenExpired => state.minted.iter().any(|t| t == token),
            _ => {
                self.options.access_token.as_deref().is_none_or(|t| t == token)
                    || state.minted.iter().any(|t| t == token)
            }
        }
    }
}

/// An answer that never arrives whole: the head goes out, then the connection is cut.
fn cut() -> Response {
    let broken = futures::stream::once(async {
        Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Response::new(Body::from_stream(broken))
}

fn with_request_id(mut response: Response, id: &str) -> Response {
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert("x-line-request-id", id);
    }
    response
}

#[derive(Deserialize)]
struct Push {
    to: String,
    messages: Vec<Value>,
}

async fn push(From(sandbox): From<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
    let request_id = ids::time_ordered(sandbox.clock.now()).to_string();
    let response = answer_push(&sandbox, &headers, &body, &request_id).await;
    with_request_id(response, &request_id)
}

async fn answer_push(sandbox: &Sandbox, headers: &HeaderMap, body: &[u8], request_id: &str) -> Response {
    if !sandbox.knows_token(headers) {
        return not_authenticated();
    }
    let fault = sandbox.state().take_fault();
    if let Some(ms) = fault.latency_ms.filter(|_| fault.kind == FaultKind::Latency) {
        tokio::time::sleep(Duration::from_millis(ms.into())).await;
    }
    match fault.kind {
        FaultKind::RateLimit => {
            return refuse(429, "The API rate limit has been exceeded. Try again later.", vec![]);
        }
        FaultKind::MonthlyLimit => return refuse(429, "You have reached your monthly limit.", vec![]),
        FaultKind::UserLimit => {
            return refuse(429, "Too many messages were sent to the same user. Try again later.", vec![]);
        }
        FaultKind::ServerError => return refuse(500, "Internal server error", vec![]),
        FaultKind::Reset => return cut(),
        _ => {}
    }
    let response = take_push(sandbox, headers, body, request_id);
    if fault.kind == FaultKind::LostAnswer { cut() } else { response }
}

fn take_push(sandbox: &Sandbox, headers: &HeaderMap, body: &[u8], request_id: &str) -> Response {
    let key = match retry_key(headers) {
        Ok(key) => key,
        Err(response) => return *response,
    };
    let push: Push = match serde_json::from_slice(body) {
        Ok(push) => push,
        Err(_) => return refuse(400, "The request body could not be parsed as JSON.", vec![]),
    };
    let details = problems(&push.messages);
    if !details.is_empty() {
        return refuse(400, &format!("The request body has {} error(s)", details.len()), details);
    }
    if !is_line_user_id(&push.to) {
        return refuse(400, "The property, 'to', in the request body is invalid", vec![]);
    }
    sandbox.accept(&push, key, request_id)
}

fn retry_key(headers: &HeaderMap) -> Result<Option<String>, Box<Response>> {
    let Some(value) = headers.get("x-line-retry-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|k| Uuid::try_parse(k).is_ok());
    key.map(|k| Some(k.to_ascii_lowercase())).ok_or_else(|| {
        Box::new(refuse(400, "The value for the 'X-Line-Retry-Key' header is invalid.", vec![]))
    })
}

impl Sandbox {
    fn accept(&self, push: &Push, key: Option<String>, request_id: &str) -> Response {
        let now = self.clock.now();
        let mut state = self.state();
        let known =
            key.as_deref().and_then(|k| state.keys.get(k)).filter(|a| now.millis_since(a.at) < KEY_LIFE_MS);
        if let Some(accepted) = known {
            let (ids, request) = (accepted.message_ids.clone(), accepted.request_id.clone());
            state.repeated += 1;
            return already(&ids, &request);
        }
        if !state.users.contains_key(&push.to) {
            if !self.options.everybody_is_a_friend {
                return refuse(400, "Failed to send messages", vec![]);
            }
            state.users.insert(push.to.clone(), new_user(&push.to));
        }
        if self.options.monthly_limit.is_some_and(|limit| state.used_quota >= limit) {
            return refuse(429, "You have reached your monthly limit.", vec![]);
        }
        let ids = Self::show(&mut state, &push.to, &push.messages, now);
        state.used_quota += 1;
        state.accepted += 1;
        if let Some(key) = key {
            let accepted = Accepted { at: now, request_id: request_id.to_owned(), message_ids: ids.clone() };
            state.remember(key, accepted);
        }
        Json(sent(&ids)).into_response()
    }

    /// Puts messages into a chat; a user who blocked the account sees nothing of them.
    fn show(state: &mut super::State, to: &str, messages: &[Value], now: Timestamp) -> Vec<String> {
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

fn sent(ids: &[String]) -> Value {
    let messages: Vec<_> = ids.iter().map(|id| json!({ "id": id, "quoteToken": format!("q{id}") })).collect();
    json!({ "sentMessages": messages })
}

fn already(ids: &[String], request_id: &str) -> Response {
    let mut body = sent(ids);
    body["message"] = "The retry key is already accepted".into();
    let mut response = (StatusCode::CONFLICT, Json(body)).into_response();
    if let Ok(id) = HeaderValue::from_str(request_id) {
        response.headers_mut().insert("x-line-accepted-request-id", id);
    }
    response
}

/// What LINE finds wrong with message objects.
fn problems(messages: &[Value]) -> Vec<Value> {
    if messages.is_empty() || messages.len() > 5 {
        return vec![json!({ "message": "Size must be between 1 and 5", "property": "messages" })];
    }
    let mut found = Vec::new();
    for (n, message) in messages.iter().enumerate() {
        let field = format!("messages[{n}]");
        let problems = match content_of(message) {
            Some(content) => limits::check(&content, &field),
            None => vec![crate::error::FieldProblem::new(field, "Must be a known message object")],
        };
        found.extend(problems.into_iter().map(|p| json!({ "message": p.message, "property": p.field })));
    }
    found
}

/// A message object as a content, for the rules both sides share.
fn content_of(message: &Value) -> Option<Content> {
    let kind: MessageType = message.get("type")?.as_str()?.parse().ok()?;
    let content = match kind {
        MessageType::Text => json!({ "text": message.get("text")? }),
        MessageType::Image => json!({
            "imageUrl": message.get("originalContentUrl")?,
            "previewImageUrl": message.get("previewImageUrl")?,
        }),
        MessageType::Flex => {
            json!({ "altText": message.get("altText")?, "contents": message.get("contents")? })
        }
        MessageType::Template => {
            json!({ "altText": message.get("altText")?, "template": message.get("template")? })
        }
    };
    Content::parse(kind, &content, "").ok()
}

#[derive(Deserialize)]
struct Multicast {
    to: Vec<String>,
    messages: Vec<Value>,
}

async fn multicast(
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
struct Reply {
    reply_token: String,
    messages: Vec<Value>,
}

async fn reply(From(sandbox): From<Sandbox>, headers: HeaderMap, Json(call): Json<Reply>) -> Response {
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

async fn validate(From(sandbox): From<Sandbox>, headers: HeaderMap, Json(call): Json<Value>) -> Response {
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

async fn quota(From(sandbox): From<Sandbox>, headers: HeaderMap) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    match sandbox.options.monthly_limit {
        Some(value) => Json(json!({ "type": "limited", "value": value })).into_response(),
        None => Json(json!({ "type": "none" })).into_response(),
    }
}

async fn consumption(From(sandbox): From<Sandbox>, headers: HeaderMap) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    Json(json!({ "totalUsage": sandbox.state().used_quota })).into_response()
}

async fn profile(From(sandbox): From<Sandbox>, Path(user): Path<String>, headers: HeaderMap) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    let state = sandbox.state();
    match state.users.get(&user).filter(|u| u.following && !u.blocked) {
        Some(u) => Json(json!({ "userId": u.line_user_id, "displayName": u.display_name })).into_response(),
        None => refuse(404, "Not found", vec![]),
    }
}

async fn info(From(sandbox): From<Sandbox>, headers: HeaderMap) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    Json(json!({
        "userId": "U00000000000000000000000000000000", "basicId": "@practice",
        "displayName": "Practice clinic", "chatMode": "bot", "markAsReadMode": "auto",
    }))
    .into_response()
}

async fn webhook(From(sandbox): From<Sandbox>, headers: HeaderMap) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    let url = sandbox.state().webhook_url.clone();
    Json(json!({ "endpoint": url, "active": url.is_some() })).into_response()
}

async fn set_webhook(From(sandbox): From<Sandbox>, headers: HeaderMap, Json(call): Json<Value>) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    sandbox.set_webhook_url(call.get("endpoint").and_then(Value::as_str).map(str::to_owned));
    Json(json!({})).into_response()
}

async fn test_webhook(From(sandbox): From<Sandbox>, headers: HeaderMap) -> Response {
    if !sandbox.knows_token(&headers) {
        return not_authenticated();
    }
    let Some(status) = sandbox.call_webhook(&json!([])).await else {
        return refuse(404, "Not found", vec![]);
    };
    let (success, reason) = match status {
        Some(200) => (true, "OK"),
        Some(_) => (false, "ERROR_STATUS_CODE"),
        None => (false, "COULD_NOT_CONNECT"),
    };
    Json(json!({
        "success": success, "timestamp": sandbox.clock.now(), "statusCode": status.unwrap_or(0),
        "reason": reason, "detail": status.map_or_else(String::new, |s| s.to_string()),
    }))
    .into_response()
}

/// Tokens kept of those that were minted.
const TOKENS_KEPT: usize = 20;

async fn mint(From(sandbox): From<Sandbox>) -> Response {
    let token = ids::secret();
    let mut state = sandbox.state();
    if state.minted.len() >= TOKENS_KEPT {
        state.minted.remove(0);
    }
    state.minted.push(token.clone());
    Json(json!({ "token_type": "Bearer", "access_token": token, "expires_in": 900 })).into_response()
}
