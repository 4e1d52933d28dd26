//! Authentication of callers: a bearer token, or a session. Only hashes are stored.
//!
//! A session has two secrets. No script can read the cookie, but a browser sends cookies to every
//! port of this machine, so another program that listens here gets it. The page's secret is handed
//! out once, in the answer that begins the session; the UI keeps it in its origin's storage, which
//! other ports can neither read nor receive, and sends it with each call in a header. Neither is
//! worth anything without the other.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;

use super::{FromWeb, Web, api::is_json, body_of};
use crate::{
    clock::{DAY_MS, HOUR_MS, Timestamp},
    core::Core,
    domain::staff::Role,
    error::{Code, Problem, Refusal, Result},
    ids::{self, SessionId, TokenId},
    ops::{Caller, operation::to_end, tokens::hash},
    store::{api_tokens, sessions},
};

/// The session cookie's name. Browsers send cookies to every port of a machine, so a practice
/// clinic beside the real one uses a name of its own and does not end the session there.
fn cookie_name(core: &Core) -> &'static str {
    if core.home.is_some() { "clinicue_practice" } else { "clinicue_session" }
}

/// The header with the page's secret.
pub(super) const PAGE: &str = "x-clinicue-page";

const MAX_BODY: usize = 4 * 1024;

/// The life of a session: a working day.
const SESSION_MS: i64 = 12 * HOUR_MS;

/// The codes of one-time sign-in links.
#[derive(Debug, Default)]
pub(crate) struct SignIn(Mutex<VecDeque<LinkCode>>);

#[derive(Debug)]
struct LinkCode {
    hash: String,
    actor: String,
    role: Role,
    expires_at: Timestamp,
}

/// The most sign-in links that are valid at once; the oldest goes first.
const MAX_LINKS: usize = 64;

impl SignIn {
    /// A new code, valid once and for a day, that signs `actor` in with this role.
    pub(crate) fn new_code(&self, actor: String, role: Role, now: Timestamp) -> String {
        let code = ids::secret();
        let kept = LinkCode { hash: hash(&code), actor, role, expires_at: now.plus_millis(DAY_MS) };
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.truncate(MAX_LINKS - 1);
        codes.push_front(kept);
        code
    }

    /// Uses `code` up and returns whom it signs in; `None` where it is not valid.
    fn take(&self, code: &str, now: Timestamp) -> Option<(String, Role)> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|kept| now < kept.expires_at);
        let given = hash(code);
        let at = codes.iter().position(|kept| kept.hash == given)?;
        codes.remove(at).map(|kept| (kept.actor, kept.role))
    }
}

/// Passes a request with a token or a session on, with its caller.
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
        .because(Refusal::NotSignedIn)
        .into_response(),
        Err(problem) => problem.into_response(),
    }
}

pub(super) async fn caller(core: &Core, headers: &HeaderMap) -> Result<Option<Caller>> {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    if let Some((_, token)) = bearer {
        let token = api_tokens::by_hash(core.store.read(), &hash(token.trim())).await?;
        return Ok(token.map(|t| Caller { actor: t.name, role: t.role }));
    }
    let Some((cookie, page)) = secrets(core, headers) else { return Ok(None) };
    let session = sessions::by_hashes(core.store.read(), &hash(cookie), &hash(page), core.real_now()).await?;
    Ok(session.map(|s| Caller { actor: s.actor, role: s.role }))
}

fn secrets<'a>(core: &Core, headers: &'a HeaderMap) -> Option<(&'a str, &'a str)> {
    cookie(headers, cookie_name(core)).zip(headers.get(PAGE)?.to_str().ok())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

pub(super) fn router() -> Router<Web> {
    Router::new().route("/api/session", post(begin).delete(end))
}

/// The credentials that begin a session: a token, or the code of the sign-in link.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum With {
    Token(String),
    Code(String),
}

/// Begins a session; the answer has the page's secret, which is not shown again.
async fn begin(State(web): FromWeb, request: Request) -> Response {
    match session_of(&web, request).await {
        Ok((cookie, page)) => {
            ([(header::SET_COOKIE, cookie)], Json(json!({ "pageSecret": page }))).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn session_of(web: &Web, request: Request) -> Result<(HeaderValue, String)> {
    if !is_json(request.headers()) {
        return Err(Problem::new(Code::UnsupportedMediaType, "send application/json"));
    }
    let with: With = serde_json::from_slice(&body_of(request, MAX_BODY).await?).map_err(|e| {
        Problem::new(Code::InvalidInput, format!("the body is {{\"token\"}} or {{\"code\"}}: {e}"))
    })?;
    let core = &web.core;
    match with {
        With::Token(token) => {
            let token = api_tokens::by_hash(core.store.read(), &hash(token.trim())).await?;
            let token = token.ok_or_else(|| refused("this token is not known", Refusal::UnknownToken))?;
            new_session(core, &token.name, token.role, Some(token.id)).await
        }
        With::Code(code) => {
            let (actor, role) = web
                .sign_in
                .take(&code, core.real_now())
                .ok_or_else(|| refused("this link was used already or is too old", Refusal::LinkUsed))?;
            new_session(core, &actor, role, None).await
        }
    }
}

fn refused(detail: &str, refusal: Refusal) -> Problem {
    Problem::new(Code::Unauthenticated, detail).because(refusal)
}

async fn new_session(
    core: &Core,
    actor: &str,
    role: Role,
    token_id: Option<TokenId>,
) -> Result<(HeaderValue, String)> {
    let (now, secret, page) = (core.real_now(), ids::secret(), ids::secret());
    let session = sessions::Session {
        id: SessionId::new(now),
        token_id,
        actor: actor.to_owned(),
        role,
        created_at: now,
        expires_at: now.plus_millis(SESSION_MS),
    };
    let (store, hashes) = (core.store.clone(), [hash(&secret), hash(&page)]);
    let stored = async move {
        let mut tx = store.begin().await?;
        sessions::insert(&mut tx, &session, &hashes[0], &hashes[1]).await?;
        Ok(tx.commit().await?)
    };
    to_end(core, "POST", stored).await?;
    Ok((set_cookie(core, &secret, SESSION_MS / 1000)?, page))
}

async fn end(State(web): FromWeb, headers: HeaderMap) -> Response {
    let ended = async {
        if let Some((cookie, page)) = secrets(&web.core, &headers) {
            let (store, hashes) = (web.core.store.clone(), [hash(cookie), hash(page)]);
            let deleted = async move {
                let mut tx = store.begin().await?;
                sessions::delete(&mut tx, &hashes[0], &hashes[1]).await?;
                Ok(tx.commit().await?)
            };
            to_end(&web.core, "DELETE", deleted).await?;
        }
        set_cookie(&web.core, "", 0)
    };
    match ended.await {
        Ok(cookie) => (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn set_cookie(core: &Core, value: &str, seconds: i64) -> Result<HeaderValue> {
    let name = cookie_name(core);
    HeaderValue::try_from(format!("{name}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}"))
        .map_err(|e| Problem::internal("making a session", e))
}
