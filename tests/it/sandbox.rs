//! The practice LINE, called as LINE is: by its own paths, headers and bodies.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use chrono::TimeDelta;
use clinicue::{
    clock::HandClock,
    line::{
        sandbox::{Options, Running, Sandbox},
        webhook,
    },
};
use serde_json::{Value, json};

use crate::support::{Answer, NOON, answer, at, client, line_user};

struct Line {
    running: Running,
    clock: Arc<HandClock>,
    http: reqwest::Client,
}

impl Line {
    async fn start(options: Options) -> Self {
        let clock = HandClock::starting_at(at(NOON));
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let running = Sandbox::new(options, clock.clone()).listen(loopback).await.expect("it listens");
        running.sandbox.add_user(&line_user(1), "Somchai");
        Self { running, clock, http: client() }
    }

    async fn call(&self, method: &str, path: &str, key: Option<&str>, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.running.base_url());
        let mut request = self.http.request(method.parse().expect("a method"), url).bearer_auth("token");
        if let Some(key) = key {
            request = request.header("x-line-retry-key", key);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request.send().await.expect("an answer")).await
    }

    async fn push(&self, to: &str, key: Option<&str>, text: &str) -> Answer {
        let body = json!({ "to": to, "messages": [{ "type": "text", "text": text }] });
        self.call("POST", "/v2/bot/message/push", key, Some(body)).await
    }

    fn chat(&self) -> usize {
        self.running.sandbox.chat(&line_user(1)).map_or(0, |chat| chat.len())
    }
}

const KEY: &str = "123e4567-e89b-42d3-a456-426614174000";

#[tokio::test]
async fn a_key_is_accepted_once_and_answered_409_with_the_first_ids_for_a_day() {
    let line = Line::start(Options::default()).await;
    let first = line.push(&line_user(1), Some(KEY), "hello").await.expect(200);
    let again = line.push(&line_user(1), Some(KEY), "hello").await.expect(409);
    assert_eq!(again["sentMessages"][0]["id"], first["sentMessages"][0]["id"]);
    assert_eq!(line.chat(), 1);
    line.clock.advance(TimeDelta::hours(25));
    line.push(&line_user(1), Some(KEY), "hello").await.expect(200);
    assert_eq!(line.chat(), 2);
    line.push(&line_user(1), Some("no-uuid"), "hello").await.expect(400);
}

#[tokio::test]
async fn an_unknown_user_is_refused_and_a_blocked_one_gets_silence() {
    let line = Line::start(Options::default()).await;
    let unknown = line.push(&line_user(2), None, "hello").await.expect(400);
    assert_eq!(unknown["message"], "Failed to send messages");
    line.call("GET", &format!("/v2/bot/profile/{}", line_user(2)), None, None).await.expect(404);
    line.running.sandbox.block(&line_user(1), true).await;
    line.push(&line_user(1), None, "hello").await.expect(200);
    assert_eq!(line.chat(), 0);
    line.running.sandbox.block(&line_user(1), false).await;
    line.push(&line_user(1), None, "hello").await.expect(200);
    assert_eq!(line.chat(), 1);
}

#[tokio::test]
async fn limits_are_refused_with_the_property() {
    let line = Line::start(Options::default()).await;
    let long = line.push(&line_user(1), None, &"x".repeat(5001)).await.expect(400);
    assert_eq!(long["details"][0]["property"], "messages[0].text");
    let six: Vec<_> = (0..6).map(|_| json!({ "type": "text", "text": "x" })).collect();
    let body = json!({ "to": line_user(1), "messages": six });
    line.call("POST", "/v2/bot/message/push", None, Some(body)).await.expect(400);
    let valid = json!({ "messages": [{ "type": "text", "text": "x" }] });
    line.call("POST", "/v2/bot/message/validate/push", None, Some(valid)).await.expect(200);
    let invalid = json!({ "messages": [{ "type": "text", "text": "" }] });
    line.call("POST", "/v2/bot/message/validate/push", None, Some(invalid)).await.expect(400);
    assert_eq!(line.chat(), 0);
}

#[tokio::test]
async fn what_stands_beside_a_message_is_looked_at_too() {
    let line = Line::start(Options::default()).await;
    let call = async |beside: Value| {
        let mut message = json!({ "type": "text", "text": "x" });
        message.as_object_mut().expect("an object").extend(beside.as_object().expect("members").clone());
        let body = json!({ "to": line_user(1), "messages": [message] });
        line.call("POST", "/v2/bot/message/push", None, Some(body)).await
    };
    let item = json!({ "type": "action", "action": { "type": "message", "label": "Yes", "text": "Yes" } });
    let with = |items: usize| json!({ "quickReply": { "items": vec![item.clone(); items] } });
    call(with(13)).await.expect(200);
    let refused = call(with(14)).await.expect(400);
    assert_eq!(refused["details"][0]["property"], "messages[0].quickReply.items");
    call(json!({ "sender": { "name": "Nurse" } })).await.expect(200);
    let refused = call(json!({ "sender": { "name": "x".repeat(21) } })).await.expect(400);
    assert_eq!(refused["details"][0]["property"], "messages[0].sender.name");
}

#[tokio::test]
async fn quota_profile_info_and_token_answer_as_lines_do() {
    let options = Options { monthly_limit: Some(2), ..Options::default() };
    let line = Line::start(options).await;
    let quota = line.call("GET", "/v2/bot/message/quota", None, None).await.expect(200);
    assert_eq!((&quota["type"], &quota["value"]), (&json!("limited"), &json!(2)));
    line.push(&line_user(1), None, "one").await.expect(200);
    let used = line.call("GET", "/v2/bot/message/quota/consumption", None, None).await.expect(200);
    assert_eq!(used["totalUsage"], 1);
    line.push(&line_user(1), None, "two").await.expect(200);
    let over = line.push(&line_user(1), None, "three").await.expect(429);
    assert_eq!(over["message"], "You have reached your monthly limit.");
    let profile =
        line.call("GET", &format!("/v2/bot/profile/{}", line_user(1)), None, None).await.expect(200);
    assert_eq!(profile["displayName"], "Somchai");
    assert!(line.call("GET", "/v2/bot/info", None, None).await.expect(200)["basicId"].is_string());
    let token = line.call("POST", "/oauth2/v3/token", None, None).await.expect(200);
    assert_eq!(token["token_type"], "Bearer");
}

#[tokio::test]
async fn a_reply_token_is_good_once_and_for_a_minute() {
    let calls = Calls::default();
    let line = hearing(&calls).await;
    let reply = |token: String| {
        let body = json!({ "replyToken": token, "messages": [{ "type": "text", "text": "thanks" }] });
        line.call("POST", "/v2/bot/message/reply", None, Some(body))
    };
    for (wait, first) in [(30, 200), (61, 400)] {
        assert!(line.running.sandbox.text(&line_user(1), "hello").await);
        let body = calls.lock().expect("the calls").last().expect("a call").1.clone();
        let event: Value = serde_json::from_slice(&body).expect("JSON");
        let token = event["events"][0]["replyToken"].as_str().expect("a token").to_owned();
        line.clock.advance(TimeDelta::seconds(wait));
        reply(token.clone()).await.expect(first);
        reply(token).await.expect(400);
    }
}

#[tokio::test]
async fn a_multicast_reaches_every_friend() {
    let line = Line::start(Options::default()).await;
    line.running.sandbox.add_user(&line_user(3), "Hanako");
    let body = json!({ "to": [line_user(1), line_user(3)], "messages": [{ "type": "text", "text": "x" }] });
    line.call("POST", "/v2/bot/message/multicast", None, Some(body)).await.expect(200);
    assert_eq!(line.chat(), 1);
    assert_eq!(line.running.sandbox.chat(&line_user(3)).map(|c| c.len()), Some(1));
}

#[tokio::test]
async fn another_token_is_not_authenticated() {
    let line = Line::start(Options { access_token: Some("right".into()), ..Options::default() }).await;
    line.push(&line_user(1), None, "hello").await.expect(401);
    assert_eq!(line.chat(), 0);
}

/// The webhook calls that came in: signature and body.
type Calls = Arc<Mutex<Vec<(String, Bytes)>>>;

async fn take(State(calls): State<Calls>, headers: HeaderMap, body: Bytes) {
    let signature = headers[webhook::SIGNATURE].to_str().expect("text").to_owned();
    calls.lock().expect("the calls").push((signature, body));
}

/// A practice LINE with user 1 that tells `calls` what happens on the phone.
async fn hearing(calls: &Calls) -> Line {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/webhook/line", listener.local_addr().expect("its address"));
    let app = Router::new().route("/webhook/line", post(take)).with_state(Arc::clone(calls));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let options = Options { channel_secret: "secret".into(), webhook_url: Some(url), ..Options::default() };
    Line::start(options).await
}

#[tokio::test]
async fn what_people_do_on_their_phones_comes_as_signed_webhooks() {
    let calls = Calls::default();
    let line = hearing(&calls).await;
    let phone = &line.running.sandbox;
    assert!(phone.text(&line_user(1), "ขอบคุณ").await);
    assert!(phone.tap(&line_user(1), "cq1 data", Some("Yes")).await);
    assert!(phone.block(&line_user(1), true).await);
    assert!(!phone.text(&line_user(9), "nobody").await);
    let calls = calls.lock().expect("the calls").clone();
    let kinds: Vec<_> = calls
        .iter()
        .map(|(signature, body)| {
            assert!(webhook::verify("secret", body, signature));
            let call: Value = serde_json::from_slice(body).expect("JSON");
            call["events"][0]["type"].as_str().expect("a type").to_owned()
        })
        .collect();
    assert_eq!(kinds, ["message", "postback", "unfollow"]);
}
