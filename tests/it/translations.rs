//! A text per language in a step, chosen by the patient's.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, id, line_user};

/// A step that asks, in Thai and in Japanese besides its own words.
fn translated() -> Value {
    let mut step = asking();
    step["furtherMessages"] = json!([{ "messageType": "text", "content": { "text": "for all" } }]);
    step["translations"] = json!({
        "th": { "messageType": "text", "content": { "text": "ถึงเวลาทานยา {{date:short}}" } },
        "ja": {
            "messageType": "text",
            "content": { "text": "{{patient.name}}様、お薬の時間です" },
            "furtherMessages": [{ "messageType": "image", "content": { "imageUrl": "https://example.com/ja.png" } }],
            "feedback": { "question": "飲みましたか", "buttons": [
                { "value": "skip", "label": "飲まない" },
                { "value": "later", "label": "あとで" },
                { "value": "taken", "label": "はい" },
            ] },
        },
    });
    step
}

/// The step with the buttons of [`asking`] under the values the translation names.
fn step() -> Value {
    let mut step = translated();
    step["feedback"] = json!({ "question": "Taken?", "altText": "A question", "buttons": [
        { "label": "Yes", "value": "taken", "action": "complete" },
        { "label": "Later", "value": "later", "action": "postpone" },
        { "label": "No", "value": "skip", "action": "skip" },
    ] });
    step
}

/// A started follow-up of such a step for LINE user number `n`, who speaks this language.
async fn follow(app: &TestApp, plan: &str, n: u32, locale: Option<&str>) {
    app.line.sandbox.add_user(&line_user(n), &format!("Patient {n}"));
    let body = json!({ "displayName": format!("Patient {n}"), "lineUserId": line_user(n), "locale": locale });
    let patient = id(&app.post("/api/patients", body).await.expect(201));
    let body = json!({ "patientId": patient, "protocolId": plan });
    let assignment = id(&app.post("/api/assignments", body).await.expect(201));
    app.act(&assignment, "start").await.expect(200);
}

fn labels(app: &TestApp, n: u32) -> Vec<String> {
    app.buttons(n).into_iter().map(|(label, _)| label).collect()
}

#[tokio::test]
async fn the_patients_language_chooses_and_everybody_else_gets_the_steps_own() {
    let app = TestApp::start().await;
    let plan = app.protocol(json!([step()])).await;
    for (n, locale) in [(1, Some("ja-JP")), (2, Some("th")), (3, Some("en")), (4, None), (5, Some("zh-TW"))] {
        follow(&app, &plan, n, locale).await;
    }
    app.drain().await;
    assert_eq!(app.texts(1), ["Patient 1様、お薬の時間です"]);
    assert_eq!(labels(&app, 1), ["飲まない", "あとで", "はい"]);
    // A translation without further messages and without words for the question.
    assert_eq!(app.texts(2), ["ถึงเวลาทานยา 24 พ.ย. 2569"]);
    assert_eq!(labels(&app, 2), ["Yes", "Later", "No"]);
    assert_eq!(app.texts(3), ["Please take your tablet", "for all"]);
    // Whose language nobody knows is written to in the one of the clinic's zone.
    assert_eq!(app.texts(4), app.texts(2));
    assert_eq!(app.texts(5), app.texts(3));
    assert_eq!(app.line.sandbox.accepted(), 5, "one push each");
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    let wire = json!(chat.iter().map(|m| &m.message).collect::<Vec<_>>()).to_string();
    insta::assert_snapshot!(wire.replace(&message_of(&app, 1), "ID"), @r#"[{"type":"text","text":"Patient 1様、お薬の時間です"},{"type":"image","originalContentUrl":"https://example.com/ja.png","previewImageUrl":"https://example.com/ja.png"},{"type":"template","altText":"クリニックから質問が届いています。","template":{"type":"buttons","text":"飲みましたか","actions":[{"type":"postback","label":"飲まない","data":"cq1 ID skip skip","displayText":"飲まない"},{"type":"postback","label":"あとで","data":"cq1 ID postpone later","displayText":"あとで"},{"type":"postback","label":"はい","data":"cq1 ID complete taken","displayText":"はい"}]}}]"#);
    // What is shown of a message is what its patient got.
    let shown = app.message(&uuid_of(&app, 1)).await;
    assert_eq!(shown["content"]["text"], "Patient 1様、お薬の時間です");
    assert_eq!(shown["feedback"]["question"], "飲みましたか");
}

/// The id of the message whose buttons LINE user number `n` sees last, as it stands in their data.
fn message_of(app: &TestApp, n: u32) -> String {
    let (_, data) = app.buttons(n).first().expect("a button").clone();
    data.split(' ').nth(1).expect("an id").to_owned()
}

fn uuid_of(app: &TestApp, n: u32) -> String {
    uuid::Uuid::try_parse(&message_of(app, n)).expect("an id").to_string()
}

#[tokio::test]
async fn who_reads_a_language_without_a_text_gets_the_steps_own_and_not_the_english_one() {
    let app = TestApp::start().await;
    let mut step = step();
    step["translations"] = json!({ "en": { "messageType": "text", "content": { "text": "in English" } } });
    let plan = app.protocol(json!([step])).await;
    for (n, locale) in [(1, Some("de")), (2, Some("en-GB"))] {
        follow(&app, &plan, n, locale).await;
    }
    app.drain().await;
    assert_eq!(app.texts(1), ["Please take your tablet", "for all"]);
    assert_eq!(app.texts(2), ["in English"]);
}

#[tokio::test]
async fn a_press_counts_the_same_in_every_language() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let plan = app.protocol(json!([step()])).await;
    for (n, locale) in [(1, "ja"), (2, "en"), (3, "th")] {
        follow(&app, &plan, n, Some(locale)).await;
    }
    app.drain().await;
    let messages = [1, 2, 3].map(|n| uuid_of(&app, n));
    app.press(1, "はい").await;
    app.press(2, "Yes").await;
    app.press(3, "No").await;
    let stats = app.get("/api/statistics/answers?from=2026-11-24&to=2026-11-24").await.expect(200);
    let values = json!([{ "value": "taken", "count": 2 }, { "value": "skip", "count": 1 }]);
    assert_eq!(stats["all"]["values"], values);
    assert_eq!((&stats["all"]["completed"], &stats["all"]["skipped"]), (&json!(2), &json!(1)));
    let answer = &app.message(&messages[0]).await["answers"][0];
    assert_eq!((&answer["label"], &answer["value"]), (&json!("はい"), &json!("taken")));
    assert_eq!(app.row(&messages[0]).await["responseAction"], "complete");
}

#[tokio::test]
async fn a_question_that_was_postponed_comes_again_in_its_language() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let plan = app.protocol(json!([step()])).await;
    follow(&app, &plan, 1, Some("ja")).await;
    app.drain().await;
    app.press(1, "あとで").await;
    app.pass(TimeDelta::minutes(31)).await;
    let asked = |m: &&str| *m == "Patient 1様、お薬の時間です";
    assert_eq!(app.texts(1).iter().map(String::as_str).filter(|m| asked(m)).count(), 2);
    assert_eq!(labels(&app, 1), ["飲まない", "あとで", "はい"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_translation_stands_at_its_field() {
    let app = TestApp::start().await;
    let text = |text: &str| json!({ "messageType": "text", "content": { "text": text } });
    let mut first = step();
    first["translations"] = json!({
        "ja": {
            "messageType": "text",
            "content": { "text": "{{patinet.name}}" },
            "furtherMessages": [text("a"), text(""), text("c"), text("d")],
            "feedback": { "question": "", "buttons": [
                { "value": "taken", "label": "一二三四五六七八九十一二三四五六七八九十一" },
                { "value": "taken", "label": "はい" },
                { "value": "maybe", "label": "たぶん" },
            ] },
        },
        "en": { "messageType": "image", "content": { "imageUrl": "http://example.com/a.png" } },
    });
    let mut second = crate::support::step(json!({ "type": "immediate" }), "no question");
    let words = json!({ "question": "?", "buttons": [] });
    second["translations"] =
        json!({ "zh-TW": { "messageType": "text", "content": { "text": "好" }, "feedback": words } });
    let body = json!({ "name": "Plan", "steps": [first, second] });
    let problem = app.post("/api/protocols", body).await.expect(422);
    let errors = problem["errors"].as_array().expect("fields");
    let found: Vec<_> = errors
        .iter()
        .map(|e| {
            let (field, code) = (e["field"].as_str().unwrap_or("?"), e["code"].as_str().unwrap_or("?"));
            format!("{} {code}", field.trim_start_matches("steps"))
        })
        .collect();
    assert_eq!(
        found,
        [
            "[0].translations.en.content.imageUrl notAPublicAddress",
            "[0].translations.ja.content.text unknownVariable",
            "[0].translations.ja.furtherMessages[1].content.text empty",
            "[0].translations.ja.feedback.question empty",
            "[0].translations.ja.feedback.buttons[0].label tooLong",
            "[0].translations.ja.feedback.buttons[1].value repeated",
            "[0].translations.ja.furtherMessages tooMany",
            "[0].translations.ja.feedback.buttons[2].value noSuchButton",
            "[0].translations.ja.feedback.buttons buttonLeftOut",
            "[1].translations.zh-TW.feedback nothingAsked",
        ]
    );
}

#[tokio::test]
async fn quick_replies_and_buttons_of_a_translation_have_the_limits_of_the_steps_own() {
    let app = TestApp::start().await;
    let press = |picker: Value| json!({ "type": "postback", "label": "日", "picker": picker });
    let quick_replies = [
        press(json!({ "mode": "date", "minDays": 3_651 })),
        press(json!({ "mode": "time", "maxTime": "25:00" })),
    ];
    let buttons: Vec<_> = (0..5).map(|n| json!({ "value": "taken", "label": format!("{n}") })).collect();
    let mut step = step();
    step["translations"] = json!({ "ja": { "messageType": "text", "content": { "text": "お薬" },
        "quickReplies": quick_replies, "feedback": { "question": "?", "buttons": buttons } } });
    let problem = app.post("/api/protocols", json!({ "name": "Plan", "steps": [step] })).await.expect(422);
    let errors = problem["errors"].as_array().expect("fields");
    let is_said = |field: &str, code: &str| {
        let field = format!("steps[0].translations.ja.{field}");
        errors.iter().any(|e| e["field"] == field.as_str() && e["code"] == code)
    };
    assert!(is_said("quickReplies[0].picker.minDays", "outOfRange"), "{errors:?}");
    assert!(is_said("quickReplies[1].picker.maxTime", "notAPickerTime"), "{errors:?}");
    assert!(is_said("feedback.buttons", "tooMany"), "{errors:?}");
}

#[tokio::test]
async fn a_language_nobody_is_written_to_in_is_refused() {
    let app = TestApp::start().await;
    let mut step = step();
    step["translations"]["de"] = json!({ "messageType": "text", "content": { "text": "Hallo" } });
    let problem = app.post("/api/protocols", json!({ "name": "Plan", "steps": [step] })).await;
    assert!((400..500).contains(&problem.status), "{}", problem.json);
    assert!(problem.json.to_string().contains("de"), "{}", problem.json);
}

#[tokio::test]
async fn versions_keep_their_translations_and_lose_them_where_they_are_left_out() {
    let app = TestApp::start().await;
    let plan = app.protocol(json!([step(), asking()])).await;
    let path = format!("/api/protocols/{plan}");
    let shown = app.get(&path).await.expect(200);
    let mut given = step()["translations"]["ja"].clone();
    given["quickReplies"] = json!([]);
    assert_eq!(shown["steps"][0]["translations"]["ja"], given);
    assert_eq!(shown["steps"][0]["translations"]["th"]["furtherMessages"], json!([]));
    assert_eq!(shown["steps"][1]["translations"], json!({}));
    follow(&app, &plan, 1, Some("ja")).await;
    let body = json!({ "name": "Plan", "steps": [asking()] });
    let changed = app.call_as(&app.token, "PUT", &path, Some(body)).await.expect(200);
    assert_eq!(changed["steps"][0]["translations"], json!({}));
    // A follow-up that began before keeps its version.
    app.drain().await;
    assert_eq!(app.texts(1), ["Patient 1様、お薬の時間です", "Please take your tablet"]);
}

#[tokio::test]
async fn a_question_that_comes_again_is_all_in_the_language_it_was_asked_in() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let mut step = step();
    step["translations"]["ja"]["content"]["text"] = json!("お薬の時間です {{date:short}}");
    let plan = app.protocol(json!([step])).await;
    follow(&app, &plan, 1, Some("ja")).await;
    app.drain().await;
    let patients = app.get("/api/patients").await.expect(200);
    let path = format!("/api/patients/{}", patients["items"][0]["id"].as_str().expect("an id"));
    app.call_as(&app.token, "PATCH", &path, Some(json!({ "locale": "th" }))).await.expect(200);
    app.press(1, "あとで").await;
    app.pass(TimeDelta::minutes(31)).await;
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    let said = |kind: &str, member: &str| -> Vec<String> {
        let of_kind = chat.iter().filter(|m| m.message["type"] == kind);
        of_kind.filter_map(|m| m.message[member].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(said("template", "altText"), ["クリニックから質問が届いています。"; 2]);
    let texts = said("text", "text");
    let asked: Vec<_> = texts.iter().filter(|text| text.starts_with("お薬の時間です")).collect();
    assert_eq!(asked, ["お薬の時間です 2026/11/24"; 2]);
}

#[tokio::test]
async fn what_cannot_be_read_of_a_translation_is_refused_at_its_place() {
    let app = TestApp::start().await;
    let mut step = step();
    step["translations"] =
        json!({ "ja": { "messageType": "text", "content": { "text": "a" }, "quickReplies": 7 } });
    let problem = app.post("/api/protocols", json!({ "name": "Plan", "steps": [step] })).await.expect(400);
    assert_eq!(problem["errors"][0]["field"], "steps[0].translations.ja.quickReplies", "{problem}");
}
