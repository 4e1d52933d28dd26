//! Callers that are slow, many, or not who they say.

use std::net::SocketAddr;

use clinicue::line::webhook::sign;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{TestApp, answer};

fn addr(app: &TestApp) -> SocketAddr {
    app.app.as_ref().expect("running").addr
}

/// Sends a head that promises a body which does not come.
async fn promise(app: &TestApp, path: &str, more: &str) -> TcpStream {
    let addr = addr(app);
    let mut stream = TcpStream::connect(addr).await.expect("a connection");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {addr}\r\ncontent-type: application/json\r\n\
         content-length: 1000\r\n{more}\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream
}

async fn first_line(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 12];
    stream.read_exact(&mut bytes).await.expect("an answer");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_webhook_without_a_signature_is_refused_before_its_body_is_read() {
    let app = TestApp::start().await;
    let mut unsigned = promise(&app, "/webhook/line", "").await;
    assert_eq!(first_line(&mut unsigned).await, "HTTP/1.1 401");
    let mut nobody = promise(&app, "/api/patients", "").await;
    assert_eq!(first_line(&mut nobody).await, "HTTP/1.1 401");
}

#[tokio::test]
async fn a_webhook_of_more_than_two_mebibytes_is_refused() {
    let app = TestApp::start().await;
    for (size, status) in [(2 * 1024 * 1024, 400), (2 * 1024 * 1024 + 1, 413), (3 * 1024 * 1024, 413)] {
        let body = "x".repeat(size);
        assert_eq!(app.webhook(&body).await.status, status, "{size}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_calls_does_not_stop_webhooks_nor_the_other_way_round() {
    const PLACES: usize = 256;
    let app = TestApp::start().await;
    let body = json!({ "destination": "U0", "events": [] }).to_string();
    let token = format!("authorization: Bearer {}\r\n", app.token);
    let signed = format!("x-line-signature: {}\r\n", sign("secret", b"another"));
    let mut calls = Vec::new();
    for _ in 0..PLACES {
        calls.push(promise(&app, "/api/patients", &token).await);
    }
    // One more has no place, and is told so while the others still drip.
    assert_eq!(until_busy(&app).await, "1");
    app.webhook(&body).await.expect(200);
    assert_eq!(app.request("GET", "/healthz").send().await.expect("an answer").status(), 200);
    drop(calls);
    let mut webhooks = Vec::new();
    for _ in 0..PLACES {
        webhooks.push(promise(&app, "/webhook/line", &signed).await);
    }
    while app.webhook(&body).await.status != 503 {}
    let status = loop {
        let status = app.get("/api/status").await;
        if status.status != 503 {
            break status;
        }
    };
    status.expect(200);
}

/// Calls until one is refused for want of a place; what it says of when to come back.
async fn until_busy(app: &TestApp) -> String {
    loop {
        let called = app.request("GET", "/api/status").bearer_auth(&app.token).send().await;
        let called = called.expect("an answer");
        if called.status() == 503 {
            let after = called.headers()["retry-after"].to_str().expect("text").to_owned();
            assert_eq!(answer(called).await.problem(503), "unavailable");
            return after;
        }
    }
}
