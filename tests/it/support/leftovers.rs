//! A test ends at rest, with nothing left half-way: looked at when its program is dropped.
//! What a test leaves on purpose it names, with the reason.

use std::{path::Path, thread};

use clinicue::store::{
    FILE_NAME,
    sql::{Pool, query_scalar},
};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::{TestApp, log};

/// What may be left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// A job that waits, is claimed, or is for no delivery; a delivery whose job is gone.
    Job,
    /// A message that somebody in the process still believes to be on its way.
    OnItsWay,
    /// An event from LINE that nobody worked on.
    Event,
    /// A delivery and the log of interactions that say different things.
    Interaction,
    /// Sums that are not those of the log of interactions.
    Sum,
    /// What LINE accepted and what is recorded as sent.
    Record,
    /// A row that refers to nothing, or a damaged page.
    Damage,
    /// A task of the program that ended and was started again.
    Restart,
    /// An error in the log of the program.
    Error,
    /// A call that the practice LINE refused.
    Refusal,
}

/// One thing that is left over.
type Found = (Left, String);

/// What no database of a program at rest may hold; each line of the answer is one of them.
const RULES: &[(Left, &str)] = &[
    (
        Left::Job,
        "SELECT job_type || ' ' || status || ' ' || idempotency_key FROM Jobs
         WHERE status IN ('Pending', 'Queued', 'Running')",
    ),
    (
        Left::Job,
        "SELECT 'for no delivery: ' || j.status || ' ' || j.id FROM Jobs j
         WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = j.idempotency_key)",
    ),
    (
        Left::Job,
        "SELECT 'queued without a job: ' || d.id FROM deliveries d
         WHERE d.state = 'queued' AND NOT EXISTS (SELECT 1 FROM Jobs j WHERE j.idempotency_key = d.id
            AND j.status IN ('Pending', 'Queued', 'Running'))",
    ),
    (
        Left::Job,
        "SELECT 'repeated without a next time: ' || r.id FROM recurrences r
         WHERE r.active = TRUE AND NOT EXISTS (SELECT 1 FROM deliveries d
            WHERE d.recurrence_id = r.id AND d.state = 'scheduled')",
    ),
    (Left::Event, "SELECT event_type || ' ' || id FROM webhook_events WHERE processed_at IS NULL"),
    (
        Left::Interaction,
        "SELECT 'not in the log: ' || d.state || ' ' || d.id FROM deliveries d
         WHERE (d.state IN ('sent', 'failed', 'review') OR (d.state = 'cancelled' AND d.maybe_sent_at IS NOT NULL))
            AND NOT EXISTS (SELECT 1 FROM interaction_logs i WHERE i.id = d.id)",
    ),
    (
        Left::Interaction,
        "SELECT i.status || ' in the log: ' || d.state || ' ' || d.id FROM interaction_logs i
         JOIN deliveries d ON d.id = i.id WHERE (d.state = 'sent') <> (i.status <> 'failed')",
    ),
    (
        Left::Interaction,
        "SELECT 'of no delivery: ' || i.id FROM interaction_logs i
         WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = i.id)",
    ),
    (
        Left::Interaction,
        "SELECT 'sent, nobody knows when: ' || id FROM deliveries WHERE state = 'sent' AND accepted_at IS NULL",
    ),
    (
        Left::Sum,
        "SELECT 'summed ' || s.total || ', ' || s.failed || ', ' || s.responded || ', ' || s.missed
            || '; in the log ' || l.total || ', ' || l.failed || ', ' || l.responded || ', ' || l.missed
         FROM (SELECT COALESCE(SUM(total), 0) AS total, COALESCE(SUM(failed), 0) AS failed,
            COALESCE(SUM(responded), 0) AS responded, COALESCE(SUM(missed), 0) AS missed FROM delivery_stats) s,
            (SELECT COUNT(*) AS total, COUNT(*) FILTER (WHERE status = 'failed') AS failed,
            COUNT(*) FILTER (WHERE status = 'responded') AS responded,
            COUNT(*) FILTER (WHERE status = 'missed') AS missed FROM interaction_logs) l
         WHERE NOT EXISTS (SELECT 1 FROM settings WHERE key = 'stats.recount')
            AND (s.total <> l.total OR s.failed <> l.failed OR s.responded <> l.responded OR s.missed <> l.missed)",
    ),
];

/// What PostgreSQL sees to by itself.
const RULES_OF_SQLITE: &[(Left, &str)] = &[
    (
        Left::Damage,
        "SELECT \"table\" || ' row ' || rowid || ' has no ' || parent FROM pragma_foreign_key_check",
    ),
    (Left::Damage, "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
];

impl TestApp {
    /// Says that something is left over on purpose.
    pub fn leaves(&self, what: Left, reason: &str) {
        assert!(reason.len() > 10, "{reason}: a reason is a sentence");
        self.leaves.lock().expect("not poisoned").push(what);
    }

    /// What is left over and was not said to be.
    pub fn leftovers(&self) -> Vec<Found> {
        let Some(app) = &self.app else { return Vec::new() };
        let core = &app.core;
        let mut found: Vec<Found> = Vec::new();
        let mut note = |what, lines: Vec<String>| found.extend(lines.into_iter().map(|line| (what, line)));
        note(Left::Error, log::take_errors(self.runtime));
        let restarted = core.supervisor.all().into_iter().filter(|(_, standing)| standing.restarts > 0);
        note(Left::Restart, restarted.map(|(name, _)| name.to_owned()).collect());
        let busy = core.queues.busy_ids();
        note(Left::OnItsWay, busy.iter().map(ToString::to_string).collect());
        let line = core.sandbox.as_ref().unwrap_or(&self.line);
        note(Left::Refusal, line.sandbox.refused());
        let accepted = line.sandbox.accepted();
        // Some tests send to a LINE of their own.
        let sends_there = core.sandbox.is_some() || core.config.line.api_base == line.base_url();
        let (folder, url) = (self.dir.path(), self.database.as_deref());
        // The runtime of the test stands still meanwhile, and with it the program.
        let looked = thread::scope(|scope| scope.spawn(|| look(folder, url)).join().expect("looked"));
        found.extend(looked.found);
        if sends_there && looked.sent > i64::try_from(accepted).expect("few") {
            found.push((Left::Record, format!("{} are sent, LINE accepted {accepted}", looked.sent)));
        }
        let meant = self.leaves.lock().expect("not poisoned");
        found.retain(|(what, _)| !meant.contains(what));
        found
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // A test that fails has said why, and is anywhere.
        if thread::panicking() {
            return;
        }
        let left: Vec<_> = self.leftovers().iter().map(|(what, line)| format!("{what:?}: {line}")).collect();
        assert!(left.is_empty(), "the test leaves over:\n{}", left.join("\n"));
    }
}

/// What a look into the database showed.
struct Looked {
    found: Vec<Found>,
    /// How many messages are recorded as sent.
    sent: i64,
}

/// Looks into the database of a program from outside.
fn look(folder: &Path, url: Option<&str>) -> Looked {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let pool = connect(folder, url).await;
        let own = if matches!(pool, Pool::Sqlite(_)) { RULES_OF_SQLITE } else { &[] };
        let mut found = Vec::new();
        for (what, sql) in RULES.iter().chain(own) {
            let lines = query_scalar::<String>(*sql).fetch_all(&pool).await;
            found.extend(lines.expect(sql).into_iter().map(|line| (*what, line)));
        }
        let sent = query_scalar("SELECT COUNT(*) FROM deliveries WHERE state = 'sent'");
        let sent = sent.fetch_one(&pool).await.expect("counted");
        pool.close().await;
        Looked { found, sent }
    })
}

async fn connect(folder: &Path, url: Option<&str>) -> Pool {
    #[cfg(feature = "postgres")]
    if let Some(url) = url {
        let one = sqlx::postgres::PgPoolOptions::new().max_connections(1);
        return Pool::Postgres(one.connect(url).await.expect("the server is there"));
    }
    assert!(url.is_none(), "PostgreSQL is not built in");
    let file = SqliteConnectOptions::new().filename(folder.join(FILE_NAME)).read_only(true);
    let one = SqlitePoolOptions::new().max_connections(1);
    Pool::Sqlite(one.connect_with(file).await.expect("the database opens"))
}

#[cfg(test)]
mod tests {
    use clinicue::store::sql::query;
    use serde_json::json;

    use super::*;

    async fn write(app: &TestApp, sql: &'static str) {
        query(sql).execute(app.core().store.writer()).await.expect("written");
    }

    /// A program with two messages that were sent.
    async fn used() -> TestApp {
        let app = TestApp::start().await;
        let patient = app.patient(1).await;
        app.send(&patient, "one").await;
        app.send(&patient, "two").await;
        app.drain().await;
        app
    }

    /// Whether exactly these are left over; they are allowed from then on.
    fn are_left(app: &TestApp, kinds: &[Left]) {
        let mut found: Vec<_> = app.leftovers().into_iter().map(|(what, _)| what).collect();
        found.dedup();
        assert_eq!(found, kinds);
        kinds.iter().for_each(|what| app.leaves(*what, "it was broken to be found"));
    }

    #[tokio::test]
    #[should_panic(expected = "the test leaves over:\nEvent: follow ")]
    async fn a_test_that_leaves_something_over_fails() {
        let app = TestApp::start().await;
        let event = json!({ "type": "follow", "webhookEventId": "01EVENT" });
        app.webhook(&json!({ "events": [event] }).to_string()).await.expect(200);
    }

    #[tokio::test]
    async fn what_is_left_half_way_in_the_database_is_found() {
        let app = used().await;
        are_left(&app, &[]);
        write(&app, "UPDATE Jobs SET status = 'Queued'").await;
        are_left(&app, &[Left::Job]);
        write(&app, "UPDATE deliveries SET state = 'held'").await;
        are_left(&app, &[Left::Interaction]);
        write(&app, "UPDATE delivery_stats SET failed = failed + 1").await;
        are_left(&app, &[Left::Sum]);
    }

    #[tokio::test]
    async fn what_line_never_got_is_found() {
        let app = used().await;
        app.post("/api/sending/pause", json!({})).await.expect(200);
        let patient = app.patient(2).await;
        let message = app.send(&patient, "never sent").await;
        app.drain().await;
        let sent = "UPDATE deliveries SET state = 'sent', accepted_at = due_at WHERE id = $1";
        query(sent).bind(message).execute(app.core().store.writer()).await.expect("written");
        app.leaves(Left::Interaction, "only what LINE got is looked at");
        are_left(&app, &[Left::Record]);
    }

    #[tokio::test]
    async fn what_goes_wrong_in_the_process_is_found() {
        let app = used().await;
        let id = app.patient(2).await.parse().expect("an id");
        let _busy = app.core().queues.unrecorded().add(clinicue::ids::DeliveryId(id));
        are_left(&app, &[Left::OnItsWay]);
        tracing::error!(target: "clinicue::app", "on purpose");
        are_left(&app, &[Left::Error]);
        app.core().supervisor.spawn("ends", || async { Ok(()) });
        while app.core().supervisor.health_of("ends").is_none_or(|task| task.restarts == 0) {
            tokio::task::yield_now().await;
        }
        are_left(&app, &[Left::Restart]);
        let push = super::super::client().post(format!("{}/v2/bot/message/push", app.line.base_url()));
        push.bearer_auth("token").body("{}").send().await.expect("an answer");
        are_left(&app, &[Left::Refusal]);
    }

    #[tokio::test]
    async fn a_row_that_refers_to_nothing_is_found() {
        let app = used().await;
        if app.database.is_some() {
            return; // PostgreSQL takes no such row.
        }
        let other = SqliteConnectOptions::new().filename(app.dir.path().join(FILE_NAME)).foreign_keys(false);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(other).await.expect("it opens");
        let orphan =
            "UPDATE deliveries SET assignment_id = 'nobody' WHERE id = (SELECT MIN(id) FROM deliveries)";
        query(orphan).execute(&Pool::Sqlite(pool.clone())).await.expect("written");
        pool.close().await;
        are_left(&app, &[Left::Damage]);
    }
}
