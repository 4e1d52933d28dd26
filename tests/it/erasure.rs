//! A patient's data are deleted for good: what was said and to whom is gone, what was sent stays
//! counted.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use clinicue::inbox::media;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, asking, id, line_user, message, step};

const NAME: &str = "Patient 1";
const SECRET: &str = "a wound on the left hand";

async fn erase(app: &TestApp, patient: &str, name: &str) -> Answer {
    let body = json!({ "confirmName": name });
    app.call_as(&app.token, "DELETE", &format!("/api/patients/{patient}"), Some(body)).await
}

/// A patient who was asked, answered, wrote and sent a picture; nothing runs any more.
async fn cared_for(app: &TestApp) -> String {
    app.listen_to_phones();
    let follow_up = app.follow_up(1, json!([asking()])).await;
    let patient = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200)["patientId"].clone();
    let patient = patient.as_str().expect("an id").to_owned();
    app.drain().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.press(1, "Done").await;
    app.send(&patient, &format!("About {SECRET}")).await;
    app.drain().await;
    assert!(app.line.sandbox.text(&line_user(1), SECRET).await);
    let picture =
        STANDARD.encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde");
    assert!(app.line.sandbox.send(&line_user(1), &json!({ "type": "image", "content": picture })).await);
    app.hear().await;
    media::drain(app.core()).await.expect("fetched");
    app.post(&format!("/api/assignments/{follow_up}/cancel"), json!({})).await;
    patient
}

fn files(app: &TestApp) -> usize {
    std::fs::read_dir(app.dir.path().join("media")).map_or(0, Iterator::count)
}

async fn counts(app: &TestApp) -> [Value; 2] {
    let stats = app.get("/api/jobs/delivery-stats").await.expect(200);
    let mut log = app.get("/api/interactions").await.expect(200)["items"].clone();
    for row in log.as_array_mut().expect("rows") {
        for name in ["patientId", "userId", "messageId", "lineMessageId"] {
            row.as_object_mut().expect("a row").remove(name);
        }
    }
    [stats, log]
}

#[tokio::test]
async fn a_patients_data_are_deleted_and_what_was_sent_stays_counted() {
    let mut app = TestApp::start().await;
    let patient = cared_for(&app).await;
    assert_eq!(files(&app), 1);
    let before = counts(&app).await;
    let takes = app.get(&format!("/api/patients/{patient}/erasure")).await.expect(200);
    assert_eq!(
        ["followUps", "waiting", "messages", "answers", "words", "files"].map(|name| takes[name].clone()),
        [0, 0, 2, 1, 2, 1].map(|n| json!(n))
    );
    assert_eq!(erase(&app, &patient, NAME).await.expect(200), takes);
    media::drain(app.core()).await.expect("deleted");
    assert_eq!(files(&app), 0);
    assert_eq!(counts(&app).await, before);
    for path in ["", "/timeline", "/erasure"] {
        app.get(&format!("/api/patients/{patient}{path}")).await.problem(404);
    }
    erase(&app, &patient, NAME).await.problem(404);
    for path in [
        "/api/patients",
        "/api/messages",
        "/api/worklist",
        "/api/interactions",
        "/api/strangers",
        "/api/assignments",
    ] {
        let shown = app.get(path).await.expect(200).to_string();
        for gone in [SECRET, NAME, &line_user(1), &patient] {
            assert!(!shown.contains(gone), "{path} shows {gone}: {shown}");
        }
    }
    assert_eq!(app.get("/api/patients").await.expect(200)["items"], json!([]));
    let acts = app.get("/api/audit").await.expect(200);
    let entry = &acts["items"][0];
    assert_eq!((&entry["action"], &entry["subject"]), (&json!("patient.erase"), &json!(patient)));
    assert!(!acts.to_string().contains(NAME), "{acts}");
    app.stop().await;
    let bytes = std::fs::read(app.dir.path().join("clinicue.db")).unwrap_or_default();
    for gone in [SECRET.to_owned(), line_user(1)] {
        assert!(!bytes.windows(gone.len()).any(|part| part == gone.as_bytes()), "{gone}");
    }
}

#[tokio::test]
async fn whoever_is_still_cared_for_is_not_deleted_and_nobody_by_a_slip() {
    let app = TestApp::start().await;
    let later = step(json!({ "type": "delay", "value": "1d" }), "later");
    let follow_up = app.follow_up(1, json!([step(json!({ "type": "immediate" }), "hello"), later])).await;
    let patient = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200)["patientId"].clone();
    let patient = patient.as_str().expect("an id").to_owned();
    app.drain().await;
    let problem = erase(&app, &patient, "Patient 2").await.expect(422);
    assert_eq!(
        (&problem["errors"][0]["field"], &problem["errors"][0]["code"]),
        (&json!("confirmName"), &json!("notTheName"))
    );
    app.call_as(&app.token, "DELETE", &format!("/api/patients/{patient}"), None).await.problem(400);
    let refused = erase(&app, &patient, NAME).await.expect(409);
    assert_eq!(refused["refusal"]["code"], "stillCaredFor");
    app.post(&format!("/api/assignments/{follow_up}/cancel"), json!({})).await.expect(200);
    let mut later = message(&patient, "later");
    later["schedule"] = json!({ "type": "at", "at": "2026-11-25T05:10:00Z" });
    let waiting = id(&app.post("/api/messages", later).await.expect(202));
    assert_eq!(erase(&app, &patient, NAME).await.expect(409)["refusal"]["code"], "stillCaredFor");
    app.post(&format!("/api/messages/{waiting}/cancel"), json!({})).await.expect(200);
    erase(&app, &patient, &format!(" {NAME} ")).await.expect(200);
    erase(&app, "00000000-0000-7000-8000-000000000000", NAME).await.problem(404);
}

#[tokio::test]
async fn files_that_were_left_when_the_program_ended_half_way_go_with_the_next_maintenance() {
    let app = TestApp::start().await;
    let patient = cared_for(&app).await;
    erase(&app, &patient, NAME).await.expect(200);
    // As if the commit was the last thing that happened.
    clinicue::store::sql::query("UPDATE media SET state = 'stored', reason = NULL")
        .execute(app.core().store.writer())
        .await
        .expect("changed");
    let app = app.restart().await;
    assert_eq!(files(&app), 1);
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    media::drain(app.core()).await.expect("deleted");
    assert_eq!(files(&app), 0);
}
