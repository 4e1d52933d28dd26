//! LINE is away, takes no token, or the quota is used up: what was held goes on by itself.

use axum::http::StatusCode;
use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::{
    TestApp, message,
    process::{Api, a_moment, serve},
};

fn always(kind: FaultKind) -> Fault {
    Fault { kind, count: None, latency_ms: None }
}

async fn send_many(app: &TestApp, patient: &str, count: usize) {
    let messages: Vec<_> = (0..count).map(|n| message(patient, &format!("{n}"))).collect();
    app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
}

async fn sending(app: &TestApp) -> String {
    app.get("/api/status").await.expect(200)["sending"].as_str().expect("a state").to_owned()
}

#[tokio::test]
async fn when_the_token_is_taken_again_everything_that_was_held_goes_out_once() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(always(FaultKind::Unauthorized));
    send_many(&app, &patient, 30).await;
    app.drain().await;
    app.pass(TimeDelta::seconds(8)).await;
    let held = app.get("/api/messages?state=held&limit=200").await.expect(200);
    assert_eq!(held["items"].as_array().map(Vec::len), Some(30));
    assert!(held["items"][0]["nextAttemptAt"].is_null(), "nobody knows when");
    app.line.sandbox.set_fault(Fault::default());
    app.pass(TimeDelta::seconds(23)).await;
    assert_eq!(app.texts(1).len(), 30);
    assert_eq!(app.line.sandbox.accepted(), 30);
    let stats = app.get("/api/jobs/delivery-stats").await.expect(200);
    assert_eq!((&stats["sent"], &stats["failed"]), (&json!(30), &json!(0)));
}

#[tokio::test]
async fn a_start_lets_go_what_the_last_run_held_for_the_channel() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(always(FaultKind::MonthlyLimit));
    send_many(&app, &patient, 30).await;
    app.drain().await;
    assert!(app.texts(1).is_empty());
    app.line.sandbox.set_fault(Fault::default());
    let app = app.restart().await;
    app.drain().await;
    assert_eq!(app.texts(1).len(), 30);
}

#[tokio::test]
async fn one_refusal_for_the_months_quota_is_told_from_haste_though_it_was_the_last_one() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { count: Some(1), ..always(FaultKind::MonthlyLimit) });
    app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!(sending(&app).await, "quota_exhausted");
    app.pass(TimeDelta::minutes(70)).await;
    app.hear().await;
    app.drain().await;
    assert_eq!(sending(&app).await, "running");
    assert_eq!(app.texts(1), ["hello"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_outage_all_of_it_is_sent_within_a_minute_also_what_failed_before_it_was_known() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(always(FaultKind::ServerError));
    for n in 0..75 {
        app.send(&patient, &format!("{n}")).await;
        app.pass(TimeDelta::seconds(1)).await;
    }
    assert_eq!(sending(&app).await, "line_unreachable");
    app.line.sandbox.set_fault(Fault::default());
    for _ in 0..60 {
        app.pass(TimeDelta::seconds(1)).await;
    }
    assert_eq!(app.texts(1).len(), 75);
    assert_eq!(app.line.sandbox.accepted(), 75);
    let review = app.get("/api/jobs/failed-deliveries").await.expect(200);
    assert_eq!(review["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_that_fails_in_a_short_outage_goes_out_when_line_is_back() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(always(FaultKind::ServerError));
    send_many(&app, &patient, 10).await;
    for _ in 0..20 {
        app.pass(TimeDelta::seconds(1)).await;
    }
    assert_eq!(sending(&app).await, "line_unreachable");
    app.pass(TimeDelta::seconds(40)).await;
    app.line.sandbox.set_fault(Fault::default());
    for _ in 0..31 {
        app.pass(TimeDelta::seconds(1)).await;
        app.hear().await;
    }
    assert_eq!(app.texts(1).len(), 10);
}

#[tokio::test]
async fn the_channel_comes_back_also_when_nothing_waits_that_could_go_to_see() {
    for fault in [FaultKind::Unauthorized, FaultKind::MonthlyLimit] {
        let app = TestApp::start().await;
        let patient = app.patient(1).await;
        app.line.sandbox.set_fault(always(fault));
        let only = app.send(&patient, "hello").await;
        app.drain().await;
        app.post(&format!("/api/messages/{only}/cancel"), json!({})).await.expect(200);
        app.line.sandbox.set_fault(Fault::default());
        app.pass(TimeDelta::minutes(10)).await;
        app.hear().await;
        assert_eq!(sending(&app).await, "running", "{fault:?}");
    }
}

#[tokio::test]
async fn a_message_that_waits_for_another_attempt_can_be_the_one_that_goes_to_see() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::ServerError, count: Some(1), latency_ms: None });
    let retrying = app.send(&patient, "retrying").await;
    app.drain().await;
    app.line.sandbox.set_fault(always(FaultKind::Unauthorized));
    let held = app.send(&patient, "held").await;
    app.drain().await;
    app.post(&format!("/api/messages/{held}/cancel"), json!({})).await.expect(200);
    app.line.sandbox.set_fault(Fault::default());
    app.pass(TimeDelta::seconds(31)).await;
    assert_eq!(app.state_of(&retrying).await, "sent");
}

#[tokio::test]
async fn while_nothing_goes_what_comes_due_is_held_and_shows_no_time() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut later = message(&patient, "later");
    later["schedule"] = json!({ "type": "delay", "delayMs": 60_000 });
    let mut every_hour = message(&patient, "every hour");
    every_hour["schedule"] = json!({ "type": "recurring", "cron": "0 * * * *" });
    for body in [later, every_hour] {
        app.post("/api/messages", body).await.expect(202);
    }
    app.post("/api/sending/pause", json!({})).await.expect(200);
    app.pass(TimeDelta::minutes(61)).await;
    let held = app.get("/api/messages?state=held").await.expect(200);
    let held = held["items"].as_array().expect("rows");
    assert_eq!(held.len(), 2);
    assert!(held.iter().all(|m| m["cause"] == "sending_paused" && m["nextAttemptAt"].is_null()));
    let next = app.get("/api/messages?state=scheduled").await.expect(200);
    assert_eq!(next["items"][0]["dueAt"], "2026-11-24T07:00:00.000Z", "the repetition goes on");
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1).len(), 2);
}

#[tokio::test]
async fn a_test_of_the_line_channel_that_succeeds_ends_the_outage_at_once() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(always(FaultKind::Unauthorized));
    send_many(&app, &patient, 5).await;
    app.drain().await;
    app.line.sandbox.set_fault(Fault::default());
    assert_eq!(app.post("/api/settings/test-line", json!({})).await.expect(200)["ok"], true);
    app.drain().await;
    assert_eq!(app.texts(1).len(), 5);
}

/// A LINE that takes no token.
async fn refusing() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("its address");
    let refuse = || async { (StatusCode::UNAUTHORIZED, r#"{"message":"no"}"#) };
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().fallback(refuse)).await });
    format!("http://{addr}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tick_does_not_spin_while_nothing_can_be_done() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve(&dir, &refusing().await);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, 30).await;
    a_moment(1_500).await;
    // The channel is down with all of it held; then all sending is paused as well.
    let before = api.metric(&server, "clinicue_ticks_total").await;
    a_moment(2_000).await;
    let down = api.metric(&server, "clinicue_ticks_total").await;
    api.call(&server, "POST", "/api/sending/pause", Some(&json!({}))).await;
    a_moment(2_000).await;
    let paused = api.metric(&server, "clinicue_ticks_total").await;
    assert!(down - before <= 10.0, "{before} {down}");
    assert!(paused - down <= 10.0, "{down} {paused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_is_said_before_the_first_message() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve(&dir, &refusing().await);
    let api = Api::of(&dir);
    let limit = std::time::Instant::now() + crate::support::HANGS;
    while api.call(&server, "GET", "/api/status", None).await["sending"] != "token_invalid" {
        assert!(std::time::Instant::now() < limit, "it says that all is well");
        a_moment(50).await;
    }
}

#[tokio::test]
async fn a_test_of_the_channel_that_fails_is_said_in_the_status() {
    let app = TestApp::start().await;
    app.line.sandbox.set_fault(always(FaultKind::Unauthorized));
    assert_eq!(app.post("/api/settings/test-line", json!({})).await.expect(200)["ok"], false);
    assert_eq!(sending(&app).await, "token_invalid");
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_all_goes_once_there_is_one() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let token = |token: &str| json!({ "lineChannelAccessToken": token });
    let set = async |body| app.call_as(&app.token, "PATCH", "/api/settings", Some(body)).await.expect(200);
    set(token("")).await;
    let held = app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!(sending(&app).await, "not_connected");
    assert_eq!(app.state_of(&held).await, "held");
    set(token("token")).await;
    app.drain().await;
    assert_eq!(app.texts(1), ["hello"]);
}
