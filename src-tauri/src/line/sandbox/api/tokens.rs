//! Channel access tokens: stateless (v3), with a JWT (v2.1) and short-lived ones, their
//! verification and revocation. A JWT's signature is ignored, since no key was registered here; its
//! claims are checked.

use std::collections::{HashSet, VecDeque};

use axum::{
    Json, Router,
    extract::{FromRequest, Query, Request, State as From},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::answer::{Answer, Refused, read};
use crate::{clock::Timestamp, ids, line::sandbox::Sandbox};

/// The most tokens kept of those minted, and of those revoked.
const MAX_TOKENS: usize = 1_000;

/// Lives of tokens in seconds: 15 minutes for a stateless one, 30 days for a short-lived one and
/// the longest v2.1 one.
const STATELESS_S: i64 = 900;
const MAX_LIFE_S: i64 = 30 * 24 * 3_600;

/// LINE takes assertions that end within 30 minutes.
const MAX_ASSERTION_S: i64 = 30 * 60;

const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stateless,
    Jwt,
    ShortLived,
}

#[derive(Debug)]
struct Minted {
    token: String,
    kind: Kind,
    key_id: String,
    channel_id: String,
    expires_at: Timestamp,
}

#[derive(Debug, Default)]
pub(in crate::line::sandbox) struct Tokens {
    minted: VecDeque<Minted>,
    revoked: HashSet<String>,
}

impl Tokens {
    pub(super) fn is_valid(&self, token: &str, now: Timestamp) -> bool {
        self.minted.iter().any(|minted| minted.token == token && minted.expires_at > now)
    }

    pub(super) fn was_revoked(&self, token: &str) -> bool {
        self.revoked.contains(token)
    }

    fn mint(&mut self, kind: Kind, channel_id: &str, expires_at: Timestamp) -> &Minted {
        if self.minted.len() >= MAX_TOKENS {
            self.minted.pop_front();
        }
        let (token, key_id, channel_id) = (ids::secret(), ids::nonce(), channel_id.to_owned());
        self.minted.push_back(Minted { token, kind, key_id, channel_id, expires_at });
        &self.minted[self.minted.len() - 1]
    }

    /// Revokes a token; a stateless one lives out its 15 minutes.
    fn revoke(&mut self, token: &str) {
        self.minted.retain(|minted| minted.token != token || minted.kind == Kind::Stateless);
        if self.revoked.len() < MAX_TOKENS && !self.minted.iter().any(|minted| minted.token == token) {
            self.revoked.insert(token.to_owned());
        }
    }
}

pub(super) fn router() -> Router<Sandbox> {
    Router::new()
        .route("/oauth2/v3/token", post(stateless))
        .route("/oauth2/v2.1/token", post(by_jwt))
        .route("/oauth2/v2.1/tokens/kid", get(key_ids))
        .route("/oauth2/v2.1/verify", get(verify_by_jwt))
        .route("/oauth2/v2.1/revoke", post(revoke_by_jwt))
        .route("/v2/oauth/accessToken", post(short_lived))
        .route("/v2/oauth/verify", post(verify))
        .route("/v2/oauth/revoke", post(revoke))
}

/// A form sent as a body or a query.
struct Form(Vec<(String, String)>);

impl Form {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, value)| n == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    fn need(&self, name: &str) -> Result<&str, Refused> {
        self.get(name).ok_or_else(|| refuse("invalid_request", "some parameters missed or invalid"))
    }

    fn need_grant(&self) -> Result<(), Refused> {
        match self.need("grant_type")? {
            "client_credentials" => Ok(()),
            _ => Err(refuse("unsupported_grant_type", "unsupported grant_type")),
        }
    }
}

impl FromRequest<Sandbox> for Form {
    type Rejection = Refused;

    async fn from_request(request: Request, sandbox: &Sandbox) -> Result<Self, Refused> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(refuse("invalid_request", "some parameters missed or invalid"));
        }
        let (body, _) = read(request, sandbox).await?;
        Ok(Self(url::form_urlencoded::parse(&body).into_owned().collect()))
    }
}

/// `{"error","error_description"}`, the form of OAuth.
fn refuse(error: &str, description: &str) -> Refused {
    let body = json!({ "error": error, "error_description": description });
    (StatusCode::BAD_REQUEST, Json(body)).into_response().into()
}

impl Sandbox {
    /// The channel of an id and its secret; any id passes, since none is set up here.
    fn need_channel<'a>(&self, form: &'a Form) -> Result<&'a str, Refused> {
        let (id, secret) = (form.need("client_id")?, form.need("client_secret")?);
        let known = &self.options.channel_secret;
        if !known.is_empty() && known != secret {
            return Err(refuse("invalid_client", "invalid client_secret"));
        }
        Ok(id)
    }

    /// The channel an assertion names, and its token's life in seconds.
    fn need_assertion(&self, form: &Form) -> Result<(String, i64), Refused> {
        if form.need("client_assertion_type")? != JWT_BEARER {
            return Err(refuse("invalid_request", "client_assertion_type is invalid"));
        }
        let assertion = form.need("client_assertion")?;
        let part = |text: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(text).ok()?).ok();
        let parts: Vec<_> = assertion.split('.').collect();
        let [header, claims, signature] = parts[..] else {
            return Err(refuse("invalid_client", "Invalid client_assertion"));
        };
        let (Some(header), Some(claims)) = (part(header), part(claims)) else {
            return Err(refuse("invalid_client", "Invalid client_assertion"));
        };
        let wrong = |what: &str| Err(refuse("invalid_client", &format!("Invalid client_assertion: {what}")));
        if header["alg"] != "RS256" || !header["kid"].is_string() || signature.is_empty() {
            return wrong("header");
        }
        let issuer = claims["iss"].as_str().filter(|id| !id.is_empty() && claims["sub"] == **id);
        let Some(channel_id) = issuer else { return wrong("iss or sub") };
        if claims["aud"] != "https://api.line.me/" {
            return wrong("aud");
        }
        let now_s = self.clock.now().as_millis() / 1000;
        let ends_in = claims["exp"].as_i64().unwrap_or(0) - now_s;
        if ends_in <= 0 || ends_in > MAX_ASSERTION_S {
            return wrong("exp");
        }
        let lives_s = claims["token_exp"].as_i64().unwrap_or(MAX_LIFE_S);
        if !(1..=MAX_LIFE_S).contains(&lives_s) {
            return wrong("token_exp");
        }
        Ok((channel_id.to_owned(), lives_s))
    }

    fn minted(&self, kind: Kind, channel_id: &str, lives_s: i64) -> Response {
        let expires_at = self.clock.now().plus_millis(lives_s * 1000);
        let mut state = self.state();
        let minted = state.tokens.mint(kind, channel_id, expires_at);
        let mut body = json!({ "token_type": "Bearer", "access_token": minted.token, "expires_in": lives_s });
        if kind == Kind::Jwt {
            body["key_id"] = minted.key_id.as_str().into();
        }
        Json(body).into_response()
    }

    fn verified(&self, token: &str, kinds: &[Kind]) -> Answer {
        let now = self.clock.now();
        let state = self.state();
        let minted = state.tokens.minted.iter().find(|m| m.token == token && kinds.contains(&m.kind));
        if let Some(minted) = minted.filter(|m| m.expires_at > now) {
            let left_s = minted.expires_at.millis_since(now) / 1000;
            let body = json!({ "client_id": minted.channel_id, "expires_in": left_s, "scope": "P CM" });
            return Ok(Json(body).into_response());
        }
        // The long-lived token entered at the start.
        if kinds.contains(&Kind::ShortLived)
            && self.options.access_token.as_deref() == Some(token)
            && !state.tokens.was_revoked(token)
        {
            return Ok(Json(json!({ "client_id": "1234567890", "expires_in": MAX_LIFE_S, "scope": "P CM" }))
                .into_response());
        }
        Err(refuse("invalid_request", "access token expired"))
    }
}

async fn stateless(From(sandbox): From<Sandbox>, form: Form) -> Answer {
    form.need_grant()?;
    if form.get("client_assertion").is_some() {
        let (channel_id, _) = sandbox.need_assertion(&form)?;
        return Ok(sandbox.minted(Kind::Stateless, &channel_id, STATELESS_S));
    }
    let channel_id = sandbox.need_channel(&form)?;
    Ok(sandbox.minted(Kind::Stateless, channel_id, STATELESS_S))
}

async fn by_jwt(From(sandbox): From<Sandbox>, form: Form) -> Answer {
    form.need_grant()?;
    let (channel_id, lives_s) = sandbox.need_assertion(&form)?;
    Ok(sandbox.minted(Kind::Jwt, &channel_id, lives_s))
}

async fn key_ids(From(sandbox): From<Sandbox>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let (channel_id, _) = sandbox.need_assertion(&Form(query))?;
    let now = sandbox.clock.now();
    let state = sandbox.state();
    let valid = |m: &&Minted| m.kind == Kind::Jwt && m.channel_id == channel_id && m.expires_at > now;
    let kids: Vec<_> = state.tokens.minted.iter().filter(valid).map(|m| m.key_id.as_str()).collect();
    Ok(Json(json!({ "kids": kids })).into_response())
}

async fn verify_by_jwt(From(sandbox): From<Sandbox>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    sandbox.verified(Form(query).need("access_token")?, &[Kind::Jwt, Kind::Stateless])
}

async fn revoke_by_jwt(From(sandbox): From<Sandbox>, form: Form) -> Answer {
    sandbox.need_channel(&form)?;
    sandbox.state().tokens.revoke(form.need("access_token")?);
    Ok(StatusCode::OK.into_response())
}

async fn short_lived(From(sandbox): From<Sandbox>, form: Form) -> Answer {
    form.need_grant()?;
    let channel_id = sandbox.need_channel(&form)?;
    Ok(sandbox.minted(Kind::ShortLived, channel_id, MAX_LIFE_S))
}

async fn verify(From(sandbox): From<Sandbox>, form: Form) -> Answer {
    sandbox.verified(form.need("access_token")?, &[Kind::ShortLived])
}

/// Revokes a token. LINE answers 200 to an unknown one, too.
async fn revoke(From(sandbox): From<Sandbox>, form: Form) -> Answer {
    sandbox.state().tokens.revoke(form.need("access_token")?);
    Ok(StatusCode::OK.into_response())
}
