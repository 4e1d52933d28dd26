//! The clock of practice mode, which jumps from message to message.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, line_user, step};

async fn practice() -> TestApp {
    TestApp::start_with(|config| config.sandbox = true).await
}

/// How many messages the practice phone of LINE user 1 got.
async fn got(app: &TestApp) -> usize {
    let path = format!("/api/practice/phones/{}/messages", line_user(1));
    let chat = app.get(&path).await.expect(200);
    chat["items"].as_array().expect("items").len()
}

async fn jump(app: &TestApp, to: &str) -> Value {
    app.post("/api/practice/clock/jump", json!({ "to": to })).await.expect(200)
}

fn daily() -> Value {
    json!([step(json!({ "type": "scheduled", "value": "09:00", "startDay": 1, "days": 5 }), "dose")])
}

#[tokio::test]
async fn it_jumps_to_the_next_message_which_arrives_at_its_time() {
    let app = practice().await;
    app.follow_up(1, daily()).await;
    app.drain().await;
    let jumped = jump(&app, "nextMessage").await;
    assert_eq!(jumped["arrived"], true);
    assert_eq!(got(&app).await, 1);
    assert_eq!(jumped["nextDueAt"], "2026-11-26T02:00:00.000Z");
    let status = app.get("/api/status").await.expect(200);
    assert_eq!(status["now"], "2026-11-25T02:00:00.000Z");
    assert_eq!(status["practiceAheadMs"], 21 * 3_600_000);
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"][0]["sentAt"].as_str().map(|at| &at[..16]), Some("2026-11-25T02:00"));
}

#[tokio::test]
async fn a_long_jump_leaves_nothing_out_and_makes_nothing_late() {
    let app = practice().await;
    app.follow_up(1, daily()).await;
    app.drain().await;
    for _ in 0..6 {
        assert_eq!(jump(&app, "day").await["arrived"], true);
    }
    assert_eq!(got(&app).await, 5);
    let failed = app.get("/api/jobs/failed-deliveries").await.expect(200);
    assert_eq!(failed["items"], json!([]));
}

#[tokio::test]
async fn it_stays_ahead_over_a_restart_and_signs_nobody_out() {
    let mut app = practice().await;
    jump(&app, "day").await;
    app.stop().await;
    let (clock, dir, line) = (app.clock.clone(), app.dir.clone(), app.line.clone());
    let app = TestApp::open(clock, dir, line, |config| config.sandbox = true).await;
    assert_eq!(app.get("/api/status").await.expect(200)["practiceAheadMs"], 24 * 3_600_000);
    app.clock.advance(TimeDelta::hours(1));
    let status = app.get("/api/status").await.expect(200);
    assert_eq!(status["now"], "2026-11-25T06:00:00.000Z");
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_missed_at_its_time() {
    let app = practice().await;
    app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    for _ in 0..4 {
        jump(&app, "day").await;
    }
    let worklist = app.get("/api/worklist").await.expect(200);
    assert_eq!(worklist["items"][0]["reason"], "missed");
}

#[tokio::test]
async fn without_anything_to_jump_to_it_stays_where_it_is() {
    let app = practice().await;
    let nothing = app.post("/api/practice/clock/jump", json!({ "to": "nextMessage" })).await;
    assert_eq!((nothing.status, &nothing.json["refusal"]["code"]), (409, &json!("nothingPlanned")));
    let loud = app.post("/api/practice/clock/jump", json!({ "to": "quietEnd" })).await;
    assert_eq!((loud.status, &loud.json["refusal"]["code"]), (409, &json!("notQuiet")));
    app.post("/api/practice/clock/jump", json!({ "to": "yesterday" })).await.problem(400);
    assert_eq!(app.get("/api/status").await.expect(200)["practiceAheadMs"], 0);
    let quiet = json!({ "quietHours": { "start": "11:00", "end": "13:00" } });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(quiet)).await.expect(200);
    assert_eq!(jump(&app, "quietEnd").await["now"], "2026-11-24T06:00:00.000Z");
}
