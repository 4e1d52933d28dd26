//! A stored value that cannot be read: said by its place, never by its content.

use clinicue::store::{deliveries, patients, settings, sql};
use serde_json::json;

use crate::support::TestApp;

const NAME: &str = "Somchai Jaidee";

async fn damage(app: &TestApp, change: &'static str, id: &str) {
    sql::query(change).bind(id).execute(app.core().store.writer()).await.expect("damaged");
}

#[tokio::test]
async fn a_damaged_row_is_named_by_table_column_and_id_and_by_nothing_of_the_patient() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let message = app.send(&patient, "It will not hurt.").await;
    app.drain().await;
    let mut conn = app.core().store.read().acquire().await.expect("a connection");

    let asks = r#"UPDATE deliveries SET feedback = '{"question":"Somchai Jaidee","buttons":"Somchai Jaidee"}'
        WHERE id = $1"#;
    damage(&app, asks, &message).await;
    let id = message.parse().expect("an id");
    let refused = deliveries::get(&mut conn, id).await.expect_err("a damaged row").to_string();
    for part in ["feedback", "deliveries", &message] {
        assert!(refused.contains(part), "{refused}");
    }
    assert!(!refused.contains(NAME), "{refused}");

    damage(&app, r#"UPDATE patients SET tags = '{"Somchai Jaidee":1}' WHERE id = $1"#, &patient).await;
    let id = patient.parse().expect("an id");
    let refused = patients::get(&mut conn, id).await.expect_err("a damaged row").to_string();
    for part in ["tags", "patients", &patient] {
        assert!(refused.contains(part), "{refused}");
    }
    assert!(!refused.contains(NAME), "{refused}");
}

#[tokio::test]
async fn a_damaged_setting_is_named_by_its_key() {
    let app = TestApp::start().await;
    let mut tx = app.core().store.begin().await.expect("a transaction");
    let now = app.core().now();
    settings::set(&mut tx, "kept", &json!({ "name": NAME }), now).await.expect("written");
    let refused = settings::get::<Vec<u32>>(&mut tx, "kept").await.expect_err("another type").to_string();
    assert!(
        refused.contains("settings") && refused.contains("value") && refused.contains("kept"),
        "{refused}"
    );
    assert!(!refused.contains(NAME), "{refused}");
}
