//! A LINE that answers pushes as it is told to, in LINE's published words, and counts its calls.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// One answer: status, headers, body.
#[derive(Clone)]
pub struct Said(pub u16, pub &'static [(&'static str, &'static str)], pub &'static str);

/// The stub; clones share it.
#[derive(Clone, Default)]
pub struct Scripted(Arc<Mutex<Script>>);

#[derive(Default)]
struct Script {
    /// What is said to pushes to a user; to others all is well.
    to: HashMap<String, Said>,
    /// What is said to pushes that quote something, before that.
    to_quotes: Option<Said>,
    /// Limit and use of the month's messages.
    quota: Option<(u64, u64)>,
    /// Whether LINE's answers about the month have no number.
    counts_nothing: bool,
    /// What is said when LINE is asked about messages; nothing is wrong with them otherwise.
    objection: Option<Said>,
    /// What LINE was asked about last.
    asked_about: Option<Value>,
    /// LINE never answers a question about messages with these words.
    unanswered: Option<&'static str>,
    calls: HashMap<&'static str, u32>,
    /// Tokens of the messages that were marked as read.
    marked: Vec<String>,
    /// Whether LINE fails to mark.
    fails_to_mark: bool,
    /// The bodies of the pushes, in their order.
    pushed: Vec<Value>,
    /// What is said when LINE is asked who opened messages; it knows nothing otherwise.
    openings: Option<Said>,
    /// The question that was asked last.
    asked_for_openings: String,
    /// What is said to replies, each once; to later ones all is well.
    to_replies: VecDeque<Said>,
    /// The bodies of the replies, in their order.
    replied: Vec<Value>,
    /// Whether profiles are shown, each once a reply was sent.
    shows_profiles: bool,
    /// Rung with each reply.
    reply_bell: Arc<Notify>,
}

impl Scripted {
    /// Listens on loopback; its address.
    pub async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let app = Router::new()
            .route("/v2/bot/message/push", post(push))
            .route("/v2/bot/message/validate/push", post(validate))
            .route("/v2/bot/message/quota", get(quota))
            .route("/v2/bot/message/quota/consumption", get(consumption))
            .route("/v2/bot/message/reply", post(reply))
            .route("/v2/bot/profile/{user}", get(profile))
            .route("/v2/bot/chat/markAsRead", post(mark))
            .route("/v2/bot/insight/message/event/aggregation", get(openings))
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        url
    }

    /// From now on this is what a push to `user` is answered with.
    pub fn say(&self, user: &str, said: Said) {
        self.0.lock().expect("the script").to.insert(user.to_owned(), said);
    }

    /// From now on this is what a push that quotes something is answered with.
    pub fn say_to_quotes(&self, said: Said) {
        self.0.lock().expect("the script").to_quotes = Some(said);
    }

    /// From now on a push to `user` is accepted.
    pub fn be_well(&self, user: &str) {
        self.0.lock().expect("the script").to.remove(user);
    }

    /// What is said to the next replies, one after the other.
    pub fn say_to_replies(&self, said: impl IntoIterator<Item = Said>) {
        self.0.lock().expect("the script").to_replies.extend(said);
    }

    /// From now on a profile is shown, but not before a reply was sent: whoever waits for it with
    /// the reply waits for ever.
    pub fn show_profiles_after_a_reply(&self) {
        self.0.lock().expect("the script").shows_profiles = true;
    }

    /// The bodies of all replies.
    pub fn replied(&self) -> Vec<Value> {
        self.0.lock().expect("the script").replied.clone()
    }

    /// The month's limit, and how much of it is used.
    pub fn set_quota(&self, limit: u64, used: u64) {
        self.0.lock().expect("the script").quota = Some((limit, used));
    }

    /// From now on LINE's answers about the month have no number.
    pub fn count_nothing(&self) {
        self.0.lock().expect("the script").counts_nothing = true;
    }

    /// What LINE says when it is asked about messages; `None` for nothing.
    pub fn object(&self, said: Option<Said>) {
        self.0.lock().expect("the script").objection = said;
    }

    /// Whether LINE leaves questions about messages with these words without an answer.
    pub fn leave_unanswered(&self, words: Option<&'static str>) {
        self.0.lock().expect("the script").unanswered = words;
    }

    /// What LINE says when it is asked who opened messages.
    pub fn count_openings(&self, said: Option<Said>) {
        self.0.lock().expect("the script").openings = said;
    }

    /// The question after openings that was asked last.
    pub fn asked_for_openings(&self) -> String {
        self.0.lock().expect("the script").asked_for_openings.clone()
    }

    /// The bodies of all pushes.
    pub fn pushed(&self) -> Vec<Value> {
        self.0.lock().expect("the script").pushed.clone()
    }

    /// The message objects LINE was asked about last.
    pub fn asked_about(&self) -> Value {
        self.0.lock().expect("the script").asked_about.clone().expect("it was asked")
    }

    /// How often `what` was asked: `push`, `validate`, `quota` or `consumption`.
    pub fn calls(&self, what: &str) -> u32 {
        self.0.lock().expect("the script").calls.get(what).copied().unwrap_or(0)
    }

    /// The tokens of what was marked as read, in that order.
    pub fn marked_as_read(&self) -> Vec<String> {
        self.0.lock().expect("the script").marked.clone()
    }

    /// Whether LINE fails from now on when it is to mark something as read.
    pub fn fail_to_mark(&self, fails: bool) {
        self.0.lock().expect("the script").fails_to_mark = fails;
    }

    fn count(&self, what: &'static str) {
        *self.0.lock().expect("the script").calls.entry(what).or_default() += 1;
    }
}

async fn push(State(line): State<Scripted>, Json(body): Json<Value>) -> Response {
    line.count("push");
    line.0.lock().expect("the script").pushed.push(body.clone());
    let said = {
        let script = line.0.lock().expect("the script");
        let quotes = body["messages"][0]["quoteToken"].is_string();
        let to_quotes = script.to_quotes.clone().filter(|_| quotes);
        to_quotes.or_else(|| script.to.get(body["to"].as_str().unwrap_or_default()).cloned())
    };
    match said {
        Some(said) => said.into_response(),
        None => Json(json!({ "sentMessages": [{ "id": "461230966842064897" }] })).into_response(),
    }
}

async fn reply(State(line): State<Scripted>, Json(body): Json<Value>) -> Response {
    let mut script = line.0.lock().expect("the script");
    script.replied.push(body);
    script.reply_bell.notify_one();
    let said = script.to_replies.pop_front();
    said.map_or_else(|| Json(json!({ "sentMessages": [] })).into_response(), IntoResponse::into_response)
}

async fn profile(State(line): State<Scripted>, Path(user): Path<String>) -> Response {
    let bell = {
        let script = line.0.lock().expect("the script");
        script.shows_profiles.then(|| script.reply_bell.clone())
    };
    let Some(bell) = bell else { return StatusCode::NOT_FOUND.into_response() };
    bell.notified().await;
    Json(json!({ "userId": user, "displayName": "Malee", "language": "en" })).into_response()
}

async fn validate(State(line): State<Scripted>, Json(body): Json<Value>) -> Response {
    line.count("validate");
    let unanswered = line.0.lock().expect("the script").unanswered;
    if unanswered.is_some_and(|words| body.to_string().contains(words)) {
        std::future::pending::<()>().await;
    }
    let mut script = line.0.lock().expect("the script");
    script.asked_about = Some(body["messages"].clone());
    script.objection.clone().map_or_else(|| Json(json!({})).into_response(), IntoResponse::into_response)
}

async fn openings(State(line): State<Scripted>, RawQuery(asked): RawQuery) -> Response {
    line.count("openings");
    let mut script = line.0.lock().expect("the script");
    script.asked_for_openings = asked.unwrap_or_default();
    script.openings.clone().map_or_else(|| Json(json!({})).into_response(), IntoResponse::into_response)
}

async fn mark(State(line): State<Scripted>, Json(body): Json<Value>) -> Response {
    let mut script = line.0.lock().expect("the script");
    if script.fails_to_mark {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    script.marked.push(body["markAsReadToken"].as_str().expect("a token").to_owned());
    Json(json!({})).into_response()
}

impl IntoResponse for Said {
    fn into_response(self) -> Response {
        let Self(status, headers, text) = self;
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().expect("a value"));
        }
        (StatusCode::from_u16(status).expect("a status"), map, text).into_response()
    }
}

async fn quota(State(line): State<Scripted>) -> Json<Value> {
    line.count("quota");
    let script = line.0.lock().expect("the script");
    Json(match script.quota {
        _ if script.counts_nothing => json!({ "type": "limited", "value": "many" }),
        Some((limit, _)) => json!({ "type": "limited", "value": limit }),
        None => json!({ "type": "none" }),
    })
}

async fn consumption(State(line): State<Scripted>) -> Json<Value> {
    line.count("consumption");
    let script = line.0.lock().expect("the script");
    if script.counts_nothing {
        return Json(json!({}));
    }
    Json(json!({ "totalUsage": script.quota.map_or(0, |(_, used)| used) }))
}
