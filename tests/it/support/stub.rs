//! A LINE written apart from the practice LINE: it keeps a ledger of what it accepted, by
//! retry key, and fails as it is told to, until it is told to stop.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::json;

/// A LINE that takes pushes and keeps a ledger by retry key.
#[derive(Clone, Default)]
pub struct Stub {
    ledger: Arc<Mutex<HashMap<String, Entry>>>,
    calls: Arc<AtomicU64>,
    is_well: Arc<AtomicBool>,
    errors_percent: u64,
    lost_percent: u64,
    delay_ms: u64,
    /// Where the order of faults begins.
    seed: u64,
}

/// What was accepted under one retry key.
#[derive(Clone)]
struct Entry {
    body: Bytes,
    /// Later calls with other bytes.
    changed: u32,
}

impl Stub {
    /// One that answers so many of 100 calls with 500, and loses so many answers.
    pub fn failing(errors_percent: u64, lost_percent: u64) -> Self {
        Self { errors_percent, lost_percent, ..Self::default() }
    }

    /// The same faults in another order.
    pub fn seeded(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// From now on every call is answered well.
    pub fn be_well(&self) {
        self.is_well.store(true, Ordering::Relaxed);
    }

    /// One whose every answer takes so long.
    pub fn slow(delay_ms: u64) -> Self {
        Self { delay_ms, ..Self::default() }
    }

    /// Listens on a free port of loopback; ends with the process.
    pub async fn listen(self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("its address");
        let app = Router::new().route("/v2/bot/message/push", post(push)).with_state(self);
        tokio::spawn(async move { axum::serve(listener, app).await });
        addr
    }

    /// How many messages were accepted, each key once.
    pub fn accepted(&self) -> usize {
        self.ledger.lock().expect("the ledger").len()
    }

    /// How many calls came.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// What was accepted, by its retry key.
    pub fn ledger(&self) -> HashMap<String, Bytes> {
        let ledger = self.ledger.lock().expect("the ledger");
        ledger.iter().map(|(key, entry)| (key.clone(), entry.body.clone())).collect()
    }

    /// Calls that came with other bytes than the first one under their key.
    pub fn changed_bodies(&self) -> u32 {
        self.ledger.lock().expect("the ledger").values().map(|entry| entry.changed).sum()
    }

    /// A number below 100 that decides what becomes of a call; at 100 nothing is done to it.
    fn fate(&self) -> u64 {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if self.is_well.load(Ordering::Relaxed) {
            return 100;
        }
        // A fixed, well-mixed order of faults: the same in every run.
        call.wrapping_add(self.seed).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) % 100
    }

    /// Notes a call; whether its key was known.
    fn note(&self, key: String, body: Bytes) -> bool {
        let mut ledger = self.ledger.lock().expect("the ledger");
        if let Some(entry) = ledger.get_mut(&key) {
            entry.changed += u32::from(entry.body != body);
            return true;
        }
        ledger.insert(key, Entry { body, changed: 0 });
        false
    }
}

async fn push(State(stub): State<Stub>, headers: HeaderMap, body: Bytes) -> Response {
    let fate = stub.fate();
    if fate < stub.errors_percent {
        return (StatusCode::INTERNAL_SERVER_ERROR, "{\"message\":\"oops\"}").into_response();
    }
    let key = headers.get("x-line-retry-key").and_then(|k| k.to_str().ok()).expect("a retry key").to_owned();
    let known = stub.note(key, body);
    tokio::time::sleep(std::time::Duration::from_millis(stub.delay_ms)).await;
    let sent = json!({ "sentMessages": [{ "id": "461230966842064897" }] });
    if known {
        let refused =
            json!({ "message": "The retry key is already accepted", "sentMessages": sent["sentMessages"] });
        return (StatusCode::CONFLICT, [("x-line-accepted-request-id", "r-1")], refused.to_string())
            .into_response();
    }
    if fate < stub.errors_percent + stub.lost_percent {
        // The connection breaks in the middle of the answer.
        let broken = futures::stream::iter([Ok(Bytes::from("{\"sent")), Err(std::io::Error::other("lost"))]);
        return axum::body::Body::from_stream(broken).into_response();
    }
    sent.to_string().into_response()
}
