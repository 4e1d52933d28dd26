//! What staff do about what patients say: they take, note, put off, settle and send again.

use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::{TestApp, asking, id, line_user};

/// The open items of the worklist, the most urgent first.
pub async fn work(app: &TestApp) -> Vec<Value> {
    let list = app.get("/api/worklist").await.expect(200);
    list["items"].as_array().expect("items").clone()
}

async fn only_item(app: &TestApp) -> String {
    let items = work(app).await;
    assert_eq!(items.len(), 1, "{items:?}");
    id(&items[0])
}

/// A program with one item on the worklist: user 1 gave a worrying answer.
async fn worried() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    app.press(1, "I feel worse").await;
    let item = only_item(&app).await;
    (app, item)
}

#[tokio::test]
async fn an_item_is_taken_noted_snoozed_settled_and_brought_back() {
    let (app, item) = worried().await;
    let to = |action: &str| format!("/api/worklist/{item}/{action}");
    let taken = app.post(&to("take"), json!({})).await.expect(200);
    assert_eq!(taken["owner"], "test");
    assert_eq!(taken["actions"], json!(["resolve", "note", "snooze", "let_go"]));
    assert_eq!(app.post(&to("take"), json!({ "owner": null })).await.expect(200)["owner"], Value::Null);
    let noted =
        app.post(&to("notes"), json!({ "kind": "call", "text": "called, is fine" })).await.expect(200);
    assert_eq!(noted["notes"][0]["text"], "called, is fine");
    app.post(&to("snooze"), json!({ "until": "2026-11-24T06:00:00Z" })).await.expect(200);
    assert!(work(&app).await.is_empty());
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(work(&app).await.len(), 1);
    app.post(&to("resolve"), json!({})).await.expect(200);
    assert!(work(&app).await.is_empty());
    app.post(&to("resolve"), json!({})).await.problem(409);
    let settled = app.get("/api/worklist?resolved=true").await.expect(200);
    assert_eq!(settled["items"][0]["resolvedBy"], "test");
    assert_eq!(settled["items"][0]["actions"], json!(["reopen"]));
    app.post(&to("reopen"), json!({})).await.expect(200);
    assert_eq!(work(&app).await.len(), 1);
}

#[tokio::test]
async fn what_was_settled_last_is_told_with_whoever_settled_it() {
    let (app, item) = worried().await;
    let last = async || app.get("/api/worklist/last-settled").await.expect(200)["settled"].clone();
    assert_eq!(last().await, Value::Null);
    app.clock.advance(TimeDelta::hours(1));
    app.post(&format!("/api/worklist/{item}/resolve"), json!({})).await.expect(200);
    let settled = last().await;
    assert_eq!((&settled["patientName"], &settled["resolvedBy"]), (&json!("Patient 1"), &json!("test")));
    let listed = app.get("/api/worklist?resolved=true").await.expect(200);
    assert_eq!(settled["resolvedAt"], listed["items"][0]["resolvedAt"]);
    app.post(&format!("/api/worklist/{item}/reopen"), json!({})).await.expect(200);
    assert_eq!(last().await, Value::Null);
}

#[tokio::test]
async fn what_cannot_be_done_to_an_item_is_said() {
    let (app, item) = worried().await;
    let to = |action: &str| format!("/api/worklist/{item}/{action}");
    app.post(&to("notes"), json!({ "kind": "call", "text": "  " })).await.problem(422);
    app.post(&to("notes"), json!({ "kind": "call", "text": "x".repeat(5_001) })).await.problem(422);
    app.post(&to("snooze"), json!({ "until": "2020-01-01T00:00:00Z" })).await.problem(422);
    app.post(&to("send-again"), json!({})).await.problem(409);
    app.post(&to("link"), json!({ "accept": true })).await.problem(409);
    let gone = "/api/worklist/00000000-0000-7000-8000-000000000009/resolve";
    app.post(gone, json!({})).await.problem(404);
}

#[tokio::test]
async fn a_message_that_failed_for_good_is_on_the_list_until_it_goes_out() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::ServerError, count: None, latency_ms: None });
    let message = app.send(&patient, "hello").await;
    app.drain().await;
    for _ in 0..4 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    assert_eq!(app.state_of(&message).await, "failed");
    assert!(work(&app).await.is_empty(), "the sweep still tries");
    for _ in 0..30 {
        app.pass(TimeDelta::minutes(15)).await;
        for _ in 0..4 {
            app.pass(TimeDelta::seconds(10)).await;
        }
    }
    let items = work(&app).await;
    assert_eq!((items.len(), &items[0]["reason"]), (1, &json!("failed")));
    app.line.sandbox.set_fault(Fault::default());
    app.post(&format!("/api/worklist/{}/send-again", id(&items[0])), json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.state_of(&message).await, "sent");
    assert!(work(&app).await.is_empty());
}

#[tokio::test]
async fn a_missed_question_is_sent_again_as_a_new_message() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    app.pass(TimeDelta::hours(24)).await;
    let item = only_item(&app).await;
    app.post(&format!("/api/worklist/{item}/send-again"), json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1).iter().filter(|t| *t == "Please take your tablet").count(), 2);
    app.press(1, "Done").await;
    let log = app.get("/api/interactions?status=responded").await.expect(200);
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_line_shows_all_that_was_said_since_it_came_up() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.patient(1).await;
    let said = async || {
        let list = app.get("/api/worklist").await.expect(200);
        let said = list["items"][0]["said"].as_array().expect("what was said").clone();
        said.into_iter().map(|s| s["text"].clone()).collect::<Vec<_>>()
    };
    let words = ["I am bleeding", "there is more bleeding now", "the bleeding has stopped, thank you"];
    for text in words {
        assert!(app.line.sandbox.text(&line_user(1), text).await);
        app.hear().await;
    }
    assert_eq!(said().await, words);
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    let last = chat.iter().rev().find(|m| m.message["text"] == words[2]).expect("the words").id.clone();
    let unsend = json!({ "type": "unsend", "unsend": { "messageId": last } });
    let mut event = unsend;
    event["source"] = json!({ "type": "user", "userId": line_user(1) });
    event["timestamp"] = json!(1_795_000_000_000_i64);
    event["webhookEventId"] = json!("01UNSEND");
    app.events(json!([event])).await;
    assert_eq!(said().await, [json!(words[0]), json!(words[1]), Value::Null]);
}
