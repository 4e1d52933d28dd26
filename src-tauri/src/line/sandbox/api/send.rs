//! Messages to many users, replies to a user's act, and messages to be validated only.

use axum::{
    Extension, Json, Router,
    extract::{Path, Query, State as From},
    http::{HeaderMap, StatusCode},
    response::IntoResponse as _,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Call, RequestId, done, not_found, refuse},
    push::{push, quotes_are_known, reached_the_limit, retry_key, sent, units},
};
use crate::{
    clock::Timestamp,
    domain::patient::is_line_user_id,
    line::sandbox::{Accepted, MAX_JOBS, Sandbox, Speaker, State, counts::Way, new_user},
};

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/message/push", post(push))
        .route("/v2/bot/message/multicast", post(multicast))
        .route("/v2/bot/message/broadcast", post(broadcast))
        .route("/v2/bot/message/narrowcast", post(narrowcast))
        .route("/v2/bot/message/progress/narrowcast", get(progress))
        .route("/v2/bot/message/reply", post(reply))
        .route("/v2/bot/message/validate/{way}", post(validate))
}

struct Many<'a> {
    to: Vec<String>,
    call: &'a Value,
    key: Option<String>,
    request_id: &'a str,
    way: Way,
}

impl Sandbox {
    /// Sends to every user who can hear; only those count in the quota. A key is accepted once.
    fn send_to_many(&self, many: Many<'_>) -> Answer {
        let now = self.clock.now();
        let mut state = self.state();
        if let Some(response) = self.accepted_before(&mut state, many.key.as_deref()) {
            return Ok(response);
        }
        let hearing = many.to.iter().filter(|to| state.users.get(*to).is_some_and(super::super::User::hears));
        let count = hearing.count() as u64;
        if self.options.monthly_limit.is_some_and(|limit| state.used_quota + count > limit) {
            return Err(reached_the_limit().into());
        }
        let messages = many.call["messages"].as_array().map_or(&[][..], Vec::as_slice);
        let to: Vec<_> = many.to.iter().map(String::as_str).collect();
        quotes_are_known(&state, &to, messages)?;
        for to in &many.to {
            Self::show(&mut state, to, messages, now);
        }
        state.used_quota += count;
        state.counts.add(many.way, count, now);
        units(&mut state, many.call);
        if let Some(key) = many.key {
            let request_id = many.request_id.to_owned();
            state.remember(key, Accepted { at: now, request_id, message_ids: Vec::new() });
        }
        Ok(done())
    }

    fn everybody(&self) -> Vec<String> {
        self.state().users.keys().cloned().collect()
    }
}

async fn multicast(
    From(sandbox): From<Sandbox>,
    Extension(RequestId(id)): Extension<RequestId>,
    headers: HeaderMap,
    call: Call,
) -> Answer {
    let key = retry_key(&headers)?;
    let call = call.checked("multicast")?;
    let to: Vec<_> = call["to"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if let Some(wrong) = to.iter().position(|to| !is_line_user_id(to)) {
        let message =
            format!("The property, 'to[{wrong}]', in the request body is invalid (line: -, column: -)");
        return Err(refuse(400, &message, vec![]).into());
    }
    if sandbox.options.everybody_is_a_friend {
        let mut state = sandbox.state();
        for to in &to {
            state.users.entry((*to).to_owned()).or_insert_with(|| new_user(to));
        }
    }
    let to = to.into_iter().map(str::to_owned).collect();
    sandbox.send_to_many(Many { to, call: &call, key, request_id: &id, way: Way::Multicast })
}

async fn broadcast(
    From(sandbox): From<Sandbox>,
    Extension(RequestId(id)): Extension<RequestId>,
    headers: HeaderMap,
    call: Call,
) -> Answer {
    let key = retry_key(&headers)?;
    let call = call.checked("broadcast")?;
    let to = sandbox.everybody();
    sandbox.send_to_many(Many { to, call: &call, key, request_id: &id, way: Way::Broadcast })
}

/// An accepted narrowcast, which is done at once.
#[derive(Debug)]
pub(in crate::line::sandbox) struct Narrowcast {
    pub(super) request_id: String,
    pub(super) accepted_at: Timestamp,
    pub(super) targets: usize,
}

/// Sends to everybody: nobody here has an age or a home, and no audience is large enough for LINE.
async fn narrowcast(
    From(sandbox): From<Sandbox>,
    Extension(RequestId(id)): Extension<RequestId>,
    headers: HeaderMap,
    call: Call,
) -> Answer {
    let key = retry_key(&headers)?;
    let call = call.checked("narrowcast")?;
    let max = call["limit"]["max"].as_u64().and_then(|max| usize::try_from(max).ok()).unwrap_or(usize::MAX);
    let to: Vec<_> = sandbox.everybody().into_iter().take(max).collect();
    let targets = to.len();
    let answer = sandbox.send_to_many(Many { to, call: &call, key, request_id: &id, way: Way::Broadcast })?;
    if answer.status() != StatusCode::OK {
        return Ok(answer);
    }
    let accepted_at = sandbox.clock.now();
    let mut state = sandbox.state();
    state.narrowcasts.push_back(Narrowcast { request_id: id, accepted_at, targets });
    if state.narrowcasts.len() > MAX_JOBS {
        state.narrowcasts.pop_front();
    }
    Ok((StatusCode::ACCEPTED, Json(json!({}))).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    request_id: Option<String>,
}

async fn progress(From(sandbox): From<Sandbox>, Query(asked): Query<Asked>) -> Answer {
    let Some(id) = asked.request_id else {
        return Err(refuse(400, "The value for the 'requestId' parameter is invalid", vec![]).into());
    };
    let state = sandbox.state();
    let Some(found) = state.narrowcasts.iter().find(|n| n.request_id == id) else {
        return Err(not_found().into());
    };
    Ok(Json(json!({
        "phase": "succeeded", "successCount": found.targets, "failureCount": 0, "targetCount": found.targets,
        "acceptedTime": found.accepted_at, "completedTime": found.accepted_at,
    }))
    .into_response())
}

async fn reply(From(sandbox): From<Sandbox>, headers: HeaderMap, call: Call) -> Answer {
    if headers.contains_key("x-line-retry-key") {
        return Err(refuse(400, "The retry key cannot be used with this endpoint.", vec![]).into());
    }
    let call = call.checked("reply")?;
    let token = call["replyToken"].as_str().unwrap_or_default();
    let messages = call["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let now = sandbox.clock.now();
    let mut state = sandbox.state();
    let Some(user) = state.take_reply_token(token, now) else {
        return Err(refuse(400, "Invalid reply token", vec![]).into());
    };
    quotes_are_known(&state, &[&user], messages)?;
    let (ids, _) = Sandbox::show(&mut state, &user, messages, now);
    state.counts.add(Way::Reply, 1, now);
    Ok(Json(sent(&ids)).into_response())
}

async fn validate(Path(way): Path<String>, call: Call) -> Answer {
    if !["reply", "push", "multicast", "narrowcast", "broadcast"].contains(&way.as_str()) {
        return Err(not_found().into());
    }
    call.checked("validate").map(|_| done())
}

impl Sandbox {
    /// Puts messages into a chat; a user who blocked the account does not see them. Returns their
    /// ids, and whether they arrived.
    pub(super) fn show(
        state: &mut State,
        to: &str,
        messages: &[Value],
        now: Timestamp,
    ) -> (Vec<String>, bool) {
        let arrives = state.users.get(to).is_some_and(super::super::User::hears);
        let ids = messages
            .iter()
            .map(|message| {
                let id = state.new_id();
                if arrives {
                    state.say(to, Speaker::Clinic, now, message.clone(), id.clone());
                }
                id
            })
            .collect();
        (ids, arrives)
    }
}
