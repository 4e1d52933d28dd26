//! Assignments: planned steps, and the steps of their life.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{TestApp, id, step};

#[tokio::test]
async fn steps_come_at_once_after_a_delay_and_at_times_of_day() {
    let app = TestApp::start().await;
    let follow_up = app
        .follow_up(
            1,
            json!([
                step(json!({ "type": "immediate" }), "welcome"),
                step(json!({ "type": "delay", "value": "1h" }), "after an hour"),
                step(json!({ "type": "scheduled", "value": "09:00", "startDay": 1, "days": 2 }), "morning"),
            ]),
        )
        .await;
    app.drain().await;
    assert_eq!(app.texts(1), ["welcome"]);
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    assert_eq!((&shown["status"], &shown["currentStep"]), (&json!("active"), &json!(1)));
    assert_eq!(shown["nextDueAt"], "2026-11-24T06:00:00.000Z");
    app.pass(TimeDelta::hours(1)).await;
    // 09:00 in Bangkok is 02:00 UTC.
    app.pass(TimeDelta::hours(20)).await;
    app.pass(TimeDelta::hours(24)).await;
    assert_eq!(app.texts(1), ["welcome", "after an hour", "morning", "morning"]);
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    assert_eq!(shown["status"], "completed");
}

#[tokio::test]
async fn a_pause_freezes_and_moves_delays_by_its_length() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, json!([step(json!({ "type": "delay", "value": "1h" }), "later")])).await;
    app.drain().await;
    app.pass(TimeDelta::minutes(30)).await;
    let paused = app.act(&follow_up, "pause").await.expect(200);
    assert_eq!((&paused["status"], &paused["nextDueAt"]), (&json!("paused"), &json!(null)));
    assert_eq!(paused["actions"], json!(["resume", "complete", "cancel"]));
    app.pass(TimeDelta::hours(10)).await;
    assert!(app.texts(1).is_empty());
    let resumed = app.act(&follow_up, "resume").await.expect(200);
    assert_eq!(resumed["nextDueAt"], "2026-11-24T16:00:00.000Z");
    app.pass(TimeDelta::minutes(30)).await;
    assert_eq!(app.texts(1), ["later"]);
}

#[tokio::test]
async fn what_waits_is_cancelled_with_its_assignment_and_never_sent() {
    for action in ["complete", "cancel"] {
        let app = TestApp::start().await;
        app.post("/api/sending/pause", json!({})).await.expect(200);
        let follow_up = app
            .follow_up(
                1,
                json!([
                    step(json!({ "type": "immediate" }), "held"),
                    step(json!({ "type": "delay", "value": "1d" }), "far"),
                ]),
            )
            .await;
        app.drain().await;
        let held = app.get(&format!("/api/messages?assignmentId={follow_up}")).await.expect(200);
        assert_eq!(held["items"][0]["state"], "held");
        app.act(&follow_up, action).await.expect(200);
        app.post("/api/sending/resume", json!({})).await.expect(200);
        app.pass(TimeDelta::hours(30)).await;
        assert!(app.texts(1).is_empty(), "{action}");
        assert_eq!(app.state_of(&id(&held["items"][0])).await, "cancelled");
    }
}

#[tokio::test]
async fn only_allowed_steps_of_the_lifecycle_are_taken() {
    let app = TestApp::start().await;
    let follow_up = app.follow_up(1, json!([step(json!({ "type": "delay", "value": "1d" }), "far")])).await;
    for refused in ["start", "resume"] {
        assert_eq!(app.act(&follow_up, refused).await.problem(409), "conflict");
    }
    app.act(&follow_up, "complete").await.expect(200);
    for refused in ["start", "pause", "resume", "complete", "cancel"] {
        assert_eq!(app.act(&follow_up, refused).await.problem(409), "conflict");
    }
}

#[tokio::test]
async fn a_draft_cannot_be_assigned_and_a_new_version_leaves_running_ones_alone() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let old =
        json!({ "name": "Plan", "steps": [step(json!({ "type": "delay", "value": "1h" }), "old words")] });
    let plan = id(&app.post("/api/protocols", old).await.expect(201));
    let assign = json!({ "patientId": patient, "protocolId": plan });
    assert_eq!(app.post("/api/assignments", assign.clone()).await.problem(409), "conflict");
    app.post(&format!("/api/protocols/{plan}/activate"), json!({})).await.expect(200);
    let follow_up = id(&app.post("/api/assignments", assign).await.expect(201));
    app.act(&follow_up, "start").await.expect(200);
    let new =
        json!({ "name": "Plan", "steps": [step(json!({ "type": "delay", "value": "1h" }), "new words")] });
    app.call_as(&app.token, "PUT", &format!("/api/protocols/{plan}"), Some(new)).await.expect(200);
    app.post(&format!("/api/protocols/{plan}/activate"), json!({})).await.expect(200);
    app.pass(TimeDelta::hours(1)).await;
    assert_eq!(app.texts(1), ["old words"]);
}

#[tokio::test]
async fn a_plan_says_what_may_be_done_to_it_and_refuses_the_rest() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let body = json!({ "name": "Plan", "steps": [step(json!({ "type": "immediate" }), "words")] });
    let draft = app.post("/api/protocols", body.clone()).await.expect(201);
    assert_eq!(draft["actions"], json!(["edit", "activate", "archive"]));
    let path = format!("/api/protocols/{}", id(&draft));
    let active = app.post(&format!("{path}/activate"), json!({})).await.expect(200);
    assert_eq!(active["actions"], json!(["edit", "assign", "archive"]));
    let archived = app.post(&format!("{path}/archive"), json!({})).await.expect(200);
    assert_eq!(archived["actions"], json!(["bringBack"]));
    assert_eq!(app.post(&format!("{path}/activate"), json!({})).await.problem(409), "conflict");
    assert_eq!(app.call_as(&app.token, "PUT", &path, Some(body)).await.problem(409), "conflict");
    let assign = json!({ "patientId": patient, "protocolId": id(&draft) });
    assert_eq!(app.post("/api/assignments", assign).await.problem(409), "conflict");
}

#[tokio::test]
async fn a_bad_step_is_refused_with_its_field() {
    let app = TestApp::start().await;
    let bad = [
        (step(json!({ "type": "delay", "value": "soon" }), "x"), "steps[0].trigger.value"),
        (step(json!({ "type": "scheduled", "value": "25:00" }), "x"), "steps[0].trigger.value"),
        (step(json!({ "type": "recurring", "value": "* * *" }), "x"), "steps[0].trigger.value"),
        (step(json!({ "type": "immediate" }), ""), "steps[0].content.text"),
    ];
    for (step, field) in bad {
        let refused = app.post("/api/protocols", json!({ "name": "Plan", "steps": [step] })).await;
        assert_eq!(refused.status, 422, "{}", refused.json);
        assert_eq!(refused.json["errors"][0]["field"], field);
    }
    assert_eq!(app.get("/api/protocols").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn ticking_twice_or_after_a_restart_plans_nothing_twice() {
    let app = TestApp::start().await;
    app.follow_up(
        1,
        json!([
            step(json!({ "type": "immediate" }), "once"),
            step(json!({ "type": "delay", "value": "2d" }), "far")
        ]),
    )
    .await;
    app.drain().await;
    app.drain().await;
    let app = app.restart().await;
    app.drain().await;
    // The clock is set back an hour, and comes round again.
    app.clock.advance(TimeDelta::hours(-1));
    app.drain().await;
    app.pass(TimeDelta::hours(2)).await;
    assert_eq!(app.texts(1), ["once"]);
}

#[tokio::test]
async fn a_protocol_that_was_missed_while_the_machine_slept_goes_to_review_not_out() {
    let app = TestApp::start().await;
    app.follow_up(
        1,
        json!([
            step(json!({ "type": "delay", "value": "1h" }), "stale by then"),
            step(json!({ "type": "delay", "value": "8h" }), "still fresh"),
        ]),
    )
    .await;
    app.pass(TimeDelta::hours(9)).await;
    assert_eq!(app.texts(1), ["still fresh"]);
    let review = app.get("/api/jobs/failed-deliveries").await.expect(200);
    assert_eq!(review["items"].as_array().map(Vec::len), Some(1));
}
