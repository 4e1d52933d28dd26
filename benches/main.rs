//! The figures: deliveries per second, the cost of a tick, statistics, start, memory.
//!
//! `npm run bench`, or `npm run bench -- deliveries` for one of them. Each works on a database
//! of its own in a temporary folder; LINE is a stub on loopback.

#![allow(unreachable_pub, reason = "nothing of it is used from outside")]

mod bound;
mod growth;
mod minimal;
mod outside;
mod punctual;

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Router, extract::State, routing::post};
use clinicue::{
    app::{App, Options},
    clock::{Clock, SystemClock},
    config::{Config, Flags},
    domain::staff::Role,
    ops::{Caller, Nothing, health, messages, patients, statistics},
    queue::{self, Name},
    schedule::tick,
    store::{self, Store},
};
use serde_json::json;

use self::outside::Process;

fn main() {
    let wanted = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    if bound::plays_a_part(wanted.as_deref()) {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let run = |name: &str| wanted.as_deref().is_none_or(|w| w == name);
        if run("deliveries") {
            deliveries().await;
        }
        if run("bound") {
            bound::bound().await;
        }
        if run("punctual") {
            punctual::punctual().await;
        }
        if run("tick") {
            ticks().await;
        }
        if run("stats") {
            statistics().await;
        }
        if run("webhooks") {
            webhooks().await;
        }
        if run("growth") {
            growth::growth().await;
        }
        if run("start") {
            start_and_memory().await;
        }
    });
}

/// A LINE that accepts everything after a while.
#[derive(Clone)]
struct Stub {
    latency: Duration,
    accepted: Arc<AtomicUsize>,
}

async fn listen(latency: Duration) -> (SocketAddr, Arc<AtomicUsize>) {
    async fn push(State(stub): State<Stub>) -> &'static str {
        tokio::time::sleep(stub.latency).await;
        stub.accepted.fetch_add(1, Ordering::Relaxed);
        r#"{"sentMessages":[{"id":"461230966842064897"}]}"#
    }
    let accepted = Arc::new(AtomicUsize::new(0));
    let stub = Stub { latency, accepted: Arc::clone(&accepted) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("its address");
    let app = Router::new().route("/v2/bot/message/push", post(push)).with_state(stub);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (addr, accepted)
}

fn config(dir: &Path, line: Option<SocketAddr>) -> Config {
    let flags = Flags { listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))), ..Flags::on(dir) };
    std::fs::write(dir.join("secrets.json"), r#"{"accessToken":"token","channelSecret":"secret"}"#)
        .expect("secrets");
    let mut config = Config::load(flags).expect("settings");
    if let Some(line) = line {
        config.line.api_base = format!("http://{line}");
    }
    config
}

async fn start(config: Config, ticking: bool) -> App {
    App::start(Options { config, clock: Arc::new(SystemClock), ticking, beside: None })
        .await
        .expect("it starts")
}

fn me() -> Caller {
    Caller { actor: "bench".to_owned(), role: Role::Admin }
}

#[expect(clippy::cast_precision_loss, reason = "thousands fit")]
async fn deliveries() {
    println!("deliveries, 10 workers, from bulk accepted to recorded");
    for (latency_ms, count, record_batch) in [(0, 10_000, 500), (0, 10_000, 1), (50, 1_000, 500)] {
        let dir = tempfile::tempdir().expect("a folder");
        let (addr, accepted) = listen(Duration::from_millis(latency_ms)).await;
        let mut config = config(dir.path(), Some(addr));
        config.delivery.record_batch = record_batch;
        let app = start(config, true).await;
        let patient = new_patient(&app).await;
        let began = Instant::now();
        for _ in 0..count / 1_000 {
            accept_thousand(&app, patient).await;
        }
        let accepted_in = began.elapsed();
        until_idle(&app).await;
        let took = began.elapsed().as_secs_f64();
        assert_eq!(accepted.load(Ordering::Relaxed), count);
        let how = if record_batch == 1 { "one transaction each" } else { "group-committed" };
        println!(
            "  {latency_ms:>2} ms LINE, {how}: {:>6.0}/s ({count} in {took:.2} s; accepted into the queue in {:.2} s)",
            count as f64 / took,
            accepted_in.as_secs_f64(),
        );
        app.stop().await;
    }
}

async fn new_patient(app: &App) -> clinicue::ids::PatientId {
    let input = json!({ "displayName": "A", "lineUserId": format!("U{:032x}", 1) });
    let input: patients::CreatePatient = serde_json::from_value(input).expect("a patient");
    patients::create(&app.core, &me(), input).await.expect("created").id
}

async fn accept_thousand(app: &App, patient: clinicue::ids::PatientId) {
    let one = json!({ "patientId": patient, "messageType": "text", "content": { "text": "Time for your medicine." } });
    let input = serde_json::from_value(json!({ "messages": vec![one; 1_000] })).expect("messages");
    messages::send_bulk(&app.core, &me(), input).await.expect("accepted");
}

async fn until_idle(app: &App) {
    loop {
        let [delivery, _] = queue::counts(&app.core.store, &app.core.queues).await.expect("counts");
        if delivery.waiting + delivery.active == 0 && app.core.queues.running(Name::MessageDelivery) == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn ticks() {
    println!("one tick with 100 due steps, among so many active assignments");
    for active in [1_000_i64, 100_000] {
        let dir = tempfile::tempdir().expect("a folder");
        let (addr, _) = listen(Duration::ZERO).await;
        let app = start(config(dir.path(), Some(addr)), false).await;
        let now = SystemClock.now().as_millis();
        fill(&app.core.store, active, now).await;
        let mut took: Vec<_> = Vec::new();
        for round in 0..5_i64 {
            make_due(&app.core.store, round * 100, now).await;
            let began = Instant::now();
            tick::tick(&app.core).await.expect("a tick");
            took.push(began.elapsed());
            until_idle(&app).await;
        }
        took.sort();
        println!("  {active:>7} active: {:>6.1} ms (median of 5)", took[2].as_secs_f64() * 1000.0);
        app.stop().await;
    }
}

/// `count` patients with an assignment each, whose one step is due in a year.
async fn fill(store: &Store, count: i64, now: i64) {
    let statements = [
        "INSERT INTO protocols (id, name, status, created_at, updated_at)
         VALUES ('00000000-0000-0000-0000-00000000aaaa', 'Plan', 'active', 0, 0)",
        "INSERT INTO protocol_versions (id, protocol_id, version, published_at, created_at)
         VALUES ('00000000-0000-0000-0000-00000000bbbb', '00000000-0000-0000-0000-00000000aaaa', 1, 0, 0)",
        "INSERT INTO protocol_steps (id, version_id, step_order, trigger_rule, message_type, content, freshness_ms)
         VALUES ('00000000-0000-0000-0000-00000000cccc', '00000000-0000-0000-0000-00000000bbbb', 1,
            '{\"type\":\"recurring\",\"value\":\"* * * * *\"}', 'text', '{\"text\":\"Hello\"}', 21600000)",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)
         INSERT INTO patients (id, line_user_id, display_name, created_at, updated_at)
         SELECT printf('00000000-0000-0001-0000-%012x', i), printf('U%032x', i), 'P', $2, $2 FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)
         INSERT INTO assignments (id, patient_id, protocol_id, version_id, status, started_at,
            planned_through, next_due_at, created_at, updated_at)
         SELECT printf('00000000-0000-0002-0000-%012x', i), printf('00000000-0000-0001-0000-%012x', i),
            '00000000-0000-0000-0000-00000000aaaa', '00000000-0000-0000-0000-00000000bbbb', 'active',
            $2 - 3600000, $2, $2 + 31536000000, $2, $2 FROM n",
    ];
    for sql in statements {
        store::sql::query(sql).bind(count).bind(now).execute(store.writer()).await.expect("filled");
    }
}

/// Makes the next step of a hundred assignments due now.
async fn make_due(store: &Store, first: i64, now: i64) {
    store::sql::query(
        "WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $1 + 99)
         UPDATE assignments SET next_due_at = $2, planned_through = $2 - 60000
         WHERE id IN (SELECT printf('00000000-0000-0002-0000-%012x', i) FROM n)",
    )
    .bind(first)
    .bind(now)
    .execute(store.writer())
    .await
    .expect("due");
}

async fn statistics() {
    println!("statistics over 1,000,000 rows of the log");
    let dir = tempfile::tempdir().expect("a folder");
    let app = start(config(dir.path(), None), false).await;
    fill_log(&app.core.store, 1_000_000, SystemClock.now().as_millis()).await;
    for (name, range) in [
        ("30 days", json!({})),
        ("a year", json!({ "from": "2026-01-01", "to": "2026-12-31" })),
        ("to the minute", json!({ "from": "2026-01-01T00:07:00Z", "to": "2026-12-31T23:51:00Z" })),
    ] {
        let mut took = Vec::new();
        for _ in 0..5 {
            let input = serde_json::from_value(range.clone()).expect("a range");
            let began = Instant::now();
            statistics::delivery_stats(&app.core, &me(), input).await.expect("counted");
            took.push(began.elapsed());
        }
        took.sort();
        println!("  {name:>13}: {:>6.2} ms (median of 5)", took[2].as_secs_f64() * 1000.0);
        let mut took = Vec::new();
        for _ in 0..5 {
            let input = serde_json::from_value(range.clone()).expect("a range");
            let began = Instant::now();
            statistics::answers(&app.core, &me(), input).await.expect("counted");
            took.push(began.elapsed());
        }
        took.sort();
        println!("  {name:>13}: {:>6.2} ms with answers", took[2].as_secs_f64() * 1000.0);
    }
    let one = json!({ "patientId": "00000000-0000-0001-0000-000000000001", "from": "2000-01-01" });
    let began = Instant::now();
    let input = serde_json::from_value(one).expect("a range");
    statistics::answers(&app.core, &me(), input).await.expect("counted");
    println!("    one patient: {:>6.2} ms with answers", began.elapsed().as_secs_f64() * 1000.0);
    app.stop().await;
}

/// Adds `count` messages of the last year to 1,000 patients, from 50 steps of 5 protocols, and
/// their sums. All of them asked a question; six of ten were answered.
async fn fill_log(store: &Store, count: i64, now: i64) {
    let every = 365 * 86_400_000 / count;
    let statements = [
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
         INSERT INTO patients (id, display_name, created_at, updated_at)
         SELECT printf('00000000-0000-0001-0000-%012x', i), 'P', $2, $3 FROM n WHERE $1 > 0",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)
         INSERT INTO deliveries (id, patient_id, protocol_id, step_id, occurrence, message_type, content,
            feedback, priority, state, due_at, expires_at, accepted_at, created_at, updated_at)
         SELECT printf('00000000-0000-0003-0000-%012x', i), printf('00000000-0000-0001-0000-%012x', i % 1000),
            printf('00000000-0000-0004-0000-%012x', i % 5), printf('00000000-0000-0005-0000-%012x', i % 50), i,
            'text', '{}', '{}', 'normal', 'sent', $2 - i * $3, $2, $2 - i * $3 + 40, $2, $2 FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)
         INSERT INTO interaction_logs (id, user_id, protocol_id, step_id, assignment_id, sent_at, status,
            created_at, responded_at, response_value, response_action, time_difference_ms)
         SELECT printf('00000000-0000-0003-0000-%012x', i), printf('00000000-0000-0001-0000-%012x', i % 1000),
            printf('00000000-0000-0004-0000-%012x', i % 5), printf('00000000-0000-0005-0000-%012x', i % 50), 'x',
            $2 - i * $3, CASE WHEN i % 10 < 6 THEN 'responded' ELSE 'missed' END, $2 - i * $3,
            CASE WHEN i % 10 < 6 THEN $2 - i * $3 + i % 86400000 END,
            CASE WHEN i % 10 < 6 THEN 'value ' || (i % 4) END,
            CASE WHEN i % 10 < 6 THEN 'complete' END, CASE WHEN i % 10 < 6 THEN i % 86400000 END FROM n",
    ];
    for sql in statements {
        store::sql::query(sql)
            .bind(count)
            .bind(now)
            .bind(every)
            .execute(store.writer())
            .await
            .expect("filled");
    }
    let began = Instant::now();
    let mut tx = store.begin().await.expect("a transaction");
    store::statistics::count_anew(&mut tx, chrono_tz::Tz::Asia__Bangkok, SystemClock.now())
        .await
        .expect("begun");
    while store::statistics::recount_day(&mut tx, SystemClock.now()).await.expect("summed") {}
    tx.commit().await.expect("committed");
    println!("  every sum counted anew: {:.1} s", began.elapsed().as_secs_f64());
}

#[expect(clippy::disallowed_methods, reason = "it plays LINE, which calls from outside")]
fn outside() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

/// Times the webhook's answer: 200 calls a second, each with one press of a button, while the
/// events are worked on.
async fn webhooks() {
    const RATE: u32 = 200;
    const SECONDS: u32 = 15;
    println!("webhook calls, {RATE} a second for {SECONDS} s");
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("secrets.json"), r#"{"accessToken":"t","channelSecret":"secret"}"#)
        .expect("secrets");
    let (line, _) = listen(Duration::ZERO).await;
    let app = start(config(dir.path(), Some(line)), true).await;
    let users: Vec<_> = (0..100).map(|n| format!("U{n:032x}")).collect();
    for user in &users {
        let input =
            serde_json::from_value(json!({ "displayName": "P", "lineUserId": user })).expect("a patient");
        patients::create(&app.core, &me(), input).await.expect("added");
    }
    let url = format!("{}/webhook/line", app.url());
    let http = outside();
    let mut clock = tokio::time::interval(Duration::from_secs(1) / RATE);
    let mut calls = Vec::new();
    for n in 0..RATE * SECONDS {
        clock.tick().await;
        let event = json!({ "type": "message", "mode": "active", "webhookEventId": format!("E{n}"),
            "timestamp": SystemClock.now().as_millis(), "replyToken": "r",
            "source": { "type": "user", "userId": users[n as usize % users.len()] },
            "message": { "type": "text", "id": n.to_string(), "text": "hello" } });
        let body = json!({ "destination": "U", "events": [event] }).to_string();
        let signature = clinicue::line::webhook::sign("secret", body.as_bytes());
        let request = http.post(&url).header("x-line-signature", signature).body(body);
        calls.push(tokio::spawn(async move {
            let began = Instant::now();
            let status = request.send().await.expect("an answer").status();
            assert_eq!(status, 200);
            began.elapsed()
        }));
    }
    let mut took = Vec::new();
    for call in calls {
        took.push(call.await.expect("answered").as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    println!("  p50 {:.1} ms, p99 {:.1} ms, slowest {:.1} ms", at(50), at(99), at(100));
    app.stop().await;
}

async fn start_and_memory() {
    println!("start and memory");
    let dir = tempfile::tempdir().expect("a folder");
    for name in ["empty folder", "used folder"] {
        let began = Instant::now();
        let app = start(config(dir.path(), None), true).await;
        let health = health::health(&app.core, &me(), Nothing {}).await.expect("health");
        println!(
            "  {name}: at work after {:.0} ms ({})",
            began.elapsed().as_secs_f64() * 1000.0,
            health.status
        );
        app.stop().await;
    }
    println!("  resident memory after all of the above: {:.0} MiB", Process::own().resident_mib());
}
