//! The built `clinicue-server` as a process, for what happens to a process: kills, limits,
//! fail points.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Answer, HANGS, answer, client, line_user, log, message};

pub const SERVER: &str = env!("CARGO_BIN_EXE_clinicue-server");

/// A server that runs; killed when it is dropped.
pub struct Server {
    pub child: Child,
    pub base: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server on a folder, without anything of this machine's desktop.
pub fn command(dir: &TempDir) -> Command {
    on(Command::new(SERVER), dir)
}

fn on(mut command: Command, dir: &TempDir) -> Command {
    command.env("CLINICUE_DATA_DIR", dir.path()).env("CLINICUE_LINE_CHANNEL_ACCESS_TOKEN", "token");
    command.env("CLINICUE_LINE_CHANNEL_SECRET", "secret");
    command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("FAILPOINTS")
        .env("RUST_BACKTRACE", "0")
        .stderr(if log::filter().is_some() { Stdio::inherit() } else { Stdio::null() });
    command
}

pub fn serve(dir: &TempDir, line: &str) -> Server {
    begin(command(dir), line)
}

/// Serves with these fail points set.
pub fn serve_failing(dir: &TempDir, line: &str, points: &str) -> Server {
    let mut command = command(dir);
    command.env("FAILPOINTS", points);
    begin(command, line)
}

/// Serves where a file that grows too large is an error and not the end.
#[cfg(target_os = "linux")]
pub fn serve_in_limits(dir: &TempDir, line: &str) -> Server {
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#, SERVER]);
    begin(on(shell, dir), line)
}

/// Serves at a port that the system lends to nobody meanwhile, so that it can begin there again.
pub fn serve_to_begin_again(dir: &TempDir, line: &str) -> Server {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + u16::try_from(std::process::id() % 8_000).expect("small");
    let port = loop {
        let port = first + NEXT.fetch_add(1, Ordering::SeqCst);
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            break port;
        }
    };
    begin_at(command(dir), line, port)
}

fn begin(command: Command, line: &str) -> Server {
    begin_at(command, line, 0)
}

fn begin_at(mut command: Command, line: &str, port: u16) -> Server {
    let mut child = command
        .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
        .env("CLINICUE_LINE_API_BASE", line)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut ready = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut ready).expect("a line");
    let base = ready.trim().strip_prefix("clinicue listening on ").expect("the ready line").to_owned();
    Server { child, base }
}

pub fn token(dir: &TempDir) -> String {
    let made = command(dir)
        .args(["token", "create", "--name", "test", "--role", "admin"])
        .output()
        .expect("the command runs");
    String::from_utf8(made.stdout).expect("text").trim().to_owned()
}

/// A caller with a token.
pub struct Api {
    http: reqwest::Client,
    token: String,
}

impl Api {
    pub fn of(dir: &TempDir) -> Self {
        Self { http: client(), token: token(dir) }
    }

    pub async fn try_call(&self, server: &Server, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.ask(server, method, path, body).await.expect("an answer")
    }

    /// An error where the server does not answer.
    async fn ask(
        &self,
        server: &Server,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<Answer> {
        let mut request = self
            .http
            .request(method.parse().expect("a method"), format!("{}{path}", server.base))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(body);
        }
        Ok(answer(request.send().await?).await)
    }

    /// Waits until the server answers like this, though it ends and begins again meanwhile.
    pub async fn until(&self, server: &Server, path: &str, is: impl Fn(&Value) -> bool) -> Value {
        let limit = Instant::now() + 5 * HANGS;
        loop {
            match self.ask(server, "GET", path, None).await {
                Ok(answer) if is(&answer.json) => return answer.json,
                other => assert!(Instant::now() < limit, "{path}: {:?}", other.map(|answer| answer.json)),
            }
            a_moment(50).await;
        }
    }

    pub async fn call(&self, server: &Server, method: &str, path: &str, body: Option<&Value>) -> Value {
        let answer = self.try_call(server, method, path, body).await;
        assert!(answer.status < 300, "{path}: {}", answer.json);
        answer.json
    }

    /// A patient linked to LINE user number `n`.
    pub async fn patient(&self, server: &Server, n: u32) -> String {
        let patient = json!({ "displayName": "A", "lineUserId": line_user(n) });
        super::id(&self.call(server, "POST", "/api/patients", Some(&patient)).await)
    }

    /// So many messages to one patient, accepted in one go.
    pub async fn send_many(&self, server: &Server, patient: &str, count: usize) {
        let messages: Vec<_> = (0..count).map(|n| message(patient, &format!("{n}"))).collect();
        self.call(server, "POST", "/api/messages/bulk", Some(&json!({ "messages": messages }))).await;
    }

    /// Waits until so many were sent; a thousand take their time on a busy machine.
    pub async fn until_sent(&self, server: &Server, count: usize) {
        let limit = Instant::now() + 5 * HANGS;
        loop {
            let stats = self.call(server, "GET", "/api/jobs/delivery-stats", None).await;
            if stats["sent"] == count {
                return;
            }
            assert!(Instant::now() < limit, "{stats}");
            a_moment(100).await;
        }
    }

    /// One check of the health.
    pub async fn check(&self, server: &Server, name: &str) -> Value {
        let health = self.try_call(server, "GET", "/api/jobs/health", None).await.json;
        let checks = health["checks"].as_array().expect("checks");
        checks.iter().find(|c| c["name"] == name).cloned().unwrap_or_else(|| panic!("{name}: {health}"))
    }

    /// A counter or gauge, by its whole name with labels.
    pub async fn metric(&self, server: &Server, name: &str) -> f64 {
        let url = format!("{}/metrics", server.base);
        let text = self.http.get(url).bearer_auth(&self.token).send().await.expect("an answer");
        let text = text.text().await.expect("text");
        let line = text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("{name} is not among\n{text}")).parse().expect("a number")
    }
}

/// Real time: a process has its own clock.
pub async fn a_moment(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}
