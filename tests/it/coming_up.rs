//! What goes out next, messages by where they stand, another time for one, and what was tried.

use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::{TestApp, id, message, step};

const NOBODY: &str = "01a20c51-6346-70e8-b237-85fb26c46dd1";

/// A message to the patient that is due in so many minutes.
async fn later(app: &TestApp, patient: &str, minutes: i64) -> String {
    let mut body = message(patient, &format!("in {minutes} minutes"));
    body["schedule"] = json!({ "type": "delay", "delayMs": minutes * 60_000 });
    id(&app.post("/api/messages", body).await.expect(202))
}

async fn ids(app: &TestApp, path: &str) -> Vec<String> {
    let page = app.get(path).await.expect(200);
    page["items"].as_array().expect("rows").iter().map(id).collect()
}

/// Every page of a list, two rows at a time.
async fn all(app: &TestApp, path: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("{path}limit=2{cursor}")).await.expect(200);
        rows.extend(page["items"].as_array().expect("rows").clone());
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

#[tokio::test]
async fn steps_and_messages_to_come_stand_in_one_list_by_their_time() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let second = later(&app, &patient, 20).await;
    let fourth = later(&app, &patient, 40).await;
    let follow_up = app
        .follow_up(2, json!([step(json!({ "type": "delay", "value": "30m" }), "after half an hour")]))
        .await;
    let first = later(&app, &patient, 10).await;
    let rows = all(&app, "/api/messages/coming-up?").await;
    let shown: Vec<_> = rows.iter().map(|r| (&r["messageId"], &r["assignmentId"])).collect();
    assert_eq!(
        shown,
        [
            (&json!(first), &Value::Null),
            (&json!(second), &Value::Null),
            (&Value::Null, &json!(follow_up)),
            (&json!(fourth), &Value::Null)
        ]
    );
    assert_eq!(
        (&rows[0]["state"], &rows[0]["actions"]),
        (&json!("scheduled"), &json!(["move", "hold", "cancel"]))
    );
    assert_eq!((&rows[2]["state"], &rows[2]["actions"]), (&Value::Null, &json!([])));
    let which = json!({ "stepId": rows[2]["stepId"], "occurrence": rows[2]["occurrence"] });
    app.post(&format!("/api/assignments/{follow_up}/upcoming/skip"), which).await.expect(200);
    app.pass(TimeDelta::minutes(35)).await;
    let left = app.get("/api/messages/coming-up").await.expect(200);
    assert_eq!(left["items"].as_array().map(Vec::len), Some(1), "what went is not to come");
}

#[tokio::test]
async fn messages_are_listed_by_where_they_stand_by_day_and_in_either_order() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let sent = app.send(&patient, "now").await;
    app.drain().await;
    let (soon, tomorrow) = (later(&app, &patient, 60).await, later(&app, &patient, 24 * 60).await);
    let dropped = later(&app, &patient, 90).await;
    app.post(&format!("/api/messages/{dropped}/cancel"), json!({})).await.expect(200);
    for (query, expected) in [
        ("stage=coming", vec![&tomorrow, &soon]),
        ("stage=coming&order=asc", vec![&soon, &tomorrow]),
        ("stage=coming&state=queued", vec![]),
        ("stage=sent&state=failed", vec![]),
        ("stage=sent", vec![&sent]),
        ("stage=cancelled", vec![&dropped]),
        ("stage=held", vec![]),
        ("stage=failed", vec![]),
        ("from=2026-11-25", vec![&tomorrow]),
        ("to=2026-11-24&order=asc", vec![&sent, &soon, &dropped]),
        ("stage=coming&to=2026-11-24", vec![&soon]),
        (&format!("patientId={patient}&stage=coming&order=asc"), vec![&soon, &tomorrow]),
        (&format!("patientId={NOBODY}&stage=coming"), vec![]),
    ] {
        let expected: Vec<String> = expected.into_iter().cloned().collect();
        assert_eq!(ids(&app, &format!("/api/messages?{query}")).await, expected, "{query}");
    }
    let paged: Vec<_> = all(&app, "/api/messages?order=asc&").await.iter().map(id).collect();
    assert_eq!(paged, [&sent, &soon, &dropped, &tomorrow].map(Clone::clone));
    for query in ["stage=nowhere", "order=up", "from=yesterday"] {
        let refused = app.get(&format!("/api/messages?{query}")).await;
        assert!(matches!(refused.status, 400 | 422), "{query}: {}", refused.status);
    }
}

#[tokio::test]
async fn a_message_that_waits_for_its_time_gets_another_one() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let moved = later(&app, &patient, 60).await;
    let to = json!({ "at": "2026-11-24T05:10:00Z" });
    let shown = app.post(&format!("/api/messages/{moved}/move"), to.clone()).await.expect(200);
    assert_eq!((&shown["dueAt"], &shown["state"]), (&json!("2026-11-24T05:10:00.000Z"), &json!("scheduled")));
    // Twice is the same.
    app.post(&format!("/api/messages/{moved}/move"), to.clone()).await.expect(200);
    let app = app.restart().await;
    app.pass(TimeDelta::minutes(9)).await;
    assert!(app.texts(1).is_empty());
    app.pass(TimeDelta::minutes(1)).await;
    assert_eq!(app.texts(1), ["in 60 minutes"]);
    assert_eq!(app.state_of(&moved).await, "sent");
    let refused = app.post(&format!("/api/messages/{moved}/move"), to).await.expect(409);
    assert_eq!(refused["refusal"]["code"], "notToMove");
}

#[tokio::test]
async fn what_is_moved_to_a_time_that_is_past_goes_now() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let moved = later(&app, &patient, 24 * 60).await;
    let now = json!({ "at": "2026-11-24T04:00:00Z" });
    app.post(&format!("/api/messages/{moved}/move"), now).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["in 1440 minutes"]);
}

#[tokio::test]
async fn no_other_time_for_what_repeats_lies_too_far_off_or_is_not_there() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "daily");
    body["schedule"] = json!({ "type": "recurring", "cron": "0 9 * * *" });
    let repeats = app.post("/api/messages", body).await.expect(202);
    assert_eq!(repeats["actions"], json!(["cancel"]));
    let at = |at: &str| json!({ "at": at });
    let path = |id: &str| format!("/api/messages/{id}/move");
    app.post(&path(&id(&repeats)), at("2026-11-24T06:00:00Z")).await.expect(409);
    let waits = later(&app, &patient, 60).await;
    app.post(&path(&waits), at("2028-11-24T06:00:00Z")).await.expect(422);
    app.post(&path(&waits), at("2025-11-24T06:00:00Z")).await.expect(422);
    app.post(&path(&waits), json!({})).await.expect(400);
    app.post(&path(NOBODY), at("2026-11-24T06:00:00Z")).await.expect(404);
    assert_eq!(app.message(&waits).await["dueAt"], "2026-11-24T06:00:00.000Z");
}

#[tokio::test]
async fn each_try_that_failed_is_shown_with_its_time_and_what_line_said() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::ServerError, count: Some(2), latency_ms: None });
    let sent = app.send(&patient, "third time").await;
    app.drain().await;
    app.pass(TimeDelta::seconds(10)).await;
    app.pass(TimeDelta::seconds(10)).await;
    assert_eq!(app.state_of(&sent).await, "sent");
    let tries = app.get(&format!("/api/messages/{sent}/tries")).await.expect(200);
    let tries = tries["items"].as_array().expect("rows").clone();
    assert_eq!(tries.len(), 2);
    assert_eq!(tries.iter().map(|t| &t["attempt"]).collect::<Vec<_>>(), [1, 2]);
    assert!(tries.iter().all(|t| t["cause"] == "line_unavailable" && t["httpStatus"] == 500), "{tries:?}");
    assert!(tries[0]["startedAt"].as_str() < tries[1]["startedAt"].as_str());
    app.get(&format!("/api/messages/{NOBODY}/tries")).await.expect(404);
}
