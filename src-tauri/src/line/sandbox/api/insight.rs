//! Figures of the account. LINE gives none about few people, and a practice has few: what can be
//! counted is told, the rest is unknown as with LINE.

use axum::{
    Json, Router,
    extract::{Path, Query, State as From},
    response::IntoResponse as _,
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Refused, not_found, refuse},
    rich_menu::no_menu,
};
use crate::line::sandbox::{
    Sandbox,
    counts::{self, Way},
};

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/insight/followers", get(followers))
        .route("/v2/bot/insight/demographic", get(demographic))
        .route("/v2/bot/insight/message/delivery", get(deliveries))
        .route("/v2/bot/insight/message/event", get(event))
        .route("/v2/bot/insight/message/event/aggregation", get(of_unit))
        .route("/v2/bot/insight/richmenu/{menu}/{period}", get(of_menu))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    date: Option<String>,
    from: Option<String>,
    to: Option<String>,
    request_id: Option<String>,
    custom_aggregation_unit: Option<String>,
}

fn invalid(name: &str) -> Refused {
    refuse(400, &format!("The value for the '{name}' parameter is invalid"), vec![]).into()
}

fn need_day(text: Option<&str>, name: &str) -> Result<i64, Refused> {
    text.and_then(counts::day).ok_or_else(|| invalid(name))
}

async fn followers(From(sandbox): From<Sandbox>, Query(asked): Query<Asked>) -> Answer {
    let day = need_day(asked.date.as_deref(), "date")?;
    if day >= counts::day_of(sandbox.clock.now()) {
        return Ok(Json(json!({ "status": "unready" })).into_response());
    }
    let state = sandbox.state();
    let (friends, hearing) = (
        state.users.values().filter(|u| u.following).count(),
        state.users.values().filter(|u| u.hears()).count(),
    );
    let blocks = state.users.values().filter(|u| u.blocked).count();
    Ok(Json(json!({ "status": "ready", "followers": friends, "targetedReaches": hearing, "blocks": blocks }))
        .into_response())
}

/// Answers that there are no statistics: fewer than 20 friends.
async fn demographic() -> Json<Value> {
    Json(json!({ "available": false }))
}

async fn deliveries(From(sandbox): From<Sandbox>, Query(asked): Query<Asked>) -> Answer {
    let day = need_day(asked.date.as_deref(), "date")?;
    let now = sandbox.clock.now();
    let state = sandbox.state();
    let of = |way| state.counts.of(way, day, now);
    let Some(push) = of(Way::Push) else {
        let status = if counts::is_before_the_first(day) { "out_of_service" } else { "unready" };
        return Ok(Json(json!({ "status": status })).into_response());
    };
    Ok(Json(json!({
        "status": "ready", "apiPush": push, "apiMulticast": of(Way::Multicast),
        "apiBroadcast": of(Way::Broadcast), "apiReply": of(Way::Reply),
    }))
    .into_response())
}

/// Answers about a narrowcast or broadcast; nobody opens anything here.
async fn event(From(sandbox): From<Sandbox>, Query(asked): Query<Asked>) -> Answer {
    let id = asked.request_id.ok_or_else(|| invalid("requestId"))?;
    let state = sandbox.state();
    let sent = state.narrowcasts.iter().find(|n| n.request_id == id);
    let sent = sent.ok_or_else(|| Refused::from(not_found()))?;
    let overview = json!({
        "requestId": id, "timestamp": sent.accepted_at.as_millis() / 1000, "delivered": sent.targets,
        "uniqueImpression": null, "uniqueClick": null, "uniqueMediaPlayed": null,
    });
    Ok(Json(json!({ "overview": overview, "messages": [], "clicks": [] })).into_response())
}

async fn of_unit(From(sandbox): From<Sandbox>, Query(asked): Query<Asked>) -> Answer {
    let unit = asked.custom_aggregation_unit.ok_or_else(|| invalid("customAggregationUnit"))?;
    need_day(asked.from.as_deref(), "from")?;
    need_day(asked.to.as_deref(), "to")?;
    if !sandbox.state().counts.units.contains(&unit) {
        return Err(not_found().into());
    }
    let overview = json!({ "uniqueImpression": null, "uniqueClick": null, "uniqueMediaPlayed": null });
    Ok(Json(json!({ "overview": overview, "messages": [], "clicks": [] })).into_response())
}

async fn of_menu(
    From(sandbox): From<Sandbox>,
    Path((menu, period)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    if !["daily", "summary"].contains(&period.as_str()) {
        return Err(not_found().into());
    }
    need_day(asked.from.as_deref(), "from")?;
    need_day(asked.to.as_deref(), "to")?;
    if !sandbox.state().menus.by_id.contains_key(&menu) {
        return Err(no_menu(404));
    }
    Ok(Json(json!({ "richMenuId": menu })).into_response())
}
