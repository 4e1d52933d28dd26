//! What staff know of a patient, and how it changes.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn what_is_known_of_a_patient_is_kept_and_changed() {
    let app = TestApp::start().await;
    let body = json!({ "displayName": "渡邊 花子", "reading": "ワタナベ ハナコ", "nickname": "ハナ",
        "phone": " ０３-1234 5678", "birthDate": "1956-04-13" });
    let p = app.post("/api/patients", body).await.expect(201);
    assert_eq!(p["reading"], "ワタナベ ハナコ");
    assert_eq!(p["phone"], "03-1234 5678", "digits of full width are digits");
    assert_eq!(p["phoneUri"], "tel:0312345678");
    assert_eq!(p["birthDate"], "1956-04-13");
    let path = format!("/api/patients/{}", p["id"].as_str().expect("an id"));
    let change = json!({ "phone": "+66 81 234 5678", "birthDate": null });
    app.call_as(&app.token, "PATCH", &path, Some(change)).await.expect(200);
    let p = app.get(&path).await.expect(200);
    assert_eq!((&p["phone"], &p["birthDate"]), (&json!("+66 81 234 5678"), &json!(null)));
    assert_eq!(p["reading"], "ワタナベ ハナコ", "what is left out stays");
    let two = json!({ "phone": "02-123 4567 / 081 234 5678" });
    let p = app.call_as(&app.token, "PATCH", &path, Some(two)).await.expect(200);
    assert_eq!((&p["phone"], &p["phoneUri"]), (&json!("02-123 4567 / 081 234 5678"), &json!(null)));
}

#[tokio::test]
async fn a_number_or_a_day_of_birth_that_cannot_be_is_refused_at_its_field() {
    let app = TestApp::start().await;
    for (field, value, code) in [
        ("phone", "call her son", "notAPhone"),
        ("phone", "--", "notAPhone"),
        ("birthDate", "2499-04-13", "notABirthDate"),
        ("birthDate", "1899-12-31", "notABirthDate"),
        ("birthDate", "1956-02-30", "notABirthDate"),
        ("birthDate", "2399-01-01", "notABirthDate"),
        ("reading", " ", "notOneLine"),
    ] {
        let refused =
            app.post("/api/patients", json!({ "displayName": "Malee", field: value })).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], field, "{value}");
        assert_eq!(refused["errors"][0]["code"], code, "{value}");
    }
}

#[tokio::test]
async fn a_consent_has_its_day_and_its_witness() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let path = format!("/api/patients/{patient}");
    let change = async |change| app.call_as(&app.token, "PATCH", &path, Some(change)).await.expect(200);
    let p = change(json!({ "consented": true })).await;
    let (at, by) = (p["consentedAt"].clone(), p["consentedBy"].clone());
    assert!(at.is_string() && by.is_string(), "{p}");
    app.clock.advance(chrono::TimeDelta::hours(1));
    let p = change(json!({ "consented": true })).await;
    assert_eq!((&p["consentedAt"], &p["consentedBy"]), (&at, &by), "it stands since then");
    let p = change(json!({ "consented": false })).await;
    assert!(p["consentedAt"].is_null() && p["consentedBy"].is_null());
}
