//! Everything at once: a LINE that fails and loses answers, kills, and staff who cancel, pause
//! and retry at random. When the faults stop, all must settle, and what LINE accepted must
//! equal the log, row by row.
//!
//! 30 s in the suite; `npm run soak` runs it for longer. The seed is printed and can be given.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    id, message,
    process::{Api, Server, a_moment, serve},
    step,
    stub::Stub,
};

const PATIENTS: u32 = 8;
const SETTLES_WITHIN: Duration = Duration::from_mins(2);

/// Pseudo-random numbers that are the same for the same seed (splitmix64, Steele and others
/// 2014).
#[derive(Clone)]
struct Dice(Arc<AtomicU64>);

impl Dice {
    fn of(seed: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seed)))
    }

    fn below(&self, n: u64) -> u64 {
        let z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        let n = u64::try_from(from.len()).ok().filter(|n| *n > 0)?;
        from.get(usize::try_from(self.below(n)).ok()?)
    }
}

/// A clinic to which things happen by the dice.
struct Clinic {
    dir: TempDir,
    line_url: String,
    server: Option<Server>,
    api: Api,
    dice: Dice,
    patients: Vec<String>,
    plan: String,
    follow_ups: Vec<String>,
    accepted: Vec<String>,
    count: u64,
    kills: u32,
}

impl Clinic {
    async fn open(line_url: String, dice: Dice) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let server = serve(&dir, &line_url);
        let api = Api::of(&dir);
        let mut patients = Vec::new();
        for n in 1..=PATIENTS {
            patients.push(api.patient(&server, n).await);
        }
        let steps = json!([
            step(json!({ "type": "immediate" }), "welcome"),
            step(json!({ "type": "delay", "value": "2s" }), "two seconds"),
            step(json!({ "type": "delay", "value": "5s" }), "five seconds"),
        ]);
        let made =
            api.call(&server, "POST", "/api/protocols", Some(&json!({ "name": "P", "steps": steps }))).await;
        let plan = id(&made);
        api.call(&server, "POST", &format!("/api/protocols/{plan}/activate"), Some(&json!({}))).await;
        Self {
            dir,
            line_url,
            server: Some(server),
            api,
            dice,
            patients,
            plan,
            follow_ups: Vec::new(),
            accepted: Vec::new(),
            count: 0,
            kills: 0,
        }
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("running")
    }

    /// Calls; a refusal is an answer like another, a failure is not.
    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.api.try_call(self.server(), method, path, body.as_ref()).await;
        assert!(answer.status < 500, "{method} {path}: {} {}", answer.status, answer.json);
        if answer.status < 300 { answer.json } else { Value::Null }
    }

    async fn post(&self, path: &str) -> Value {
        self.ask("POST", path, Some(json!({}))).await
    }

    fn next_message(&mut self) -> Value {
        self.count += 1;
        let patient = self.dice.pick(&self.patients).expect("a patient").clone();
        message(&patient, &format!("message {}", self.count))
    }

    fn kill(&mut self) {
        drop(self.server.take());
        self.kills += 1;
        self.server = Some(serve(&self.dir, &self.line_url));
    }

    /// Does one thing, by the dice.
    async fn act(&mut self) {
        match self.dice.below(1_000) {
            0..500 => {
                let body = self.next_message();
                let sent = self.ask("POST", "/api/messages", Some(body)).await;
                self.accepted.push(id(&sent));
            }
            500..560 => {
                let messages: Vec<_> = (0..20).map(|_| self.next_message()).collect();
                let body = json!({ "messages": messages });
                let sent = self.ask("POST", "/api/messages/bulk", Some(body)).await;
                self.accepted.extend(sent["items"].as_array().into_iter().flatten().map(id));
            }
            560..640 => {
                let mut body = self.next_message();
                body["schedule"] = json!({ "type": "delay", "delayMs": self.dice.below(5_000) });
                let sent = self.ask("POST", "/api/messages", Some(body)).await;
                self.accepted.push(id(&sent));
            }
            640..760 => {
                // One of the latest: those that are still on their way.
                let from = self.accepted.len().saturating_sub(40);
                if let Some(one) = self.dice.pick(&self.accepted[from..]) {
                    self.post(&format!("/api/messages/{one}/cancel")).await;
                }
            }
            760..820 => {
                let patient = self.dice.pick(&self.patients).expect("a patient").clone();
                let body = json!({ "patientId": patient, "protocolId": self.plan });
                let made = id(&self.ask("POST", "/api/assignments", Some(body)).await);
                self.post(&format!("/api/assignments/{made}/start")).await;
                self.follow_ups.push(made);
            }
            820..920 => {
                if let Some(one) = self.dice.pick(&self.follow_ups) {
                    let action = self.dice.pick(&["pause", "resume", "resume", "cancel"]).expect("one");
                    self.post(&format!("/api/assignments/{one}/{action}")).await;
                }
            }
            920..960 => drop(self.post("/api/jobs/retry-failed?limit=50").await),
            960..985 => drop(
                self.post(self.dice.pick(&["/api/sending/pause", "/api/sending/resume"]).expect("one")).await,
            ),
            985..995 => drop(self.post("/api/jobs/maintenance").await),
            _ => self.kill(),
        }
    }

    /// Every row of a list.
    async fn all(&self, path: &str) -> Vec<Value> {
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.ask("GET", &format!("{path}?limit=200{cursor}"), None).await;
            rows.extend(page["items"].as_array().expect("rows").iter().cloned());
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }

    /// The faults are over and staff let everything go: waits until nothing is open.
    async fn settle(&self) {
        self.post("/api/sending/resume").await;
        for one in &self.follow_ups {
            self.post(&format!("/api/assignments/{one}/resume")).await;
        }
        let limit = Instant::now() + SETTLES_WITHIN;
        loop {
            self.post("/api/jobs/retry-failed?limit=1000").await;
            // The follow-ups first: none that has ended writes another message. Then every message,
            // each where it stands for good: counted by state, one that goes from a state that is
            // asked later to one that was asked before would be in neither.
            let running = self.ask("GET", "/api/assignments?limit=200&status=active", None).await;
            let mut open = running["items"].as_array().expect("rows").len();
            for message in self.all("/api/messages").await {
                match message["state"].as_str() {
                    Some("sent" | "cancelled") => continue,
                    Some("review") => drop(self.post(&format!("/api/messages/{}/retry", id(&message))).await),
                    _ => {}
                }
                open += 1;
            }
            if open == 0 {
                return;
            }
            assert!(Instant::now() < limit, "{open} messages do not settle");
            a_moment(500).await;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "how long to run is no setting of the program")]
fn given(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|s| s.parse().ok()).unwrap_or(usual)
}

#[tokio::test(flavor = "multi_thread")]
async fn in_chaos_what_line_accepted_equals_the_log_row_by_row() {
    let seconds = given("CLINICUE_CHAOS_SECONDS", 30);
    let seed = given("CLINICUE_CHAOS_SEED", 20_261_124);
    println!("chaos for {seconds} s, CLINICUE_CHAOS_SEED={seed}");
    let line = Stub::failing(25, 15).seeded(seed);
    let line_url = format!("http://{}", line.clone().listen().await);
    let mut clinic = Clinic::open(line_url, Dice::of(seed)).await;
    let ends = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < ends {
        clinic.act().await;
        a_moment(clinic.dice.below(15)).await;
    }
    line.be_well();
    clinic.settle().await;
    compare(&clinic, &line).await;
}

/// Holds the ledger of LINE, the messages, the log and the statistics against each other.
async fn compare(clinic: &Clinic, line: &Stub) {
    let messages: BTreeMap<_, _> =
        clinic.all("/api/messages").await.into_iter().map(|m| (id(&m), m)).collect();
    let rows = clinic.all("/api/interactions").await;
    let logged: BTreeMap<_, _> = rows.iter().map(|r| (id(r), r)).collect();
    assert_eq!(logged.len(), rows.len(), "each message has one row");
    let ledger = line.ledger();
    assert_eq!(line.changed_bodies(), 0, "the same bytes under the same key");
    for key in ledger.keys() {
        assert!(
            messages.contains_key(key) && logged.contains_key(key),
            "{key} was accepted and is not on record: {:?}",
            messages.get(key)
        );
    }
    for (key, shown) in &messages {
        let (accepted, row) = (ledger.contains_key(key), logged.get(key));
        let status = row.map(|r| r["status"].as_str().expect("a status"));
        match shown["state"].as_str() {
            Some("sent") => assert!(accepted && status == Some("sent"), "{status:?} {shown}"),
            // Cancelled after LINE may have got it: on record as that, whether LINE has it or not.
            Some("cancelled") if status == Some("failed") => {
                assert!(!accepted || shown["cause"] == "outcome_unknown", "{shown}");
            }
            Some("cancelled") => assert!(!accepted && status.is_none(), "{accepted} {status:?} {shown}"),
            _ => panic!("not settled: {shown}"),
        }
    }
    let lost: Vec<_> = clinic.accepted.iter().filter(|a| !messages.contains_key(*a)).collect();
    assert!(lost.is_empty(), "accepted and gone: {lost:?}");
    let texts: BTreeSet<_> = ledger.values().filter(|b| b.windows(8).any(|w| w == b"message ")).collect();
    let one_offs = ledger.keys().filter(|k| messages[*k]["assignmentId"].is_null()).count();
    assert_eq!(texts.len(), one_offs, "no text went out under two keys");
    let stats = clinic.ask("GET", "/api/jobs/delivery-stats", None).await;
    let sent = rows.iter().filter(|r| r["status"] == "sent").count();
    assert_eq!(
        (&stats["total"], &stats["sent"], &stats["failed"]),
        (&json!(rows.len()), &json!(sent), &json!(rows.len() - sent))
    );
    println!(
        "{} messages, {} accepted by LINE, {} rows, {} kills",
        messages.len(),
        ledger.len(),
        rows.len(),
        clinic.kills
    );
}
