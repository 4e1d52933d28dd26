//! Whoever is nobody's LINE account: what staff do with their words is told to LINE.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{TestApp, id, line_user, scripted::Scripted};

/// Words of LINE user 7 that came in.
async fn says(app: &TestApp, text: &str) {
    assert!(app.line.sandbox.text(&line_user(7), text).await);
    app.hear().await;
}

#[tokio::test]
async fn all_that_a_stranger_said_since_they_wait_stands_on_the_worklist_once_they_are_a_patient() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.add_user(&line_user(7), "Somebody");
    says(&app, "hello").await;
    let list = app.get("/api/strangers").await.expect(200);
    app.post(&format!("/api/strangers/{}/resolve", id(&list["items"][0])), json!({})).await.expect(200);
    app.pass(TimeDelta::minutes(5)).await;
    let waits = ["I am bleeding a lot", "since this morning", "please call me"];
    for text in waits {
        says(&app, text).await;
        app.pass(TimeDelta::seconds(30)).await;
    }
    app.patient(7).await;
    let work = app.get("/api/worklist").await.expect(200);
    let item = &work["items"][0];
    assert_eq!((&item["reason"], &item["urgent"]), (&json!("alarming"), &json!(true)));
    assert_eq!(item["createdAt"], "2026-11-24T05:05:00.000Z", "since when they wait this time");
    let said = item["said"].as_array().expect("words");
    let said: Vec<_> = said.iter().map(|w| &w["text"]).collect();
    // Ids are made in order over all tests of this process: what was said before may seem later.
    assert_eq!(said[said.len() - waits.len()..], waits);
}

#[tokio::test]
async fn what_a_stranger_wrote_is_marked_as_read_when_staff_settle_it_or_the_patient_they_became() {
    let line = Scripted::default();
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    let wanted = json!({ "markAsRead": true });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(wanted)).await.expect(200);
    for n in [7, 8] {
        let at = app.core().now().as_millis();
        app.events(json!([{
            "type": "message", "mode": "active", "timestamp": at, "webhookEventId": format!("01M{n}"),
            "replyToken": format!("reply {n}"), "source": { "type": "user", "userId": line_user(n) },
            "deliveryContext": { "isRedelivery": false },
            "message": { "type": "text", "id": format!("7{n}"), "text": "hello",
                "markAsReadToken": format!("read {n}") },
        }]))
        .await;
        let list = app.get("/api/strangers").await.expect(200);
        if n == 7 {
            app.post(&format!("/api/strangers/{}/resolve", id(&list["items"][0])), json!({}))
                .await
                .expect(200);
            app.hear().await;
            assert_eq!(line.marked_as_read(), ["read 7"]);
        }
    }
    app.patient(8).await;
    let list = app.get("/api/worklist").await.expect(200);
    app.post(&format!("/api/worklist/{}/resolve", id(&list["items"][0])), json!({})).await.expect(200);
    app.hear().await;
    assert_eq!(line.marked_as_read(), ["read 7", "read 8"]);
}

/// LINE user 7, who is nobody's yet, presses "I feel worse" in the clinic's menu.
async fn presses_worse(app: &TestApp) {
    app.listen_to_phones();
    app.line.sandbox.add_user(&line_user(7), "Somebody");
    assert!(app.line.sandbox.postback(&line_user(7), "cm1 worse", None, None).await);
    app.hear().await;
}

#[tokio::test]
async fn an_urgent_press_of_a_stranger_stays_urgent_once_they_are_a_patient() {
    let app = TestApp::start().await;
    presses_worse(&app).await;
    let list = app.get("/api/strangers").await.expect(200);
    let stranger = &list["items"][0];
    assert_eq!(
        (&stranger["urgent"], &stranger["said"][0]["press"]["label"]),
        (&json!(true), &json!("อาการแย่ลง"))
    );
    let patient = app.patient(7).await;
    let work = app.get("/api/worklist").await.expect(200);
    let items: Vec<_> = work["items"].as_array().expect("items").iter().collect();
    assert_eq!(items.len(), 1, "{work}");
    assert_eq!((&items[0]["reason"], &items[0]["urgent"]), (&json!("feels_worse"), &json!(true)));
    assert_eq!(items[0]["detail"], "อาการแย่ลง");
    let timeline = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    let is_it = |item: &serde_json::Value| item["said"]["press"]["label"] == "อาการแย่ลง";
    assert!(timeline["items"].as_array().expect("items").iter().any(is_it), "{timeline}");
}

#[tokio::test]
async fn words_beside_an_urgent_press_are_not_called_alarming() {
    let app = TestApp::start().await;
    presses_worse(&app).await;
    says(&app, "hello").await;
    app.patient(7).await;
    let work = app.get("/api/worklist").await.expect(200);
    let reasons: Vec<_> =
        work["items"].as_array().expect("items").iter().map(|item| &item["reason"]).collect();
    assert_eq!(reasons, ["feels_worse", "wrote"]);
}

#[tokio::test]
async fn words_that_alarmed_before_staff_settled_them_do_not_alarm_again() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.add_user(&line_user(7), "Somebody");
    says(&app, "I am bleeding a lot").await;
    let list = app.get("/api/strangers").await.expect(200);
    app.post(&format!("/api/strangers/{}/resolve", id(&list["items"][0])), json!({})).await.expect(200);
    app.pass(TimeDelta::hours(5)).await;
    presses_worse(&app).await;
    says(&app, "hello").await;
    app.patient(7).await;
    let work = app.get("/api/worklist").await.expect(200);
    let reasons: Vec<_> =
        work["items"].as_array().expect("items").iter().map(|item| &item["reason"]).collect();
    assert_eq!(reasons, ["feels_worse", "wrote"]);
}
