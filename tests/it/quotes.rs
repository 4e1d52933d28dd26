//! Answers of staff that quote the words they answer.

use serde_json::{Value, json};

use crate::{
    incoming::said,
    support::{
        TestApp, id, line_user,
        scripted::{Said, Scripted},
    },
};

#[tokio::test]
async fn an_answer_of_staff_quotes_the_patients_words() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let patient = app.patient(1).await;
    assert!(app.line.sandbox.text(&line_user(1), "may I swim?").await);
    app.hear().await;
    let token = said(&app, &patient).await[0]["quoteToken"].clone();
    let message_id =
        token.as_str().and_then(|token| token.strip_prefix('q')).expect("the phone's").to_owned();
    let send = |token: &Value| {
        json!({ "patientId": patient, "messageType": "text",
            "content": { "text": "not yet", "quoteToken": token } })
    };
    app.post("/api/messages", send(&json!(""))).await.problem(422);
    app.post("/api/messages", send(&json!("q".repeat(501)))).await.problem(422);
    app.post("/api/messages", send(&json!(5))).await.problem(422);
    app.post("/api/messages", send(&token)).await.expect(202);
    app.drain().await;
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    let got = &chat.last().expect("a message").message;
    assert_eq!((&got["text"], &got["quoteToken"]), (&json!("not yet"), &token));
    let unsend = json!({ "type": "unsend", "mode": "active", "timestamp": app.core().now().as_millis(),
        "webhookEventId": "01Q2", "source": { "type": "user", "userId": line_user(1) },
        "unsend": { "messageId": message_id } });
    app.events(json!([unsend])).await;
    assert_eq!(said(&app, &patient).await[0]["quoteToken"], Value::Null);
}

/// A LINE that quotes nothing.
const QUOTES_NOTHING: Said = Said(
    400,
    &[],
    r#"{"message":"The request body has 1 error(s)","details":[{"message":"invalid","property":"messages[0].quoteToken"}]}"#,
);

#[tokio::test]
async fn an_answer_whose_quote_line_does_not_take_goes_without_it() {
    let line = Scripted::default();
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    let patient = app.patient(1).await;
    line.say_to_quotes(QUOTES_NOTHING);
    let body = json!({ "patientId": patient, "messageType": "text",
        "content": { "text": "not yet", "quoteToken": "of long ago" } });
    let sent = id(&app.post("/api/messages", body).await.expect(202));
    app.drain().await;
    let quotes: Vec<_> = line.pushed().iter().map(|body| body["messages"][0]["quoteToken"].clone()).collect();
    assert_eq!(quotes, [json!("of long ago"), Value::Null]);
    assert_eq!(app.state_of(&sent).await, "sent");
}

#[tokio::test]
async fn the_words_of_somebody_unknown_can_be_quoted_once_they_are_a_patients() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.line.sandbox.add_user(&line_user(1), "Malee");
    assert!(app.line.sandbox.text(&line_user(1), "may I swim?").await);
    app.hear().await;
    let patient = app.patient(1).await;
    assert!(said(&app, &patient).await[0]["quoteToken"].is_string());
}
