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
use yaml_rust2::YamlLoader;

use crate::support::{Answer, NOON, answer, at, client, line_user};

mod connections;
mod refusals;
mod switches;

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

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let url = format!("{}{path}", self.running.base_url());
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = self.http.post(url).header("content-type", "application/x-www-form-urlencoded").body(body);
        answer(form.send().await.expect("an answer")).await
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

/// One of LINE's OpenAPI files: every method and path, with the parameters filled in.
fn calls_of(file: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(format!("{}/tests/line-openapi/{file}", env!("CARGO_MANIFEST_DIR")));
    let files = YamlLoader::load_from_str(&text.expect("the file")).expect("YAML");
    let paths = files[0]["paths"].as_hash().expect("paths");
    let calls = paths.iter().flat_map(|(path, methods)| {
        let path = path.as_str().expect("a path").replace("{userId}", &line_user(1));
        let path: Vec<_> =
            path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect();
        let path = path.join("/");
        let methods = methods.as_hash().expect("methods").keys().filter_map(|method| method.as_str());
        let methods = methods.filter(|method| ["get", "put", "post", "delete"].contains(method));
        methods.map(move |method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    });
    calls.collect()
}

#[tokio::test]
async fn every_path_of_lines_openapi_files_answers_in_json_with_a_request_id() {
    let line = Line::start(Options::default()).await;
    let mut asked = 0;
    for (method, path) in ["messaging-api.yml", "channel-access-token.yml"].into_iter().flat_map(calls_of) {
        let url = format!("{}{path}", line.running.base_url());
        let request = line.http.request(method.parse().expect("a method"), url).bearer_auth("token");
        let answer = request.send().await.expect("an answer");
        assert!(answer.headers().contains_key("x-line-request-id"), "{method} {path}");
        assert_ne!(answer.status(), 405, "{method} {path}");
        let status = answer.status();
        let body = answer.text().await.expect("a body");
        let is_refusal = |body: Value| body["message"].is_string() || body["error"].is_string();
        let said = serde_json::from_str(&body).is_ok_and(is_refusal);
        assert!(status.is_success() || said, "{method} {path}: {status} {body}");
        asked += 1;
    }
    assert!(asked > 70, "{asked}");
    assert_eq!(line.running.sandbox.no_such_path(), Vec::<String>::new());
    line.call("GET", "/v2/bot/nothing", None, None).await.expect(404);
    line.call("DELETE", "/v2/bot/message/push", None, None).await.expect(405);
    assert_eq!(line.running.sandbox.no_such_path(), ["GET /v2/bot/nothing", "DELETE /v2/bot/message/push"]);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_in_lines_words() {
    let line = Line::start(Options::default()).await;
    let url = format!("{}/v2/bot/message/push", line.running.base_url());
    let send = async |kind: &str, body: String| {
        let call = line.http.post(&url).bearer_auth("token").header("content-type", kind).body(body);
        answer(call.send().await.expect("an answer")).await
    };
    let broken = send("application/json", "{\n \"to\": }".into()).await.expect(400);
    let words = "The request body could not be parsed as JSON (line: 2, column: 8)";
    assert_eq!(broken["message"], words);
    let typed = send("text/plain", "{}".into()).await.expect(415);
    assert_eq!(typed["message"], "The content type, text/plain, is not supported");
    let large = send("application/json", "x".repeat(2 * 1024 * 1024 + 1)).await.expect(413);
    assert!(large["message"].is_string());
    let empty = send("application/json; charset=utf-8", "{}".into()).await.expect(400);
    assert_eq!(empty["message"], "The request body has 2 error(s)");
    assert_eq!(empty["details"][0], json!({ "message": "May not be empty", "property": "to" }));
    let mistyped = json!({ "to": line_user(1), "messages": [{ "type": "text", "text": 1 }] });
    let mistyped = send("application/json", mistyped.to_string()).await.expect(400);
    let words = "The property, 'messages[0].text', in the request body is invalid (line: -, column: -)";
    assert_eq!(mistyped["message"], words);
}

#[tokio::test]
async fn flex_is_refused_by_the_path_in_its_contents() {
    let line = Line::start(Options::default()).await;
    let text = json!({ "type": "text", "text": "", "color": "red", "letterSpacing": "1px" });
    let body = json!({ "type": "box", "layout": "vertical", "contents": [text], "size": "sm" });
    let flex = json!({ "type": "flex", "altText": "a", "contents": { "type": "bubble", "body": body } });
    let call = json!({ "messages": [{ "type": "text", "text": "fine" }, flex] });
    let refused = line.call("POST", "/v2/bot/message/validate/push", None, Some(call)).await.expect(400);
    assert_eq!(refused["message"], "A message (messages[1]) in the request body is invalid");
    let details = refused["details"].as_array().expect("details");
    let mut found: Vec<_> = details.iter().map(|d| format!("{}: {}", d["property"], d["message"])).collect();
    found.sort();
    assert_eq!(
        found,
        [
            r#""/body/contents/0/color": "invalid property""#,
            r#""/body/contents/0/letterSpacing": "invalid property""#,
            r#""/body/contents/0/text": "must be non-empty text""#,
            r#""/body/size": "invalid property""#,
        ]
    );
}

#[tokio::test]
async fn messages_to_many_take_a_key_count_who_hears_and_stop_at_the_limit() {
    let line = Line::start(Options { monthly_limit: Some(2), ..Options::default() }).await;
    line.running.sandbox.add_user(&line_user(2), "Hanako");
    line.running.sandbox.block(&line_user(2), true).await;
    let body = json!({ "messages": [{ "type": "text", "text": "x" }] });
    let broadcast = |key| line.call("POST", "/v2/bot/message/broadcast", Some(key), Some(body.clone()));
    broadcast(KEY).await.expect(200);
    broadcast(KEY).await.expect(409);
    let used = line.call("GET", "/v2/bot/message/quota/consumption", None, None).await.expect(200);
    assert_eq!(used["totalUsage"], 1);
    line.call("POST", "/v2/bot/message/narrowcast", None, Some(body.clone())).await.expect(202);
    broadcast("223e4567-e89b-42d3-a456-426614174000").await.expect(429);
    assert_eq!(line.chat(), 2);
    line.clock.advance(TimeDelta::days(1));
    let day = line.call("GET", "/v2/bot/message/delivery/broadcast?date=20261124", None, None).await;
    assert!(["ready", "unready"].contains(&day.expect(200)["status"].as_str().expect("a status")));
}

#[tokio::test]
async fn tokens_are_minted_for_the_channel_verified_and_revoked() {
    let options = Options {
        channel_secret: "secret".into(),
        access_token: Some("entered".into()),
        ..Options::default()
    };
    let line = Line::start(options).await;
    let channel = [("grant_type", "client_credentials"), ("client_id", "1"), ("client_secret", "secret")];
    let wrong =
        line.form("/oauth2/v3/token", &[channel[0], channel[1], ("client_secret", "x")]).await.expect(400);
    assert_eq!(wrong["error"], "invalid_client");
    assert_eq!(line.form("/oauth2/v3/token", &[]).await.expect(400)["error"], "invalid_request");
    assert_eq!(line.form("/oauth2/v3/token", &channel).await.expect(200)["expires_in"], 900);
    let token = line.form("/v2/oauth/accessToken", &channel).await.expect(200);
    let token = token["access_token"].as_str().expect("a token");
    let verified = line.form("/v2/oauth/verify", &[("access_token", token)]).await.expect(200);
    assert_eq!(verified["client_id"], "1");
    line.form("/v2/oauth/revoke", &[("access_token", token)]).await.expect(200);
    line.form("/v2/oauth/verify", &[("access_token", token)]).await.expect(400);
}

#[tokio::test]
async fn a_rich_menu_is_shown_once_it_has_its_picture() {
    let line = Line::start(Options::default()).await;
    let area = json!({ "bounds": { "x": 0, "y": 0, "width": 2500, "height": 843 }, "action": { "type": "uri", "uri": "https://example.com" } });
    let menu = json!({ "size": { "width": 2500, "height": 843 }, "selected": false, "name": "n", "chatBarText": "Menu", "areas": [area] });
    let menu = line.call("POST", "/v2/bot/richmenu", None, Some(menu)).await.expect(200);
    let menu = menu["richMenuId"].as_str().expect("an id");
    let of_user = format!("/v2/bot/user/{}/richmenu", line_user(1));
    let early = line.call("POST", &format!("{of_user}/{menu}"), None, None).await.expect(400);
    assert_eq!(early["message"], "must upload richmenu image before applying it to user");
    let url = format!("{}/v2/bot/richmenu/{menu}/content", line.running.base_url());
    let picture = line.http.post(url).bearer_auth("token").header("content-type", "image/png");
    answer(picture.body(b"\x89PNG\r\n\x1a\n".to_vec()).send().await.expect("an answer")).await.expect(200);
    line.call("POST", &format!("{of_user}/{menu}"), None, None).await.expect(200);
    assert_eq!(line.call("GET", &of_user, None, None).await.expect(200)["richMenuId"], menu);
    let alias = json!({ "richMenuAliasId": "main", "richMenuId": menu });
    line.call("POST", "/v2/bot/richmenu/alias", None, Some(alias.clone())).await.expect(200);
    let twice = line.call("POST", "/v2/bot/richmenu/alias", None, Some(alias)).await.expect(400);
    assert_eq!(twice["message"], "conflict richmenu alias id");
    line.call("DELETE", &format!("/v2/bot/richmenu/{menu}"), None, None).await.expect(200);
    line.call("GET", &of_user, None, None).await.expect(404);
}
