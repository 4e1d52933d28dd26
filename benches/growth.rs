//! The real server on the data of years: 1,000,000 messages in the log, 100,000 assignments,
//! 50,000 patients. Start, memory, each list with each filter, search, statistics, and how long
//! others wait while the program cleans up.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use clinicue::{
    clock::{Clock as _, SystemClock},
    domain::staff::Role,
    ops::tokens,
    queue,
    store::{Store, statistics},
};
use serde_json::json;

use crate::outside::{Api, Server};

const MESSAGES: i64 = 1_000_000;
const ASSIGNMENTS: i64 = 100_000;
const PATIENTS: i64 = 50_000;

/// The most a call may take, in milliseconds.
const MAX_LIST_MS: f64 = 30.0;

pub async fn growth() {
    println!("{MESSAGES} messages, {ASSIGNMENTS} assignments, {PATIENTS} patients");
    let dir = tempfile::tempdir().expect("a folder");
    let token = fill(dir.path()).await;
    let size = std::fs::metadata(dir.path().join("clinicue.db")).expect("there").len();
    println!("  size of the database: {} MB", size / 1_000_000);
    let server = started(dir.path(), "first start, which takes every patient into the search");
    server.stop();
    let server = started(dir.path(), "start after a clean end");
    println!("  memory at the start: {:.0} MiB", server.process().resident_mib());
    let api = Api { http: crate::outside(), token, base: server.base.clone() };
    lists(&api).await;
    println!("  memory after the lists: {:.0} MiB", server.process().resident_mib());
    searches(&api).await;
    println!("  memory after searches and statistics: {:.0} MiB", server.process().resident_mib());
    waits(&api).await;
    println!("  memory after maintenance and a recount: {:.0} MiB", server.process().resident_mib());
    drop(server);
    let server = started(dir.path(), "start after kill -9");
    println!(
        "  memory at the start, while the database is checked: {:.0} MiB",
        server.process().resident_mib()
    );
    let began = Instant::now();
    loop {
        let health = api_of(&server, &api).get("/api/jobs/health").await.1;
        if !health.to_string().contains("is being checked") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!("  checked beside the work after {:.1} s", began.elapsed().as_secs_f64());
    println!("  memory after the check: {:.0} MiB", server.process().resident_mib());
}

/// Starts the server with no LINE listening and nothing due.
fn started(dir: &Path, what: &str) -> Server {
    let server = Server::start(dir, "http://127.0.0.1:9");
    println!("  {what}: ready after {:.2} s", server.ready_after.as_secs_f64());
    server
}

fn api_of(server: &Server, api: &Api) -> Api {
    Api { http: api.http.clone(), token: api.token.clone(), base: server.base.clone() }
}

/// The statements that make the data; `$1` is how many, `$2` now.
const FILL: &[(&str, i64)] = &[
    ("INSERT INTO protocols (id, name, status, created_at, updated_at)
      SELECT printf('00000000-0000-0004-0000-%012x', value), 'Plan ' || value, 'active', 0, 0
      FROM json_each('[0,1,2,3,4]')", 0),
    ("INSERT INTO protocol_versions (id, protocol_id, version, published_at, created_at)
      SELECT printf('00000000-0000-0007-0000-%012x', value), printf('00000000-0000-0004-0000-%012x', value), 1, 0, 0
      FROM json_each('[0,1,2,3,4]')", 0),
    ("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 49)
      INSERT INTO protocol_steps (id, version_id, step_order, name, trigger_rule, message_type, content, freshness_ms)
      SELECT printf('00000000-0000-0005-0000-%012x', i), printf('00000000-0000-0007-0000-%012x', i % 5), i / 5 + 1,
        'Step', '{\"type\":\"recurring\",\"value\":\"0 8 * * *\"}', 'text', '{\"text\":\"Hello\"}', 21600000 FROM n", 0),
    ("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1),
        given AS (SELECT '[\"สมชาย\",\"สมหญิง\",\"นภัส\",\"太郎\",\"花子\",\"小明\",\"美玲\",\"Maria\",\"Somchai\",\"ヤマダ\"]' AS names),
        family AS (SELECT '[\"ใจดี\",\"มีสุข\",\"ศรีสวัสดิ์\",\"山田\",\"鈴木\",\"王\",\"陳\",\"Suzuki\",\"Jaidee\",\"Chen\",\"รักไทย\"]' AS names)
      INSERT INTO patients (id, line_user_id, display_name, external_ref, created_at, updated_at)
      SELECT printf('00000000-0000-0001-0000-%012x', i), 'U' || lower(hex(randomblob(16))),
        (given.names ->> (i % 10)) || ' ' || (family.names ->> (i % 11)) || ' ' || (i % 997),
        printf('HN-%06d', i), $2 - 31536000000 + i * 600000, $2 FROM n, given, family", PATIENTS),
    ("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1)
      INSERT INTO assignments (id, patient_id, protocol_id, version_id, status, started_at, planned_through,
        next_due_at, created_at, updated_at)
      SELECT printf('00000000-0000-0002-0000-%012x', i), printf('00000000-0000-0001-0000-%012x', i % 50000),
        printf('00000000-0000-0004-0000-%012x', i % 5), printf('00000000-0000-0007-0000-%012x', i % 5),
        CASE WHEN i % 5000 = 0 THEN 'paused' WHEN i % 3 = 0 THEN 'active' ELSE 'completed' END, $2 - 86400000, $2,
        CASE WHEN i % 9 = 0 THEN $2 + 3600000 + i * 500 END, $2 - 31536000000 + i * 300000, $2 FROM n", ASSIGNMENTS),
    ("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1),
        m AS (SELECT i, CASE WHEN i % 100 = 1 THEN 'failed' WHEN i % 100 = 2 THEN 'review' WHEN i % 200 = 3 THEN 'cancelled'
            WHEN i >= $1 - 2000 THEN 'scheduled' WHEN i % 5000 = 4 THEN 'held' WHEN i % 300000 = 5 THEN 'retrying'
            ELSE 'sent' END AS state, $2 - 31536000000 + i * 31536 AS due FROM n)
      INSERT INTO deliveries (id, patient_id, assignment_id, protocol_id, step_id, occurrence, message_type, content,
        feedback, priority, state, cause, due_at, expires_at, next_attempt_at, attempts, first_attempt_at,
        last_attempt_at, accepted_at, created_at, updated_at)
      SELECT printf('00000000-0000-0003-0000-%012x', i), printf('00000000-0000-0001-0000-%012x', i % 50000),
        printf('00000000-0000-0002-0000-%012x', i % 100000), printf('00000000-0000-0004-0000-%012x', i % 5),
        printf('00000000-0000-0005-0000-%012x', i % 50), i, 'text', '{\"text\":\"Time for your medicine.\"}', '{\"question\":\"?\",\"buttons\":[]}',
        'normal', state, CASE state WHEN 'failed' THEN 'line_unavailable' WHEN 'review' THEN 'outcome_unknown'
            WHEN 'held' THEN 'not_linked' END,
        CASE state WHEN 'scheduled' THEN $2 + 86400000 + i * 1000 ELSE due END,
        CASE WHEN state IN ('scheduled', 'held', 'retrying') THEN $2 + 864000000000 ELSE due + 21600000 END,
        CASE WHEN state IN ('scheduled', 'held', 'retrying') THEN $2 + 86400000 END, state IN ('sent', 'failed', 'review'),
        CASE WHEN state IN ('sent', 'failed', 'review') THEN due END, CASE WHEN state IN ('sent', 'failed', 'review') THEN due END,
        CASE state WHEN 'sent' THEN due + 40 END, due, due FROM m", MESSAGES),
    ("INSERT INTO interaction_logs (id, user_id, protocol_id, step_id, assignment_id, message_id, sent_at, status, created_at,
        responded_at, response_value, response_action, time_difference_ms)
      SELECT id, patient_id, protocol_id, step_id, assignment_id, 'm' || occurrence, accepted_at,
        CASE WHEN state <> 'sent' THEN 'failed' WHEN occurrence % 10 < 6 THEN 'responded' WHEN occurrence % 40000 = 9 THEN 'read'
            WHEN occurrence % 10 = 9 THEN 'delivered' ELSE 'missed' END, due_at + 40,
        CASE WHEN state = 'sent' AND occurrence % 10 < 6 THEN due_at + occurrence % 86400000 END,
        CASE WHEN state = 'sent' AND occurrence % 10 < 6 THEN 'value ' || (occurrence % 4) END,
        CASE WHEN state = 'sent' AND occurrence % 10 < 6 THEN 'complete' END,
        CASE WHEN state = 'sent' AND occurrence % 10 < 6 THEN occurrence % 86400000 END
      FROM deliveries WHERE $1 = 0 AND state IN ('sent', 'failed', 'review')", 0),
    ("INSERT INTO delivery_attempts (delivery_id, attempt, started_at, finished_at, cause)
      SELECT id, 1, due_at, due_at + 40, 'accepted' FROM deliveries WHERE state IN ('sent', 'failed', 'review')", 0),
    ("INSERT INTO worklist (id, patient_id, delivery_id, reason, matter, urgent, created_at, updated_at, resolved_at, resolved_by)
      SELECT printf('00000000-0000-0008-0000-%012x', occurrence), patient_id, id,
        CASE WHEN occurrence % 100 = 1 THEN 'failed' WHEN occurrence % 100 = 2 THEN 'expired' WHEN occurrence % 30000 = 7 THEN 'worrying'
            ELSE 'missed' END, 'm ' || id, occurrence % 30000 = 7, due_at, due_at,
        CASE WHEN occurrence % 50 <> 1 THEN due_at + 3600000 END, CASE WHEN occurrence % 50 <> 1 THEN 'Clinicue' END
      FROM deliveries WHERE occurrence % 100 IN (1, 2, 51) OR occurrence % 10 = 7", 0),
    ("INSERT INTO answers (id, delivery_id, patient_id, action, value, label, counted, late, answered_at)
      SELECT printf('00000000-0000-0009-0000-%012x', occurrence), id, patient_id, 'complete', 'done', 'Done', 1, 0, due_at + 60000
      FROM deliveries WHERE state = 'sent' AND occurrence % 10 < 6", 0),
    ("INSERT INTO audit_log (id, at, actor, action, subject)
      SELECT printf('00000000-0000-000a-0000-%012x', occurrence), due_at, 'staff', 'message.send', patient_id
      FROM deliveries WHERE occurrence % 5 = 0", 0),
    ("INSERT INTO webhook_events (id, webhook_event_id, event_type, body, received_at, processed_at)
      SELECT printf('00000000-0000-000b-0000-%012x', occurrence), 'E' || occurrence, 'postback', '', due_at, due_at
      FROM deliveries WHERE due_at > $2 - 5184000000", 0),
];

/// Fills the database and returns an access token.
async fn fill(dir: &Path) -> String {
    let began = Instant::now();
    let store = Store::open(dir, queue::migrations()).await.expect("opens");
    let now = SystemClock.now();
    clinicue::store::sql::query("PRAGMA synchronous = OFF").execute(store.writer()).await.expect("set");
    clinicue::store::sql::query("PRAGMA cache_size = -400000").execute(store.writer()).await.expect("set");
    for (sql, count) in FILL {
        clinicue::store::sql::query(*sql)
            .bind(*count)
            .bind(now.as_millis())
            .execute(store.writer())
            .await
            .expect("filled");
    }
    println!("  filled in {:.0} s", began.elapsed().as_secs_f64());
    let mut tx = store.begin().await.expect("a transaction");
    statistics::count_by(&mut tx, chrono_tz::Tz::Asia__Bangkok, now).await.expect("begun");
    statistics::count_anew(&mut tx, chrono_tz::Tz::Asia__Bangkok, now).await.expect("begun");
    tx.commit().await.expect("committed");
    let mut pieces = Vec::new();
    loop {
        let began = Instant::now();
        let mut tx = store.begin().await.expect("a transaction");
        let more = statistics::recount_day(&mut tx, now).await.expect("a day");
        tx.commit().await.expect("committed");
        pieces.push(began.elapsed());
        if !more {
            break;
        }
    }
    print_pieces("every sum counted anew", &mut pieces);
    let token = tokens::create(&store, "bench", Role::Admin, now).await.expect("a token");
    store.close().await;
    token
}

fn print_pieces(name: &str, took: &mut [Duration]) {
    took.sort();
    let ms = |d: Duration| d.as_secs_f64() * 1000.0;
    println!(
        "  {name}: {} pieces, {:.1} s, median {:.1} ms, longest {:.1} ms",
        took.len(),
        took.iter().sum::<Duration>().as_secs_f64(),
        ms(took[took.len() / 2]),
        ms(took[took.len() - 1])
    );
}

/// Times each list with each filter, and the calls that screens repeat.
async fn lists(api: &Api) {
    let patient = "patientId=00000000-0000-0001-0000-000000000007";
    let assignment = "assignmentId=00000000-0000-0002-0000-000000000007";
    let protocol = "protocolId=00000000-0000-0004-0000-000000000002";
    let states = ["scheduled", "queued", "retrying", "held", "sent", "failed", "review", "cancelled"];
    let statuses = ["assigned", "active", "paused", "completed", "cancelled"];
    let logged = ["sent", "delivered", "read", "responded", "missed", "failed"];
    let reasons =
        ["worrying", "postponed", "missed", "blocked", "unlinked", "failed", "expired", "wrote", "relink"];
    let mut paths = Vec::new();
    let mut add = |path: &str, filters: &[String]| {
        paths.extend(filters.iter().map(|filter| format!("{path}?limit=50&{filter}")));
    };
    let each = |key: &str, values: &[&str], more: &str| -> Vec<String> {
        values.iter().map(|value| format!("{key}={value}&{more}")).collect()
    };
    let alone = |filters: &[&str]| -> Vec<String> { filters.iter().map(|&f| f.to_owned()).collect() };
    add("/api/messages", &alone(&["", patient, assignment]));
    for more in ["", patient, assignment] {
        add("/api/messages", &each("state", &states, more));
        add("/api/interactions", &each("status", &logged, more));
    }
    add("/api/assignments", &alone(&["", patient, protocol]));
    for more in ["", patient, protocol] {
        add("/api/assignments", &each("status", &statuses, more));
    }
    add("/api/interactions", &alone(&["", patient, assignment, "from=2026-03-01&to=2026-03-31"]));
    for more in ["", "resolved=true", "snoozed=true"] {
        add("/api/worklist", &each("reason", &reasons, more));
        add("/api/worklist", &alone(&[more, &format!("{patient}&{more}")]));
    }
    add("/api/jobs/failed-deliveries", &alone(&[""]));
    add("/api/patients", &alone(&[""]));
    add("/api/protocols", &alone(&[""]));
    add("/api/audit", &alone(&[""]));
    for path in ["/api/status", "/api/today", "/api/jobs/stats"] {
        paths.push(path.to_owned());
    }
    paths.push("/api/patients/00000000-0000-0001-0000-000000000007/timeline".to_owned());
    let mut took = Vec::new();
    for path in paths {
        took.push((api.time("GET", &path).await, path));
    }
    took.push((
        api.time("POST", "/api/jobs/retry-failed").await,
        "retry-failed with nothing to do".to_owned(),
    ));
    took.sort_by(|a, b| b.0.total_cmp(&a.0));
    let slow = took.iter().filter(|(ms, _)| *ms > MAX_LIST_MS).count();
    println!("  {} calls: {slow} take more than {MAX_LIST_MS} ms (median of 5); the slowest:", took.len());
    for (ms, path) in took.iter().take(8) {
        println!("    {ms:>7.1} ms  {path}");
    }
}

async fn searches(api: &Api) {
    for search in
        ["ส", "สมช", "ญิ", "ヤマダ", "太", "王", "小明 王", "HN-0123", "Jaidee 99", "a", "zzqq", "ไม่มี", "U0f"]
    {
        let query: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let path = format!("/api/patients?limit=50&search={query}");
        let hits = api.get(&path).await.1["items"].as_array().map_or(0, Vec::len);
        println!("  search {search:?}: {:.1} ms ({hits} on the first page)", api.time("GET", &path).await);
    }
    for (name, range) in
        [("30 days", String::new()), ("a year", format!("from={}&to={}", day_ago(364), day_ago(0)))]
    {
        for path in ["/api/jobs/delivery-stats", "/api/statistics/answers"] {
            println!("  {path} of {name}: {:.1} ms", api.time("GET", &format!("{path}?{range}")).await);
        }
    }
}

fn day_ago(days: u64) -> String {
    let now = chrono::DateTime::from_timestamp_millis(SystemClock.now().as_millis()).expect("a time");
    (now - chrono::Days::new(days)).format("%Y-%m-%d").to_string()
}

/// Times a small write while the program cleans up or counts anew.
async fn waits(api: &Api) {
    writes_beside(api, "nothing", async {
        tokio::time::sleep(Duration::from_secs(2)).await;
    })
    .await;
    writes_beside(api, "the maintenance", async {
        assert_eq!(api.call("POST", "/api/jobs/maintenance", Some(json!({}))).await.0, 200);
    })
    .await;
    writes_beside(api, "the recount after a change of zone", async {
        let zone = json!({ "timeZone": "Asia/Kathmandu" });
        assert_eq!(api.call("PATCH", "/api/settings", Some(zone)).await.0, 200);
        // Until the sums answer at once again.
        let year = format!("/api/statistics/answers?from={}&to={}", day_ago(364), day_ago(0));
        loop {
            let began = Instant::now();
            assert_eq!(api.get(&year).await.0, 200);
            if began.elapsed() < Duration::from_millis(300) {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    })
    .await;
}

async fn writes_beside(api: &Api, what: &str, work: impl Future<Output = ()>) {
    let path = "/api/patients/00000000-0000-0001-0000-000000000007";
    let mut took = Vec::new();
    let began = Instant::now();
    tokio::pin!(work);
    loop {
        let write = async {
            let began = Instant::now();
            assert_eq!(api.call("PATCH", path, Some(json!({ "note": "called" }))).await.0, 200);
            began.elapsed()
        };
        tokio::select! {
            () = &mut work => break,
            one = write => took.push(one),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    took.sort();
    let ms = |d: Option<&Duration>| d.map_or(f64::NAN, |d| d.as_secs_f64() * 1000.0);
    println!(
        "  small writes beside {what} ({:.1} s): {}, median {:.1} ms, longest {:.1} ms",
        began.elapsed().as_secs_f64(),
        took.len(),
        ms(took.get(took.len() / 2)),
        ms(took.last())
    );
}
