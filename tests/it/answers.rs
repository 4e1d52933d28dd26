//! What patients say and what comes of it: answers, postponements, missed questions, words,
//! signs of life.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, leftovers::Left, line_user};

/// A program that hears, with one asking step sent to user 1: the program, the assignment and
/// the message.
async fn asked(change: impl FnOnce(&mut Value)) -> (TestApp, String, String) {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let mut step = asking();
    change(&mut step);
    let assignment = app.follow_up(1, json!([step])).await;
    app.drain().await;
    let message = newest(&app).await;
    (app, assignment, message)
}

async fn newest(app: &TestApp) -> String {
    let log = app.get("/api/interactions?limit=1").await.expect(200);
    log["items"][0]["id"].as_str().expect("a row").to_owned()
}

async fn status_of(app: &TestApp, assignment: &str) -> Value {
    app.get(&format!("/api/assignments/{assignment}")).await.expect(200)["status"].clone()
}

async fn reasons(app: &TestApp) -> Vec<Value> {
    let list = app.get("/api/worklist").await.expect(200);
    list["items"].as_array().expect("items").iter().map(|w| w["reason"].clone()).collect()
}

/// Why LINE refuses to reply to a [`postback`].
const NO_PHONE: &str = "no phone pressed the button, so the reply token is nobody's";

fn postback(n: u32, event: &str, at: i64, data: &str) -> Value {
    json!({
        "type": "postback", "mode": "active", "timestamp": at, "webhookEventId": event,
        "source": { "type": "user", "userId": line_user(n) }, "replyToken": "t",
        "deliveryContext": { "isRedelivery": false }, "postback": { "data": data },
    })
}

#[tokio::test]
async fn a_press_is_written_into_the_very_row_and_ends_the_follow_up() {
    let (app, assignment, message) = asked(|_| {}).await;
    app.clock.advance(TimeDelta::seconds(90));
    app.press(1, "Done").await;
    let row = app.row(&message).await;
    assert_eq!(row["status"], "responded");
    assert_eq!((&row["responseAction"], &row["responseValue"]), (&json!("complete"), &json!("done")));
    assert_eq!(row["timeDifferenceMs"], 90_000);
    assert_eq!(row["respondedAt"], "2026-11-24T05:01:30.000Z");
    assert_eq!(status_of(&app, &assignment).await, "completed");
    assert!(app.texts(1).iter().any(|t| t.contains("Done") && t.contains("ขอบคุณ")), "{:?}", app.texts(1));
    assert_eq!(app.line.sandbox.accepted(), 1, "the confirmation is a free reply");
}

#[tokio::test]
async fn the_first_answer_counts_and_a_later_one_is_kept_beside_it() {
    let (app, _, message) = asked(|_| {}).await;
    app.press(1, "Not today").await;
    app.clock.advance(TimeDelta::minutes(1));
    app.press(1, "Done").await;
    let row = app.row(&message).await;
    assert_eq!((&row["responseValue"], &row["timeDifferenceMs"]), (&json!("no"), &json!(0)));
    let shown = app.message(&message).await;
    let answers: Vec<_> = shown["answers"].as_array().expect("answers").iter().collect();
    assert_eq!(answers.len(), 2);
    assert_eq!((&answers[0]["value"], &answers[0]["counted"]), (&json!("no"), &json!(true)));
    assert_eq!((&answers[1]["value"], &answers[1]["counted"]), (&json!("done"), &json!(false)));
}

#[tokio::test]
async fn an_event_that_comes_twice_does_nothing_twice() {
    let (app, _, message) = asked(|_| {}).await;
    let data = app.buttons(1)[0].1.clone();
    let event = postback(1, "01EVENT", app.core().now().as_millis(), &data);
    app.events(json!([event, event])).await;
    let mut again = event.clone();
    again["deliveryContext"]["isRedelivery"] = json!(true);
    app.events(json!([again])).await;
    let shown = app.message(&message).await;
    assert_eq!(shown["answers"].as_array().map(Vec::len), Some(1));
    app.leaves(Left::Refusal, NO_PHONE);
}

#[tokio::test]
async fn of_events_in_one_call_the_earlier_press_counts() {
    let (app, _, message) = asked(|_| {}).await;
    let (now, buttons) = (app.core().now().as_millis(), app.buttons(1));
    app.clock.advance(TimeDelta::seconds(10));
    let late = postback(1, "01B", now + 5_000, &buttons[2].1);
    let early = postback(1, "01A", now + 2_000, &buttons[0].1);
    app.events(json!([late, early])).await;
    assert_eq!(app.row(&message).await["responseValue"], "done");
    app.leaves(Left::Refusal, NO_PHONE);
}

#[tokio::test]
async fn a_postponed_question_comes_again_and_too_many_call_a_person() {
    let (app, assignment, first) = asked(|step| {
        step["feedback"]["maxPostpones"] = json!(2);
        step["feedback"]["postponeMinutes"] = json!(10);
    })
    .await;
    for round in 1..=2 {
        app.press(1, "Later").await;
        let texts = app.texts(1).iter().filter(|t| *t == "Please take your tablet").count();
        assert_eq!(texts, round);
        app.pass(TimeDelta::minutes(9)).await;
        app.pass(TimeDelta::minutes(1)).await;
        let texts = app.texts(1).iter().filter(|t| *t == "Please take your tablet").count();
        assert_eq!(texts, round + 1);
    }
    assert_eq!(app.row(&first).await["responseAction"], "postpone");
    assert_eq!(status_of(&app, &assignment).await, "active");
    app.press(1, "Later").await;
    app.pass(TimeDelta::hours(1)).await;
    let texts = app.texts(1).iter().filter(|t| *t == "Please take your tablet").count();
    assert_eq!(texts, 3, "asked again twice, not more");
    assert_eq!(reasons(&app).await, ["postponed"]);
    assert_eq!(status_of(&app, &assignment).await, "completed");
}

#[tokio::test]
async fn a_question_nobody_answers_is_missed_at_its_minute_and_a_late_answer_still_counts() {
    let (app, assignment, message) = asked(|_| {}).await;
    app.pass(TimeDelta::hours(24) - TimeDelta::seconds(1)).await;
    assert_eq!(app.row(&message).await["status"], "sent");
    app.pass(TimeDelta::seconds(1)).await;
    assert_eq!(app.row(&message).await["status"], "missed");
    assert_eq!(reasons(&app).await, ["missed"]);
    assert_eq!(status_of(&app, &assignment).await, "completed");
    app.clock.advance(TimeDelta::hours(1));
    app.press(1, "Done").await;
    let row = app.row(&message).await;
    assert_eq!((&row["status"], &row["responseValue"]), (&json!("responded"), &json!("done")));
    assert_eq!(app.message(&message).await["answers"][0]["late"], true);
    assert!(reasons(&app).await.is_empty(), "an answer that came after all settles the item");
}

#[tokio::test]
async fn a_worrying_answer_calls_staff_at_once() {
    let (app, _, _) = asked(|_| {}).await;
    app.press(1, "I feel worse").await;
    let list = app.get("/api/worklist").await.expect(200);
    let item = &list["items"][0];
    assert_eq!((&item["reason"], &item["urgent"]), (&json!("worrying"), &json!(true)));
    assert_eq!(item["detail"], "I feel worse");
}

#[tokio::test]
async fn only_the_asked_patient_can_answer_with_a_button_that_was_there() {
    let (app, _, message) = asked(|_| {}).await;
    app.patient(2).await;
    let now = app.core().now().as_millis();
    let data = app.buttons(1)[0].1.clone();
    app.events(json!([
        postback(2, "01OTHER", now, &data),
        postback(1, "01ALIEN", now, "somebody else's data"),
        postback(1, "01GONE", now, "cq1 00000000000000000000000000000007 complete done"),
    ]))
    .await;
    assert_eq!(app.row(&message).await["respondedAt"], Value::Null);
}

#[tokio::test]
async fn whoever_presses_a_button_that_was_not_offered_is_asked_to_press_one_that_was() {
    let (app, _, message) = asked(|_| {}).await;
    let data = app.buttons(1)[0].1.replace("done", "forged");
    assert!(app.line.sandbox.tap(&line_user(1), &data, None).await);
    app.hear().await;
    let texts = app.texts(1);
    assert!(texts.last().is_some_and(|text| text.contains("ปุ่มใดปุ่มหนึ่งใต้คำถาม")), "{texts:?}");
    assert_eq!(app.row(&message).await["respondedAt"], Value::Null);
}

#[tokio::test]
async fn what_a_patient_writes_is_attached_shown_to_staff_and_can_be_taken_back() {
    let (app, _, message) = asked(|_| {}).await;
    let quoted = app.message(&message).await["lineMessageId"].as_str().expect("an id").to_owned();
    let source = json!({ "type": "user", "userId": line_user(1) });
    let now = app.core().now().as_millis();
    let says = |event: &str, id: &str, message: Value| {
        let mut message = message;
        message["id"] = json!(id);
        json!({ "type": "message", "mode": "active", "timestamp": now, "webhookEventId": event,
            "source": source, "replyToken": "t", "message": message })
    };
    app.events(json!([
        says("01W1", "91", json!({ "type": "text", "text": "it hurts", "quotedMessageId": quoted })),
        says("01W2", "92", json!({ "type": "text", "text": "a little" })),
        says("01W3", "93", json!({ "type": "sticker" })),
    ]))
    .await;
    let shown = app.message(&message).await;
    let said: Vec<_> = shown["said"].as_array().expect("words").iter().map(|s| s["text"].clone()).collect();
    assert_eq!(said, [json!("it hurts"), json!("a little"), Value::Null]);
    assert_eq!(shown["said"][0]["quoted"], true);
    assert_eq!(app.row(&message).await["status"], "read");
    assert_eq!(reasons(&app).await, ["wrote"]);
    let unsend = |event: &str, id: &str| {
        json!({ "type": "unsend", "mode": "active", "timestamp": now, "webhookEventId": event,
            "source": source, "unsend": { "messageId": id } })
    };
    // One is taken back after it came, one before it comes.
    app.events(json!([unsend("01U1", "91"), unsend("01U2", "94")])).await;
    app.events(json!([says("01W4", "94", json!({ "type": "text", "text": "never mind" }))])).await;
    let shown = app.message(&message).await;
    assert_eq!(shown["said"][0]["text"], Value::Null);
    assert!(shown["said"][0]["unsentAt"].is_string());
    assert!(!shown.to_string().contains("never mind"));
}

#[tokio::test]
async fn a_sign_of_life_proves_what_was_sent_before_but_not_across_a_block() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let patient = app.patient(1).await;
    let before = app.send(&patient, "before the block").await;
    app.drain().await;
    app.clock.advance(TimeDelta::minutes(1));
    assert!(app.line.sandbox.block(&line_user(1), true).await);
    app.clock.advance(TimeDelta::minutes(1));
    app.hear().await;
    app.clock.advance(TimeDelta::minutes(1));
    assert!(app.line.sandbox.block(&line_user(1), false).await);
    app.hear().await;
    app.clock.advance(TimeDelta::minutes(1));
    let after = app.send(&patient, "after the block").await;
    app.drain().await;
    app.clock.advance(TimeDelta::minutes(1));
    assert!(app.line.sandbox.text(&line_user(1), "hello").await);
    app.hear().await;
    assert_eq!(app.row(&after).await["status"], "delivered");
    assert_eq!(app.row(&before).await["status"], "sent", "it may have come before the block or never");
}

#[tokio::test]
async fn a_blocked_patients_steps_wait_and_go_once_the_patient_is_back() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let step = json!({ "trigger": { "type": "delay", "value": "1h" }, "messageType": "text",
        "content": { "text": "hello" } });
    app.follow_up(1, json!([step])).await;
    assert!(app.line.sandbox.block(&line_user(1), true).await);
    app.hear().await;
    assert_eq!(reasons(&app).await, ["blocked"], "shown before the step is due");
    app.pass(TimeDelta::hours(1)).await;
    let list = app.get("/api/messages").await.expect(200);
    assert_eq!((&list["items"][0]["state"], &list["items"][0]["cause"]), (&json!("held"), &json!("blocked")));
    assert!(app.get("/api/interactions").await.expect(200)["items"].as_array().expect("rows").is_empty());
    assert!(app.line.sandbox.block(&line_user(1), false).await);
    app.hear().await;
    assert_eq!(app.texts(1), ["hello"]);
    assert!(reasons(&app).await.is_empty());
}

#[tokio::test]
async fn a_protocol_can_leave_steps_out_while_the_patient_is_blocked() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let steps = json!([{ "trigger": { "type": "delay", "value": "1h" }, "messageType": "text",
        "content": { "text": "hello" } }]);
    let body = json!({ "name": "Plan", "whenUnreachable": "drop", "steps": steps });
    let made = app.post("/api/protocols", body).await.expect(201);
    let protocol = made["id"].as_str().expect("an id");
    app.post(&format!("/api/protocols/{protocol}/activate"), json!({})).await.expect(200);
    let patient = app.patient(1).await;
    let body = json!({ "patientId": patient, "protocolId": protocol });
    let made = app.post("/api/assignments", body).await.expect(201);
    app.act(made["id"].as_str().expect("an id"), "start").await.expect(200);
    assert!(app.line.sandbox.block(&line_user(1), true).await);
    app.hear().await;
    app.pass(TimeDelta::hours(1)).await;
    let list = app.get("/api/messages").await.expect(200);
    assert_eq!(
        (&list["items"][0]["state"], &list["items"][0]["cause"]),
        (&json!("cancelled"), &json!("blocked"))
    );
}

#[tokio::test]
async fn news_that_is_older_than_what_is_known_changes_nothing() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let now = app.core().now().as_millis();
    let event = |kind: &str, id: &str, at: i64| {
        json!({ "type": kind, "mode": "active", "timestamp": at, "webhookEventId": id, "replyToken": "t",
            "source": { "type": "user", "userId": line_user(1) } })
    };
    app.events(json!([event("follow", "01F", now)])).await;
    app.events(json!([event("unfollow", "01U", now - 60_000)])).await;
    let shown = app.get(&format!("/api/patients/{patient}")).await.expect(200);
    assert_eq!(shown["reachability"], "reachable");
}

#[tokio::test]
async fn an_answer_proves_that_a_message_of_unknown_outcome_was_sent() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.set_fault(clinicue::line::sandbox::Fault {
        kind: clinicue::line::sandbox::FaultKind::LostAnswer,
        count: None,
        latency_ms: None,
    });
    app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    let list = app.get("/api/messages").await.expect(200);
    assert_eq!(list["items"][0]["state"], "retrying");
    app.press(1, "Done").await;
    let list = app.get("/api/messages").await.expect(200);
    assert_eq!(list["items"][0]["state"], "sent");
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"][0]["status"], "responded");
}

#[tokio::test]
async fn an_answer_given_in_time_is_not_late_because_it_reached_us_late() {
    let (app, _, message) = asked(|_| {}).await;
    let (given, data) = (app.core().now().as_millis() + 60_000, app.buttons(1)[0].1.clone());
    app.pass(TimeDelta::hours(24)).await;
    assert_eq!(app.row(&message).await["status"], "missed");
    app.clock.advance(TimeDelta::hours(1));
    app.events(json!([postback(1, "01REDELIVERED", given, &data)])).await;
    let row = app.row(&message).await;
    assert_eq!((&row["status"], &row["timeDifferenceMs"]), (&json!("responded"), &json!(60_000)));
    assert_eq!(app.message(&message).await["answers"][0]["late"], false);
    assert!(reasons(&app).await.is_empty());
}

#[tokio::test]
async fn a_follow_and_words_in_one_call_prove_nothing_of_the_time_of_the_block() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let sent = app.send(&patient, "during the block").await;
    app.drain().await;
    app.clock.advance(TimeDelta::minutes(10));
    let now = app.core().now().as_millis();
    let event = |kind: &str, id: &str, at: i64| {
        json!({ "type": kind, "mode": "active", "timestamp": at, "webhookEventId": id, "replyToken": "t",
            "source": { "type": "user", "userId": line_user(1) },
            "message": { "type": "text", "id": id, "text": "hello" } })
    };
    app.events(json!([event("message", "01M", now), event("follow", "01F", now - 1_000)])).await;
    assert_eq!(app.row(&sent).await["status"], "sent");
}

#[tokio::test]
async fn a_patient_who_is_gone_from_line_is_seen_before_the_next_step_is_due() {
    let app = TestApp::start().await;
    let step = json!({ "trigger": { "type": "delay", "value": "30h" }, "messageType": "text",
        "content": { "text": "hello" } });
    app.follow_up(1, json!([step])).await;
    let probe = || clinicue::inbox::probe::round(app.core());
    assert_eq!(probe().await.expect("a round"), 0, "the step is still far");
    app.clock.advance(TimeDelta::hours(7));
    assert_eq!(probe().await.expect("a round"), 1);
    assert!(reasons(&app).await.is_empty());
    // Blocked while nobody listened to webhooks.
    assert!(app.line.sandbox.block(&line_user(1), true).await);
    assert_eq!(probe().await.expect("a round"), 0, "asked just now");
    app.clock.advance(TimeDelta::hours(22));
    assert_eq!(probe().await.expect("a round"), 0, "a sign of life is good for a day");
    app.clock.advance(TimeDelta::hours(3));
    assert_eq!(probe().await.expect("a round"), 1);
    assert_eq!(reasons(&app).await, ["blocked"]);
}

#[tokio::test]
async fn an_answer_that_overtakes_the_record_of_its_message_waits_for_it() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.set_fault(clinicue::line::sandbox::Fault {
        kind: clinicue::line::sandbox::FaultKind::Latency,
        count: None,
        latency_ms: Some(600),
    });
    app.follow_up(1, json!([asking()])).await;
    clinicue::schedule::tick::tick(app.core()).await.expect("a tick");
    let list = app.get("/api/messages").await.expect(200);
    let message = list["items"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(list["items"][0]["state"], "queued");
    let data = format!("cq1 {} complete done", message.replace('-', ""));
    let event = postback(1, "01FAST", app.core().now().as_millis(), &data);
    app.webhook(&json!({ "events": [event] }).to_string()).await.expect(200);
    clinicue::inbox::drain(app.core()).await.expect("the inbox works");
    app.drain().await;
    assert_eq!(app.row(&message).await["respondedAt"], Value::Null);
    app.clock.advance(TimeDelta::seconds(1));
    app.hear().await;
    assert_eq!(app.row(&message).await["responseValue"], "done");
    app.leaves(Left::Refusal, NO_PHONE);
}
