//! Videos as messages, and what is known of them afterwards.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{app, upload, video};
use crate::support::{TestApp, id, line_user};

fn content(upload: &Value) -> Value {
    json!({ "videoUrl": upload["url"], "previewImageUrl": upload["previewUrl"] })
}

/// A video for patient `n`; the message's id.
async fn send(app: &TestApp, n: u32, words_first: bool) -> String {
    let (patient, shown) = (app.patient(n).await, upload(app, &video()).await.expect(201));
    let body = if words_first {
        json!({ "patientId": patient, "messageType": "text", "content": { "text": "Please watch" },
            "furtherMessages": [{ "messageType": "video", "content": content(&shown) }] })
    } else {
        json!({ "patientId": patient, "messageType": "video", "content": content(&shown) })
    };
    let message = id(&app.post("/api/messages", body).await.expect(202));
    app.drain().await;
    message
}

/// What LINE was told to know the video of phone `n` by.
fn tracking_id(app: &TestApp, n: u32) -> String {
    let chat = app.line.sandbox.chat(&line_user(n)).expect("a chat");
    let video = chat.iter().rev().find(|m| m.message["type"] == "video").expect("a video");
    video.message["trackingId"].as_str().expect("an id").to_owned()
}

/// The user at phone `n` watched something to its end.
async fn watches(app: &TestApp, n: u32, tracking_id: &str, event: &str) {
    app.events(json!([{ "type": "videoPlayComplete", "mode": "active",
        "timestamp": app.core().now().as_millis(), "webhookEventId": event,
        "source": { "type": "user", "userId": line_user(n) },
        "videoPlayComplete": { "trackingId": tracking_id } }]))
        .await;
}

#[tokio::test]
async fn a_video_goes_out_with_an_id_of_ours_and_is_marked_when_it_was_watched() {
    let app = app().await;
    let message = send(&app, 1, true).await;
    let tracked = tracking_id(&app, 1);
    assert!(
        tracked.len() <= 100 && tracked.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'),
        "{tracked}"
    );
    assert_eq!(app.message(&message).await["watchedAt"], Value::Null);
    app.clock.advance(TimeDelta::minutes(3));
    let at = app.core().now();
    watches(&app, 1, &tracked, "01W1").await;
    let shown = app.message(&message).await;
    assert_eq!((&shown["watchedAt"], &shown["outcome"]), (&json!(at), &json!("read")));
    assert_eq!(app.row(&message).await["status"], "read");
    // Once more is no news: the first time counts.
    app.clock.advance(TimeDelta::minutes(3));
    watches(&app, 1, &tracked, "01W2").await;
    assert_eq!(app.message(&message).await["watchedAt"], json!(at));
    let patient = shown["patientId"].as_str().expect("an id");
    let timeline = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    let items = timeline["items"].as_array().expect("items");
    assert!(items.iter().any(|item| item["message"]["watchedAt"] == json!(at)));
}

#[tokio::test]
async fn what_somebody_else_watched_or_nobody_sent_marks_nothing() {
    let app = app().await;
    let message = send(&app, 1, false).await;
    app.patient(2).await;
    let tracked = tracking_id(&app, 1);
    watches(&app, 2, &tracked, "01X1").await;
    for (n, other) in
        ["", "cv1.", "cv1.00000000000000000000000000000009", "another", &tracked[4..]].iter().enumerate()
    {
        watches(&app, 1, other, &format!("01Y{n}")).await;
    }
    let shown = app.message(&message).await;
    assert_eq!((&shown["watchedAt"], &shown["outcome"]), (&Value::Null, &json!("delivered")), "it arrived");
}

#[tokio::test]
async fn a_video_that_was_watched_arrived_whatever_line_said() {
    let app = app().await;
    let message = send(&app, 1, false).await;
    let tracked = tracking_id(&app, 1);
    let fail = "UPDATE deliveries SET state = 'review', cause = 'outcome_unknown', accepted_at = NULL";
    clinicue::store::sql::query(fail).execute(app.core().store.writer()).await.expect("changed");
    watches(&app, 1, &tracked, "01Z1").await;
    let shown = app.message(&message).await;
    assert_eq!(shown["state"], "sent");
    assert!(shown["watchedAt"].is_string());
}

#[tokio::test]
async fn a_video_without_a_picture_or_a_public_address_is_refused_at_its_field() {
    let app = app().await;
    let patient = app.patient(1).await;
    let refused = async |content: Value| {
        let body = json!({ "patientId": patient, "messageType": "video", "content": content });
        app.post("/api/messages", body).await
    };
    let without = refused(json!({ "videoUrl": "https://a.example/v.mp4" })).await;
    assert_eq!(without.json["errors"][0]["field"], "content");
    without.problem(422);
    let http = refused(
        json!({ "videoUrl": "http://a.example/v.mp4", "previewImageUrl": "https://a.example/p.jpg" }),
    )
    .await;
    assert_eq!(http.json["errors"][0]["field"], "content.videoUrl");
    http.problem(422);
}
