//! The demo clinic: made-up patients, some of whom were in care before it was loaded.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp, leftovers::Left};

async fn load() -> TestApp {
    let app = TestApp::start_with(|config| config.sandbox = true).await;
    app.leaves(Left::Record, "of the past the practice LINE knows nothing");
    let loaded = app.post("/api/demo/load", json!({})).await.expect(200);
    assert_eq!(loaded, json!({ "patients": 12, "protocols": 3, "assignments": 12 }));
    app
}

fn rows(answer: &Value) -> usize {
    answer["items"].as_array().expect("items").len()
}

async fn of_status(app: &TestApp, status: &str) -> usize {
    rows(&app.get(&format!("/api/interactions?limit=200&status={status}")).await.expect(200))
}

#[tokio::test]
async fn the_demo_clinic_has_a_past_whose_numbers_add_up() {
    let app = load().await;
    let answers = app.get("/api/statistics/answers").await.expect(200);
    let all = &answers["all"];
    let (responded, missed) = (of_status(&app, "responded").await, of_status(&app, "missed").await);
    assert!(responded > 30 && missed > 3, "{responded} {missed}");
    assert_eq!((&all["responded"], &all["missed"]), (&json!(responded), &json!(missed)));
    assert_eq!(of_status(&app, "failed").await, 0);
    let follow_ups = app.get("/api/assignments/counts").await.expect(200);
    assert_eq!((&follow_ups["active"], &follow_ups["completed"]), (&json!(10), &json!(2)), "{follow_ups}");
    let work = app.get("/api/worklist").await.expect(200);
    assert_eq!(rows(&work), 0, "{work}");
}

#[tokio::test]
async fn of_the_past_nothing_is_sent_and_the_follow_ups_go_on_from_now() {
    let app = load().await;
    let core = app.core();
    app.drain().await;
    let line = &core.sandbox.as_ref().expect("practice mode").sandbox;
    let sent = |n: u32| line.chat(&format!("U{n:032x}")).map_or(0, |chat| chat.len());
    assert!(sent(0xd01) > 0, "who begins now gets a welcome");
    assert_eq!(sent(0xd05), 0);
    let ahead = app.get("/api/messages/coming-up").await.expect(200);
    assert!(rows(&ahead) > 4, "{ahead}");
}

#[tokio::test]
async fn the_demo_clinic_is_loaded_once_and_leaves_nothing_behind() {
    let app = load().await;
    let again: Answer = app.post("/api/demo/load", json!({})).await;
    assert_eq!(again.json["refusal"]["code"], "demoLoaded");
    assert_eq!(again.problem(409), "conflict");
    app.drain().await;
    app.post("/api/demo/remove", json!({})).await.expect(200);
    for list in ["patients", "messages", "interactions", "worklist", "assignments"] {
        assert_eq!(rows(&app.get(&format!("/api/{list}")).await.expect(200)), 0, "{list}");
    }
    let answers = app.get("/api/statistics/answers").await.expect(200);
    assert_eq!(answers["all"]["asked"], 0);
}
