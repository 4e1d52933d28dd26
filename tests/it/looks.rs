//! How a push appears: under which name, and whether it makes a sound.

use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::{TestApp, asking, id, leftovers::Left, line_user, step};

fn immediate() -> Value {
    json!({ "type": "immediate" })
}

async fn quiet(app: &TestApp, silently: bool) {
    let hours = json!({ "start": "20:00", "end": "08:00", "silently": silently });
    let body = json!({ "quietHours": hours });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(body)).await.expect(200);
}

/// How many pushes LINE took, and how many of them made no sound.
fn heard(app: &TestApp) -> (u64, u64) {
    (app.line.sandbox.accepted(), app.line.sandbox.silent())
}

#[tokio::test]
async fn the_messages_of_a_plan_appear_under_its_sender() {
    let app = TestApp::start().await;
    let sender = json!({ "name": "Nurse Nok", "iconUrl": "https://example.com/nok.png" });
    let body = json!({ "name": "Plan", "sender": sender, "steps": [asking()] });
    let made = app.post("/api/protocols", body).await.expect(201);
    assert_eq!(made["sender"], sender);
    let plan = id(&made);
    app.post(&format!("/api/protocols/{plan}/activate"), json!({})).await.expect(200);
    let patient = app.patient(1).await;
    let body = json!({ "patientId": patient, "protocolId": plan });
    let assignment = id(&app.post("/api/assignments", body).await.expect(201));
    app.act(&assignment, "start").await.expect(200);
    app.drain().await;
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    let senders: Vec<_> = chat.iter().map(|m| m.message["sender"].clone()).collect();
    assert_eq!(senders, [sender.clone(), sender.clone()]);
    // Left out it stays, null takes it away.
    let change = |sender: Option<Value>| {
        let mut body = json!({ "name": "Plan", "steps": [asking()] });
        if let Some(sender) = sender {
            body["sender"] = sender;
        }
        body
    };
    let path = format!("/api/protocols/{plan}");
    let kept = app.call_as(&app.token, "PUT", &path, Some(change(None))).await.expect(200);
    assert_eq!(kept["sender"], sender);
    let gone = app.call_as(&app.token, "PUT", &path, Some(change(Some(Value::Null)))).await.expect(200);
    assert_eq!(gone["sender"], Value::Null);
    let wrong = json!({ "name": "A name of twenty-one ch", "iconUrl": "http://example.com/a.png" });
    let problem = app.call_as(&app.token, "PUT", &path, Some(change(Some(wrong)))).await.expect(422);
    let fields: Vec<_> = problem["errors"].as_array().expect("fields").iter().map(|e| &e["field"]).collect();
    assert_eq!(fields, ["sender.name", "sender.iconUrl"]);
    for (name, code) in [
        ("{{patient.name}}", "noVariableHere"),
        ("ｌｉｎｅ", "namesLine"),
        ("LI\u{200b}NE", "namesLine"),
        ("l\u{ad}i\u{2060}ne", "namesLine"),
        ("ⓁⒾⓃⒺ", "namesLine"),
        (" ", "notOneLine"),
        ("\u{200b}\u{3000}", "notOneLine"),
        ("Nurse\nNok", "notOneLine"),
        ("Nurse\u{2028}Nok", "notOneLine"),
        ("Nurse \u{202e}Nok", "notOneLine"),
    ] {
        let wrong = Some(json!({ "name": name }));
        let problem = app.call_as(&app.token, "PUT", &path, Some(change(wrong))).await.expect(422);
        let error = &problem["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("sender.name"), &json!(code)));
    }
}

#[tokio::test]
async fn a_step_may_arrive_without_a_sound() {
    let app = TestApp::start().await;
    let mut still = step(immediate(), "still");
    still["silent"] = json!(true);
    app.follow_up(1, json!([step(immediate(), "loud"), still])).await;
    app.drain().await;
    assert_eq!(heard(&app), (2, 1));
}

#[tokio::test]
async fn quiet_hours_hold_messages_or_let_them_go_without_a_sound() {
    let app = TestApp::start().await;
    quiet(&app, false).await;
    let later = step(json!({ "type": "delay", "value": "10h" }), "night");
    app.follow_up(1, json!([later])).await;
    app.pass(TimeDelta::hours(10)).await;
    assert_eq!(heard(&app), (0, 0));
    // From now on what waits goes, and its bytes are made for the hour in which they go.
    quiet(&app, true).await;
    app.drain().await;
    assert_eq!(heard(&app), (1, 1));
    assert_eq!(app.get("/api/settings").await.expect(200)["quietHours"]["silently"], true);
}

#[tokio::test]
async fn a_step_may_wait_go_silently_or_go_in_quiet_hours_whatever_the_clinic_says() {
    for (silently, at_night, by_night) in [
        (false, json!(null), (0, 0)),
        (false, json!("silently"), (1, 1)),
        (false, json!("send"), (1, 0)),
        (true, json!("wait"), (0, 0)),
        (true, json!("send"), (1, 0)),
    ] {
        let app = TestApp::start().await;
        quiet(&app, silently).await;
        let mut later = step(json!({ "type": "delay", "value": "10h" }), "night");
        later["atNight"] = at_night.clone();
        later["freshnessHours"] = json!(1);
        app.follow_up(1, json!([later])).await;
        let plan = app.get("/api/protocols").await.expect(200)["items"][0].clone();
        let plan = app.get(&format!("/api/protocols/{}", id(&plan))).await.expect(200);
        assert_eq!(plan["steps"][0]["atNight"], at_night);
        let asked = json!({ "triggers": [{ "type": "delay", "value": "10h" }], "atNight": [at_night] });
        let ahead = app.post("/api/protocols/preview", asked).await.expect(200)["items"][0].clone();
        assert_eq!(
            (ahead["goesAt"] == ahead["dueAt"], &ahead["silently"]),
            (by_night.0 == 1, &json!(by_night.1 == 1))
        );
        app.pass(TimeDelta::hours(10)).await;
        assert_eq!(heard(&app), by_night, "{silently} {at_night}");
        app.pass(TimeDelta::minutes(10 * 60 + 5)).await;
        assert_eq!(heard(&app), (1, by_night.1), "in the morning; {silently} {at_night}");
    }
    let app = TestApp::start().await;
    let mut wrong = step(immediate(), "night");
    wrong["atNight"] = json!("never");
    app.post("/api/protocols", json!({ "name": "A", "steps": [wrong] })).await.problem(400);
}

#[tokio::test]
async fn what_line_may_have_is_repeated_as_it_was_and_everything_else_as_the_hour_says() {
    let app = TestApp::start().await;
    quiet(&app, true).await;
    app.clock.advance(TimeDelta::minutes(8 * 60) - TimeDelta::seconds(3));
    let patient = app.patient(1).await;
    // Three seconds to eight in the evening: the first attempt makes a sound, and so does each
    // repetition of the same bytes.
    app.line.sandbox.set_fault(Fault { kind: FaultKind::ServerError, count: Some(1), latency_ms: None });
    app.send(&patient, "maybe").await;
    app.drain().await;
    app.pass(TimeDelta::seconds(10)).await;
    assert_eq!(heard(&app), (1, 0));
    app.send(&patient, "surely not").await;
    app.drain().await;
    assert_eq!(heard(&app), (2, 1));
    app.leaves(Left::Refusal, "LINE was told to fail");
}
