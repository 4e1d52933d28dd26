//! The built `clinicue-server`, as a process: started, killed, started again.

use std::process::{Command, Stdio};

use serde_json::json;

use crate::support::{
    process::{Api, SERVER, a_moment, command, serve},
    stub::Stub,
};

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_it_loses_nothing_and_sends_nothing_twice() {
    const MESSAGES: usize = 1_000;
    let stub = Stub::failing(2, 5);
    let line = format!("http://{}", stub.clone().listen().await);
    let dir = tempfile::tempdir().expect("a folder");
    let mut server = serve(&dir, &line);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, MESSAGES).await;
    for round in 0..5_u64 {
        // Odd numbers of milliseconds, so that the end comes at another place each time.
        a_moment(20 + round * 37).await;
        drop(server);
        server = serve(&dir, &line);
    }
    api.until_sent(&server, MESSAGES).await;
    assert_eq!(stub.accepted(), MESSAGES);
    assert_eq!(stub.changed_bodies(), 0);
    let stats = api.call(&server, "GET", "/api/jobs/delivery-stats", None).await;
    assert_eq!((&stats["total"], &stats["failed"]), (&json!(MESSAGES), &json!(0)));
}

#[tokio::test]
async fn a_second_one_on_the_same_folder_ends_at_once_and_says_why() {
    let dir = tempfile::tempdir().expect("a folder");
    let _first = serve(&dir, "http://127.0.0.1:9");
    let second = command(&dir)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .output()
        .expect("it runs");
    assert!(!second.status.success());
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(words.contains("in use by another Clinicue (process "), "{words}");
}

#[cfg(unix)]
#[tokio::test]
async fn at_sigterm_it_ends_well() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut server = serve(&dir, "http://127.0.0.1:9");
    let killed = Command::new("kill").arg(server.child.id().to_string()).status().expect("kill runs");
    assert!(killed.success());
    let ended = server.child.wait().expect("it ends");
    assert_eq!(ended.code(), Some(0));
}

#[tokio::test]
async fn a_folder_of_a_newer_version_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    drop(serve(&dir, "http://127.0.0.1:9"));
    let file = dir.path().join("clinicue.db");
    {
        let store =
            clinicue::store::Store::open(dir.path(), clinicue::queue::migrations()).await.expect("opens");
        clinicue::store::sql::query("INSERT INTO clinicue_migrations (version, description, success, checksum, execution_time) VALUES (99999999999999, 'later', 1, x'00', 0)")
            .execute(store.writer())
            .await
            .expect("written");
        store.close().await;
    }
    let before = std::fs::read(&file).expect("there");
    let refused = command(&dir)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .output()
        .expect("it runs");
    assert!(!refused.status.success());
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains("newer version of Clinicue"), "{words}");
    assert_eq!(std::fs::read(&file).expect("there"), before);
}

#[test]
fn every_command_explains_itself() {
    for command in [
        vec!["--help"],
        vec!["serve", "--help"],
        vec!["token", "create", "--help"],
        vec!["sandbox", "--help"],
    ] {
        let shown = Command::new(SERVER).args(&command).output().expect("it runs");
        assert!(shown.status.success(), "{command:?}");
        assert!(String::from_utf8_lossy(&shown.stdout).contains("Usage:"), "{command:?}");
    }
}

#[tokio::test]
async fn the_last_lines_of_its_log_are_read_over_its_interface() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve(&dir, "http://127.0.0.1:9");
    let api = Api::of(&dir);
    api.call(&server, "POST", "/api/practice/open", Some(&json!({}))).await;
    let log = api.call(&server, "GET", "/api/log?level=info&limit=500", None).await;
    let lines = log["items"].as_array().expect("items");
    let opened = |line: &&serde_json::Value| line["target"] == "clinicue::app::practice_room";
    let line = lines.iter().find(opened).expect("the line that says so");
    assert_eq!(line["level"], "info");
    assert!(line["text"].as_str().is_some_and(|text| text.starts_with("a practice clinic was opened")));
    let errors = api.call(&server, "GET", "/api/log?level=error", None).await;
    assert_eq!(errors["items"], json!([]));
}
