//! One-off messages: accepted, delivered, scheduled, repeated, cancelled, retried.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{TestApp, id, line_user, message};

#[tokio::test]
async fn a_message_is_accepted_delivered_and_logged_once() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let sent = app.send(&patient, "ทานยา 💊").await;
    app.drain().await;
    let shown = app.message(&sent).await;
    assert_eq!(shown["state"], "sent");
    assert_eq!(shown["attempts"], 1);
    assert_eq!(app.texts(1), ["ทานยา 💊"]);
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(log["items"][0]["id"], sent);
    assert_eq!(log["items"][0]["status"], "sent");
    assert_eq!(log["items"][0]["userId"], patient);
    let stats = app.get("/api/jobs/delivery-stats").await.expect(200);
    assert_eq!((&stats["total"], &stats["sent"], &stats["successRate"]), (&json!(1), &json!(1), &json!(1.0)));
}

#[tokio::test]
async fn a_delayed_message_waits_for_its_time_over_a_restart() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "later");
    body["schedule"] = json!({ "type": "delay", "delayMs": 60_000 });
    let later = id(&app.post("/api/messages", body).await.expect(202));
    app.drain().await;
    assert_eq!(app.state_of(&later).await, "scheduled");
    let stats = app.get("/api/jobs/stats").await.expect(200);
    assert_eq!(stats["queues"]["scheduledMessages"]["delayed"], 1);
    let app = app.restart().await;
    app.pass(TimeDelta::seconds(59)).await;
    assert!(app.texts(1).is_empty());
    app.pass(TimeDelta::seconds(1)).await;
    assert_eq!(app.texts(1), ["later"]);
    assert_eq!(app.state_of(&later).await, "sent");
}

#[tokio::test]
async fn a_recurring_message_comes_by_its_cron_until_it_is_cancelled() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "every day");
    body["schedule"] = json!({ "type": "recurring", "cron": "0 9 * * *", "timeZone": "Asia/Tokyo" });
    let first = app.post("/api/messages", body).await.expect(202);
    assert_eq!(first["dueAt"], "2026-11-25T00:00:00.000Z");
    let timetable = json!({ "cron": "0 9 * * *", "timeZone": "Asia/Tokyo" });
    assert_eq!(first["repetition"], timetable);
    app.pass(TimeDelta::hours(20)).await;
    let listed = app.get("/api/messages").await.expect(200);
    let all = listed["items"].as_array().expect("messages");
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|message| message["repetition"] == timetable), "{all:?}");
    app.pass(TimeDelta::hours(24)).await;
    assert_eq!(app.texts(1).len(), 2);
    app.post(&format!("/api/messages/{}/cancel", id(&first)), json!({})).await.expect(200);
    app.pass(TimeDelta::hours(48)).await;
    assert_eq!(app.texts(1).len(), 2);
}

#[tokio::test]
async fn a_machine_that_slept_over_several_times_sends_a_recurring_message_once() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "hourly");
    body["schedule"] = json!({ "type": "recurring", "cron": "0 * * * *" });
    let first = app.post("/api/messages", body).await.expect(202);
    let where_the_patient_lives = json!({ "cron": "0 * * * *", "timeZone": null });
    assert_eq!(first["repetition"], where_the_patient_lives);
    let read = app.get(&format!("/api/messages/{}", id(&first))).await.expect(200);
    assert_eq!(read["repetition"], where_the_patient_lives);
    app.pass(TimeDelta::hours(4)).await;
    assert_eq!(app.texts(1).len(), 1);
    app.pass(TimeDelta::hours(1)).await;
    assert_eq!(app.texts(1).len(), 2);
}

#[tokio::test]
async fn a_cancelled_message_is_never_sent() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "no");
    body["schedule"] = json!({ "type": "at", "at": "2026-11-24T05:10:00Z" });
    let cancelled = id(&app.post("/api/messages", body).await.expect(202));
    app.post(&format!("/api/messages/{cancelled}/cancel"), json!({})).await.expect(200);
    assert_eq!(
        app.post(&format!("/api/messages/{cancelled}/cancel"), json!({})).await.problem(409),
        "conflict"
    );
    app.pass(TimeDelta::hours(1)).await;
    assert!(app.texts(1).is_empty());
    assert_eq!(app.state_of(&cancelled).await, "cancelled");
}

#[tokio::test]
async fn an_idempotency_key_names_one_message() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "once");
    body["idempotencyKey"] = json!("visit-7");
    let first = id(&app.post("/api/messages", body.clone()).await.expect(202));
    let second = id(&app.post("/api/messages", body.clone()).await.expect(202));
    let bulk = app.post("/api/messages/bulk", json!({ "messages": [body.clone(), body] })).await.expect(202);
    app.drain().await;
    assert_eq!(first, second);
    assert_eq!([id(&bulk["items"][0]), id(&bulk["items"][1])], [first.clone(), first]);
    assert_eq!(app.texts(1), ["once"]);
}

#[tokio::test]
async fn an_idempotency_key_of_another_message_is_refused() {
    let app = TestApp::start().await;
    let (patient, other) = (app.patient(1).await, app.patient(2).await);
    let keyed = |patient: &str, text: &str| {
        let mut body = message(patient, text);
        body["idempotencyKey"] = json!("visit-7");
        body
    };
    app.post("/api/messages", keyed(&patient, "once")).await.expect(202);
    for body in [keyed(&patient, "something else"), keyed(&other, "once")] {
        let refused = app.post("/api/messages", body.clone()).await;
        assert_eq!(refused.status, 409);
        assert_eq!(refused.json["refusal"]["code"], "keyTaken");
        let bulk = json!({ "messages": [message(&patient, "not sent"), body] });
        let refused = app.post("/api/messages/bulk", bulk).await;
        assert_eq!(refused.status, 409);
        assert_eq!(refused.json["errors"][0]["field"], "messages[1].idempotencyKey");
    }
    // Within one call as well; an order of members is no other content.
    let mut first = keyed(&patient, "a");
    first["idempotencyKey"] = json!("visit-8");
    let mut second = first.clone();
    second["content"] = json!({ "text": "b" });
    let bulk = json!({ "messages": [first, second] });
    assert_eq!(app.post("/api/messages/bulk", bulk).await.problem(409), "conflict");
    app.drain().await;
    assert_eq!((app.texts(1), app.texts(2)), (vec!["once".to_owned()], Vec::new()));
}

#[tokio::test]
async fn a_schedule_takes_no_member_of_another_kind() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    for schedule in [
        json!({ "type": "immediate", "at": "2026-11-25T05:10:00Z" }),
        json!({ "type": "immediate", "delayMs": 5 }),
        json!({ "type": "delay", "delayMs": 5, "at": "2026-11-25T05:10:00Z" }),
    ] {
        let mut body = message(&patient, "now or later?");
        body["schedule"] = schedule;
        app.post("/api/messages", body).await.problem(400);
    }
    let mut body = message(&patient, "now");
    body["schedule"] = json!({ "type": "immediate" });
    app.post("/api/messages", body).await.expect(202);
    app.drain().await;
    assert_eq!(app.texts(1), ["now"]);
}

#[tokio::test]
async fn a_bulk_with_one_bad_message_stores_none() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let bulk = json!({ "messages": [message(&patient, "good"), message(&patient, "")] });
    let refused = app.post("/api/messages/bulk", bulk).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json["errors"][0]["field"], "messages[1].content.text");
    let stranger = message("01a20c51-6346-70e8-b237-85fb26c46dd1", "who?");
    let bulk = json!({ "messages": [message(&patient, "good"), stranger] });
    assert_eq!(app.post("/api/messages/bulk", bulk).await.problem(404), "not_found");
    let too_many: Vec<_> = (0..1001).map(|_| message(&patient, "x")).collect();
    assert_eq!(
        app.post("/api/messages/bulk", json!({ "messages": too_many })).await.problem(422),
        "out_of_limits"
    );
    assert_eq!(app.get("/api/messages").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn a_bulk_keeps_its_order() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let messages: Vec<_> = (0..50).map(|n| message(&patient, &format!("{n}"))).collect();
    let bulk = app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
    let texts: Vec<_> = bulk["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|m| m["content"]["text"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(texts, (0..50).map(|n| n.to_string()).collect::<Vec<_>>());
    app.drain().await;
}

#[tokio::test]
async fn limits_name_the_field_and_count_in_lines_units() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    // A family emoji is eleven UTF-16 code units.
    let long = "👨‍👩‍👧‍👦".repeat(500);
    let refused = app.post("/api/messages", message(&patient, &long)).await;
    assert_eq!(refused.status, 422);
    let error = &refused.json["errors"][0];
    assert_eq!(error["field"], "content.text");
    assert_eq!(error["limit"], 5000);
    assert_eq!(error["unit"], "UTF-16 code units");
}

#[tokio::test]
async fn a_patient_without_line_makes_a_message_wait_until_they_are_linked() {
    let app = TestApp::start().await;
    let patient = id(&app.post("/api/patients", json!({ "displayName": "Not linked" })).await.expect(201));
    let waiting = app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!(app.state_of(&waiting).await, "held");
    let link = json!({ "lineUserId": line_user(9) });
    app.call_as(&app.token, "PATCH", &format!("/api/patients/{patient}"), Some(link)).await.expect(200);
    app.drain().await;
    assert_eq!(app.state_of(&waiting).await, "sent");
    assert_eq!(app.texts(9), ["hello"]);
}

#[tokio::test]
async fn what_is_older_than_its_window_goes_to_review_and_not_out() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "stale");
    body["schedule"] = json!({ "type": "delay", "delayMs": 1000 });
    let stale = id(&app.post("/api/messages", body).await.expect(202));
    app.pass(TimeDelta::hours(7)).await;
    assert_eq!(app.state_of(&stale).await, "review");
    assert!(app.texts(1).is_empty());
    let failed = app.get("/api/jobs/failed-deliveries").await.expect(200);
    assert_eq!(failed["items"][0]["id"], stale);
    assert_eq!(failed["items"][0]["retryable"], true);
    assert_eq!(failed["items"][0]["actions"], json!(["retry", "cancel"]));
    app.post(&format!("/api/messages/{stale}/retry"), json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.state_of(&stale).await, "sent");
    assert_eq!(app.message(&stale).await["actions"], json!([]));
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let app = TestApp::start().await;
    let nobody = "01a20c51-6346-70e8-b237-85fb26c46dd1";
    for path in ["messages", "patients", "protocols", "assignments"] {
        assert_eq!(app.get(&format!("/api/{path}/{nobody}")).await.problem(404), "not_found");
    }
    for path in [
        "messages/{}/cancel",
        "messages/{}/retry",
        "messages/{}/undo-retry",
        "assignments/{}/start",
        "protocols/{}/activate",
    ] {
        let path = format!("/api/{}", path.replace("{}", nobody));
        assert_eq!(app.post(&path, json!({})).await.problem(404), "not_found");
    }
    assert_eq!(app.post("/api/messages", message(nobody, "x")).await.problem(404), "not_found");
}
