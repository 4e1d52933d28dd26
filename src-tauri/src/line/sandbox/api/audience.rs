//! Audiences: named sets of users that a narrowcast may go to.

use axum::{
    Json, Router,
    extract::{Path, Query, Request, State as From},
    http::StatusCode,
    response::IntoResponse as _,
    routing::{get, post, put},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, Call, Refused, done, read, refuse, unsupported};
use crate::{domain::patient::is_line_user_id, line::sandbox::Sandbox};

/// The most audiences LINE keeps.
const MAX_AUDIENCES: usize = 1_000;

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/audienceGroup/upload", post(create).put(add))
        .route("/v2/bot/audienceGroup/upload/byFile", post(create_by_file).put(add_by_file))
        .route("/v2/bot/audienceGroup/click", post(create_of_clicks))
        .route("/v2/bot/audienceGroup/imp", post(create_of_impressions))
        .route("/v2/bot/audienceGroup/list", get(list))
        .route("/v2/bot/audienceGroup/{id}", get(one).delete(delete))
        .route("/v2/bot/audienceGroup/{id}/updateDescription", put(describe))
        .route("/v2/bot/audienceGroup/shared/list", get(list))
        .route("/v2/bot/audienceGroup/shared/{id}", get(one))
}

fn no_audience() -> Refused {
    refuse(400, "AUDIENCE_GROUP_NOT_FOUND", vec![]).into()
}

impl Sandbox {
    fn new_audience(&self, kind: &str, call: &Value, users: usize) -> Answer {
        let now_s = self.clock.now().as_millis() / 1000;
        let mut state = self.state();
        if state.audiences.len() >= MAX_AUDIENCES {
            return Err(refuse(400, "TOO_MANY_AUDIENCE_GROUPS", vec![]).into());
        }
        let id =
            4_389_303_728_991 + state.audiences.keys().next_back().map_or(0, |last| last - 4_389_303_728_990);
        let mut audience = json!({
            "audienceGroupId": id, "type": kind, "description": call["description"], "status": "READY",
            "audienceCount": users, "created": now_s, "permission": "READ_WRITE",
            "createRoute": "MESSAGING_API", "isIfaAudience": call["isIfaAudience"] == true,
        });
        for name in ["requestId", "clickUrl"] {
            if !call[name].is_null() {
                audience[name] = call[name].clone();
            }
        }
        state.audiences.insert(id, audience.clone());
        let status = if kind == "UPLOAD" { StatusCode::ACCEPTED } else { StatusCode::OK };
        Ok((status, Json(audience)).into_response())
    }

    fn add_to_audience(&self, id: Option<i64>, users: usize) -> Answer {
        let mut state = self.state();
        let audience = id.and_then(|id| state.audiences.get_mut(&id)).ok_or_else(no_audience)?;
        audience["audienceCount"] = (audience["audienceCount"].as_u64().unwrap_or(0) + users as u64).into();
        Ok((StatusCode::ACCEPTED, done()).into_response())
    }
}

fn users(call: &Value) -> usize {
    call["audiences"].as_array().map_or(0, Vec::len)
}

async fn create(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("audience")?;
    sandbox.new_audience("UPLOAD", &call, users(&call))
}

async fn add(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("audienceMore")?;
    sandbox.add_to_audience(call["audienceGroupId"].as_i64(), users(&call))
}

/// A multipart form: the text of one part, and the user ids in its file.
struct Upload(String);

impl Upload {
    async fn read(request: Request, sandbox: &Sandbox) -> Result<Self, Refused> {
        let (body, kind) = read(request, sandbox).await?;
        if !kind.as_deref().unwrap_or_default().starts_with("multipart/form-data") {
            return Err(unsupported(kind.as_deref()).into());
        }
        Ok(Self(String::from_utf8_lossy(&body).into_owned()))
    }

    fn part(&self, name: &str) -> Option<&str> {
        let (_, after) = self.0.split_once(&format!("name=\"{name}\""))?;
        let (_, value) = after.split_once("\r\n\r\n")?;
        value.split_once("\r\n").map(|(value, _)| value)
    }

    fn users(&self) -> usize {
        self.0.lines().filter(|line| is_line_user_id(line.trim())).count()
    }
}

async fn create_by_file(From(sandbox): From<Sandbox>, request: Request) -> Answer {
    let upload = Upload::read(request, &sandbox).await?;
    let call = json!({ "description": upload.part("description") });
    sandbox.new_audience("UPLOAD", &call, upload.users())
}

async fn add_by_file(From(sandbox): From<Sandbox>, request: Request) -> Answer {
    let upload = Upload::read(request, &sandbox).await?;
    let id = upload.part("audienceGroupId").and_then(|id| id.trim().parse().ok());
    sandbox.add_to_audience(id, upload.users())
}

async fn create_of_clicks(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("audienceClick")?;
    sandbox.new_audience("CLICK", &call, 0)
}

async fn create_of_impressions(From(sandbox): From<Sandbox>, call: Call) -> Answer {
    let call = call.checked("audienceImpression")?;
    sandbox.new_audience("IMP", &call, 0)
}

#[derive(Deserialize)]
struct Asked {
    page: Option<usize>,
    size: Option<usize>,
}

async fn list(From(sandbox): From<Sandbox>, Query(asked): Query<Asked>) -> Answer {
    let (page, size) = (asked.page.unwrap_or(1), asked.size.unwrap_or(20));
    if page == 0 || !(1..=40).contains(&size) {
        return Err(refuse(400, "The value for the 'page' parameter is invalid", vec![]).into());
    }
    let state = sandbox.state();
    let all = state.audiences.len();
    let audiences: Vec<_> = state.audiences.values().skip((page - 1) * size).take(size).collect();
    Ok(Json(json!({
        "audienceGroups": audiences, "hasNextPage": page * size < all, "totalCount": all,
        "readWriteAudienceGroupTotalCount": all, "page": page, "size": size,
    }))
    .into_response())
}

async fn one(From(sandbox): From<Sandbox>, Path(id): Path<i64>) -> Answer {
    let state = sandbox.state();
    let audience = state.audiences.get(&id).ok_or_else(no_audience)?;
    Ok(Json(json!({ "audienceGroup": audience, "jobs": [] })).into_response())
}

async fn delete(From(sandbox): From<Sandbox>, Path(id): Path<i64>) -> Answer {
    let gone = sandbox.state().audiences.remove(&id);
    gone.map(|_| (StatusCode::ACCEPTED, done()).into_response()).ok_or_else(no_audience)
}

async fn describe(From(sandbox): From<Sandbox>, Path(id): Path<i64>, call: Call) -> Answer {
    let call = call.checked("audienceDescription")?;
    let mut state = sandbox.state();
    let audience = state.audiences.get_mut(&id).ok_or_else(no_audience)?;
    audience["description"] = call["description"].clone();
    Ok(done())
}
