//! The minimal queue: one SQLite table, claimed, posted and recorded one row each by a hand-written
//! loop, as durable as Clinicue's. The figures of Clinicue are measured against it.

use std::{path::Path, str::FromStr as _, sync::Arc, time::Instant};

use serde_json::json;
use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::sync::{Mutex, mpsc};

/// Pushes under way at once.
const WORKERS: usize = 10;
/// Rows claimed and recorded in one transaction.
const BATCH: usize = 200;

type Job = (i64, String);
type Done = (i64, String);

/// Sends `count` messages through the queue. Returns the seconds until all were accepted into it,
/// and until all were recorded.
pub(crate) async fn run(line: &str, dir: &Path, count: usize) -> (f64, f64) {
    let mut conn = open(dir).await;
    let (jobs, ready) = mpsc::channel::<Job>(BATCH * 2);
    let (done, mut results) = mpsc::channel::<Done>(BATCH * 2);
    let ready = Arc::new(Mutex::new(ready));
    for _ in 0..WORKERS {
        tokio::spawn(work(
            crate::outside(),
            format!("{line}/v2/bot/message/push"),
            Arc::clone(&ready),
            done.clone(),
        ));
    }
    let began = Instant::now();
    for first in (0..count).step_by(1_000) {
        accept(&mut conn, first).await;
    }
    let accepted_in = began.elapsed().as_secs_f64();
    let (mut recorded, mut open, mut batch) = (0, 0, Vec::new());
    while recorded < count {
        if open > 0 {
            results.recv_many(&mut batch, BATCH).await;
        }
        open -= batch.len();
        recorded += batch.len();
        let claimed = turn(&mut conn, &batch, BATCH * 2 - open).await;
        open += claimed.len();
        batch.clear();
        for job in claimed {
            jobs.send(job).await.expect("the workers live");
        }
    }
    let took = began.elapsed().as_secs_f64();
    let rows: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM log").fetch_one(&mut conn).await.expect("counted");
    assert_eq!(usize::try_from(rows).expect("small"), count, "one row each");
    (accepted_in, took)
}

async fn open(dir: &Path) -> SqliteConnection {
    let mut conn = SqliteConnectOptions::from_str("sqlite://")
        .expect("options")
        .filename(dir.join("minimal.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .expect("opens");
    for sql in [
        "CREATE TABLE queue (id INTEGER PRIMARY KEY, body TEXT NOT NULL, state INTEGER NOT NULL)",
        "CREATE INDEX ready ON queue (id) WHERE state = 0",
        "CREATE TABLE log (id INTEGER PRIMARY KEY, message_id TEXT NOT NULL)",
    ] {
        sqlx::query(sql).execute(&mut conn).await.expect("made");
    }
    conn
}

async fn accept(conn: &mut SqliteConnection, first: usize) {
    let to = format!("U{:032x}", 1);
    let body = json!({ "to": to, "messages": [{ "type": "text", "text": "Time for your medicine." }] });
    let rows: Vec<_> = (first..first + 1_000).map(|id| json!([id, body.to_string()])).collect();
    sqlx::query("INSERT INTO queue SELECT value ->> 0, value ->> 1, 0 FROM json_each($1)")
        .bind(json!(rows).to_string())
        .execute(conn)
        .await
        .expect("accepted");
}

/// Records what is done and claims what is next, in one transaction.
async fn turn(conn: &mut SqliteConnection, done: &[Done], room: usize) -> Vec<Job> {
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.expect("begun");
    if !done.is_empty() {
        let rows = json!(done).to_string();
        for sql in [
            "UPDATE queue SET state = 2 WHERE id IN (SELECT value ->> 0 FROM json_each($1))",
            "INSERT INTO log SELECT value ->> 0, value ->> 1 FROM json_each($1)",
        ] {
            sqlx::query(sql).bind(&rows).execute(&mut *tx).await.expect("recorded");
        }
    }
    let claimed = sqlx::query_as(
        "UPDATE queue SET state = 1
         WHERE id IN (SELECT id FROM queue WHERE state = 0 ORDER BY id LIMIT $1) RETURNING id, body",
    )
    .bind(i64::try_from(room).expect("small"))
    .fetch_all(&mut *tx)
    .await
    .expect("claimed");
    tx.commit().await.expect("committed");
    claimed
}

async fn work(
    http: reqwest::Client,
    url: String,
    ready: Arc<Mutex<mpsc::Receiver<Job>>>,
    done: mpsc::Sender<Done>,
) {
    loop {
        let job = ready.lock().await.recv().await;
        let Some((id, body)) = job else { return };
        let request = http
            .post(&url)
            .bearer_auth("token")
            .header("content-type", "application/json")
            .header("x-line-retry-key", format!("00000000-0000-0000-0000-{id:012}"))
            .body(body);
        let answer = request.send().await.expect("an answer").bytes().await.expect("a body");
        let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
        let message = answer["sentMessages"][0]["id"].as_str().unwrap_or_default().to_owned();
        if done.send((id, message)).await.is_err() {
            return;
        }
    }
}
