//! A faithful, stateful LINE on loopback, for demos, practice and tests. The production client
//! knows nothing of it but a base address.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::{DAY_MS, SharedClock, Timestamp},
    ids,
};

mod api;
mod check;
mod contents;
mod control;
mod counts;
mod menus;
mod phone;

/// The user id of the account itself.
const BOT: &str = "U00000000000000000000000000000000";

/// The practice LINE's objection to a message object, in LINE's words.
#[cfg(test)]
pub(crate) fn objection(message: &Value) -> Option<String> {
    let found = check::body(&serde_json::json!({ "messages": [message] }), "validate");
    (!found.is_none()).then(|| format!("{:?}", found.words()))
}

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The token it takes; `None` for any.
    pub access_token: Option<String>,
    pub channel_secret: String,
    /// The address it sends webhooks to; `None` sends none.
    pub webhook_url: Option<String>,
    /// Messages a month; `None` for no limit.
    pub monthly_limit: Option<u64>,
    /// Whether an unknown user becomes a friend with the first message, for load tests.
    pub everybody_is_a_friend: bool,
}

/// A fault that is switched on.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// No fault: every call is answered as usual.
    #[default]
    None,
    /// 429: too many requests at once.
    RateLimit,
    /// 429: the month's quota is used up.
    MonthlyLimit,
    /// 429: too many messages to one user.
    UserLimit,
    /// 500: an error of LINE's own.
    ServerError,
    /// Answers come `latencyMs` late.
    Latency,
    /// The connection is cut; nothing was accepted.
    Reset,
    /// The message is accepted, the answer lost.
    LostAnswer,
    /// 401 until a new token is minted.
    TokenExpired,
    /// 401 for every token.
    Unauthorized,
}

/// A fault, its number of calls, and its delay.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, specta::Type,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    pub kind: FaultKind,
    /// The number of calls it lasts for; left out, until it is changed.
    #[serde(default)]
    pub count: Option<u32>,
    /// Milliseconds by which late answers, and what comes before a lost one, are delayed.
    #[serde(default)]
    pub latency_ms: Option<u32>,
}

/// The author of a line of a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    Clinic,
    Patient,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessage {
    pub id: String,
    pub from: Speaker,
    /// By the clock of the practice LINE.
    pub at: Timestamp,
    pub message: Value,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub line_user_id: String,
    pub display_name: String,
    pub following: bool,
    pub blocked: bool,
    /// Lines of the chat that nobody has seen yet.
    pub unread: u32,
    /// The oldest first.
    #[serde(skip)]
    pub chat: VecDeque<ChatMessage>,
}

const MAX_CHAT: usize = 200;

/// The most retry keys remembered; LINE remembers each for 24 h.
const MAX_KEYS: usize = 500_000;
const KEY_LIFE_MS: i64 = DAY_MS;

const MAX_REFUSED: usize = 100;

const MAX_JOBS: usize = 100;

/// The most tokens remembered that mark a message as read.
const MAX_READ_TOKENS: usize = 1_000;

/// Milliseconds a reply token is valid.
const REPLY_LIFE_MS: i64 = 60_000;

#[derive(Debug)]
struct Accepted {
    at: Timestamp,
    request_id: String,
    message_ids: Vec<String>,
}

#[derive(Debug)]
struct ReplyToken {
    line_user_id: String,
    given_at: Timestamp,
}

#[derive(Debug, Default)]
struct State {
    users: BTreeMap<String, User>,
    keys: HashMap<String, Accepted>,
    key_order: VecDeque<String>,
    fault: Fault,
    said_used_up: bool,
    tokens: api::tokens::Tokens,
    reply_tokens: HashMap<String, ReplyToken>,
    used_quota: u64,
    next_id: u64,
    accepted: u64,
    silent: u64,
    repeated: u64,
    refused: Vec<String>,
    no_such_path: Vec<String>,
    webhook_url: Option<String>,
    counts: counts::Counts,
    menus: menus::Menus,
    contents: contents::Contents,
    narrowcasts: VecDeque<api::Narrowcast>,
    read_tokens: VecDeque<String>,
    coupons: BTreeMap<String, Value>,
    audiences: BTreeMap<i64, Value>,
}

#[derive(Clone)]
pub struct Sandbox {
    state: Arc<Mutex<State>>,
    options: Arc<Options>,
    clock: SharedClock,
    http: reqwest::Client,
}

#[derive(Clone)]
pub struct Running {
    pub sandbox: Sandbox,
    pub addr: SocketAddr,
    stop: CancellationToken,
}

impl Running {
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Sandbox {
    #[expect(clippy::disallowed_methods, reason = "it plays LINE's own webhook sender")]
    pub fn new(options: Options, clock: SharedClock) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let state = State { next_id: 1, webhook_url: options.webhook_url.clone(), ..State::default() };
        Self {
            state: Arc::new(Mutex::new(state)),
            options: Arc::new(options),
            clock,
            http: reqwest::Client::new(),
        }
    }

    /// Port 0 picks one.
    pub async fn listen(self, addr: SocketAddr) -> std::io::Result<Running> {
        let listener = tokio::net::TcpListener::bind(addr).await?;
        let running = Running { addr: listener.local_addr()?, stop: CancellationToken::new(), sandbox: self };
        let router =
            api::router(&running.sandbox).merge(control::router()).with_state(running.sandbox.clone());
        let stop = running.stop.clone();
        tokio::spawn(async move {
            let served = axum::serve(listener, router)
                .with_graceful_shutdown(async move { stop.cancelled().await })
                .await;
            if let Err(error) = served {
                tracing::error!(%error, "the practice LINE ended");
            }
        });
        Ok(running)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a user, a friend of the clinic's account, or renames one.
    pub fn add_user(&self, line_user_id: &str, display_name: &str) {
        let mut state = self.state();
        let user = state.users.entry(line_user_id.to_owned()).or_insert_with(|| new_user(line_user_id));
        display_name.clone_into(&mut user.display_name);
    }

    pub fn users(&self) -> Vec<User> {
        self.state().users.values().cloned().collect()
    }

    /// The chat of a user, oldest first, counted as seen from then on; `None` for an unknown user.
    pub fn chat(&self, line_user_id: &str) -> Option<Vec<ChatMessage>> {
        let mut state = self.state();
        let user = state.users.get_mut(line_user_id)?;
        user.unread = 0;
        Some(user.chat.iter().cloned().collect())
    }

    /// Messages accepted so far, each key once.
    pub fn accepted(&self) -> u64 {
        self.state().accepted
    }

    /// Accepted messages that made no sound.
    pub fn silent(&self) -> u64 {
        self.state().silent
    }

    /// The first 100 calls answered with 400, 405, 413 or 415, as `path: message`: their client
    /// does not know LINE.
    pub fn refused(&self) -> Vec<String> {
        self.state().refused.clone()
    }

    /// The first 100 calls of paths and methods that LINE does not have, as `GET /path`.
    pub fn no_such_path(&self) -> Vec<String> {
        self.state().no_such_path.clone()
    }

    pub fn fault(&self) -> Fault {
        self.state().fault
    }

    pub fn set_fault(&self, fault: Fault) {
        let mut state = self.state();
        (state.fault, state.said_used_up) = (fault, false);
    }

    /// `None` stops them.
    pub fn set_webhook_url(&self, url: Option<String>) {
        self.state().webhook_url = url;
    }
}

impl User {
    fn hears(&self) -> bool {
        self.following && !self.blocked
    }
}

fn new_user(line_user_id: &str) -> User {
    User {
        line_user_id: line_user_id.to_owned(),
        display_name: "LINE user".to_owned(),
        following: true,
        blocked: false,
        unread: 0,
        chat: VecDeque::new(),
    }
}

/// Makes ids as long as LINE's own.
const BEFORE_IDS: u64 = 460_000_000_000_000_000;

impl State {
    /// Takes the fault for this call, counting it down.
    fn take_fault(&mut self) -> Fault {
        let fault = self.fault;
        match &mut self.fault.count {
            Some(0 | 1) => self.fault = Fault::default(),
            Some(left) => *left -= 1,
            None => {}
        }
        fault
    }

    /// Whether the quota refuses messages, or refused the last one since the count was asked for.
    pub(super) fn plays_used_up(&self) -> bool {
        self.fault.kind == FaultKind::MonthlyLimit || self.said_used_up
    }

    fn new_id(&mut self) -> String {
        self.next_id += 1;
        (BEFORE_IDS + self.next_id).to_string()
    }

    /// Whether a token is `q` and the id of a message in this chat, or of one that left its chat.
    fn knows_quote(&self, line_user_id: &str, token: &str) -> bool {
        let Some(id) = token.strip_prefix('q') else { return false };
        let holder = self.users.iter().find(|(_, user)| user.chat.iter().any(|said| said.id == id));
        let given = BEFORE_IDS + 1..=BEFORE_IDS + self.next_id;
        id.parse::<u64>().is_ok_and(|id| given.contains(&id))
            && holder.is_none_or(|(user, _)| user == line_user_id)
    }

    fn say(&mut self, line_user_id: &str, from: Speaker, at: Timestamp, message: Value, id: String) {
        let Some(user) = self.users.get_mut(line_user_id) else { return };
        user.chat.push_back(ChatMessage { id, from, at, message });
        user.unread += u32::from(from == Speaker::Clinic);
        if user.chat.len() > MAX_CHAT {
            user.chat.pop_front();
        }
    }

    fn new_reply_token(&mut self, line_user_id: &str, now: Timestamp) -> String {
        self.reply_tokens.retain(|_, token| now.millis_since(token.given_at) <= REPLY_LIFE_MS);
        let (token, line_user_id) = (ids::nonce(), line_user_id.to_owned());
        self.reply_tokens.insert(token.clone(), ReplyToken { line_user_id, given_at: now });
        token
    }

    /// The user a token answers; it is valid once, and for a minute.
    fn take_reply_token(&mut self, token: &str, now: Timestamp) -> Option<String> {
        let token = self.reply_tokens.remove(token)?;
        (now.millis_since(token.given_at) <= REPLY_LIFE_MS).then_some(token.line_user_id)
    }

    fn remember(&mut self, key: String, accepted: Accepted) {
        self.key_order.push_back(key.clone());
        self.keys.insert(key, accepted);
        if self.key_order.len() > MAX_KEYS
            && let Some(oldest) = self.key_order.pop_front()
        {
            self.keys.remove(&oldest);
        }
    }
}
