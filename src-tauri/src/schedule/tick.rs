//! Brings what is due into the queue: steps of assignments, messages whose time has come,
//! what waits for another attempt. The cost grows with what is due, not with what is active.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{
    planner::{self, Occurrence, Plan, PlannedStep},
    recurring, repeat, replan, waiting,
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    delivery::compose,
    domain::{
        clinic::Clinic,
        delivery::{Cause, KEY_LIFE_MS, Priority, State},
        message::Content,
        work::Reason,
    },
    ids::{AssignmentId, DeliveryId, StepId, VersionId, WorkId},
    queue::{self, Name},
    store::{
        Conn, assignments,
        assignments::{Assignment, Progress},
        deliveries, interactions, jobs, patients, protocols,
        protocols::Step,
        stats, worklist,
    },
};

/// Rows of one transaction: the writer is free for others in between.
pub(super) const BATCH: u32 = 500;

/// The tick runs at least this often, whatever it expects: clocks jump and machines sleep.
const AT_LEAST_EVERY_MS: i64 = 60_000;

/// Between two ticks of which the first had nothing to do although something is due.
const AFTER_NOTHING_MS: i64 = 1_000;

/// A database that refuses is not asked faster than this.
const AFTER_AN_ERROR_MS: i64 = 1_000;

/// Runs the tick until `stop`: at the instant something is due, when the bell rings, and at
/// least once a minute.
pub async fn run(core: Arc<Core>, stop: CancellationToken) {
    loop {
        let ticked = tick(&core).await;
        if let Err(error) = &ticked {
            tracing::error!(%error, "a tick failed; it runs again");
        }
        let wait = match (ticked, next_at(&core).await) {
            (Ok(moved), Ok(next)) => wait_ms(moved, next.millis_since(core.now())),
            _ => AFTER_AN_ERROR_MS,
        };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())) => {}
            () = core.tick_bell.notified() => {}
            () = stop.cancelled() => return,
        }
    }
}

/// How long to sleep before the next tick, after one that moved so many deliveries, where
/// the next is due in so many milliseconds. What is overdue although nothing could be moved
/// is not asked for again at once.
const fn wait_ms(moved: usize, due_in_ms: i64) -> i64 {
    if due_in_ms > AT_LEAST_EVERY_MS {
        AT_LEAST_EVERY_MS
    } else if due_in_ms > 0 {
        due_in_ms
    } else if moved > 0 {
        1
    } else {
        AFTER_NOTHING_MS
    }
}

/// Does everything that is due now. Returns how many deliveries it moved.
///
/// # Errors
/// The database failed; what was committed stays, the rest is due still.
pub async fn tick(core: &Core) -> sqlx::Result<usize> {
    let now = core.now();
    let mut moved = recurring::run_due(core, now).await?;
    moved += batches(core, waiting::expire_batch, now).await?;
    moved += batches(core, missed_batch, now).await?;
    moved += waiting::look_at_channel(core, now).await?;
    moved += batches(core, waiting::ripe_batch, now).await?;
    moved += waiting::release_batch(core, now).await?;
    moved += batches(core, plan_batch, now).await?;
    moved += waiting::free_stuck(core, now).await?;
    moved += replan::batch(core, now).await?;
    core.set_ticked_at(now);
    if moved > 0 {
        core.announce(Topic::Messages);
        core.announce(Topic::Assignments);
        core.announce(Topic::Worklist);
    }
    Ok(moved)
}

/// When the tick has something to do next.
async fn next_at(core: &Core) -> sqlx::Result<Timestamp> {
    let mut next = core.now().plus_millis(AT_LEAST_EVERY_MS);
    let waiting = waiting::next_at(core).await?;
    let planned = assignments::next_due_at(core.store.read()).await?;
    let cron = recurring::next_at(core).await?;
    let unanswered = deliveries::next_answer_by(core.store.read()).await?;
    for at in [waiting, planned, cron, unanswered].into_iter().flatten() {
        next = next.min(at);
    }
    Ok(next)
}

/// Calls `batch` until a batch is not full.
async fn batches(
    core: &Core,
    batch: impl AsyncFn(&Core, Timestamp) -> sqlx::Result<usize>,
    now: Timestamp,
) -> sqlx::Result<usize> {
    let mut all = 0;
    loop {
        let moved = batch(core, now).await?;
        all += moved;
        if moved < BATCH as usize {
            return Ok(all);
        }
    }
}

/// Marks the questions whose window has passed as missed, puts their patients on the
/// worklist, and closes the assignments that waited for nothing else.
async fn missed_batch(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let mut tx = core.store.begin().await?;
    let missed = deliveries::take_unanswered(&mut tx, now, BATCH).await?;
    if missed.is_empty() {
        return Ok(0);
    }
    let ids: Vec<_> = missed.iter().map(|m| m.0).collect();
    interactions::miss(&mut tx, &ids, core.clinic().time_zone).await?;
    let lines: Vec<_> = missed
        .iter()
        .filter(|(.., runs)| *runs)
        .map(|(delivery, patient_id, ..)| worklist::New {
            id: WorkId::new(now),
            patient_id: *patient_id,
            delivery_id: Some(*delivery),
            reason: Reason::Missed,
            detail: None,
        })
        .collect();
    worklist::open(&mut tx, &lines, now).await?;
    let mut assignments: Vec<_> = missed.iter().filter_map(|m| m.2).collect();
    assignments.sort_unstable();
    assignments.dedup();
    assignments::complete_finished(&mut tx, &assignments, now).await?;
    tx.commit().await?;
    Ok(missed.len())
}

/// Plans the assignments whose next step is due: deliveries, jobs and watermarks in one
/// transaction.
async fn plan_batch(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let clinic = core.clinic();
    let mut tx = core.store.begin().await?;
    let due = assignments::due(&mut tx, now, BATCH).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let steps = steps_of(&mut tx, &due).await?;
    let recipients = recipients_of(&mut tx, &due).await?;
    let (mut new, mut progress) = (Vec::new(), Vec::with_capacity(due.len()));
    for assignment in &due {
        let Some(steps) = steps.get(&assignment.version_id) else { continue };
        let recipient = recipients.get(&assignment.patient_id).and_then(Option::as_deref);
        progress.push(plan_one(assignment, steps, recipient, &clinic, now, &mut new));
    }
    let inserted = deliveries::insert(&mut tx, &new, now).await?;
    let jobs = ready_of(&new, &inserted);
    queue::enqueue(&mut tx, Name::MessageDelivery, &jobs).await?;
    let stale: Vec<_> = new.iter().filter(|d| d.state == State::Review).map(|d| d.id).collect();
    interactions::log_outcomes(&mut tx, &stale, clinic.time_zone, now).await?;
    worklist::follow_outcomes(&mut tx, &stale, now).await?;
    assignments::advance(&mut tx, &progress, now).await?;
    let over: Vec<_> = progress.iter().filter(|p| p.next_due_at.is_none()).map(|p| p.id).collect();
    if !over.is_empty() {
        assignments::complete_finished(&mut tx, &over, now).await?;
    }
    tx.commit().await?;
    core.queues.wake(Name::MessageDelivery);
    Ok(due.len())
}

/// Those of `new` that were not there before and are to be sent.
fn ready_of(new: &[deliveries::New], inserted: &[DeliveryId]) -> Vec<(DeliveryId, Priority)> {
    let inserted: std::collections::HashSet<_> = inserted.iter().collect();
    new.iter()
        .filter(|d| d.state == State::Queued && inserted.contains(&d.id))
        .map(|d| (d.id, d.priority))
        .collect()
}

/// The steps of one version, once as stored and once as the planner reads them.
pub(super) struct Version {
    stored: Vec<Step>,
    planned: Vec<PlannedStep>,
}

impl Version {
    /// Reads the triggers of stored steps. A trigger that cannot be read any more is left
    /// out and said so; it was valid when it was saved.
    pub(super) fn of(stored: Vec<Step>) -> Self {
        let (mut kept, mut planned) = (Vec::new(), Vec::new());
        for step in stored {
            match step.trigger.parse("trigger") {
                Ok(rule) => {
                    planned.push(PlannedStep { id: step.id, rule });
                    kept.push(step);
                }
                Err(e) => {
                    tracing::error!(step = %step.id, problem = %e.message, "a stored trigger cannot be read");
                }
            }
        }
        Self { stored: kept, planned }
    }

    /// The plan of an assignment of this version.
    pub(super) fn plan<'a>(&'a self, a: &'a Assignment, clinic: &Clinic) -> Plan<'a> {
        Plan {
            steps: &self.planned,
            started_at: a.started_at.unwrap_or(a.created_at),
            pauses: &a.pauses,
            zone: clinic.zone_of(a.patient_zone.as_deref()),
        }
    }

    /// The stored step with this index in the plan.
    pub(super) fn step(&self, index: usize) -> Option<&Step> {
        self.stored.get(index)
    }
}

pub(super) async fn steps_of(
    conn: &mut Conn,
    due: &[Assignment],
) -> sqlx::Result<HashMap<VersionId, Version>> {
    let mut ids: Vec<_> = due.iter().map(|a| a.version_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let stored = protocols::steps_of(conn, &ids).await?;
    Ok(stored.into_iter().map(|(id, steps)| (id, Version::of(steps))).collect())
}

async fn recipients_of(
    conn: &mut Conn,
    due: &[Assignment],
) -> sqlx::Result<HashMap<crate::ids::PatientId, Option<String>>> {
    let mut ids: Vec<_> = due.iter().map(|a| a.patient_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = patients::get_many(conn, &ids).await?;
    Ok(found.into_iter().map(|p| (p.id, p.line_user_id)).collect())
}

/// Adds the deliveries of one assignment that are due to `new`, and says how far it is
/// planned now.
fn plan_one(
    a: &Assignment,
    version: &Version,
    recipient: Option<&str>,
    clinic: &Clinic,
    now: Timestamp,
    new: &mut Vec<deliveries::New>,
) -> Progress {
    let plan = version.plan(a, clinic);
    let after = a.planned_through.unwrap_or_else(|| plan.started_at.plus_millis(-1));
    let due = planner::due(&plan, after, now);
    let mut current_step = a.current_step;
    for occurrence in due.occurrences {
        let Some(step) = version.step(occurrence.step) else { continue };
        current_step = current_step.max(step.step_order);
        new.push(delivery_of(a, step, &occurrence, recipient, clinic, now));
    }
    Progress {
        id: a.id,
        planned_through: due.planned_through.as_millis(),
        next_due_at: due.next_due_at.map(Timestamp::as_millis),
        current_step,
    }
}

fn delivery_of(
    a: &Assignment,
    step: &Step,
    occurrence: &Occurrence,
    recipient: Option<&str>,
    clinic: &Clinic,
    now: Timestamp,
) -> deliveries::New {
    let id = DeliveryId::new(now);
    let due_at = occurrence.due_at;
    let zone = clinic.zone_of(a.patient_zone.as_deref());
    let expires_at = clinic.expires_at(due_at, step.freshness_ms.min(KEY_LIFE_MS), zone);
    let stale = expires_at < now;
    let feedback = step.feedback.clone().filter(|_| step.requires_feedback);
    let body = recipient.and_then(|to| {
        let content = Content::parse(step.message_type, &step.content, "content").ok()?;
        Some(compose::body(to, &content, feedback.as_ref(), id))
    });
    deliveries::New {
        id,
        patient_id: a.patient_id,
        assignment_id: Some(a.id),
        protocol_id: a.protocol_id,
        step_id: step.id,
        occurrence: occurrence.key,
        recurrence_id: None,
        message_type: step.message_type,
        content: step.content.clone(),
        feedback,
        recipient: body.is_some().then(|| recipient.unwrap_or_default().to_owned()),
        body,
        priority: step.priority,
        state: if stale { State::Review } else { State::Queued },
        cause: stale.then_some(Cause::Stale),
        due_at,
        expires_at,
        idempotency_key: None,
        when_unreachable: a.when_unreachable,
        postponed: 0,
    }
}

/// When the steps of an assignment are due, from `after` on.
///
/// # Errors
/// The database failed.
pub async fn upcoming(
    conn: &mut Conn,
    assignment: &Assignment,
    clinic: &Clinic,
    after: Timestamp,
    limit: usize,
) -> sqlx::Result<Vec<(StepId, i64, String, Timestamp)>> {
    let version = Version::of(protocols::steps(conn, assignment.version_id).await?);
    let plan = version.plan(assignment, clinic);
    Ok(planner::upcoming(&plan, after, limit)
        .into_iter()
        .filter_map(|o| {
            let step = version.step(o.step)?;
            Some((step.id, step.step_order, step.name.clone(), o.due_at))
        })
        .collect())
}

/// A step that will come.
#[derive(Clone, Debug)]
pub struct Upcoming {
    /// Of which assignment.
    pub assignment_id: AssignmentId,
    /// Of which protocol.
    pub protocol_name: String,
    /// What staff call the step.
    pub step_name: String,
    /// Its place, from 1.
    pub step_order: i64,
    /// When it is due.
    pub due_at: Timestamp,
}

/// The next `each` steps of each of these assignments after `after`, in order.
///
/// # Errors
/// The database failed.
pub async fn upcoming_of(
    conn: &mut Conn,
    active: &[Assignment],
    clinic: &Clinic,
    after: Timestamp,
    each: usize,
) -> sqlx::Result<Vec<Upcoming>> {
    let versions = steps_of(conn, active).await?;
    let mut all = Vec::new();
    for a in active {
        let Some(version) = versions.get(&a.version_id) else { continue };
        for occurrence in planner::upcoming(&version.plan(a, clinic), after, each) {
            all.extend(version.step(occurrence.step).map(|step| Upcoming {
                assignment_id: a.id,
                protocol_name: a.protocol_name.clone(),
                step_name: step.name.clone(),
                step_order: step.step_order,
                due_at: occurrence.due_at,
            }));
        }
    }
    all.sort_by_key(|u| u.due_at);
    Ok(all)
}

/// The name of the step that is due next, for each of these assignments.
///
/// # Errors
/// The database failed.
pub async fn next_steps(
    conn: &mut Conn,
    due: &[Assignment],
    clinic: &Clinic,
) -> sqlx::Result<Vec<Option<String>>> {
    let versions = steps_of(conn, due).await?;
    let name = |a: &Assignment| {
        let version = versions.get(&a.version_id)?;
        let at = a.next_due_at?;
        let due = planner::due(&version.plan(a, clinic), at.plus_millis(-1), at);
        Some(version.step(due.occurrences.first()?.step)?.name.clone())
    };
    Ok(due.iter().map(name).collect())
}

/// Heals what the last run left: sums that are counted by another zone's days, jobs that were
/// claimed are given back, deliveries that are queued without a job get one, repetitions
/// without a next time get it, and what may have been sent is noted.
///
/// # Errors
/// The database failed.
pub async fn recover(core: &Core, in_flight: &[DeliveryId]) -> sqlx::Result<()> {
    let now = core.now();
    let zone = core.clinic().time_zone;
    let mut tx = core.store.begin().await?;
    stats::count_by(&mut tx, zone, now).await?;
    // Before the claims are forgotten: LINE may have what was claimed.
    deliveries::count_claimed(&mut tx, Name::MessageDelivery.as_str(), now).await?;
    let cancelled = deliveries::count_crash(&mut tx, in_flight, now).await?;
    interactions::log_outcomes(&mut tx, &cancelled, zone, now).await?;
    let released = jobs::release_all(&mut tx).await?;
    let lost = deliveries::queued_without_job(&mut tx, &Name::STRS, 100_000).await?;
    let lost: Vec<_> = lost.iter().map(|r| (r.id, r.priority)).collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &lost).await?;
    repeat::enter_missing(&mut tx, core, now).await?;
    tx.commit().await?;
    if released > 0 || !lost.is_empty() {
        tracing::info!(released, without_job = lost.len(), "work of the last run goes on");
    }
    Ok(())
}
