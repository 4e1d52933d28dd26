//! Several message objects in one push.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, id, line_user, message};

const PICTURE: &str = "https://example.com/a.png";

fn two_more() -> Value {
    json!([
        { "messageType": "image", "content": { "imageUrl": PICTURE } },
        { "messageType": "text", "content": { "text": "for {{patient.name}}" } },
    ])
}

/// The types of what LINE user number `n` got, in its order.
fn types(app: &TestApp, n: u32) -> Vec<String> {
    let chat = app.line.sandbox.chat(&line_user(n)).unwrap_or_default();
    chat.iter().filter_map(|m| m.message["type"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_key_of_a_message_is_not_that_of_one_that_says_more() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "read this");
    body["idempotencyKey"] = json!("visit-7");
    body["furtherMessages"] = two_more();
    let first = id(&app.post("/api/messages", body.clone()).await.expect(202));
    assert_eq!(id(&app.post("/api/messages", body.clone()).await.expect(202)), first);
    let mut less = body.clone();
    less["furtherMessages"] = json!([two_more()[0]]);
    app.post("/api/messages", less.clone()).await.problem(409);
    let mut second = body.clone();
    second["idempotencyKey"] = json!("visit-8");
    less["idempotencyKey"] = json!("visit-8");
    app.post("/api/messages/bulk", json!({ "messages": [second, less] })).await.problem(409);
    app.drain().await;
    assert_eq!(types(&app, 1), ["text", "image", "text"]);
}

#[tokio::test]
async fn a_step_with_its_pictures_and_its_question_is_one_push_and_one_row() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let mut step = asking();
    step["furtherMessages"] = two_more();
    let assignment = app.follow_up(1, json!([step])).await;
    app.drain().await;
    assert_eq!(types(&app, 1), ["text", "image", "text", "template"]);
    assert_eq!(app.line.sandbox.accepted(), 1);
    let list = app.get(&format!("/api/messages?assignmentId={assignment}")).await.expect(200);
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    let shown = &list["items"][0]["furtherMessages"];
    assert_eq!(shown[0], json!({ "messageType": "image", "content": { "imageUrl": PICTURE } }));
    assert_eq!(shown[1]["content"]["text"], "for Patient 1");
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
    // A question that comes again comes with all that stood above it.
    app.press(1, "Later").await;
    app.pass(TimeDelta::minutes(31)).await;
    let again = &types(&app, 1)[4..];
    assert!(again.ends_with(&["text".into(), "image".into(), "text".into(), "template".into()]), "{again:?}");
}

#[tokio::test]
async fn what_is_wrong_with_one_of_several_stands_at_its_field() {
    let app = TestApp::start().await;
    let refused = |problem: Value| -> Vec<(Value, Value)> {
        let errors = problem["errors"].as_array().expect("fields").clone();
        errors.iter().map(|e| (e["field"].clone(), e["code"].clone())).collect()
    };
    let text = |text: &str| json!({ "messageType": "text", "content": { "text": text } });
    let mut step = asking();
    step["furtherMessages"] = json!([text("a"), text(""), text("{{patinet.name}}"), text("d")]);
    let body = json!({ "name": "Plan", "steps": [step] });
    let problem = app.post("/api/protocols", body).await.expect(422);
    assert_eq!(
        refused(problem),
        [
            (json!("steps[0].furtherMessages[1].content.text"), json!("empty")),
            (json!("steps[0].furtherMessages[2].content.text"), json!("unknownVariable")),
            (json!("steps[0].furtherMessages"), json!("tooMany")),
        ]
    );
    let patient = app.patient(1).await;
    let mut body = message(&patient, "hello");
    body["furtherMessages"] = json!([text("1"), text("2"), text("3"), text("4"), text("5")]);
    let problem = app.post("/api/messages", body.clone()).await.expect(422);
    assert_eq!(refused(problem)[0].0, "furtherMessages");
    body["furtherMessages"] = json!([text("1"), { "messageType": "image", "content": { "text": "x" } }]);
    let problem = app.post("/api/messages/bulk", json!({ "messages": [body] })).await.expect(422);
    let fields = refused(problem);
    assert!(
        fields[0].0.as_str().is_some_and(|f| f.starts_with("messages[0].furtherMessages[1].content")),
        "{fields:?}"
    );
}

#[tokio::test]
async fn a_message_of_several_repeats_as_a_whole() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "first");
    body["furtherMessages"] = two_more();
    body["schedule"] = json!({ "type": "recurring", "cron": "0 9 * * *" });
    let made = app.post("/api/messages", body).await.expect(202);
    assert_eq!(made["furtherMessages"], two_more());
    app.pass(TimeDelta::hours(24)).await;
    app.pass(TimeDelta::hours(24)).await;
    assert_eq!(app.texts(1), ["first", "for Patient 1", "first", "for Patient 1"]);
    app.post(&format!("/api/messages/{}/cancel", id(&made)), json!({})).await.expect(200);
}

#[tokio::test]
async fn a_new_version_keeps_what_it_is_given_and_a_step_without_any_has_none() {
    let app = TestApp::start().await;
    let mut step = asking();
    step["furtherMessages"] = two_more();
    let plan = app.protocol(json!([step, asking()])).await;
    let shown = app.get(&format!("/api/protocols/{plan}")).await.expect(200);
    assert_eq!(shown["steps"][0]["furtherMessages"], two_more());
    assert_eq!(shown["steps"][1]["furtherMessages"], json!([]));
}
