//! A message to one user, under a retry key: once, whatever is done to the call.

use std::time::Duration;

use axum::{
    Json,
    body::{Body, Bytes},
    extract::State as From,
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{check::problems, not_authenticated, refuse, send::sent};
use crate::{
    domain::patient::is_line_user_id,
    ids,
    line::sandbox::{Accepted, FaultKind, KEY_LIFE_MS, Sandbox, new_user},
};

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

pub(super) async fn push(From(sandbox): From<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
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
