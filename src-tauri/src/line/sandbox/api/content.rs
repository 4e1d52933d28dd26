//! Users' contents besides words, for as long as they are kept.

use axum::{
    Json, Router,
    extract::{Path, State as From},
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse as _,
    routing::get,
};
use serde_json::json;

use super::answer::{Answer, Refused, not_found, refuse};
use crate::line::sandbox::{Sandbox, State, contents::Content};

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/v2/bot/message/{id}/content", get(content))
        .route("/v2/bot/message/{id}/content/preview", get(preview))
        .route("/v2/bot/message/{id}/content/transcoding", get(transcoding))
}

fn need<'a>(state: &'a State, id: &str) -> Result<&'a Content, Refused> {
    let content = state.contents.of(id).ok_or_else(|| Refused::from(not_found()))?;
    if content.is_taken_back {
        return Err(refuse(410, "Gone", vec![]).into());
    }
    Ok(content)
}

/// Answers with a content; with an empty 202 while it is transcoded.
async fn content(From(sandbox): From<Sandbox>, Path(id): Path<String>) -> Answer {
    let now = sandbox.clock.now();
    let state = sandbox.state();
    let content = need(&state, &id)?;
    if content.ready_at > now {
        return Ok(StatusCode::ACCEPTED.into_response());
    }
    Ok(([(CONTENT_TYPE, content.media_type.clone())], content.bytes.clone()).into_response())
}

/// Answers with the preview: the picture itself; for a video, its first bytes stand in.
async fn preview(From(sandbox): From<Sandbox>, Path(id): Path<String>) -> Answer {
    let state = sandbox.state();
    let content = need(&state, &id)?;
    if !content.media_type.starts_with("image/") && !content.media_type.starts_with("video/") {
        return Err(not_found().into());
    }
    Ok(([(CONTENT_TYPE, "image/jpeg")], content.bytes.clone()).into_response())
}

async fn transcoding(From(sandbox): From<Sandbox>, Path(id): Path<String>) -> Answer {
    let now = sandbox.clock.now();
    let state = sandbox.state();
    let content = need(&state, &id)?;
    let status = if content.ready_at > now { "processing" } else { "succeeded" };
    Ok(Json(json!({ "status": status })).into_response())
}
