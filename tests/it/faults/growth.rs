//! No query scans a table that grows with history. Every statement of the store is read from
//! its source and its plan asked for; what is put together at run time is taken from what
//! SQLite was really given.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use clinicue::{schedule::recount, store::statistics};
use serde_json::json;
use sqlx::Row as _;

use crate::support::{
    TestApp, asking,
    leftovers::Left,
    log::watch_statements,
    statements::{Source, seen},
};

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
    "media",
    "notes",
    "patient_messages",
    "patients",
    "recurrences",
    "stranger_words",
    "strangers",
    "uploads",
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
    ("idx_jobs_claimed", "holds what is on its way or will be within a moment"),
    ("idx_jobs_pending", "holds what is due now"),
    ("idx_jobs_finished", "holds the last thousands that are done"),
    ("media_pending", "holds what is still to be fetched from LINE"),
    ("media_discarded", "holds what is to be deleted at once"),
    ("patients_unsearched", "holds patients that are not in the search yet; none after the start"),
    ("patients_labelled", "holds the labels of patients who have any, read where one is chosen"),
    ("patients_menu_stale", "holds patients whose menu is to be seen to; it is asked for a few, or counted"),
    ("patients_menu_left", "holds patients whose account was taken from them since the last round"),
    ("patients_menu_done", "is emptied from its beginning when the menus are made anew"),
    ("patients_demo", "holds the patients of the demo clinic"),
    ("strangers_by_rank", "holds the strangers who wait for staff"),
    ("strangers_unasked", "holds strangers LINE was not asked after yet; none soon after they wrote"),
    ("uploads_unused", "holds what was uploaded within a day and not used yet"),
    ("webhook_events_open", "holds events that were not worked on yet"),
    ("webhook_events_redelivered", "is asked whether it holds anything"),
    ("worklist_due", "holds the open worklist items"),
];

/// Scans that are meant: what the statement holds, the table, and why.
const MEANT: &[(&str, &str, &str)] = &[
    (
        "FROM patients WHERE demo = FALSE",
        "patients",
        "at a start in practice mode; ends at the first real one",
    ),
    ("SET lock_by = NULL WHERE lock_by", "Jobs", "at the start; what is due and the last that are done"),
    ("DELETE FROM Workers", "Jobs", "at the start, to prove that no job names a worker"),
];

/// Statements that sort all they find for the few they change, and why that is little.
const SORTED: &[(&str, &str)] = &[
    ("d.state = 'failed' AND d.expires_at > $1", "holds what failed and is still fresh: of the last hours"),
    ("WITH missed AS", "holds who missed several questions in the last days, of whom most are shown"),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_scans_a_table_that_grows() {
    watch_statements();
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
                wrong.extend(sorts(sql, &lines));
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

/// Whether a statement that changes a few rows of a table that grows finds and sorts all of them
/// first.
fn sorts(sql: &str, lines: &[String]) -> Option<String> {
    let sorts = !sql.starts_with("SELECT")
        && sql.contains(" LIMIT ")
        && lines.iter().any(|l| l == "USE TEMP B-TREE FOR ORDER BY");
    let grows = tables(sql).values().flatten().any(|table| GROWING.contains(&table.as_str()));
    let meant = SORTED.iter().any(|(part, _)| sql.contains(part));
    (sorts && grows && !meant).then(|| format!("sorts all for a few in\n    {sql}"))
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

/// The lines of SQLite's plan for a statement.
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
    let lists: [(&str, &[&str]); 13] = [
        ("/api/messages", &[&p, &a, "state=held", "cause=blocked"]),
        ("/api/assignments", &[&p, &c, "status=paused", "search=a"]),
        ("/api/assignments/counts", &[&p, &c, "search=abc"]),
        ("/api/interactions", &[&p, &a, "status=missed", "from=2026-01-01", "to=2026-12-31"]),
        ("/api/worklist", &[&p, "reason=missed", "resolved=true", "snoozed=true"]),
        ("/api/patients", &["search=a", "tag=hernia", "group=linked", "sort=name"]),
        ("/api/patients", &["group=followed", "sort=answered"]),
        ("/api/patients/tags", &[]),
        ("/api/answers", &[]),
        ("/api/statistics/answers", &[&p, &c]),
        ("/api/jobs/failed-deliveries", &[]),
        ("/api/statistics/drifting", &["days=90"]),
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

#[test]
fn the_names_of_a_statement_lead_to_its_tables() {
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
    assert!(statistics::recount_day(&mut tx, app.core().now()).await.expect("a day"));
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
    app.leaves(Left::Interaction, "the messages that failed are rows without a past");
}
