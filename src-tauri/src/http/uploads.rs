//! Uploads: taken from staff, piece by piece and within limits, and served to whoever knows their
//! address.

use std::time::Duration;

use axum::{
    Extension, Json,
    extract::{Path, RawQuery, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use http_body_util::BodyExt as _;

use super::{
    FromWeb, api,
    files::{self, Sent},
    no_route_at,
};
use crate::{
    core::Core,
    error::{Code, Problem, Result},
    ops::{
        Caller, check,
        operation::{allow, read, to_end},
        uploads::{self, NewUpload, Receiving, Upload},
    },
};

/// The longest pause between two pieces of a body.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// The most bytes read of a refused body, so that the caller gets the answer instead of a broken
/// connection.
const MAX_READ_ON: usize = 32_000_000;

/// `POST /api/uploads?fileName=`: the body is the bytes of the file.
pub(super) async fn receive(
    State(web): FromWeb,
    Extension(who): Extension<Caller>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let received = async {
        allow(&who, uploads::MIN_ROLE)?;
        let named: NewUpload = read(api::query_input(query.as_deref())?)?;
        check(&named, web.core.now())?;
        let receiving = taken(Receiving::begin(&web.core).await, request).await?;
        let keep = async move { receiving.keep(&who, named.file_name).await };
        to_end(&web.core, "POST", keep).await
    };
    match received.await {
        Ok::<Upload, Problem>(upload) => (StatusCode::CREATED, Json(upload)).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// Takes a body to its end; a refused one is read on for a while.
async fn taken(mut receiving: Receiving, request: Request) -> Result<Receiving> {
    let broke_off = || Problem::new(Code::InvalidInput, "the body broke off before its end");
    let mut body = request.into_body();
    let (mut refused, mut read_on) = (None, 0);
    while let Ok(frame) = tokio::time::timeout(MAX_PAUSE, body.frame()).await {
        let Some(frame) = frame else { return refused.map_or(Ok(receiving), Err) };
        let Ok(data) = frame.map_err(|_| broke_off())?.into_data() else { continue };
        if refused.is_none() {
            refused = receiving.take(&data).await.err();
        } else {
            read_on += data.len();
        }
        if read_on > MAX_READ_ON {
            break;
        }
    }
    Err(refused.unwrap_or_else(broke_off))
}

/// `GET /u/{token}/{name}`, whole or one range of it.
pub(super) async fn serve(
    State(web): FromWeb,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let Ok(Path((token, name))) = path else { return no_route_at("/u/").into_response() };
    let answered = answer(&web.core, &token, &name, headers.get(header::RANGE)).await;
    answered.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(core: &Core, token: &str, name: &str, range: Option<&HeaderValue>) -> Result<Response> {
    // Never the whole path: its token opens the file.
    let file = uploads::open(core, token, name).await?.ok_or_else(|| no_route_at("/u/"))?;
    let sent = Sent {
        file: file.file,
        size: file.size,
        content_type: file.media_type,
        disposition: "inline".to_owned(),
        // The file at an address never changes.
        cache: "public, max-age=31536000, immutable",
    };
    let mut response = files::answer(sent, range).await?;
    // LINE's own pages show it, too.
    let headers = response.headers_mut();
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    Ok(response)
}
