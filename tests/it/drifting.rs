//! Patients whose last questions went unanswered.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, id};

/// A question every morning for six days.
fn every_morning() -> Value {
    let mut step = asking();
    step["trigger"] = json!({ "type": "scheduled", "value": "09:00", "startDay": 1, "days": 6 });
    json!([step])
}

async fn drifting(app: &TestApp) -> Value {
    app.get("/api/statistics/drifting").await.expect(200)
}

/// The follow-up of LINE user `n`; its patient.
async fn start(app: &TestApp, n: u32) -> String {
    let assignment = app.follow_up(n, every_morning()).await;
    let shown = app.get(&format!("/api/assignments/{assignment}")).await.expect(200);
    shown["patientId"].as_str().expect("an id").to_owned()
}

async fn day(app: &TestApp) {
    for _ in 0..4 {
        app.pass(TimeDelta::hours(6)).await;
    }
}

#[tokio::test]
async fn whoever_misses_two_questions_in_a_row_is_listed_until_they_answer() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let patient = start(&app, 1).await;
    day(&app).await;
    app.press(1, "Done").await;
    assert_eq!(drifting(&app).await["items"], json!([]));
    day(&app).await;
    day(&app).await;
    day(&app).await;
    let found = drifting(&app).await;
    let one = &found["items"][0];
    assert_eq!((&one["patientId"], &one["missedInARow"]), (&json!(patient), &json!(2)));
    assert_eq!(one["since"].as_str().map(|at| &at[..10]), Some("2026-11-26"));
    assert_eq!(one["lastAnsweredAt"].as_str().map(|at| &at[..10]), Some("2026-11-25"));
    assert_eq!((&found["more"], &found["least"], &found["days"]), (&json!(false), &json!(2), &json!(14)));
    app.press(1, "Done").await;
    assert_eq!(drifting(&app).await["items"], json!([]));
}

#[tokio::test]
async fn the_longest_row_comes_first_and_who_never_answered_is_listed_too() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let never = start(&app, 1).await;
    let later = start(&app, 2).await;
    day(&app).await;
    app.press(2, "Done").await;
    for _ in 0..3 {
        day(&app).await;
    }
    let found = drifting(&app).await;
    let rows: Vec<_> =
        found["items"].as_array().expect("items").iter().map(|one| &one["patientId"]).collect();
    assert_eq!(rows, [&json!(never), &json!(later)]);
    assert_eq!(found["items"][0]["lastAnsweredAt"], Value::Null);
    let first = app.get("/api/statistics/drifting?limit=1").await.expect(200);
    assert_eq!((first["items"].as_array().map(Vec::len), &first["more"]), (Some(1), &json!(true)));
}

#[tokio::test]
async fn what_was_missed_long_ago_or_by_an_archived_patient_is_not_listed() {
    let app = TestApp::start().await;
    let patient = start(&app, 1).await;
    for _ in 0..5 {
        day(&app).await;
    }
    assert_eq!(drifting(&app).await["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(app.get("/api/statistics/drifting?days=1").await.expect(200)["items"], json!([]));
    let archived = json!({ "status": "archived" });
    let path = format!("/api/patients/{patient}");
    app.call_as(&app.token, "PATCH", &path, Some(archived)).await.expect(200);
    assert_eq!(drifting(&app).await["items"], json!([]));
    assert_eq!(app.get("/api/statistics/drifting?days=0").await.problem(422), "out_of_limits");
    let nobody = id(&app.post("/api/patients", json!({ "displayName": "New" })).await.expect(201));
    assert!(!drifting(&app).await.to_string().contains(&nobody));
}
