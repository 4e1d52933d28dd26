//! The queues, what failed, the recurring work: `/api/jobs`.

use std::time::Duration;

use chrono_tz::Tz;

use super::{
    Caller, Paged, announce, audit,
    wire::{Nothing, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::{
        calendar::{local_of, start_of_day},
        delivery::{Cause, KEY_LIFE_MS, State},
    },
    error::{Problem, Result, Trouble, trouble},
    ids::{AssignmentId, DeliveryId, PatientId},
    queue::{self, Name},
    schedule::recurring,
    store::{assignments, cron_jobs, deliveries, jobs, settings, stats, worklist},
};

inputs! {
    /// Which days.
    pub struct StatsRange {
        /// The first day in the clinic's zone, or an RFC 3339 time; 29 days before `to` where
        /// it is left out.
        #[serde(default)]
        pub from: Option<String>,
        /// The last day, included, or an RFC 3339 time, not included; today where it is left
        /// out.
        #[serde(default)]
        pub to: Option<String>,
    }

    /// How many failed deliveries.
    pub struct ListFailed {
        /// Rows of a page: 1 to 200; 50 where it is left out.
        #[serde(default)]
        pub limit: Option<u32>,
        /// `nextCursor` of the page before.
        #[serde(default)]
        pub cursor: Option<String>,
    }

    /// How many to retry.
    pub struct RetryFailed {
        /// 1 to 1,000; 20 where it is left out.
        #[serde(default)]
        pub limit: Option<u32>,
    }

    /// What to clean up.
    pub struct Cleanup {
        /// Finished jobs older than this; 0 to 8,760 hours, 24 where it is left out.
        #[serde(default)]
        pub hours: Option<u32>,
    }
}

outputs! {
    /// How many jobs stand where.
    pub struct QueueCounts {
        /// Ready, not begun.
        pub waiting: i64,
        /// Being run.
        pub active: i64,
        /// Accepted for later, wherever it waits.
        pub delayed: i64,
        /// Finished well and still kept.
        pub completed: i64,
        /// Failed and still kept.
        pub failed: i64,
    }

    /// The counts of both queues.
    pub struct Queues {
        /// Messages that are due.
        pub message_delivery: QueueCounts,
        /// Scheduled and recurring messages.
        pub scheduled_messages: QueueCounts,
    }

    /// A piece of recurring work.
    pub struct CronJob {
        /// `retry-sweep` or `maintenance`.
        pub name: String,
        /// When, in UTC.
        pub cron: String,
        /// When it last ran.
        pub last_run_at: Option<Timestamp>,
        /// When it runs next.
        pub next_run_at: Timestamp,
    }

    /// The scheduler.
    pub struct Scheduler {
        /// Whether it looked within the last two minutes.
        pub running: bool,
        /// When it last looked.
        pub last_tick_at: Option<Timestamp>,
        /// When something is due next.
        pub next_due_at: Option<Timestamp>,
        /// The recurring work.
        pub cron_jobs: Vec<CronJob>,
    }

    /// Queues and scheduler.
    pub struct JobsStats {
        /// The queues.
        pub queues: Queues,
        /// The scheduler.
        pub scheduler: Scheduler,
        /// When this was counted.
        pub timestamp: Timestamp,
    }

    /// What became of messages.
    pub struct DeliveryStats {
        /// The beginning, included.
        pub from: Timestamp,
        /// The end, not included.
        pub to: Timestamp,
        /// Messages with an outcome in the range.
        pub total: i64,
        /// Accepted by LINE.
        pub sent: i64,
        /// Not accepted.
        pub failed: i64,
        /// Of the sent: the chat is proven to work after it.
        pub delivered: i64,
        /// Of the sent: seen.
        pub read: i64,
        /// Of the sent: answered.
        pub responded: i64,
        /// Of the sent: asked, and not answered in time.
        pub missed: i64,
        /// sent / (sent + failed); null when there is nothing to divide.
        pub success_rate: Option<f64>,
        /// Milliseconds from due to accepted, on average.
        pub average_delivery_ms: Option<f64>,
        /// Answered / sent messages that asked.
        pub response_rate: Option<f64>,
    }

    /// A delivery that failed or waits for a person.
    pub struct FailedDelivery {
        /// The message's id.
        pub id: DeliveryId,
        /// To whom.
        pub patient_id: PatientId,
        /// The patient's name.
        pub patient_name: String,
        /// Of which assignment.
        pub assignment_id: Option<AssignmentId>,
        /// Why, in plain words.
        pub cause: String,
        /// Why, as a stable name.
        pub cause_code: Option<Cause>,
        /// Whether sending it again, unchanged, can help and is safe now.
        pub retryable: bool,
        /// Attempts so far.
        pub attempts: i64,
        /// When it was last tried.
        pub last_attempt_at: Option<Timestamp>,
        /// When it was due.
        pub due_at: Timestamp,
        /// LINE's status.
        pub http_status: Option<i64>,
        /// LINE's words, or ours.
        pub message: String,
        /// failed or review.
        pub state: State,
    }

    /// How many were queued again.
    pub struct Retried {
        /// How many.
        pub retried_count: u64,
    }

    /// Finished jobs that were removed.
    pub struct Removed {
        /// Of sent and cancelled messages.
        pub completed_jobs: u64,
        /// Of failed ones.
        pub failed_jobs: u64,
    }

    /// What a maintenance did.
    pub struct MaintenanceReport {
        /// Finished jobs that were removed.
        pub removed: Removed,
        /// Failed deliveries that were queued again.
        pub retried: u64,
        /// When it ran.
        pub ran_at: Timestamp,
    }

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

/// The scheduler looks at least once a minute; twice that is late.
const LATE_MS: i64 = 120_000;

/// Queues, scheduler and recurring work.
pub async fn stats(core: &Core, _: &Caller, _: Nothing) -> Result<JobsStats> {
    let pool = core.store.read();
    let [delivery, scheduled] = queue::counts(&core.store, &core.queues).await?;
    let (scheduled_later, others_later) = deliveries::count_waiting(pool).await?;
    let counts = |c: queue::Counts, delayed| QueueCounts {
        waiting: c.waiting,
        active: c.active,
        delayed,
        completed: c.completed,
        failed: c.failed,
    };
    let cron_jobs = cron_jobs::all(pool).await?.into_iter().map(|j| CronJob {
        name: j.name,
        cron: j.cron,
        last_run_at: j.last_run_at,
        next_run_at: j.next_run_at,
    });
    let now = core.now();
    Ok(JobsStats {
        queues: Queues {
            message_delivery: counts(delivery, others_later),
            scheduled_messages: counts(scheduled, scheduled_later),
        },
        scheduler: Scheduler {
            running: ticks(core, now),
            last_tick_at: core.ticked_at(),
            next_due_at: next_due_at(core).await?,
            cron_jobs: cron_jobs.collect(),
        },
        timestamp: now,
    })
}

fn ticks(core: &Core, now: Timestamp) -> bool {
    core.ticked_at().is_some_and(|at| now.millis_since(at).abs() <= LATE_MS)
}

/// When the next message is due: a step of a follow-up or a message that waits.
pub(super) async fn next_due_at(core: &Core) -> Result<Option<Timestamp>> {
    let pool = core.store.read();
    let waiting = deliveries::next_attempt_at(pool).await?;
    let planned = assignments::next_due_at(pool).await?;
    Ok(waiting.into_iter().chain(planned).min())
}

/// What became of the messages of some days.
pub async fn delivery_stats(core: &Core, _: &Caller, input: StatsRange) -> Result<DeliveryStats> {
    let zone = core.clinic().time_zone;
    let (from, to) = range(input.from.as_deref(), input.to.as_deref(), zone, core.now())?;
    let s = stats::sums(core.store.read(), from, to).await?;
    Ok(DeliveryStats {
        from,
        to,
        total: s.total,
        sent: s.sent,
        failed: s.failed,
        delivered: s.delivered,
        read: s.seen,
        responded: s.responded,
        missed: s.missed,
        success_rate: ratio(s.sent, s.sent + s.failed),
        average_delivery_ms: ratio(s.delivery_ms, s.sent),
        response_rate: ratio(s.responded, s.asked),
    })
}

/// The span from one day to another, both included; the last 30 days where none is given.
pub(super) fn range(
    from: Option<&str>,
    to: Option<&str>,
    zone: Tz,
    now: Timestamp,
) -> Result<(Timestamp, Timestamp)> {
    let today = local_of(now, zone).date();
    let to = match super::wire::end_of("to", to, zone)? {
        Some(to) => to,
        None => today.succ_opt().and_then(|d| start_of_day(d, zone)).unwrap_or(now),
    };
    let usual = || {
        let last = local_of(to.plus_millis(-1), zone).date();
        last.checked_sub_days(chrono::Days::new(29)).and_then(|d| start_of_day(d, zone)).unwrap_or(to)
    };
    let from = super::wire::start_of("from", from, zone)?.unwrap_or_else(usual);
    if from > to {
        return Err(Problem::field("from", "lies after to"));
    }
    Ok((from, to))
}

#[expect(clippy::cast_precision_loss, reason = "counts and milliseconds stay far below 2^53")]
pub(super) fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Messages that failed or wait for a person, from the latest to the earliest.
pub async fn failed(core: &Core, _: &Caller, input: ListFailed) -> Result<Paged<FailedDelivery>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = deliveries::needing_attention(core.store.read(), &after, limit).await?;
    let now = core.now();
    Ok(Paged::of(rows, |d| failed_delivery(d, now)))
}

fn failed_delivery(d: deliveries::Delivery, now: Timestamp) -> FailedDelivery {
    let key_is_known = d.maybe_sent_at.is_none_or(|at| now.millis_since(at) <= KEY_LIFE_MS);
    let may_be_sent = match (d.cause, d.maybe_sent_at) {
        (Some(Cause::OutcomeUnknown), _) | (_, None) => "",
        _ => "; it may have been sent",
    };
    let words = d.cause.map_or("the reason is not known", Cause::in_words);
    FailedDelivery {
        id: d.id,
        patient_id: d.patient_id,
        patient_name: d.patient_name,
        assignment_id: d.assignment_id,
        cause: words.to_owned(),
        cause_code: d.cause,
        retryable: key_is_known && d.cause.is_none_or(Cause::is_retryable),
        attempts: d.attempts,
        last_attempt_at: d.last_attempt_at,
        due_at: d.due_at,
        http_status: d.http_status,
        message: format!("{}{may_be_sent}", d.error_text.as_deref().unwrap_or(words)),
        state: d.state,
    }
}

/// Queues failed messages again that can be sent as they are.
pub async fn retry_failed(core: &Core, who: &Caller, input: RetryFailed) -> Result<Retried> {
    let limit = input.limit.unwrap_or(20);
    if !(1..=1_000).contains(&limit) {
        return Err(Problem::field("limit", "takes 1 to 1000"));
    }
    let now = core.now();
    let fresh_until = now.plus_millis(core.config.delivery.freshness_ms());
    let mut tx = core.store.begin().await?;
    let ids = deliveries::retryable(&mut tx, now.plus_millis(-KEY_LIFE_MS), limit).await?;
    let again = deliveries::retry(&mut tx, &ids, fresh_until, now).await?;
    worklist::follow_outcomes(&mut tx, &ids, now).await?;
    let again: Vec<_> = again.iter().map(|r| (r.id, r.priority)).collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &again).await?;
    if !again.is_empty() {
        let detail = Some(format!("{} messages", again.len()));
        audit(&mut tx, core, who, "messages.retry", None, detail).await?;
    }
    tx.commit().await?;
    core.channel().let_one_through();
    core.queues.wake(Name::MessageDelivery);
    announce(core, &[Topic::Messages, Topic::Jobs]);
    Ok(Retried { retried_count: again.len() as u64 })
}

/// Runs the hourly maintenance now.
pub async fn maintenance(core: &Core, who: &Caller, _: Nothing) -> Result<MaintenanceReport> {
    let report = recurring::maintain(core).await?;
    let mut tx = core.store.begin().await?;
    audit(&mut tx, core, who, "jobs.maintenance", None, None).await?;
    tx.commit().await?;
    announce(core, &[Topic::Jobs, Topic::Messages]);
    Ok(MaintenanceReport {
        removed: report.removed.into(),
        retried: report.retried as u64,
        ran_at: core.now(),
    })
}

/// Removes finished jobs. Messages and the log stay.
pub async fn cleanup(core: &Core, who: &Caller, input: Cleanup) -> Result<Removed> {
    let hours = input.hours.unwrap_or(core.config.retention.hours);
    if hours > 8_760 {
        return Err(Problem::field("hours", "takes 0 to 8760"));
    }
    let before = core.now().plus_millis(-i64::from(hours) * 3_600_000);
    let removed = recurring::remove_finished(core, before).await?;
    let detail = Some(format!("older than {hours} hours: {}", removed.all()));
    let mut tx = core.store.begin().await?;
    audit(&mut tx, core, who, "jobs.cleanup", None, detail).await?;
    tx.commit().await?;
    announce(core, &[Topic::Jobs]);
    Ok(removed.into())
}

impl From<jobs::Removed> for Removed {
    fn from(r: jobs::Removed) -> Self {
        Self { completed_jobs: r.completed, failed_jobs: r.failed }
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
    let not_connected = (!core.line.is_connected()).then_some(super::settings::NOT_CONNECTED);
    check("line", not_connected.or(wrong), "takes messages")
}
