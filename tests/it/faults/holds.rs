//! What is held goes when what held it ends: a pause, quiet hours, a missing consent, the
//! pace; and what repeats goes on whatever becomes of one time.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{NOON, TestApp, at, id, line_user, message, step};

async fn settings(app: &TestApp, change: Value) {
    app.call_as(&app.token, "PATCH", "/api/settings", Some(change)).await.expect(200);
}

async fn patch(app: &TestApp, patient: &str, change: Value) {
    app.call_as(&app.token, "PATCH", &format!("/api/patients/{patient}"), Some(change)).await.expect(200);
}

/// A follow-up whose first step is held because all sending is paused, and whose second step
/// is a day away.
async fn held_follow_up(app: &TestApp) -> (String, String) {
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let steps = json!([
        step(json!({ "type": "immediate" }), "held"),
        step(json!({ "type": "delay", "value": "1d" }), "far"),
    ]);
    let follow_up = app.follow_up(1, steps).await;
    app.drain().await;
    let held = app.get(&format!("/api/messages?assignmentId={follow_up}")).await.expect(200);
    assert_eq!(held["items"][0]["state"], "held");
    (follow_up, id(&held["items"][0]))
}

#[tokio::test]
async fn a_pause_of_a_follow_up_holds_what_waits_and_its_resumption_lets_it_go() {
    let app = TestApp::start().await;
    let (follow_up, held) = held_follow_up(&app).await;
    let paused = app.act(&follow_up, "pause").await.expect(200);
    assert_eq!((&paused["status"], &paused["waitingMessages"]), (&json!("paused"), &json!(1)));
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.pass(TimeDelta::hours(2)).await;
    let shown = app.message(&held).await;
    assert_eq!((&shown["state"], &shown["cause"]), (&json!("held"), &json!("follow_up_paused")));
    assert!(shown["nextAttemptAt"].is_null());
    let resumed = app.act(&follow_up, "resume").await.expect(200);
    assert_eq!(resumed["status"], "active");
    app.drain().await;
    assert_eq!(app.texts(1), ["held"]);
    assert_eq!(app.state_of(&held).await, "sent");
}

#[tokio::test]
async fn what_grew_too_old_in_a_pause_goes_to_review_and_onto_the_worklist() {
    let app = TestApp::start().await;
    let (follow_up, held) = held_follow_up(&app).await;
    app.act(&follow_up, "pause").await.expect(200);
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.pass(TimeDelta::hours(8)).await;
    app.act(&follow_up, "resume").await.expect(200);
    app.drain().await;
    assert!(app.texts(1).is_empty());
    assert_eq!(app.state_of(&held).await, "review");
    let work = app.get("/api/worklist").await.expect(200);
    assert_eq!(
        (&work["items"][0]["reason"], &work["items"][0]["messageId"]),
        (&json!("expired"), &json!(held))
    );
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    assert_eq!(shown["status"], "active");
}

#[tokio::test]
async fn a_message_that_is_due_while_its_follow_up_is_paused_waits_for_its_resumption() {
    let app = TestApp::start().await;
    app.line.sandbox.set_fault(clinicue::line::sandbox::Fault {
        kind: clinicue::line::sandbox::FaultKind::ServerError,
        count: Some(1),
        latency_ms: None,
    });
    let follow_up = app.follow_up(1, json!([step(json!({ "type": "immediate" }), "again")])).await;
    app.drain().await;
    app.act(&follow_up, "pause").await.expect(200);
    app.pass(TimeDelta::minutes(30)).await;
    assert!(app.texts(1).is_empty());
    app.act(&follow_up, "resume").await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["again"]);
}

#[tokio::test]
async fn a_message_that_is_due_in_the_night_goes_in_the_morning_although_that_is_late() {
    let app = TestApp::start().await;
    settings(&app, json!({ "quietHours": { "start": "20:00", "end": "08:00" } })).await;
    let patient = app.patient(1).await;
    // 21:00 in Bangkok; fresh for 6 h.
    app.pass(TimeDelta::hours(9)).await;
    let night = app.send(&patient, "good morning").await;
    app.drain().await;
    let shown = app.message(&night).await;
    assert_eq!((&shown["state"], &shown["cause"]), (&json!("held"), &json!("quiet_hours")));
    assert_eq!(shown["nextAttemptAt"], "2026-11-25T01:00:00.000Z");
    app.pass(TimeDelta::hours(8)).await;
    assert_eq!(app.state_of(&night).await, "held");
    app.pass(TimeDelta::hours(3)).await;
    assert_eq!(app.texts(1), ["good morning"]);
}

#[tokio::test]
async fn what_an_outage_carried_into_the_night_goes_in_the_morning() {
    let app = TestApp::start().await;
    settings(&app, json!({ "quietHours": { "start": "20:00", "end": "08:00" } })).await;
    let patient = app.patient(1).await;
    // 15:00: held until the evening, fresh until 21:00, which lies in the night.
    app.pass(TimeDelta::hours(3)).await;
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let held = app.send(&patient, "carried over").await;
    app.drain().await;
    app.pass(TimeDelta::hours(9)).await;
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.state_of(&held).await, "held");
    app.pass(TimeDelta::hours(8)).await;
    assert_eq!(app.texts(1), ["carried over"]);
}

#[tokio::test]
async fn a_step_that_came_due_in_a_night_without_power_goes_in_the_morning() {
    let app = TestApp::start().await;
    settings(&app, json!({ "quietHours": { "start": "20:00", "end": "08:00" } })).await;
    // Due at 23:00; the program is off until 07:00, when six hours have passed.
    app.follow_up(1, json!([step(json!({ "type": "delay", "value": "11h" }), "morning")])).await;
    app.drain().await;
    app.clock.advance(TimeDelta::hours(19));
    let app = app.restart().await;
    app.drain().await;
    assert!(app.texts(1).is_empty());
    app.pass(TimeDelta::hours(1)).await;
    assert_eq!(app.texts(1), ["morning"]);
}

#[tokio::test]
async fn consent_lets_what_waited_for_it_go() {
    let app = TestApp::start().await;
    settings(&app, json!({ "consentRequired": true })).await;
    let patient = app.patient(1).await;
    let held = app.send(&patient, "hello").await;
    app.drain().await;
    let shown = app.message(&held).await;
    assert_eq!((&shown["cause"], &shown["nextAttemptAt"]), (&json!("no_consent"), &json!(null)));
    patch(&app, &patient, json!({ "consented": true })).await;
    app.drain().await;
    assert_eq!(app.texts(1), ["hello"]);
}

#[tokio::test]
async fn a_clinic_that_needs_no_consent_any_more_lets_all_of_it_go() {
    let app = TestApp::start().await;
    settings(&app, json!({ "consentRequired": true })).await;
    for n in 1..=3 {
        let patient = app.patient(n).await;
        app.send(&patient, "hello").await;
    }
    app.drain().await;
    settings(&app, json!({ "consentRequired": false })).await;
    app.drain().await;
    assert_eq!((app.texts(1).len(), app.texts(2).len(), app.texts(3).len()), (1, 1, 1));
}

#[tokio::test]
async fn a_patient_who_comes_back_from_the_archive_gets_what_waited() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let body = json!({ "type": "delay", "delayMs": 60_000 });
    let mut later = message(&patient, "hello");
    later["schedule"] = body;
    let held = id(&app.post("/api/messages", later).await.expect(202));
    patch(&app, &patient, json!({ "status": "archived" })).await;
    app.pass(TimeDelta::minutes(2)).await;
    assert_eq!(app.message(&held).await["cause"], "patient_archived");
    patch(&app, &patient, json!({ "status": "active" })).await;
    app.drain().await;
    assert_eq!(app.texts(1), ["hello"]);
}

#[tokio::test]
async fn what_waits_for_a_link_has_no_time_until_it_comes() {
    let app = TestApp::start().await;
    let patient = id(&app.post("/api/patients", json!({ "displayName": "A" })).await.expect(201));
    let held = app.send(&patient, "hello").await;
    app.drain().await;
    let shown = app.message(&held).await;
    assert_eq!((&shown["cause"], &shown["nextAttemptAt"]), (&json!("not_linked"), &json!(null)));
    patch(&app, &patient, json!({ "lineUserId": line_user(7) })).await;
    app.drain().await;
    assert_eq!(app.texts(7), ["hello"]);
}

#[tokio::test]
async fn a_patients_new_zone_moves_their_next_step_at_once() {
    let app = TestApp::start().await;
    let trigger = json!({ "type": "scheduled", "value": "18:00", "days": 3 });
    let follow_up = app.follow_up(1, json!([step(trigger, "evening")])).await;
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    assert_eq!(shown["nextDueAt"], "2026-11-24T11:00:00.000Z");
    let patient = shown["patientId"].as_str().expect("an id").to_owned();
    patch(&app, &patient, json!({ "timeZone": "Asia/Tokyo" })).await;
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    assert_eq!(shown["nextDueAt"], "2026-11-24T09:00:00.000Z");
}

#[tokio::test]
async fn the_clinics_new_zone_moves_everybody_who_lives_in_it() {
    let app = TestApp::start().await;
    let trigger = json!({ "type": "scheduled", "value": "18:00", "days": 3 });
    let plan = app.protocol(json!([step(trigger, "evening")])).await;
    let mut follow_ups = Vec::new();
    // More than one piece of the work.
    for n in 1..=1_100 {
        let patient = json!({ "displayName": format!("{n}"), "lineUserId": line_user(n) });
        let patient = id(&app.post("/api/patients", patient).await.expect(201));
        if n == 1 {
            patch(&app, &patient, json!({ "timeZone": "Asia/Bangkok" })).await;
        }
        let assigned = json!({ "patientId": patient, "protocolId": plan });
        let follow_up = id(&app.post("/api/assignments", assigned).await.expect(201));
        app.act(&follow_up, "start").await.expect(200);
        follow_ups.push(follow_up);
    }
    settings(&app, json!({ "timeZone": "Asia/Tokyo" })).await;
    let first = app.get(&format!("/api/assignments/{}", follow_ups[1])).await.expect(200);
    assert_eq!(first["nextDueAt"], "2026-11-24T09:00:00.000Z");
    app.drain().await;
    for (follow_up, due) in [
        (&follow_ups[0], "2026-11-24T11:00:00.000Z"),
        (&follow_ups[700], "2026-11-24T09:00:00.000Z"),
        (&follow_ups[1_099], "2026-11-24T09:00:00.000Z"),
    ] {
        let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
        assert_eq!(shown["nextDueAt"], due);
    }
}

#[tokio::test]
async fn messages_to_one_patient_keep_the_pace_also_when_they_are_due_together() {
    let app = TestApp::start().await;
    settings(&app, json!({ "patientPaceSeconds": 60 })).await;
    let patient = app.patient(1).await;
    let messages: Vec<_> = (0..8).map(|n| message(&patient, &format!("{n}"))).collect();
    let sent = app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
    app.drain().await;
    assert_eq!(app.texts(1).len(), 1);
    let mut turns = Vec::new();
    for message in sent["items"].as_array().expect("messages") {
        let shown = app.message(&id(message)).await;
        if shown["state"] == "held" {
            assert_eq!(shown["cause"], "patient_pace");
            turns.push(at(shown["nextAttemptAt"].as_str().expect("a time")).millis_since(at(NOON)));
        }
    }
    turns.sort_unstable();
    assert_eq!(turns, [60_000, 120_000, 180_000, 240_000, 300_000, 360_000, 420_000]);
    for minute in 2..=8 {
        app.pass(TimeDelta::minutes(1)).await;
        assert_eq!(app.texts(1).len(), minute);
    }
}

async fn every_morning(app: &TestApp, patient: &str) -> String {
    let mut repeating = message(patient, "good morning");
    repeating["schedule"] = json!({ "type": "recurring", "cron": "0 8 * * *" });
    id(&app.post("/api/messages", repeating).await.expect(202))
}

#[tokio::test]
async fn a_machine_that_is_off_at_the_time_of_a_repetition_keeps_it() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    every_morning(&app, &patient).await;
    app.drain().await;
    // Off from noon to 20:00 the next day: the time of 08:00 is long past.
    app.clock.advance(TimeDelta::hours(32));
    let app = app.restart().await;
    app.drain().await;
    assert!(app.texts(1).is_empty());
    let waiting = app.get("/api/messages?state=scheduled").await.expect(200);
    assert_eq!(waiting["items"][0]["dueAt"], "2026-11-26T01:00:00.000Z");
    app.pass(TimeDelta::hours(12)).await;
    assert_eq!(app.texts(1), ["good morning"]);
}

#[tokio::test]
async fn a_repetition_whose_time_was_lost_in_a_crash_gets_its_next_one() {
    let mut app = TestApp::start().await;
    let patient = app.patient(1).await;
    let first = every_morning(&app, &patient).await;
    app.drain().await;
    app.stop().await;
    {
        let store = crate::support::open_store(&app).await;
        clinicue::store::sql::query(
            "UPDATE deliveries SET state = 'queued', next_attempt_at = NULL WHERE id = $1",
        )
        .bind(&first)
        .execute(store.writer())
        .await
        .expect("written");
        store.close().await;
    }
    let app = app.restart().await;
    app.drain().await;
    let waiting = app.get("/api/messages?state=scheduled").await.expect(200);
    assert_eq!(waiting["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_machine_that_was_off_over_several_times_sends_the_last_one_that_is_fresh() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    every_morning(&app, &patient).await;
    app.drain().await;
    // Off over 08:00 of tomorrow until 09:00 of the day after.
    app.clock.advance(TimeDelta::hours(45));
    let app = app.restart().await;
    app.drain().await;
    assert_eq!(app.texts(1), ["good morning"]);
    let waiting = app.get("/api/messages?state=scheduled").await.expect(200);
    assert_eq!(waiting["items"][0]["dueAt"], "2026-11-27T01:00:00.000Z");
    assert_eq!(waiting["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_new_zone_moves_what_repeats_in_it_and_leaves_what_has_its_own() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let follows = every_morning(&app, &patient).await;
    let mut own = message(&patient, "own zone");
    own["schedule"] = json!({ "type": "recurring", "cron": "0 8 * * *", "timeZone": "Asia/Bangkok" });
    let own = id(&app.post("/api/messages", own).await.expect(202));
    app.drain().await;
    settings(&app, json!({ "timeZone": "Asia/Tokyo" })).await;
    assert_eq!(app.message(&follows).await["dueAt"], "2026-11-24T23:00:00.000Z");
    patch(&app, &patient, json!({ "timeZone": "Europe/Berlin" })).await;
    let shown = app.message(&follows).await;
    let berlin = json!("2026-11-24T07:00:00.000Z");
    assert_eq!((&shown["dueAt"], &shown["nextAttemptAt"]), (&berlin, &berlin));
    assert_eq!(app.message(&own).await["dueAt"], "2026-11-25T01:00:00.000Z");
    app.pass(TimeDelta::hours(26)).await;
    let waiting = app.get(&format!("/api/messages?patientId={patient}&state=scheduled")).await.expect(200);
    let dues: Vec<_> =
        waiting["items"].as_array().into_iter().flatten().map(|m| m["dueAt"].clone()).collect();
    assert!(dues.contains(&json!("2026-11-26T07:00:00.000Z")), "{dues:?}");
}
