//! Its own switches, under `/sandbox`.

use chrono::TimeDelta;
use clinicue::line::sandbox::Options;
use serde_json::{Value, json};

use super::{Calls, Line, hearing};
use crate::support::line_user;

#[tokio::test]
async fn what_its_switches_refuse_is_said_in_the_form_of_lines_own_refusals() {
    let line = Line::start(Options::default()).await;
    let user = format!("/sandbox/users/{}", line_user(1));
    let no_content = json!({ "type": "image", "content": "no Base64!" });
    for (method, path, body, status) in [
        ("POST", format!("{user}/message"), Some(no_content), 400),
        ("POST", format!("{user}/message"), Some(json!({})), 400),
        ("POST", format!("{user}/event"), Some(json!([])), 400),
        ("POST", format!("{user}/text"), Some(json!({ "words": "hi" })), 422),
        ("POST", format!("{user}/text"), None, 415),
        ("PUT", "/sandbox/fault".to_owned(), Some(json!({ "kind": "no such" })), 422),
        ("GET", "/sandbox/users/%ff/messages".to_owned(), None, 400),
        ("GET", "/sandbox/users/U0/messages".to_owned(), None, 404),
    ] {
        let refused = line.call(method, &path, None, body).await.expect(status);
        assert!(refused["message"].as_str().is_some_and(|m| !m.is_empty()), "{path}: {refused}");
    }
}

#[tokio::test]
async fn a_message_among_the_events_has_what_every_message_has() {
    let calls = Calls::default();
    let line = hearing(&calls).await;
    let path = format!("/sandbox/users/{}/event", line_user(1));
    let event =
        json!({ "type": "message", "message": { "type": "text", "text": "hi", "quoteToken": "mine" } });
    line.call("POST", &path, None, Some(event)).await.expect(204);
    let told: Value = serde_json::from_slice(&calls.lock().expect("the calls")[0].1).expect("JSON");
    let message = &told["events"][0]["message"];
    assert!(message["id"].is_string() && message["markAsReadToken"].is_string(), "{message}");
    assert_eq!((&message["text"], &message["quoteToken"]), (&json!("hi"), &json!("mine")));
}

#[tokio::test]
async fn what_a_user_sends_is_kept_until_it_is_taken_back() {
    let calls = Calls::default();
    let line = hearing(&calls).await;
    let send = async |path: &str, body: Value| {
        let path = format!("/sandbox/users/{}/{path}", line_user(1));
        line.call("POST", &path, None, Some(body)).await
    };
    send("message", json!({ "type": "video", "transcodingMs": 5000 })).await.expect(204);
    let told: Value = serde_json::from_slice(&calls.lock().expect("the calls")[0].1).expect("JSON");
    let message = &told["events"][0]["message"];
    assert!(message["quoteToken"].is_string() && message["markAsReadToken"].is_string());
    let content = format!("/v2/bot/message/{}/content", message["id"].as_str().expect("an id"));
    line.call("GET", &content, None, None).await.expect(202);
    let status = line.call("GET", &format!("{content}/transcoding"), None, None).await.expect(200);
    assert_eq!(status["status"], "processing");
    line.clock.advance(TimeDelta::seconds(6));
    let status = line.call("GET", &format!("{content}/transcoding"), None, None).await.expect(200);
    assert_eq!(status["status"], "succeeded");
    let read = json!({ "markAsReadToken": message["markAsReadToken"] });
    line.call("POST", "/v2/bot/chat/markAsRead", None, Some(read)).await.expect(200);
    send("event", json!({ "type": "unsend", "unsend": { "messageId": message["id"] } })).await.expect(204);
    line.call("GET", &content, None, None).await.expect(410);
}
