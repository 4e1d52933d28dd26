//! A push to one user under a retry key: accepted once, however the call is repeated.

use std::time::Duration;

use axum::{
    Extension, Json,
    body::{Body, Bytes},
    extract::State as From,
    http::{HeaderMap, HeaderValue, StatusCode},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Answer, Call, Refused, RequestId, refuse, refuse_property};
use crate::{
    domain::patient::is_line_user_id,
    line::sandbox::{Accepted, FaultKind, KEY_LIFE_MS, Sandbox, State, counts::Way, new_user},
};

/// An answer that never arrives whole: the head goes out, then the connection is cut.
fn cut() -> Response {
    let broken = futures::stream::once(async {
        Err::<Bytes, _>(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Response::new(Body::from_stream(broken))
}

pub(super) async fn push(
    From(sandbox): From<Sandbox>,
    Extension(RequestId(id)): Extension<RequestId>,
    headers: HeaderMap,
    call: Result<Call, Refused>,
) -> Response {
    let fault = sandbox.state().take_fault();
    if let Some(ms) =
        fault.latency_ms.filter(|_| matches!(fault.kind, FaultKind::Latency | FaultKind::LostAnswer))
    {
        tokio::time::sleep(Duration::from_millis(ms.into())).await;
    }
    match fault.kind {
        FaultKind::RateLimit => {
            return refuse(429, "The API rate limit has been exceeded. Try again later.", vec![]);
        }
        FaultKind::MonthlyLimit => {
            sandbox.state().said_used_up = true;
            return reached_the_limit();
        }
        FaultKind::UserLimit => {
            return refuse(429, "Too many messages were sent to the same user. Try again later.", vec![]);
        }
        FaultKind::ServerError => return refuse(500, "Internal server error", vec![]),
        FaultKind::Reset => return cut(),
        _ => {}
    }
    let response = take_push(&sandbox, &headers, call, &id).into_response();
    if fault.kind == FaultKind::LostAnswer { cut() } else { response }
}

fn take_push(sandbox: &Sandbox, headers: &HeaderMap, call: Result<Call, Refused>, id: &str) -> Answer {
    let key = retry_key(headers)?;
    let push = call?.checked("push")?;
    let to = push["to"].as_str().unwrap_or_default();
    if !is_line_user_id(to) {
        let message = "The property, 'to', in the request body is invalid (line: -, column: -)";
        return Err(refuse(400, message, vec![]).into());
    }
    sandbox.accept(to, &push, key, id)
}

pub(super) fn retry_key(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let Some(value) = headers.get("x-line-retry-key") else { return Ok(None) };
    // LINE takes a UUID only with its hyphens.
    let is_key = |k: &&str| k.len() == 36 && Uuid::try_parse(k).is_ok();
    let key = value.to_str().ok().filter(is_key);
    key.map(|k| Some(k.to_ascii_lowercase())).ok_or_else(|| {
        refuse(400, "The value for the 'X-Line-Retry-Key' parameter is invalid", vec![]).into()
    })
}

pub(super) fn reached_the_limit() -> Response {
    refuse(429, "You have reached your monthly limit.", vec![])
}

impl Sandbox {
    fn accept(&self, to: &str, push: &Value, key: Option<String>, id: &str) -> Answer {
        let now = self.clock.now();
        let mut state = self.state();
        if let Some(response) = self.accepted_before(&mut state, key.as_deref()) {
            return Ok(response);
        }
        if !state.users.contains_key(to) {
            if !self.options.everybody_is_a_friend {
                return Err(refuse(400, "Failed to send messages", vec![]).into());
            }
            state.users.insert(to.to_owned(), new_user(to));
        }
        if self.options.monthly_limit.is_some_and(|limit| state.used_quota >= limit) {
            return Err(reached_the_limit().into());
        }
        let messages = push["messages"].as_array().map_or(&[][..], Vec::as_slice);
        quotes_are_known(&state, &[to], messages)?;
        let (ids, arrived) = Self::show(&mut state, to, messages, now);
        // Pushes to users who blocked the account are not counted.
        state.used_quota += u64::from(arrived);
        state.counts.add(Way::Push, u64::from(arrived), now);
        units(&mut state, push);
        state.accepted += 1;
        state.silent += u64::from(push["notificationDisabled"] == true);
        let body = sent(&ids);
        if let Some(key) = key {
            state.remember(key, Accepted { at: now, request_id: id.to_owned(), message_ids: ids });
        }
        Ok(Json(body).into_response())
    }

    /// The answer to a key that was accepted before, with the ids of that time; `None` for a new
    /// key.
    pub(super) fn accepted_before(&self, state: &mut State, key: Option<&str>) -> Option<Response> {
        let now = self.clock.now();
        let accepted = state.keys.get(key?).filter(|a| now.millis_since(a.at) < KEY_LIFE_MS)?;
        let ids = &accepted.message_ids;
        let mut body = if ids.is_empty() { serde_json::json!({}) } else { sent(ids) };
        let request_id = HeaderValue::from_str(&accepted.request_id).ok()?;
        state.repeated += 1;
        body["message"] = "The retry key is already accepted".into();
        let mut response = (StatusCode::CONFLICT, Json(body)).into_response();
        response.headers_mut().insert("x-line-accepted-request-id", request_id);
        Some(response)
    }
}

pub(super) fn units(state: &mut State, call: &Value) {
    for unit in call["customAggregationUnits"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        state.counts.name_unit(unit);
    }
}

/// The answer `{"sentMessages"}` to a push.
pub(super) fn sent(ids: &[String]) -> Value {
    let messages: Vec<_> = ids.iter().map(|id| json!({ "id": id, "quoteToken": format!("q{id}") })).collect();
    json!({ "sentMessages": messages })
}

/// Refuses a quote of a message that was never sent here.
pub(super) fn quotes_are_known(state: &State, to: &[&str], messages: &[Value]) -> Result<(), Refused> {
    let is_unknown = |message: &Value| {
        message["quoteToken"]
            .as_str()
            .is_some_and(|token| !to.iter().all(|user| state.knows_quote(user, token)))
    };
    match messages.iter().position(is_unknown) {
        Some(n) => Err(refuse_property(&format!("messages[{n}].quoteToken"), "Invalid quote token").into()),
        None => Ok(()),
    }
}
