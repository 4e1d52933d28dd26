//! What goes out next: the next step of every follow-up, and messages that wait for their time.

use super::{
    Caller, Paged,
    wire::{PageOf, outputs, page_in},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        acts::{ActedOn, Action},
        clinic::AtNight,
        delivery::{Cause, State},
    },
    error::Result,
    ids::{AssignmentId, DeliveryId, PatientId, StepId},
    schedule::upcoming::{self, NextStep},
    store::{Cursor, Order, Page, assignments, deliveries},
};

outputs! {
    /// A waiting message, or a step whose message is made when it is due.
    pub(crate) struct ComingUp {
        /// The message; null for a step, whose message is made when it is due.
        pub(crate) message_id: Option<DeliveryId>,
        /// The patient who gets it.
        pub(crate) patient_id: PatientId,
        /// The patient's name as written, 1 to 200 characters.
        pub(crate) patient_name: String,
        /// Its assignment; null for a one-off message.
        pub(crate) assignment_id: Option<AssignmentId>,
        /// The protocol's name; empty for a one-off message.
        pub(crate) protocol_name: String,
        /// The step's name, written by staff; empty for a one-off message.
        pub(crate) step_name: String,
        /// The step; null for a message.
        pub(crate) step_id: Option<StepId>,
        /// The step's occurrence: 0 where it comes once, else the local time as YYYYMMDDHHMM; null
        /// for a message.
        pub(crate) occurrence: Option<i64>,
        /// When it goes, by the present plan.
        pub(crate) due_at: Timestamp,
        /// The state of the message; null for a step.
        pub(crate) state: Option<State>,
        /// Why it waits; null where it only waits for its time.
        pub(crate) cause: Option<Cause>,
        /// What quiet hours do to it; null for the clinic's rule.
        pub(crate) at_night: Option<AtNight>,
        /// The actions staff may take on the message now; empty for a step.
        pub(crate) actions: Vec<Action>,
    }
}

pub(crate) async fn list(core: &Core, _: &Caller, input: PageOf) -> Result<Paged<ComingUp>> {
    let (after, limit) = page_in(Order::Asc, input.limit, input.cursor.as_deref())?;
    Ok(Paged::of(next(core, &after, limit).await?, |row| row))
}

pub(super) async fn next(core: &Core, after: &Cursor, limit: u32) -> Result<Page<ComingUp>> {
    let (pool, now) = (core.store.read(), core.now());
    let due = assignments::coming_up(pool, after, limit + 1).await?;
    let mut conn = pool.acquire().await?;
    let steps = upcoming::next_steps(&mut conn, &due, &core.clinic()).await?;
    drop(conn);
    let steps = due.into_iter().zip(steps).filter_map(|(a, step)| {
        let key = Cursor { at: a.next_due_at?.as_millis(), id: a.id.to_string() };
        Some((key, of_step(a, step)?))
    });
    let waiting = deliveries::coming_up(pool, after, limit + 1).await?;
    let waiting = waiting.into_iter().filter_map(|d| {
        let key = Cursor { at: d.next_attempt_at?.as_millis(), id: d.id.to_string() };
        Some((key, of_message(d, now)?))
    });
    let mut rows: Vec<_> = steps.chain(waiting).collect();
    rows.sort_by(|(one, _), (other, _)| (one.at, &one.id).cmp(&(other.at, &other.id)));
    Ok(Page::cut(rows, limit, |(key, _)| key.clone()).map(|(_, row)| row))
}

fn of_step(a: assignments::Assignment, step: Option<NextStep>) -> Option<ComingUp> {
    let (step_id, occurrence) = step.as_ref().map(|step| (step.id, step.occurrence)).unzip();
    let at_night = step.as_ref().and_then(|step| step.at_night);
    Some(ComingUp {
        message_id: None,
        patient_id: a.patient_id,
        patient_name: a.patient_name,
        assignment_id: Some(a.id),
        protocol_name: a.protocol_name,
        step_name: step.map(|step| step.name).unwrap_or_default(),
        step_id,
        occurrence,
        due_at: a.next_due_at?,
        state: None,
        cause: None,
        at_night,
        actions: Vec::new(),
    })
}

fn of_message(d: deliveries::Delivery, now: Timestamp) -> Option<ComingUp> {
    let actions = ActedOn::from(&d).actions(now);
    Some(ComingUp {
        message_id: Some(d.id),
        patient_id: d.patient_id,
        patient_name: d.patient_name,
        assignment_id: d.assignment_id,
        protocol_name: String::new(),
        step_name: String::new(),
        step_id: None,
        occurrence: None,
        due_at: d.next_attempt_at?,
        state: Some(d.state),
        cause: d.cause,
        at_night: d.at_night,
        actions,
    })
}
