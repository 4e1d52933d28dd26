//! No query scans a table that grows with history. Every statement of the store is read from
//! its source and its plan asked for; what is put together at run time is taken from what
//! SQLite was really given.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Mutex, Once},
};

use chrono::TimeDelta;
use clinicue::{schedule::recount, store::stats};
use serde_json::json;
use sqlx::Row as _;
use tracing_subscriber::{Layer, layer::SubscriberExt as _};

use crate::support::{TestApp, asking};

/// Tables whose rows are history, or as many as the clinic has patients.
const GROWING: &[&str] = &[
    "answer_stats",
    "answers",
    "assignments",
    "audit_log",
    "deliveries",
    "delivery_attempts",
    "delivery_stats",
    "interaction_logs",
    "Jobs",
    "link_codes",
    "notes",
    "patient_messages",
    "patients",
    "recurrences",
    "webhook_events",
    "worklist",
];

/// Partial indexes that may be walked from one end to the other, and why they stay short.
const SHORT: &[(&str, &str)] = &[
    ("deliveries_waiting", "holds what waits for its time, and is read from the earliest on"),
    ("deliveries_expiring", "holds what waits for its time, and is read from the earliest on"),
    ("deliveries_attention", "holds what failed or is up for review"),
    ("deliveries_retryable", "holds what failed or is up for review; it alone is read, not the table"),
    ("deliveries_held", "holds what is held, which is counted by its reason"),
    ("deliveries_held_by_expiry", "holds what is held for a reason that passes"),
    ("deliveries_queued", "holds what is due at this moment"),
    ("patients_unsearched", "holds patients that are not in the search yet; none after the start"),
    ("patients_demo", "holds the patients of the demo clinic"),
    ("webhook_events_open", "holds events that were not worked on yet"),
    ("webhook_events_redelivered", "is asked whether it holds anything"),
    ("worklist_due", "holds the open lines of the worklist"),
];

/// Scans that are meant: what the statement holds, the table, and why.
const MEANT: &[(&str, &str, &str)] = &[
    (
        "FROM patients WHERE demo = FALSE",
        "patients",
        "at a start in practice mode; ends at the first real one",
    ),
    ("GROUP BY job_type, status", "Jobs", "holds what is due now and the last thousands that are done"),
    ("SET lock_by = NULL WHERE lock_by", "Jobs", "at the start; what is due and the last that are done"),
    ("DELETE FROM Workers", "Jobs", "at the start, to prove that no job names a worker"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_scans_a_table_that_grows() {
    watch();
    let app = TestApp::start().await;
    ask_for_every_list(&app).await;
    let source = Source::read();
    let built = source.built(&seen());
    let mut wrong = Vec::new();
    for begin in &source.beginnings {
        if !built.iter().any(|sql| sql.starts_with(begin.as_str())) {
            wrong.push(format!("nothing here runs the statement that begins with\n    {begin}"));
        }
    }
    let mut statements: Vec<_> = source.whole.iter().map(|sql| (sql, false)).collect();
    statements.extend(built.iter().map(|sql| (sql, true)));
    for (sql, built) in statements {
        match plan(&app, sql).await {
            Ok(lines) => {
                wrong.extend(scans(sql, &lines));
                if built && is_narrowed(sql) && !lines.iter().any(|l| l.contains("=?")) {
                    wrong.push(format!("no index serves the filter of\n    {sql}\n    {lines:?}"));
                }
            }
            Err(error) => wrong.push(format!("{error}\n    {sql}")),
        }
    }
    assert!(source.whole.len() > 150, "only {} statements were found", source.whole.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a list has a filter beside its cursor.
fn is_narrowed(sql: &str) -> bool {
    ["listed_state = ", "listed_status = ", "listed_reason = ", "_id = "]
        .iter()
        .any(|filter| sql.contains(filter))
        && sql.contains(" LIMIT ")
}

/// What of a plan walks through a whole table that grows.
fn scans(sql: &str, lines: &[String]) -> Vec<String> {
    let tables = tables(sql);
    let mut found = Vec::new();
    for line in lines {
        let Some(rest) = line.strip_prefix("SCAN ") else { continue };
        let name = rest.split_whitespace().next().unwrap_or_default();
        for table in tables.get(name).into_iter().flatten().chain([&name.to_owned()]) {
            let meant = MEANT.iter().any(|(part, of, _)| of == table && sql.contains(part))
                || SHORT.iter().any(|(index, _)| line.ends_with(&format!("INDEX {index}")));
            if GROWING.contains(&table.as_str()) && !meant {
                found.push(format!("{line} ({table}) in\n    {sql}"));
            }
        }
    }
    found.dedup();
    found
}

/// Which tables each name in a statement stands for.
fn tables(sql: &str) -> BTreeMap<String, BTreeSet<String>> {
    let words: Vec<_> = sql
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ','))
        .filter(|w| !w.is_empty())
        .collect();
    let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for pair in words.windows(3) {
        let alias = if pair[2] == "AS" { continue } else { pair[2] };
        if matches!(pair[0], "FROM" | "JOIN" | "UPDATE" | "INTO") {
            names.entry(alias.to_owned()).or_default().insert(pair[1].to_owned());
        }
    }
    names
}

/// What SQLite would do.
async fn plan(app: &TestApp, sql: &str) -> sqlx::Result<Vec<String>> {
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    // Raw: what is not bound is NULL, and the plan does not depend on it.
    let rows = sqlx::raw_sql(explain).fetch_all(app.core().store.writer().sqlite().expect("SQLite")).await?;
    rows.iter().map(|row| row.try_get("detail")).collect()
}

/// Asks for each list with each filter, alone and together.
pub(crate) async fn ask_for_every_list(app: &TestApp) {
    let assignment = app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    app.press(1, "Done").await;
    let one = app.get(&format!("/api/assignments/{assignment}")).await.expect(200);
    let text = |key: &str| one[key].as_str().expect("an id").to_owned();
    let (patient, protocol) = (text("patientId"), text("protocolId"));
    let (p, a, c) = (
        format!("patientId={patient}"),
        format!("assignmentId={assignment}"),
        format!("protocolId={protocol}"),
    );
    let lists: [(&str, &[&str]); 8] = [
        ("/api/messages", &[&p, &a, "state=held"]),
        ("/api/assignments", &[&p, &c, "status=paused"]),
        ("/api/interactions", &[&p, &a, "status=missed", "from=2026-01-01", "to=2026-12-31"]),
        ("/api/worklist", &[&p, "reason=missed", "resolved=true", "snoozed=true"]),
        ("/api/patients", &["search=a"]),
        ("/api/statistics/answers", &[&p, &c]),
        ("/api/jobs/failed-deliveries", &[]),
        ("/api/audit", &[]),
    ];
    for (path, filters) in lists {
        for chosen in 0..1_u32 << filters.len() {
            let query: Vec<_> =
                (0..filters.len()).filter(|i| chosen >> i & 1 == 1).map(|i| filters[i]).collect();
            let url = format!("{path}?{}", query.join("&"));
            let answer = app.get(&url).await;
            assert_eq!(answer.status, 200, "{url}: {}", answer.json);
        }
    }
    for search in ["ab", "abc", "Patient 1", "nobody is called that"] {
        app.get(&format!("/api/patients?search={search}")).await.expect(200);
    }
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
}

/// What SQLite was given since the watch began, by whatever test.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

pub(crate) fn seen() -> BTreeSet<String> {
    SEEN.lock().expect("not poisoned").clone()
}

/// Notes each statement that sqlx reports.
struct Watch;

impl<S: tracing::Subscriber> Layer<S> for Watch {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        #[derive(Default)]
        struct Statement(String);
        impl tracing::field::Visit for Statement {
            fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
                // The summary is the whole statement where there is no other.
                let whole = field.name() == "db.statement" && !value.is_empty();
                if whole || (field.name() == "summary" && self.0.is_empty()) {
                    value.clone_into(&mut self.0);
                }
            }
            fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
        }
        let mut statement = Statement::default();
        event.record(&mut statement);
        SEEN.lock().expect("not poisoned").insert(one_line(&statement.0));
    }
}

pub(crate) fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let only =
            tracing_subscriber::filter::Targets::new().with_target("sqlx::query", tracing::Level::DEBUG);
        let subscriber = tracing_subscriber::registry().with(Watch.with_filter(only));
        tracing::subscriber::set_global_default(subscriber).expect("run without CLINICUE_LOG");
    });
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The statements in the source of the store.
pub(crate) struct Source {
    /// Those that stand there as they are.
    pub(crate) whole: BTreeSet<String>,
    /// How those begin that are put together at run time.
    beginnings: BTreeSet<String>,
}

impl Source {
    pub(crate) fn read() -> Self {
        let mut source = Self { whole: BTreeSet::new(), beginnings: BTreeSet::new() };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src/store");
        let fragments = named(&std::fs::read_to_string(root.join("fragments.rs")).expect("readable"));
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            let mut texts = Vec::new();
            for entry in std::fs::read_dir(&folder).expect("the folder is there") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("postgres.rs") {
                    // What SQLite never gets has no plan there.
                    texts.push(std::fs::read_to_string(path).expect("readable"));
                }
            }
            // The files of a table share their names.
            let mut known = fragments.clone();
            known.extend(texts.iter().filter(|_| folder != root).flat_map(|text| named(text)));
            texts.iter().for_each(|text| source.add(text, &known));
        }
        source
    }

    fn add(&mut self, text: &str, known: &BTreeMap<String, String>) {
        let literals = literals(text.split("#[cfg(test)]").next().unwrap_or_default());
        let mut named = named(text);
        known.iter().for_each(|(name, part)| {
            named.entry(name.clone()).or_insert_with(|| part.clone());
        });
        let builds = |name: &str| {
            text.contains(&format!("{{{name}}}")) || text.contains(&format!("Builder::new({name})"))
        };
        for Literal { before, sql } in &literals {
            let mut whole = sql.clone();
            // Twice: a part may have parts.
            for (name, part) in named.iter().chain(&named) {
                whole = whole.replace(&format!("{{{name}}}"), part);
            }
            let name = named.iter().find(|(_, part)| *part == sql).map(|(name, _)| name.as_str());
            let starts = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
            if !starts.iter().any(|s| whole.starts_with(s)) {
                continue;
            }
            let begins = |name: &str| text.contains(&format!("Builder::new({name})"));
            let begun = before.trim_end().ends_with("Builder::new(");
            if begun || name.is_some_and(begins) {
                self.beginnings.insert(one_line(&whole));
            } else if !name.is_some_and(builds) {
                self.whole.insert(one_line(&whole));
            }
        }
    }

    /// Those of `seen` that the store puts together.
    pub(crate) fn built(&self, seen: &BTreeSet<String>) -> BTreeSet<String> {
        let ours = |sql: &&String| self.beginnings.iter().any(|b| sql.starts_with(b.as_str()));
        seen.iter().filter(ours).filter(|sql| !self.whole.contains(*sql)).cloned().collect()
    }
}

/// The texts of a source that have a name.
fn named(text: &str) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    for Literal { before, sql } in literals(text.split("#[cfg(test)]").next().unwrap_or_default()) {
        let before = before.trim_end().trim_end_matches("formatcp!(").trim_end();
        if let Some(name) = before.strip_suffix(": &str =").and_then(|b| b.rsplit(' ').next()) {
            named.insert(name.to_owned(), sql);
        }
    }
    named
}

/// A text in quotes and what stands before it.
struct Literal {
    before: String,
    sql: String,
}

/// Every text in quotes of a Rust source; raw ones only without `#`.
fn literals(text: &str) -> Vec<Literal> {
    let text = text.replace("'\"'", "QUOTE");
    let code: String =
        text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    let mut rest = code.as_str();
    let mut before = String::new();
    while let Some(start) = rest.find('"') {
        before.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let raw = before.strip_suffix('r').is_some_and(|b| !b.ends_with(char::is_alphanumeric));
        let mut end = 0;
        let bytes = tail.as_bytes();
        while bytes[end] != b'"' {
            end += if bytes[end] == b'\\' && !raw { 2 } else { 1 };
        }
        let sql = tail[..end].replace("\\\n", "").replace("\\\\", "\\").replace("\\\"", "\"");
        found.push(Literal { before: before.clone(), sql: one_line(&sql) });
        before.clear();
        rest = &tail[end + 1..];
    }
    found
}

#[test]
fn the_reader_of_statements_sees_names_and_parts() {
    let mut source = Source { whole: BTreeSet::new(), beginnings: BTreeSet::new() };
    source.add(
        "const SELECT: &str = \"SELECT x\n FROM t\";\nfn f() { q(format!(\"{SELECT} WHERE y = 1\")); \
         Builder::new(SELECT); q(\"DELETE FROM t\") }",
        &BTreeMap::new(),
    );
    assert_eq!(source.beginnings.into_iter().collect::<Vec<_>>(), ["SELECT x FROM t"]);
    assert_eq!(
        source.whole.into_iter().collect::<Vec<_>>(),
        ["DELETE FROM t", "SELECT x FROM t WHERE y = 1"]
    );
    let named = tables("SELECT 1 FROM deliveries d JOIN patients p ON 1");
    assert!(named["d"].contains("deliveries") && named["p"].contains("patients"));
}

#[test]
fn each_meant_scan_has_its_reason() {
    for (part, table, why) in MEANT {
        assert!(GROWING.contains(table) && why.len() > 20, "{part}: {why}");
    }
    for (index, why) in SHORT {
        assert!(why.len() > 20, "{index}: {why}");
    }
}

#[tokio::test]
async fn a_recount_that_was_cut_off_goes_on_and_tells_the_truth_meanwhile() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    for n in 0..4 {
        app.send(&patient, &format!("day {n}")).await;
        app.drain().await;
        app.pass(TimeDelta::days(1)).await;
    }
    let sent = async |app: &TestApp| {
        let all = app.get("/api/statistics/answers?from=2026-11-01&to=2026-12-31").await.expect(200);
        all["all"]["sent"].clone()
    };
    assert_eq!(sent(&app).await, 4);
    let zone = json!({ "timeZone": "Asia/Kathmandu" });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(zone)).await.expect(200);
    assert_eq!(sent(&app).await, 4, "one day is counted by the new zone, the others are not");
    let mut tx = app.core().store.begin().await.expect("a transaction");
    assert!(stats::recount_day(&mut tx, app.core().now()).await.expect("a day"));
    tx.commit().await.expect("committed");
    let app = app.restart().await;
    assert_eq!(sent(&app).await, 4);
    assert_eq!(recount::all(app.core()).await.expect("the rest"), 2);
    assert_eq!(sent(&app).await, 4);
    assert_eq!(recount::all(app.core()).await.expect("nothing"), 0);
}

#[tokio::test]
async fn a_maintenance_of_thousands_goes_in_pieces_and_leaves_nothing() {
    let app = TestApp::start().await;
    app.follow_up(1, json!([asking()])).await;
    let now = app.core().now().as_millis();
    for sql in [
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1499)
         INSERT INTO webhook_events (id, webhook_event_id, event_type, body, received_at, processed_at)
         SELECT 'w' || i, 'e' || i, 'message', '', $1 - 4000000000, $1 - 4000000000 FROM n",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1499)
         INSERT INTO assignments (id, patient_id, protocol_id, version_id, status, created_at, updated_at)
         SELECT printf('00000000-0000-0002-0000-%012x', i), a.patient_id, a.protocol_id, a.version_id,
            'active', $1, $1 FROM n, (SELECT * FROM assignments WHERE patient_id IS NOT NULL LIMIT 1) a",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1499)
         INSERT INTO deliveries (id, patient_id, protocol_id, step_id, occurrence, message_type, content,
            priority, state, cause, due_at, expires_at, created_at, updated_at)
         SELECT printf('00000000-0000-0003-0000-%012x', i), a.patient_id, a.protocol_id, 's', i,
            'text', '{}', 'normal', 'failed', 'line_unavailable', $1 - 90000000, $1 - i * 7, $1, $1
         FROM n, (SELECT * FROM assignments WHERE patient_id IS NOT NULL LIMIT 1) a",
    ] {
        clinicue::store::sql::query(sql).bind(now).execute(app.core().store.writer()).await.expect("filled");
    }
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    let count = async |sql: &'static str| -> i64 {
        clinicue::store::sql::query_scalar(sql).fetch_one(app.core().store.read()).await.expect("counted")
    };
    assert_eq!(count("SELECT COUNT(*) FROM webhook_events").await, 0);
    assert_eq!(count("SELECT COUNT(*) FROM assignments WHERE status = 'completed'").await, 1500);
    assert_eq!(count("SELECT COUNT(*) FROM worklist WHERE reason = 'failed'").await, 1500);
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
    assert_eq!(count("SELECT COUNT(*) FROM worklist WHERE reason = 'failed'").await, 1500);
}

#[tokio::test]
async fn patients_are_found_by_any_part_of_a_name_in_any_script() {
    let app = TestApp::start().await;
    for (n, name) in ["สมชาย ใจดี", "ﾔﾏﾀﾞ 太郎", "王小明", "Somchai \"Sam\" O'Neil 🙂"].iter().enumerate()
    {
        let body = json!({ "displayName": name, "externalRef": format!("HN-10{n}"),
            "lineUserId": crate::support::line_user(u32::try_from(n).expect("small") + 0xabc0) });
        app.post("/api/patients", body).await.expect(201);
    }
    let found = async |search: &str| -> Vec<usize> {
        let search: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let page = app.get(&format!("/api/patients?search={search}")).await.expect(200);
        let refs = page["items"].as_array().expect("rows").iter().map(|p| p["externalRef"].clone());
        refs.map(|r| r.as_str().expect("a number")[5..].parse().expect("a digit")).rev().collect()
    };
    for (search, who) in [
        ("ช", vec![0]),
        ("มช", vec![0]),
        ("ชายใจ", vec![0]),
        ("ชาย ใจ", vec![0]),
        ("ั", vec![]),
        ("ヤマ", vec![1]),
        ("ダ太", vec![1]),
        ("郎", vec![1]),
        ("小", vec![2]),
        ("王小明", vec![2]),
        ("小王", vec![]),
        ("SOMCHAI", vec![3]),
        ("\"sam\"", vec![3]),
        ("o'n", vec![3]),
        ("🙂", vec![3]),
        ("%", vec![]),
        ("_", vec![]),
        ("*", vec![]),
        ("hn-10", vec![0, 1, 2, 3]),
        ("-102", vec![2]),
        ("abc1", vec![1]),
        ("nobody is called that", vec![]),
        ("AND", vec![]),
    ] {
        assert_eq!(found(search).await, who, "{search}");
    }
    let page = app.get("/api/patients?search=hn&limit=3").await.expect(200);
    let cursor = page["nextCursor"].as_str().expect("a second page");
    let rest = app.get(&format!("/api/patients?search=hn&limit=3&cursor={cursor}")).await.expect(200);
    assert_eq!(rest["items"].as_array().expect("rows").len(), 1);
}

#[tokio::test]
async fn a_changed_name_is_found_and_the_old_one_is_not() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let count = async |search: &str| {
        let page = app.get(&format!("/api/patients?search={search}")).await.expect(200);
        page["items"].as_array().expect("rows").len()
    };
    assert_eq!((count("patient").await, count("maria").await), (1, 0));
    let path = format!("/api/patients/{patient}");
    app.call_as(&app.token, "PATCH", &path, Some(json!({ "displayName": "Maria" }))).await.expect(200);
    assert_eq!((count("patient").await, count("maria").await), (0, 1));
    clinicue::store::sql::query("DELETE FROM patients")
        .execute(app.core().store.writer())
        .await
        .expect("removed");
    assert_eq!(count("maria").await, 0);
}

#[tokio::test]
async fn patients_that_came_in_by_another_way_are_found_after_a_start_and_page_by_page() {
    let app = TestApp::start().await;
    clinicue::store::sql::query(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499)
         INSERT INTO patients (id, display_name, created_at, updated_at)
         SELECT printf('00000000-0000-0001-0000-%012x', i), 'Napat ' || i, i / 10, 0 FROM n",
    )
    .execute(app.core().store.writer())
    .await
    .expect("filled");
    let app = app.restart().await;
    for (search, many) in [("napat", 2500), ("n", 2500), ("t24", 111)] {
        let (mut seen, mut cursor) = (BTreeSet::new(), String::new());
        loop {
            let path = format!("/api/patients?search={search}&limit=200{cursor}");
            let page = app.get(&path).await.expect(200);
            for patient in page["items"].as_array().expect("rows") {
                assert!(seen.insert(patient["id"].to_string()), "shown twice");
            }
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), many, "{search}");
    }
}
