//! Coupons of the account.

use axum::{
    Json, Router,
    extract::{Path, Query, State as From},
    response::IntoResponse as _,
    routing::{get, put},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Call, Refused, done, refuse, refuse_property};
use crate::{ids, line::sandbox::Sandbox};

const MAX_COUPONS: usize = 1_000;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/coupon", get(list).post(create))
        .route("/v2/bot/coupon/{id}", get(one))
        .route("/v2/bot/coupon/{id}/close", put(close))
}

fn no_coupon() -> Refused {
    refuse(404, "Coupon not found", vec![]).into()
}

async fn create(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let mut coupon = call.checked("coupon")?;
    if coupon["endTimestamp"].as_i64() <= coupon["startTimestamp"].as_i64() {
        return Err(refuse_property("endTimestamp", "Must be greater than startTimestamp").into());
    }
    let now = sandbox.clock.now();
    let id = ids::time_ordered(now).simple().to_string();
    coupon["couponId"] = id.as_str().into();
    coupon["createdTimestamp"] = (now.as_millis() / 1000).into();
    coupon["status"] = "RUNNING".into();
    let mut state = sandbox.state();
    if state.coupons.len() >= MAX_COUPONS {
        return Err(refuse(400, "The maximum number of coupons has been reached", vec![]).into());
    }
    state.coupons.insert(id.clone(), coupon);
    Ok(Json(json!({ "couponId": id })).into_response())
}

#[derive(Deserialize)]
struct Asked {
    /// One status, or several separated by commas.
    status: Option<String>,
}

async fn list(From(sandbox): From<Sandbox>, Query(asked): Query<Asked>) -> Json<Value> {
    let state = sandbox.state();
    let is_asked_for = |coupon: &&Value| {
        let status = coupon["status"].as_str().unwrap_or_default();
        asked.status.as_deref().is_none_or(|asked| asked.split(',').any(|one| one == status))
    };
    let items: Vec<_> = state
        .coupons
        .values()
        .filter(is_asked_for)
        .map(|c| json!({ "couponId": c["couponId"], "title": c["title"] }))
        .collect();
    Json(json!({ "items": items }))
}

async fn one(From(sandbox): From<Sandbox>, Path(id): Path<String>) -> Answer {
    let coupon = sandbox.state().coupons.get(&id).cloned().ok_or_else(no_coupon)?;
    Ok(Json(coupon).into_response())
}

async fn close(From(sandbox): From<Sandbox>, Path(id): Path<String>) -> Answer {
    let mut state = sandbox.state();
    let coupon = state.coupons.get_mut(&id).ok_or_else(no_coupon)?;
    if coupon["status"] == "CLOSED" {
        return Err(refuse(410, "Coupon is already closed", vec![]).into());
    }
    coupon["status"] = "CLOSED".into();
    Ok(done())
}
