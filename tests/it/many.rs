//! What an act on many messages would do, said before it is done.

use chrono::TimeDelta;
use clinicue::line::sandbox::FaultKind;
use serde_json::{Value, json};

use crate::support::{TestApp, fault, id, line_user, message};

async fn look(app: &TestApp, body: Value) -> Value {
    app.post("/api/messages/look", body).await.expect(200)
}

/// One that LINE failed to take, for a patient.
async fn failed(app: &TestApp, patient: &str) -> String {
    app.line.sandbox.set_fault(fault(FaultKind::ServerError, 4));
    let failed = app.send(patient, "hello").await;
    app.drain().await;
    for _ in 0..3 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    assert_eq!(app.state_of(&failed).await, "failed");
    failed
}

#[tokio::test]
async fn those_that_take_a_retry_are_told_from_those_that_do_not() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.patient(1).await, app.patient(2).await);
    let fails = failed(&app, &anna).await;
    let sent = app.send(&anna, "was sent").await;
    app.drain().await;
    let mut later = message(&ben, "later");
    later["schedule"] = json!({ "type": "delay", "delayMs": 3_600_000 });
    let later = id(&app.post("/api/messages", later).await.expect(202));
    let looked = look(&app, json!({ "act": "retry", "ids": [fails, sent, later] })).await;
    assert_eq!((&looked["matched"], &looked["more"]), (&json!(3), &json!(false)));
    assert_eq!(looked["ids"], json!([fails]));
    let count_of = |state: &str| {
        let others = looked["others"].as_array().expect("others");
        others.iter().find(|o| o["state"] == state).map(|o| o["count"].clone())
    };
    assert_eq!((count_of("sent"), count_of("scheduled")), (Some(json!(1)), Some(json!(1))));
    assert_eq!(looked["outlook"], json!([{ "cause": null, "until": null, "count": 1 }]));
    assert_eq!(app.state_of(&fails).await, "failed", "looking changes nothing");
}

#[tokio::test]
async fn what_would_hold_a_retry_is_said_with_its_end() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.patient(1).await, app.patient(2).await);
    let (fails, of_blocked) = (failed(&app, &anna).await, failed(&app, &ben).await);
    let quiet = json!({ "quietHours": { "start": "11:00", "end": "13:00" } });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(quiet)).await.expect(200);
    let unfollow = json!([{ "type": "unfollow", "source": { "type": "user", "userId": line_user(2) } }]);
    app.events(unfollow).await;
    let looked = look(&app, json!({ "act": "retry", "stage": "failed" })).await;
    assert_eq!(looked["ids"], json!([fails, of_blocked]));
    let held = looked["outlook"].as_array().expect("outlook").clone();
    let until = |cause: &str| held.iter().find(|o| o["cause"] == cause).map(|o| o["until"].clone());
    assert_eq!(until("quiet_hours"), Some(json!("2026-11-24T06:00:00.000Z")));
    assert_eq!(until("blocked"), Some(Value::Null));
}

#[tokio::test]
async fn all_that_match_are_those_of_the_list_and_no_later_ones() {
    let app = TestApp::start().await;
    let (anna, ben) = (app.patient(1).await, app.patient(2).await);
    let first = failed(&app, &anna).await;
    failed(&app, &ben).await;
    let of_anna =
        json!({ "act": "retry", "stage": "failed", "cause": "line_unavailable", "patientId": anna });
    let looked = look(&app, of_anna.clone()).await;
    assert_eq!((&looked["matched"], &looked["ids"]), (&json!(1), &json!([first])));
    let listed = app
        .get(&format!("/api/messages?stage=failed&cause=line_unavailable&patientId={anna}"))
        .await
        .expect(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
    let none = look(&app, json!({ "act": "retry", "cause": "blocked" })).await;
    assert_eq!((&none["matched"], &none["ids"]), (&json!(0), &json!([])));
    failed(&app, &anna).await;
    assert_eq!(looked["ids"].as_array().map(Vec::len), Some(1));
    assert_eq!(look(&app, of_anna).await["matched"], 2);
}

#[tokio::test]
async fn cancelling_says_which_repetitions_end() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "every day");
    body["schedule"] = json!({ "type": "recurring", "cron": "0 9 * * *" });
    app.post("/api/messages", body).await.expect(202);
    let looked = look(&app, json!({ "act": "cancel", "stage": "coming" })).await;
    assert_eq!((&looked["repetitions"], &looked["outlook"]), (&json!(1), &json!([])));
    let moved = look(&app, json!({ "act": "move", "stage": "coming" })).await;
    assert_eq!((&moved["ids"], &moved["others"][0]["count"]), (&json!([]), &json!(1)));
    assert_eq!(moved["others"][0]["repeats"], true);
}

#[tokio::test]
async fn nothing_of_a_follow_up_that_is_over_is_offered_a_retry() {
    let app = TestApp::start().await;
    let steps = json!([crate::support::step(json!({ "type": "immediate" }), "hello")]);
    app.line.sandbox.set_fault(fault(FaultKind::ServerError, 4));
    let follow_up = app.follow_up(1, steps).await;
    app.drain().await;
    for _ in 0..3 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    let before = look(&app, json!({ "act": "retry", "stage": "failed" })).await;
    assert_eq!(before["ids"].as_array().map(Vec::len), Some(1));
    app.act(&follow_up, "cancel").await.expect(200);
    let after = look(&app, json!({ "act": "retry", "stage": "failed" })).await;
    assert_eq!((&after["ids"], &after["others"][0]["followUpOver"]), (&json!([]), &json!(true)));
}

#[tokio::test]
async fn a_choice_is_refused_that_is_empty_too_long_or_of_no_act() {
    let app = TestApp::start().await;
    for body in [
        json!({ "act": "retry", "ids": [] }),
        json!({ "act": "retry", "from": "yesterday" }),
        json!({ "act": "retry", "ids": vec!["01a20c51-6346-70e8-b237-85fb26c46dd1"; 1_001] }),
    ] {
        assert_eq!(app.post("/api/messages/look", body).await.problem(422), "out_of_limits");
    }
    for body in [json!({}), json!({ "act": "delete" }), json!({ "act": "retry", "ids": ["x"] })] {
        app.post("/api/messages/look", body).await.problem(400);
    }
    let gone = json!({ "act": "retry", "ids": ["01a20c51-6346-70e8-b237-85fb26c46dd1"] });
    assert_eq!(look(&app, gone).await["matched"], 0);
}
