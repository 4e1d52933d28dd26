//! Which LINE account is whose: codes of slips, accounts that move, patients without one.

use chrono::TimeDelta;
use clinicue::{domain::staff::Role, ops::tokens};
use serde_json::{Value, json};

use crate::{
    support::{NOON, TestApp, at, id, line_user},
    worklist::work,
};

/// A patient without LINE and a code for them.
async fn with_code(app: &TestApp) -> (String, String) {
    let patient = id(&app.post("/api/patients", json!({ "displayName": "Nok" })).await.expect(201));
    let made = app.post(&format!("/api/patients/{patient}/link-code"), json!({})).await.expect(201);
    (patient, made["code"].as_str().expect("a code").to_owned())
}

async fn linked_to(app: &TestApp, patient: &str) -> Value {
    app.get(&format!("/api/patients/{patient}")).await.expect(200)["lineUserId"].clone()
}

/// What user `n` is told after writing `text`.
async fn told(app: &TestApp, n: u32, text: &str) -> String {
    assert!(app.line.sandbox.text(&line_user(n), text).await);
    app.hear().await;
    app.texts(n).pop().unwrap_or_default()
}

async fn linking() -> TestApp {
    let app = TestApp::start().await;
    app.listen_to_phones();
    for n in 1..=3 {
        app.line.sandbox.add_user(&line_user(n), "somebody");
    }
    app
}

#[tokio::test]
async fn the_code_of_a_slip_binds_the_account_that_sends_it_once() {
    let app = linking().await;
    let (patient, code) = with_code(&app).await;
    let held = app.send(&patient, "welcome").await;
    app.drain().await;
    assert_eq!(app.state_of(&held).await, "held");
    assert!(told(&app, 1, &format!("{} 🙏", code.to_lowercase())).await.contains("welcome"));
    assert_eq!(linked_to(&app, &patient).await, line_user(1));
    assert_eq!(app.state_of(&held).await, "sent", "what waited for the link goes");
    assert!(told(&app, 2, &code).await.contains("ถูกใช้ไปแล้ว"));
    assert_eq!(linked_to(&app, &patient).await, line_user(1));
    assert!(work(&app).await.is_empty(), "a code is not something a patient wrote");
}

/// What a patient said, by the timeline, the latest first.
async fn said_by(app: &TestApp, patient: &str) -> Vec<Value> {
    let shown = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    let items = shown["items"].as_array().expect("items");
    items.iter().map(|item| item["said"]["text"].clone()).filter(|text| !text.is_null()).collect()
}

#[tokio::test]
async fn words_beside_a_code_are_the_patients_and_alarm_without_showing_the_code() {
    let app = linking().await;
    let (patient, code) = with_code(&app).await;
    app.line.sandbox.text(&line_user(1), "hello?").await;
    app.clock.advance(TimeDelta::seconds(1));
    assert!(app.line.sandbox.text(&line_user(1), &format!("{code} หายใจไม่ออก")).await);
    app.hear().await;
    let texts = app.texts(1);
    assert!(texts.iter().any(|text| text.contains("ฉุกเฉิน")), "{texts:?}");
    assert!(texts.iter().any(|text| text.contains("ต่อไปนี้")), "{texts:?}");
    assert_eq!(linked_to(&app, &patient).await, line_user(1));
    assert_eq!(said_by(&app, &patient).await, [json!("CQ-… หายใจไม่ออก"), json!("hello?")]);
    let items = work(&app).await;
    assert_eq!((&items[0]["reason"], &items[0]["detail"]), (&json!("alarming"), &json!("CQ-… หายใจไม่ออก")));
    let strangers = app.get("/api/strangers").await.expect(200);
    assert_eq!(strangers["items"], json!([]));
}

#[tokio::test]
async fn words_beside_a_code_nobody_has_are_a_strangers() {
    let app = linking().await;
    told(&app, 1, "I am bleeding, CQ-2222-2222").await;
    let texts = app.texts(1).join("\n");
    assert!(texts.contains("In an emergency") && texts.contains("We do not know this code"), "{texts}");
    let strangers = app.get("/api/strangers").await.expect(200);
    let stranger = &strangers["items"][0];
    assert_eq!(stranger["urgent"], true);
    assert_eq!(stranger["said"][0]["text"], "I am bleeding, CQ-…");
}

#[tokio::test]
async fn a_slip_speaks_the_language_in_which_its_patient_is_spoken_to() {
    let app = linking().await;
    for (locale, spoken) in [(Value::Null, "th"), (json!("ja-JP"), "ja"), (json!("zh-Hant"), "zh-TW")] {
        let patient = json!({ "displayName": "Nok", "locale": locale });
        let patient = id(&app.post("/api/patients", patient).await.expect(201));
        let made = app.post(&format!("/api/patients/{patient}/link-code"), json!({})).await.expect(201);
        assert_eq!(made["language"], spoken, "{locale}");
    }
}

#[tokio::test]
async fn a_wrong_an_old_and_an_expired_code_are_answered_kindly() {
    let app = linking().await;
    let (patient, first) = with_code(&app).await;
    let made = app.post(&format!("/api/patients/{patient}/link-code"), json!({ "validDays": 1 })).await;
    let second = made.expect(201)["code"].as_str().expect("a code").to_owned();
    assert!(told(&app, 1, "CQ-2222-2222").await.contains("ไม่พบรหัสนี้"));
    assert!(told(&app, 1, &first).await.contains("ไม่พบรหัสนี้"), "a newer slip takes its place");
    app.clock.advance(TimeDelta::days(2));
    assert!(told(&app, 1, &second).await.contains("หมดอายุ"));
    for _ in 0..10 {
        told(&app, 1, "CQ-2222-2222").await;
    }
    assert!(told(&app, 1, "CQ-2222-2222").await.contains("หลายครั้งเกินไป"));
    assert_eq!(linked_to(&app, &patient).await, Value::Null);
    let bad = app.post(&format!("/api/patients/{patient}/link-code"), json!({ "validDays": 0 })).await;
    bad.problem(422);
}

#[tokio::test]
async fn a_linked_account_moves_to_another_patient_only_when_staff_agree() {
    for accept in [true, false] {
        let app = linking().await;
        let old = app.patient(1).await;
        let (new, code) = with_code(&app).await;
        assert!(told(&app, 1, &code).await.contains("ตรวจสอบ"));
        assert_eq!(linked_to(&app, &new).await, Value::Null);
        let items = work(&app).await;
        assert_eq!((&items[0]["reason"], &items[0]["linkedTo"]), (&json!("relink"), &json!(old)));
        let decide = format!("/api/worklist/{}/link", id(&items[0]));
        app.post(&decide, json!({ "accept": accept })).await.expect(200);
        let (left, right) = (linked_to(&app, &old).await, linked_to(&app, &new).await);
        let expected =
            if accept { (Value::Null, json!(line_user(1))) } else { (json!(line_user(1)), Value::Null) };
        assert_eq!((left, right), expected);
    }
}

fn step_in(delay: &str) -> Value {
    json!([{ "trigger": { "type": "delay", "value": delay }, "messageType": "text",
        "content": { "text": "hello" } }])
}

#[tokio::test]
async fn whoever_loses_the_account_is_put_before_staff_while_messages_are_to_come() {
    let app = linking().await;
    let follow_up = app.follow_up(1, step_in("1d")).await;
    let old = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200)["patientId"].clone();
    let (_, code) = with_code(&app).await;
    told(&app, 1, &code).await;
    let relink = work(&app).await.into_iter().find(|w| w["reason"] == "relink").expect("a question");
    app.post(&format!("/api/worklist/{}/link", id(&relink)), json!({ "accept": true })).await.expect(200);
    let items = work(&app).await;
    assert_eq!((items.len(), &items[0]["reason"]), (1, &json!("unlinked")));
    assert_eq!(items[0]["patientId"], old);
}

#[tokio::test]
async fn taking_the_account_from_a_patient_by_hand_tells_staff_and_giving_it_settles_every_question() {
    let app = linking().await;
    let follow_up = app.follow_up(1, step_in("1d")).await;
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    let other = shown["patientId"].as_str().expect("an id").to_owned();
    let (new, code) = with_code(&app).await;
    told(&app, 1, &code).await;
    let patch = async |patient: &str, user: Value| {
        let path = format!("/api/patients/{patient}");
        app.call_as(&app.token, "PATCH", &path, Some(json!({ "lineUserId": user }))).await.expect(200)
    };
    patch(&other, Value::Null).await;
    let reasons: Vec<_> = work(&app).await.iter().map(|w| w["reason"].clone()).collect();
    assert!(reasons.contains(&json!("unlinked")), "{reasons:?}");
    patch(&new, json!(line_user(1))).await;
    let left: Vec<_> = work(&app).await.iter().map(|w| w["reason"].clone()).collect();
    assert_eq!(left, [json!("unlinked")], "the question whether to link is settled by the link");
}

#[tokio::test]
async fn a_slip_has_a_qr_code_that_opens_the_clinics_chat() {
    let app = linking().await;
    let patient = app.patient(1).await;
    let made = app.post(&format!("/api/patients/{patient}/link-code"), json!({})).await.expect(201);
    let code = made["code"].as_str().expect("a code");
    assert_eq!(made["url"], format!("https://line.me/R/oaMessage/%40practice/?{code}"));
    assert!(made["qrSvg"].as_str().expect("an image").contains("<svg"));
}

#[tokio::test]
async fn a_follow_up_of_a_patient_without_line_calls_staff_until_the_patient_is_linked() {
    let app = TestApp::start().await;
    let patient = id(&app.post("/api/patients", json!({ "displayName": "Nok" })).await.expect(201));
    let step = json!({ "trigger": { "type": "delay", "value": "2h" }, "messageType": "text",
        "content": { "text": "hello" } });
    let protocol = app.protocol(json!([step])).await;
    let body = json!({ "patientId": patient, "protocolId": protocol });
    let assignment = id(&app.post("/api/assignments", body).await.expect(201));
    app.act(&assignment, "start").await.expect(200);
    let items = work(&app).await;
    assert_eq!((items.len(), &items[0]["reason"]), (1, &json!("unlinked")));
    app.pass(TimeDelta::hours(2)).await;
    let link = json!({ "lineUserId": line_user(1) });
    let path = format!("/api/patients/{patient}");
    app.call_as(&app.token, "PATCH", &path, Some(link)).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["hello"]);
    assert!(work(&app).await.is_empty());
}

#[tokio::test]
async fn of_two_codes_in_one_message_each_is_tried_and_all_are_masked() {
    let app = linking().await;
    let (patient, code) = with_code(&app).await;
    let typed = code.replace('-', " ").to_lowercase();
    let answer = told(&app, 1, &format!("CQ_2222.2222 or {typed}? It hurts")).await;
    assert!(answer.contains("ต่อไปนี้"), "{answer}");
    assert_eq!(linked_to(&app, &patient).await, line_user(1));
    assert_eq!(said_by(&app, &patient).await, [json!("CQ-… or CQ-…? It hurts")]);
}

#[tokio::test]
async fn whoever_guesses_too_often_is_not_linked_by_a_right_code_among_the_wrong_ones() {
    let app = linking().await;
    let (patient, code) = with_code(&app).await;
    let guesses: Vec<_> = (0..10).map(|n| format!("CQ-222{n}-2222")).collect();
    assert!(told(&app, 1, &format!("{} {code}", guesses.join(" "))).await.contains("ไม่พบรหัสนี้"));
    assert!(told(&app, 1, &code).await.contains("หลายครั้งเกินไป"));
    assert_eq!(linked_to(&app, &patient).await, Value::Null);
    app.clock.advance(TimeDelta::hours(1));
    assert!(told(&app, 1, &code).await.contains("ต่อไปนี้"), "an hour later");
}

/// The code that a patient's slip has now.
async fn current(app: &TestApp, patient: &str) -> Value {
    app.get(&format!("/api/patients/{patient}/link-code")).await.expect(200)["current"].clone()
}

#[tokio::test]
async fn a_slip_is_shown_again_as_it_was_printed_also_after_a_restart() {
    let app = linking().await;
    let (patient, code) = with_code(&app).await;
    let shown = current(&app, &patient).await;
    assert_eq!(shown["code"], code);
    assert!(shown["qrSvg"].as_str().is_some_and(|svg| svg.contains("<svg")));
    let app = app.restart().await;
    assert_eq!(current(&app, &patient).await["code"], code);
    let newer = app.post(&format!("/api/patients/{patient}/link-code"), json!({})).await.expect(201);
    assert_ne!(newer["code"], json!(code));
    assert_eq!(current(&app, &patient).await["code"], newer["code"]);
}

#[tokio::test]
async fn a_slip_that_was_used_or_is_too_old_or_was_never_made_is_not_shown() {
    let app = linking().await;
    let (patient, code) = with_code(&app).await;
    told(&app, 1, &code).await;
    assert_eq!(current(&app, &patient).await, Value::Null);
    let other = id(&app.post("/api/patients", json!({ "displayName": "Nok" })).await.expect(201));
    assert_eq!(current(&app, &other).await, Value::Null);
    app.post(&format!("/api/patients/{other}/link-code"), json!({ "validDays": 1 })).await.expect(201);
    app.clock.advance(TimeDelta::days(1));
    assert_eq!(current(&app, &other).await, Value::Null);
    let nobody = "01a20c51-6346-70e8-b237-85fb26c46dd1";
    assert_eq!(app.get(&format!("/api/patients/{nobody}/link-code")).await.problem(404), "not_found");
    let viewer = tokens::create(&app.core().store, "viewer", Role::Viewer, at(NOON)).await.expect("a token");
    let path = format!("/api/patients/{other}/link-code");
    assert_eq!(app.call_as(&viewer, "GET", &path, None).await.problem(403), "forbidden");
}
