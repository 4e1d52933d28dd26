//! The database that refuses to write: no room, an input or output error.

use std::process::Command;

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{
    TestApp,
    leftovers::Left,
    message,
    process::{Api, Server, a_moment, serve_in_limits},
    stub::Stub,
};

/// Lets the database grow no further, on the one connection that writes.
async fn no_room(app: &TestApp) {
    let writer = app.core().store.writer();
    clinicue::store::sql::query("PRAGMA max_page_count = 1").execute(writer).await.expect("a limit");
}

#[tokio::test]
async fn one_write_without_room_is_said_and_does_not_stop_the_next() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    no_room(&app).await;
    let long = "x".repeat(4_000);
    let many: Vec<_> = (0..500).map(|_| message(&patient, &long)).collect();
    let refused = app.post("/api/messages/bulk", json!({ "messages": many })).await;
    assert_eq!(refused.status, 503, "{}", refused.json);
    let words = refused.json["detail"].as_str().expect("words");
    assert!(words.contains("no room"), "{words}");
    app.leaves(Left::Error, "the write that is refused is logged");
    // The limit was the connection's: there is room again.
    let id = app.send(&patient, "hello").await;
    app.drain().await;
    assert_eq!(app.state_of(&id).await, "sent");
    assert_eq!(app.texts(1), ["hello"]);
}

#[cfg(target_os = "linux")]
fn limit_files(server: &Server, limit: &str) {
    let pid = server.child.id().to_string();
    let done = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={limit}:")]).status();
    assert!(done.expect("prlimit runs").success());
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn while_nothing_can_be_written_little_is_sent_and_then_all_goes_on() {
    const MESSAGES: usize = 400;
    let stub = Stub::slow(100);
    let line = format!("http://{}", stub.clone().listen().await);
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve_in_limits(&dir, &line);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, MESSAGES).await;
    a_moment(100).await;
    limit_files(&server, "0");
    until_it_says(&api, &server, "cannot_write").await;
    a_moment(500).await;
    let before = stub.accepted();
    a_moment(1_500).await;
    assert_eq!(stub.accepted(), before, "sent what could not be recorded");
    assert!(before < MESSAGES);
    let body = message(&patient, "now");
    let refused = api.try_call(&server, "POST", "/api/messages", Some(&body)).await;
    assert_eq!(refused.status, 503, "{}", refused.json);
    let words = refused.json["detail"].as_str().expect("words").to_owned();
    assert!(words.contains("cannot be written to"), "{words}");
    limit_files(&server, "unlimited");
    api.until_sent(&server, MESSAGES).await;
    assert_eq!((stub.accepted(), stub.changed_bodies()), (MESSAGES, 0));
    api.call(&server, "POST", "/api/messages", Some(&body)).await;
    api.until_sent(&server, MESSAGES + 1).await;
}

#[tokio::test]
async fn lists_that_hold_every_reader_keep_no_message_from_going() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let mut later = message(&patient, "on time");
    later["schedule"] = json!({ "type": "delay", "delayMs": 60_000 });
    app.post("/api/messages", later).await.expect(202);
    app.drain().await;
    let core = app.core();
    let mut changes = core.changes();
    app.clock.advance(TimeDelta::minutes(1));
    clinicue::schedule::tick::tick(core).await.expect("a tick");
    let readers = core.store.read();
    let lists = futures::future::join_all((0..4).map(|_| readers.acquire())).await;
    while app.line.sandbox.accepted() == 0 {
        let news = tokio::time::timeout(crate::support::HANGS, changes.recv()).await;
        assert!(news.is_ok(), "it waits for the lists");
    }
    drop(lists);
    app.drain().await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_disk_without_room_is_said_also_while_nothing_is_being_sent() {
    let dir = tempfile::tempdir().expect("a folder");
    let line = format!("http://{}", Stub::default().listen().await);
    let server = serve_in_limits(&dir, &line);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    limit_files(&server, "0");
    let body = message(&patient, "now");
    assert_eq!(api.try_call(&server, "POST", "/api/messages", Some(&body)).await.status, 503);
    until_it_says(&api, &server, "cannot_write").await;
    limit_files(&server, "unlimited");
    until_it_says(&api, &server, "running").await;
}

#[cfg(target_os = "linux")]
async fn until_it_says(api: &Api, server: &Server, sending: &str) {
    let limit = std::time::Instant::now() + crate::support::HANGS;
    loop {
        let status = api.call(server, "GET", "/api/status", None).await;
        if status["sending"] == sending {
            return;
        }
        assert!(std::time::Instant::now() < limit, "{status}");
        a_moment(50).await;
    }
}
