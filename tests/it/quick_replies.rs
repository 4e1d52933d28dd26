//! Quick replies: under the last message of a push, beside the buttons of a question.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, id, line_user, message};

/// A quick reply of each kind.
fn replies() -> Value {
    json!([
        { "type": "message", "label": "I am fine" },
        { "type": "message", "label": "Thanks", "text": "Thank you very much", "iconUrl": "https://example.com/a.png" },
        { "type": "postback", "label": "Call me", "data": "call" },
        { "type": "postback", "label": "Another day", "picker": { "mode": "date", "minDays": 1 } },
        { "type": "camera", "label": "A picture" },
        { "type": "cameraRoll", "label": "From my phone" },
        { "type": "location", "label": "Where I am" },
    ])
}

/// The `quickReply` of each message LINE's user 1 got from the clinic.
fn quick_replies(app: &TestApp) -> Vec<Value> {
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    chat.iter().map(|m| m.message["quickReply"].clone()).collect()
}

/// What was refused: field and code.
fn refused(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().expect("fields");
    errors.iter().map(|e| format!("{} {}", e["field"], e["code"]).replace('"', "")).collect()
}

#[tokio::test]
async fn they_stand_under_the_question_beside_its_buttons() {
    let app = TestApp::start().await;
    let mut step = asking();
    step["quickReplies"] = replies();
    app.follow_up(1, json!([step])).await;
    app.drain().await;
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    assert_eq!(chat.len(), 2);
    assert_eq!(chat[0].message["quickReply"], Value::Null);
    assert_eq!(chat[1].message["type"], "template");
    assert_eq!(app.buttons(1).len(), 4);
    insta::assert_snapshot!(chat[1].message["quickReply"].to_string(), @r#"{"items":[{"type":"action","action":{"type":"message","label":"I am fine","text":"I am fine"}},{"type":"action","action":{"type":"message","label":"Thanks","text":"Thank you very much"},"imageUrl":"https://example.com/a.png"},{"type":"action","action":{"type":"postback","label":"Call me","data":"call","displayText":"Call me"}},{"type":"action","action":{"type":"datetimepicker","label":"Another day","data":"Another day","mode":"date","min":"2026-11-25"}},{"type":"action","action":{"type":"camera","label":"A picture"}},{"type":"action","action":{"type":"cameraRoll","label":"From my phone"}},{"type":"action","action":{"type":"location","label":"Where I am"}}]}"#);
}

#[tokio::test]
async fn a_message_that_repeats_and_a_question_that_comes_again_have_them_each_time() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let patient = app.patient(1).await;
    let mut body = message(&patient, "How are you?");
    body["quickReplies"] = json!([{ "type": "message", "label": "Fine" }]);
    body["furtherMessages"] = json!([{ "messageType": "text", "content": { "text": "Tell us." } }]);
    body["schedule"] = json!({ "type": "recurring", "cron": "0 9 * * *" });
    let made = app.post("/api/messages", body.clone()).await.expect(202);
    assert_eq!(made["quickReplies"], body["quickReplies"]);
    app.pass(TimeDelta::hours(24)).await;
    app.pass(TimeDelta::hours(24)).await;
    app.post(&format!("/api/messages/{}/cancel", id(&made)), json!({})).await.expect(200);
    let items = json!({ "items": [{ "type": "action", "action": { "type": "message", "label": "Fine", "text": "Fine" } }] });
    assert_eq!(quick_replies(&app), [Value::Null, items.clone(), Value::Null, items]);

    let app = TestApp::start().await;
    app.listen_to_phones();
    let mut step = asking();
    step["quickReplies"] = replies();
    app.follow_up(1, json!([step])).await;
    app.drain().await;
    app.press(1, "Later").await;
    app.pass(TimeDelta::minutes(31)).await;
    let asked: Vec<_> = quick_replies(&app).into_iter().filter(|q| !q.is_null()).collect();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0], asked[1]);
}

#[tokio::test]
async fn what_is_sent_by_them_is_kept_as_words_pictures_places_and_presses_are() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let mut step = asking();
    step["quickReplies"] = replies();
    step["pressCallsStaff"] = json!(true);
    app.follow_up(1, json!([step])).await;
    app.drain().await;
    let phone = |what: &str| format!("/api/practice/phones/{}/{what}", line_user(1));
    let line = &app.line.sandbox;
    assert!(line.text(&line_user(1), "I am fine").await);
    assert!(line.tap(&line_user(1), "call", Some("Call me")).await);
    let day = json!({ "date": "2026-12-01" });
    assert!(line.postback(&line_user(1), "Another day", None, Some(&day)).await);
    assert!(line.send(&line_user(1), &json!({ "type": "location", "title": "Home" })).await);
    app.hear().await;
    let patient = app.get("/api/patients").await.expect(200)["items"][0].clone();
    let timeline = app.get(&format!("/api/patients/{}/timeline", id(&patient))).await.expect(200);
    let said: Vec<String> = timeline["items"]
        .as_array()
        .expect("a timeline")
        .iter()
        .filter_map(|item| {
            item["said"].as_object().map(|said| json!([said["kind"], said["text"]]).to_string())
        })
        .collect();
    assert_eq!(said.len(), 4, "{timeline}");
    // None of it answers the question.
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"][0]["responseAction"], Value::Null);
    let work = app.get("/api/worklist").await.expect(200).to_string();
    assert!(work.contains("Call me"), "{work}");
    assert_eq!(app.post(&phone("send"), json!({ "what": "picture" })).await.problem(409), "conflict");
}

#[tokio::test]
async fn the_days_of_a_picker_count_from_the_day_it_goes() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "When do you come?");
    body["quickReplies"] =
        json!([{ "type": "postback", "label": "A day", "picker": { "mode": "date", "minDays": 1 } }]);
    body["schedule"] = json!({ "type": "delay", "delayMs": 3 * 86_400_000 });
    app.post("/api/messages", body).await.expect(202);
    app.pass(TimeDelta::days(3)).await;
    assert_eq!(quick_replies(&app)[0]["items"][0]["action"]["min"], "2026-11-28");
}

#[tokio::test]
async fn a_key_of_a_message_is_not_that_of_one_with_other_quick_replies() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "How are you?");
    body["idempotencyKey"] = json!("visit-7");
    body["quickReplies"] = replies();
    let first = id(&app.post("/api/messages", body.clone()).await.expect(202));
    assert_eq!(id(&app.post("/api/messages", body.clone()).await.expect(202)), first);
    let mut less = body.clone();
    less["quickReplies"] = json!([replies()[0]]);
    app.post("/api/messages", less.clone()).await.problem(409);
    body["idempotencyKey"] = json!("visit-8");
    less["idempotencyKey"] = json!("visit-8");
    app.post("/api/messages/bulk", json!({ "messages": [body, less] })).await.problem(409);
    app.drain().await;
}

#[tokio::test]
async fn what_line_would_refuse_of_them_stands_at_its_field() {
    let app = TestApp::start().await;
    let mut step = asking();
    step["quickReplies"] = json!([
        { "type": "message", "label": "", "text": "" },
        { "type": "camera", "label": "one two three four five", "iconUrl": "http://example.com/a.png" },
        { "type": "postback", "label": "A day", "picker": { "mode": "date", "minDays": 3, "maxDays": 2 } },
        { "type": "postback", "label": "Press", "data": "x".repeat(301) },
        { "type": "message", "label": "  " },
        { "type": "camera", "label": "A\npicture" },
    ]);
    step["translations"] = json!({ "ja": { "messageType": "text", "content": { "text": "お薬" },
        "quickReplies": [{ "type": "location", "label": "Here, {{patinet.name}}" }] } });
    let problem = app.post("/api/protocols", json!({ "name": "Plan", "steps": [step] })).await.expect(422);
    assert_eq!(
        refused(&problem),
        [
            "steps[0].quickReplies[0].label empty",
            "steps[0].quickReplies[1].label tooLong",
            "steps[0].quickReplies[1].iconUrl notAPublicAddress",
            "steps[0].quickReplies[0].text empty",
            "steps[0].quickReplies[2].picker.maxDays notLaterThanMin",
            "steps[0].quickReplies[3].data tooLong",
            "steps[0].quickReplies[4].label empty",
            "steps[0].quickReplies[5].label notOneLine",
            "steps[0].translations.ja.quickReplies[0].label unknownVariable",
        ]
    );
    let patient = app.patient(1).await;
    let mut body = message(&patient, "hello");
    let many: Vec<_> = (0..14).map(|n| json!({ "type": "message", "label": n.to_string() })).collect();
    body["quickReplies"] = json!(many);
    let problem = app.post("/api/messages/bulk", json!({ "messages": [body] })).await.expect(422);
    assert_eq!(refused(&problem), ["messages[0].quickReplies tooMany"], "said once");
    let mut body = message(&patient, "hello");
    body["quickReplies"] = json!([{ "type": "camera", "label": "A picture", "text": "x" }]);
    assert!((400..500).contains(&app.post("/api/messages", body).await.status));
}

#[tokio::test]
async fn the_data_of_our_own_buttons_is_refused_wherever_staff_write_data() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let press = |data: &str| json!({ "type": "postback", "label": "A", "data": data });
    let flex = json!({ "altText": "a", "contents": { "type": "bubble", "body": { "type": "box",
        "layout": "vertical", "contents": [{ "type": "button", "action": press("cm1 worse") }] } } });
    let buttons = json!({ "altText": "a", "template": { "type": "buttons", "text": "a", "actions": [
        press("cq1 00000000000000000000000000000007 complete yes"),
        { "type": "datetimepicker", "label": "A", "data": "cm1 next", "mode": "date" }] } });
    let body = json!({ "patientId": patient, "messageType": "flex", "content": flex,
        "furtherMessages": [{ "messageType": "template", "content": buttons }],
        "quickReplies": [press("cm1"), { "type": "postback", "label": "cq1 x" }, press("cm1x"),
            { "type": "message", "label": "cm1 worse" }] });
    let problem = app.post("/api/messages", body.clone()).await.expect(422);
    let wrong = [
        "content.contents.body.contents[0].action.data reservedData",
        "furtherMessages[0].content.template.actions[0].data reservedData",
        "furtherMessages[0].content.template.actions[1].data reservedData",
    ];
    let under = ["quickReplies[0].data reservedData", "quickReplies[1].label reservedData"];
    assert_eq!(refused(&problem), [&wrong[..], &under].concat());
    let mut template = json!({ "name": "A" });
    for member in ["messageType", "content", "furtherMessages"] {
        template[member] = body[member].clone();
    }
    assert_eq!(refused(&app.post("/api/message-templates", template).await.expect(422)), wrong);
    let mut step = asking();
    step["translations"] = json!({ "ja": { "messageType": "text", "content": { "text": "a" },
        "quickReplies": [press("cm1 next")] } });
    let problem = app.post("/api/protocols", json!({ "name": "A", "steps": [step] })).await.expect(422);
    assert_eq!(refused(&problem), ["steps[0].translations.ja.quickReplies[0].data reservedData"]);
}

#[tokio::test]
async fn a_list_that_is_null_is_left_out() {
    let app = TestApp::start().await;
    let mut body = message(&app.patient(1).await, "hello");
    body["quickReplies"] = Value::Null;
    body["furtherMessages"] = Value::Null;
    assert_eq!(app.post("/api/messages", body).await.expect(202)["quickReplies"], json!([]));
    let mut step = asking();
    for member in ["quickReplies", "furtherMessages", "translations", "pressCallsStaff", "silent"] {
        step[member] = Value::Null;
    }
    step["translations"] = json!({ "ja": { "messageType": "text", "content": { "text": "a" },
        "quickReplies": null, "furtherMessages": null } });
    app.post("/api/protocols", json!({ "name": "A", "steps": [step.clone()] })).await.expect(201);
    step["translations"] = Value::Null;
    app.post("/api/protocols", json!({ "name": "A", "steps": [step] })).await.expect(201);
    let template = json!({ "name": "A", "messageType": "text", "content": { "text": "a" },
        "furtherMessages": null });
    let saved = app.post("/api/message-templates", template.clone()).await.expect(201);
    let at = format!("/api/message-templates/{}", saved["id"].as_str().unwrap_or_default());
    app.call_as(&app.token, "PUT", &at, Some(template)).await.expect(200);
    app.drain().await;
}
