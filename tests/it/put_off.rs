//! "Ask later" is no answer: who then answers, under whichever message, has answered.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, id, leftovers::Left, line_user};

/// A program that hears, with one asking step sent to user 1 which comes again after ten minutes:
/// the program, the assignment and the message.
async fn asked() -> (TestApp, String, String) {
    asked_at_most(3).await
}

/// The same, where it comes again at most so often.
async fn asked_at_most(times: u32) -> (TestApp, String, String) {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let mut step = asking();
    step["feedback"]["postponeMinutes"] = json!(10);
    step["feedback"]["maxPostpones"] = json!(times);
    let assignment = app.follow_up(1, json!([step])).await;
    app.drain().await;
    let first = id(&messages(&app).await[0]);
    (app, assignment, first)
}

/// From the latest due to the earliest.
async fn messages(app: &TestApp) -> Vec<Value> {
    app.get("/api/messages").await.expect(200)["items"].as_array().expect("messages").clone()
}

async fn status_of(app: &TestApp, assignment: &str) -> Value {
    app.get(&format!("/api/assignments/{assignment}")).await.expect(200)["status"].clone()
}

fn times_asked(app: &TestApp) -> usize {
    app.texts(1).iter().filter(|text| *text == "Please take your tablet").count()
}

/// A press of the button with this data, `ms` from now.
fn press(app: &TestApp, event: &str, ms: i64, data: &str) -> Value {
    json!({
        "type": "postback", "mode": "active", "timestamp": app.core().now().as_millis() + ms,
        "webhookEventId": event, "source": { "type": "user", "userId": line_user(1) },
        "replyToken": "t", "deliveryContext": { "isRedelivery": false }, "postback": { "data": data },
    })
}

/// Why LINE refuses to reply to a [`press`].
const NO_PHONE: &str = "no phone pressed the button, so the reply token is nobody's";

#[tokio::test]
async fn a_question_that_is_answered_after_it_was_put_off_does_not_come_again() {
    let (app, assignment, first) = asked().await;
    app.press(1, "Later").await;
    app.press(1, "Done").await;
    assert!(app.texts(1).last().is_some_and(|text| text.contains("Done")), "{:?}", app.texts(1));
    let all = messages(&app).await;
    assert_eq!(all.iter().map(|m| m["state"].clone()).collect::<Vec<_>>(), ["cancelled", "sent"]);
    let answers = app.message(&first).await["answers"].clone();
    assert_eq!((&answers[0]["value"], &answers[1]["value"]), (&json!("done"), &json!("later")));
    answered_with(&app, &first, "done", "complete").await;
    assert_eq!(status_of(&app, &assignment).await, "completed");
    app.pass(TimeDelta::minutes(11)).await;
    app.pass(TimeDelta::hours(25)).await;
    assert_eq!(times_asked(&app), 1);
    assert_eq!(app.get("/api/worklist").await.expect(200)["items"], json!([]), "nobody is missed");
}

#[tokio::test]
async fn an_answer_under_the_first_message_answers_the_one_that_asked_again() {
    let (app, assignment, first) = asked().await;
    let done = app.buttons(1).iter().find(|(label, _)| label == "Done").expect("a button").1.clone();
    app.press(1, "Later").await;
    app.pass(TimeDelta::minutes(10)).await;
    assert_eq!(times_asked(&app), 2);
    app.events(json!([press(&app, "01OLD", 0, &done)])).await;
    let again = id(&messages(&app).await[0]);
    assert_ne!(again, first);
    assert_eq!(app.row(&again).await["responseValue"], "done");
    assert_eq!(app.row(&first).await["responseAction"], "postpone");
    assert_eq!(status_of(&app, &assignment).await, "completed");
    app.leaves(Left::Refusal, NO_PHONE);
}

#[tokio::test]
async fn what_is_put_off_and_answered_in_one_call_is_answered() {
    let (app, assignment, _) = asked().await;
    let buttons = app.buttons(1);
    let data = |wanted: &str| buttons.iter().find(|(label, _)| label == wanted).expect("a button").1.clone();
    let (later, done) = (press(&app, "01L", 0, &data("Later")), press(&app, "01D", 900, &data("Done")));
    app.events(json!([done, later])).await;
    assert_eq!(messages(&app).await.len(), 1, "nothing asks again");
    assert_eq!(status_of(&app, &assignment).await, "completed");
    app.leaves(Left::Refusal, NO_PHONE);
}

#[tokio::test]
async fn who_put_off_too_often_and_answered_after_all_needs_nobody() {
    let (app, _, _) = asked_at_most(0).await;
    app.press(1, "Later").await;
    let needed = async || app.get("/api/worklist").await.expect(200)["items"].clone();
    assert_eq!(needed().await[0]["reason"], "postponed");
    app.press(1, "Done").await;
    assert_eq!(needed().await, json!([]));
    let first = id(&messages(&app).await[0]);
    answered_with(&app, &first, "done", "complete").await;
}

/// The one answer that counts, wherever answers stand.
async fn answered_with(app: &TestApp, message: &str, value: &str, action: &str) {
    let row = app.row(message).await;
    assert_eq!((&row["responseValue"], &row["responseAction"]), (&json!(value), &json!(action)));
    let counted = app.get("/api/answers").await.expect(200)["items"].clone();
    assert_eq!(
        (counted.as_array().map(Vec::len), &counted[0]["answer"]["value"]),
        (Some(1), &json!(value)),
        "{counted}"
    );
    let sums = app.get("/api/statistics/answers").await.expect(200)["all"].clone();
    let of = |name: &str| i64::from(name == action);
    assert_eq!(
        (&sums["completed"], &sums["postponed"], &sums["skipped"]),
        (&json!(of("complete")), &json!(of("postpone")), &json!(of("skip"))),
        "{sums}"
    );
    assert_eq!(sums["values"], json!([{ "value": value, "count": 1 }]), "{sums}");
}

#[tokio::test]
async fn after_the_answer_that_followed_a_postponement_no_other_press_counts() {
    let (app, _, first) = asked().await;
    for button in ["Later", "Done", "Later", "Not today"] {
        app.press(1, button).await;
    }
    // Each press stands in the chat before its reply.
    let said: Vec<_> = app.texts(1).into_iter().rev().step_by(2).take(2).collect();
    assert!(said.iter().all(|text| text.contains("Done")), "the first answer is named: {said:?}");
    answered_with(&app, &first, "done", "complete").await;
}

/// What the patient reads who puts the question off by so many minutes, at noon in Bangkok.
async fn told_when_put_off(app: &TestApp, minutes: u32) -> String {
    app.listen_to_phones();
    let mut step = asking();
    step["feedback"]["postponeMinutes"] = json!(minutes);
    app.follow_up(1, json!([step])).await;
    app.drain().await;
    app.press(1, "Later").await;
    app.texts(1).pop().expect("a confirmation")
}

#[tokio::test]
async fn a_question_that_is_asked_again_on_another_day_says_on_which() {
    let app = TestApp::start().await;
    let told = told_when_put_off(&app, 10_080).await;
    assert!(told.contains("วันที่ 1 ธันวาคม 2569 เวลา 12:00"), "{told}");
}

#[tokio::test]
async fn a_question_put_off_into_quiet_hours_says_when_it_really_comes() {
    let app = TestApp::start().await;
    let quiet = json!({ "quietHours": { "start": "13:00", "end": "15:00" } });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(quiet)).await.expect(200);
    let told = told_when_put_off(&app, 90).await;
    assert!(told.contains("15:00"), "{told}");
}
