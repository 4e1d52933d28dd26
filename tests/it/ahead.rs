//! The steps ahead of a follow-up, changed by staff: left out, brought back, sent at another time,
//! all of them moved with the start, and a start on another day.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, id, step};

/// A greeting at once, then one message each of three days.
fn three_days() -> Value {
    json!([
        step(json!({ "type": "immediate" }), "day 0"),
        step(json!({ "type": "delay", "value": "1d" }), "day 1"),
        step(json!({ "type": "delay", "value": "2d" }), "day 2"),
        step(json!({ "type": "delay", "value": "3d" }), "day 3"),
    ])
}

async fn ahead(app: &TestApp, follow_up: &str) -> Vec<Value> {
    let list = app.get(&format!("/api/assignments/{follow_up}/upcoming")).await.expect(200);
    list["items"].as_array().expect("items").clone()
}

fn named(step: &Value) -> Value {
    json!({ "stepId": step["stepId"], "occurrence": step["occurrence"] })
}

async fn act_on(app: &TestApp, follow_up: &str, act: &str, body: Value) -> crate::support::Answer {
    app.post(&format!("/api/assignments/{follow_up}/{act}"), body).await
}

#[tokio::test]
async fn a_step_that_is_left_out_is_not_sent_and_the_next_time_is_that_of_the_one_after() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, three_days()).await;
    app.drain().await;
    let steps = ahead(&app, &follow_up).await;
    let after = act_on(&app, &follow_up, "upcoming/skip", named(&steps[0])).await.expect(200);
    assert_eq!(after["nextDueAt"], steps[1]["dueAt"]);
    assert_eq!(ahead(&app, &follow_up).await.len(), 2);
    let twice = act_on(&app, &follow_up, "upcoming/skip", named(&steps[0])).await;
    assert_eq!((twice.status, &twice.json["refusal"]["code"]), (409, &json!("notAhead")));
    let app = app.restart().await;
    app.pass(TimeDelta::days(4)).await;
    assert_eq!(app.texts(1).first().map(String::as_str), Some("day 0"));
    assert!(!app.texts(1).contains(&"day 1".to_owned()));
}

#[tokio::test]
async fn a_step_that_was_left_out_comes_back_while_its_time_is_to_come() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, three_days()).await;
    app.drain().await;
    let steps = ahead(&app, &follow_up).await;
    let never = act_on(&app, &follow_up, "upcoming/bring-back", named(&steps[0])).await;
    assert_eq!((never.status, &never.json["refusal"]["code"]), (409, &json!("notLeftOut")));
    act_on(&app, &follow_up, "upcoming/skip", named(&steps[0])).await.expect(200);
    act_on(&app, &follow_up, "upcoming/skip", named(&steps[1])).await.expect(200);
    act_on(&app, &follow_up, "upcoming/bring-back", named(&steps[0])).await.expect(200);
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(app.texts(1), ["day 0", "day 1"]);
    app.pass(TimeDelta::hours(30)).await;
    let late = act_on(&app, &follow_up, "upcoming/bring-back", named(&steps[1])).await;
    assert_eq!(late.status, 409, "its time has passed");
}

#[tokio::test]
async fn a_step_goes_at_once_and_not_once_more_at_its_time() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, three_days()).await;
    app.drain().await;
    let steps = ahead(&app, &follow_up).await;
    let mut now = named(&steps[0]);
    now["at"] = json!("2026-11-24T05:00:00Z");
    let made = act_on(&app, &follow_up, "upcoming/move", now.clone()).await.expect(200);
    assert_eq!((&made["stepId"], &made["assignmentId"]), (&steps[0]["stepId"], &json!(follow_up)));
    app.drain().await;
    assert_eq!(app.texts(1), ["day 0", "day 1"]);
    assert_eq!(act_on(&app, &follow_up, "upcoming/move", now).await.status, 409);
    let again = act_on(&app, &follow_up, "upcoming/bring-back", named(&steps[0])).await;
    assert_eq!(again.status, 409, "it was sent, not left out");
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(app.texts(1), ["day 0", "day 1"]);
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(app.texts(1), ["day 0", "day 1", "day 2"]);
}

#[tokio::test]
async fn a_step_that_was_moved_waits_as_a_message_that_is_moved_and_cancelled_like_others() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, three_days()).await;
    app.drain().await;
    let steps = ahead(&app, &follow_up).await;
    let mut later = named(&steps[0]);
    later["at"] = json!("2026-11-25T15:00:00Z");
    let made = act_on(&app, &follow_up, "upcoming/move", later).await.expect(200);
    assert_eq!((&made["state"], &made["dueAt"]), (&json!("scheduled"), &json!("2026-11-25T15:00:00.000Z")));
    assert_eq!(made["actions"], json!(["move", "hold", "cancel"]));
    app.pass(TimeDelta::hours(25)).await;
    assert_eq!(app.texts(1), ["day 0"]);
    app.pass(TimeDelta::hours(10)).await;
    assert_eq!(app.texts(1), ["day 0", "day 1"]);
}

#[tokio::test]
async fn one_dose_of_many_is_left_out() {
    let app = TestApp::start().await;
    let daily = json!({ "type": "scheduled", "value": "09:00,21:00", "startDay": 1, "days": 2 });
    let follow_up = app.follow_up(1, json!([step(daily, "dose")])).await;
    let steps = ahead(&app, &follow_up).await;
    assert_eq!(steps.len(), 4);
    assert_eq!(steps[1]["occurrence"], 202_611_252_100_i64);
    act_on(&app, &follow_up, "upcoming/skip", named(&steps[1])).await.expect(200);
    for _ in 0..7 {
        app.pass(TimeDelta::hours(12)).await;
    }
    assert_eq!(app.texts(1).len(), 3);
    assert!(ahead(&app, &follow_up).await.is_empty());
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    assert_eq!(shown["status"], "completed");
}

#[tokio::test]
async fn leaving_out_the_last_step_ends_the_follow_up() {
    let app = TestApp::start().await;
    let steps = json!([step(json!({ "type": "delay", "value": "1d" }), "only one")]);
    let follow_up = app.follow_up(1, steps).await;
    let steps = ahead(&app, &follow_up).await;
    let after = act_on(&app, &follow_up, "upcoming/skip", named(&steps[0])).await.expect(200);
    assert_eq!((&after["status"], &after["nextDueAt"]), (&json!("completed"), &Value::Null));
}

#[tokio::test]
async fn a_start_that_is_moved_takes_along_what_is_ahead_and_repeats_nothing() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, three_days()).await;
    app.drain().await;
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(app.texts(1), ["day 0", "day 1"]);
    let before = ahead(&app, &follow_up).await;
    let path = format!("/api/assignments/{follow_up}/upcoming?startsAt=2026-11-27T05:00:00Z");
    let looked = app.get(&path).await.expect(200);
    assert_eq!((looked["items"].as_array().map(Vec::len), &looked["leftOut"]), (Some(2), &json!([])));
    let moved = json!({ "startsAt": "2026-11-27T05:00:00Z" });
    let after = act_on(&app, &follow_up, "move-start", moved).await.expect(200);
    assert_eq!(after["canMoveStart"], true);
    assert_eq!(after["startedAt"], "2026-11-27T05:00:00.000Z");
    assert_eq!(after["nextDueAt"], "2026-11-29T05:00:00.000Z");
    assert_eq!(ahead(&app, &follow_up).await, looked["items"].as_array().cloned().unwrap_or_default());
    app.pass(TimeDelta::days(2)).await;
    assert_eq!(app.texts(1), ["day 0", "day 1"], "the start and day 1 come only once");
    // And back again.
    let back = json!({ "startsAt": "2026-11-24T05:00:00Z" });
    act_on(&app, &follow_up, "move-start", back).await.expect(200);
    let again: Vec<_> = ahead(&app, &follow_up).await;
    assert_eq!(again.last().map(|s| &s["dueAt"]), before.last().map(|s| &s["dueAt"]));
}

#[tokio::test]
async fn what_a_new_start_leaves_behind_is_said_before() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, three_days()).await;
    app.drain().await;
    let start = "2026-11-22T12:00:00Z";
    let path = format!("/api/assignments/{follow_up}/upcoming?startsAt={start}");
    let looked = app.get(&path).await.expect(200);
    let orders = |list: &Value| -> Vec<i64> {
        list.as_array().expect("list").iter().filter_map(|s| s["stepOrder"].as_i64()).collect()
    };
    assert_eq!((orders(&looked["leftOut"]), orders(&looked["items"])), (vec![2], vec![3, 4]));
    let before = ahead(&app, &follow_up).await;
    act_on(&app, &follow_up, "move-start", json!({ "startsAt": start })).await.expect(200);
    // Moved back, what was left out by it is ahead again.
    let back = json!({ "startsAt": "2026-11-24T05:00:00Z" });
    act_on(&app, &follow_up, "move-start", back).await.expect(200);
    assert_eq!(ahead(&app, &follow_up).await, before);
    act_on(&app, &follow_up, "move-start", json!({ "startsAt": start })).await.expect(200);
    app.pass(TimeDelta::hours(8)).await;
    assert_eq!(app.texts(1), ["day 0", "day 2"]);
}

#[tokio::test]
async fn a_pause_before_a_start_that_was_moved_delays_nothing() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, three_days()).await;
    app.drain().await;
    app.act(&follow_up, "pause").await.expect(200);
    app.pass(TimeDelta::hours(12)).await;
    app.act(&follow_up, "resume").await.expect(200);
    let moved = json!({ "startsAt": "2026-11-25T05:00:00Z" });
    let after = act_on(&app, &follow_up, "move-start", moved).await.expect(200);
    assert_eq!(after["nextDueAt"], "2026-11-26T05:00:00.000Z");
}

#[tokio::test]
async fn a_follow_up_begins_on_the_day_it_is_given() {
    let app = TestApp::start().await;
    let (patient, protocol) = (app.patient(1).await, app.protocol(three_days()).await);
    let made = json!({ "patientId": patient, "protocolId": protocol });
    let follow_up = id(&app.post("/api/assignments", made.clone()).await.expect(201));
    let path = format!("/api/assignments/{follow_up}/upcoming?startsAt=2026-11-26");
    assert_eq!(app.get(&path).await.expect(200)["items"].as_array().map(Vec::len), Some(4));
    let start = json!({ "startsAt": "2026-11-26T02:00:00Z" });
    let started = act_on(&app, &follow_up, "start", start).await.expect(200);
    assert_eq!(started["nextDueAt"], "2026-11-26T02:00:00.000Z");
    app.pass(TimeDelta::days(1)).await;
    assert!(app.texts(1).is_empty());
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(app.texts(1), ["day 0"]);

    // One that began before goes on from where it would be.
    let follow_up = id(&app.post("/api/assignments", made).await.expect(201));
    let start = json!({ "startsAt": "2026-11-25T04:00:00Z" });
    let started = act_on(&app, &follow_up, "start", start).await.expect(200);
    assert_eq!((&started["currentStep"], &started["status"]), (&json!(2), &json!("active")));
    assert_eq!(started["nextDueAt"], "2026-11-27T04:00:00.000Z");
}

#[tokio::test]
async fn a_start_too_far_away_and_acts_on_what_is_not_under_way_are_refused() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, three_days()).await;
    app.drain().await;
    for start in ["2024-01-01T00:00:00Z", "2029-01-01T00:00:00Z"] {
        let refused = act_on(&app, &follow_up, "move-start", json!({ "startsAt": start })).await;
        assert_eq!((refused.status, &refused.json["errors"][0]["field"]), (422, &json!("startsAt")));
    }
    let steps = ahead(&app, &follow_up).await;
    app.act(&follow_up, "pause").await.expect(200);
    let paused = act_on(&app, &follow_up, "upcoming/skip", named(&steps[0])).await;
    assert_eq!((paused.status, &paused.json["refusal"]["code"]), (409, &json!("notInThisStatus")));
    let nobody = "01a20c51-6346-70e8-b237-85fb26c46dd1";
    assert_eq!(act_on(&app, nobody, "upcoming/skip", named(&steps[0])).await.status, 404);
    act_on(&app, &follow_up, "upcoming/skip", json!({ "stepId": "x", "occurrence": 0 })).await.problem(400);
    let below = json!({ "stepId": steps[0]["stepId"], "occurrence": -1 });
    act_on(&app, &follow_up, "upcoming/skip", below).await.problem(422);
}

#[tokio::test]
async fn what_is_planned_is_shown_with_its_words_in_the_patients_language() {
    let app = TestApp::start().await;
    app.follow_up(1, three_days()).await;
    app.drain().await;
    let patients = app.get("/api/patients").await.expect(200);
    let patient = id(&patients["items"][0]);
    let timeline = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    assert_eq!(timeline["planned"][0]["content"], json!({ "text": "day 1" }));
    assert_eq!(timeline["planned"][0]["occurrence"], 0);
}

#[tokio::test]
async fn follow_ups_are_counted_and_found_by_their_patients() {
    let app = TestApp::start().await;
    let first = app.follow_up(1, three_days()).await;
    app.follow_up(2, three_days()).await;
    app.drain().await;
    app.act(&first, "pause").await.expect(200);
    let all = app.get("/api/assignments/counts").await.expect(200);
    let counted = json!({ "assigned": 0, "active": 1, "paused": 1, "completed": 0, "cancelled": 0 });
    assert_eq!(all, counted);
    let patients = app.get("/api/patients").await.expect(200);
    let name = patients["items"][1]["displayName"].as_str().expect("name").to_owned();
    let found = app.get(&format!("/api/assignments?search={name}")).await.expect(200);
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    let counts = app.get(&format!("/api/assignments/counts?search={name}")).await.expect(200);
    assert_eq!((&counts["active"], &counts["paused"]), (&json!(0), &json!(1)));
    let none = app.get("/api/assignments?search=nobody%20here").await.expect(200);
    assert_eq!(none["items"], json!([]));
    let long = "x".repeat(101);
    assert_eq!(
        app.get(&format!("/api/assignments/counts?search={long}")).await.problem(422),
        "out_of_limits"
    );
}
