//! Words that alarm are answered with whom to call: at once, never twice, and staff see it where
//! LINE did not take the answer.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    TestApp, line_user,
    scripted::{Said, Scripted},
};

const NO_SUCH_QUOTE: Said = Said(400, &[], r#"{"message":"The request body has 1 error(s)"}"#);
const NO_SUCH_TOKEN: Said = Said(400, &[], r#"{"message":"Invalid reply token"}"#);
const TOO_FAST: Said = Said(429, &[], r#"{"message":"The API rate limit has been exceeded."}"#);
const OUT_OF_ORDER: Said = Said(500, &[], r#"{"message":"Internal server error"}"#);

/// A program whose LINE answers replies with `said`, one after the other.
async fn answered_with(said: impl IntoIterator<Item = Said>) -> (TestApp, Scripted) {
    let line = Scripted::default();
    line.say_to_replies(said);
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    (app, line)
}

/// User `n` writes that they bleed, `ago` before now.
async fn alarm(app: &TestApp, n: u32, ago: TimeDelta) {
    let at = app.core().now().as_millis() - ago.num_milliseconds();
    let event = json!({
        "type": "message", "mode": "active", "timestamp": at, "replyToken": format!("token of {n}"),
        "webhookEventId": format!("01A{n}"), "source": { "type": "user", "userId": line_user(n) },
        "deliveryContext": { "isRedelivery": false },
        "message": { "type": "text", "id": format!("7{n}"), "text": "I am bleeding", "quoteToken": "q1" },
    });
    app.events(json!([event])).await;
}

/// Whether staff see on the first line that the patient was not told whom to call.
async fn is_untold(app: &TestApp) -> Value {
    let list = app.get("/api/worklist").await.expect(200);
    assert_eq!(list["items"][0]["reason"], "alarming");
    list["items"][0]["untold"].clone()
}

#[tokio::test]
async fn whom_to_call_is_said_without_the_quote_where_line_does_not_take_the_quote() {
    let (app, line) = answered_with([NO_SUCH_QUOTE]).await;
    app.patient(1).await;
    alarm(&app, 1, TimeDelta::zero()).await;
    let replied = line.replied();
    let quotes: Vec<_> = replied.iter().map(|body| body["messages"][0]["quoteToken"].clone()).collect();
    assert_eq!(quotes, [json!("q1"), Value::Null]);
    assert_eq!(replied[0]["messages"][0]["text"], replied[1]["messages"][0]["text"]);
    assert_eq!(is_untold(&app).await, false);
}

#[tokio::test]
async fn whom_to_call_is_said_again_with_the_same_token_until_line_takes_it() {
    let (app, line) = answered_with([TOO_FAST, OUT_OF_ORDER]).await;
    app.patient(1).await;
    alarm(&app, 1, TimeDelta::zero()).await;
    let tokens: Vec<_> = line.replied().iter().map(|body| body["replyToken"].clone()).collect();
    assert_eq!(tokens, [json!("token of 1"), json!("token of 1"), json!("token of 1")]);
    assert_eq!(is_untold(&app).await, false);
}

#[tokio::test]
async fn staff_see_that_a_patient_was_not_told_whom_to_call() {
    // The first try was taken perhaps: a second one that is refused says nothing of it.
    let (app, line) = answered_with([OUT_OF_ORDER, NO_SUCH_TOKEN, NO_SUCH_TOKEN]).await;
    app.patient(1).await;
    alarm(&app, 1, TimeDelta::zero()).await;
    assert_eq!(line.replied().len(), 3);
    assert_eq!(is_untold(&app).await, true);
}

#[tokio::test]
async fn whom_to_call_is_said_in_the_language_of_the_words_where_nobody_entered_the_patients() {
    let (app, line) = answered_with([]).await;
    app.patient(1).await;
    let body = json!({ "displayName": "Malee", "lineUserId": line_user(2), "locale": "th" });
    app.post("/api/patients", body).await.expect(201);
    alarm(&app, 1, TimeDelta::zero()).await;
    alarm(&app, 2, TimeDelta::zero()).await;
    let told: Vec<_> =
        line.replied().iter().map(|body| body["messages"][0]["text"].to_string().is_ascii()).collect();
    assert_eq!(told, [true, false], "English to whom it is not known of, Thai to whom it is");
}

#[tokio::test]
async fn staff_see_that_nobody_was_told_whom_to_call_when_the_words_came_too_late_for_an_answer() {
    let (app, line) = answered_with([]).await;
    app.patient(1).await;
    alarm(&app, 1, TimeDelta::seconds(51)).await;
    assert_eq!(line.replied(), Vec::<Value>::new());
    assert_eq!(is_untold(&app).await, true);
}

#[tokio::test]
async fn staff_see_that_a_stranger_was_not_told_whom_to_call_also_once_they_are_a_patient() {
    let (app, _) = answered_with([NO_SUCH_TOKEN, NO_SUCH_TOKEN]).await;
    alarm(&app, 7, TimeDelta::zero()).await;
    let strangers = app.get("/api/strangers").await.expect(200);
    assert_eq!(strangers["items"][0]["untold"], true);
    app.patient(7).await;
    assert_eq!(is_untold(&app).await, true);
}

#[tokio::test]
async fn a_stranger_whose_words_alarm_is_told_whom_to_call_before_line_names_them() {
    let (app, line) = answered_with([]).await;
    line.show_profiles_after_a_reply();
    alarm(&app, 7, TimeDelta::zero()).await;
    let told = line.replied()[0]["messages"][0]["text"].to_string();
    assert!(told.contains("In an emergency"), "in the language of the words: {told}");
    let strangers = app.get("/api/strangers").await.expect(200);
    let stranger = &strangers["items"][0];
    assert_eq!((&stranger["displayName"], &stranger["untold"]), (&json!("Malee"), &json!(false)));
}

/// Somebody takes message `id` back.
async fn unsend(app: &TestApp, n: u32, event: &str, id: &str) {
    let event = json!({
        "type": "unsend", "mode": "active", "timestamp": app.core().now().as_millis(),
        "webhookEventId": event, "source": { "type": "user", "userId": line_user(n) },
        "unsend": { "messageId": id },
    });
    app.events(json!([event])).await;
}

#[tokio::test]
async fn what_was_taken_back_before_it_came_has_no_words_a_strangers_neither() {
    let (app, _) = answered_with([]).await;
    let patient = app.patient(1).await;
    for n in [1, 7] {
        unsend(&app, n, &format!("01U{n}"), &format!("7{n}")).await;
    }
    let timeline = format!("/api/patients/{patient}/timeline");
    let before = app.get(&timeline).await.expect(200);
    assert!(!before.to_string().contains("unsentAt"), "{before}");
    for n in [1, 7] {
        alarm(&app, n, TimeDelta::zero()).await;
    }
    let shown = [app.get(&timeline).await.expect(200), app.get("/api/strangers").await.expect(200)];
    for shown in shown {
        let text = shown.to_string();
        assert!(!text.contains("bleeding") && text.contains("unsentAt"), "{text}");
    }
}

#[tokio::test]
async fn what_somebody_takes_back_who_is_no_patient_any_more_goes() {
    let (app, _) = answered_with([]).await;
    let patient = app.patient(1).await;
    alarm(&app, 1, TimeDelta::zero()).await;
    let path = format!("/api/patients/{patient}");
    app.call_as(&app.token, "PATCH", &path, Some(json!({ "lineUserId": null }))).await.expect(200);
    unsend(&app, 1, "01U1", "71").await;
    let shown = app.get(&format!("{path}/timeline")).await.expect(200).to_string();
    assert!(!shown.contains("bleeding") && shown.contains("unsentAt"), "{shown}");
    assert_eq!(app.get("/api/strangers").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn an_answer_to_whom_to_call_counts_by_its_status_whatever_its_body_says() {
    for body in ["OK", "", "<html>", r#"{"sentMess"#, r#"["message"]"#] {
        let (app, line) = answered_with([Said(200, &[], body)]).await;
        app.patient(1).await;
        alarm(&app, 1, TimeDelta::zero()).await;
        assert_eq!(line.replied().len(), 1, "{body}");
        assert_eq!(is_untold(&app).await, false, "{body}");
    }
}

#[tokio::test]
async fn whom_to_call_is_said_again_where_line_was_too_slow_and_not_where_it_conflicts() {
    for (status, tries, untold) in [(408, 2, false), (425, 2, false), (409, 1, true)] {
        let (app, line) = answered_with([Said(status, &[], "{}")]).await;
        app.patient(1).await;
        // Without a quote that a refusal may be about.
        let event = says(&app, "01A", "token of 1", "I am bleeding");
        app.events(json!([event])).await;
        assert_eq!((line.replied().len(), is_untold(&app).await), (tries, json!(untold)), "{status}");
    }
}

/// User 1 writes words that cannot be quoted.
fn says(app: &TestApp, event: &str, token: &str, text: &str) -> Value {
    json!({
        "type": "message", "mode": "active", "timestamp": app.core().now().as_millis(), "replyToken": token,
        "webhookEventId": event, "source": { "type": "user", "userId": line_user(1) },
        "deliveryContext": { "isRedelivery": false },
        "message": { "type": "text", "id": format!("8{event}"), "text": text },
    })
}

#[tokio::test]
async fn a_second_event_with_a_token_that_was_used_does_not_say_that_nobody_was_told() {
    let (app, line) = answered_with([Said(200, &[], "{}"), NO_SUCH_TOKEN, NO_SUCH_TOKEN]).await;
    app.patient(1).await;
    app.events(json!([says(&app, "01A", "one token", "I am bleeding")])).await;
    assert_eq!(is_untold(&app).await, false);
    app.events(json!([says(&app, "01B", "one token", "I am bleeding still")])).await;
    assert_eq!(is_untold(&app).await, false);
    app.clock.advance(TimeDelta::minutes(2));
    assert_eq!(is_untold(&app).await, false, "also later");
    assert_eq!(line.replied().len(), 1);
}

#[tokio::test]
async fn one_answer_speaks_one_language() {
    let (app, line) = answered_with([]).await;
    app.events(json!([says(&app, "01A", "t", "I am bleeding, CQ-2222-2222")])).await;
    let replied = line.replied();
    let texts: Vec<_> =
        replied[0]["messages"].as_array().expect("messages").iter().map(|m| m["text"].to_string()).collect();
    assert!(
        texts[0].contains("In an emergency") && texts[1].contains("We do not know this code"),
        "{texts:?}"
    );
}

#[tokio::test]
async fn the_text_of_an_emergency_goes_out_as_it_stands_and_takes_no_variable() {
    let app = TestApp::start().await;
    let variable =
        json!({ "emergencyText": { "en": "", "th": "Call {{clinic.phone}}", "ja": "", "zh-TW": "" } });
    let refused = app.call_as(&app.token, "PATCH", "/api/settings", Some(variable)).await.expect(422);
    assert_eq!(
        (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
        (&json!("emergencyText.th"), &json!("noVariableHere"))
    );
}
