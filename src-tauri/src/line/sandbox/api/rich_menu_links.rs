//! Which rich menu each user sees: everybody's, one user's, many at once.

use axum::{
    Extension, Json, Router,
    extract::{Path, Query, State as From},
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    answer::{Answer, Call, Refused, RequestId, done, not_found, refuse, refuse_property},
    rich_menu::no_menu,
};
use crate::{
    domain::patient::is_line_user_id,
    line::sandbox::{
        MAX_JOBS, Sandbox,
        menus::{Menus, is_menu_id},
    },
};

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/user/all/richmenu", get(default).delete(cancel_default))
        .route("/v2/bot/user/all/richmenu/{menu}", post(set_default))
        .route("/v2/bot/user/{user}/richmenu", get(of_user).delete(unlink))
        .route("/v2/bot/user/{user}/richmenu/{menu}", post(link))
        .route("/v2/bot/richmenu/bulk/link", post(link_many))
        .route("/v2/bot/richmenu/bulk/unlink", post(unlink_many))
        .route("/v2/bot/richmenu/batch", post(batch))
        .route("/v2/bot/richmenu/validate/batch", post(validate_batch))
        .route("/v2/bot/richmenu/progress/batch", get(progress))
}

fn need_menu(menus: &Menus, id: &str) -> Result<(), Refused> {
    if !menus.by_id.contains_key(id) {
        return Err(no_menu(404));
    }
    if !menus.has_image(id) {
        return Err(refuse(400, "must upload richmenu image before applying it to user", vec![]).into());
    }
    Ok(())
}

fn need_user(user: &str) -> Result<(), Refused> {
    if is_line_user_id(user) {
        return Ok(());
    }
    Err(refuse(400, "The value for the 'userId' parameter is invalid", vec![]).into())
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({}))).into_response()
}

async fn default(From(sandbox): From<Sandbox>) -> Answer {
    let state = sandbox.state();
    let menu = state.menus.default.as_deref();
    let menu = menu.ok_or_else(|| Refused::from(refuse(404, "no default richmenu", vec![])))?;
    Ok(Json(json!({ "richMenuId": menu })).into_response())
}

async fn set_default(From(sandbox): From<Sandbox>, Path(menu): Path<String>) -> Answer {
    let mut state = sandbox.state();
    need_menu(&state.menus, &menu)?;
    state.menus.default = Some(menu);
    Ok(done())
}

async fn cancel_default(From(sandbox): From<Sandbox>) -> Response {
    sandbox.state().menus.default = None;
    done()
}

async fn of_user(From(sandbox): From<Sandbox>, Path(user): Path<String>) -> Answer {
    need_user(&user)?;
    let state = sandbox.state();
    let menu = state.menus.of_users.get(&user);
    let menu = menu.ok_or_else(|| Refused::from(refuse(404, "the user has no richmenu", vec![])))?;
    Ok(Json(json!({ "richMenuId": menu })).into_response())
}

async fn link(From(sandbox): From<Sandbox>, Path((user, menu)): Path<(String, String)>) -> Answer {
    need_user(&user)?;
    let mut state = sandbox.state();
    need_menu(&state.menus, &menu)?;
    if !state.users.contains_key(&user) {
        return Err(not_found().into());
    }
    state.menus.of_users.insert(user, menu);
    Ok(done())
}

async fn unlink(From(sandbox): From<Sandbox>, Path(user): Path<String>) -> Answer {
    need_user(&user)?;
    sandbox.state().menus.of_users.remove(&user);
    Ok(done())
}

fn users(call: &Value) -> Result<Vec<&str>, Refused> {
    let users: Vec<_> = call["userIds"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    match users.iter().position(|user| !is_line_user_id(user)) {
        None => Ok(users),
        Some(n) => {
            let message =
                format!("The property, 'userIds[{n}]', in the request body is invalid (line: -, column: -)");
            Err(refuse(400, &message, vec![]).into())
        }
    }
}

/// Links many users; those LINE does not know are skipped.
async fn link_many(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("link")?;
    let users = users(&call)?;
    let menu = call["richMenuId"].as_str().unwrap_or_default();
    if !is_menu_id(menu) {
        return Err(refuse_property("richMenuId", "invalid richMenuId").into());
    }
    let mut state = sandbox.state();
    need_menu(&state.menus, menu)?;
    let known: Vec<_> = users.into_iter().filter(|user| state.users.contains_key(*user)).collect();
    for user in known {
        state.menus.of_users.insert(user.to_owned(), menu.to_owned());
    }
    Ok(accepted())
}

async fn unlink_many(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("unlink")?;
    let mut state = sandbox.state();
    for user in users(&call)? {
        state.menus.of_users.remove(user);
    }
    Ok(accepted())
}

fn checked(menus: &Menus, call: Call) -> Result<Value, Refused> {
    let call = call.checked("batch")?;
    for (n, operation) in call["operations"].as_array().into_iter().flatten().enumerate() {
        for name in ["from", "to"] {
            let menu = operation[name].as_str();
            if menu.is_some_and(|menu| !menus.by_id.contains_key(menu)) {
                return Err(refuse_property(&format!("operations[{n}].{name}"), "richmenu not found").into());
            }
        }
    }
    Ok(call)
}

async fn validate_batch(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    checked(&sandbox.state().menus, call).map(|_| done())
}

async fn batch(
    From(sandbox): From<Sandbox>,
    Extension(RequestId(id)): Extension<RequestId>,
    call: Call,
) -> Answer {
    let now = sandbox.clock.now();
    let mut state = sandbox.state();
    let call = checked(&state.menus, call)?;
    for operation in call["operations"].as_array().into_iter().flatten() {
        let from = operation["from"].as_str().unwrap_or_default();
        match (operation["type"].as_str(), operation["to"].as_str()) {
            (Some("link"), Some(to)) => {
                for linked in state.menus.of_users.values_mut().filter(|linked| *linked == from) {
                    to.clone_into(linked);
                }
            }
            (Some("unlink"), _) => state.menus.of_users.retain(|_, linked| linked != from),
            _ => state.menus.of_users.clear(),
        }
    }
    state.menus.batches.push_back((id, now));
    if state.menus.batches.len() > MAX_JOBS {
        state.menus.batches.pop_front();
    }
    Ok(accepted())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    request_id: Option<String>,
}

async fn progress(From(sandbox): From<Sandbox>, Query(asked): Query<Asked>) -> Answer {
    let state = sandbox.state();
    let batch = state.menus.batches.iter().find(|(id, _)| asked.request_id.as_ref() == Some(id));
    let (_, at) = batch.ok_or_else(|| Refused::from(not_found()))?;
    Ok(Json(json!({ "phase": "succeeded", "acceptedTime": at, "completedTime": at })).into_response())
}
