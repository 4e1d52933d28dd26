//! The endpoints of LINE that Clinicue calls, with LINE's limits and error bodies: the account
//! here, the messages in files of their own.

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, Path, Request, State as From},
    http::{HeaderMap, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
    routing::{get, post, put},
};
use serde_json::{Value, json};

use super::{FaultKind, MAX_REFUSED, Sandbox};
use crate::ids;

mod check;
mod push;
mod send;

/// LINE takes bodies of 2 MB.
const MAX_BODY: usize = 2 * 1024 * 1024;

pub(super) fn router() -> Router<Sandbox> {
    let authenticated = Router::new()
        .route("/v2/bot/message/push", post(push::push))
        .route("/v2/bot/message/multicast", post(send::multicast))
        .route("/v2/bot/message/reply", post(send::reply))
        .route("/v2/bot/message/validate/push", post(send::validate))
        .route("/v2/bot/message/quota", get(quota))
        .route("/v2/bot/message/quota/consumption", get(consumption))
        .route("/v2/bot/profile/{user}", get(profile))
        .route("/v2/bot/info", get(info))
        .route("/v2/bot/channel/webhook/endpoint", put(set_webhook).get(webhook))
        .route("/v2/bot/channel/webhook/test", post(test_webhook));
    Router::new()
        .merge(authenticated)
        .route("/oauth2/v3/token", post(mint))
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

/// `{"message","details"}`
fn refuse(status: u16, message: &str, details: Vec<Value>) -> Response {
    let mut body = json!({ "message": message });
    if !details.is_empty() {
        body["details"] = Value::Array(details);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Extension(Refusal(body["message"].to_string())), Json(body)).into_response()
}

/// What an answer says that refuses a call.
#[derive(Clone)]
struct Refusal(String);

/// Remembers the calls that no fault refused: a fault answers with 401, 429 or 500.
pub(super) async fn note_refusals(From(sandbox): From<Sandbox>, call: Request, next: Next) -> Response {
    let path = call.uri().path().to_owned();
    let answer = next.run(call).await;
    if answer.status() == StatusCode::BAD_REQUEST {
        let message = answer.extensions().get::<Refusal>().map_or("", |refusal| refusal.0.as_str());
        let mut state = sandbox.state();
        if state.refused.len() < MAX_REFUSED {
            state.refused.push(format!("{path}: {message}"));
        }
    }
    answer
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
const MAX_TOKENS: usize = 20;

async fn mint(From(sandbox): From<Sandbox>) -> Response {
    let token = ids::secret();
    let mut state = sandbox.state();
    if state.minted.len() >= MAX_TOKENS {
        state.minted.remove(0);
    }
    state.minted.push(token.clone());
    Json(json!({ "token_type": "Bearer", "access_token": token, "expires_in": 900 })).into_response()
}
