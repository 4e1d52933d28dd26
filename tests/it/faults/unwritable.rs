//! An outcome that can never be written.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, leftovers::Left};

/// Lets the database refuse what `condition` says of a delivery.
async fn refuse(app: &TestApp, condition: &str) {
    let trigger = format!(
        "CREATE TRIGGER refuse BEFORE UPDATE ON deliveries WHEN {condition}
         BEGIN SELECT RAISE(ABORT, 'refused on purpose'); END"
    );
    let writer = app.core().store.writer();
    clinicue::store::sql::query(sqlx::AssertSqlSafe(trigger)).execute(writer).await.expect("a trigger");
}

async fn items_about(app: &TestApp, message: &str) -> Vec<Value> {
    let list = app.get("/api/worklist").await.expect(200);
    let items = list["items"].as_array().expect("items");
    items.iter().filter(|item| item["messageId"] == message).cloned().collect()
}

#[tokio::test]
async fn an_outcome_that_can_never_be_written_goes_to_a_person_and_stops_no_other() {
    let app = TestApp::start().await;
    let (one, other) = (app.patient(1).await, app.patient(2).await);
    let body = json!({ "messages": [
        crate::support::message(&one, "one"), crate::support::message(&other, "other") ] });
    refuse(&app, "NEW.state = 'sent' AND NEW.patient_id = (SELECT MIN(id) FROM patients)").await;
    let first = one.clone().min(other.clone());
    app.post("/api/messages/bulk", body).await.expect(202);
    app.drain().await;
    let of = async |patient: &str| {
        let list = app.get(&format!("/api/messages?patientId={patient}")).await.expect(200);
        list["items"][0].clone()
    };
    let (lost, sent) =
        if first == one { (of(&one).await, of(&other).await) } else { (of(&other).await, of(&one).await) };
    assert_eq!(sent["state"], "sent");
    assert_eq!((&lost["state"], &lost["cause"]), (&json!("review"), &json!("outcome_unknown")), "{lost}");
    assert_eq!(items_about(&app, lost["id"].as_str().expect("an id")).await.len(), 1);
    app.leaves(Left::Error, "the outcome that is refused is logged");
    // Both are in the log, once.
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"].as_array().expect("rows").len(), 2);
}

#[tokio::test]
async fn where_not_even_a_review_can_be_written_the_job_ends_and_the_others_go_on() {
    let app = TestApp::start().await;
    let (one, other) = (app.patient(1).await, app.patient(2).await);
    refuse(&app, "NEW.state <> 'queued' AND NEW.patient_id = (SELECT MIN(id) FROM patients)").await;
    let (refused, taken) = if one < other { (one, other) } else { (other, one) };
    app.send(&refused, "one").await;
    let sent = app.send(&taken, "other").await;
    app.drain().await;
    assert_eq!(app.state_of(&sent).await, "sent");
    let stats = app.get("/api/jobs/stats").await.expect(200);
    let delivery = &stats["queues"]["messageDelivery"];
    assert_eq!((&delivery["active"], &delivery["failed"]), (&json!(0), &json!(1)), "{delivery}");
    app.leaves(Left::Error, "the outcome that is refused is logged");
    app.leaves(Left::Job, "the message stays queued: nothing else can be written of it");
}

#[tokio::test]
async fn a_scheduled_message_that_can_not_be_promoted_stops_no_other_of_its_moment() {
    // More than the queue has slots, so that some are promoted beside others.
    const MESSAGES: usize = 30;
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut later = crate::support::message(&patient, "later");
    later["schedule"] = json!({ "type": "delay", "delayMs": 60_000 });
    let body = json!({ "messages": vec![later; MESSAGES] });
    let made = app.post("/api/messages/bulk", body).await.expect(202);
    let ids: Vec<_> = made["items"].as_array().expect("items").iter().map(crate::support::id).collect();
    let writer = app.core().store.writer();
    let run = async |text: String| {
        clinicue::store::sql::query(sqlx::AssertSqlSafe(text)).execute(writer).await.expect("it runs");
    };
    run(format!(
        "CREATE TRIGGER refuse BEFORE INSERT ON Jobs
         WHEN NEW.job_type = 'message-delivery' AND NEW.idempotency_key = '{}'
         BEGIN SELECT RAISE(ABORT, 'refused on purpose'); END",
        ids[2]
    ))
    .await;
    let mut changes = app.core().changes();
    app.clock.advance(TimeDelta::seconds(60));
    clinicue::schedule::tick::tick(app.core()).await.expect("a tick");
    while app.texts(1).len() < MESSAGES - 1 {
        let news = tokio::time::timeout(Duration::from_secs(30), changes.recv()).await;
        assert!(news.is_ok(), "the others wait for the one that is refused");
    }
    assert_eq!(app.state_of(&ids[2]).await, "queued");
    run("DROP TRIGGER refuse".to_owned()).await;
    app.drain().await;
    assert_eq!(app.texts(1).len(), MESSAGES);
    app.leaves(Left::Error, "the promotion that is refused is logged");
}
