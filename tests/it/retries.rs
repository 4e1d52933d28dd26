//! Retries by staff: what is sent again, for how long, and how it is taken back.

use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::{TestApp, fault, id, message, step};

/// A message that LINE did not take in four tries.
pub(crate) async fn one_that_failed(app: &TestApp) -> String {
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::ServerError, 4));
    let failed = app.send(&patient, "hello").await;
    app.drain().await;
    for _ in 0..3 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    failed
}

/// A message that grew too old and waits for a person.
async fn one_to_review(app: &TestApp) -> String {
    let patient = app.patient(1).await;
    let mut body = message(&patient, "late");
    body["schedule"] = json!({ "type": "delay", "delayMs": 1000 });
    let late = id(&app.post("/api/messages", body).await.expect(202));
    app.pass(TimeDelta::hours(7)).await;
    assert_eq!(app.state_of(&late).await, "review");
    late
}

#[tokio::test]
async fn a_retry_waits_for_its_seconds_and_goes_then() {
    let app = TestApp::start().await;
    let late = one_to_review(&app).await;
    let held =
        app.post(&format!("/api/messages/{late}/retry"), json!({ "holdSeconds": 10 })).await.expect(200);
    assert_eq!(held["state"], "retrying");
    app.pass(TimeDelta::seconds(9)).await;
    assert!(app.texts(1).is_empty());
    app.pass(TimeDelta::seconds(2)).await;
    assert_eq!(app.texts(1), ["late"]);
    let begun = app.post(&format!("/api/messages/{late}/undo-retry"), json!({})).await;
    assert_eq!(begun.json["refusal"]["code"], "retryBegun");
    assert_eq!(begun.problem(409), "conflict");
}

#[tokio::test]
async fn a_retry_stays_fresh_for_as_long_as_its_step_says() {
    let app = TestApp::start().await;
    let mut short = step(json!({ "type": "immediate" }), "before breakfast");
    short["freshnessHours"] = json!(1);
    app.post("/api/sending/pause", json!({})).await.expect(200);
    app.follow_up(1, json!([short])).await;
    app.drain().await;
    app.clock.advance(TimeDelta::hours(2));
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    let review = app.get("/api/jobs/failed-deliveries").await.expect(200);
    let late = id(&review["items"][0]);
    app.line.sandbox.set_fault(Fault { kind: FaultKind::ServerError, count: None, latency_ms: None });
    app.post(&format!("/api/messages/{late}/retry"), json!({})).await.expect(200);
    app.pass(TimeDelta::minutes(61)).await;
    app.stop_faults();
    app.pass(TimeDelta::hours(1)).await;
    assert!(app.texts(1).is_empty(), "nobody is told in the afternoon what to do before breakfast");
    assert_eq!(app.state_of(&late).await, "review");
}

/// A follow-up of one step that LINE did not take in any round, and its message.
async fn one_whose_last_step_failed(app: &TestApp) -> (String, String) {
    app.line.sandbox.set_fault(fault(FaultKind::ServerError, 4));
    let follow_up = app.follow_up(1, json!([step(json!({ "type": "immediate" }), "rest well")])).await;
    app.drain().await;
    for _ in 0..3 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    let failed = id(&app.get("/api/jobs/failed-deliveries").await.expect(200)["items"][0]);
    (follow_up, failed)
}

#[tokio::test]
async fn a_message_of_a_follow_up_that_was_cancelled_is_not_retried_to_be_cancelled() {
    let app = TestApp::start().await;
    let (follow_up, failed) = one_whose_last_step_failed(&app).await;
    app.act(&follow_up, "cancel").await;
    let stands = app.state_of(&failed).await;
    let refused = app.post(&format!("/api/messages/{failed}/retry"), json!({})).await;
    assert_eq!(refused.json["refusal"]["code"], "notToRetry", "{}", refused.json);
    app.drain().await;
    assert_eq!(app.state_of(&failed).await, stands, "it is as it was");
}

#[tokio::test]
async fn a_message_that_failed_in_a_follow_up_that_is_completed_goes_when_staff_say_so() {
    let app = TestApp::start().await;
    let (follow_up, failed) = one_whose_last_step_failed(&app).await;
    app.act(&follow_up, "complete").await;
    app.pass(TimeDelta::hours(1)).await;
    assert!(app.texts(1).is_empty(), "nothing of it goes by itself");
    app.post(&format!("/api/messages/{failed}/retry"), json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["rest well"]);
    let status = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200)["status"].clone();
    assert_eq!(status, "completed");
}

#[tokio::test]
async fn a_retry_that_is_taken_back_waits_for_a_person_again() {
    let app = TestApp::start().await;
    let late = one_to_review(&app).await;
    let (retry, undo) = (format!("/api/messages/{late}/retry"), format!("/api/messages/{late}/undo-retry"));
    app.post(&retry, json!({ "holdSeconds": 10 })).await.expect(200);
    let back = app.post(&undo, json!({})).await.expect(200);
    assert_eq!((&back["state"], &back["cause"]), (&json!("review"), &json!("stale")));
    let work = app.get("/api/worklist").await.expect(200);
    assert_eq!(work["items"][0]["messageId"], late);
    assert_eq!(back["actions"], json!(["retry", "cancel"]));
    app.pass(TimeDelta::hours(1)).await;
    assert!(app.texts(1).is_empty());
    assert_eq!(app.state_of(&late).await, "review");
    // Twice changes nothing; another retry is as the first.
    assert_eq!(app.post(&undo, json!({})).await.problem(409), "conflict");
    app.post(&retry, json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["late"]);
}

#[tokio::test]
async fn a_retry_of_the_programs_own_is_not_taken_back_and_none_waits_longer_than_a_minute() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::ServerError, 1));
    let unlucky = app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!(app.state_of(&unlucky).await, "retrying");
    let undo = app.post(&format!("/api/messages/{unlucky}/undo-retry"), json!({})).await;
    assert_eq!(undo.problem(409), "conflict");
    let long = app.post(&format!("/api/messages/{unlucky}/retry"), json!({ "holdSeconds": 61 })).await;
    assert_eq!(long.problem(422), "out_of_limits");
}

#[tokio::test]
async fn while_a_retry_waits_no_other_message_is_sent_beside_it() {
    let app = TestApp::start().await;
    let late = one_to_review(&app).await;
    let work = app.get("/api/worklist").await.expect(200);
    let again = format!("/api/worklist/{}/send-again", id(&work["items"][0]));
    app.post(&format!("/api/messages/{late}/retry"), json!({ "holdSeconds": 10 })).await.expect(200);
    assert_eq!(app.post(&again, json!({})).await.json["refusal"]["code"], "onItsWay");
    app.pass(TimeDelta::seconds(11)).await;
    app.drain().await;
    assert_eq!(app.texts(1), ["late"]);
}

#[tokio::test]
async fn what_failed_for_a_passing_cause_is_swept_again_after_its_retry_was_taken_back() {
    let app = TestApp::start().await;
    let failed = one_that_failed(&app).await;
    assert_eq!(app.state_of(&failed).await, "failed");
    app.post(&format!("/api/messages/{failed}/retry"), json!({ "holdSeconds": 10 })).await.expect(200);
    let back = app.post(&format!("/api/messages/{failed}/undo-retry"), json!({})).await.expect(200);
    assert_eq!(back["state"], "failed");
    app.pass(TimeDelta::minutes(16)).await;
    assert_eq!(app.texts(1), ["hello"]);
}

#[tokio::test]
async fn what_may_have_been_sent_waits_for_a_person_again_when_its_retry_is_taken_back() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(fault(FaultKind::LostAnswer, 1));
    let lost = app.send(&patient, "hello").await;
    app.drain().await;
    app.pass(TimeDelta::hours(7)).await;
    let review = app.message(&lost).await;
    assert_eq!((&review["state"], &review["cause"]), (&json!("review"), &json!("outcome_unknown")));
    app.post(&format!("/api/messages/{lost}/retry"), json!({ "holdSeconds": 10 })).await.expect(200);
    let back = app.post(&format!("/api/messages/{lost}/undo-retry"), json!({})).await.expect(200);
    assert_eq!(back["state"], "review");
    app.pass(TimeDelta::minutes(16)).await;
    assert_eq!(app.state_of(&lost).await, "review", "nothing sends it but a person");
}

#[tokio::test]
async fn what_was_never_tried_in_a_follow_up_that_is_completed_goes_when_staff_say_so() {
    let app = TestApp::start().await;
    let late = step(json!({ "type": "delay", "value": "1h" }), "rest well");
    let follow_up = app.follow_up(1, json!([late])).await;
    app.drain().await;
    app.pass(TimeDelta::hours(9)).await;
    let stale = id(&app.get("/api/jobs/failed-deliveries").await.expect(200)["items"][0]);
    assert_eq!(app.message(&stale).await["attempts"], 0);
    app.act(&follow_up, "complete").await.expect(200);
    app.post(&format!("/api/messages/{stale}/retry"), json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["rest well"]);
}

#[tokio::test]
async fn no_retry_is_offered_of_a_follow_up_that_was_cancelled() {
    let app = TestApp::start().await;
    let (follow_up, failed) = one_whose_last_step_failed(&app).await;
    let offered = async || {
        let message = app.message(&failed).await;
        let listed = app.get("/api/jobs/failed-deliveries").await.expect(200);
        (message["actions"].to_string(), listed["items"][0]["retryable"].clone())
    };
    assert_eq!(offered().await, (r#"["retry","cancel"]"#.to_owned(), json!(true)));
    app.act(&follow_up, "cancel").await.expect(200);
    assert_eq!(offered().await, (r#"["cancel"]"#.to_owned(), json!(false)));
    let all = app.post("/api/jobs/retry-failed", json!({})).await.expect(200);
    assert_eq!(all["retriedCount"], 0);
}
