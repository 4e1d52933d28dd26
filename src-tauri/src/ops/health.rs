//! Whether everything works.

use std::time::Duration;

use super::jobs::ticks;
use super::{
    Caller,
    wire::{Nothing, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::delivery::Cause,
    error::{Result, Trouble, trouble},
    queue::{self, Name},
    store::{deliveries, settings},
};

outputs! {
    /// One thing that was looked at.
    pub struct Check {
        /// `database`, `writer`, `queue`, `oldestQueued`, `workers`, `scheduler`, `tick`,
        /// `recorder`, `inbox`, `intake` or `line`.
        pub name: String,
        /// Whether it works.
        pub ok: bool,
        /// What was found, in words.
        pub detail: String,
        /// The number the check goes by, where there is one: the age of the oldest queued
        /// message.
        pub seconds: Option<i64>,
    }

    /// Whether everything works.
    pub struct Health {
        /// `healthy` or `unhealthy`.
        pub status: String,
        /// What was looked at.
        pub checks: Vec<Check>,
        /// When.
        pub timestamp: Timestamp,
    }
}

/// A write that takes longer than any transaction of ours, or a read that takes longer than
/// anybody waits for a page, counts as failed.
const WRITE_WITHIN: Duration = Duration::from_secs(5);

const READ_WITHIN: Duration = Duration::from_secs(2);

/// A message that is queued and neither sent nor held for so long is stranded.
const MAX_QUEUED_S: i64 = 180;

/// Looks whether everything works. It answers within seconds whatever is broken.
pub async fn health(core: &Core, _: &Caller, _: Nothing) -> Result<Health> {
    let now = core.now();
    let (database, writer, queue, oldest) =
        futures::join!(database(core), writer(core), queues(core), oldest_queued(core, now));
    let mut checks = vec![database, writer, queue, oldest, workers(core), scheduler(core, now)];
    checks.extend(["tick", "recorder", "inbox", "intake"].map(|name| task(core, name)));
    checks.push(line(core));
    let status = if checks.iter().all(|c| c.ok) { "healthy" } else { "unhealthy" };
    Ok(Health { status: status.to_owned(), checks, timestamp: now })
}

fn check(name: &str, wrong: Option<&str>, right: &str) -> Check {
    let detail = wrong.unwrap_or(right).to_owned();
    Check { name: name.to_owned(), ok: wrong.is_none(), detail, seconds: None }
}

/// Why something could not be done within its time, in words.
async fn wrong<T>(limit: Duration, work: impl Future<Output = sqlx::Result<T>>) -> Result<T, &'static str> {
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(trouble(&error).map_or("fails; the log has the cause", Trouble::in_words)),
        Err(_) => Err("takes too long"),
    }
}

async fn database(core: &Core) -> Check {
    let read = settings::get::<Timestamp>(core.store.read(), settings::TOUCHED_AT);
    let wrong = wrong(READ_WITHIN, read).await.err();
    let damage = core.store.damage().map(|d| format!("is damaged ({d}); restore a backup"));
    let right = [vec!["can be read".to_owned()], core.store.remarks()].concat().join("; ");
    check("database", damage.as_deref().or(wrong), &right)
}

async fn writer(core: &Core) -> Check {
    check("writer", wrong(WRITE_WITHIN, write_something(core)).await.err(), "can be written")
}

/// A full disk shows only when something is really written.
async fn write_something(core: &Core) -> sqlx::Result<()> {
    let written = settings::touch(&core.store, core.now()).await;
    if written.is_err() {
        core.write_bell.notify_one();
    }
    written
}

async fn queues(core: &Core) -> Check {
    let counted = queue::counts(&core.store, &core.queues);
    check("queue", wrong(READ_WITHIN, counted).await.err(), "can be read")
}

async fn oldest_queued(core: &Core, now: Timestamp) -> Check {
    let oldest = deliveries::oldest_queued_at(core.store.read());
    let oldest = match wrong(READ_WITHIN, oldest).await {
        Ok(oldest) => oldest,
        Err(wrong) => return check("oldestQueued", Some(wrong), ""),
    };
    let seconds = oldest.map_or(0, |at| now.millis_since(at).max(0) / 1000);
    let detail = match oldest {
        Some(_) => format!("the oldest queued message waits for {seconds} s"),
        None => "no message is queued".to_owned(),
    };
    let ok = seconds <= MAX_QUEUED_S;
    Check { name: "oldestQueued".to_owned(), ok, detail, seconds: Some(seconds) }
}

/// The workers and what works for them alone.
fn workers(core: &Core) -> Check {
    let dead = Name::ALL.into_iter().any(|name| !core.queues.is_alive(name));
    let helpers = ["reader", "message-delivery-returns", "scheduled-messages-returns", "probe"];
    let dead = dead || helpers.iter().any(|name| core.supervisor.standing(name).is_some_and(|s| !s.is_up));
    check("workers", dead.then_some("stopped; they are being restarted"), "are up")
}

fn scheduler(core: &Core, now: Timestamp) -> Check {
    let late = !ticks(core, now);
    check("scheduler", late.then_some("has not looked for two minutes"), "looks on time")
}

/// A task that runs as long as the program.
fn task(core: &Core, name: &str) -> Check {
    let Some(standing) = core.supervisor.standing(name) else {
        return check(name, None, "is run by hand");
    };
    let wrong = match (standing.is_up, standing.trouble) {
        (false, _) => Some("stopped; it is being restarted".to_owned()),
        (true, trouble) => trouble,
    };
    let right = match standing.restarts {
        0 => "runs".to_owned(),
        1 => "runs; it was restarted once".to_owned(),
        often => format!("runs; it was restarted {often} times"),
    };
    check(name, wrong.as_deref(), &right)
}

fn line(core: &Core) -> Check {
    let (down, refused) = {
        let channel = core.channel();
        (channel.down().map(|d| d.cause), channel.not_allowed_since().map(|_| Cause::NotAllowed))
    };
    let wrong = down.or(refused).map(Cause::in_words);
    let not_connected = (!core.line.is_connected()).then_some(super::sending::NOT_CONNECTED);
    check("line", not_connected.or(wrong), "takes messages")
}
