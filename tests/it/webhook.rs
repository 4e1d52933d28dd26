//! Whatever LINE may send, and whatever else may come to its address.

use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{TestApp, answer, line_user};

/// An event of this type from user 1, and what it carries beside the head.
fn event(kind: &str, n: u32, fields: Value) -> Value {
    let mut event = json!({
        "type": kind, "mode": "active", "timestamp": 1_795_000_000_000_i64,
        "source": { "type": "user", "userId": line_user(1) }, "webhookEventId": format!("01EVENT{n:04}"),
        "deliveryContext": { "isRedelivery": false },
    });
    for (name, value) in fields.as_object().expect("fields") {
        event[name] = value.clone();
    }
    event
}

/// Every event type of LINE's documentation ("Webhook event objects"), written here, from
/// user 1 where it comes from one.
fn every_event() -> Vec<Value> {
    [messages(), of_people_and_groups(), of_the_account()].concat()
}

fn messages() -> Vec<Value> {
    let message = |n: u32, message: Value| {
        event("message", n, json!({ "replyToken": format!("r{n}"), "message": message }))
    };
    let provider = json!({ "type": "line" });
    vec![
        message(
            1,
            json!({ "type": "text", "id": "1", "text": "hello (heart)", "quoteToken": "q",
            "emojis": [{ "index": 6, "length": 7, "productId": "p", "emojiId": "1" }],
            "mention": { "mentionees": [{ "index": 0, "length": 5, "type": "all" }] } }),
        ),
        message(
            2,
            json!({ "type": "image", "id": "2", "quoteToken": "q", "contentProvider": provider,
            "imageSet": { "id": "s", "index": 1, "total": 2 } }),
        ),
        message(3, json!({ "type": "video", "id": "3", "duration": 1000, "contentProvider": provider })),
        message(4, json!({ "type": "audio", "id": "4", "duration": 1000, "contentProvider": provider })),
        message(5, json!({ "type": "file", "id": "5", "fileName": "a.pdf", "fileSize": 10 })),
        message(
            6,
            json!({ "type": "location", "id": "6", "title": "t", "address": "a", "latitude": 13.7,
            "longitude": 100.5 }),
        ),
        message(
            7,
            json!({ "type": "sticker", "id": "7", "stickerId": "1", "packageId": "1",
            "stickerResourceType": "STATIC", "keywords": ["ok"] }),
        ),
    ]
}

fn of_people_and_groups() -> Vec<Value> {
    let member = json!({ "members": [{ "type": "user", "userId": line_user(1) }] });
    vec![
        event("unsend", 8, json!({ "unsend": { "messageId": "1" } })),
        event("follow", 9, json!({ "replyToken": "r9", "follow": { "isUnblocked": true } })),
        event("unfollow", 10, json!({})),
        event("join", 11, json!({ "source": { "type": "group", "groupId": "C1" }, "replyToken": "r11" })),
        event("leave", 12, json!({ "source": { "type": "group", "groupId": "C1" } })),
        event(
            "memberJoined",
            13,
            json!({ "source": { "type": "group", "groupId": "C1" }, "joined": member }),
        ),
        event("memberLeft", 14, json!({ "source": { "type": "room", "roomId": "R1" }, "left": member })),
        event(
            "postback",
            15,
            json!({ "replyToken": "r15",
            "postback": { "data": "storeId=1", "params": { "datetime": "2026-11-24T10:00" } } }),
        ),
    ]
}

fn of_the_account() -> Vec<Value> {
    vec![
        event(
            "videoPlayComplete",
            16,
            json!({ "replyToken": "r16", "videoPlayComplete": { "trackingId": "t" } }),
        ),
        event("beacon", 17, json!({ "replyToken": "r17", "beacon": { "hwid": "h", "type": "enter" } })),
        event("accountLink", 18, json!({ "replyToken": "r18", "link": { "result": "ok", "nonce": "n" } })),
        event(
            "membership",
            19,
            json!({ "replyToken": "r19", "membership": { "type": "joined", "membershipId": 1 } }),
        ),
        event("module", 20, json!({ "module": { "type": "attached", "botId": "U1", "scopes": [] } })),
        event("activated", 21, json!({ "chatControl": { "expireAt": 1_795_000_100_000_i64 } })),
        event("deactivated", 22, json!({})),
        event("botSuspended", 23, json!({})),
        event("botResumed", 24, json!({})),
        event("delivery", 25, json!({ "delivery": { "data": "hash" } })),
        event("somethingNew", 26, json!({ "somethingNew": { "deep": [1, 2, { "x": null }] } })),
    ]
}

async fn refused(app: &TestApp) -> u64 {
    let request = app.request("GET", "/metrics").bearer_auth(&app.token);
    let text = request.send().await.expect("an answer").text().await.expect("text");
    let line = text.lines().find(|l| l.starts_with("clinicue_webhooks_refused_total")).expect("a counter");
    line.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number")
}

async fn open_events(app: &TestApp) -> usize {
    let mut tx = app.core().store.begin().await.expect("a transaction");
    clinicue::store::webhook_events::open(&mut tx, app.core().now(), 1_000).await.expect("events").len()
}

#[tokio::test]
async fn every_event_type_of_line_is_taken_and_worked_on() {
    let app = TestApp::start().await;
    app.patient(1).await;
    let events = every_event();
    // Alone, all together, and all together once more as LINE redelivers.
    for event in &events {
        app.events(json!([event])).await;
    }
    app.events(json!(events)).await;
    assert_eq!(open_events(&app).await, 0);
}

#[tokio::test]
async fn events_are_taken_in_any_mode_number_and_company() {
    let app = TestApp::start().await;
    app.patient(1).await;
    app.events(json!([])).await;
    let mut standby = every_event()[0].clone();
    standby["mode"] = json!("standby");
    let mut stranger = every_event()[0].clone();
    stranger["source"]["userId"] = json!(line_user(99));
    stranger["webhookEventId"] = json!("01STRANGER");
    let mut without_id = every_event()[8].clone();
    without_id.as_object_mut().expect("an event").remove("webhookEventId");
    let odd = json!([standby, stranger, without_id, without_id, 5, null, "x", {}, { "type": 7 },
        { "type": "message" }, { "type": "message", "message": { "id": 5 } }, { "type": "postback" },
        { "type": "message", "source": [], "timestamp": "soon", "webhookEventId": 9 },
        { "type": "message", "source": { "type": "user" }, "timestamp": -1, "webhookEventId": "" }]);
    app.events(odd).await;
    assert_eq!(open_events(&app).await, 0);
    assert_eq!(app.texts(1), Vec::<String>::new(), "nobody is answered in standby");
}

#[tokio::test]
async fn a_forged_or_missing_signature_leaves_nothing_but_a_count() {
    let app = TestApp::start().await;
    let body = json!({ "destination": "U0", "events": [every_event()[0]] }).to_string();
    for signature in [None, Some("forged"), Some(""), Some("GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=")] {
        let mut request = app.request("POST", "/webhook/line").body(body.clone());
        if let Some(signature) = signature {
            request = request.header("x-line-signature", signature);
        }
        let answered = answer(request.send().await.expect("an answer")).await;
        assert_eq!(answered.status, 401);
    }
    assert_eq!(open_events(&app).await, 0);
    assert_eq!(refused(&app).await, 4);
}

#[tokio::test]
async fn what_is_not_json_or_too_large_is_refused_under_a_right_signature() {
    let app = TestApp::start().await;
    for body in ["", "{", "not json", "[1", "[]", "5", r#"{"events":5}"#, "\u{0}"] {
        app.webhook(body).await.problem(400);
    }
    let huge = format!(r#"{{"events":[],"x":"{}"}}"#, "a".repeat(3 * 1024 * 1024));
    assert_eq!(app.webhook(&huge).await.status, 413);
}

#[tokio::test]
async fn what_no_program_can_read_in_one_event_leaves_the_others_and_its_own_rest() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let deep = format!("{}{}", "[".repeat(130), "]".repeat(130));
    let rubbish = [r#""half \ud83d an emoji""#, "1e999", &deep];
    let of = |n: u32, text: &str, beside: &str| {
        let user = line_user(1);
        format!(
            r#"{{"type":"message","mode":"active","webhookEventId":"01RUBBISH{n}","timestamp":1795000000000,
            "source":{{"type":"user","userId":"{user}"}},"x":{beside},
            "message":{{"type":"text","id":"5{n}","text":{text}}}}}"#
        )
    };
    let mut events: Vec<_> =
        rubbish.iter().zip(1..).map(|(r, n)| of(n, &format!("\"word {n}\""), r)).collect();
    events.push(of(4, rubbish[0], "0"));
    events.push(of(5, "\"a neighbour\"", "0"));
    app.webhook(&format!(r#"{{"destination":"U0","events":[{}]}}"#, events.join(","))).await.expect(200);
    app.hear().await;
    let timeline = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200).to_string();
    for words in ["word 1", "word 2", "word 3", "half ", " an emoji", "a neighbour"] {
        assert!(timeline.contains(words), "{words}: {timeline}");
    }
}

#[tokio::test]
async fn what_was_taken_is_worked_on_after_a_restart() {
    let mut app = TestApp::start().await;
    let patient = app.patient(1).await;
    let body = json!({ "events": [every_event()[8]] }).to_string();
    app.webhook(&body).await.expect(200);
    app = app.restart().await;
    app.hear().await;
    let shown = app.get(&format!("/api/patients/{patient}")).await.expect(200);
    assert_eq!(shown["reachability"], "reachable");
}

/// Reads a body as far as the program does, without the program.
fn read_all(body: &[u8]) {
    use clinicue::line::webhook::{Call, head, read};
    let Ok(call) = Call::read(body) else { return };
    for event in &call.events {
        let head = head(event);
        assert_eq!(head.is_some(), event.is_object());
        let _ = read(event);
    }
}

fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus/webhook");
    let mut bodies: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| std::fs::read(entry.expect("an entry").path()).expect("readable"))
        .collect();
    bodies.extend(every_event().iter().map(|e| json!({ "events": [e] }).to_string().into_bytes()));
    bodies
}

#[test]
fn the_corpus_is_read_without_a_panic() {
    let corpus = corpus();
    assert!(corpus.len() > 30);
    corpus.iter().for_each(|body| read_all(body));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    // A short run of what tests/fuzz does for hours: bodies of the corpus, cut, spliced and
    // with bytes changed.
    #[test]
    fn no_mutation_of_a_body_makes_the_reader_panic(
        which: prop::sample::Index, other: prop::sample::Index, cut: prop::sample::Index,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
    ) {
        let corpus = corpus_once();
        let (mut body, tail) = (which.get(corpus).clone(), other.get(corpus));
        if !body.is_empty() {
            let at = cut.index(body.len());
            body.truncate(at);
            body.extend_from_slice(&tail[at.min(tail.len())..]);
        }
        for (place, byte) in changes {
            if !body.is_empty() {
                let at = place.index(body.len());
                body[at] = byte;
            }
        }
        read_all(&body);
    }
}

fn corpus_once() -> &'static Vec<Vec<u8>> {
    static CORPUS: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    CORPUS.get_or_init(corpus)
}

#[tokio::test]
async fn a_user_id_in_capitals_is_that_of_the_same_patient() {
    let app = TestApp::start().await;
    app.patient(0xabc).await;
    let mut event =
        event("message", 1, json!({ "message": { "type": "text", "id": "1", "text": "it hurts" } }));
    event["source"]["userId"] = json!(line_user(0xabc).to_ascii_uppercase());
    app.events(json!([event])).await;
    let list = app.get("/api/worklist").await.expect(200);
    assert_eq!(list["items"][0]["detail"], "it hurts");
}

#[tokio::test]
async fn a_call_without_events_is_taken_whatever_says_that_there_are_none() {
    let app = TestApp::start().await;
    for body in ["{}", r#"{"events":null}"#, r#"{"destination":null,"events":[]}"#] {
        app.webhook(body).await.expect(200);
    }
}

#[tokio::test]
async fn words_that_were_taken_back_lie_nowhere_in_the_database() {
    let mut app = TestApp::start().await;
    app.patient(1).await;
    let now = app.core().now().as_millis();
    let says = |event: &str, id: &str| {
        json!({ "type": "message", "mode": "active", "timestamp": now, "webhookEventId": event,
            "source": { "type": "user", "userId": line_user(1) },
            "message": { "type": "text", "id": id, "text": "a secret nobody may read ".repeat(8) } })
    };
    app.events(json!([says("01W1", "91"), says("01W2", "92")])).await;
    let unsend = |event: &str, id: &str| {
        json!({ "type": "unsend", "mode": "active", "timestamp": now, "webhookEventId": event,
            "source": { "type": "user", "userId": line_user(1) }, "unsend": { "messageId": id } })
    };
    app.events(json!([unsend("01U1", "91"), unsend("01U2", "92")])).await;
    app.stop().await;
    for name in ["clinicue.db", "clinicue.db-wal"] {
        let bytes = std::fs::read(app.dir.path().join(name)).unwrap_or_default();
        let found = bytes.windows(24).any(|part| part == b"a secret nobody may read");
        assert!(!found, "{name}");
    }
}
#[tokio::test]
async fn a_place_or_a_sticker_alone_calls_staff() {
    for message in [
        json!({ "type": "location", "title": "Home", "address": "1 Rama IV Road", "latitude": 13.7, "longitude": 100.5 }),
        json!({ "type": "sticker", "packageId": "446", "stickerId": "1988", "keywords": ["sad"] }),
    ] {
        let app = TestApp::start().await;
        app.listen_to_phones();
        app.patient(1).await;
        assert!(app.line.sandbox.send(&line_user(1), &message).await);
        app.hear().await;
        let list = app.get("/api/worklist").await.expect(200);
        let line = &list["items"][0];
        assert_eq!((&line["reason"], &line["said"][0]["kind"]), (&json!("wrote"), &message["type"]));
        assert!(line["said"][0]["place"].is_object() || line["said"][0]["sticker"].is_object(), "{line}");
    }
}
