//! LINE itself is asked about the messages of a plan; where it cannot be, nobody says it was.

use serde_json::{Value, json};

use crate::support::{
    TestApp, asking, id,
    scripted::{Said, Scripted},
    step,
};

const REFUSED: Said = Said(
    400,
    &[],
    r#"{"message":"The request body has 2 error(s)","details":[{"message":"Length must be between 0 and 5000","property":"messages[0].text"},{"message":"invalid","property":"messages[1].template.actions[1].label"}]}"#,
);

async fn start() -> (TestApp, Scripted) {
    let line = Scripted::default();
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    (app, line)
}

fn plan() -> Value {
    json!({ "name": "After surgery", "steps": [asking()] })
}

#[tokio::test]
async fn what_line_would_refuse_is_refused_at_its_field_and_nothing_is_saved() {
    let (app, line) = start().await;
    line.object(Some(REFUSED));
    let steps = json!({ "steps": [asking()] });
    for (path, body) in [("/api/protocols", plan()), ("/api/protocols/check", steps)] {
        let problem = app.post(path, body).await.expect(422);
        let fields: Vec<_> =
            problem["errors"].as_array().expect("errors").iter().map(|e| &e["field"]).collect();
        assert_eq!(fields, ["steps[0].content.text", "steps[0].feedback.buttons[1].label"], "{path}");
        assert_eq!(problem["errors"][0]["code"], "refusedByLine");
        assert_eq!(problem["errors"][0]["message"], "Length must be between 0 and 5000");
    }
    let plans = app.get("/api/protocols").await.expect(200);
    assert_eq!(plans["items"], json!([]));
    assert_eq!(line.calls("push"), 0, "nothing is sent");
}

#[tokio::test]
async fn line_is_asked_about_each_language_of_a_step() {
    let (app, line) = start().await;
    line.object(Some(REFUSED));
    let mut step = asking();
    let buttons: Vec<_> =
        ["done", "later", "no", "worse"].map(|v| json!({ "value": v, "label": "はい" })).into();
    step["translations"] = json!({
        "ja": { "messageType": "text", "content": { "text": "お薬" },
                "feedback": { "question": "飲みましたか", "buttons": buttons } },
    });
    let problem = app.post("/api/protocols/check", json!({ "steps": [step] })).await.expect(422);
    let fields: Vec<_> = problem["errors"].as_array().expect("errors").iter().map(|e| &e["field"]).collect();
    assert_eq!(
        fields,
        [
            "steps[0].content.text",
            "steps[0].feedback.buttons[1].label",
            "steps[0].translations.ja.content.text",
            "steps[0].translations.ja.feedback.buttons[1].label",
        ]
    );
}

#[tokio::test]
async fn a_plan_line_would_take_says_when_line_was_asked() {
    let (app, line) = start().await;
    let plan = app.post("/api/protocols", plan()).await.expect(201);
    assert!(plan["lineCheckedAt"].is_string(), "{plan}");
    assert_eq!(line.asked_about().as_array().map(Vec::len), Some(2), "the message and its question");
    let path = format!("/api/protocols/{}", id(&plan));
    app.post(&format!("{path}/activate"), json!({})).await.expect(200);
    assert_eq!(line.calls("validate"), 1, "what LINE has seen is not asked again");
    let validation = app.get(&format!("{path}/validate")).await.expect(200);
    assert_eq!(validation["lineCheckedAt"], plan["lineCheckedAt"]);
}

#[tokio::test]
async fn where_line_cannot_be_asked_the_plan_is_saved_and_says_so_and_is_asked_about_when_activated() {
    let (app, line) = start().await;
    for away in [Said(404, &[], ""), Said(500, &[], ""), Said(400, &[], r#"{"message":"Bad request"}"#)] {
        line.object(Some(away));
        let plan = app.post("/api/protocols", plan()).await.expect(201);
        assert!(plan["lineCheckedAt"].is_null());
        let activate = format!("/api/protocols/{}/activate", id(&plan));
        line.object(Some(REFUSED));
        app.post(&activate, json!({})).await.expect(422);
        line.object(None);
        let active = app.post(&activate, json!({})).await.expect(200);
        assert!(active["lineCheckedAt"].is_string());
    }
}

#[tokio::test]
async fn what_line_refuses_without_naming_a_place_is_refused_in_its_words() {
    let (app, line) = start().await;
    for (status, words) in [(400, "The request body has 1 error(s)"), (413, "Request Entity Too Large")] {
        let body: &'static str = format!(r#"{{"message":"{words}","details":null}}"#).leak();
        line.object(Some(Said(status, &[("x-line-request-id", "1")], body)));
        let refused = app.post("/api/protocols", plan()).await.expect(422);
        let error = &refused["errors"][0];
        assert_eq!(error["field"], "steps[0].content");
        assert!(error.to_string().contains(words), "{error}");
    }
}

/// A plan of two steps with these words.
fn saying(first: &str, second: &str) -> Value {
    let steps = [first, second].map(|text| step(json!({ "type": "immediate" }), text));
    json!({ "name": "After surgery", "steps": steps })
}

#[tokio::test]
async fn what_line_objected_to_in_time_is_said_though_it_left_another_question_without_an_answer() {
    let (app, line) = start().await;
    line.leave_unanswered(Some("slow"));
    line.object(Some(Said(
        400,
        &[],
        r#"{"message":"A message (messages[0]) in the request body is invalid"}"#,
    )));
    let problem = app.post("/api/protocols", saying("slow", "quick")).await.expect(422);
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(problem["errors"][0]["field"], "steps[1].content");
}

#[tokio::test]
async fn a_plan_line_did_not_look_at_to_its_end_is_not_called_checked_and_the_rest_is_asked_next() {
    let (app, line) = start().await;
    line.leave_unanswered(Some("slow"));
    let plan = app.post("/api/protocols", saying("quick", "slow")).await.expect(201);
    assert_eq!((&plan["lineCheckedAt"], line.calls("validate")), (&Value::Null, 2));
    line.leave_unanswered(None);
    let path = format!("/api/protocols/{}/activate", id(&plan));
    let active = app.post(&path, json!({})).await.expect(200);
    assert!(active["lineCheckedAt"].is_string(), "{active}");
    assert_eq!(line.calls("validate"), 3, "what LINE said of the first step holds");
}

#[tokio::test]
async fn a_sender_line_does_not_take_is_refused_once_and_at_the_field_of_the_plan() {
    let (app, line) = start().await;
    line.object(Some(Said(
        400,
        &[],
        r#"{"message":"x","details":[{"message":"not allowed","property":"messages[0].sender.name"}]}"#,
    )));
    let mut plan = saying("one", "two");
    plan["sender"] = json!({ "name": "Nurse" });
    let problem = app.post("/api/protocols", plan).await.expect(422);
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(problem["errors"][0]["field"], "sender.name");
}

#[tokio::test]
async fn a_template_line_would_refuse_is_not_kept() {
    let (app, line) = start().await;
    let template =
        |text: &str| json!({ "name": "Hello", "messageType": "text", "content": { "text": text } });
    let made = app.post("/api/message-templates", template("hello")).await.expect(201);
    line.object(Some(REFUSED));
    let path = format!("/api/message-templates/{}", id(&made));
    for (method, path) in [("POST", "/api/message-templates"), ("PUT", path.as_str())] {
        let refused = app.call_as(&app.token, method, path, Some(template("other"))).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], "content.text", "{method}");
        assert_eq!(refused["errors"][0]["code"], "refusedByLine", "{method}");
    }
    assert_eq!(app.get(&path).await.expect(200)["content"]["text"], "hello");
}

/// The places LINE's objections are said at, when it names `properties` of a plan.
async fn places(body: Value, path: &str, properties: &[&str]) -> Vec<(Value, Value)> {
    let (app, line) = start().await;
    let details: Vec<_> =
        properties.iter().map(|p| json!({ "message": "no\u{7}\u{202e}way\n", "property": p })).collect();
    let said = json!({ "message": "The request body has errors", "details": details }).to_string();
    line.object(Some(Said(400, &[], said.leak())));
    let problem = app.post(path, body).await.expect(422);
    let errors = problem["errors"].as_array().expect("errors").iter();
    errors.map(|e| (e["field"].clone(), e["message"].clone())).collect()
}

#[tokio::test]
async fn what_line_names_and_nobody_wrote_is_said_at_the_nearest_place_that_was_written() {
    let steps = json!({ "steps": [asking()] });
    for (property, field) in [
        ("messages[9].text", "steps[0].feedback"),
        ("messages", "steps[0].content"),
        ("messages[-1]", "steps[0].content"),
        ("/text", "steps[0].content.text"),
        ("/", "steps[0].content"),
        ("sender.name", "steps[0].content"),
        ("messages[0].sender.iconUrl", "steps[0].content"),
        ("messages[1].template.actions[1].uri", "steps[0].feedback.buttons[1]"),
        ("messages[1].altText", "steps[0].feedback"),
        ("messages[0].quickReply.items[3].action.label", "steps[0].quickReplies"),
        ("messages[0]\u{0}.text", "steps[0].content"),
    ] {
        let said = places(steps.clone(), "/api/protocols/check", &[property]).await;
        assert_eq!(said, [(json!(field), json!("no way "))], "{property}");
    }
    let flex = json!({ "name": "Layout", "messageType": "flex", "content": { "altText": "a", "contents": {
        "type": "bubble", "body": { "type": "box", "layout": "vertical", "contents": [] } } } });
    for (property, field) in [
        ("/", "content.contents"),
        ("/footer/contents/2", "content.contents"),
        ("/body/contents/2/size", "content.contents.body.contents"),
        ("messages[9].text", "content"),
        ("messages[0].sender.name", "content"),
    ] {
        let said = places(flex.clone(), "/api/message-templates", &[property]).await;
        assert_eq!(said, [(json!(field), json!("no way "))], "{property}");
    }
}

#[tokio::test]
async fn of_many_objections_some_are_said() {
    let many: Vec<_> = (0..500).map(|n| format!("messages[{}].text{n}", n % 3)).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let said = places(json!({ "steps": [asking()] }), "/api/protocols/check", &many).await;
    assert_eq!(said.len(), 2, "what is said of one place in the same words is said once: {said:?}");
}

#[tokio::test]
async fn a_page_that_is_not_lines_is_no_yes() {
    let (app, line) = start().await;
    line.object(Some(Said(200, &[], "<html>Sign in to the network</html>")));
    let made = app.post("/api/protocols", plan()).await.expect(201);
    assert_eq!(made["lineCheckedAt"], Value::Null);
}

#[tokio::test]
async fn a_plan_that_line_looked_at_long_ago_is_looked_at_again_when_it_begins() {
    let (app, line) = start().await;
    let made = app.post("/api/protocols", plan()).await.expect(201);
    assert!(made["lineCheckedAt"].is_string());
    app.pass(chrono::TimeDelta::days(40)).await;
    line.object(Some(REFUSED));
    app.post(&format!("/api/protocols/{}/activate", id(&made)), json!({})).await.expect(422);
}
