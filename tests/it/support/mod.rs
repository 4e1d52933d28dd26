//! The real program on a folder of its own, with a hand clock and a practice LINE: fakes only
//! at the wire.

// Each test file uses its part.
#![allow(dead_code)]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use chrono::TimeDelta;
use clinicue::{
    app::{App, Options},
    clock::{HandClock, Timestamp},
    config::{Config, Flags},
    domain::staff::Role,
    inbox,
    line::sandbox::{self, Fault, FaultKind, Sandbox},
    ops::tokens,
    schedule::tick,
};
use serde_json::{Value, json};
use tempfile::TempDir;

pub mod database;
pub mod leftovers;
pub mod log;
pub mod process;
pub mod scripted;
pub mod statements;
pub mod stub;

/// Tuesday noon in Bangkok.
pub const NOON: &str = "2026-11-24T05:00:00.000Z";

/// What has not happened after this hangs. It says nothing of speed: a busy machine may be slow.
pub const HANGS: Duration = Duration::from_mins(1);

/// A program that runs in the test's process, with its own folder, clock and practice LINE.
pub struct TestApp {
    pub app: Option<App>,
    pub clock: Arc<HandClock>,
    pub dir: Arc<TempDir>,
    pub line: sandbox::Running,
    pub token: String,
    base: String,
    http: reqwest::Client,
    /// The URL of its database; `None` on SQLite.
    database: Option<String>,
    runtime: tokio::runtime::Id,
    leaves: Mutex<Vec<leftovers::Left>>,
}

/// An answer: its status and its JSON (null when there is none).
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub json: Value,
}

impl Answer {
    /// The JSON of an answer that must have this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.json);
        self.json
    }

    /// The code of a problem that must have this status.
    #[track_caller]
    pub fn problem(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.json);
        self.json["code"].as_str().expect("a problem has a code").to_owned()
    }
}

pub fn at(text: &str) -> Timestamp {
    serde_json::from_value(json!(text)).expect("a time")
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// Starts with other settings than the usual ones.
    pub async fn start_with(change: impl Fn(&mut Config)) -> Self {
        let clock = HandClock::starting_at(at(NOON));
        let options = sandbox::Options {
            access_token: Some("token".into()),
            channel_secret: "secret".into(),
            everybody_is_a_friend: true,
            ..sandbox::Options::default()
        };
        let line = Sandbox::new(options, clock.clone())
            .listen(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .expect("the practice LINE listens");
        let dir = Arc::new(tempfile::tempdir().expect("a folder"));
        Self::open(clock, dir, line, change).await
    }

    /// Starts on a folder that may have been used before.
    pub async fn open(
        clock: Arc<HandClock>,
        dir: Arc<TempDir>,
        line: sandbox::Running,
        change: impl Fn(&mut Config),
    ) -> Self {
        log::listen();
        let flags = Flags { listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))), ..Flags::on(dir.path()) };
        let secrets = dir.path().join("secrets.json");
        std::fs::write(secrets, r#"{"accessToken":"token","channelSecret":"secret"}"#).expect("secrets");
        let mut config = Config::load(flags).expect("settings");
        // A backup of every night that a test passes through would be of no use to it.
        config.backup.keep = 0;
        config.line.api_base = line.base_url();
        change(&mut config);
        let options = Options { config, clock: clock.clone(), ticking: false, beside: None };
        let database = database::url_for(dir.path()).await;
        // The program of a test lives as long as its runtime, also when it was dropped, and with
        // it its folder, with which its database goes.
        tokio::spawn({
            let dir = dir.clone();
            async move {
                std::future::pending::<()>().await;
                drop(dir);
            }
        });
        let app = start(options, database.clone()).await;
        let token = tokens::create(&app.core.store, "test", Role::Admin, at(NOON)).await.expect("a token");
        let base = app.url();
        Self {
            app: Some(app),
            clock,
            dir,
            line,
            token,
            base,
            http: client(),
            database,
            runtime: tokio::runtime::Handle::current().id(),
            leaves: Mutex::default(),
        }
    }

    /// Stops the program and starts it again on the same folder.
    pub async fn restart(mut self) -> Self {
        self.stop().await;
        let mut again = Self::open(self.clock.clone(), self.dir.clone(), self.line.clone(), |_| {}).await;
        again.leaves = std::mem::take(&mut self.leaves);
        again
    }

    pub async fn stop(&mut self) {
        if let Some(app) = self.app.take() {
            app.stop().await;
        }
    }

    pub fn core(&self) -> &clinicue::core::Core {
        &self.app.as_ref().expect("running").core
    }

    /// Calls as whoever has `token`.
    pub async fn call_as(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let method = method.parse().expect("a method");
        let mut request = self.http.request(method, format!("{}{path}", self.base)).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request.send().await.expect("an answer")).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call_as(&self.token, "GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.call_as(&self.token, "POST", path, Some(body)).await
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method.parse().expect("a method"), format!("{}{path}", self.base))
    }

    /// Moves the clock and does everything that is due then.
    pub async fn pass(&self, time: TimeDelta) {
        self.clock.advance(time);
        self.drain().await;
    }

    /// Works on what came in by webhooks, waits for the replies to it, and drains.
    pub async fn hear(&self) {
        let core = self.core();
        inbox::drain(core).await.expect("the inbox works");
        core.background.close();
        core.background.wait().await;
        core.background.reopen();
        self.drain().await;
    }

    /// Lets the practice LINE send its webhooks here.
    pub fn listen_to_phones(&self) {
        self.line.sandbox.set_webhook_url(Some(format!("{}/webhook/line", self.base)));
    }

    /// Sends a webhook call signed with the channel's secret.
    pub async fn webhook(&self, body: &str) -> Answer {
        let signature = clinicue::line::webhook::sign("secret", body.as_bytes());
        let request = self.request("POST", "/webhook/line").header("x-line-signature", signature);
        answer(request.body(body.to_owned()).send().await.expect("an answer")).await
    }

    /// Sends events as one call that must be taken, and works on them.
    pub async fn events(&self, events: Value) {
        let body = json!({ "destination": "U0", "events": events }).to_string();
        self.webhook(&body).await.expect(200);
        self.hear().await;
    }

    /// The row of the log of a message.
    pub async fn row(&self, message: &str) -> Value {
        let log = self.get("/api/interactions?limit=200").await.expect(200);
        let rows = log["items"].as_array().expect("rows");
        rows.iter().find(|r| r["id"] == message).cloned().unwrap_or(Value::Null)
    }

    /// The buttons LINE user number `n` sees last: label and postback data.
    pub fn buttons(&self, n: u32) -> Vec<(String, String)> {
        let chat = self.line.sandbox.chat(&line_user(n)).unwrap_or_default();
        let asked = chat.iter().rev().find_map(|m| m.message.pointer("/template/actions").cloned());
        let actions = asked.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        actions.iter().map(|a| (text(&a["label"]), text(&a["data"]))).collect()
    }

    /// LINE user number `n` presses the button with this label.
    pub async fn press(&self, n: u32, label: &str) {
        let buttons = self.buttons(n);
        let (_, data) = buttons.iter().find(|(l, _)| l == label).expect("the button is shown");
        assert!(self.line.sandbox.tap(&line_user(n), data, Some(label)).await);
        self.hear().await;
    }

    /// Ticks and waits for the queues until nothing is left to do now.
    pub async fn drain(&self) {
        let core = self.core();
        let mut changes = core.changes();
        loop {
            let moved = tick::tick(core).await.expect("a tick");
            while self.open_jobs().await > 0 {
                // Every commit of the recorder is announced; the time limit is for a queue
                // that hangs, which is a failure.
                let news = tokio::time::timeout(HANGS, changes.recv()).await;
                assert!(news.is_ok(), "the queue hangs");
            }
            if moved == 0 {
                return self.let_go().await;
            }
        }
    }

    /// Waits until everybody has let go of what was recorded.
    async fn let_go(&self) {
        let idle = async {
            while !self.core().queues.busy_ids().is_empty() {
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(HANGS, idle).await.is_ok(), "a message stays on its way");
    }

    async fn open_jobs(&self) -> i64 {
        let counts = clinicue::queue::counts(&self.core().store, &self.core().queues).await.expect("counts");
        counts.iter().map(|c| c.waiting + c.active).sum()
    }

    // What most tests need, with defaults that are valid.

    /// A patient linked to LINE user number `n`.
    pub async fn patient(&self, n: u32) -> String {
        self.line.sandbox.add_user(&line_user(n), &format!("Patient {n}"));
        let body = json!({ "displayName": format!("Patient {n}"), "lineUserId": line_user(n) });
        id(&self.post("/api/patients", body).await.expect(201))
    }

    /// A published protocol of these steps.
    pub async fn protocol(&self, steps: Value) -> String {
        let made = self.post("/api/protocols", json!({ "name": "Plan", "steps": steps })).await.expect(201);
        let id = id(&made);
        self.post(&format!("/api/protocols/{id}/activate"), json!({})).await.expect(200);
        id
    }

    /// A started assignment of such a protocol to a new patient.
    pub async fn follow_up(&self, n: u32, steps: Value) -> String {
        let (patient, protocol) = (self.patient(n).await, self.protocol(steps).await);
        let body = json!({ "patientId": patient, "protocolId": protocol });
        let id = id(&self.post("/api/assignments", body).await.expect(201));
        self.act(&id, "start").await.expect(200);
        id
    }

    pub async fn act(&self, assignment: &str, action: &str) -> Answer {
        self.post(&format!("/api/assignments/{assignment}/{action}"), json!({})).await
    }

    /// A text for a patient; its id.
    pub async fn send(&self, patient: &str, text: &str) -> String {
        id(&self.post("/api/messages", message(patient, text)).await.expect(202))
    }

    pub async fn message(&self, id: &str) -> Value {
        self.get(&format!("/api/messages/{id}")).await.expect(200)
    }

    pub async fn state_of(&self, id: &str) -> String {
        self.message(id).await["state"].as_str().expect("a state").to_owned()
    }

    /// The texts LINE user number `n` got.
    pub fn texts(&self, n: u32) -> Vec<String> {
        let chat = self.line.sandbox.chat(&line_user(n)).unwrap_or_default();
        chat.iter().filter_map(|m| m.message["text"].as_str().map(str::to_owned)).collect()
    }
}

/// The database of a program that is stopped.
pub async fn open_store(app: &TestApp) -> clinicue::store::Store {
    #[cfg(feature = "postgres")]
    if let Some(url) = database::url_for(app.dir.path()).await {
        return clinicue::store::Store::connect(&url).await.expect("opens");
    }
    clinicue::store::Store::open(app.dir.path(), clinicue::queue::migrations()).await.expect("opens")
}

/// Starts the program on SQLite, or on the database at `url`.
async fn start(options: Options, url: Option<String>) -> App {
    #[cfg(feature = "postgres")]
    if let Some(url) = url {
        return App::start_on_postgres(options, &url).await.expect("the program starts");
    }
    assert!(url.is_none(), "PostgreSQL is not built in");
    App::start(options).await.expect("the program starts")
}

#[expect(clippy::disallowed_methods, reason = "a caller from outside")]
pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

pub async fn answer(response: reqwest::Response) -> Answer {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap_or_default();
    Answer { status, json: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}

pub fn line_user(n: u32) -> String {
    format!("U{n:032x}")
}

pub fn message(patient: &str, text: &str) -> Value {
    json!({ "patientId": patient, "messageType": "text", "content": { "text": text } })
}

/// The next `count` calls of LINE fail so.
pub fn fault(kind: FaultKind, count: u32) -> Fault {
    Fault { kind, count: Some(count), latency_ms: None }
}

pub fn step(trigger: Value, text: &str) -> Value {
    json!({ "trigger": trigger, "messageType": "text", "content": { "text": text } })
}

/// A step that asks at once, with all three kinds of button and one that worries.
pub fn asking() -> Value {
    json!({
        "name": "Morning dose", "trigger": { "type": "immediate" },
        "messageType": "text", "content": { "text": "Please take your tablet" },
        "requiresFeedback": true,
        "feedback": { "question": "Taken?", "buttons": [
            { "label": "Done", "value": "done", "action": "complete" },
            { "label": "Later", "value": "later", "action": "postpone" },
            { "label": "Not today", "value": "no", "action": "skip" },
            { "label": "I feel worse", "value": "worse", "action": "complete", "worrying": true },
        ] },
    })
}

pub fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}
