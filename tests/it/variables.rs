//! Variables in texts: checked when they are saved, filled in when the bytes are made.

use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::{TestApp, id, leftovers::Left, line_user, message, step};

fn immediate() -> Value {
    json!({ "type": "immediate" })
}

/// The fields that were refused, each with its code.
fn refused(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().expect("fields");
    let text = |v: &'_ Value| -> &'static str { Box::leak(v.as_str().expect("text").to_owned().into()) };
    errors.iter().map(|e| (text(&e["field"]), text(&e["code"]))).collect()
}

async fn set_phone(app: &TestApp, phone: Value) {
    let body = json!({ "clinicName": "River Clinic", "clinicPhone": phone });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(body)).await.expect(200);
}

async fn change(app: &TestApp, patient: &str, what: Value) {
    app.call_as(&app.token, "PATCH", &format!("/api/patients/{patient}"), Some(what)).await.expect(200);
}

#[tokio::test]
async fn a_step_is_filled_in_for_its_patient_in_their_language_calendar_and_zone() {
    let app = TestApp::start().await;
    set_phone(&app, json!("02-123-4567")).await;
    let text = "{{patient.name}}|{{patient.nickname|คุณ}}|{{clinic.name}}|{{clinic.phone}}|{{step.day}}|\
                {{date}}|{{date:full}}|{{start.date:short}}|{{{{";
    let later = step(json!({ "type": "delay", "value": "2d" }), text);
    let protocol = app.protocol(json!([later])).await;
    let locales =
        [("th", "Asia/Bangkok", "Chai"), ("ja", "Asia/Tokyo", ""), ("en", "Pacific/Auckland", "Al")];
    for (n, (locale, zone, nickname)) in (1..).zip(locales) {
        let patient = app.patient(n).await;
        let nickname = Some(nickname).filter(|n| !n.is_empty());
        change(&app, &patient, json!({ "locale": locale, "timeZone": zone, "nickname": nickname })).await;
        let body = json!({ "patientId": patient, "protocolId": protocol });
        let assignment = id(&app.post("/api/assignments", body).await.expect(201));
        app.act(&assignment, "start").await.expect(200);
    }
    // Half past eleven at night in Auckland, which begins a new day sooner.
    app.clock.advance(TimeDelta::minutes(330));
    app.pass(TimeDelta::days(2)).await;
    let said: Vec<_> = (1..4).flat_map(|n| app.texts(n)).collect();
    assert_eq!(
        said,
        [
            "Patient 1|Chai|River Clinic|02-123-4567|2|26 พฤศจิกายน 2569|วันพฤหัสบดีที่ 26 พฤศจิกายน 2569|\
             24 พ.ย. 2569|{{",
            "Patient 2|คุณ|River Clinic|02-123-4567|2|2026年11月26日|2026年11月26日(木)|2026/11/24|{{",
            "Patient 3|Al|River Clinic|02-123-4567|2|26 November 2026|Thursday, 26 November 2026|\
             24 Nov 2026|{{",
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_filled_in_is_refused_when_it_is_saved() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut asks = step(immediate(), "{{patinet.name}}");
    asks["requiresFeedback"] = json!(true);
    asks["feedback"] = json!({ "question": "{{", "altText": "{{patient.name}}?", "buttons": [
        { "label": "{{date:iso}}", "value": "{{kept}}", "action": "complete" }] });
    let phone = step(immediate(), "Call {{clinic.phone}}");
    let body = json!({ "name": "Plan", "steps": [asks, step(immediate(), "{{step.day}}")] });
    let problem = app.post("/api/protocols", body).await.expect(422);
    assert_eq!(
        refused(&problem),
        [
            ("steps[0].content.text", "unknownVariable"),
            ("steps[0].feedback.question", "brokenVariable"),
            ("steps[0].feedback.altText", "nameOnLockScreen"),
            ("steps[0].feedback.buttons[0].label", "unknownDateForm"),
        ]
    );
    let body = json!({ "name": "Plan", "steps": [phone] });
    let problem = app.post("/api/protocols", body.clone()).await.expect(422);
    assert_eq!(refused(&problem), [("steps[0].content.text", "needsFallback")]);
    let problem = app.post("/api/protocols/check", json!({ "steps": [phone] })).await.expect(422);
    assert_eq!(refused(&problem), [("steps[0].content.text", "needsFallback")]);
    let alone = [("{{step.day}}", 422), ("{{clinic.phone}}", 422), ("{{clinic.phone|us}}", 202)];
    for (text, status) in alone {
        app.post("/api/messages", message(&patient, text)).await.expect(status);
    }
    let messages = json!([message(&patient, "{{date}}"), message(&patient, "{{start.date}}")]);
    let problem = app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(422);
    assert_eq!(refused(&problem), [("messages[1].content.text", "needsFallback")]);
    set_phone(&app, json!("1669")).await;
    app.post("/api/protocols", body).await.expect(201);
    app.send(&patient, "{{clinic.phone}}").await;
    app.drain().await;
    assert_eq!(app.texts(1), ["us", "1669"]);
}

#[tokio::test]
async fn a_message_without_a_value_is_never_sent_with_a_hole_and_goes_when_there_is_one() {
    let app = TestApp::start().await;
    set_phone(&app, json!("1669")).await;
    let protocol = app.protocol(json!([step(immediate(), "Call {{clinic.phone}}")])).await;
    set_phone(&app, Value::Null).await;
    let patient = app.patient(1).await;
    let body = json!({ "patientId": patient, "protocolId": protocol });
    let assignment = id(&app.post("/api/assignments", body).await.expect(201));
    app.act(&assignment, "start").await.expect(200);
    app.drain().await;
    let list = app.get(&format!("/api/messages?assignmentId={assignment}")).await.expect(200);
    let held = &list["items"][0];
    assert_eq!(
        (&held["state"], &held["cause"], &held["attempts"]),
        (&json!("held"), &json!("unfilled"), &json!(0))
    );
    assert_eq!(held["errorText"], "{{clinic.phone}}");
    assert!(app.texts(1).is_empty());
    set_phone(&app, json!("1668")).await;
    app.drain().await;
    assert_eq!(app.texts(1), ["Call 1668"]);
}

#[tokio::test]
async fn a_name_that_is_too_long_for_its_place_is_cut_and_line_takes_the_message() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let steps = json!([{
        "trigger": immediate(), "messageType": "text", "content": { "text": "For {{patient.name}}" },
        "requiresFeedback": true,
        "feedback": { "question": "{{patient.name}}?", "buttons": [
            { "label": "I, {{patient.name}}", "value": "yes", "action": "complete" }] },
    }]);
    let protocol = app.protocol(steps).await;
    let patient = app.patient(1).await;
    let name = "สมชายใจดี".repeat(20);
    change(&app, &patient, json!({ "displayName": name })).await;
    let body = json!({ "patientId": patient, "protocolId": protocol });
    let assignment = id(&app.post("/api/assignments", body).await.expect(201));
    app.act(&assignment, "start").await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), [format!("For {name}")]);
    assert_eq!(app.buttons(1)[0].0, "I, สมชายใจดี…");
    app.press(1, "I, สมชายใจดี…").await;
    let shown =
        app.get(&format!("/api/messages?assignmentId={assignment}")).await.expect(200)["items"][0].clone();
    assert_eq!(shown["content"]["text"], format!("For {name}"));
    assert_eq!(shown["feedback"]["buttons"][0]["label"], "I, สมชายใจดี…");
    assert_eq!(shown["answers"][0]["label"], "I, สมชายใจดี…");
    // What a plan says stays as it was written.
    let plan = app.get(&format!("/api/protocols/{protocol}")).await.expect(200);
    assert_eq!(plan["steps"][0]["content"]["text"], "For {{patient.name}}");
}

#[tokio::test]
async fn what_is_sent_later_says_what_is_so_then_and_the_same_on_every_try() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "{{patient.nickname}}, {{date:short}}");
    body["schedule"] = json!({ "type": "delay", "delayMs": 86_400_000 });
    let later = app.post("/api/messages", body).await.expect(202);
    assert_eq!(later["content"]["text"], "{{patient.nickname}}, {{date:short}}");
    change(&app, &patient, json!({ "nickname": "Nok", "locale": "en" })).await;
    app.clock.advance(TimeDelta::days(1));
    app.line.sandbox.set_fault(Fault { kind: FaultKind::ServerError, count: Some(1), latency_ms: None });
    app.drain().await;
    change(&app, &patient, json!({ "nickname": "Somebody else" })).await;
    app.pass(TimeDelta::seconds(5)).await;
    assert_eq!(app.texts(1), ["Nok, 25 Nov 2026"]);
    assert_eq!(app.message(&id(&later)).await["content"]["text"], "Nok, 25 Nov 2026");
    app.leaves(Left::Refusal, "LINE was told to fail");
}

#[tokio::test]
async fn what_waits_for_a_link_is_filled_in_when_it_goes() {
    let app = TestApp::start().await;
    let body = json!({ "displayName": "Malee", "nickname": "Lee" });
    let patient = id(&app.post("/api/patients", body).await.expect(201));
    let sent = app.send(&patient, "{{patient.name}} {{patient.nickname}}").await;
    app.drain().await;
    assert_eq!(app.state_of(&sent).await, "held");
    app.line.sandbox.add_user(&line_user(1), "Malee");
    change(&app, &patient, json!({ "lineUserId": line_user(1) })).await;
    app.drain().await;
    assert_eq!(app.texts(1), ["Malee Lee"]);
}

#[tokio::test]
async fn layouts_and_templates_are_filled_in_and_what_is_given_back_is_not() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let template = json!({ "type": "buttons", "title": "{{clinic.name}}", "text": "Dear {{patient.name}}",
        "actions": [{ "type": "postback", "label": "{{patient.nickname}}", "data": "{{mine}}" }] });
    let content = json!({ "altText": "From {{clinic.name}}", "template": template });
    let body = json!({ "patientId": patient, "messageType": "template", "content": content });
    let sent = id(&app.post("/api/messages", body.clone()).await.expect(202));
    app.drain().await;
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    insta::assert_snapshot!(chat[0].message.to_string(), @r#"{"type":"template","altText":"From Clinic","template":{"type":"buttons","title":"Clinic","text":"Dear Patient 1","actions":[{"type":"postback","label":"Patient 1","data":"{{mine}}"}]}}"#);
    assert_eq!(app.message(&sent).await["content"]["template"]["text"], "Dear Patient 1");
    let mut named = body;
    named["content"]["altText"] = json!("For {{patient.name}}");
    named["content"]["template"]["actions"][0] =
        json!({ "type": "uri", "label": "x", "uri": "https://example.com/{{date}}" });
    let problem = app.post("/api/messages", named).await.expect(422);
    let expected =
        [("content.altText", "nameOnLockScreen"), ("content.template.actions[0].uri", "noVariableHere")];
    assert_eq!(refused(&problem), expected);
}

#[tokio::test]
async fn quick_replies_are_filled_in_and_shown_as_the_patient_reads_them() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut body = message(&patient, "How are you?");
    body["quickReplies"] = json!([
        { "type": "message", "label": "I, {{patient.name}}", "text": "{{patient.name}} is well, {{date:short}}" },
        { "type": "postback", "label": "Call {{clinic.name}}", "data": "{{mine}}" },
    ]);
    let sent = id(&app.post("/api/messages", body.clone()).await.expect(202));
    app.drain().await;
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    insta::assert_snapshot!(chat[0].message["quickReply"].to_string(), @r#"{"items":[{"type":"action","action":{"type":"message","label":"I, Patient 1","text":"Patient 1 is well, 24 พ.ย. 2569"}},{"type":"action","action":{"type":"postback","label":"Call Clinic","data":"{{mine}}","displayText":"Call Clinic"}}]}"#);
    let shown = app.message(&sent).await;
    assert_eq!(shown["quickReplies"][0]["text"], "Patient 1 is well, 24 พ.ย. 2569");
    assert_eq!(shown["quickReplies"][1]["label"], "Call Clinic");

    // A name is cut where the whole has no room, as on every button.
    change(&app, &patient, json!({ "displayName": "สมชายใจดี".repeat(20) })).await;
    app.post("/api/messages", body.clone()).await.expect(202);
    app.drain().await;
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    assert_eq!(chat[1].message["quickReply"]["items"][0]["action"]["label"], "I, สมชายใจดี…");

    body["quickReplies"] = json!([
        { "type": "message", "label": "{{step.day}}" },
        { "type": "camera", "label": "x", "iconUrl": "https://example.com/{{date}}.png" },
    ]);
    let problem = app.post("/api/messages", body).await.expect(422);
    let expected =
        [("quickReplies[0].label", "needsFallback"), ("quickReplies[1].iconUrl", "noVariableHere")];
    assert_eq!(refused(&problem), expected);
}
