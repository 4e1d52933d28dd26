//! Messages that are kept to write others from.

use serde_json::{Value, json};

use crate::support::{TestApp, id};

fn welcome() -> Value {
    json!({ "name": "Welcome", "locale": "th", "messageType": "text",
        "content": { "text": "สวัสดี {{patient.nickname|คุณ}}" },
        "furtherMessages": [{ "messageType": "image", "content": { "imageUrl": "https://example.com/a.png" } }],
        "quickReplies": [{ "type": "message", "label": "Thanks", "text": "Thank you" }] })
}

async fn names(app: &TestApp, query: &str) -> Vec<Value> {
    let list = app.get(&format!("/api/message-templates{query}")).await.expect(200);
    list["items"].as_array().expect("rows").iter().map(|t| t["name"].clone()).collect()
}

#[tokio::test]
async fn a_template_is_written_changed_and_put_away() {
    let app = TestApp::start().await;
    let made = app.post("/api/message-templates", welcome()).await.expect(201);
    let path = format!("/api/message-templates/{}", id(&made));
    let shown = app.get(&path).await.expect(200);
    assert_eq!(shown, made);
    assert_eq!(shown["furtherMessages"], welcome()["furtherMessages"]);
    assert_eq!(shown["quickReplies"], welcome()["quickReplies"]);
    let mut again = welcome();
    again["name"] = json!("Good day");
    again["unchangedSince"] = made["updatedAt"].clone();
    let changed = app.call_as(&app.token, "PUT", &path, Some(again.clone())).await.expect(200);
    assert_eq!((&changed["name"], &changed["createdAt"]), (&json!("Good day"), &made["createdAt"]));
    let late = app.call_as(&app.token, "PUT", &path, Some(again)).await.problem(409);
    assert_eq!(late, "conflict");
    app.post(
        "/api/message-templates",
        json!({ "name": "Thanks", "messageType": "text",
        "content": { "text": "Thank you" } }),
    )
    .await
    .expect(201);
    again_without_quick_replies(&app, &path).await;
    assert_eq!(names(&app, "").await, ["Thanks", "Good day"]);
    app.post(&format!("{path}/archive"), json!({})).await.expect(200);
    assert_eq!(names(&app, "").await, ["Thanks"]);
    assert_eq!(names(&app, "?archived=true").await, ["Good day"]);
}

async fn again_without_quick_replies(app: &TestApp, path: &str) {
    let mut template = welcome();
    template["name"] = json!("Good day");
    template["quickReplies"] = Value::Null;
    let changed = app.call_as(&app.token, "PUT", path, Some(template)).await.expect(200);
    assert_eq!(changed["quickReplies"], json!([]));
}

#[tokio::test]
async fn what_no_message_could_be_sent_with_is_not_kept() {
    let app = TestApp::start().await;
    let mut wrong = welcome();
    wrong["content"]["text"] = json!("{{patinet.name}}");
    wrong["furtherMessages"][0]["content"]["imageUrl"] = json!("http://example.com/a.png");
    wrong["quickReplies"][0]["label"] = json!("{{patinet.name}}");
    let problem = app.post("/api/message-templates", wrong).await.expect(422);
    let fields: Vec<_> = problem["errors"].as_array().expect("fields").iter().map(|e| &e["field"]).collect();
    assert_eq!(fields, ["content.text", "furtherMessages[0].content.imageUrl", "quickReplies[0].label"]);
    let nobody = "/api/message-templates/00000000-0000-7000-8000-000000000000";
    app.get(nobody).await.problem(404);
    app.post(&format!("{nobody}/archive"), json!({})).await.problem(404);
}
