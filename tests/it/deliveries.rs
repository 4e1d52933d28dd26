//! What LINE answers and what comes of it: retries, review, outages, pauses.

use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::{
    retries::one_that_failed,
    support::{TestApp, fault, id, message, step},
};

#[tokio::test]
async fn a_failing_line_is_tried_four_times_in_durable_steps_and_swept_later() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::ServerError, 4));
    let unlucky = app.send(&patient, "hello").await;
    app.drain().await;
    for (tries, seconds) in [(1, 3), (2, 5), (3, 10)] {
        let shown = app.message(&unlucky).await;
        assert_eq!((&shown["state"], &shown["attempts"]), (&json!("retrying"), &json!(tries)));
        app.pass(TimeDelta::seconds(seconds)).await;
    }
    let shown = app.message(&unlucky).await;
    assert_eq!((&shown["state"], &shown["attempts"]), (&json!("failed"), &json!(4)));
    assert_eq!(shown["cause"], "line_unavailable");
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"][0]["status"], "failed");
    app.pass(TimeDelta::minutes(15)).await;
    assert_eq!(app.state_of(&unlucky).await, "sent");
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(log["items"][0]["status"], "sent");
    assert_eq!(app.texts(1), ["hello"]);
}

#[tokio::test]
async fn a_wait_between_tries_survives_a_restart_and_holds_no_slot() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::ServerError, 1));
    let waiting = app.send(&patient, "hello").await;
    app.drain().await;
    let stats = app.get("/api/jobs/stats").await.expect(200);
    let queue = &stats["queues"]["messageDelivery"];
    assert_eq!((&queue["active"], &queue["delayed"]), (&json!(0), &json!(1)));
    let app = app.restart().await;
    app.pass(TimeDelta::seconds(3)).await;
    assert_eq!(app.state_of(&waiting).await, "sent");
}

#[tokio::test]
async fn a_lost_answer_is_asked_again_under_the_same_key_and_sent_once() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::LostAnswer, 1));
    let sent = app.send(&patient, "once").await;
    app.drain().await;
    app.pass(TimeDelta::seconds(3)).await;
    let shown = app.message(&sent).await;
    assert_eq!((&shown["state"], &shown["attempts"]), (&json!("sent"), &json!(2)));
    assert_eq!(app.texts(1), ["once"]);
    assert_eq!(app.line.sandbox.accepted(), 1);
}

#[tokio::test]
async fn an_invalid_token_stops_the_channel_and_uses_no_attempt() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    let held = app.send(&patient, "hello").await;
    app.drain().await;
    let shown = app.message(&held).await;
    assert_eq!((&shown["state"], &shown["attempts"]), (&json!("held"), &json!(0)));
    let health = app.get("/api/jobs/health").await.expect(503);
    assert_eq!(health["status"], "unhealthy");
    let status = app.get("/api/status").await.expect(200);
    assert_eq!(status["sending"], "token_invalid");
    app.line.sandbox.set_fault(Fault::default());
    app.pass(TimeDelta::seconds(31)).await;
    assert_eq!(app.state_of(&held).await, "sent");
    app.get("/api/jobs/health").await.expect(200);
}

#[tokio::test]
async fn while_sending_is_paused_nothing_goes_out() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let held = app.send(&patient, "hello").await;
    app.drain().await;
    app.pass(TimeDelta::minutes(5)).await;
    assert_eq!(app.state_of(&held).await, "held");
    assert!(app.texts(1).is_empty());
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.state_of(&held).await, "sent");
}

#[tokio::test]
async fn a_message_in_quiet_hours_waits_without_using_an_attempt() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let quiet = json!({ "quietHours": { "start": "11:00", "end": "13:00" } });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(quiet)).await.expect(200);
    let held = app.send(&patient, "hello").await;
    app.drain().await;
    let shown = app.message(&held).await;
    assert_eq!((&shown["state"], &shown["attempts"]), (&json!("held"), &json!(0)));
    assert_eq!(shown["nextAttemptAt"], "2026-11-24T06:00:00.000Z");
    app.pass(TimeDelta::hours(1)).await;
    assert_eq!(app.state_of(&held).await, "sent");
}

#[tokio::test]
async fn the_failed_review_names_the_cause_and_retries_what_can_be_sent() {
    let app = TestApp::start().await;
    let failed = one_that_failed(&app).await;
    let review = app.get("/api/jobs/failed-deliveries?limit=50").await.expect(200);
    let row = &review["items"][0];
    assert_eq!((&row["id"], &row["retryable"], &row["attempts"]), (&json!(failed), &json!(true), &json!(4)));
    assert_eq!(row["cause"], "LINE could not be reached or had trouble");
    assert_eq!(row["httpStatus"], 500);
    let retried = app.post("/api/jobs/retry-failed?limit=20", json!({})).await.expect(200);
    assert_eq!(retried["retriedCount"], 1);
    app.drain().await;
    assert_eq!(app.state_of(&failed).await, "sent");
    assert_eq!(app.get("/api/jobs/failed-deliveries").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn after_23_hours_a_tried_message_is_not_sent_again() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::LostAnswer, 4));
    let unknown = app.send(&patient, "maybe").await;
    app.drain().await;
    app.stop_faults();
    app.clock.advance(TimeDelta::hours(24));
    app.drain().await;
    assert_eq!(app.state_of(&unknown).await, "review");
    let refused = app.post(&format!("/api/messages/{unknown}/retry"), json!({})).await;
    assert_eq!(refused.problem(409), "conflict");
    let review = app.get("/api/jobs/failed-deliveries").await.expect(200);
    assert_eq!(review["items"][0]["retryable"], false);
    assert_eq!(app.texts(1), ["maybe"]);
}

impl TestApp {
    pub(crate) fn stop_faults(&self) {
        self.line.sandbox.set_fault(Fault::default());
    }
}

#[tokio::test]
async fn finished_jobs_are_kept_in_small_numbers_and_cleaned_up() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let messages: Vec<_> = (0..250).map(|n| message(&patient, &format!("{n}"))).collect();
    app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
    app.drain().await;
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    let stats = app.get("/api/jobs/stats").await.expect(200);
    assert_eq!(stats["queues"]["messageDelivery"]["completed"], 100);
    let work = stats["scheduler"]["cronJobs"].as_array().expect("recurring work");
    let maintenance = work.iter().find(|work| work["name"] == "maintenance").expect("it recurs");
    assert_eq!(maintenance["lastRunAt"], stats["timestamp"]);
    app.clock.advance(TimeDelta::hours(25));
    let seen = app.get("/api/jobs/cleanup?hours=24").await.expect(200);
    let removed = app.post("/api/jobs/cleanup?hours=24", json!({})).await.expect(200);
    assert_eq!(seen, removed, "what was shown before is what went");
    assert_eq!(removed["completedJobs"], 100);
    let log = app.get("/api/jobs/delivery-stats").await.expect(200);
    assert_eq!(log["sent"], 250);
}

#[tokio::test]
async fn statistics_count_by_the_clinics_days() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    // 23:30 and 00:30 in Bangkok.
    app.clock.advance(TimeDelta::minutes(11 * 60 + 30));
    id(&app.post("/api/messages", message(&patient, "before midnight")).await.expect(202));
    app.drain().await;
    app.pass(TimeDelta::hours(1)).await;
    app.send(&patient, "after midnight").await;
    app.drain().await;
    for (day, count) in [("2026-11-24", 1), ("2026-11-25", 1), ("2026-11-26", 0)] {
        let stats = app.get(&format!("/api/jobs/delivery-stats?from={day}&to={day}")).await.expect(200);
        assert_eq!(stats["total"], count, "{day}");
    }
    let empty = app.get("/api/jobs/delivery-stats?from=2020-01-01&to=2020-01-02").await.expect(200);
    assert!(
        empty["successRate"].is_null()
            && empty["averageDeliveryMs"].is_null()
            && empty["responseRate"].is_null()
    );
    let upside_down = app.get("/api/jobs/delivery-stats?from=2026-02-01&to=2026-01-01").await;
    assert_eq!(upside_down.problem(422), "out_of_limits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn messages_of_a_follow_up_that_are_due_at_once_go_in_the_order_of_its_steps() {
    let app = TestApp::start().await;
    let at_once = |text: &str| step(json!({ "type": "immediate" }), text);
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Latency, count: Some(1), latency_ms: Some(300) });
    app.follow_up(1, json!([at_once("first"), at_once("second"), at_once("third")])).await;
    app.drain().await;
    assert_eq!(app.texts(1), ["first", "second", "third"]);
}
