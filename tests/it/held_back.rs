//! One message that staff hold back: it waits past its time and past whatever else is let go, until
//! they release it, move it, or it has grown too old.

use chrono::TimeDelta;
use clinicue::clock::Clock as _;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, id, step};

const THREE_O_CLOCK: &str = "2026-11-24T08:00:00.000Z";

async fn act(app: &TestApp, message: &str, act: &str) -> Answer {
    app.post(&format!("/api/messages/{message}/{act}"), json!({})).await
}

/// A message of its own that is due at three in the afternoon of the clinic's clock, three hours on.
async fn at_three(app: &TestApp, patient: &str, text: &str) -> String {
    let message = json!({
        "patientId": patient, "messageType": "text", "content": { "text": text },
        "schedule": { "type": "at", "at": THREE_O_CLOCK },
    });
    id(&app.post("/api/messages", message).await.expect(202))
}

fn standing(message: &Value) -> (&str, &str) {
    (message["state"].as_str().expect("a state"), message["cause"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_message_that_is_held_back_waits_past_its_time_and_goes_when_it_is_released() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let message = at_three(&app, &patient, "results").await;
    let held = act(&app, &message, "hold").await.expect(200);
    assert_eq!(standing(&held), ("held", "held_by_staff"));
    assert_eq!((&held["dueAt"], &held["nextAttemptAt"]), (&json!(THREE_O_CLOCK), &Value::Null));
    assert_eq!(held["actions"], json!(["move", "release", "cancel"]));
    let app = app.restart().await;
    app.pass(TimeDelta::hours(5)).await;
    assert!(app.texts(1).is_empty());
    let released = act(&app, &message, "release").await.expect(200);
    assert_eq!(standing(&released), ("scheduled", ""));
    app.drain().await;
    assert_eq!(app.texts(1), ["results"]);
}

#[tokio::test]
async fn a_message_that_is_released_before_its_time_keeps_it() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let message = at_three(&app, &patient, "results").await;
    act(&app, &message, "hold").await.expect(200);
    let released = act(&app, &message, "release").await.expect(200);
    assert_eq!(released["nextAttemptAt"], THREE_O_CLOCK);
    app.pass(TimeDelta::hours(2)).await;
    assert!(app.texts(1).is_empty());
    app.pass(TimeDelta::hours(2)).await;
    assert_eq!(app.texts(1), ["results"]);
}

#[tokio::test]
async fn a_step_ahead_that_is_held_back_is_not_sent_at_its_time_nor_twice() {
    let app = TestApp::start().await;
    let steps = json!([
        step(json!({ "type": "delay", "value": "1h" }), "first"),
        step(json!({ "type": "delay", "value": "2h" }), "second"),
    ]);
    let follow_up = app.follow_up(1, steps).await;
    let ahead = app.get(&format!("/api/assignments/{follow_up}/upcoming")).await.expect(200);
    let first = &ahead["items"][0];
    let which = json!({ "stepId": first["stepId"], "occurrence": first["occurrence"] });
    let hold = format!("/api/assignments/{follow_up}/upcoming/hold");
    let held = app.post(&hold, which.clone()).await.expect(200);
    assert_eq!((standing(&held), &held["dueAt"]), (("held", "held_by_staff"), &first["dueAt"]));
    let twice = app.post(&hold, which).await;
    assert_eq!((twice.status, &twice.json["refusal"]["code"]), (409, &json!("notAhead")));
    app.pass(TimeDelta::hours(3)).await;
    assert_eq!(app.texts(1), ["second"]);
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    assert_eq!(shown["status"], "active", "something of it still waits");
    act(&app, &id(&held), "release").await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["second", "first"]);
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    assert_eq!(shown["status"], "completed");
}

#[tokio::test]
async fn neither_a_follow_up_that_goes_on_nor_sending_that_is_resumed_releases_it() {
    let app = TestApp::start().await;
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let follow_up = app.follow_up(1, json!([step(json!({ "type": "immediate" }), "held")])).await;
    app.drain().await;
    let list = app.get(&format!("/api/messages?assignmentId={follow_up}")).await.expect(200);
    let message = id(&list["items"][0]);
    act(&app, &message, "hold").await.expect(200);
    app.act(&follow_up, "pause").await.expect(200);
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.act(&follow_up, "resume").await.expect(200);
    app.drain().await;
    assert_eq!(standing(&app.message(&message).await), ("held", "held_by_staff"));
    app.act(&follow_up, "pause").await.expect(200);
    act(&app, &message, "release").await.expect(200);
    app.drain().await;
    assert_eq!(standing(&app.message(&message).await), ("held", "follow_up_paused"));
    app.act(&follow_up, "resume").await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["held"]);
}

#[tokio::test]
async fn a_message_that_waits_for_the_next_try_is_held_back_and_tried_again_when_it_is_released() {
    let app = TestApp::start().await;
    app.line.sandbox.set_fault(clinicue::line::sandbox::Fault {
        kind: clinicue::line::sandbox::FaultKind::RateLimit,
        count: None,
        latency_ms: None,
    });
    let patient = app.patient(1).await;
    let message = app.send(&patient, "again").await;
    app.drain().await;
    assert_eq!(app.state_of(&message).await, "retrying");
    act(&app, &message, "hold").await.expect(200);
    app.line.sandbox.set_fault(clinicue::line::sandbox::Fault::default());
    app.pass(TimeDelta::minutes(30)).await;
    assert!(app.texts(1).is_empty());
    act(&app, &message, "release").await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["again"]);
}

#[tokio::test]
async fn what_line_may_have_is_held_back_but_never_made_anew_for_another_time() {
    let app = TestApp::start().await;
    app.line.sandbox.set_fault(clinicue::line::sandbox::Fault {
        kind: clinicue::line::sandbox::FaultKind::LostAnswer,
        count: Some(1),
        latency_ms: None,
    });
    let patient = app.patient(1).await;
    let message = app.send(&patient, "once").await;
    app.drain().await;
    assert_eq!(app.state_of(&message).await, "retrying");
    let held = act(&app, &message, "hold").await.expect(200);
    assert_eq!(held["actions"], json!(["release", "cancel"]));
    let at = json!({ "at": "2026-11-25T07:00:00Z" });
    let moved = app.post(&format!("/api/messages/{message}/move"), at).await;
    assert_eq!((moved.status, &moved.json["refusal"]["code"]), (409, &json!("notToMove")));
    let released = act(&app, &message, "release").await.expect(200);
    assert_eq!(standing(&released), ("retrying", "outcome_unknown"));
    app.drain().await;
    assert_eq!((app.texts(1), app.state_of(&message).await), (vec!["once".to_owned()], "sent".to_owned()));
}

#[tokio::test]
async fn what_is_held_back_for_too_long_is_for_a_person_to_decide() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let message = at_three(&app, &patient, "results").await;
    act(&app, &message, "hold").await.expect(200);
    app.pass(TimeDelta::days(2)).await;
    assert!(app.texts(1).is_empty());
    assert_eq!(standing(&app.message(&message).await), ("review", "stale"));
    assert_eq!(act(&app, &message, "release").await.status, 409);
}

#[tokio::test]
async fn what_is_held_back_is_moved_or_cancelled_like_what_waits() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let [moved, cancelled] =
        [at_three(&app, &patient, "moved").await, at_three(&app, &patient, "cancelled").await];
    for message in [&moved, &cancelled] {
        act(&app, message, "hold").await.expect(200);
    }
    let at = json!({ "at": "2026-11-24T07:00:00Z" });
    let after = app.post(&format!("/api/messages/{moved}/move"), at).await.expect(200);
    assert_eq!(standing(&after), ("scheduled", ""));
    act(&app, &cancelled, "cancel").await.expect(200);
    app.pass(TimeDelta::hours(4)).await;
    assert_eq!(app.texts(1), ["moved"]);
}

#[tokio::test]
async fn what_is_held_back_and_sent_now_by_mistake_is_held_back_again_though_its_time_is_past() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let message = at_three(&app, &patient, "results").await;
    let due_at = app.message(&message).await["dueAt"].clone();
    act(&app, &message, "hold").await.expect(200);
    app.pass(TimeDelta::hours(4)).await;
    let path = format!("/api/messages/{message}/move");
    let soon = app.clock.now() + TimeDelta::seconds(10);
    assert_eq!(standing(&app.post(&path, json!({ "at": soon })).await.expect(200)), ("scheduled", ""));
    let back = app.post(&path, json!({ "at": due_at, "held": true })).await.expect(200);
    assert_eq!((standing(&back), &back["dueAt"]), (("held", "held_by_staff"), &due_at));
    app.pass(TimeDelta::minutes(1)).await;
    assert!(app.texts(1).is_empty(), "it was sent as it was taken back");
    act(&app, &message, "release").await.expect(200);
    app.pass(TimeDelta::minutes(1)).await;
    assert_eq!(app.texts(1), ["results"]);
}

#[tokio::test]
async fn what_has_gone_or_repeats_is_not_held_back_and_what_nobody_holds_is_not_released() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let sent = app.send(&patient, "gone").await;
    app.drain().await;
    let daily = json!({
        "patientId": patient, "messageType": "text", "content": { "text": "daily" },
        "schedule": { "type": "recurring", "cron": "0 9 * * *" },
    });
    let repeats = id(&app.post("/api/messages", daily).await.expect(202));
    for (message, wanted, code) in [
        (&sent, "hold", "notToHold"),
        (&repeats, "hold", "notToHold"),
        (&sent, "release", "notHeldBack"),
        (&repeats, "release", "notHeldBack"),
    ] {
        let refused = act(&app, message, wanted).await;
        assert_eq!((refused.status, &refused.json["refusal"]["code"]), (409, &json!(code)));
    }
    let unknown = "0198c0de-0000-7000-8000-000000000000";
    for wanted in ["hold", "release"] {
        act(&app, unknown, wanted).await.expect(404);
    }
}

#[tokio::test]
async fn a_look_says_which_of_many_can_be_held_back_and_released() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let [one, other] = [at_three(&app, &patient, "one").await, at_three(&app, &patient, "other").await];
    act(&app, &one, "hold").await.expect(200);
    for (wanted, takes) in [("hold", &other), ("release", &one)] {
        let look = json!({ "act": wanted, "ids": [one, other] });
        let looked = app.post("/api/messages/look", look).await.expect(200);
        assert_eq!(looked["ids"], json!([takes]), "{wanted}");
    }
    let held = app.get("/api/messages/held").await.expect(200);
    let group = &held["items"][0];
    assert_eq!(
        (&group["cause"], &group["count"], &group["releasedBy"], &group["until"]),
        (&json!("held_by_staff"), &json!(1), &json!("staff"), &Value::Null)
    );
}

#[tokio::test]
async fn a_step_that_is_moved_out_of_quiet_hours_stays_fresh_for_its_own_time_alone() {
    let app = TestApp::start().await;
    let quiet = json!({ "quietHours": { "start": "20:00", "end": "08:00" } });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(quiet)).await.expect(200);
    // Due at ten in the evening: it may go until nine in the morning.
    let mut night = step(json!({ "type": "delay", "value": "10h" }), "for the night");
    night["freshnessHours"] = json!(1);
    let follow_up = app.follow_up(1, json!([night])).await;
    let ahead = app.get(&format!("/api/assignments/{follow_up}/upcoming")).await.expect(200);
    let first = &ahead["items"][0];
    let which = json!({ "stepId": first["stepId"], "occurrence": first["occurrence"] });
    let held = app.post(&format!("/api/assignments/{follow_up}/upcoming/hold"), which).await.expect(200);
    let noon = json!({ "at": "2026-11-25T05:00:00Z" });
    app.post(&format!("/api/messages/{}/move", id(&held)), noon).await.expect(200);
    app.post("/api/sending/pause", json!({})).await.expect(200);
    app.pass(TimeDelta::hours(26)).await;
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.state_of(&id(&held)).await, "review", "at two it is no longer what it was at noon");
    assert!(app.texts(1).is_empty());
}
