//! What LINE may have: it is remembered, said, logged once, and never sent twice.

use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::{HANGS, TestApp, fault, open_store};

/// A message that LINE accepted just before the power went: its job was claimed, nothing of
/// the attempt is on disk.
async fn power_cut_after(app: &mut TestApp, message: &str) {
    app.stop().await;
    let store = open_store(app).await;
    for cut in [
        "UPDATE Jobs SET status = 'Queued', attempts = 0, done_at = NULL,
            lock_at = (SELECT created_at / 1000 FROM deliveries WHERE id = $1) WHERE idempotency_key = $1",
        "UPDATE deliveries SET state = 'queued', attempts = 0, first_attempt_at = NULL, last_attempt_at = NULL,
            accepted_at = NULL, maybe_sent_at = NULL, line_message_ids = '[]' WHERE id = $1",
        "DELETE FROM interaction_logs WHERE id = $1",
        "DELETE FROM delivery_stats WHERE bucket_at <= (SELECT created_at FROM deliveries WHERE id = $1)",
    ] {
        clinicue::store::sql::query(cut).bind(message).execute(store.writer()).await.expect("written");
    }
    store.close().await;
}

#[tokio::test]
async fn a_message_that_was_accepted_just_before_a_power_cut_is_not_sent_again_after_a_weekend() {
    let mut app = TestApp::start().await;
    let patient = app.patient(1).await;
    let sent = app.send(&patient, "once").await;
    app.drain().await;
    power_cut_after(&mut app, &sent).await;
    app.clock.advance(TimeDelta::hours(60));
    let app = app.restart().await;
    app.drain().await;
    app.pass(TimeDelta::minutes(15)).await;
    let shown = app.message(&sent).await;
    assert_eq!((&shown["state"], &shown["cause"]), (&json!("review"), &json!("outcome_unknown")));
    let review = app.get("/api/jobs/failed-deliveries").await.expect(200);
    assert_eq!(review["items"][0]["retryable"], false);
    assert!(review["items"][0]["message"].as_str().is_some_and(|m| m.contains("may have been sent")));
    assert_eq!(app.post("/api/jobs/retry-failed", json!({})).await.expect(200)["retriedCount"], 0);
    let refused = app.post(&format!("/api/messages/{sent}/retry"), json!({})).await;
    assert_eq!(refused.problem(409), "conflict");
    app.drain().await;
    assert_eq!(app.texts(1), ["once"]);
}

#[tokio::test]
async fn a_message_that_was_accepted_just_before_a_short_power_cut_is_known_to_line_and_sent_once() {
    let mut app = TestApp::start().await;
    let patient = app.patient(1).await;
    let sent = app.send(&patient, "once").await;
    app.drain().await;
    power_cut_after(&mut app, &sent).await;
    app.clock.advance(TimeDelta::hours(1));
    let app = app.restart().await;
    app.drain().await;
    assert_eq!(app.state_of(&sent).await, "sent");
    assert_eq!(app.texts(1), ["once"]);
    assert_eq!(app.row(&sent).await["status"], "sent");
}

#[tokio::test]
async fn cancelling_a_message_that_line_may_have_leaves_a_row_that_says_so() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::LostAnswer, 1));
    let unknown = app.send(&patient, "maybe").await;
    app.drain().await;
    let cancelled = app.post(&format!("/api/messages/{unknown}/cancel"), json!({})).await.expect(200);
    assert_eq!((&cancelled["state"], &cancelled["cause"]), (&json!("cancelled"), &json!("outcome_unknown")));
    assert_eq!(app.row(&unknown).await["status"], "failed");
    let stats = app.get("/api/jobs/delivery-stats").await.expect(200);
    assert_eq!((&stats["total"], &stats["failed"]), (&json!(1), &json!(1)));
    app.pass(TimeDelta::minutes(20)).await;
    assert_eq!(app.texts(1), ["maybe"]);
    assert_eq!(app.state_of(&unknown).await, "cancelled");
}

#[tokio::test]
async fn cancelling_a_message_that_line_surely_has_not_leaves_no_row() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::RateLimit, 1));
    let refused = app.send(&patient, "not taken").await;
    app.drain().await;
    app.post(&format!("/api/messages/{refused}/cancel"), json!({})).await.expect(200);
    assert!(app.row(&refused).await.is_null());
}

#[tokio::test]
async fn cancelling_a_follow_up_leaves_a_row_of_what_line_may_have() {
    let app = TestApp::start().await;
    app.line.sandbox.set_fault(fault(FaultKind::LostAnswer, 1));
    let steps = json!([crate::support::step(json!({ "type": "immediate" }), "maybe")]);
    let follow_up = app.follow_up(1, steps).await;
    app.drain().await;
    app.act(&follow_up, "cancel").await.expect(200);
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(
        (&log["items"][0]["status"], log["items"].as_array().map(Vec::len)),
        (&json!("failed"), Some(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_while_line_may_be_taking_it_stays_on_record() {
    for n in 1..=5 {
        if is_in_doubt_when_cancelled(n).await {
            return;
        }
    }
    panic!("LINE got none of five messages");
}

/// Cancels a message that is on its way, and looks at it; `false` where a busy machine was so slow that
/// LINE never got it, and nothing is in doubt.
async fn is_in_doubt_when_cancelled(user: u32) -> bool {
    let app = TestApp::start().await;
    app.line.sandbox.set_fault(Fault {
        kind: FaultKind::LostAnswer,
        count: Some(1),
        latency_ms: Some(1_000),
    });
    let steps = json!([crate::support::step(json!({ "type": "immediate" }), "maybe")]);
    let follow_up = app.follow_up(user, steps).await;
    clinicue::schedule::tick::tick(app.core()).await.expect("a tick");
    let scope = clinicue::queue::in_progress::Scope::Assignment(follow_up.parse().expect("an id"));
    let begun = async {
        while app.core().in_progress.sending(scope).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(HANGS, begun).await.expect("it is on its way");
    app.act(&follow_up, "cancel").await.expect(200);
    app.drain().await;
    if app.line.sandbox.accepted() == 0 {
        return false;
    }
    let message = app.get(&format!("/api/messages?assignmentId={follow_up}")).await.expect(200);
    let message = &message["items"][0];
    assert_eq!((&message["state"], &message["cause"]), (&json!("cancelled"), &json!("outcome_unknown")));
    let row = app.row(message["id"].as_str().expect("an id")).await;
    assert_eq!(row["status"], "failed", "LINE may have it: it has its row of the log");
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_on_its_way_is_not_cancelled_and_its_follow_up_is_logged() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Latency, count: None, latency_ms: Some(5_000) });
    let sent = app.send(&patient, "on its way").await;
    let patient_id = patient.parse().expect("an id");
    let scope = clinicue::queue::in_progress::Scope::Patient(patient_id);
    let begun = async {
        while app.core().in_progress.sending(scope).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(HANGS, begun).await.expect("it is on its way");
    let refused = app.post(&format!("/api/messages/{sent}/cancel"), json!({})).await;
    assert!(refused.json["detail"].as_str().is_some_and(|d| d.contains("on its way")), "{}", refused.json);
    assert_eq!(refused.problem(409), "conflict");
    app.drain().await;
    assert_eq!(app.state_of(&sent).await, "sent");
    assert_eq!(app.row(&sent).await["status"], "sent");
    assert_eq!(app.post(&format!("/api/messages/{sent}/cancel"), json!({})).await.problem(409), "conflict");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_begins_after_the_commit_of_a_cancel() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut cancelled = Vec::new();
    for n in 0..60 {
        let message = app.send(&patient, &format!("{n}")).await;
        let answer = app.post(&format!("/api/messages/{message}/cancel"), json!({})).await;
        if answer.status == 200 {
            cancelled.push(n);
        }
    }
    app.drain().await;
    let texts = app.texts(1);
    assert!(cancelled.iter().all(|n| !texts.contains(&n.to_string())), "{cancelled:?} {texts:?}");
    assert_eq!(texts.len() + cancelled.len(), 60);
}

#[tokio::test]
async fn a_token_that_is_refused_for_days_does_not_make_a_message_doubtful() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    let held = app.send(&patient, "never sent").await;
    app.drain().await;
    app.clock.advance(TimeDelta::hours(30));
    app.drain().await;
    assert_eq!(app.message(&held).await["cause"], "stale");
    app.line.sandbox.set_fault(Fault::default());
    app.post("/api/settings/test-line", json!({})).await.expect(200);
    app.post(&format!("/api/messages/{held}/retry"), json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["never sent"]);
}

#[tokio::test]
async fn a_lost_answer_stays_said_when_line_fails_afterwards() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::LostAnswer, 1));
    let unknown = app.send(&patient, "maybe").await;
    app.drain().await;
    app.line.sandbox.set_fault(fault(FaultKind::ServerError, 3));
    for _ in 0..3 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    let shown = app.message(&unknown).await;
    assert_eq!((&shown["state"], &shown["cause"]), (&json!("failed"), &json!("outcome_unknown")));
}
