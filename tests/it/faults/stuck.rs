//! Whatever happens to a job, its message does not wait for a restart, and nothing that is not
//! the message's fault is called that.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use futures::{StreamExt as _, stream};
use serde_json::json;

use crate::support::{
    TestApp, id, line_user, message,
    process::{Api, Server, a_moment, serve, serve_failing},
    step,
    stub::Stub,
};

async fn sql(app: &TestApp, statement: &'static str, id: &str) {
    clinicue::store::sql::query(statement)
        .bind(id)
        .execute(app.core().store.writer())
        .await
        .expect("written");
}

/// A message that is queued and has no job at all.
async fn without_job(app: &TestApp) -> String {
    let patient = app.patient(1).await;
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let message = app.send(&patient, "stuck").await;
    app.drain().await;
    sql(app, "UPDATE deliveries SET state = 'queued', cause = NULL WHERE id = $1", &message).await;
    app.post("/api/sending/resume", json!({})).await.expect(200);
    message
}

#[tokio::test]
async fn a_queued_message_without_a_job_gets_one_within_a_minute_or_so() {
    let app = TestApp::start().await;
    let stuck = without_job(&app).await;
    app.pass(TimeDelta::seconds(59)).await;
    assert_eq!(app.state_of(&stuck).await, "queued");
    app.pass(TimeDelta::seconds(2)).await;
    assert_eq!(app.texts(1), ["stuck"]);
}

/// Holds a message of patient 1 for `cause`; returns the message.
async fn held_for(app: &TestApp, cause: &str) -> String {
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let follow_up = app.follow_up(1, json!([step(json!({ "type": "immediate" }), "held")])).await;
    app.drain().await;
    let message = app.get("/api/messages").await.expect(200)["items"][0].clone();
    let patient = message["patientId"].as_str().expect("an id");
    match cause {
        "not_linked" => {
            sql(app, "UPDATE patients SET reachability = 'unlinked' WHERE id = $1", patient).await;
        }
        "blocked" => sql(app, "UPDATE patients SET reachability = 'blocked' WHERE id = $1", patient).await,
        "patient_archived" => {
            sql(app, "UPDATE patients SET status = 'archived' WHERE id = $1", patient).await;
        }
        "no_consent" => {
            let required = json!({ "consentRequired": true });
            app.call_as(&app.token, "PATCH", "/api/settings", Some(required)).await.expect(200);
        }
        "follow_up_paused" => _ = app.act(&follow_up, "pause").await.expect(200),
        other => panic!("{other}"),
    }
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    let held = app.message(&id(&message)).await;
    assert_eq!((&held["state"], &held["cause"]), (&json!("held"), &json!(cause)));
    id(&message)
}

/// As where the reason ended while the message was being held: nobody let it go.
#[tokio::test]
async fn a_message_that_is_held_though_its_reason_ended_goes_within_a_minute_or_so() {
    for (cause, end) in [
        ("not_linked", "UPDATE patients SET reachability = 'reachable' WHERE id = $1"),
        ("blocked", "UPDATE patients SET reachability = 'reachable' WHERE id = $1"),
        ("patient_archived", "UPDATE patients SET status = 'active' WHERE id = $1"),
        ("no_consent", "UPDATE patients SET consented_at = 1 WHERE id = $1"),
        ("follow_up_paused", "UPDATE assignments SET status = 'active' WHERE patient_id = $1"),
    ] {
        let app = TestApp::start().await;
        let held = held_for(&app, cause).await;
        let patient = app.message(&held).await["patientId"].as_str().expect("an id").to_owned();
        sql(&app, end, &patient).await;
        app.pass(TimeDelta::seconds(61)).await;
        assert_eq!(app.texts(1), ["held"], "{cause}");
    }
}

#[tokio::test]
async fn a_message_that_is_held_for_a_reason_that_stands_is_left_alone() {
    let app = TestApp::start().await;
    let unlinked = id(&app.post("/api/patients", json!({ "displayName": "Somchai" })).await.expect(201));
    let (blocked, unasked) = (app.patient(1).await, app.patient(2).await);
    for patient in [&unlinked, &blocked] {
        let agreed = Some(json!({ "consented": true }));
        app.call_as(&app.token, "PATCH", &format!("/api/patients/{patient}"), agreed).await.expect(200);
    }
    app.events(json!([{ "type": "unfollow", "source": { "type": "user", "userId": line_user(1) } }])).await;
    let required = json!({ "consentRequired": true });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(required)).await.expect(200);
    let mut held = Vec::new();
    for (patient, cause) in [(unlinked, "not_linked"), (blocked, "blocked"), (unasked, "no_consent")] {
        let message = app.send(&patient, "held").await;
        app.drain().await;
        held.push((cause, app.message(&message).await));
    }
    app.pass(TimeDelta::seconds(61)).await;
    for (cause, before) in held {
        let after = app.message(&id(&before)).await;
        assert_eq!((&after["state"], &after["cause"]), (&json!("held"), &json!(cause)));
        assert_eq!(after["updatedAt"], before["updatedAt"], "it was not tried again: {cause}");
    }
}

#[tokio::test]
async fn a_job_that_was_claimed_and_never_run_comes_again() {
    let app = TestApp::start().await;
    let stuck = without_job(&app).await;
    sql(
        &app,
        "INSERT INTO Jobs (job, id, job_type, status, attempts, max_attempts, run_at, lock_at, idempotency_key)
         SELECT x'7b7d', 'claimed', 'message-delivery', 'Queued', 0, 1, 0, updated_at / 1000, id
         FROM deliveries WHERE id = $1",
        &stuck,
    )
    .await;
    app.clock.advance(TimeDelta::seconds(70));
    clinicue::schedule::tick::tick(app.core()).await.expect("a tick");
    app.drain().await;
    assert_eq!(app.texts(1), ["stuck"]);
}

#[tokio::test]
async fn a_queued_message_that_grew_too_old_is_up_for_review() {
    let app = TestApp::start().await;
    let stuck = without_job(&app).await;
    app.pass(TimeDelta::hours(7)).await;
    let shown = app.message(&stuck).await;
    assert_eq!((&shown["state"], &shown["cause"]), (&json!("review"), &json!("stale")));
    assert!(app.texts(1).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_could_not_be_written_is_not_an_invalid_message() {
    let stub = Stub::default();
    let line = format!("http://{}", stub.clone().listen().await);
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve_failing(&dir, &line, "body-written=2*return");
    let api = Api::of(&dir);
    let made = api.call(&server, "POST", "/api/patients", Some(&json!({ "displayName": "A" }))).await;
    let patient = id(&made);
    api.send_many(&server, &patient, 1).await;
    a_moment(300).await;
    let link = json!({ "lineUserId": line_user(1) });
    api.call(&server, "PATCH", &format!("/api/patients/{patient}"), Some(&link)).await;
    api.until_sent(&server, 1).await;
    assert_eq!(stub.accepted(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_claimed_and_not_begun_at_a_clean_end_is_not_in_doubt() {
    let dir = tempfile::tempdir().expect("a folder");
    let stub = Stub::slow(400);
    let line = format!("http://{}", stub.clone().listen().await);
    let mut server = serve(&dir, &line);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, 60).await;
    a_moment(300).await;
    let killed = std::process::Command::new("kill").arg(server.child.id().to_string()).status();
    assert!(killed.expect("kill runs").success());
    assert_eq!(server.child.wait().expect("it ends").code(), Some(0));
    let store = clinicue::store::Store::open(dir.path(), clinicue::queue::migrations()).await.expect("opens");
    let claimed: i64 =
        clinicue::store::sql::query_scalar("SELECT COUNT(*) FROM Jobs WHERE status IN ('Queued', 'Running')")
            .fetch_one(store.read())
            .await
            .expect("read");
    store.close().await;
    assert_eq!(claimed, 0);
    let server = serve(&dir, &line);
    api.until_sent(&server, 60).await;
    assert_eq!(stub.accepted(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_killed_while_line_takes_its_time_holds_it_against_no_message() {
    let dir = tempfile::tempdir().expect("a folder");
    let stub = Stub::slow(2_000);
    let line = format!("http://{}", stub.clone().listen().await);
    let mut server = serve(&dir, &line);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, 1).await;
    for kills in 1..=4 {
        while stub.calls() < kills {
            a_moment(10).await;
        }
        a_moment(200).await;
        // Its end is a kill -9.
        drop(server);
        server = serve(&dir, &line);
    }
    api.until_sent(&server, 1).await;
    assert_eq!((stub.accepted(), stub.changed_bodies()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_at_which_the_program_ends_three_times_is_shown_and_the_others_go_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let stub = Stub::default();
    let line = format!("http://{}", stub.clone().listen().await);
    let mut server = serve(&dir, &line);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    drop(server);
    for round in 0..3 {
        server = serve_failing(&dir, &line, "attempt-begun=pause");
        if round == 0 {
            api.send_many(&server, &patient, 1).await;
        }
        let file = dir.path().join("in-flight");
        while std::fs::read(&file).expect("it is there").iter().all(|byte| *byte == 0) {
            a_moment(10).await;
        }
        drop(server);
    }
    server = serve(&dir, &line);
    api.send_many(&server, &patient, 3).await;
    api.until_sent(&server, 3).await;
    let shown = api.call(&server, "GET", "/api/messages?state=review", None).await;
    let shown: Vec<_> = shown["items"].as_array().expect("messages").iter().map(|m| &m["cause"]).collect();
    assert_eq!(shown, [&json!("crashed")]);
    assert_eq!(stub.accepted(), 3);
}

/// Staff who change their mind at once meet the job that found the message held.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_back_and_let_go_at_once_goes_at_once() {
    let dir = tempfile::tempdir().expect("a folder");
    let stub = Stub::slow(50);
    let line = format!("http://{}", stub.clone().listen().await);
    let server = serve(&dir, &line);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    for round in 1..=2 {
        let messages: Vec<_> = (0..150).map(|n| message(&patient, &format!("{round}.{n}"))).collect();
        let sent =
            api.call(&server, "POST", "/api/messages/bulk", Some(&json!({ "messages": messages }))).await;
        let sent: Vec<_> = sent["items"].as_array().expect("messages").iter().map(id).collect();
        let acts = sent.iter().map(|message| there_and_back(&api, &server, message));
        stream::iter(acts).buffer_unordered(3).collect::<()>().await;
        let limit = Instant::now() + Duration::from_secs(15);
        while stub.accepted() < round * 150 {
            assert!(Instant::now() < limit, "{} of {}", stub.accepted(), round * 150);
            a_moment(50).await;
        }
    }
}

async fn there_and_back(api: &Api, server: &Server, message: &str) {
    // Some are on their way already, and are neither held nor let go.
    for act in ["hold", "release"] {
        api.try_call(server, "POST", &format!("/api/messages/{message}/{act}"), Some(&json!({}))).await;
    }
}
