//! The built `clinicue-server`, as a process: started, killed, started again.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{answer, client, line_user, message, stub::Stub};

const SERVER: &str = env!("CARGO_BIN_EXE_clinicue-server");

struct Server {
    child: Child,
    base: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(dir: &TempDir) -> Command {
    let mut command = Command::new(SERVER);
    command.env("CLINICUE_DATA_DIR", dir.path()).env("CLINICUE_LINE_CHANNEL_ACCESS_TOKEN", "token");
    command.env_remove("DBUS_SESSION_BUS_ADDRESS").stderr(Stdio::null());
    command
}

fn serve(dir: &TempDir, line: &str) -> Server {
    let mut child = command(dir)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env("CLINICUE_LINE_API_BASE", line)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut ready = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut ready).expect("a line");
    let base = ready.trim().strip_prefix("clinicue listening on ").expect("the ready line").to_owned();
    Server { child, base }
}

fn token(dir: &TempDir) -> String {
    let made = command(dir)
        .args(["token", "create", "--name", "test", "--role", "admin"])
        .output()
        .expect("the command runs");
    String::from_utf8(made.stdout).expect("text").trim().to_owned()
}

struct Api {
    http: reqwest::Client,
    token: String,
}

impl Api {
    async fn call(&self, server: &Server, method: &str, path: &str, body: Option<&Value>) -> Value {
        let mut request = self
            .http
            .request(method.parse().expect("a method"), format!("{}{path}", server.base))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = answer(request.send().await.expect("an answer")).await;
        assert!(answer.status < 300, "{path}: {}", answer.json);
        answer.json
    }
}

/// A tenth of a second of real time: this file is about a real process and its clock.
async fn a_moment(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_again_and_again_it_loses_nothing_and_sends_nothing_twice() {
    const MESSAGES: usize = 1_000;
    let stub = Stub::failing(2, 5);
    let line = format!("http://{}", stub.clone().listen().await);
    let dir = tempfile::tempdir().expect("a folder");
    let mut server = serve(&dir, &line);
    let api = Api { http: client(), token: token(&dir) };
    let patient = json!({ "displayName": "A", "lineUserId": line_user(1) });
    let patient = api.call(&server, "POST", "/api/patients", Some(&patient)).await;
    let patient = patient["id"].as_str().expect("an id");
    let messages: Vec<_> = (0..MESSAGES).map(|n| message(patient, &format!("{n}"))).collect();
    api.call(&server, "POST", "/api/messages/bulk", Some(&json!({ "messages": messages }))).await;
    for round in 0..5_u64 {
        // Odd numbers of milliseconds, so that the end comes at another place each time.
        a_moment(20 + round * 37).await;
        drop(server);
        server = serve(&dir, &line);
    }
    let limit = Instant::now() + Duration::from_mins(1);
    loop {
        let stats = api.call(&server, "GET", "/api/jobs/delivery-stats", None).await;
        if stats["sent"] == MESSAGES {
            break;
        }
        assert!(Instant::now() < limit, "{stats}");
        a_moment(200).await;
    }
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
        sqlx::query("INSERT INTO clinicue_migrations (version, description, success, checksum, execution_time) VALUES (99999999999999, 'later', 1, x'00', 0)")
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
