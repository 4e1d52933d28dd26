//! APIs this account may not use, refused as LINE refuses them: groups it was not invited to,
//! notification messages by telephone number, memberships, LIFF, modules, stickers as rewards.

use axum::{
    Router,
    extract::Path,
    response::Response,
    routing::{get, post, put},
};

use super::answer::{Answer, Call, not_found, refuse};
use crate::line::sandbox::Sandbox;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/{chat}/{id}/member/{user}", get(not_there))
        .route("/v2/bot/{chat}/{id}/leave", post(not_there))
        .route("/v2/bot/{chat}/{id}/members/count", get(not_there))
        .route("/v2/bot/{chat}/{id}/summary", get(not_there))
        .route("/v2/bot/{chat}/{id}/members/ids", get(no_access))
        .route("/bot/pnp/push", post(by_phone))
        .route("/v2/bot/message/pnp/templated/push", post(by_phone_templated))
        .route("/v2/bot/message/delivery/pnp/templated", get(no_access))
        .route("/v2/bot/membership/list", get(no_membership))
        .route("/v2/bot/membership/subscription/{user}", get(no_membership))
        .route("/v2/bot/membership/{membership}/users/ids", get(no_membership))
        .route("/v2/bot/list", get(no_access))
        .route("/v2/bot/channel/detach", post(no_access))
        .route("/v2/bot/chat/{chat}/control/acquire", post(no_access))
        .route("/v2/bot/chat/{chat}/control/release", post(no_access))
        .route("/liff/v1/apps", get(no_access).post(no_access))
        .route("/liff/v1/apps/{app}", put(no_access).delete(no_access))
        .route("/shop/v3/mission", post(no_access))
}

/// Endpoints that take a channel's secret in place of a token.
pub(super) fn without_token() -> Router<Sandbox> {
    Router::new().route("/module/auth/v1/token", post(no_access))
}

/// Refuses groups and rooms: the account is in none.
async fn not_there(Path(parts): Path<Vec<(String, String)>>) -> Response {
    let part = |name: &str| parts.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let (letter, name) = match part("chat") {
        "group" => ('C', "groupId"),
        "room" => ('R', "roomId"),
        _ => return not_found(),
    };
    let is_id = part("id").strip_prefix(letter).is_some_and(|hex| hex.len() == 32);
    if is_id {
        not_found()
    } else {
        refuse(400, &format!("The value for the '{name}' parameter is invalid"), vec![])
    }
}

async fn no_access() -> Response {
    refuse(403, "Access to this API is not available for your account", vec![])
}

async fn no_membership() -> Response {
    not_found()
}

async fn by_phone(call: Call) -> Answer {
    call.checked("phone")?;
    Ok(no_access().await)
}

async fn by_phone_templated(call: Call) -> Answer {
    call.checked("phoneTemplate")?;
    Ok(no_access().await)
}
