//! Sending the message of an item again.

use super::{
    acts::change,
    shown::{OneWork, WorkItem, read},
};
use crate::{
    core::Core,
    domain::activity::Act,
    domain::{
        assignment,
        delivery::State,
        draft::{Draft, Rules},
    },
    error::{Problem, Refusal, Result, Thing},
    ids::WorkId,
    ops::{Caller, audit, found, messages},
    queue::{self, Name},
    store::{
        answers::{self, Ask},
        deliveries, jobs, patients,
    },
};

/// Sends the message of an item again: a failed one under its own key, a question that was missed
/// or postponed too often as a new message.
pub(crate) async fn send_again(core: &Core, who: &Caller, input: OneWork) -> Result<WorkItem> {
    let mut conn = core.store.read().acquire().await?;
    let item = read(&mut conn, input.id, core.now()).await?;
    let Some(id) = item.message_id.filter(|_| item.can_send_again) else {
        return Err(Problem::conflict(
            Refusal::NothingToSend,
            "there is nothing to send again here; call the patient instead",
        ));
    };
    let asks = answers::asks(&mut conn, &[id]).await?;
    drop(conn);
    let ask = found(asks.into_iter().next(), Thing::Message, id)?;
    match ask.state {
        State::Failed | State::Review => {
            messages::retry(core, who, messages::RetryMessage { id, hold_seconds: None }).await?;
        }
        State::Sent => ask_again(core, who, &ask).await?,
        // It goes by itself, as after a delayed retry: a new message beside it would be one too
        // many.
        State::Scheduled | State::Queued | State::Retrying | State::Held | State::Cancelled => {
            return Err(Problem::conflict(
                Refusal::OnItsWay,
                "the message is on its way already, or was cancelled; look again in a moment",
            ));
        }
    }
    resolve_quietly(core, who, input.id).await
}

/// Settles an item unless it settled itself when its message went out.
async fn resolve_quietly(core: &Core, who: &Caller, id: WorkId) -> Result<WorkItem> {
    let (now, by) = (core.now(), who.actor.clone());
    change(core, who, id, Act::WorklistSendAgain, |work| {
        work.resolved_at.get_or_insert(now);
        work.resolved_by.get_or_insert(by);
        Ok(())
    })
    .await
}

async fn ask_again(core: &Core, who: &Caller, ask: &Ask) -> Result<()> {
    let now = core.now();
    let clinic = core.clinic();
    let active = ask.assignment_status == Some(assignment::Status::Active);
    let mut source = ask.source();
    // A follow-up that is over sends nothing more, so the question stands alone.
    source.assignment_id = source.assignment_id.filter(|_| active);
    let mut tx = core.store.begin().await?;
    let patient = found(patients::get(&mut tx, ask.patient_id).await?, Thing::Patient, ask.patient_id)?;
    let rules = Rules { clinic: &clinic, zone: clinic.zone_of(patient.time_zone.as_deref()), now };
    let again = Draft::sent_again(source, rules);
    let inserted = deliveries::insert(&mut tx, &[again], now).await?;
    let jobs: Vec<_> = inserted.iter().map(|id| jobs::New { key: *id, priority: ask.priority }).collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &jobs).await?;
    audit(&mut tx, core, who, Act::MessageSendAgain, Some(ask.id.to_string()), None).await?;
    tx.commit().await?;
    core.queues.wake(Name::MessageDelivery);
    Ok(())
}
