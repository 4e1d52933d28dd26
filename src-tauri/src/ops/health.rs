//! Checks of the program's health.

use std::{iter, time::Duration};

use super::{
    Caller,
    jobs::ticks,
    sending::NOT_CONNECTED,
    wire::{Nothing, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{delivery::Cause, media::Reason, named_enum},
    error::{Result, Trouble, trouble},
    queue::{self, Name},
    store::{Remark, deliveries, media, settings},
    tasks::TaskHealth,
};

named_enum! {
    /// A part of the program that is checked.
    CheckName {
        Database = "database",
        Writer = "writer",
        Queue = "queue",
        OldestQueued = "oldestQueued",
        Workers = "workers",
        Scheduler = "scheduler",
        Tick = "tick",
        Recorder = "recorder",
        Inbox = "inbox",
        Intake = "intake",
        Media = "media",
        Menu = "menu",
        Recount = "recount",
        Line = "line",
    }
}

outputs! {
    /// The result of one check.
    pub(crate) struct Check {
        /// The part of the program that was checked.
        pub(crate) name: CheckName,
        /// Whether it is within its limits; one check that is not makes the program unhealthy.
        pub(crate) ok: bool,
        /// The finding in English.
        pub(crate) detail: String,
        /// The finding as a code with its numbers, for translation.
        pub(crate) finding: Finding,
        /// The age of the oldest queued message in seconds; null in any other check.
        pub(crate) seconds: Option<i64>,
    }

    /// The checks, and their overall result.
    pub struct Health {
        /// `healthy` where every check is ok, else `unhealthy`.
        pub status: String,
        /// One entry for each checked part.
        pub(crate) checks: Vec<Check>,
        /// When the checks were made.
        pub(crate) timestamp: Timestamp,
    }
}

/// The longest time for a write, above that of any transaction of ours, and for a read, above what
/// anybody waits for a page; beyond it the check fails.
const WRITE_WITHIN: Duration = Duration::from_secs(5);

const READ_WITHIN: Duration = Duration::from_secs(2);

/// Seconds a message may be queued, neither sent nor held, before it counts as stranded.
const MAX_QUEUED_S: i64 = 180;

/// The finding of a check.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(tag = "code", rename = "HealthFinding", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Finding {
    /// The database answers in time when it is read.
    CanBeRead {
        /// What staff should know all the same.
        remarks: Vec<Remark>,
    },
    /// The database answers in time when it is written.
    CanBeWritten,
    /// The file is damaged; a backup is to be restored.
    Damaged {
        /// What the check of the file said, in SQLite's words.
        detail: String,
    },
    /// A fault that may pass by itself.
    Trouble {
        /// The fault that keeps it from its work.
        trouble: Trouble,
    },
    /// It fails; the log has the cause.
    Fails,
    /// It did not answer in time: 2 s for a read, 5 s for a write.
    TakesTooLong,
    /// A message is queued.
    Queued {
        /// The age of the oldest one, in whole seconds.
        seconds: i64,
    },
    /// No message is queued.
    NothingQueued,
    /// Every worker is running.
    WorkersUp,
    /// Workers stopped; they are being started again.
    WorkersStopped,
    /// The tick looks for due work in time.
    OnTime,
    /// The tick has not looked for two minutes.
    Late,
    /// The tick is run by hand, in a test.
    RunByHand,
    /// It stopped; it is being started again.
    Stopped,
    /// It runs, whether or not it had to be started again.
    Runs {
        /// How often it was started again.
        restarts: u64,
    },
    /// LINE does not take messages, for a reason that may end.
    Line {
        /// Why LINE does not take them.
        cause: Cause,
    },
    /// There is no channel to send by.
    NotConnected,
    TakesMessages,
}

impl Finding {
    const fn is_ok(&self) -> bool {
        match self {
            Self::CanBeRead { .. }
            | Self::CanBeWritten
            | Self::NothingQueued
            | Self::WorkersUp
            | Self::OnTime
            | Self::RunByHand
            | Self::Runs { .. }
            | Self::TakesMessages => true,
            Self::Queued { seconds } => *seconds <= MAX_QUEUED_S,
            Self::Damaged { .. }
            | Self::Trouble { .. }
            | Self::Fails
            | Self::TakesTooLong
            | Self::WorkersStopped
            | Self::Late
            | Self::Stopped
            | Self::Line { .. }
            | Self::NotConnected => false,
        }
    }

    fn in_words(&self) -> String {
        let words = match self {
            Self::CanBeRead { remarks } => {
                let remarks = remarks.iter().map(Remark::to_string);
                return iter::once("can be read".to_owned()).chain(remarks).collect::<Vec<_>>().join("; ");
            }
            Self::CanBeWritten => "can be written",
            Self::Damaged { detail } => return format!("is damaged ({detail}); restore a backup"),
            Self::Trouble { trouble } => trouble.in_words(),
            Self::Fails => "fails; the log has the cause",
            Self::TakesTooLong => "takes too long",
            Self::Queued { seconds } => return format!("the oldest queued message waits for {seconds} s"),
            Self::NothingQueued => "no message is queued",
            Self::WorkersUp => "are up",
            Self::WorkersStopped => "stopped; they are being restarted",
            Self::OnTime => "looks on time",
            Self::Late => "has not looked for two minutes",
            Self::RunByHand => "is run by hand",
            Self::Stopped => "stopped; it is being restarted",
            Self::Runs { restarts: 0 } => "runs",
            Self::Runs { restarts: 1 } => "runs; it was restarted once",
            Self::Runs { restarts } => return format!("runs; it was restarted {restarts} times"),
            Self::Line { cause } => cause.in_words(),
            Self::NotConnected => NOT_CONNECTED,
            Self::TakesMessages => "takes messages",
        };
        words.to_owned()
    }
}

/// The tasks that run as long as the program and have no other check.
const TASKS: [CheckName; 6] = [
    CheckName::Tick,
    CheckName::Recorder,
    CheckName::Inbox,
    CheckName::Intake,
    CheckName::Menu,
    CheckName::Recount,
];

/// Runs all checks. It answers within seconds, whatever is broken.
pub async fn health(core: &Core, _: &Caller, _: Nothing) -> Result<Health> {
    let now = core.now();
    let (database, writer, queue, oldest, media) =
        futures::join!(database(core), writer(core), queues(core), oldest_queued(core, now), media(core));
    let mut checks = vec![database, writer, queue, oldest, media, workers(core), scheduler(core, now)];
    checks.extend(TASKS.map(|name| task(core, name)));
    checks.push(line(core));
    let status = if checks.iter().all(|c| c.ok) { "healthy" } else { "unhealthy" };
    Ok(Health { status: status.to_owned(), checks, timestamp: now })
}

fn check(name: CheckName, finding: Finding) -> Check {
    let (ok, detail) = (finding.is_ok(), finding.in_words());
    let seconds = if let Finding::Queued { seconds } = finding { Some(seconds) } else { None };
    Check { name, ok, detail, finding, seconds }
}

/// Runs `work`, and says why it failed or took longer than `limit`.
async fn wrong<T>(limit: Duration, work: impl Future<Output = sqlx::Result<T>>) -> Result<T, Finding> {
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(trouble(&error).map_or(Finding::Fails, |trouble| Finding::Trouble { trouble })),
        Err(_) => Err(Finding::TakesTooLong),
    }
}

async fn database(core: &Core) -> Check {
    let read = settings::get::<Timestamp>(core.store.read(), settings::TOUCHED_AT);
    let wrong = wrong(READ_WITHIN, read).await.err();
    let finding = match core.store.damage() {
        Some(detail) => Finding::Damaged { detail },
        None => wrong.unwrap_or_else(|| Finding::CanBeRead { remarks: core.store.remarks() }),
    };
    check(CheckName::Database, finding)
}

async fn writer(core: &Core) -> Check {
    let wrong = wrong(WRITE_WITHIN, write_something(core)).await.err();
    check(CheckName::Writer, wrong.unwrap_or(Finding::CanBeWritten))
}

/// Writes something: a full disk shows only then.
async fn write_something(core: &Core) -> sqlx::Result<()> {
    let written = settings::touch(&core.store, core.now()).await;
    if written.is_err() {
        core.write_bell.notify_one();
    }
    written
}

async fn queues(core: &Core) -> Check {
    let counted = queue::counts(&core.store, &core.queues);
    let wrong = wrong(READ_WITHIN, counted).await.err();
    check(CheckName::Queue, wrong.unwrap_or(Finding::CanBeRead { remarks: Vec::new() }))
}

/// Checks whether patients' files can be fetched and written to the disk.
async fn media(core: &Core) -> Check {
    let unwritten = wrong(READ_WITHIN, media::unwritten(core.store.read())).await;
    let finding = match unwritten {
        Ok(Some(Reason::NoRoom)) => Finding::Trouble { trouble: Trouble::Full },
        Ok(Some(_)) => Finding::Trouble { trouble: Trouble::Files },
        Ok(None) => return task(core, CheckName::Media),
        Err(wrong) => wrong,
    };
    check(CheckName::Media, finding)
}

async fn oldest_queued(core: &Core, now: Timestamp) -> Check {
    let oldest = deliveries::oldest_queued_at(core.store.read());
    let finding = match wrong(READ_WITHIN, oldest).await {
        Ok(Some(at)) => Finding::Queued { seconds: now.millis_since(at).max(0) / 1000 },
        Ok(None) => Finding::NothingQueued,
        Err(wrong) => wrong,
    };
    let nothing = finding == Finding::NothingQueued;
    let found = check(CheckName::OldestQueued, finding);
    Check { seconds: found.seconds.or(nothing.then_some(0)), ..found }
}

fn workers(core: &Core) -> Check {
    let has_a_check = |name: &str| CheckName::ALL.iter().any(|check| check.as_str() == name);
    let dead = Name::ALL.into_iter().any(|name| !core.queues.is_alive(name))
        || core.supervisor.all().iter().any(|(name, health)| !health.is_up && !has_a_check(name));
    check(CheckName::Workers, if dead { Finding::WorkersStopped } else { Finding::WorkersUp })
}

fn scheduler(core: &Core, now: Timestamp) -> Check {
    check(CheckName::Scheduler, if ticks(core, now) { Finding::OnTime } else { Finding::Late })
}

fn task(core: &Core, name: CheckName) -> Check {
    let finding = match core.supervisor.health_of(name.as_str()) {
        None => Finding::RunByHand,
        Some(health) if !health.is_up => Finding::Stopped,
        Some(TaskHealth { trouble: Some(trouble), .. }) => Finding::Trouble { trouble },
        Some(TaskHealth { restarts, .. }) => Finding::Runs { restarts },
    };
    check(name, finding)
}

fn line(core: &Core) -> Check {
    let (down, refused) = {
        let channel = core.channel();
        (channel.down().map(|d| d.cause), channel.not_allowed_since().map(|_| Cause::NotAllowed))
    };
    let finding = match down.or(refused) {
        _ if !core.line.is_connected() => Finding::NotConnected,
        Some(cause) => Finding::Line { cause },
        None => Finding::TakesMessages,
    };
    check(CheckName::Line, finding)
}
