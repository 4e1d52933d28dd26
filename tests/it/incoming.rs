//! What patients say beside their answers: buttons of the clinic's own messages and menus.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, id, line_user, scripted::Scripted};

/// A press by user `n` of a button with this data, as LINE tells it.
fn press(app: &TestApp, n: u32, event: &str, postback: Value) -> Value {
    json!({
        "type": "postback", "mode": "active", "timestamp": app.core().now().as_millis(),
        "webhookEventId": event, "source": { "type": "user", "userId": line_user(n) },
        "deliveryContext": { "isRedelivery": false }, "postback": postback,
    })
}

/// A step whose own buttons are postbacks.
fn with_buttons(calls_staff: bool) -> Value {
    json!({
        "name": "Visit", "trigger": { "type": "immediate" }, "messageType": "template",
        "content": { "altText": "Your visit", "template": { "type": "buttons", "text": "Will you come?",
            "actions": [
                { "type": "postback", "label": "I come", "data": "visit=\"yes\"" },
                { "type": "datetimepicker", "label": "Another day", "data": "visit=other", "mode": "date" },
            ] } },
        "pressCallsStaff": calls_staff,
    })
}

/// A program with such a step sent to user 1, and the patient.
async fn sent(calls_staff: bool) -> (TestApp, String) {
    let app = TestApp::start().await;
    app.follow_up(1, json!([with_buttons(calls_staff)])).await;
    app.drain().await;
    app.clock.advance(TimeDelta::minutes(1));
    let patient = id(&app.get("/api/patients").await.expect(200)["items"][0]);
    (app, patient)
}

/// What the patient said, by the timeline, the latest first.
pub(crate) async fn said(app: &TestApp, patient: &str) -> Vec<Value> {
    let shown = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    let items = shown["items"].as_array().expect("items");
    items.iter().map(|item| item["said"].clone()).filter(|said| !said.is_null()).collect()
}

#[tokio::test]
async fn a_press_of_the_clinics_own_button_is_kept_with_its_label_data_and_params() {
    let (app, patient) = sent(false).await;
    app.events(json!([press(&app, 1, "01P1", json!({ "data": "visit=\"yes\"" }))])).await;
    app.clock.advance(TimeDelta::minutes(1));
    let picked = json!({ "data": "visit=other", "params": { "date": "2026-12-01" } });
    app.events(json!([press(&app, 1, "01P2", picked.clone()), press(&app, 1, "01P2", picked)])).await;
    let said = said(&app, &patient).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert_eq!(
        said[0]["press"],
        json!({ "label": "Another day", "data": "visit=other", "params": { "date": "2026-12-01" } })
    );
    assert_eq!((&said[1]["press"]["label"], &said[1]["press"]["params"]), (&json!("I come"), &json!({})));
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"][0]["status"], "read", "whoever pressed it has seen it");
    let shown = app.message(log["items"][0]["id"].as_str().expect("an id")).await;
    assert_eq!(shown["said"].as_array().map(Vec::len), Some(2));
    assert!(app.get("/api/worklist").await.expect(200)["items"].as_array().expect("items").is_empty());
}

#[tokio::test]
async fn a_press_in_a_one_off_message_calls_staff() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let step = with_buttons(false);
    let body = json!({ "patientId": patient, "messageType": "template", "content": step["content"] });
    app.post("/api/messages", body).await.expect(202);
    app.drain().await;
    app.clock.advance(TimeDelta::minutes(1));
    app.events(json!([press(&app, 1, "01P1", json!({ "data": "visit=\"yes\"" }))])).await;
    let list = app.get("/api/worklist").await.expect(200);
    assert_eq!(
        (&list["items"][0]["reason"], &list["items"][0]["detail"]),
        (&json!("pressed"), &json!("I come"))
    );
}

#[tokio::test]
async fn a_press_calls_staff_where_its_step_says_so() {
    let (app, _) = sent(true).await;
    app.events(json!([press(&app, 1, "01P1", json!({ "data": "visit=\"yes\"" }))])).await;
    app.events(json!([press(&app, 1, "01P2", json!({ "data": "visit=other" }))])).await;
    let list = app.get("/api/worklist").await.expect(200);
    let items = list["items"].as_array().expect("items");
    assert_eq!(items.len(), 1, "one line for one message");
    assert_eq!((&items[0]["reason"], &items[0]["detail"]), (&json!("pressed"), &json!("Another day")));
    assert_eq!((&items[0]["stepName"], &items[0]["urgent"]), (&json!("Visit"), &json!(false)));
}

#[tokio::test]
async fn a_press_of_a_menu_and_of_a_button_that_is_gone_are_kept_too() {
    let (app, patient) = sent(true).await;
    let switched = json!({ "data": "menu=2", "params": { "newRichMenuAliasId": "b", "status": "SUCCESS" } });
    let gone = json!({ "data": "cq1 00000000000000000000000000000007 complete done" });
    let odd = json!({ "data": "x".repeat(5_000), "params": { "deep": { "a": 1 }, "n": 5 } });
    app.events(json!([
        press(&app, 1, "01P1", switched),
        press(&app, 1, "01P2", gone.clone()),
        press(&app, 1, "01P3", odd),
    ]))
    .await;
    let said = said(&app, &patient).await;
    assert_eq!(said.len(), 3);
    let menu = said.iter().find(|s| s["press"]["data"] == "menu=2").expect("kept");
    assert_eq!(
        (&menu["press"]["label"], &menu["press"]["params"]["status"]),
        (&Value::Null, &json!("SUCCESS"))
    );
    assert!(said.iter().any(|s| s["press"]["data"] == gone["data"]));
    let long = said.iter().filter_map(|s| s["press"]["data"].as_str()).map(str::len).max();
    assert_eq!(long, Some(1_000));
    assert!(app.get("/api/worklist").await.expect(200)["items"].as_array().expect("items").is_empty());
}

/// A message by user `n`, whoever that is.
fn message(app: &TestApp, n: u32, event: &str, message: Value) -> Value {
    json!({
        "type": "message", "mode": "active", "timestamp": app.core().now().as_millis(),
        "webhookEventId": event, "source": { "type": "user", "userId": line_user(n) },
        "deliveryContext": { "isRedelivery": false }, "message": message,
    })
}

#[tokio::test]
async fn what_a_patient_wrote_is_marked_as_read_when_staff_take_or_settle_it() {
    let line = Scripted::default();
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    app.patient(1).await;
    let wrote = async |event: &str, n: u32| {
        let said = json!({ "type": "text", "id": n.to_string(), "text": "hello",
            "quoteToken": "q", "markAsReadToken": format!("read {n}") });
        app.events(json!([message(&app, 1, event, said)])).await;
        app.clock.advance(TimeDelta::minutes(1));
    };
    let act = async |action: &str| {
        let list = app.get("/api/worklist").await.expect(200);
        let to = format!("/api/worklist/{}/{action}", id(&list["items"][0]));
        app.post(&to, json!({})).await.expect(200);
        app.hear().await;
    };
    wrote("01W1", 1).await;
    act("take").await;
    assert_eq!(line.marked_as_read(), Vec::<String>::new(), "only where the clinic wants it");
    let wanted = json!({ "markAsRead": true });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(wanted)).await.expect(200);
    wrote("01W2", 2).await;
    act("take").await;
    act("take").await;
    assert_eq!(line.marked_as_read(), ["read 2"], "the latest stands for those before it, once");
    wrote("01W3", 3).await;
    line.fail_to_mark(true);
    act("resolve").await;
    wrote("01W4", 4).await;
    line.fail_to_mark(false);
    act("resolve").await;
    assert_eq!(line.marked_as_read(), ["read 2", "read 4"], "what LINE did not take is marked the next time");
}

/// Those who are nobody's LINE account and wait for staff.
async fn strangers(app: &TestApp) -> Vec<Value> {
    let list = app.get("/api/strangers").await.expect(200);
    list["items"].as_array().expect("items").clone()
}

#[tokio::test]
async fn someone_unknown_who_writes_waits_for_staff_and_is_told_once_a_day_how_to_be_linked() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.add_user(&line_user(7), "Malee");
    for _ in 0..2 {
        assert!(app.line.sandbox.text(&line_user(7), "is this the clinic?").await);
        app.hear().await;
    }
    let told = |app: &TestApp| app.texts(7).iter().filter(|t| t.contains("รหัส")).count();
    assert_eq!(told(&app), 1, "{:?}", app.texts(7));
    let waiting = strangers(&app).await;
    assert_eq!((waiting.len(), &waiting[0]["displayName"]), (1, &json!("Malee")));
    let texts: Vec<_> = waiting[0]["said"].as_array().expect("words").iter().map(|s| &s["text"]).collect();
    assert_eq!(texts, [&json!("is this the clinic?"), &json!("is this the clinic?")]);
    assert_eq!(app.get("/api/status").await.expect(200)["worklistOpen"], 1);
    app.clock.advance(TimeDelta::hours(24));
    assert!(app.line.sandbox.text(&line_user(7), "hello").await);
    app.hear().await;
    assert_eq!(told(&app), 2);
}

#[tokio::test]
async fn words_that_alarm_are_urgent_and_answered_with_whom_to_call() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.patient(1).await;
    let own = json!({ "en": "", "th": "โทร 1669", "ja": "", "zh-TW": "" });
    let changed = json!({ "emergencyText": own });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(changed)).await.expect(200);
    assert!(app.line.sandbox.text(&line_user(1), "thank you").await);
    assert!(app.line.sandbox.text(&line_user(1), "The wound is Bleeding").await);
    app.hear().await;
    let list = app.get("/api/worklist").await.expect(200);
    let items = list["items"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    assert_eq!((&items[0]["reason"], &items[0]["urgent"]), (&json!("alarming"), &json!(true)));
    assert_eq!(items[0]["detail"], "The wound is Bleeding");
    assert_eq!(app.get("/api/status").await.expect(200)["worklistUrgent"], 1);
    let told: Vec<_> = app.texts(1).into_iter().filter(|t| t.contains("1669")).collect();
    assert_eq!(told, ["ทางคลินิกได้รับข้อความของคุณแล้ว โทร 1669"]);
}

#[tokio::test]
async fn words_that_alarm_on_a_sticker_call_staff_too() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.patient(1).await;
    let sticker = json!({ "type": "sticker", "packageId": "1", "stickerId": "1", "text": "I am bleeding" });
    assert!(app.line.sandbox.send(&line_user(1), &sticker).await);
    let greeting = json!({ "type": "sticker", "packageId": "1", "stickerId": "1", "text": "hello" });
    assert!(app.line.sandbox.send(&line_user(1), &greeting).await);
    app.hear().await;
    let list = app.get("/api/worklist").await.expect(200);
    let reasons: Vec<_> = list["items"].as_array().expect("items").iter().map(|i| &i["reason"]).collect();
    assert_eq!(reasons, [&json!("alarming"), &json!("wrote")]);
}

#[tokio::test]
async fn a_stranger_whose_words_alarm_is_urgent_and_hears_it_every_time() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.add_user(&line_user(7), "Malee");
    for _ in 0..2 {
        assert!(app.line.sandbox.text(&line_user(7), "หายใจไม่ออก").await);
        app.hear().await;
    }
    let told: Vec<_> = app.texts(7).into_iter().filter(|t| t.contains("ฉุกเฉิน")).collect();
    assert_eq!(told.len(), 2);
    let how = app.texts(7).into_iter().filter(|t| t.contains("รหัส")).count();
    assert_eq!(how, 1, "how to be linked only once");
    let waiting = strangers(&app).await;
    assert_eq!(waiting[0]["urgent"], true);
    let patient = app.patient(7).await;
    let list = app.get("/api/worklist").await.expect(200);
    let item = &list["items"][0];
    assert_eq!((&item["reason"], &item["patientId"]), (&json!("alarming"), &json!(patient)));
}

#[tokio::test]
async fn staff_edit_the_words_that_alarm_within_limits() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.patient(1).await;
    let settings = app.get("/api/settings").await.expect(200);
    assert!(settings["alarmWords"]["en"].as_array().expect("words").contains(&json!("bleeding")));
    let change = async |words: Value| {
        let words = json!({ "en": words, "th": [], "ja": [], "zh-TW": [] });
        app.call_as(&app.token, "PATCH", "/api/settings", Some(json!({ "alarmWords": words }))).await
    };
    change(json!(["x".repeat(51)])).await.problem(422);
    change(json!([""])).await.problem(422);
    change(json!(vec!["word"; 101])).await.problem(422);
    change(json!("bleeding")).await.problem(400);
    let long = json!({ "emergencyText": { "en": "x".repeat(501), "th": "", "ja": "", "zh-TW": "" } });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(long)).await.problem(422);
    change(json!(["dizzy"])).await.expect(200);
    assert!(app.line.sandbox.text(&line_user(1), "bleeding").await);
    app.hear().await;
    assert_eq!(app.get("/api/worklist").await.expect(200)["items"][0]["reason"], "wrote");
    assert!(app.line.sandbox.text(&line_user(1), "so dizzy").await);
    app.hear().await;
    assert_eq!(app.get("/api/worklist").await.expect(200)["items"][0]["reason"], "alarming");
}

#[tokio::test]
async fn what_a_stranger_said_becomes_the_patients_once_they_are_linked() {
    let app = TestApp::start().await;
    let text = |id: &str, text: &str| json!({ "type": "text", "id": id, "text": text });
    app.events(json!([
        message(&app, 7, "01S1", text("71", "my knee hurts")),
        message(&app, 7, "01S2", text("72", "a secret")),
        press(&app, 7, "01S3", json!({ "data": "menu=1" })),
    ]))
    .await;
    let unsend = json!({ "type": "unsend", "mode": "active", "timestamp": app.core().now().as_millis(),
        "webhookEventId": "01S4", "source": { "type": "user", "userId": line_user(7) },
        "unsend": { "messageId": "72" } });
    app.events(json!([unsend])).await;
    let stranger = id(&strangers(&app).await[0]);
    let body = json!({ "displayName": "Malee" });
    let patient = id(&app.post("/api/patients", body).await.expect(201));
    let to = format!("/api/strangers/{stranger}/link");
    app.post(&to, json!({ "patientId": stranger })).await.problem(404);
    let linked = app.patient(1).await;
    app.post(&to, json!({ "patientId": linked })).await.problem(409);
    app.post(&to, json!({ "patientId": patient })).await.expect(200);
    assert!(strangers(&app).await.is_empty());
    app.post(&to, json!({ "patientId": patient })).await.problem(404);
    let said = said(&app, &patient).await;
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said.iter().any(|s| s["text"] == "my knee hurts"));
    assert!(said.iter().any(|s| s["press"]["data"] == "menu=1"));
    assert!(!json!(said).to_string().contains("a secret"));
    let list = app.get("/api/worklist").await.expect(200);
    assert_eq!(
        (&list["items"][0]["reason"], &list["items"][0]["patientId"]),
        (&json!("wrote"), &json!(patient))
    );
}

#[tokio::test]
async fn a_stranger_is_settled_and_comes_back_with_the_next_words() {
    let app = TestApp::start().await;
    app.events(json!([press(&app, 8, "01T0", json!({ "data": "menu=1" }))])).await;
    assert!(strangers(&app).await.is_empty(), "a press of a menu is kept and calls nobody");
    let sticker = json!({ "type": "text", "id": "81", "text": "hello" });
    app.events(json!([message(&app, 8, "01T1", sticker)])).await;
    let waiting = strangers(&app).await;
    assert_eq!(waiting[0]["said"].as_array().map(Vec::len), Some(2));
    let to = |act: &str| format!("/api/strangers/{}/{act}", id(&waiting[0]));
    app.post(&to("resolve"), json!({})).await.expect(200);
    app.post(&to("resolve"), json!({})).await.problem(409);
    assert!(strangers(&app).await.is_empty());
    let settled = app.get("/api/strangers?resolved=true").await.expect(200);
    assert_eq!(settled["items"][0]["resolvedBy"], "test");
    app.post(&to("reopen"), json!({})).await.expect(200);
    app.post(&to("resolve"), json!({})).await.expect(200);
    app.events(json!([message(&app, 8, "01T2", json!({ "type": "sticker", "id": "82" }))])).await;
    assert_eq!(strangers(&app).await.len(), 1);
    let gone = "/api/strangers/00000000-0000-7000-8000-000000000009/resolve";
    app.post(gone, json!({})).await.problem(404);
}

#[tokio::test]
async fn strangers_whom_line_could_not_name_are_asked_after_once_it_can() {
    use clinicue::line::sandbox::{Fault, FaultKind};
    let app = TestApp::start().await;
    app.line.sandbox.add_user(&line_user(7), "Malee");
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    let hello = json!({ "type": "text", "id": "71", "text": "hello" });
    app.events(json!([message(&app, 7, "01S1", hello)])).await;
    assert_eq!(strangers(&app).await[0]["displayName"], Value::Null);
    app.line.sandbox.set_fault(Fault::default());
    app.events(json!([message(&app, 9, "01S2", json!({ "type": "text", "id": "91", "text": "hi" }))])).await;
    let names: Vec<_> = strangers(&app).await.iter().map(|s| s["displayName"].clone()).collect();
    assert!(names.contains(&json!("Malee")), "{names:?}");
}

#[tokio::test]
async fn a_patient_entered_by_hand_takes_over_what_their_account_said() {
    let app = TestApp::start().await;
    let many: Vec<_> = (0..250)
        .map(|n| {
            let said = json!({ "type": "text", "id": format!("7{n:03}"), "text": format!("word {n}") });
            message(&app, 7, &format!("01M{n}"), said)
        })
        .collect();
    app.events(json!(many)).await;
    assert_eq!(strangers(&app).await[0]["said"].as_array().map(Vec::len), Some(200));
    let patient = app.patient(7).await;
    assert!(strangers(&app).await.is_empty());
    let shown = app.get(&format!("/api/patients/{patient}/timeline?limit=200")).await.expect(200);
    let items = shown["items"].as_array().expect("items");
    assert_eq!(
        items.iter().filter(|item| item["said"].is_object()).count(),
        198,
        "beside the entry that made the patient, and the one that linked them"
    );
}

#[tokio::test]
async fn strangers_of_whom_nothing_was_heard_for_half_a_year_are_forgotten() {
    let app = TestApp::start().await;
    app.events(json!([message(&app, 7, "01S1", json!({ "type": "text", "id": "71", "text": "hi" }))])).await;
    app.clock.advance(TimeDelta::days(179));
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    assert_eq!(strangers(&app).await.len(), 1);
    app.clock.advance(TimeDelta::days(2));
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    assert!(strangers(&app).await.is_empty());
}
