//! Two staff at once: one wins, the other is told, nothing is undone unseen.

use std::{future::Future, pin::pin};

use clinicue::{
    domain::staff::Role,
    ops::{Caller, Nothing, sending, settings, tokens},
};
use futures::future::join;
use serde_json::{Value, json};

use crate::support::{Answer, NOON, TestApp, asking, at, id};

async fn patch(app: &TestApp, path: &str, body: Value) -> Answer {
    app.call_as(&app.token, "PATCH", path, Some(body)).await
}

/// Lets both begin while nobody can write, and then go on, the first one first.
async fn at_once<A: Future, B: Future>(app: &TestApp, first: A, second: B) -> (A::Output, B::Output) {
    let nobody_writes = app.core().store.begin().await.expect("a transaction");
    let (mut first, mut second) = (pin!(first), pin!(second));
    assert!(futures::poll!(first.as_mut()).is_pending());
    assert!(futures::poll!(second.as_mut()).is_pending());
    drop(nobody_writes);
    join(first, second).await
}

fn renamed(name: &str) -> settings::UpdateSettings {
    serde_json::from_value(json!({ "clinicName": name })).expect("settings")
}

#[tokio::test]
async fn saving_a_name_does_not_undo_a_pause_of_all_sending() {
    let app = TestApp::start().await;
    let (core, who) = (app.core(), Caller { actor: "Somchai".to_owned(), role: Role::Admin });
    let pausing = sending::pause_sending(core, &who, Nothing {});
    let (paused, saved) = at_once(&app, pausing, settings::update(core, &who, renamed("New"))).await;
    paused.expect("paused");
    saved.expect("saved");
    let status = app.get("/api/status").await.expect(200);
    assert_eq!((&status["sending"], &status["clinicName"]), (&json!("paused"), &json!("New")));
    let resuming = sending::resume_sending(core, &who, Nothing {});
    let (saved, resumed) = at_once(&app, settings::update(core, &who, renamed("Newer")), resuming).await;
    saved.expect("saved");
    resumed.expect("resumed");
    let app = app.restart().await;
    let status = app.get("/api/status").await.expect(200);
    assert_eq!((&status["sending"], &status["clinicName"]), (&json!("running"), &json!("Newer")));
}

#[tokio::test]
async fn the_second_who_saves_settings_is_told() {
    let app = TestApp::start().await;
    let seen = app.get("/api/settings").await.expect(200)["version"].clone();
    let first = json!({ "version": seen, "clinicName": "First" });
    let saved = patch(&app, "/api/settings", first).await.expect(200);
    assert_ne!(saved["version"], seen);
    let secret = json!({ "version": seen, "clinicName": "Second", "lineChannelSecret": "another" });
    assert_eq!(patch(&app, "/api/settings", secret).await.problem(409), "conflict");
    assert_eq!(app.core().webhook_secret().as_deref(), Some("secret"));
    assert_eq!(app.get("/api/settings").await.expect(200)["clinicName"], "First");
    // A pause is no change of what the form shows.
    app.post("/api/sending/pause", json!({})).await.expect(200);
    patch(&app, "/api/settings", json!({ "version": saved["version"], "consentRequired": true }))
        .await
        .expect(200);
    patch(&app, "/api/settings", json!({ "clinicName": "Without asking" })).await.expect(200);
}

#[tokio::test]
async fn two_who_enter_the_channel_at_once_lose_nothing() {
    let app = TestApp::start().await;
    let token = patch(&app, "/api/settings", json!({ "lineChannelAccessToken": "token two" }));
    let secret = patch(&app, "/api/settings", json!({ "lineChannelSecret": "secret two" }));
    let (token, secret) = join(token, secret).await;
    token.expect(200);
    secret.expect(200);
    let (kept, _) = app.core().secrets.load().expect("secrets");
    assert_eq!(kept.access_token.as_deref(), Some("token two"));
    assert_eq!(kept.channel_secret.as_deref(), Some("secret two"));
}

#[tokio::test]
async fn the_second_who_changes_a_patient_or_a_plan_is_told() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let path = format!("/api/patients/{patient}");
    let seen = app.get(&path).await.expect(200)["updatedAt"].clone();
    let change = |name: &str| json!({ "displayName": name, "unchangedSince": seen });
    patch(&app, &path, change("First")).await.expect(200);
    assert_eq!(patch(&app, &path, change("Second")).await.problem(409), "conflict");
    assert_eq!(app.get(&path).await.expect(200)["displayName"], "First");

    let protocol = app.protocol(json!([asking()])).await;
    let path = format!("/api/protocols/{protocol}");
    let seen = app.get(&path).await.expect(200)["updatedAt"].clone();
    let change = |name: &str| json!({ "name": name, "unchangedSince": seen, "steps": [asking()] });
    app.call_as(&app.token, "PUT", &path, Some(change("First"))).await.expect(200);
    let second = app.call_as(&app.token, "PUT", &path, Some(change("Second"))).await;
    assert_eq!(second.problem(409), "conflict");
    assert_eq!(app.get(&path).await.expect(200)["name"], "First");
}

#[tokio::test]
async fn the_second_who_takes_a_worklist_item_is_told() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    app.press(1, "I feel worse").await;
    let item = app.get("/api/worklist").await.expect(200)["items"][0].clone();
    let other = tokens::create(&app.core().store, "Nok", Role::Operator, at(NOON)).await.expect("a token");
    let take = format!("/api/worklist/{}/take", id(&item));
    app.post(&take, json!({})).await.expect(200);
    app.post(&take, json!({})).await.expect(200);
    let second = app.call_as(&other, "POST", &take, Some(json!({}))).await;
    assert_eq!(second.json["refusal"], json!({ "code": "lookedAfter", "by": "test" }));
    assert_eq!(second.problem(409), "conflict");
    app.post(&take, json!({ "owner": null })).await.expect(200);
    let now = app.call_as(&other, "POST", &take, Some(json!({}))).await.expect(200);
    assert_eq!(now["owner"], "Nok");
}
