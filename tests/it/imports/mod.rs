//! Patients from a table.

mod files;
mod understood;
mod workbooks;

use base64::Engine as _;
use serde_json::{Value, json};

use crate::support::{TestApp, id, line_user};

/// The input of an import of a file with these bytes.
fn file(bytes: &[u8]) -> Value {
    json!({ "file": base64::engine::general_purpose::STANDARD.encode(bytes) })
}

/// The same with more members.
fn with(mut input: Value, more: Value) -> Value {
    let (Some(members), Value::Object(more)) = (input.as_object_mut(), more) else {
        panic!("objects");
    };
    members.extend(more);
    input
}

async fn preview(app: &TestApp, input: Value) -> Value {
    app.post("/api/patients/import/preview", input).await.expect(200)
}

/// The field and the code of what is refused first.
async fn refused(app: &TestApp, input: Value) -> (String, String) {
    let problem = app.post("/api/patients/import/preview", input).await.expect(422);
    let text = |name: &str| problem["errors"][0][name].as_str().expect("a text").to_owned();
    (text("field"), text("code"))
}

fn one_of(field: &str, code: &str) -> (String, String) {
    (field.to_owned(), code.to_owned())
}

/// Line, field and code of what stands against rows.
fn against(seen: &Value) -> Vec<(u64, &str, &str)> {
    let errors = seen["errors"].as_array().expect("errors").iter();
    errors
        .map(|e| {
            let text = |name: &str| e[name].as_str().expect("a text");
            (e["line"].as_u64().expect("a number"), text("field"), text("code"))
        })
        .collect()
}

async fn finished(app: &TestApp, task: &Value) -> Value {
    app.core().background.close();
    app.core().background.wait().await;
    app.core().background.reopen();
    app.get(&format!("/api/tasks/{}", id(task))).await.expect(200)
}

async fn patients(app: &TestApp) -> usize {
    let list = app.get("/api/patients?limit=200").await.expect(200);
    list["items"].as_array().expect("patients").len()
}

#[tokio::test]
async fn a_table_of_patients_is_looked_at_first_and_imported_on_demand() {
    let app = TestApp::start().await;
    app.patient(1).await;
    let csv = format!(
        "\u{feff}ชื่อ;HN;lineUserId;timeZone;colour\r\nสมชาย;1001;{};Asia/Bangkok;red\r\n;1002;;;\r\n\
         花子;1003;U123;Asia/Nowhere;\r\nNok;1001;;;\r\nMai;1005;{};;\r\n\r\nLek;1006;;;\r\n",
        line_user(2),
        line_user(1)
    );
    let seen = app.post("/api/patients/import/preview", json!({ "csv": csv })).await.expect(200);
    assert_eq!((&seen["rows"], &seen["valid"]), (&json!(6), &json!(2)));
    assert_eq!(seen["unknownColumns"], json!(["colour"]));
    let errors: Vec<_> = seen["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| (e["line"].clone(), e["field"].clone()))
        .collect();
    let at = |line: u32, field: &str| (json!(line), json!(field));
    let expected = [
        at(3, "displayName"),
        at(4, "lineUserId"),
        at(4, "timeZone"),
        at(5, "externalRef"),
        at(6, "lineUserId"),
    ];
    assert_eq!(errors, expected);
    assert_eq!(patients(&app).await, 1, "looking changes nothing");
    app.post("/api/patients/import", json!({ "csv": csv })).await.problem(422);
    assert_eq!(patients(&app).await, 1, "one wrong row refuses all");
    let task = app.post("/api/patients/import", json!({ "csv": csv, "skipInvalid": true })).await.expect(202);
    let done = finished(&app, &task).await;
    assert_eq!((&done["state"], &done["done"]), (&json!("done"), &json!(2)));
    assert_eq!(patients(&app).await, 3);
    let acts = app.get("/api/audit?limit=200").await.expect(200);
    let links = acts["items"].as_array().expect("acts").iter().filter(|act| act["action"] == "patient.link");
    assert_eq!(links.count(), 2, "one was entered with an account, one imported");
}

#[tokio::test]
async fn ten_thousand_patients_are_imported_and_one_more_is_refused() {
    let app = TestApp::start().await;
    let rows = |n: u32| (0..n).fold("name,hn\n".to_owned(), |csv, i| csv + &format!("Patient {i},{i}\n"));
    let task = app.post("/api/patients/import", json!({ "csv": rows(10_000) })).await.expect(202);
    let done = finished(&app, &task).await;
    assert_eq!((&done["state"], &done["done"]), (&json!("done"), &json!(10_000)));
    app.post("/api/patients/import/preview", json!({ "csv": rows(10_001) })).await.problem(422);
    for csv in ["", "hn\n1\n", "name\n", "\u{0}", "name,name\n\"open"] {
        let status = app.post("/api/patients/import", json!({ "csv": csv })).await.status;
        assert_eq!(status, 422, "{csv:?}");
    }
}
