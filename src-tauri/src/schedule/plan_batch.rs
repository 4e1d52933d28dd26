//! One batch of due assignments, in one transaction: the deliveries with their bodies, their jobs,
//! and how far each assignment is planned.

use std::collections::{HashMap, HashSet};

use super::{
    MAX_BATCH,
    planner::{self, Occurrence},
    version::{self, Version},
};
use crate::{
    clock::Timestamp,
    core::Core,
    delivery::compose::{self, Recipient},
    domain::{
        clinic::Clinic,
        delivery::{Cause, State},
        draft::{Draft, Rules, Source},
        feedback::Feedback,
        language::Language,
        translation::Translation,
        unit::Month,
    },
    ids::{DeliveryId, PatientId, ProtocolId},
    queue::{self, Name},
    store::{
        Conn, aggregation_units,
        assignments::{self, Assignment, Progress},
        deliveries, interactions, jobs,
        patients::{self, Patient},
        protocols::Step,
        worklist,
    },
};

/// Plans the assignments whose next step is due: deliveries, jobs and watermarks in one
/// transaction.
pub(super) async fn plan_batch(core: &Core, now: Timestamp) -> sqlx::Result<usize> {
    let clinic = core.clinic();
    let mut tx = core.store.begin().await?;
    let due = assignments::due(&mut tx, now, MAX_BATCH).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let steps = version::of(&mut tx, &due).await?;
    let recipients = recipients_of(&mut tx, &due).await?;
    let units = units_of(&mut tx, &due, now).await?;
    let (mut new, mut progress) = (Vec::new(), Vec::with_capacity(due.len()));
    for assignment in &due {
        let Some(steps) = steps.get(&assignment.version_id) else { continue };
        let to = For::patient(recipients.get(&assignment.patient_id), assignment, &clinic, now);
        let to = For { unit: units.get(&assignment.protocol_id).map(String::as_str), ..to };
        progress.push(plan_one(assignment, steps, to, &clinic, now, &mut new));
    }
    let inserted = deliveries::insert(&mut tx, &new, now).await?;
    let doubtful: Vec<_> =
        new.iter().filter(|d| d.cause == Some(Cause::OutcomeUnknown)).map(|d| d.id).collect();
    deliveries::put_in_doubt(&mut tx, &doubtful, now).await?;
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

/// Those of `new` that were inserted and are to be sent.
fn ready_of(new: &[Draft], inserted: &[DeliveryId]) -> Vec<jobs::New> {
    let inserted: HashSet<_> = inserted.iter().collect();
    new.iter()
        .filter(|d| d.is_ready() && inserted.contains(&d.id))
        .map(|d| jobs::New { key: d.id, priority: d.source.priority })
        .collect()
}

pub(super) async fn recipients_of(
    conn: &mut Conn,
    due: &[Assignment],
) -> sqlx::Result<HashMap<PatientId, Patient>> {
    let mut ids: Vec<_> = due.iter().map(|a| a.patient_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = patients::get_many(conn, &ids).await?;
    Ok(found.into_iter().map(|p| (p.id, p)).collect())
}

async fn units_of(
    conn: &mut Conn,
    due: &[Assignment],
    now: Timestamp,
) -> sqlx::Result<HashMap<ProtocolId, String>> {
    let mut plans: Vec<_> = due.iter().map(|a| a.protocol_id).collect();
    plans.sort_unstable();
    plans.dedup();
    let found = aggregation_units::of_plans(conn, &plans, &Month::of(now).text()).await?;
    Ok(found.into_iter().map(|unit| (unit.protocol_id, unit.name)).collect())
}

#[derive(Clone, Copy)]
pub(super) struct For<'a> {
    /// `None` while the patient has no LINE account.
    recipient: Option<Recipient<'a>>,
    /// `None` where it has no translation.
    language: Option<Language>,
    /// The aggregation unit under which LINE counts openings.
    unit: Option<&'a str>,
}

impl<'a> For<'a> {
    /// As they are at `now`.
    pub(super) fn patient(
        patient: Option<&'a Patient>,
        of: &Assignment,
        clinic: &'a Clinic,
        now: Timestamp,
    ) -> Self {
        let recipient = patient.and_then(|patient| {
            let to = Recipient::of(patient.line_user_id.as_deref()?, patient.into(), clinic, now);
            Some(to.since(Some(of.started_at.unwrap_or(of.created_at))))
        });
        let language = Language::own(patient.and_then(|p| p.locale.as_deref()), clinic.time_zone);
        Self { recipient, language, unit: None }
    }
}

fn plan_one(
    a: &Assignment,
    version: &Version,
    to: For<'_>,
    clinic: &Clinic,
    now: Timestamp,
    new: &mut Vec<Draft>,
) -> Progress {
    let plan = version.plan(a, clinic);
    let after = a.planned_through.unwrap_or_else(|| plan.started_at.plus_millis(-1));
    let due = planner::due(&plan, after, now);
    let mut current_step = a.current_step;
    for occurrence in due.occurrences {
        let Some(step) = version.step(occurrence.step) else { continue };
        current_step = current_step.max(step.step_order);
        new.push(draft_of(a, step, &occurrence, to, clinic, now));
    }
    Progress {
        id: a.id,
        planned_through: due.planned_through.as_millis(),
        next_due_at: due.next_due_at.map(Timestamp::as_millis),
        current_step,
    }
}

pub(super) fn draft_of(
    a: &Assignment,
    step: &Step,
    occurrence: &Occurrence,
    to: For<'_>,
    clinic: &Clinic,
    now: Timestamp,
) -> Draft {
    let source = source_of(a, step, to.language, to.unit);
    let rules = Rules { clinic, zone: clinic.zone_of(a.patient_zone.as_deref()), now };
    let mut draft = Draft::step(source, step.step_order, occurrence.key, occurrence.due_at, rules);
    if let Some(recipient) = to.recipient {
        compose::address_stored(&mut draft, recipient);
    }
    draft
}

/// `language` is `None` without a translation.
pub(super) fn source_of(
    a: &Assignment,
    step: &Step,
    language: Option<Language>,
    unit: Option<&str>,
) -> Source {
    let translation = step.translations.as_ref().zip(language).and_then(|(all, own)| all.get(&own));
    let further = translation.map_or(step.further_messages.as_ref(), |t| Some(&t.further_messages));
    let quick_replies = translation.map_or(step.quick_replies.as_ref(), |t| Some(&t.quick_replies));
    Source {
        patient_id: a.patient_id,
        assignment_id: Some(a.id),
        protocol_id: a.protocol_id,
        step_id: step.id,
        message_type: translation.map_or(step.message_type, |t| t.message_type),
        content: translation.map_or(&step.content, |t| &t.content).clone(),
        further: further.cloned().unwrap_or_default(),
        quick_replies: quick_replies.cloned().unwrap_or_default(),
        feedback: question_of(step, translation),
        language: Some(language.unwrap_or(Language::English)),
        priority: step.priority,
        when_unreachable: a.when_unreachable,
        sender: a.sender.clone(),
        unit: unit.map(str::to_owned),
        silent: step.silent,
        at_night: step.at_night,
        fresh_ms: step.freshness_ms,
    }
}

/// A step's question, in the words of its translation where that has any.
fn question_of(step: &Step, translation: Option<&Translation>) -> Option<Feedback> {
    let own = step.feedback.as_ref().filter(|_| step.requires_feedback)?;
    let words = translation.and_then(|t| t.feedback.as_ref());
    Some(words.map_or_else(|| own.clone(), |words| words.of(own)))
}
