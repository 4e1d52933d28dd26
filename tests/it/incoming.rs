//! What patients say beside their answers: buttons of the clinic's own messages and menus.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, id, line_user};

/// A press by user `n` of a button with this data, as LINE tells it.
fn press(app: &TestApp, n: u32, event: &str, postback: Value) -> Value {
    json!({
        "type": "postback", "mode": "active", "timestamp": app.core().now().as_millis(),
        "webhookEventId": event, "source": { "type": "user", "userId": line_user(n) },
        "deliveryContext": { "isRedelivery": false }, "postback": postback,
    })
}

/// A step whose own buttons are postbacks.
fn with_buttons(calls_staff: bool) -> Value {
    json!({
        "name": "Visit", "trigger": { "type": "immediate" }, "messageType": "template",
        "content": { "altText": "Your visit", "template": { "type": "buttons", "text": "Will you come?",
            "actions": [
                { "type": "postback", "label": "I come", "data": "visit=\"yes\"" },
                { "type": "datetimepicker", "label": "Another day", "data": "visit=other", "mode": "date" },
            ] } },
        "pressCallsStaff": calls_staff,
    })
}

/// A program with such a step sent to user 1, and the patient.
async fn sent(calls_staff: bool) -> (TestApp, String) {
    let app = TestApp::start().await;
    app.follow_up(1, json!([with_buttons(calls_staff)])).await;
    app.drain().await;
    app.clock.advance(TimeDelta::minutes(1));
    let patient = id(&app.get("/api/patients").await.expect(200)["items"][0]);
    (app, patient)
}

/// What the patient said, by the timeline, the latest first.
async fn said(app: &TestApp, patient: &str) -> Vec<Value> {
    let shown = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    let items = shown["items"].as_array().expect("items");
    items.iter().map(|item| item["said"].clone()).filter(|said| !said.is_null()).collect()
}

#[tokio::test]
async fn a_press_of_the_clinics_own_button_is_kept_with_its_label_data_and_params() {
    let (app, patient) = sent(false).await;
    app.events(json!([press(&app, 1, "01P1", json!({ "data": "visit=\"yes\"" }))])).await;
    app.clock.advance(TimeDelta::minutes(1));
    let picked = json!({ "data": "visit=other", "params": { "date": "2026-12-01" } });
    app.events(json!([press(&app, 1, "01P2", picked.clone()), press(&app, 1, "01P2", picked)])).await;
    let said = said(&app, &patient).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert_eq!(
        said[0]["press"],
        json!({ "label": "Another day", "data": "visit=other", "params": { "date": "2026-12-01" } })
    );
    assert_eq!((&said[1]["press"]["label"], &said[1]["press"]["params"]), (&json!("I come"), &json!({})));
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"][0]["status"], "read", "whoever pressed it has seen it");
    let shown = app.message(log["items"][0]["id"].as_str().expect("an id")).await;
    assert_eq!(shown["said"].as_array().map(Vec::len), Some(2));
    assert!(app.get("/api/worklist").await.expect(200)["items"].as_array().expect("items").is_empty());
}

#[tokio::test]
async fn a_press_calls_staff_where_its_step_says_so() {
    let (app, _) = sent(true).await;
    app.events(json!([press(&app, 1, "01P1", json!({ "data": "visit=\"yes\"" }))])).await;
    app.events(json!([press(&app, 1, "01P2", json!({ "data": "visit=other" }))])).await;
    let list = app.get("/api/worklist").await.expect(200);
    let items = list["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "one line for one message");
    assert_eq!((&items[0]["reason"], &items[0]["detail"]), (&json!("pressed"), &json!("Another day")));
    assert_eq!((&items[0]["stepName"], &items[0]["urgent"]), (&json!("Visit"), &json!(false)));
}

#[tokio::test]
async fn a_press_of_a_menu_and_of_a_button_that_is_gone_are_kept_too() {
    let (app, patient) = sent(true).await;
    let switched = json!({ "data": "menu=2", "params": { "newRichMenuAliasId": "b", "status": "SUCCESS" } });
    let gone = json!({ "data": "cq1 00000000000000000000000000000007 complete done" });
    let odd = json!({ "data": "x".repeat(5_000), "params": { "deep": { "a": 1 }, "n": 5 } });
    app.events(json!([
        press(&app, 1, "01P1", switched),
        press(&app, 1, "01P2", gone.clone()),
        press(&app, 1, "01P3", odd),
    ]))
    .await;
    let said = said(&app, &patient).await;
    assert_eq!(said.len(), 3);
    let menu = said.iter().find(|s| s["press"]["data"] == "menu=2").expect("kept");
    assert_eq!(
        (&menu["press"]["label"], &menu["press"]["params"]["status"]),
        (&Value::Null, &json!("SUCCESS"))
    );
    assert!(said.iter().any(|s| s["press"]["data"] == gone["data"]));
    let long = said.iter().filter_map(|s| s["press"]["data"].as_str()).map(str::len).max();
    assert_eq!(long, Some(1_000));
    assert!(app.get("/api/worklist").await.expect(200)["items"].as_array().expect("items").is_empty());
}
