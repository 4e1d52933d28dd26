//! The log as a file.

use serde_json::{Value, json};

use crate::support::{TestApp, id, line_user, message};

async fn export(app: &TestApp, query: &str) -> (String, reqwest::header::HeaderMap) {
    let request = app.request("GET", &format!("/api/interactions/export{query}")).bearer_auth(&app.token);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    (answer.text().await.expect("text"), headers)
}

#[tokio::test]
async fn the_log_is_exported_whole_as_csv_and_json_and_under_pseudonyms() {
    let app = TestApp::start().await;
    let body =
        json!({ "displayName": "=HYPERLINK(\"evil\")", "lineUserId": line_user(1), "externalRef": "HN-1" });
    let patient = id(&app.post("/api/patients", body).await.expect(201));
    let messages: Vec<_> = (0..1_000).map(|n| message(&patient, &format!("m{n}"))).collect();
    app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
    app.send(&patient, "one more than a page").await;
    app.drain().await;
    let (csv, headers) = export(&app, "").await;
    assert_eq!(headers["x-total-rows"], "1001");
    assert!(headers["content-disposition"].to_str().expect("text").contains(".csv"));
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines.len(), 1_002);
    assert!(lines[0].starts_with("\u{feff}id,userId,protocolId"));
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"evil\"\")\""), "{}", lines[1]);
    let (text, _) = export(&app, "?format=json").await;
    let rows: Vec<Value> = serde_json::from_str(&text).expect("an array");
    assert_eq!(rows.len(), 1_001);
    assert_eq!((&rows[0]["userId"], &rows[0]["externalRef"]), (&json!(patient), &json!("HN-1")));
    let (hidden, _) = export(&app, "?format=json&pseudonymise=true").await;
    for secret in [patient.as_str(), "HYPERLINK", "HN-1", rows[0]["messageId"].as_str().expect("an id")] {
        assert!(!hidden.contains(secret), "{secret} leads back to the patient");
    }
    let again = export(&app, "?format=json&pseudonymise=true").await.0;
    assert_eq!(hidden, again, "the same patient has the same pseudonym each time");
    let (empty, _) = export(&app, "?format=json&from=2020-01-01&to=2020-01-02").await;
    assert_eq!(serde_json::from_str::<Value>(&empty).expect("JSON"), json!([]));
    app.get("/api/interactions/export?format=xls").await.problem(400);
    app.get("/api/interactions/export?from=2026-02-01&to=2026-01-01").await.problem(422);
}
