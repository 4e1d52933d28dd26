//! Who calls: a bearer token, or a session in a cookie. Only hashes are stored.

use std::sync::{Mutex, PoisonError};

use axum::{
    Router,
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use serde::Deserialize;

use super::{FromWeb, Web, api::is_json, body_of};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::staff::Role,
    error::{Code, Problem, Result},
    ids::{self, SessionId},
    ops::{Caller, tokens::hash},
    store::{sessions, tokens},
};

const COOKIE: &str = "clinicue_session";

/// A working day.
const SESSION_MS: i64 = 12 * 3_600_000;

/// The code of the one-time sign-in link.
#[derive(Debug, Default)]
pub struct SignIn(Mutex<Option<(String, Timestamp)>>);

impl SignIn {
    /// A new code, good once and for a day; it replaces the one before.
    pub fn new_code(&self, now: Timestamp) -> String {
        let code = ids::secret();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((hash(&code), now.plus_millis(24 * 3_600_000)));
        code
    }

    /// Whether `code` is the one, which is used up by this.
    fn take(&self, code: &str, now: Timestamp) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = kept.as_ref().is_some_and(|(hashed, until)| *hashed == hash(code) && now < *until);
        if fits {
            *kept = None;
        }
        fits
    }
}

/// Lets a request with a token or a session pass, and notes who calls.
pub(super) async fn require(State(web): FromWeb, mut request: Request, next: Next) -> Response {
    match caller(&web.core, request.headers()).await {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(None) => Problem::new(
            Code::Unauthenticated,
            "send `Authorization: Bearer TOKEN`; `clinicue-server token create` makes one",
        )
        .into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn caller(core: &Core, headers: &HeaderMap) -> Result<Option<Caller>> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    if let Some((_, token)) = bearer {
        let token = tokens::by_hash(core.store.read(), &hash(token.trim())).await?;
        return Ok(token.map(|t| Caller { actor: t.name, role: t.role }));
    }
    let Some(secret) = cookie(headers) else { return Ok(None) };
    let session = sessions::by_hash(core.store.read(), &hash(secret), core.now()).await?;
    Ok(session.map(|s| Caller { actor: s.actor, role: s.role }))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The page the sign-in link leads to.
pub(super) fn router() -> Router<Web> {
    Router::new().route("/signin", get(follow_link))
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    code: String,
}

async fn follow_link(State(web): FromWeb, Query(link): Query<Link>) -> Response {
    if !web.sign_in.take(&link.code, web.core.now()) {
        return Redirect::to("/?signin=used").into_response();
    }
    match new_session(&web.core, "Sign-in link", Role::Admin).await {
        Ok(cookie) => ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
        Err(problem) => problem.into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WithToken {
    token: String,
}

/// Begins a session with a token.
pub(super) async fn begin_session(State(web): FromWeb, request: Request) -> Response {
    match session_of(&web.core, request).await {
        Ok(cookie) => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn session_of(core: &Core, request: Request) -> Result<HeaderValue> {
    if !is_json(request.headers()) {
        return Err(Problem::new(Code::UnsupportedMediaType, "send application/json"));
    }
    let body: WithToken = serde_json::from_slice(&body_of(request).await?)
        .map_err(|e| Problem::new(Code::InvalidInput, format!("the body is {{\"token\"}}: {e}")))?;
    let token = tokens::by_hash(core.store.read(), &hash(body.token.trim())).await?;
    let token = token.ok_or_else(|| Problem::new(Code::Unauthenticated, "this token is not known"))?;
    new_session(core, &token.name, token.role).await
}

async fn new_session(core: &Core, actor: &str, role: Role) -> Result<HeaderValue> {
    let (now, secret) = (core.now(), ids::secret());
    let session = sessions::Session {
        id: SessionId::new(now),
        actor: actor.to_owned(),
        role,
        created_at: now,
        expires_at: now.plus_millis(SESSION_MS),
    };
    let mut tx = core.store.begin().await?;
    sessions::insert(&mut tx, &session, &hash(&secret)).await?;
    tx.commit().await?;
    set_cookie(&secret, SESSION_MS / 1000)
}

/// Ends the session of this browser.
pub(super) async fn end_session(State(web): FromWeb, headers: HeaderMap) -> Response {
    let ended = async {
        if let Some(secret) = cookie(&headers) {
            let mut tx = web.core.store.begin().await?;
            sessions::delete(&mut tx, &hash(secret)).await?;
            tx.commit().await?;
        }
        set_cookie("", 0)
    };
    match ended.await {
        Ok(cookie) => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn set_cookie(value: &str, seconds: i64) -> Result<HeaderValue> {
    HeaderValue::try_from(format!("{COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}"))
        .map_err(|e| Problem::internal("making a session", e))
}
