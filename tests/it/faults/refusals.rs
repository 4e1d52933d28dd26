//! LINE refuses: what each of its answers means to a message, its patient and the channel.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    TestApp, line_user, message,
    scripted::{Said, Scripted},
};

const HASTE: Said = Said(429, &[], r#"{"message":"The API rate limit has been exceeded. Try again later."}"#);

async fn start() -> (TestApp, Scripted) {
    let line = Scripted::default();
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    (app, line)
}

async fn failed(app: &TestApp) -> Value {
    app.get("/api/jobs/failed-deliveries").await.expect(200)["items"][0].clone()
}

#[tokio::test]
async fn a_user_line_does_not_know_is_no_fault_of_the_message_in_whatever_form_it_says_so() {
    let forms = [
        r#"{"message":"Failed to send messages","details":null}"#,
        r#"{"message":"The property, 'to', in the request body is invalid (line: -, column: -)"}"#,
        r#"{"message":"The request body has 1 error(s)","details":[{"message":"Not a user","property":"to"}]}"#,
    ];
    for form in forms {
        let (mut app, line) = start().await;
        let patient = app.patient(1).await;
        line.say(&line_user(1), Said(400, &[], form));
        app.send(&patient, "hello").await;
        app.drain().await;
        assert_eq!(failed(&app).await["causeCode"], "patient_unknown", "{form}");
        let patient = app.get(&format!("/api/patients/{patient}")).await.expect(200);
        assert_eq!(patient["reachability"], "unlinked", "{form}");
        app.stop().await;
    }
}

#[tokio::test]
async fn a_refusal_is_kept_with_lines_words_their_place_and_the_id_of_the_request() {
    let (app, line) = start().await;
    let patient = app.patient(1).await;
    let words = r#"{"message":"A message (messages[0]) in the request body is invalid","details":[{"message":"invalid property","property":"/footer/contents/2"}]}"#;
    line.say(&line_user(1), Said(400, &[("x-line-request-id", "7b2c")], words));
    let id = app.send(&patient, "hello").await;
    app.drain().await;
    let failed = failed(&app).await;
    assert_eq!(failed["causeCode"], "message_invalid");
    assert_eq!(failed["lineRequestId"], "7b2c");
    let said = "A message (messages[0]) in the request body is invalid; /footer/contents/2: invalid property";
    assert_eq!(failed["message"], said);
    assert_eq!(app.message(&id).await["lineRequestId"], "7b2c");
}

#[tokio::test]
async fn a_429_when_the_month_is_used_up_shuts_the_channel_whatever_words_come_with_it() {
    let (app, line) = start().await;
    line.set_quota(200, 200);
    let patient = app.patient(1).await;
    line.say(&line_user(1), HASTE);
    let messages: Vec<_> = (0..20).map(|n| message(&patient, &format!("{n}"))).collect();
    app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
    app.drain().await;
    let status = app.get("/api/status").await.expect(200);
    assert_eq!(status["sending"], "quota_exhausted");
    let held = app.get("/api/messages?state=held&limit=200").await.expect(200);
    assert_eq!(held["items"].as_array().map(Vec::len), Some(20), "no attempt is used up");
    assert_eq!(line.calls("quota"), 1, "asked once for all");
}

#[tokio::test]
async fn a_429_while_messages_are_left_is_haste_and_passes() {
    let (app, line) = start().await;
    line.set_quota(200, 10);
    let patient = app.patient(1).await;
    line.say(&line_user(1), HASTE);
    let id = app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!(app.state_of(&id).await, "retrying");
    line.be_well(&line_user(1));
    app.pass(TimeDelta::seconds(3)).await;
    assert_eq!(app.state_of(&id).await, "sent");
    assert_eq!((line.calls("quota"), line.calls("consumption")), (1, 1));
}

#[tokio::test]
async fn a_line_that_gives_no_number_of_the_month_is_taken_by_its_words_and_tried_again() {
    let (app, line) = start().await;
    line.count_nothing();
    let patient = app.patient(1).await;
    line.say(&line_user(1), Said(429, &[], r#"{"message":"You have reached your monthly limit."}"#));
    let id = app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!(app.message(&id).await["cause"], "quota_exhausted");
    let asked = app.post("/api/line/quota", json!({})).await.expect(200);
    assert_eq!(asked["finding"], json!({ "code": "unreachable", "how": "unreadable" }));
    line.be_well(&line_user(1));
    app.pass(TimeDelta::minutes(2)).await;
    assert_eq!(app.state_of(&id).await, "sent");
}

#[tokio::test]
async fn a_month_that_was_used_up_is_asked_after_again_once_line_took_a_message() {
    let (app, line) = start().await;
    line.set_quota(200, 200);
    let (first, second) = (app.patient(1).await, app.patient(2).await);
    line.say(&line_user(1), HASTE);
    let id = app.send(&first, "hello").await;
    app.drain().await;
    assert_eq!(app.message(&id).await["cause"], "quota_exhausted");
    line.set_quota(200, 10);
    line.be_well(&line_user(1));
    app.pass(TimeDelta::seconds(31)).await;
    assert_eq!(app.state_of(&id).await, "sent", "messages were bought");
    line.say(&line_user(2), HASTE);
    let hasty = app.send(&second, "hello").await;
    app.drain().await;
    assert_eq!(app.message(&hasty).await["cause"], "rate_limited");
    line.be_well(&line_user(2));
    app.pass(TimeDelta::seconds(3)).await;
    assert_eq!(app.state_of(&hasty).await, "sent");
}

#[tokio::test]
async fn a_patient_who_got_too_many_is_left_alone_for_minutes_and_only_that_one() {
    let (app, line) = start().await;
    let (busy, other) = (app.patient(1).await, app.patient(2).await);
    line.say(&line_user(1), Said(429, &[], r#"{"message":"Too many messages to the same user"}"#));
    let first = app.send(&busy, "one").await;
    app.drain().await;
    line.be_well(&line_user(1));
    let (second, beside) = (app.send(&busy, "two").await, app.send(&other, "three").await);
    app.drain().await;
    app.pass(TimeDelta::minutes(4)).await;
    assert_eq!(app.state_of(&beside).await, "sent");
    assert_eq!((app.state_of(&first).await, app.state_of(&second).await), ("retrying".into(), "held".into()));
    assert_eq!(app.message(&second).await["cause"], "patient_rate_limited");
    app.pass(TimeDelta::minutes(1)).await;
    assert_eq!((app.state_of(&first).await, app.state_of(&second).await), ("sent".into(), "sent".into()));
    assert_eq!(line.calls("quota"), 1, "asked once whether that is what it is");
}

#[tokio::test]
async fn a_patient_who_got_too_many_is_left_alone_across_a_restart() {
    let (app, line) = start().await;
    let busy = app.patient(1).await;
    line.say(&line_user(1), Said(429, &[], r#"{"message":"Too many messages to the same user"}"#));
    let first = app.send(&busy, "one").await;
    app.drain().await;
    let app = app.restart().await;
    let (second, other) = (app.send(&busy, "two").await, app.patient(2).await);
    let beside = app.send(&other, "three").await;
    app.drain().await;
    assert_eq!(app.state_of(&beside).await, "sent");
    assert_eq!((app.state_of(&first).await, app.state_of(&second).await), ("retrying".into(), "held".into()));
    assert_eq!(app.message(&second).await["cause"], "patient_rate_limited");
    app.pass(TimeDelta::minutes(5)).await;
    assert_eq!((app.state_of(&first).await, app.state_of(&second).await), ("sent".into(), "sent".into()));
}

#[tokio::test]
async fn a_used_up_month_is_noticed_though_line_speaks_of_one_user() {
    let (app, line) = start().await;
    line.set_quota(200, 200);
    let patient = app.patient(1).await;
    line.say(&line_user(1), Said(429, &[], r#"{"message":"You have sent too many messages to this user"}"#));
    let id = app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!(app.message(&id).await["cause"], "quota_exhausted");
    line.set_quota(200, 10);
    line.be_well(&line_user(1));
    app.pass(TimeDelta::seconds(31)).await;
    assert_eq!(app.state_of(&id).await, "sent");
}

#[tokio::test]
async fn a_month_that_is_used_up_within_a_minute_after_a_429_for_haste_is_noticed() {
    let (app, line) = start().await;
    line.set_quota(200, 199);
    let (first, second) = (app.patient(1).await, app.patient(2).await);
    for n in [1, 2] {
        line.say(&line_user(n), HASTE);
    }
    app.send(&first, "hello").await;
    app.drain().await;
    assert_eq!(line.calls("quota"), 1);
    line.set_quota(200, 200);
    let late = app.send(&second, "hello").await;
    app.drain().await;
    assert_eq!(app.state_of(&late).await, "held");
    assert_eq!(app.get("/api/status").await.expect(200)["sending"], "quota_exhausted");
}

#[tokio::test]
async fn words_of_a_used_up_month_shut_nothing_while_lines_counts_have_messages_left() {
    let (app, line) = start().await;
    line.set_quota(200, 10);
    let patient = app.patient(1).await;
    line.say(&line_user(1), Said(429, &[], r#"{"message":"You have reached your monthly limit."}"#));
    let messages: Vec<_> = (0..5).map(|n| message(&patient, &format!("{n}"))).collect();
    app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
    app.drain().await;
    let failed = app.get("/api/messages?limit=200").await.expect(200);
    assert_eq!(failed["items"][0]["cause"], "rate_limited");
    assert_ne!(app.get("/api/status").await.expect(200)["sending"], "quota_exhausted");
    line.be_well(&line_user(1));
    app.pass(TimeDelta::seconds(60)).await;
    assert_eq!(
        app.get("/api/messages?state=sent&limit=200").await.expect(200)["items"].as_array().map(Vec::len),
        Some(5)
    );
}

#[tokio::test]
async fn words_of_a_used_up_month_are_believed_where_lines_counts_agree() {
    let (app, line) = start().await;
    line.set_quota(200, 200);
    let patient = app.patient(1).await;
    line.say(&line_user(1), Said(429, &[], r#"{"message":"You have reached your monthly limit."}"#));
    let id = app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!((app.state_of(&id).await, line.calls("quota")), ("held".into(), 1));
    assert_eq!(app.get("/api/status").await.expect(200)["sending"], "quota_exhausted");
}
