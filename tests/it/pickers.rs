//! A day, a time or both as the answer: LINE's picker under a question.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, line_user};

/// A step that asks for a day with this picker, and lets the patient leave it out.
fn choosing(picker: Value) -> Value {
    let mut step = asking();
    step["feedback"] = json!({ "question": "When do you come next?", "buttons": [
        { "label": "Choose a day", "value": "day", "action": "complete", "picker": picker },
        { "label": "Not now", "value": "no", "action": "skip" },
    ] });
    step
}

/// A program that hears, with such a step sent to user 1; the message's id.
async fn asked(picker: Value) -> (TestApp, String) {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.follow_up(1, json!([choosing(picker)])).await;
    app.drain().await;
    let log = app.get("/api/interactions?limit=1").await.expect(200);
    let message = log["items"][0]["id"].as_str().expect("a row").to_owned();
    (app, message)
}

/// What LINE's user 1 sees last of a picker.
fn picker(app: &TestApp) -> Value {
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    let asked = chat.iter().rev().find_map(|m| m.message.pointer("/template/actions/0").cloned());
    asked.expect("a button")
}

/// LINE's user 1 presses the button and chooses this.
async fn pick(app: &TestApp, params: Value) {
    let buttons = app.buttons(1);
    let (_, data) = buttons.iter().find(|(label, _)| label == "Choose a day").expect("the button is shown");
    let params = Some(&params).filter(|params| !params.is_null());
    assert!(app.line.sandbox.postback(&line_user(1), data, None, params).await);
    app.hear().await;
}

fn days() -> Value {
    json!({ "mode": "date", "minDays": 1, "maxDays": 30, "initialDays": 7 })
}

#[tokio::test]
async fn the_day_that_is_chosen_is_the_answer_and_is_told_back_in_the_patients_calendar() {
    let (app, message) = asked(days()).await;
    let shown = picker(&app);
    assert_eq!((&shown["type"], &shown["mode"]), (&json!("datetimepicker"), &json!("date")));
    let offered = [&shown["min"], &shown["initial"], &shown["max"]];
    assert_eq!(offered, [&json!("2026-11-25"), &json!("2026-12-01"), &json!("2026-12-24")]);
    app.clock.advance(TimeDelta::minutes(3));
    pick(&app, json!({ "date": "2026-12-01" })).await;
    let row = app.row(&message).await;
    assert_eq!((&row["status"], &row["responseAction"]), (&json!("responded"), &json!("complete")));
    assert_eq!((&row["responseValue"], &row["timeDifferenceMs"]), (&json!("2026-12-01"), &json!(180_000)));
    let answer = &app.message(&message).await["answers"][0];
    assert_eq!((&answer["label"], &answer["picked"]), (&json!("Choose a day"), &json!("date")));
    assert_eq!((&answer["value"], &answer["counted"]), (&json!("2026-12-01"), &json!(true)));
    let told = app.texts(1).pop().expect("a confirmation");
    assert!(told.contains("Choose a day – วันอังคารที่ 1 ธันวาคม 2569"), "{told}");
    let stats = app.get("/api/statistics/answers?from=2026-11-24&to=2026-11-24").await.expect(200);
    assert_eq!(stats["all"]["values"], json!([{ "value": "2026-12-01", "count": 1 }]));
    assert_eq!(stats["all"]["completed"], 1);
}

#[tokio::test]
async fn a_time_and_a_moment_are_answers_in_their_own_form() {
    let hours = json!({ "mode": "time", "minTime": "09:00", "maxTime": "17:00" });
    let (app, message) = asked(hours).await;
    assert_eq!((&picker(&app)["min"], &picker(&app)["max"]), (&json!("09:00"), &json!("17:00")));
    pick(&app, json!({ "time": "09:30" })).await;
    assert_eq!(app.row(&message).await["responseValue"], "09:30");
    let moments = json!({ "mode": "datetime", "minDays": 1, "minTime": "09:00", "maxDays": 2 });
    let (app, message) = asked(moments).await;
    let offered = (picker(&app)["min"].clone(), picker(&app)["max"].clone());
    assert_eq!(offered, (json!("2026-11-25T09:00"), json!("2026-11-26T23:59")));
    pick(&app, json!({ "datetime": "2026-11-26T14:15" })).await;
    assert_eq!(app.row(&message).await["responseValue"], "2026-11-26T14:15");
    assert_eq!(app.message(&message).await["answers"][0]["picked"], "datetime");
}

#[tokio::test]
async fn days_count_from_the_day_it_goes_where_the_patient_lives() {
    let app = TestApp::start().await;
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let mut step = choosing(days());
    step["freshnessHours"] = json!(23);
    app.follow_up(1, json!([step])).await;
    app.drain().await;
    app.clock.advance(TimeDelta::hours(12));
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(picker(&app)["min"], "2026-11-26", "it went the day after it was due");
    let patient = app.patient(2).await;
    let zone = json!({ "timeZone": "Pacific/Honolulu" });
    app.call_as(&app.token, "PATCH", &format!("/api/patients/{patient}"), Some(zone)).await.expect(200);
    let protocol = app.protocol(json!([choosing(days())])).await;
    let body = json!({ "patientId": patient, "protocolId": protocol });
    let made = app.post("/api/assignments", body).await.expect(201);
    app.act(made["id"].as_str().expect("an id"), "start").await.expect(200);
    app.drain().await;
    let chat = app.line.sandbox.chat(&line_user(2)).expect("a chat");
    let min = chat.iter().find_map(|m| m.message.pointer("/template/actions/0/min"));
    assert_eq!(min, Some(&json!("2026-11-25")), "it is the 24th still in Honolulu");
}

#[tokio::test]
async fn what_was_not_offered_is_kept_and_no_answer_and_the_patient_may_choose_again() {
    let (app, message) = asked(days()).await;
    for params in [json!({ "date": "2027-05-01" }), json!({ "date": "soon" }), json!({}), Value::Null] {
        pick(&app, params).await;
    }
    assert_eq!(app.row(&message).await["responseValue"], Value::Null);
    let shown = app.message(&message).await;
    assert_eq!(shown["answers"], json!([]));
    let said = shown["said"].as_array().expect("presses");
    assert_eq!(said.len(), 4);
    assert_eq!(said[0]["press"]["label"], "Choose a day");
    assert_eq!(said[0]["press"]["params"], json!({ "date": "2027-05-01" }));
    let told = app.texts(1).pop().expect("what to do");
    assert!(told.contains("โปรดกดปุ่มอีกครั้ง"), "{told}");
    pick(&app, json!({ "date": "2026-12-24" })).await;
    assert_eq!(app.row(&message).await["responseValue"], "2026-12-24");
}

#[tokio::test]
async fn another_choice_is_kept_beside_the_first_which_the_patient_reads_again() {
    let (app, message) = asked(days()).await;
    pick(&app, json!({ "date": "2026-12-01" })).await;
    app.clock.advance(TimeDelta::hours(30));
    pick(&app, json!({ "date": "2026-12-02" })).await;
    assert_eq!(app.row(&message).await["responseValue"], "2026-12-01");
    let answers = app.message(&message).await["answers"].clone();
    let second = &answers[1];
    assert_eq!((&second["value"], &second["counted"]), (&json!("2026-12-02"), &json!(false)));
    assert_eq!(second["late"], true);
    let told = app.texts(1).pop().expect("a confirmation");
    assert!(told.contains("1 ธันวาคม 2569"), "{told}");
}

#[tokio::test]
async fn a_question_that_is_asked_again_offers_days_from_then_on() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let mut step = choosing(days());
    step["feedback"]["buttons"][1] = json!({ "label": "Later", "value": "later", "action": "postpone" });
    step["feedback"]["postponeMinutes"] = json!(1_440);
    app.follow_up(1, json!([step])).await;
    app.drain().await;
    app.press(1, "Later").await;
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(picker(&app)["min"], "2026-11-26");
}

#[tokio::test]
async fn staff_who_are_called_see_what_was_chosen() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let mut step = choosing(days());
    step["feedback"]["buttons"][0]["worrying"] = json!(true);
    app.follow_up(1, json!([step])).await;
    app.drain().await;
    pick(&app, json!({ "date": "2026-12-05" })).await;
    let item = app.get("/api/worklist").await.expect(200)["items"][0].clone();
    assert_eq!((&item["reason"], &item["detail"]), (&json!("worrying"), &json!("Choose a day")));
    assert_eq!(item["chosen"], "2026-12-05");
}

#[tokio::test]
async fn a_picker_that_line_would_refuse_is_refused_by_its_field() {
    let app = TestApp::start().await;
    let field = async |picker: Value, status: u16| {
        let body = json!({ "name": "Plan", "steps": [choosing(picker)] });
        let refused = app.post("/api/protocols", body).await.expect(status);
        refused["errors"][0]["field"].as_str().unwrap_or_default().to_owned()
    };
    let place = "steps[0].feedback.buttons[0].picker";
    let out_of_order = json!({ "mode": "date", "minDays": 5, "maxDays": 5 });
    assert_eq!(field(out_of_order, 422).await, format!("{place}.maxDays"));
    let strange = json!({ "mode": "date", "minTime": "09:00" });
    assert_eq!(field(strange, 422).await, format!("{place}.minTime"));
    let no_time = json!({ "mode": "time", "minTime": "9:00" });
    assert_eq!(field(no_time, 422).await, format!("{place}.minTime"));
    let too_far = json!({ "mode": "date", "maxDays": 3_651 });
    assert_eq!(field(too_far, 422).await, format!("{place}.maxDays"));
    field(json!({ "mode": "week" }), 400).await;
}

#[tokio::test]
async fn a_day_ahead_that_has_passed_is_no_answer_and_the_patient_may_choose_a_later_one() {
    let (app, message) = asked(days()).await;
    app.pass(TimeDelta::days(3)).await;
    // LINE still offers it: the message was sent before.
    pick(&app, json!({ "date": "2026-11-26" })).await;
    assert_eq!(app.message(&message).await["answers"], json!([]));
    let told = app.texts(1).pop().expect("what to do");
    assert!(told.contains("ผ่านไปแล้ว"), "{told}");
    pick(&app, json!({ "date": "2026-11-27" })).await;
    assert_eq!(app.message(&message).await["answers"][0]["value"], "2026-11-27", "today can still be meant");
}

#[tokio::test]
async fn a_day_in_the_past_can_be_asked_for() {
    let (app, message) = asked(json!({ "mode": "date", "minDays": -30, "maxDays": 0 })).await;
    pick(&app, json!({ "date": "2026-11-20" })).await;
    assert_eq!(app.message(&message).await["answers"][0]["value"], "2026-11-20");
}
