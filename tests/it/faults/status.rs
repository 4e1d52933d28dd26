//! The status never flatters: what does not work is said, in the same words everywhere.

use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering},
};

use axum::{Json, Router, http::StatusCode, routing::post};
use chrono::TimeDelta;
use clinicue::{
    error::Trouble,
    line::sandbox::{Fault, FaultKind},
};
use serde_json::{Value, json};

use crate::support::{
    TestApp, at, line_user,
    scripted::{Said, Scripted},
};

async fn status(app: &TestApp) -> Value {
    app.get("/api/status").await.expect(200)
}

/// What health says of LINE: whether it works, and in which words.
async fn line_check(app: &TestApp) -> (bool, String) {
    let health = app.get("/api/jobs/health").await.json;
    let checks = health["checks"].as_array().expect("checks");
    let line = checks.iter().find(|c| c["name"] == "line").expect("LINE is looked at");
    (line["ok"] == true, line["detail"].as_str().expect("words").to_owned())
}

async fn held(app: &TestApp) -> Vec<Value> {
    app.get("/api/messages/held").await.expect(200)["items"].as_array().expect("groups").clone()
}

async fn settings(app: &TestApp, change: Value) {
    app.call_as(&app.token, "PATCH", "/api/settings", Some(change)).await.expect(200);
}

#[tokio::test]
async fn without_a_token_line_is_not_connected() {
    let app = TestApp::start().await;
    assert_eq!(status(&app).await["sending"], "running");
    settings(&app, json!({ "lineChannelAccessToken": "" })).await;
    let now = status(&app).await;
    assert_eq!(
        (&now["sending"], &now["sendingDetail"]),
        (&json!("not_connected"), &json!("LINE is not connected"))
    );
    assert_eq!(line_check(&app).await, (false, "LINE is not connected".to_owned()));
    assert_eq!(app.get("/api/jobs/health").await.status, 503);
}

#[tokio::test]
async fn a_refused_token_and_a_used_up_quota_are_told_apart() {
    for (fault, sending, words) in [
        (FaultKind::Unauthorized, "token_invalid", "the LINE access token is not valid"),
        (FaultKind::MonthlyLimit, "quota_exhausted", "the monthly LINE limit is reached"),
    ] {
        let app = TestApp::start().await;
        let patient = app.patient(1).await;
        app.line.sandbox.set_fault(Fault { kind: fault, count: None, latency_ms: None });
        app.send(&patient, "hello").await;
        app.drain().await;
        let now = status(&app).await;
        assert_eq!((&now["sending"], &now["sendingDetail"]), (&json!(sending), &json!(words)));
        assert_eq!(line_check(&app).await, (false, words.to_owned()));
        assert_eq!(now["held"], 1);
        let group = held(&app).await.pop().expect("a group");
        assert_eq!(
            (&group["cause"], &group["count"], &group["until"]),
            (&json!(sending), &json!(1), &Value::Null)
        );
    }
}

#[tokio::test]
async fn an_account_that_may_not_send_is_said_until_a_message_is_taken() {
    let answer = Arc::new(AtomicU16::new(403));
    let says = Arc::clone(&answer);
    let push = move || async move {
        let status = StatusCode::from_u16(says.load(Ordering::SeqCst)).expect("a status");
        (status, Json(json!({ "sentMessages": [{ "id": "1" }] })))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("its address");
    let line = Router::new().route("/v2/bot/message/push", post(push));
    tokio::spawn(async move { axum::serve(listener, line).await });
    let app = TestApp::start_with(|config| config.line.api_base = format!("http://{addr}")).await;
    let patient = app.patient(1).await;
    app.send(&patient, "hello").await;
    app.drain().await;
    let words = "the LINE account is not allowed to send this";
    assert_eq!(status(&app).await["alert"], words);
    assert_eq!(line_check(&app).await, (false, words.to_owned()));
    answer.store(400, Ordering::SeqCst);
    app.send(&patient, "refused for another reason").await;
    app.drain().await;
    assert_eq!(status(&app).await["alert"], words);
    answer.store(200, Ordering::SeqCst);
    app.send(&patient, "taken").await;
    app.drain().await;
    assert_eq!(status(&app).await["alert"], Value::Null);
    assert!(line_check(&app).await.0);
}

#[tokio::test]
async fn an_account_that_may_not_send_is_said_after_a_restart_too() {
    let line = Scripted::default();
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    let patient = app.patient(1).await;
    line.say(&line_user(1), Said(403, &[], ""));
    app.send(&patient, "hello").await;
    app.hear().await;
    let app = app.restart().await;
    let words = "the LINE account is not allowed to send this";
    assert_eq!(status(&app).await["alert"], words);
    app.send(&patient, "taken").await;
    app.hear().await;
    let app = app.restart().await;
    assert_eq!(status(&app).await["alert"], Value::Null);
}

#[tokio::test]
async fn a_disk_that_cannot_be_written_comes_before_everything_else() {
    let app = TestApp::start().await;
    app.post("/api/sending/pause", json!({})).await.expect(200);
    app.core().supervisor.set_trouble("recorder", Some(Trouble::Full));
    let now = status(&app).await;
    assert_eq!(
        (&now["sending"], &now["sendingTrouble"], &now["sendingDetail"]),
        (&json!("cannot_write"), &json!("full"), &json!(Trouble::Full.in_words()))
    );
    app.core().supervisor.set_trouble("recorder", None);
    assert_eq!(status(&app).await["sending"], "paused");
}

#[tokio::test]
async fn what_is_held_is_told_with_reason_number_and_until_when() {
    let app = TestApp::start().await;
    let (first, second) = (app.patient(1).await, app.patient(2).await);
    assert_eq!(held(&app).await, Vec::<Value>::new());
    app.post("/api/sending/pause", json!({})).await.expect(200);
    for n in 0..3 {
        app.send(&first, &format!("{n}")).await;
    }
    app.drain().await;
    let group = held(&app).await.pop().expect("a group");
    assert_eq!(
        group,
        json!({ "cause": "sending_paused", "reason": "all sending is paused", "count": 3, "until": null,
            "releasedBy": "staff" })
    );
    assert_eq!(status(&app).await["held"], 3);
    assert_eq!(app.get("/api/today").await.expect(200)["needYou"], 3);
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1).len(), 3);
    // The end of quiet hours needs nobody: it is told, and not counted.
    settings(&app, json!({ "quietHours": { "start": "11:00", "end": "14:00" } })).await;
    app.send(&second, "siesta").await;
    app.drain().await;
    let group = held(&app).await.pop().expect("a group");
    assert_eq!((&group["cause"], &group["releasedBy"]), (&json!("quiet_hours"), &json!("time")));
    assert_eq!(group["until"], json!(at("2026-11-24T07:00:00.000Z")));
    assert_eq!(status(&app).await["held"], 0);
    assert_eq!(app.get("/api/today").await.expect(200)["needYou"], 0);
    app.pass(TimeDelta::hours(2)).await;
    assert_eq!(app.texts(2), ["siesta"]);
    assert_eq!(held(&app).await, Vec::<Value>::new());
}
