//! The HTTP interface: routes from the list of operations, sign-in, the webhook, the web UI. It
//! only carries; `ops` decides.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Request, State},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate as _},
};

use self::lane::Lane;
use crate::{
    core::Core,
    error::{Code, Problem, Refusal},
};

mod api;
mod assets;
mod auth;
mod events;
mod export;
mod files;
mod guard;
mod lane;
mod media;
mod metrics;
pub(crate) mod openapi;
mod serve;
mod uploads;
mod webhook;

pub(crate) use auth::SignIn;
pub(crate) use serve::{Limits, serve};

/// The most bytes of a request's body, where its route sets no other limit.
pub(crate) const MAX_BODY: usize = 2 * 1024 * 1024;

/// Requests of the API and the UI: how many at once, and the longest time for one.
const API: (usize, Duration) = (256, Duration::from_secs(60));

/// Sign-ins: anybody may send one, so they have few places and little time.
const SIGN_IN: (usize, Duration) = (32, Duration::from_secs(10));

/// LINE's webhooks: LINE waits a few seconds for the answer.
const WEBHOOK: (usize, Duration) = (256, Duration::from_secs(10));

/// Uploads of staff, each up to 200 MB over a slow line.
const UPLOAD: (usize, Duration) = (4, Duration::from_secs(1_800));

/// Fetches of uploads by LINE and patients' phones: the recipients of one message fetch all at
/// once.
const PUBLIC: (usize, Duration) = (128, Duration::from_secs(10));

#[derive(Clone)]
pub(crate) struct Web {
    core: Arc<Core>,
    sign_in: Arc<SignIn>,
    port: u16,
    intake: webhook::Intake,
}

/// The whole interface, reached at `addr`. `sign_in` holds the one-time link that `serve`
/// prints.
pub(crate) fn router(core: Arc<Core>, sign_in: Arc<SignIn>, addr: SocketAddr) -> Router {
    let intake = webhook::Intake::start(Arc::clone(&core));
    let web = Web { core, sign_in, port: addr.port(), intake };
    let api = api::router()
        .route("/api/events", get(events::events))
        .route("/api/interactions/export", get(export::interactions))
        .route("/api/media/{id}", get(media::serve))
        .route("/api/openapi.json", get(openapi::serve))
        .route("/metrics", get(metrics::metrics))
        .route("/api/{*path}", any(no_route))
        .route_layer(middleware::from_fn_with_state(web.clone(), auth::require));
    let uploads = Router::new()
        .route("/api/uploads", post(uploads::receive))
        .route_layer(middleware::from_fn_with_state(web.clone(), auth::require));
    let lane = |(at_once, limit)| middleware::from_fn_with_state(Lane::new(at_once, limit), lane::keep);
    Router::new()
        .merge(api)
        .fallback(assets::serve)
        .method_not_allowed_fallback(no_method)
        .layer(lane(API))
        .merge(auth::router().layer(lane(SIGN_IN)))
        .merge(uploads.layer(lane(UPLOAD)))
        .merge(Router::new().route("/m/{ticket}", get(media::by_ticket)).layer(lane(PUBLIC)))
        .layer(middleware::from_fn_with_state(web.clone(), guard::check))
        .merge(Router::new().route("/webhook/line", post(webhook::receive)).layer(lane(WEBHOOK)))
        // Under whatever name the clinic is reached from outside, like the webhook.
        .merge(Router::new().route("/u/{token}/{name}", get(uploads::serve)).layer(lane(PUBLIC)))
        // Not a page of the UI, and its token is not shown.
        .route("/u/", any(nothing_below))
        .route("/u/{token}", any(nothing_below))
        .route("/u/{token}/", any(nothing_below))
        .route("/u/{token}/{name}/{*more}", any(nothing_below))
        .route("/healthz", get(healthz))
        .method_not_allowed_fallback(no_method)
        .layer(
            ServiceBuilder::new()
                .layer(CatchPanicLayer::custom(|_| {
                    Problem::internal("answering a request", "a panic").into_response()
                }))
                .layer(middleware::from_fn_with_state(web.clone(), headers))
                .layer(
                    CompressionLayer::new().gzip(true).compress_when(DefaultPredicate::new().and(is_whole)),
                )
                .layer(DefaultBodyLimit::max(MAX_BODY)),
        )
        .with_state(web)
}

/// Whether an answer may be compressed: a part of a file has to stay as it is.
fn is_whole(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// Says that the program answers; `/api/jobs/health` says whether all is well.
async fn healthz() -> &'static str {
    "ok\n"
}

async fn no_route(request: Request) -> Problem {
    no_route_at(&shown(request.uri().path()))
}

async fn nothing_below() -> Problem {
    no_route_at("/u/")
}

fn no_route_at(path: &str) -> Problem {
    Problem::new(Code::NotFound, format!("there is nothing at {path}"))
}

async fn no_method(request: Request) -> Problem {
    let detail = format!("{} does not take {}", shown(request.uri().path()), request.method());
    Problem::new(Code::MethodNotAllowed, detail)
}

fn shown(path: &str) -> String {
    path.chars().take(200).collect()
}

/// Adds the headers that every answer carries. Inline styles are the component library's; scripts
/// are files.
async fn headers(State(web): State<Web>, request: Request, next: Next) -> Response {
    const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
        img-src 'self' data: blob: https:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; \
        base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Uploads are for everybody.
    let whose = HeaderName::from_static("cross-origin-resource-policy");
    headers.entry(whose).or_insert(HeaderValue::from_static("same-origin"));
    // Patients' files have a stricter one.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CSP));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    // Screens take the time from here: the practice clock may be ahead of the server's.
    if web.core.practice_clock.as_ref().is_some_and(|clock| clock.ahead_ms() > 0)
        && let Ok(date) = HeaderValue::from_str(&web.core.now().to_http_date())
    {
        headers.insert(header::DATE, date);
    }
    response
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

async fn body_of(request: Request, max: usize) -> Result<Bytes, Problem> {
    use http_body_util::BodyExt as _;
    let mut body = request.into_body();
    let (mut bytes, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let frame =
            frame.map_err(|_| Problem::new(Code::InvalidInput, "the body broke off before its end"))?;
        let Ok(data) = frame.into_data() else { continue };
        seen += data.len();
        if seen <= max {
            bytes.extend_from_slice(&data);
        }
        // A body that is too long is read on for a while, so that the caller gets the answer
        // instead of a broken connection.
        if seen > 16 * max {
            break;
        }
    }
    if seen > max {
        let refusal = Refusal::BodyTooLarge { limit: u32::try_from(max).unwrap_or(u32::MAX) };
        return Err(
            Problem::new(Code::TooLarge, format!("the body takes at most {max} bytes")).because(refusal)
        );
    }
    Ok(bytes.into())
}

type FromWeb = State<Web>;
