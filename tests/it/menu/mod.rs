//! The clinic's rich menu: made at LINE when staff want it, shown to each in their language, and
//! what follows from its buttons.

use chrono::TimeDelta;
use clinicue::{
    inbox::menu,
    line::sandbox::{Fault, FaultKind},
};
use serde_json::{Value, json};

use crate::support::{TestApp, client, id, leftovers::Left, line_user, step};

mod broken_off;
mod links;

async fn keep(app: &TestApp) {
    menu::drain(app.core()).await.expect("the database works");
}

async fn switch(app: &TestApp, to: &str) -> Value {
    app.post(&format!("/api/rich-menu/{to}"), json!({})).await.expect(200)
}

async fn shown(app: &TestApp) -> Value {
    app.get("/api/rich-menu").await.expect(200)
}

/// What LINE says under a path.
async fn at_line(app: &TestApp, path: &str) -> Value {
    let url = format!("{}{path}", app.line.base_url());
    let answer = client().get(url).bearer_auth("token").send().await.expect("an answer");
    serde_json::from_slice(&answer.bytes().await.expect("bytes")).unwrap_or_default()
}

async fn menus(app: &TestApp) -> Vec<Value> {
    at_line(app, "/v2/bot/richmenu/list").await["richmenus"].as_array().expect("menus").clone()
}

/// The name of the menu LINE shows at a path.
async fn name_at(app: &TestApp, path: &str) -> Option<String> {
    let id = at_line(app, path).await["richMenuId"].clone();
    let menus = menus(app).await;
    let menu = menus.iter().find(|menu| menu["richMenuId"] == id)?;
    menu["name"].as_str().map(str::to_owned)
}

async fn of_all(app: &TestApp) -> Option<String> {
    name_at(app, "/v2/bot/user/all/richmenu").await
}

async fn of(app: &TestApp, n: u32) -> Option<String> {
    name_at(app, &format!("/v2/bot/user/{}/richmenu", line_user(n))).await
}

async fn set(app: &TestApp, path: &str, body: Value) {
    app.call_as(&app.token, "PATCH", path, Some(body)).await.expect(200);
}

/// A patient at phone `n` who reads this language.
async fn patient(app: &TestApp, n: u32, locale: &str) -> String {
    let patient = app.patient(n).await;
    set(app, &format!("/api/patients/{patient}"), json!({ "locale": locale })).await;
    patient
}

/// Phone `n` presses a button of the menu.
async fn presses(app: &TestApp, n: u32, data: &str) {
    assert!(app.line.sandbox.tap(&line_user(n), data, None).await);
    app.hear().await;
}

fn replies(app: &TestApp, n: u32) -> String {
    app.texts(n).pop().unwrap_or_default()
}

/// Takes a few steps and stops, as if the program ended then.
async fn steps(app: &TestApp, max: usize) {
    menu::take_steps(app.core(), max).await.expect("the database works");
}

#[tokio::test]
async fn the_menu_is_off_until_staff_switch_it_on_and_then_everybody_sees_it() {
    let app = TestApp::start().await;
    set(&app, "/api/settings", json!({ "clinicPhone": "02-123 4567" })).await;
    keep(&app).await;
    assert_eq!((&shown(&app).await["state"], menus(&app).await.len()), (&json!("off"), 0));
    assert_eq!(switch(&app, "on").await["state"], "starting", "nothing is said to be there before it is");
    keep(&app).await;
    let on = shown(&app).await;
    assert_eq!((&on["state"], &on["since"]), (&json!("on"), &json!(app.core().now())));
    assert_eq!((&on["by"], &on["withCall"]), (&json!("test"), &json!(true)));
    assert_eq!(of_all(&app).await.as_deref(), Some("clinicue th"), "the clinic is in Bangkok");
    let menus = menus(&app).await;
    assert_eq!(menus.len(), 4);
    for menu in &menus {
        let actions: Vec<_> =
            menu["areas"].as_array().expect("areas").iter().map(|a| a["action"].clone()).collect();
        assert_eq!((&actions[0]["data"], &actions[1]["data"]), (&json!("cm1 next"), &json!("cm1 worse")));
        assert_eq!(actions[2]["uri"], "tel:021234567");
    }
    switch(&app, "off").await;
    assert_eq!(shown(&app).await["state"], "stopping");
    keep(&app).await;
    assert_eq!((&shown(&app).await["state"], of_all(&app).await), (&json!("off"), None));
    assert!(self::menus(&app).await.is_empty());
}

#[tokio::test]
async fn each_patient_is_shown_the_menu_of_their_language_also_when_it_changes() {
    let app = TestApp::start().await;
    let (thai, japanese) = (patient(&app, 1, "th").await, patient(&app, 2, "ja").await);
    switch(&app, "on").await;
    keep(&app).await;
    assert_eq!(
        (of(&app, 1).await, of(&app, 2).await),
        (None, Some("clinicue ja".into())),
        "the clinic's for all others"
    );
    assert_eq!(shown(&app).await["waiting"], 0);
    let path = |patient: &str| format!("/api/patients/{patient}");
    set(&app, &path(&thai), json!({ "locale": "zh-TW" })).await;
    set(&app, &path(&japanese), json!({ "locale": "th" })).await;
    let later = patient(&app, 3, "en").await;
    assert_eq!(shown(&app).await["waiting"], 3);
    keep(&app).await;
    assert_eq!(of(&app, 1).await.as_deref(), Some("clinicue zh-TW"));
    assert_eq!((of(&app, 2).await, of(&app, 3).await), (None, Some("clinicue en".into())));
    // A new phone of the same patient.
    app.line.sandbox.add_user(&line_user(4), "New phone");
    set(&app, &path(&later), json!({ "lineUserId": line_user(4) })).await;
    keep(&app).await;
    assert_eq!(of(&app, 4).await.as_deref(), Some("clinicue en"));
}

#[tokio::test]
async fn hundreds_of_patients_are_shown_theirs_in_few_calls() {
    let app = TestApp::start().await;
    let now = app.core().now().as_millis();
    for n in 0..1_200_u32 {
        app.line.sandbox.add_user(&line_user(n), "A");
        clinicue::store::sql::query(
            "INSERT INTO patients (id, line_user_id, display_name, locale, status, reachability, tags, note, demo, created_at, updated_at)
             VALUES ($1, $2, 'A', 'ja', 'active', 'reachable', '[]', '', FALSE, $3, $3)",
        )
        .bind(format!("00000000-0000-7000-8000-{n:012x}"))
        .bind(line_user(n))
        .bind(now)
        .execute(app.core().store.writer())
        .await
        .expect("filled");
    }
    switch(&app, "on").await;
    keep(&app).await;
    for n in [0, 499, 500, 1_199] {
        assert_eq!(of(&app, n).await.as_deref(), Some("clinicue ja"), "{n}");
    }
    assert_eq!(shown(&app).await["waiting"], 0);
}

#[tokio::test]
async fn what_line_refuses_is_said_with_its_words_and_tried_again_from_where_it_was() {
    let app = TestApp::start().await;
    switch(&app, "on").await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    keep(&app).await;
    let failed = shown(&app).await;
    assert_eq!(
        (&failed["state"], &failed["troubleStatus"], &failed["since"]),
        (&json!("failed"), &json!(401), &Value::Null)
    );
    assert!(failed["trouble"].as_str().is_some_and(|words| !words.is_empty()));
    app.line.sandbox.set_fault(Fault::default());
    keep(&app).await;
    assert_eq!(shown(&app).await["state"], "on");
    assert_eq!(menus(&app).await.len(), 4);
}

#[tokio::test]
async fn another_number_or_language_of_the_clinic_makes_the_menu_anew() {
    let app = TestApp::start().await;
    patient(&app, 1, "ja").await;
    switch(&app, "on").await;
    keep(&app).await;
    assert_eq!(
        menus(&app).await[0]["areas"].as_array().expect("areas").len(),
        2,
        "there is no number to call"
    );
    set(&app, "/api/settings", json!({ "clinicPhone": "1669", "timeZone": "Asia/Taipei" })).await;
    keep(&app).await;
    let menus = menus(&app).await;
    assert_eq!((menus.len(), menus[0]["areas"].as_array().expect("areas").len()), (4, 3));
    assert_eq!(
        (of_all(&app).await.as_deref(), of(&app, 1).await.as_deref()),
        (Some("clinicue zh-TW"), Some("clinicue ja"))
    );
}

#[tokio::test]
async fn a_menu_that_somebody_took_away_at_line_is_noticed_and_made_again() {
    let app = TestApp::start().await;
    switch(&app, "on").await;
    keep(&app).await;
    let first = menus(&app).await[0]["richMenuId"].as_str().expect("an id").to_owned();
    let url = format!("{}/v2/bot/richmenu/{first}", app.line.base_url());
    client().delete(url).bearer_auth("token").send().await.expect("gone");
    app.clock.advance(TimeDelta::hours(2));
    keep(&app).await;
    assert_eq!((menus(&app).await.len(), of_all(&app).await.as_deref()), (4, Some("clinicue th")));
}

#[tokio::test]
async fn a_menu_that_is_switched_on_while_it_is_taken_away_is_shown_again_before_it_is_called_on() {
    let app = TestApp::start().await;
    patient(&app, 1, "ja").await;
    switch(&app, "on").await;
    keep(&app).await;
    // Taken from everybody, one deleted, none noted as wanted.
    for taken in 1..=3 {
        switch(&app, "off").await;
        steps(&app, taken).await;
        assert_eq!(switch(&app, "on").await["state"], "starting", "{taken} steps");
        keep(&app).await;
        assert_eq!(shown(&app).await["state"], "on");
        assert_eq!((menus(&app).await.len(), of_all(&app).await.as_deref()), (4, Some("clinicue th")));
        assert_eq!(of(&app, 1).await.as_deref(), Some("clinicue ja"));
    }
}

#[tokio::test]
async fn only_an_administrator_switches_the_menu() {
    let app = TestApp::start().await;
    let operator = clinicue::ops::tokens::create(
        &app.core().store,
        "nurse",
        clinicue::domain::staff::Role::Operator,
        app.core().now(),
    )
    .await
    .expect("a token");
    app.call_as(&operator, "POST", "/api/rich-menu/on", Some(json!({}))).await.problem(403);
    app.call_as(&operator, "GET", "/api/rich-menu", None).await.expect(200);
}

#[tokio::test]
async fn whoever_asks_for_the_next_message_reads_when_it_is_planned() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let english = patient(&app, 1, "en").await;
    presses(&app, 1, "cm1 next").await;
    assert_eq!(replies(&app, 1), "No message is planned for you at the moment.");
    let plan = app.protocol(json!([step(json!({ "type": "delay", "value": "2d" }), "hello")])).await;
    let follow_up =
        app.post("/api/assignments", json!({ "patientId": english, "protocolId": plan })).await.expect(201);
    app.act(&id(&follow_up), "start").await.expect(200);
    presses(&app, 1, "cm1 next").await;
    assert_eq!(replies(&app, 1), "Your next message is planned for 26 November 2026, 12:00.");
    // A message of its own that comes earlier.
    let sooner = json!({ "patientId": english, "messageType": "text", "content": { "text": "soon" },
        "schedule": { "type": "delay", "delayMs": 3_600_000 } });
    app.post("/api/messages", sooner).await.expect(202);
    presses(&app, 1, "cm1 next").await;
    assert_eq!(replies(&app, 1), "Your next message is planned for 24 November 2026, 13:00.");
    let timeline = app.get(&format!("/api/patients/{english}/timeline")).await.expect(200);
    let items = timeline["items"].as_array().expect("items").iter();
    let pressed: Vec<_> = items.filter_map(|item| item["said"]["press"]["label"].as_str()).collect();
    assert_eq!(pressed, ["My next message"; 3]);
    assert_eq!(app.get("/api/worklist").await.expect(200)["items"], json!([]), "nobody is called for it");
    patient(&app, 2, "th").await;
    presses(&app, 2, "cm1 next").await;
    assert!(replies(&app, 2).contains("ยังไม่มีข้อความ"), "{}", replies(&app, 2));
}

#[tokio::test]
async fn no_time_is_promised_that_does_not_hold() {
    const WAITS: &str = "A message is planned for you, but its time is not certain yet. \
        If you have a question, please ask the clinic.";
    let app = TestApp::start().await;
    app.listen_to_phones();
    let english = patient(&app, 1, "en").await;
    let later = json!({ "patientId": english, "messageType": "text", "content": { "text": "later" },
        "schedule": { "type": "delay", "delayMs": 3_600_000 } });
    app.post("/api/messages", later).await.expect(202);
    // It is noon: what comes at one waits for the end of the quiet hours.
    let quiet = json!({ "quietHours": { "start": "12:30", "end": "15:00" } });
    set(&app, "/api/settings", quiet).await;
    presses(&app, 1, "cm1 next").await;
    assert_eq!(replies(&app, 1), "Your next message is planned for 24 November 2026, 15:00.");
    app.pass(TimeDelta::hours(2)).await;
    presses(&app, 1, "cm1 next").await;
    assert_eq!(replies(&app, 1), "Your next message is planned for 24 November 2026, 15:00.");
    app.post("/api/sending/pause", json!({})).await.expect(200);
    presses(&app, 1, "cm1 next").await;
    assert_eq!(replies(&app, 1), WAITS);
    app.post("/api/sending/resume", json!({})).await.expect(200);
    set(&app, "/api/settings", json!({ "consentRequired": true, "quietHours": null })).await;
    app.drain().await;
    presses(&app, 1, "cm1 next").await;
    assert_eq!(replies(&app, 1), WAITS);
}

#[tokio::test]
async fn whoever_feels_worse_is_urgent_and_reads_whom_to_call() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let ours = json!({ "en": "Call 1669.", "th": "", "ja": "", "zh-TW": "" });
    set(&app, "/api/settings", json!({ "emergencyText": ours })).await;
    let worse = patient(&app, 1, "en").await;
    presses(&app, 1, "cm1 worse").await;
    assert!(replies(&app, 1).ends_with("Call 1669."), "{}", replies(&app, 1));
    let list = app.get("/api/worklist").await.expect(200);
    let item = &list["items"][0];
    assert_eq!(
        (&item["reason"], &item["urgent"], &item["patientId"]),
        (&json!("feels_worse"), &json!(true), &json!(worse))
    );
    assert_eq!(item["said"][0]["press"]["label"], "I feel worse");
    // Once more is the same matter.
    presses(&app, 1, "cm1 worse").await;
    assert_eq!(app.get("/api/worklist").await.expect(200)["items"].as_array().expect("items").len(), 1);
}

#[tokio::test]
async fn somebody_unknown_who_feels_worse_is_urgent_too_and_told_whom_to_call() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.add_user(&line_user(7), "Unknown");
    presses(&app, 7, "cm1 worse").await;
    let strangers = app.get("/api/strangers").await.expect(200);
    assert_eq!(strangers["items"][0]["urgent"], true, "{strangers}");
    assert!(!replies(&app, 7).is_empty());
    app.leaves(Left::Refusal, "nothing is left");
}
