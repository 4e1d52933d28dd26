//! The HTTP client of LINE's Messaging API. It has a base address and a token, and does not know
//! whether LINE or the practice LINE is behind them.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use reqwest::{Method, RequestBuilder, StatusCode, Url, header::HeaderMap};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::Mutex;

use super::{
    account::{BotInfo, Profile, WebhookTest},
    error::{LineError, Unreached, read, refused, unreachable},
    objection::{self, Objection},
    outcome::{LineAnswer, PushOutcome, classify, object},
    retry_after::date,
};
use crate::{clock::Timestamp, config, domain::delivery::Cause, ids::DeliveryId};

/// Connections kept open, more than deliver at once.
const IDLE_CONNECTIONS: usize = 64;

/// Hidden when printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Token(pub(crate) String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(redacted)")
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Without a slash at its end.
    pub(crate) api_base: String,
    /// The base address of the host for users' contents, without a slash at its end.
    pub(crate) data_base: String,
    /// For opening a connection.
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
}

impl From<&config::Line> for Options {
    fn from(line: &config::Line) -> Self {
        Self {
            api_base: line.api_base.clone(),
            data_base: line.data_base().to_owned(),
            connect_timeout: Duration::from_millis(line.connect_timeout_ms),
            timeout: Duration::from_millis(line.timeout_ms),
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    pub(crate) token: Token,
    /// The channel whose id and secret mint a new token; `None` where none can be minted.
    pub(crate) channel: Option<Channel>,
}

#[derive(Clone, Debug)]
pub(crate) struct Channel {
    /// LINE's number of the channel.
    pub(crate) id: String,
    pub(crate) secret: Token,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebhookEndpoint {
    pub(crate) url: String,
    pub(crate) is_active: bool,
}

const PUSH: &str = "/v2/bot/message/push";

#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    options: Arc<Options>,
    /// The address for pushes, parsed once; `None` where the base is no address.
    push_url: Option<Url>,
    credentials: Arc<RwLock<Credentials>>,
    minting: Arc<Mutex<()>>,
}

/// The time of an answer's `Date` header.
fn date_of(headers: &HeaderMap) -> Option<Timestamp> {
    date(headers.get("date")?.to_str().ok()?)
}

/// LINE's answer: its body may break off after its status.
struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Result<Vec<u8>, Unreached>,
}

#[derive(Deserialize)]
struct Minted {
    access_token: String,
}

impl Client {
    /// # Errors
    /// TLS cannot be set up on this system.
    #[expect(clippy::disallowed_methods, reason = "the one home of the HTTP client")]
    pub(crate) fn new(options: Options, credentials: Credentials) -> Result<Self, reqwest::Error> {
        // Fails only where a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .connect_timeout(options.connect_timeout)
            .timeout(options.timeout)
            .redirect(reqwest::redirect::Policy::none())
            // One attempt is one request: what is tried again is counted and recorded.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .no_proxy()
            .user_agent(concat!("clinicue/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let push_url = Url::parse(&format!("{}{PUSH}", options.api_base)).ok();
        Ok(Self {
            http,
            options: Arc::new(options),
            push_url,
            credentials: Arc::new(RwLock::new(credentials)),
            minting: Arc::default(),
        })
    }

    pub(crate) fn set_credentials(&self, credentials: Credentials) {
        *self.credentials.write().unwrap_or_else(PoisonError::into_inner) = credentials;
    }

    pub(crate) fn is_connected(&self) -> bool {
        let credentials = self.credentials();
        !credentials.token.0.is_empty() || credentials.channel.is_some()
    }

    pub(super) fn credentials(&self) -> Credentials {
        self.credentials.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sends `body` (the bytes of `POST /v2/bot/message/push`) under `retry_key`. A token that
    /// LINE does not take is replaced once, where the channel's secret is known, and the same
    /// bytes follow under the same key.
    pub(crate) async fn push(&self, body: Arc<str>, retry_key: DeliveryId) -> PushOutcome {
        let used = self.credentials().token;
        let first = self.push_once(&body, retry_key, &used).await;
        let expired = matches!(first, PushOutcome::ChannelDown { cause: Cause::TokenInvalid, .. });
        if expired && let Some(fresh) = self.token_other_than(&used).await {
            return self.push_once(&body, retry_key, &fresh).await;
        }
        first
    }

    async fn push_once(&self, body: &Arc<str>, retry_key: DeliveryId, token: &Token) -> PushOutcome {
        let request = match &self.push_url {
            Some(url) => self.http.post(url.clone()).bearer_auth(&token.0),
            None => self.request(Method::POST, PUSH, token),
        };
        let request = request
            .header("content-type", "application/json")
            .header("x-line-retry-key", retry_key.to_string())
            .body(body.to_string());
        match request.send().await {
            // Nothing reached LINE, so nothing can have been accepted.
            Err(e) if e.is_connect() || e.is_builder() => PushOutcome::Retry {
                cause: Cause::LineUnavailable,
                not_before_ms: None,
                answer: LineAnswer::default(),
            },
            // Not in time, or the connection was lost.
            Err(_) => PushOutcome::Unknown,
            Ok(mut response) => {
                let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
                match read(response).await {
                    Ok(bytes) => classify(status, &headers, &bytes),
                    // A refusal is one whether its reasons arrive or not.
                    Err(_) if status.is_client_error() => classify(status, &headers, b""),
                    Err(_) => PushOutcome::Unknown,
                }
            }
        }
    }

    fn request(&self, method: Method, path: &str, token: &Token) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.options.api_base)).bearer_auth(&token.0)
    }

    pub(super) fn request_data(&self, method: Method, path: &str, token: &Token) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.options.data_base)).bearer_auth(&token.0)
    }

    /// A token other than `used`: one that somebody entered meanwhile, or a new one.
    pub(super) async fn token_other_than(&self, used: &Token) -> Option<Token> {
        let _one_at_a_time = self.minting.lock().await;
        let now = self.credentials();
        if now.token != *used {
            return Some(now.token);
        }
        let Channel { id, secret } = now.channel?;
        let form = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret.0)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let response = self
            .http
            .post(format!("{}/oauth2/v3/token", self.options.api_base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
            .send()
            .await
            .ok()?;
        if !response.status().is_success() {
            tracing::warn!(status = response.status().as_u16(), "LINE gave no new token");
            return None;
        }
        let minted: Minted = object(&read(response).await.ok()?).ok()?;
        let token = Token(minted.access_token);
        self.credentials.write().unwrap_or_else(PoisonError::into_inner).token = token.clone();
        tracing::info!("a new LINE token was minted");
        Some(token)
    }

    pub(crate) async fn bot_info(&self) -> Result<BotInfo, LineError> {
        self.call(Method::GET, "/v2/bot/info", None).await
    }

    /// Asks for the clinic's account and the time by LINE's clock, in whole seconds.
    pub(crate) async fn bot_info_dated(&self) -> (Result<BotInfo, LineError>, Option<Timestamp>) {
        let token = self.credentials().token;
        let dated = self.call_once(Method::GET, "/v2/bot/info", None, &token).await;
        let date = dated.ok().and_then(|answer| date_of(&answer.headers));
        (self.bot_info().await, date)
    }

    /// `None` for no limit.
    pub(crate) async fn quota(&self) -> Result<Option<u64>, LineError> {
        let quota: Value = self.call(Method::GET, "/v2/bot/message/quota", None).await?;
        match (quota["type"].as_str(), quota["value"].as_u64()) {
            (Some("none"), _) => Ok(None),
            (Some("limited"), Some(limit)) => Ok(Some(limit)),
            _ => Err(LineError::Unreachable(Unreached::Unreadable)),
        }
    }

    /// LINE's count is approximate.
    pub(crate) async fn quota_used(&self) -> Result<u64, LineError> {
        let used: Value = self.call(Method::GET, "/v2/bot/message/quota/consumption", None).await?;
        used["totalUsage"].as_u64().ok_or(LineError::Unreachable(Unreached::Unreadable))
    }

    /// `None` where none is entered.
    pub(crate) async fn webhook_endpoint(&self) -> Result<Option<WebhookEndpoint>, LineError> {
        let endpoint: Value = self.call(Method::GET, "/v2/bot/channel/webhook/endpoint", None).await?;
        let url = endpoint.get("endpoint").and_then(Value::as_str).filter(|url| !url.is_empty());
        let is_active = endpoint["active"] == Value::Bool(true);
        Ok(url.map(|url| WebhookEndpoint { url: url.to_owned(), is_active }))
    }

    /// With no events. LINE takes 60 calls an hour.
    pub(crate) async fn test_webhook(&self) -> Result<WebhookTest, LineError> {
        self.call(Method::POST, "/v2/bot/channel/webhook/test", Some(serde_json::json!({}))).await
    }

    /// The only probe that sends nothing.
    ///
    /// # Errors
    /// 404 when the user is not reachable.
    pub(crate) async fn profile(&self, line_user_id: &str) -> Result<Profile, LineError> {
        self.call(Method::GET, &format!("/v2/bot/profile/{line_user_id}"), None).await
    }

    /// Answers a patient within a minute of their act; free of charge.
    pub(crate) async fn reply(&self, reply_token: &str, messages: &[Value]) -> Result<(), LineError> {
        let body = serde_json::json!({ "replyToken": reply_token, "messages": messages });
        self.order(Method::POST, "/v2/bot/message/reply", Some(body)).await
    }

    /// Those before it, too.
    ///
    /// # Errors
    /// 400 where the token is not LINE's.
    pub(crate) async fn mark_as_read(&self, read_token: &str) -> Result<(), LineError> {
        let body = serde_json::json!({ "markAsReadToken": read_token });
        self.order(Method::POST, "/v2/bot/chat/markAsRead", Some(body)).await
    }

    /// Asks what LINE would refuse in these message objects; empty where it would take them. It is
    /// free and sends nothing.
    ///
    /// # Errors
    /// LINE cannot be reached, or its answer is not about the messages.
    pub(crate) async fn validate_push(&self, messages: &[Value]) -> Result<Vec<Objection>, LineError> {
        let body = serde_json::json!({ "messages": messages });
        let Answered { status, headers, bytes } =
            self.answered(Method::POST, "/v2/bot/message/validate/push", Some(body)).await?;
        let bytes = bytes.map_err(LineError::Unreachable)?;
        // The page of a network that wants a sign-in is no answer of LINE's.
        let is_json = bytes.is_empty() || serde_json::from_slice::<Value>(&bytes).is_ok();
        if status.is_success() && is_json {
            return Ok(Vec::new());
        }
        // A proxy may refuse in its own words, but without a request id of LINE's.
        let is_of_line = headers.contains_key("x-line-request-id");
        let objections = objection::read(&bytes, is_of_line);
        let is_refused = matches!(status, StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE);
        if is_refused && !objections.is_empty() {
            return Ok(objections);
        }
        Err(refused(status, &headers, &bytes))
    }

    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, LineError> {
        let Answered { status, headers, bytes } = self.answered(method, path, body).await?;
        if status.is_success() {
            let bytes = bytes.map_err(LineError::Unreachable)?;
            return object(&bytes).map_err(|_| LineError::Unreachable(Unreached::Unreadable));
        }
        Err(refused(status, &headers, &bytes.unwrap_or_default()))
    }

    /// Makes a call of which only the status counts: the body may be anything, or break off.
    pub(super) async fn order(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<(), LineError> {
        let Answered { status, headers, bytes } = self.answered(method, path, body).await?;
        if status.is_success() { Ok(()) } else { Err(refused(status, &headers, &bytes.unwrap_or_default())) }
    }

    /// LINE's answer, after a retry with another token where it does not take the one in use.
    async fn answered(&self, method: Method, path: &str, body: Option<Value>) -> Result<Answered, LineError> {
        let used = self.credentials().token;
        let answer = self.call_once(method.clone(), path, body.as_ref(), &used).await?;
        if answer.status == StatusCode::UNAUTHORIZED
            && let Some(fresh) = self.token_other_than(&used).await
        {
            return self.call_once(method, path, body.as_ref(), &fresh).await;
        }
        Ok(answer)
    }

    async fn call_once(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        token: &Token,
    ) -> Result<Answered, LineError> {
        let mut request = self.request(method, path, token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(unreachable)?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answered { status, headers, bytes: read(response).await })
    }
}
