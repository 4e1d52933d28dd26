//! Many messages against a LINE that fails: none lost, none accepted twice.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{TestApp, message, stub::Stub};

#[tokio::test(flavor = "multi_thread")]
async fn every_message_is_accepted_once_by_a_line_that_fails_and_loses_answers() {
    const MESSAGES: usize = 2_000;
    let stub = Stub::failing(10, 5);
    let addr = stub.clone().listen().await;
    let app = TestApp::start_with(|config| config.line.api_base = format!("http://{addr}")).await;
    let patient = app.patient(1).await;
    for start in (0..MESSAGES).step_by(1_000) {
        let messages: Vec<_> =
            (start..start + 1_000).map(|n| message(&patient, &format!("message {n}"))).collect();
        app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
    }
    app.drain().await;
    for _ in 0..4 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    app.pass(TimeDelta::minutes(15)).await;
    for _ in 0..4 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    assert_eq!(stub.accepted(), MESSAGES);
    assert_eq!(stub.changed_bodies(), 0);
    let stats = app.get("/api/jobs/delivery-stats").await.expect(200);
    assert_eq!(
        (&stats["total"], &stats["sent"], &stats["failed"]),
        (&json!(MESSAGES), &json!(MESSAGES), &json!(0))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_callers_with_one_key_at_the_same_time_get_one_message() {
    let app = Arc::new(TestApp::start().await);
    let patient = app.patient(1).await;
    let mut body = message(&patient, "once");
    body["idempotencyKey"] = json!("same");
    let calls = (0..20).map(|_| {
        let (app, body) = (Arc::clone(&app), body.clone());
        async move { app.post("/api/messages", body).await.expect(202)["id"].clone() }
    });
    let ids = futures::future::join_all(calls).await;
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]));
    app.drain().await;
    assert_eq!(app.texts(1), ["once"]);
}
