//! Acts of staff on a worklist item: take it, put it off, settle it.

use super::shown::{OneWork, WorkItem, read};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        activity::Act,
        calendar::{MAX_AHEAD_DAYS, MAX_AHEAD_MS},
    },
    error::{FieldCode, FieldProblem, Problem, Refusal, Result, Thing},
    fields::ONE_LINE,
    ids::WorkId,
    inbox,
    ops::{
        Caller, audit, found,
        wire::{Checks, given, inputs},
    },
    store::worklist::{self, Work},
};

inputs! {
    /// Sets who looks after an item.
    pub(crate) struct TakeWork {
        /// The id of the item, a UUID.
        pub(crate) id: WorkId,
        /// The name of a token or session; the caller where left out, nobody where null.
        #[serde(default, deserialize_with = "given")]
        #[specta(type = Option<String>)]
        #[garde(length(chars, min = 1, max = 200), pattern(ONE_LINE))]
        pub(crate) owner: Option<Option<String>>,
    }

    /// Snoozes an item until a time.
    pub(crate) struct SnoozeWork {
        /// The id of the item, a UUID.
        pub(crate) id: WorkId,
        /// When it comes back; up to a year ahead.
        pub(crate) until: Timestamp,
    } also comes_back;
}

pub(crate) async fn take(core: &Core, who: &Caller, input: TakeWork) -> Result<WorkItem> {
    let given = input.owner.is_some();
    let owner = input.owner.unwrap_or_else(|| Some(who.actor.clone()));
    change(core, who, input.id, Act::WorklistTake, |work| {
        open(work)?;
        // The second of two who take it at the same moment is told.
        if let Some(other) = work.owner.as_deref().filter(|o| !given && *o != who.actor) {
            return Err(Problem::conflict(
                Refusal::LookedAfter { by: other.to_owned() },
                format!("{other} looks after this already"),
            ));
        }
        work.owner = owner;
        Ok(())
    })
    .await
    .inspect(|item| seen(core, item))
}

/// Shows the patient that somebody read their words.
fn seen(core: &Core, item: &WorkItem) {
    if item.owner.is_some() || item.resolved_at.is_some() {
        inbox::mark_as_read(core, inbox::Writer::Patient(item.patient_id));
    }
}

fn comes_back(input: &SnoozeWork, now: Timestamp, checks: &mut Checks) {
    if !(1..=MAX_AHEAD_MS).contains(&input.until.millis_since(now)) {
        checks.add(FieldProblem::limited("until", FieldCode::NotAhead, MAX_AHEAD_DAYS));
    }
}

pub(crate) async fn snooze(core: &Core, who: &Caller, input: SnoozeWork) -> Result<WorkItem> {
    change(core, who, input.id, Act::WorklistSnooze, |work| {
        open(work)?;
        work.snoozed_until = Some(input.until);
        Ok(())
    })
    .await
}
pub(crate) async fn resolve(core: &Core, who: &Caller, input: OneWork) -> Result<WorkItem> {
    let (now, by) = (core.now(), who.actor.clone());
    change(core, who, input.id, Act::WorklistResolve, |work| {
        open(work)?;
        work.resolved_at = Some(now);
        work.resolved_by = Some(by);
        Ok(())
    })
    .await
    .inspect(|item| seen(core, item))
}

pub(crate) async fn reopen(core: &Core, who: &Caller, input: OneWork) -> Result<WorkItem> {
    change(core, who, input.id, Act::WorklistReopen, |work| {
        work.resolved_at = None;
        work.resolved_by = None;
        work.snoozed_until = None;
        Ok(())
    })
    .await
}

/// In one transaction.
pub(super) async fn change(
    core: &Core,
    who: &Caller,
    id: WorkId,
    action: Act,
    set: impl FnOnce(&mut Work) -> Result<()>,
) -> Result<WorkItem> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let mut work = found(worklist::get(&mut tx, id).await?, Thing::WorkItem, id)?;
    set(&mut work)?;
    work.updated_at = now;
    worklist::update(&mut tx, &work).await.map_err(|error| match error.as_database_error() {
        Some(e) if e.is_unique_violation() => {
            Problem::conflict(Refusal::OnListAgain, "the same matter is on the list again already")
        }
        _ => error.into(),
    })?;
    audit(&mut tx, core, who, action, Some(work.patient_id.to_string()), None).await?;
    let item = read(&mut tx, id, core.now()).await?;
    tx.commit().await?;
    Ok(item)
}

pub(super) fn open(work: &Work) -> Result<()> {
    if work.resolved_at.is_some() {
        return Err(Problem::conflict(Refusal::SettledAlready, "this is settled already; reopen it first"));
    }
    Ok(())
}
