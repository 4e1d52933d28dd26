//! The account and its friends: profiles, sent messages, the month's quota, webhooks, and the small
//! courtesies of a chat.

use axum::{
    Json, Router,
    extract::{FromRequest as _, Path, Query, Request, State as From},
    http::StatusCode,
    response::IntoResponse as _,
    routing::{get, post, put},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Call, done, not_found, refuse, refuse_property};
use crate::{
    domain::patient::is_line_user_id,
    ids,
    line::sandbox::{
        BOT, Sandbox,
        counts::{self, Way},
    },
};

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/info", get(info))
        .route("/v2/bot/profile/{user}", get(profile))
        .route("/v2/bot/followers/ids", get(followers))
        .route("/v2/bot/message/quota", get(quota))
        .route("/v2/bot/message/quota/consumption", get(consumption))
        .route("/v2/bot/message/delivery/{way}", get(delivered))
        .route("/v2/bot/message/aggregation/info", get(units))
        .route("/v2/bot/message/aggregation/list", get(unit_names))
        .route("/v2/bot/channel/webhook/endpoint", put(set_webhook).get(webhook))
        .route("/v2/bot/channel/webhook/test", post(test_webhook))
        .route("/v2/bot/user/{user}/linkToken", post(link_token))
        .route("/v2/bot/chat/loading/start", post(show_loading))
        .route("/v2/bot/message/markAsRead", post(mark_as_read))
        .route("/v2/bot/chat/markAsRead", post(mark_as_read_by_token))
}

async fn quota(From(sandbox): From<Sandbox>) -> Json<Value> {
    let state = sandbox.state();
    // The counts go with the refusals.
    Json(match sandbox.options.monthly_limit.or_else(|| state.plays_used_up().then_some(state.used_quota)) {
        Some(value) => json!({ "type": "limited", "value": value }),
        None => json!({ "type": "none" }),
    })
}

async fn consumption(From(sandbox): From<Sandbox>) -> Json<Value> {
    let mut state = sandbox.state();
    let limit = sandbox.options.monthly_limit.filter(|_| state.plays_used_up());
    state.said_used_up = false;
    Json(json!({ "totalUsage": state.used_quota.max(limit.unwrap_or(0)) }))
}

async fn profile(From(sandbox): From<Sandbox>, Path(user): Path<String>) -> Answer {
    if !is_line_user_id(&user) {
        return Err(refuse(400, "The value for the 'userId' parameter is invalid", vec![]).into());
    }
    let state = sandbox.state();
    let Some(user) = state.users.get(&user).filter(|u| u.hears()) else { return Err(not_found().into()) };
    Ok(Json(json!({ "userId": user.line_user_id, "displayName": user.display_name })).into_response())
}

/// Answers with the account's settings. Chat is on, so that messages bring a `markAsReadToken`.
async fn info() -> Json<Value> {
    Json(json!({
        "userId": BOT, "basicId": "@practice", "displayName": "Practice clinic",
        "chatMode": "chat", "markAsReadMode": "manual",
    }))
}

#[derive(Deserialize)]
struct Page {
    start: Option<String>,
    limit: Option<String>,
}

impl Page {
    /// The items from `start` on, `default` of them unless `limit` differs, at most `max`, and the
    /// start of the next page. Only a `start` that is `known` is taken; its item may be gone. An
    /// empty one, which LINE's SDKs send, is none.
    fn of(
        self,
        all: impl Iterator<Item = String>,
        known: impl FnOnce(&str) -> bool,
        default: usize,
        max: usize,
    ) -> Result<(Vec<String>, Option<String>), &'static str> {
        let limit = match self.limit.as_deref().map(str::parse) {
            None => default,
            Some(Ok(limit)) if (1..=max).contains(&limit) => limit,
            Some(_) => return Err("limit"),
        };
        let start = self.start.unwrap_or_default();
        if !start.is_empty() && !known(&start) {
            return Err("start");
        }
        let mut items: Vec<_> = all.filter(|item| *item >= start).take(limit + 1).collect();
        let next = (items.len() > limit).then(|| items.pop()).flatten();
        Ok((items, next))
    }
}

fn listed(name: &str, page: Result<(Vec<String>, Option<String>), &'static str>) -> Answer {
    match page {
        Ok((items, next)) => {
            let mut body = json!({ name: items });
            if let Some(next) = next {
                body["next"] = next.into();
            }
            Ok(Json(body).into_response())
        }
        Err(name) => {
            Err(refuse(400, &format!("The value for the '{name}' parameter is invalid"), vec![]).into())
        }
    }
}

async fn followers(From(sandbox): From<Sandbox>, Query(page): Query<Page>) -> Answer {
    let state = sandbox.state();
    let friends = state.users.values().filter(|u| u.hears()).map(|u| u.line_user_id.clone());
    listed("userIds", page.of(friends, |user| state.users.contains_key(user), 300, 1000))
}

#[derive(Deserialize)]
struct Day {
    date: Option<String>,
}

async fn delivered(
    From(sandbox): From<Sandbox>,
    Path(way): Path<String>,
    Query(query): Query<Day>,
) -> Answer {
    let way = match way.as_str() {
        "push" => Way::Push,
        "reply" => Way::Reply,
        "multicast" => Way::Multicast,
        "broadcast" => Way::Broadcast,
        // Notification messages, which this account may not send.
        "pnp" => Way::Phone,
        _ => return Err(not_found().into()),
    };
    let Some(day) = query.date.as_deref().and_then(counts::day) else {
        return Err(refuse(400, "The value for the 'date' parameter is invalid", vec![]).into());
    };
    let now = sandbox.clock.now();
    let body = match sandbox.state().counts.of(way, day, now) {
        Some(success) => json!({ "status": "ready", "success": success }),
        None if counts::is_before_the_first(day) => json!({ "status": "out_of_service" }),
        None => json!({ "status": "unready" }),
    };
    Ok(Json(body).into_response())
}

async fn units(From(sandbox): From<Sandbox>) -> Json<Value> {
    Json(json!({ "numOfCustomAggregationUnits": sandbox.state().counts.units.len() }))
}

async fn unit_names(From(sandbox): From<Sandbox>, Query(page): Query<Page>) -> Answer {
    let state = sandbox.state();
    let units = &state.counts.units;
    listed("customAggregationUnits", page.of(units.iter().cloned(), |unit| units.contains(unit), 100, 100))
}

async fn webhook(From(sandbox): From<Sandbox>) -> Json<Value> {
    let url = sandbox.state().webhook_url.clone();
    Json(json!({ "active": url.is_some(), "endpoint": url.unwrap_or_default() }))
}

/// Sets the webhook's address. LINE takes https only; here a server on this machine is allowed as
/// well.
async fn set_webhook(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("webhook")?;
    sandbox.set_webhook_url(call["endpoint"].as_str().map(str::to_owned));
    Ok(done())
}

/// Calls the given address, else the one that is set. LINE takes a call without a body, too.
async fn test_webhook(From(sandbox): From<Sandbox>, request: Request) -> Answer {
    let is_empty = request.headers().get("content-length").is_none_or(|length| length == "0");
    let call = if is_empty {
        json!({})
    } else {
        Call::from_request(request, &sandbox).await?.checked("webhookTest")?
    };
    let given = call.get("endpoint").and_then(Value::as_str).map(str::to_owned);
    let Some(url) = given.or_else(|| sandbox.state().webhook_url.clone()) else {
        return Err(refuse(404, "Webhook endpoint is not set", vec![]).into());
    };
    let status = sandbox.call_webhook_at(url, &json!([])).await;
    let (success, reason) = match status {
        Some(200) => (true, "OK"),
        Some(_) => (false, "ERROR_STATUS_CODE"),
        None => (false, "COULD_NOT_CONNECT"),
    };
    Ok(Json(json!({
        "success": success, "timestamp": sandbox.clock.now(), "statusCode": status.unwrap_or(0),
        "reason": reason, "detail": status.map_or_else(|| reason.to_owned(), |s| s.to_string()),
    }))
    .into_response())
}

/// Answers with a link token; on LINE's login page it is valid once and for ten minutes.
async fn link_token(From(sandbox): From<Sandbox>, Path(user): Path<String>) -> Answer {
    if !is_line_user_id(&user) {
        return Err(refuse(400, "The value for the 'userId' parameter is invalid", vec![]).into());
    }
    if !sandbox.state().users.contains_key(&user) {
        return Err(not_found().into());
    }
    Ok(Json(json!({ "linkToken": ids::nonce() })).into_response())
}

async fn show_loading(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("loading")?;
    let chat = call["chatId"].as_str().unwrap_or_default();
    if !is_line_user_id(chat) || !sandbox.state().users.contains_key(chat) {
        return Err(refuse_property("chatId", "Invalid chatId").into());
    }
    Ok((StatusCode::ACCEPTED, done()).into_response())
}

async fn mark_as_read(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("markAsRead")?;
    let user = call["chat"]["userId"].as_str().unwrap_or_default();
    if !sandbox.state().users.contains_key(user) {
        return Err(refuse_property("chat.userId", "Invalid userId").into());
    }
    Ok(done())
}

async fn mark_as_read_by_token(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("markAsReadByToken")?;
    let token = call["markAsReadToken"].as_str().unwrap_or_default();
    if !sandbox.state().read_tokens.iter().any(|known| known == token) {
        return Err(refuse_property("markAsReadToken", "Invalid markAsReadToken").into());
    }
    Ok(done())
}
