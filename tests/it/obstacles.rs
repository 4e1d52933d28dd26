//! What is said beforehand of a patient is what becomes of a message to them.

use serde_json::{Value, json};

use crate::support::{TestApp, id, message};

/// What keeps a message to them from going, as said of the patient; and the same of a message
/// that is sent to them then.
async fn beforehand_and_afterwards(app: &TestApp, patient: &str) -> (Value, Value) {
    let said = app.get(&format!("/api/patients/{patient}")).await.expect(200)["obstacle"].clone();
    let message = app.send(patient, "hello").await;
    app.drain().await;
    let message = app.message(&message).await;
    let held = if message["state"] == "held" {
        json!({ "cause": message["cause"], "until": message["nextAttemptAt"], "waits": true })
    } else {
        Value::Null
    };
    (said, held)
}

#[tokio::test]
async fn a_patient_says_beforehand_why_a_message_will_wait_and_until_when() {
    let app = TestApp::start().await;
    let nok = app.patient(1).await;
    let nobody = id(&app.post("/api/patients", json!({ "displayName": "Somchai" })).await.expect(201));
    let (said, held) = beforehand_and_afterwards(&app, &nok).await;
    assert_eq!((&said, &held), (&Value::Null, &Value::Null));
    let (said, held) = beforehand_and_afterwards(&app, &nobody).await;
    assert_eq!((&said["cause"], &said), (&json!("not_linked"), &held));
    let quiet = json!({ "quietHours": { "start": "11:00", "end": "13:00" } });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(quiet)).await.expect(200);
    let (said, held) = beforehand_and_afterwards(&app, &nok).await;
    assert_eq!((&said["cause"], &said), (&json!("quiet_hours"), &held));
    assert!(said["until"].is_string());
    let consent = json!({ "quietHours": null, "consentRequired": true });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(consent)).await.expect(200);
    let (said, held) = beforehand_and_afterwards(&app, &nok).await;
    assert_eq!((&said["cause"], &said), (&json!("no_consent"), &held));
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let (said, held) = beforehand_and_afterwards(&app, &nok).await;
    assert_eq!((&said["cause"], &said), (&json!("sending_paused"), &held));
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.call_as(&app.token, "PATCH", &format!("/api/patients/{nok}"), Some(json!({ "status": "archived" })))
        .await
        .expect(200);
    let said = app.get(&format!("/api/patients/{nok}")).await.expect(200)["obstacle"].clone();
    assert_eq!(said, json!({ "cause": "patient_archived", "until": null, "waits": false }));
    app.post("/api/messages", message(&nok, "hello")).await.problem(409);
    app.call_as(&app.token, "PATCH", &format!("/api/patients/{nok}"), Some(json!({ "status": "active" })))
        .await
        .expect(200);
    app.drain().await;
    let listed = app.get("/api/patients").await.expect(200);
    assert!(listed["items"].as_array().expect("a list").iter().all(|p| p["obstacle"].is_object()));
}

#[tokio::test]
async fn a_patient_says_until_when_it_is_quiet_whatever_the_clinic_makes_of_it() {
    let app = TestApp::start().await;
    let nok = app.patient(1).await;
    let mut ends = Vec::new();
    for silently in [false, true] {
        let quiet = json!({ "quietHours": { "start": "11:00", "end": "13:00", "silently": silently } });
        app.call_as(&app.token, "PATCH", "/api/settings", Some(quiet)).await.expect(200);
        let patient = app.get(&format!("/api/patients/{nok}")).await.expect(200);
        assert_eq!(patient["obstacle"].is_null(), silently, "{patient}");
        ends.push(patient["quietUntil"].clone());
    }
    assert_eq!(ends, ["2026-11-24T06:00:00.000Z"; 2]);
    let none = json!({ "quietHours": null });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(none)).await.expect(200);
    let patient = app.get(&format!("/api/patients/{nok}")).await.expect(200);
    assert_eq!(patient["quietUntil"], Value::Null);
}
