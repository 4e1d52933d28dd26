//! Practice and the real LINE never meet.

use chrono::TimeDelta;
use clinicue::{
    app::{App, Options, StartError},
    config::{Config, Flags},
    inbox::probe,
    line::sandbox::{Fault, FaultKind},
};
use serde_json::json;

use crate::support::{TestApp, asking};

/// Makes everybody a patient of the demo clinic.
async fn all_are_demo(app: &TestApp) {
    let mut tx = app.core().store.begin().await.expect("a transaction");
    clinicue::store::sql::query("UPDATE patients SET demo = TRUE").execute(&mut *tx).await.expect("changed");
    tx.commit().await.expect("committed");
}

/// Starts in practice mode on the folder of `app`.
async fn practise(app: &TestApp) -> Result<App, StartError> {
    let flags =
        Flags { listen: Some(([127, 0, 0, 1], 0).into()), sandbox: true, ..Flags::on(app.dir.path()) };
    let config = Config::load(flags).expect("settings");
    App::start(Options { config, clock: app.clock.clone(), ticking: false, beside: None }).await
}

#[tokio::test]
async fn nothing_of_the_demo_clinic_goes_to_the_real_line() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    all_are_demo(&app).await;
    let message = app.send(&patient, "practice").await;
    let protocol = app.protocol(json!([asking()])).await;
    let body = json!({ "patientId": patient, "protocolId": protocol });
    let follow_up = crate::support::id(&app.post("/api/assignments", body).await.expect(201));
    app.act(&follow_up, "start").await.expect(200);
    app.drain().await;
    assert_eq!(app.line.sandbox.accepted(), 0);
    let left_out = app.message(&message).await;
    assert_eq!((&left_out["state"], &left_out["attempts"]), (&json!("cancelled"), &json!(0)));
    app.pass(TimeDelta::days(2)).await;
    assert_eq!(app.line.sandbox.accepted(), 0);
    let failed = app.get("/api/jobs/failed-deliveries").await.expect(200);
    assert_eq!(failed["items"], json!([]));
}

#[tokio::test]
async fn the_real_line_is_not_asked_after_demo_patients() {
    let app = TestApp::start().await;
    let later = json!([{ "trigger": { "type": "delay", "value": "1h" }, "messageType": "text",
        "content": { "text": "later" } }]);
    app.follow_up(1, later).await;
    all_are_demo(&app).await;
    assert_eq!(probe::round(app.core()).await.expect("a round"), 0);
}

#[tokio::test]
async fn practice_does_not_start_on_a_folder_in_real_use() {
    let mut app = TestApp::start().await;
    app.stop().await;
    // Nobody real is in it yet.
    practise(&app).await.expect("it starts").stop().await;
    let mut app = app.restart().await;
    app.patient(1).await;
    app.stop().await;
    let refused = practise(&app).await.err();
    assert!(matches!(refused, Some(StartError::Real(_))), "{refused:?}");
    app.restart().await.get("/api/status").await.expect(200);
}

#[tokio::test]
async fn practice_starts_again_on_its_own_folder() {
    let mut app = TestApp::start_with(|config| config.sandbox = true).await;
    app.patient(1).await;
    app.stop().await;
    let (clock, dir, line) = (app.clock.clone(), app.dir.clone(), app.line.clone());
    let again = TestApp::open(clock, dir, line, |config| config.sandbox = true).await;
    assert_eq!(again.get("/api/status").await.expect(200)["sending"], "practice");
}

#[tokio::test]
async fn removing_the_demo_waits_for_what_is_on_its_way() {
    let app = TestApp::start_with(|config| config.sandbox = true).await;
    let core = app.core();
    let line = &core.sandbox.as_ref().expect("practice mode").sandbox;
    line.set_fault(Fault { kind: FaultKind::Latency, count: None, latency_ms: Some(700) });
    app.post("/api/demo/load", json!({})).await.expect(200);
    clinicue::schedule::tick::tick(core).await.expect("a tick");
    while core.queues.busy_ids().is_empty() {
        tokio::task::yield_now().await;
    }
    app.post("/api/demo/remove", json!({})).await.expect(200);
    assert_eq!(core.queues.busy_ids(), []);
    let stats = app.get("/api/jobs/stats").await.expect(200);
    let counts = json!({ "waiting": 0, "active": 0, "delayed": 0, "completed": 0, "failed": 0 });
    assert_eq!(stats["queues"]["messageDelivery"], counts, "its jobs went with it");
    assert_eq!(app.get("/api/patients").await.expect(200)["items"], json!([]));
}
