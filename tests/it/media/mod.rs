//! Pictures, videos, sounds and files of patients: fetched, kept, shown, and gone when they must.

use std::path::PathBuf;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use clinicue::{
    inbox::media,
    line::sandbox::{Fault, FaultKind},
};
use serde_json::{Value, json};

use crate::support::{TestApp, id, leftovers::Left, line_user};

mod gone;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";
const MP4: &[u8] = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41 and the film itself";

async fn fetch(app: &TestApp) -> usize {
    media::drain(app.core()).await.expect("the database works")
}

/// A patient at phone 1, who is heard here.
async fn patient(app: &TestApp) -> String {
    app.listen_to_phones();
    app.patient(1).await
}

/// Phone `n` sends something with these bytes.
async fn sends(app: &TestApp, n: u32, mut message: Value, bytes: &[u8]) {
    message["content"] = STANDARD.encode(bytes).into();
    assert!(app.line.sandbox.send(&line_user(n), &message).await);
    app.hear().await;
}

/// What the patient said, from the latest.
async fn said(app: &TestApp, patient: &str) -> Vec<Value> {
    let shown = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    let items = shown["items"].as_array().expect("items").iter();
    items.map(|item| item["said"].clone()).filter(Value::is_object).collect()
}

async fn latest(app: &TestApp, patient: &str) -> Value {
    said(app, patient).await.remove(0)["media"].clone()
}

fn folder(app: &TestApp) -> PathBuf {
    app.dir.path().join("media")
}

fn files(app: &TestApp) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder(app)) else { return Vec::new() };
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

async fn bytes(app: &TestApp, media: &Value, range: Option<&str>) -> reqwest::Response {
    let request = app.request("GET", &format!("/api/media/{}", id(media))).bearer_auth(&app.token);
    let request = if let Some(range) = range { request.header("range", range) } else { request };
    request.send().await.expect("an answer")
}

/// LINE's id of what phone `n` sent last.
fn line_id(app: &TestApp, n: u32) -> String {
    let chat = app.line.sandbox.chat(&line_user(n)).expect("a chat");
    serde_json::to_value(chat.last().expect("a message")).expect("JSON")["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// Phone `n` takes back what LINE calls `message`.
async fn unsend(app: &TestApp, n: u32, message: &str, event: &str) {
    app.events(json!([{ "type": "unsend", "mode": "active", "timestamp": app.core().now().as_millis(),
        "webhookEventId": event, "source": { "type": "user", "userId": line_user(n) },
        "unsend": { "messageId": message } }]))
        .await;
}

#[tokio::test]
async fn a_picture_is_fetched_and_shown_on_timeline_and_worklist() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    let waits = latest(&app, &patient).await;
    assert_eq!((&waits["state"], &waits["mediaType"]), (&json!("pending"), &Value::Null));
    assert_eq!(bytes(&app, &waits, None).await.status(), 404, "there is nothing yet");
    assert_eq!(fetch(&app).await, 1);
    let stored = latest(&app, &patient).await;
    assert_eq!((&stored["state"], &stored["reason"]), (&json!("stored"), &Value::Null));
    assert_eq!((&stored["mediaType"], &stored["size"]), (&json!("image/png"), &json!(PNG.len())));
    let list = app.get("/api/worklist").await.expect(200);
    assert_eq!(list["items"][0]["said"][0]["media"]["id"], stored["id"]);
    let shown = bytes(&app, &stored, None).await;
    assert_eq!(shown.status(), 200);
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "inline; filename*=UTF-8''image.png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(shown.headers()[name], value, "{name}");
    }
    assert!(shown.headers()["cache-control"].to_str().expect("text").starts_with("private"));
    assert_eq!(shown.bytes().await.expect("bytes"), PNG);
    assert_eq!(fetch(&app).await, 0, "once is enough");
}

#[tokio::test]
async fn the_bytes_are_for_those_who_are_signed_in() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    fetch(&app).await;
    let path = format!("/api/media/{}", id(&latest(&app, &patient).await));
    let stranger = app.request("GET", &path).send().await.expect("an answer");
    assert_eq!(stranger.status(), 401);
    app.call_as("wrong", "GET", &path, None).await.problem(401);
    app.get("/api/media/00000000-0000-7000-8000-000000000009").await.problem(404);
    app.get("/api/media/..%2Fclinicue.db").await.problem(400);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files_and_their_names_say_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let app = TestApp::start().await;
    patient(&app).await;
    sends(&app, 1, json!({ "type": "file", "fileName": "somchai.pdf" }), b"%PDF-1.7").await;
    fetch(&app).await;
    let mode = |path: &PathBuf| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    let files = files(&app);
    assert_eq!((files.len(), mode(&folder(&app)), mode(&files[0])), (1, 0o700, 0o600));
    let name = files[0].file_name().expect("a name").to_string_lossy().into_owned();
    assert_eq!((name.len(), name.contains('.')), (43, false), "{name}");
}

#[tokio::test]
async fn a_player_gets_the_part_it_asks_for() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "video" }), MP4).await;
    fetch(&app).await;
    let film = latest(&app, &patient).await;
    assert_eq!(film["mediaType"], "video/mp4");
    let part = bytes(&app, &film, Some("bytes=4-7")).await;
    assert_eq!(
        (part.status(), &part.headers()["content-range"]),
        (
            reqwest::StatusCode::PARTIAL_CONTENT,
            &reqwest::header::HeaderValue::from_str(&format!("bytes 4-7/{}", MP4.len())).expect("a value")
        )
    );
    assert_eq!(part.bytes().await.expect("bytes"), &MP4[4..8]);
    assert_eq!(bytes(&app, &film, Some("bytes=9999-")).await.status(), 416);
}

#[tokio::test]
async fn what_a_browser_might_run_is_only_saved_whatever_it_says_it_is() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    let html = b"<!DOCTYPE html><script>alert(document.cookie)</script>";
    for (message, sent) in [
        (json!({ "type": "image" }), &html[..]),
        (json!({ "type": "image" }), b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"),
        (json!({ "type": "file", "fileName": "a.html" }), html),
        (json!({ "type": "video" }), b"MZ\x90\0"),
    ] {
        sends(&app, 1, message.clone(), sent).await;
        fetch(&app).await;
        app.clock.advance(TimeDelta::seconds(1));
        let stored = latest(&app, &patient).await;
        assert_eq!((&stored["state"], &stored["mediaType"]), (&json!("stored"), &Value::Null), "{message}");
        let saved = bytes(&app, &stored, None).await;
        assert_eq!(saved.headers()["content-type"], "application/octet-stream");
        assert!(saved.headers()["content-disposition"].to_str().expect("text").starts_with("attachment; "));
        assert_eq!(saved.headers()["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn a_film_that_line_still_prepares_is_asked_for_again() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "video", "transcodingMs": 12_000 }), MP4).await;
    assert_eq!(fetch(&app).await, 1);
    let waits = latest(&app, &patient).await;
    assert_eq!((&waits["state"], &waits["reason"]), (&json!("pending"), &json!("preparing")));
    assert_eq!(fetch(&app).await, 0, "not before its turn");
    app.clock.advance(TimeDelta::seconds(5));
    assert_eq!(fetch(&app).await, 1);
    app.clock.advance(TimeDelta::seconds(10));
    assert_eq!(fetch(&app).await, 1);
    assert_eq!(latest(&app, &patient).await["state"], "stored");
}

#[tokio::test]
async fn what_line_has_no_more_is_said_to_be_gone_or_not_found() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    let sent = |message: &str| {
        json!({ "type": "message", "mode": "active", "timestamp": app.core().now().as_millis(),
            "webhookEventId": format!("01{message}"), "source": { "type": "user", "userId": line_user(1) },
            "message": { "type": "image", "id": message } })
    };
    app.events(json!([sent("404404")])).await;
    fetch(&app).await;
    let missing = latest(&app, &patient).await;
    assert_eq!((&missing["state"], &missing["reason"]), (&json!("failed"), &json!("not_found")));
    app.clock.advance(TimeDelta::seconds(1));
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    // Taken back at LINE; the event of it is still on its way.
    app.line.sandbox.set_webhook_url(None);
    let message = line_id(&app, 1);
    let back = json!({ "type": "unsend", "unsend": { "messageId": message } });
    let url = format!("{}/sandbox/users/{}/event", app.line.base_url(), line_user(1));
    crate::support::client().post(url).json(&back).send().await.expect("taken back");
    fetch(&app).await;
    let gone = latest(&app, &patient).await;
    assert_eq!((&gone["state"], &gone["reason"]), (&json!("gone"), &json!("taken_back")));
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_leaves_nothing() {
    let app = TestApp::start_with(|config| {
        config.media.max_picture_mb = 1;
        config.media.max_file_mb = 1;
    })
    .await;
    let patient = patient(&app).await;
    let large = [PNG, &vec![0; 1_000_000]].concat();
    sends(&app, 1, json!({ "type": "image" }), &large).await;
    fetch(&app).await;
    let refused = latest(&app, &patient).await;
    assert_eq!((&refused["state"], &refused["reason"]), (&json!("refused"), &json!("too_large")));
    app.clock.advance(TimeDelta::seconds(1));
    // LINE says how large a file is: it is not even asked for.
    sends(&app, 1, json!({ "type": "file", "fileName": "a.zip", "fileSize": 9_000_000 }), b"PK").await;
    fetch(&app).await;
    assert_eq!(latest(&app, &patient).await["state"], "refused");
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn a_line_that_is_away_is_asked_again_and_given_up_after_a_week() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    fetch(&app).await;
    let waits = latest(&app, &patient).await;
    assert_eq!((&waits["state"], &waits["reason"]), (&json!("pending"), &json!("line_unavailable")));
    app.line.sandbox.set_fault(Fault::default());
    app.clock.advance(TimeDelta::seconds(5));
    fetch(&app).await;
    assert_eq!(latest(&app, &patient).await["state"], "stored");
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    app.clock.advance(TimeDelta::days(8));
    fetch(&app).await;
    let over = latest(&app, &patient).await;
    assert_eq!((&over["state"], &over["reason"]), (&json!("failed"), &json!("given_up")));
}

#[tokio::test]
async fn what_comes_empty_is_asked_for_again_and_said_to_be_empty_in_the_end() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "image" }), b"").await;
    for _ in 0..8 {
        assert_eq!(fetch(&app).await, 1);
        let waits = latest(&app, &patient).await;
        assert_eq!((&waits["state"], &waits["reason"]), (&json!("pending"), &json!("empty")));
        app.clock.advance(TimeDelta::minutes(11));
    }
    fetch(&app).await;
    let over = latest(&app, &patient).await;
    assert_eq!((&over["state"], &over["reason"]), (&json!("failed"), &json!("empty")));
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_said_in_health_and_tried_again() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    std::fs::write(folder(&app), "in the way").expect("written");
    sends(&app, 1, json!({ "type": "image" }), PNG).await;
    fetch(&app).await;
    let waits = latest(&app, &patient).await;
    assert_eq!((&waits["state"], &waits["reason"]), (&json!("pending"), &json!("not_writable")));
    let check = async || {
        let health = app.get("/api/jobs/health").await.json;
        health["checks"]
            .as_array()
            .expect("checks")
            .iter()
            .find(|c| c["name"] == "media")
            .cloned()
            .expect("media")
    };
    assert_eq!(check().await["ok"], false);
    std::fs::remove_file(folder(&app)).expect("removed");
    app.clock.advance(TimeDelta::seconds(5));
    fetch(&app).await;
    assert_eq!(
        (&latest(&app, &patient).await["state"], &check().await["ok"]),
        (&json!("stored"), &json!(true))
    );
}

#[tokio::test]
async fn places_stickers_and_addresses_are_told_and_nothing_is_fetched_of_them() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    let place = json!({ "type": "location", "title": "Home", "address": "1 Rama IV Road",
        "latitude": 13.7563, "longitude": 100.5018 });
    let sticker =
        json!({ "type": "sticker", "packageId": "446", "stickerId": "1988", "keywords": ["happy"] });
    let elsewhere = json!({ "type": "image", "contentProvider": { "type": "external",
        "originalContentUrl": "https://example.org/wound.jpg" } });
    for message in [place, sticker, elsewhere] {
        assert!(app.line.sandbox.send(&line_user(1), &message).await);
        app.hear().await;
        app.clock.advance(TimeDelta::seconds(1));
    }
    assert_eq!(fetch(&app).await, 0);
    let said = said(&app, &patient).await;
    assert_eq!(said[0]["address"], "https://example.org/wound.jpg");
    assert_eq!(said[1]["sticker"], json!({ "packageId": "446", "stickerId": "1988", "keywords": ["happy"] }));
    assert_eq!(
        said[2]["place"],
        json!({ "title": "Home", "address": "1 Rama IV Road", "latitude": "13.7563", "longitude": "100.5018" })
    );
    assert!(said.iter().all(|s| s["media"].is_null()));
}

#[tokio::test]
async fn a_picture_that_comes_twice_is_fetched_once() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    let event = |event: &str| {
        json!([{ "type": "message", "mode": "active", "timestamp": app.core().now().as_millis(),
            "webhookEventId": event, "source": { "type": "user", "userId": line_user(1) },
            "message": { "type": "image", "id": "900900" } }])
    };
    app.events(event("01D1")).await;
    app.events(event("01D2")).await;
    assert_eq!(fetch(&app).await, 1);
    assert_eq!(said(&app, &patient).await.len(), 1);
    app.leaves(Left::Refusal, "the practice LINE knows no such picture");
}

#[tokio::test]
async fn a_ticket_opens_one_thing_for_a_while_part_by_part_and_without_a_token() {
    let app = TestApp::start().await;
    let patient = patient(&app).await;
    sends(&app, 1, json!({ "type": "video" }), MP4).await;
    fetch(&app).await;
    let media = latest(&app, &patient).await;
    let path = format!("/api/media/{}/ticket", id(&media));
    let ticket = app.post(&path, json!({})).await.expect(201);
    let url = ticket["url"].as_str().expect("an address").to_owned();
    assert!(url.starts_with("/m/") && url.len() == 46, "{url}");
    let taken = async |range: Option<&str>| {
        let request = app.request("GET", &url);
        let request = if let Some(range) = range { request.header("range", range) } else { request };
        request.send().await.expect("an answer")
    };
    let whole = taken(None).await;
    for (name, value) in [
        ("content-type", "video/mp4"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
        ("accept-ranges", "bytes"),
    ] {
        assert_eq!(whole.headers()[name], value);
    }
    assert_eq!(whole.bytes().await.expect("bytes"), MP4);
    let part = taken(Some("bytes=4-7")).await;
    assert_eq!((part.status().as_u16(), part.bytes().await.expect("bytes").as_ref()), (206, &b"ftyp"[..]));
    // Another one opens nothing, nor does this one later, or what was taken back.
    let other = app.request("GET", &format!("/m/{}", "a".repeat(43))).send().await.expect("an answer");
    assert_eq!(other.status(), 404);
    assert!(!other.text().await.expect("words").contains("aaa"), "it is not shown");
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(taken(None).await.status(), 404);
    app.post("/api/media/00000000-0000-7000-8000-000000000000/ticket", json!({})).await.problem(404);
    let nobody = app.request("POST", &path).send().await.expect("an answer");
    assert_eq!(nobody.status(), 401);
    let again = app.post(&path, json!({})).await.expect(201)["url"].as_str().expect("an address").to_owned();
    unsend(&app, 1, &line_id(&app, 1), "01TICKET").await;
    assert_eq!(app.request("GET", &again).send().await.expect("an answer").status(), 404);
}
