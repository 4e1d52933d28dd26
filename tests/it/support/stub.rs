//! A LINE written apart from the practice LINE: it keeps a ledger of what it accepted, by
//! retry key, and fails as it is told to.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
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

/// The stub.
#[derive(Clone, Default)]
pub struct Stub {
    ledger: Arc<Mutex<HashMap<String, (u32, Bytes)>>>,
    calls: Arc<AtomicU64>,
    /// Of 100 calls so many are answered 500.
    pub errors_percent: u64,
    /// Of 100 calls so many are accepted and their answer lost.
    pub lost_percent: u64,
    /// Every answer takes so long.
    pub delay_ms: u64,
}

impl Stub {
    /// One that answers so many of 100 calls with 500, and loses so many answers.
    pub fn failing(errors_percent: u64, lost_percent: u64) -> Self {
        Self { errors_percent, lost_percent, ..Self::default() }
    }

    /// One whose every answer takes so long.
    pub fn slow(delay_ms: u64) -> Self {
        Self { delay_ms, ..Self::default() }
    }

    /// Listens on loopback.
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

    /// Keys that came with other bytes than the first time.
    pub fn changed_bodies(&self) -> u32 {
        self.ledger.lock().expect("the ledger").values().map(|(changed, _)| changed).sum()
    }
}

async fn push(State(stub): State<Stub>, headers: HeaderMap, body: Bytes) -> Response {
    let call = stub.calls.fetch_add(1, Ordering::Relaxed);
    // A fixed, well-mixed order of faults: the same in every run.
    let dice = call.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) % 100;
    if dice < stub.errors_percent {
        return (StatusCode::INTERNAL_SERVER_ERROR, "{\"message\":\"oops\"}").into_response();
    }
    let key = headers.get("x-line-retry-key").and_then(|k| k.to_str().ok()).expect("a retry key").to_owned();
    let known = {
        let mut ledger = stub.ledger.lock().expect("the ledger");
        if let Some((changed, first)) = ledger.get_mut(&key) {
            *changed += u32::from(*first != body);
            true
        } else {
            ledger.insert(key.clone(), (0, body));
            false
        }
    };
    tokio::time::sleep(std::time::Duration::from_millis(stub.delay_ms)).await;
    let sent = json!({ "sentMessages": [{ "id": "461230966842064897" }] });
    if known {
        let refused =
            json!({ "message": "The retry key is already accepted", "sentMessages": sent["sentMessages"] });
        return (StatusCode::CONFLICT, [("x-line-accepted-request-id", "r-1")], refused.to_string())
            .into_response();
    }
    if dice < stub.errors_percent + stub.lost_percent {
        // The connection breaks in the middle of the answer.
        let broken = futures::stream::iter([Ok(Bytes::from("{\"sent")), Err(std::io::Error::other("lost"))]);
        return axum::body::Body::from_stream(broken).into_response();
    }
    sent.to_string().into_response()
}
