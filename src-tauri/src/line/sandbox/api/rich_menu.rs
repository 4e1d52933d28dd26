//! Rich menus, their pictures and their aliases.

use axum::{
    Json, Router,
    extract::{Path, Request, State as From},
    http::header::CONTENT_TYPE,
    response::IntoResponse as _,
    routing::{get, post},
};
use serde_json::{Value, json};

use super::answer::{Answer, Call, Refused, done, not_found, read, refuse, refuse_property, unsupported};
use crate::{
    ids,
    line::sandbox::{
        Sandbox,
        menus::{MAX_MENUS, Menu, Menus, is_menu_id},
    },
};

/// The most bytes of a picture that LINE takes.
const MAX_IMAGE: usize = 1024 * 1024;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/richmenu", post(create))
        .route("/v2/bot/richmenu/validate", post(validate))
        .route("/v2/bot/richmenu/list", get(list))
        .route("/v2/bot/richmenu/{menu}", get(one).delete(delete))
        .route("/v2/bot/richmenu/{menu}/content", get(image).post(set_image))
        .route("/v2/bot/richmenu/alias", post(create_alias))
        .route("/v2/bot/richmenu/alias/list", get(aliases))
        .route("/v2/bot/richmenu/alias/{alias}", get(alias).post(update_alias).delete(delete_alias))
}

pub(super) fn no_menu(status: u16) -> Refused {
    refuse(status, "richmenu not found", vec![]).into()
}

/// Checks the rules of the table, and that the menu is at least 1.45 times as wide as high.
fn checked(call: Call) -> Result<Value, Refused> {
    let menu = call.checked("richMenu")?;
    let side = |name: &str| menu["size"][name].as_f64().unwrap_or(0.0);
    if side("width") < side("height") * 1.45 {
        return Err(refuse_property("size", "Invalid aspect ratio").into());
    }
    Ok(menu)
}

async fn create(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let object = checked(call)?;
    let id = format!("richmenu-{}", ids::time_ordered(sandbox.clock.now()).simple());
    let mut state = sandbox.state();
    if state.menus.by_id.len() >= MAX_MENUS {
        return Err(refuse(400, "The maximum number of rich menus has been reached", vec![]).into());
    }
    state.menus.by_id.insert(id.clone(), Menu { object, image: None });
    Ok(Json(json!({ "richMenuId": id })).into_response())
}

async fn validate(call: Call) -> Answer {
    checked(call).map(|_| done())
}

/// `{"richMenuId",…}`, as it was created.
fn shown(id: &str, menu: &Menu) -> Value {
    let mut shown = json!({ "richMenuId": id });
    if let (Value::Object(shown), Value::Object(menu)) = (&mut shown, &menu.object) {
        shown.extend(menu.clone());
    }
    shown
}

async fn list(From(sandbox): From<Sandbox>) -> Json<Value> {
    let state = sandbox.state();
    let menus: Vec<_> = state.menus.by_id.iter().map(|(id, menu)| shown(id, menu)).collect();
    Json(json!({ "richmenus": menus }))
}

async fn one(From(sandbox): From<Sandbox>, Path(id): Path<String>) -> Answer {
    let state = sandbox.state();
    let menu = state.menus.by_id.get(&id).ok_or_else(|| no_menu(404))?;
    Ok(Json(shown(&id, menu)).into_response())
}

async fn delete(From(sandbox): From<Sandbox>, Path(id): Path<String>) -> Answer {
    if sandbox.state().menus.delete(&id) { Ok(done()) } else { Err(no_menu(404)) }
}

async fn image(From(sandbox): From<Sandbox>, Path(id): Path<String>) -> Answer {
    let state = sandbox.state();
    let menu = state.menus.by_id.get(&id).ok_or_else(|| no_menu(404))?;
    let (kind, bytes) = menu.image.clone().ok_or_else(|| Refused::from(not_found()))?;
    Ok(([(CONTENT_TYPE, kind)], bytes).into_response())
}

async fn set_image(From(sandbox): From<Sandbox>, Path(id): Path<String>, request: Request) -> Answer {
    let (bytes, kind) = read(request, &sandbox).await?;
    let Some(kind) = kind.as_ref().filter(|kind| *kind == "image/jpeg" || *kind == "image/png").cloned()
    else {
        return Err(unsupported(kind.as_deref()).into());
    };
    if bytes.len() > MAX_IMAGE {
        return Err(refuse(413, "The image size exceeds the limit", vec![]).into());
    }
    let mut state = sandbox.state();
    let menu = state.menus.by_id.get_mut(&id).ok_or_else(|| no_menu(404))?;
    if menu.image.is_some() {
        return Err(refuse(400, "An image has already been uploaded to the richmenu", vec![]).into());
    }
    let is_picture = bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(b"\xff\xd8\xff");
    if !is_picture {
        return Err(refuse(400, "The image is invalid", vec![]).into());
    }
    menu.image = Some((kind, bytes));
    Ok(done())
}

/// The menu an alias may lead to.
fn target<'a>(menus: &Menus, call: &'a Value) -> Result<&'a str, Refused> {
    let id = call["richMenuId"].as_str().unwrap_or_default();
    if !is_menu_id(id) {
        return Err(refuse_property("richMenuId", "invalid richMenuId").into());
    }
    if menus.has_image(id) { Ok(id) } else { Err(no_menu(400)) }
}

async fn create_alias(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("alias")?;
    let mut state = sandbox.state();
    let menu = target(&state.menus, &call)?.to_owned();
    let alias = call["richMenuAliasId"].as_str().unwrap_or_default();
    if state.menus.aliases.contains_key(alias) {
        return Err(refuse(400, "conflict richmenu alias id", vec![]).into());
    }
    if state.menus.aliases.len() >= MAX_MENUS {
        return Err(refuse(400, "The maximum number of rich menu aliases has been reached", vec![]).into());
    }
    state.menus.aliases.insert(alias.to_owned(), menu);
    Ok(done())
}

fn no_alias() -> Refused {
    refuse(404, "richmenu alias not found", vec![]).into()
}

async fn update_alias(From(sandbox): From<Sandbox>, Path(alias): Path<String>, call: Call) -> Answer {
    let call = call.checked("aliasUpdate")?;
    let mut state = sandbox.state();
    let menu = target(&state.menus, &call)?.to_owned();
    *state.menus.aliases.get_mut(&alias).ok_or_else(no_alias)? = menu;
    Ok(done())
}

async fn delete_alias(From(sandbox): From<Sandbox>, Path(alias): Path<String>) -> Answer {
    sandbox.state().menus.aliases.remove(&alias).map(|_| done()).ok_or_else(no_alias)
}

async fn alias(From(sandbox): From<Sandbox>, Path(alias): Path<String>) -> Answer {
    let state = sandbox.state();
    let menu = state.menus.aliases.get(&alias).ok_or_else(no_alias)?;
    Ok(Json(json!({ "richMenuAliasId": alias, "richMenuId": menu })).into_response())
}

async fn aliases(From(sandbox): From<Sandbox>) -> Json<Value> {
    let state = sandbox.state();
    let aliases = state.menus.aliases.iter();
    let shown = |(alias, menu): (&String, &String)| json!({ "richMenuAliasId": alias, "richMenuId": menu });
    Json(json!({ "aliases": aliases.map(shown).collect::<Vec<_>>() }))
}
