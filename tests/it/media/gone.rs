//! What patients sent goes when it must: taken back, too old, forgotten; and comes again where it
//! was lost.

use chrono::TimeDelta;
use clinicue::inbox::media;
use serde_json::{Value, json};

use super::{PNG, bytes, fetch, files, folder, latest, line_id, patient, sends, unsend};
use crate::support::{TestApp, line_user};

#[tokio::test]
async fn what_was_half_fetched_when_the_program_ended_is_fetched_again() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    std::fs::create_dir(folder(&app)).expect("made");
    std::fs::write(folder(&app).join("half.part"), "half").expect("written");
    std::fs::write(folder(&app).join("nobody-knows-this"), "stray").expect("written");
    let app = app.restart().await;
    media::tidy(app.core()).await.expect("the database works");
    assert!(files(&app).is_empty());
    fetch(&app).await;
    assert_eq!(latest(&app, &patient).await["state"], "stored");
    // A restored backup may have the rows without the files.
    std::fs::remove_file(&files(&app)[0]).expect("removed");
    assert_eq!(bytes(&app, &latest(&app, &patient).await, None).await.status(), 404);
    media::tidy(app.core()).await.expect("the database works");
    assert_eq!(latest(&app, &patient).await["state"], "pending");
    fetch(&app).await;
    assert_eq!((&latest(&app, &patient).await["state"], files(&app).len()), (&json!("stored"), 1));
}

#[tokio::test]
async fn what_is_taken_back_is_deleted_whenever_that_comes() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "file", "fileName": "secret.pdf" }), b"%PDF-1.7").await;
    fetch(&app).await;
    let stored = latest(&app, &patient).await;
    assert_eq!(stored["fileName"], "secret.pdf");
    unsend(&app, 1, &line_id(&app, 1), "01U1").await;
    fetch(&app).await;
    let gone = latest(&app, &patient).await;
    assert_eq!((&gone["state"], &gone["reason"]), (&json!("gone"), &json!("taken_back")));
    assert_eq!((&gone["fileName"], files(&app).len()), (&Value::Null, 0));
    assert_eq!(bytes(&app, &stored, None).await.status(), 404);
    // Before it was fetched.
    app.clock.advance(TimeDelta::seconds(1));
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    unsend(&app, 1, &line_id(&app, 1), "01U2").await;
    assert_eq!(fetch(&app).await, 0);
    // Before the message itself.
    unsend(&app, 1, "777", "01U3").await;
    app.events(json!([{ "type": "message", "mode": "active", "timestamp": app.core().now().as_millis(),
        "webhookEventId": "01U4", "source": { "type": "user", "userId": line_user(1) },
        "message": { "type": "image", "id": "777" } }]))
        .await;
    assert_eq!((fetch(&app).await, files(&app).len()), (0, 0));
}

#[tokio::test]
async fn what_strangers_send_is_kept_and_becomes_the_patients() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.add_user(&line_user(7), "Malee");
    sends(&app, 7, json!({ "type": "image" }), PNG).await;
    fetch(&app).await;
    let strangers = app.get("/api/strangers").await.expect(200);
    let media = strangers["items"][0]["said"][0]["media"].clone();
    assert_eq!(media["state"], "stored");
    let patient = app.patient(7).await;
    assert_eq!(latest(&app, &patient).await["id"], media["id"]);
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    fetch(&app).await;
    assert_eq!(bytes(&app, &media, None).await.status(), 200);
    // Whoever stays unknown is forgotten, with what they sent.
    app.line.sandbox.add_user(&line_user(8), "Noi");
    sends(&app, 8, json!({ "type": "image" }), PNG).await;
    unsend(&app, 8, "unheard of", "01S1").await;
    fetch(&app).await;
    assert_eq!(files(&app).len(), 2);
    let kept = json!({ "mediaRetentionDays": 3_650 });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(kept)).await.expect(200);
    app.clock.advance(TimeDelta::days(181));
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    fetch(&app).await;
    assert_eq!(files(&app).len(), 1);
}

#[tokio::test]
async fn nothing_is_kept_longer_than_the_clinic_says() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    let change = async |days: u32| {
        let days = json!({ "mediaRetentionDays": days });
        app.call_as(&app.token, "PATCH", "/api/settings", Some(days)).await
    };
    assert_eq!(app.get("/api/settings").await.expect(200)["mediaRetentionDays"], 180);
    change(0).await.problem(422);
    change(3_651).await.problem(422);
    change(30).await.expect(200);
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    fetch(&app).await;
    app.clock.advance(TimeDelta::days(29));
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    fetch(&app).await;
    assert_eq!(latest(&app, &patient).await["state"], "stored");
    app.clock.advance(TimeDelta::days(2));
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    fetch(&app).await;
    let gone = latest(&app, &patient).await;
    assert_eq!((&gone["state"], &gone["reason"]), (&json!("gone"), &json!("kept_long_enough")));
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn what_an_erased_patient_sent_goes_with_its_file() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    fetch(&app).await;
    let stored = latest(&app, &patient).await;
    let erase = "DELETE FROM patients WHERE id = $1";
    clinicue::store::sql::query(erase)
        .bind(&patient)
        .execute(app.core().store.writer())
        .await
        .expect("erased");
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    fetch(&app).await;
    assert!(files(&app).is_empty());
    assert_eq!(bytes(&app, &stored, None).await.status(), 404);
    let rows: i64 = clinicue::store::sql::query_scalar("SELECT COUNT(*) FROM media")
        .fetch_one(app.core().store.read())
        .await
        .expect("counted");
    assert_eq!(rows, 0);
}
