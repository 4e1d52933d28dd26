//! Clinicue from outside: the built server as a process, its API, and what the kernel reports of a
//! process.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// A process id, for what the kernel reports of it (Linux only).
#[derive(Clone, Copy)]
pub(crate) struct Process(pub(crate) u32);

impl Process {
    pub(crate) fn own() -> Self {
        Self(std::process::id())
    }

    /// Resident memory now, in MiB.
    pub(crate) fn resident_mib(self) -> f64 {
        self.kib("VmRSS:").unwrap_or(f64::NAN) / 1024.0
    }

    /// The most resident memory so far, in MiB.
    pub(crate) fn peak_mib(self) -> f64 {
        self.kib("VmHWM:").unwrap_or(f64::NAN) / 1024.0
    }

    fn kib(self, name: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0)).ok()?;
        let line = status.lines().find(|l| l.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Processor time used so far in user and kernel mode, in seconds.
    pub(crate) fn cpu_s(self) -> f64 {
        // Clock ticks are hundredths of a second on every Linux that runs this (proc(5)).
        const TICKS: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0)).unwrap_or_default();
        // The second field is the name in brackets, and may hold blanks.
        let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok()).unwrap_or(f64::NAN);
        (ticks(11) + ticks(12)) / TICKS
    }
}

/// The built server in a process of its own.
pub(crate) struct Server {
    child: Child,
    pub(crate) base: String,
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts the server on `dir`, with a LINE at `line`.
    pub(crate) fn start(dir: &Path, line: &str) -> Self {
        let began = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_clinicue-server"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("CLINICUE_DATA_DIR", dir)
            .env("CLINICUE_LINE_CHANNEL_ACCESS_TOKEN", "token")
            .env("CLINICUE_LINE_API_BASE", line)
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut ready = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut ready).expect("a line");
        let ready_after = began.elapsed();
        let base = ready.trim().strip_prefix("clinicue listening on ").expect("the ready line").to_owned();
        Self { child, base, ready_after }
    }

    pub(crate) fn process(&self) -> Process {
        Process(self.child.id())
    }

    /// Ends the server as the system does at a shutdown.
    pub(crate) fn stop(mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Api {
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
    pub(crate) base: String,
}

impl Api {
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}{path}", self.base);
        let request = self.http.request(method.parse().expect("a method"), url).bearer_auth(&self.token);
        let request = if let Some(body) = body { request.json(&body) } else { request };
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.expect("a body")).unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.call("GET", path, None).await
    }

    /// Median duration of five calls, in milliseconds.
    pub(crate) async fn time(&self, method: &str, path: &str) -> f64 {
        let mut took = Vec::new();
        for _ in 0..5 {
            let began = Instant::now();
            let body = (method == "POST").then(|| json!({}));
            let (status, answer) = self.call(method, path, body).await;
            took.push(began.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(status, 200, "{path}: {answer}");
        }
        took.sort_by(f64::total_cmp);
        took[2]
    }
}
