//! Whether the LINE channel is set up right.

use clinicue::{
    domain::staff::Role,
    line::sandbox::{Fault, FaultKind},
    ops::tokens,
};
use serde_json::{Value, json};

use crate::support::{NOON, TestApp, at};

fn states(check: &Value) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().expect("text").to_owned();
    let points = check["points"].as_array().expect("points");
    points.iter().map(|p| (text(&p["point"]), text(&p["state"]))).collect()
}

#[tokio::test]
async fn the_set_up_of_the_channel_is_looked_at_point_by_point() {
    let app = TestApp::start().await;
    let look = || app.post("/api/settings/check-channel", json!({}));
    let state = |check: &Value, point: &str| {
        states(check).into_iter().find(|(p, _)| p == point).map(|(_, s)| s).unwrap_or_default()
    };
    let none = look().await.expect(200);
    assert_eq!((&none["canSend"], &none["canHear"]), (&json!(true), &json!(false)));
    assert_eq!(state(&none, "webhook"), "failed");
    app.listen_to_phones();
    let all = look().await.expect(200);
    assert_eq!((&all["canSend"], &all["canHear"]), (&json!(true), &json!(true)), "{all}");
    assert_eq!(state(&all, "redelivery"), "unknown");
    assert_eq!(state(&all, "clock"), "failed", "the hand clock stands in another year");
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    let refused = look().await.expect(200);
    assert_eq!((&refused["canSend"], state(&refused, "account")), (&json!(false), "failed".to_owned()));
    assert!(refused["points"][0]["mend"].as_str().expect("what to do").contains("LINE Developers console"));
}

#[tokio::test]
async fn whoever_only_looks_hears_how_much_of_the_month_is_used_or_that_line_did_not_say() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.send(&patient, "one of them").await;
    app.drain().await;
    let viewer = tokens::create(&app.core().store, "viewer", Role::Viewer, at(NOON)).await.expect("a token");
    let ask = || app.call_as(&viewer, "POST", "/api/line/quota", Some(json!({})));
    let asked = ask().await.expect(200);
    assert_eq!(asked["finding"], json!({ "code": "quotaUnlimited", "used": 1 }));
    assert_eq!(asked["askedAt"], NOON);
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    assert_ne!(ask().await.expect(200)["finding"]["code"], "quotaUnlimited");
}
