//! Tokens: whom the activity log names.

use clinicue::{domain::staff::Role, ops::tokens};
use serde_json::json;

use crate::support::{NOON, TestApp, at};

#[tokio::test]
async fn no_token_takes_the_name_of_whoever_acts_without_one() {
    let app = TestApp::start().await;
    let store = &app.core().store;
    for name in ["command_line", "this_computer", "patient_by_code", "Clinicue"] {
        let refused = tokens::create(store, name, Role::Viewer, at(NOON)).await.expect_err("taken");
        assert_eq!(refused.status, 422, "{name}");
        assert_eq!(json!(refused)["errors"][0]["code"], "reserved", "{name}");
    }
    let log = app.get("/api/audit?limit=1").await.expect(200);
    assert_eq!(log["items"][0]["actor"], "command_line", "it made the token of this test");
}
