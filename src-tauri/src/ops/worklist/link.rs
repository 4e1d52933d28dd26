//! Links that staff decide: a code came from a LINE account that may not be its owner's.

use super::{
    acts::open,
    shown::{WorkItem, link_of, read},
};
use crate::{
    core::Core,
    domain::activity::Act,
    domain::work::Reason,
    error::{Problem, Refusal, Result, Thing},
    ids::WorkId,
    inbox,
    ops::{Caller, audit, found, wire::inputs},
    queue::in_progress::Scope,
    store::{patients, worklist},
};

inputs! {
    /// Decides whether a LINE account is linked to an item's patient.
    pub(crate) struct DecideLink {
        pub(crate) id: WorkId,
        /// Whether the account becomes this patient's and nobody else's.
        pub(crate) accept: bool,
    }
}

pub(crate) async fn decide_link(core: &Core, who: &Caller, input: DecideLink) -> Result<WorkItem> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let mut work = found(worklist::get(&mut tx, input.id).await?, Thing::WorkItem, input.id)?;
    open(&work)?;
    let link = work.detail().filter(|_| work.reason == Reason::Relink).and_then(link_of);
    let Some(link) = link else {
        return Err(Problem::conflict(Refusal::NoLinkAsked, "this item is not about a link"));
    };
    // Nothing to either of them begins until the commit: the account changes hands.
    let mut acts = vec![core.in_progress.act(Scope::Patient(work.patient_id))];
    if input.accept {
        let mut patient =
            found(patients::get(&mut tx, work.patient_id).await?, Thing::Patient, work.patient_id)?;
        let user = &link.line_user_id;
        let losers = patients::by_line_users(&mut tx, std::slice::from_ref(user)).await?;
        acts.extend(losers.iter().map(|p| core.in_progress.act(Scope::Patient(p.id))));
        inbox::bind(&mut tx, &mut patient, user, Some(now), losers, &who.actor, now).await?;
    } else {
        let subject = Some(work.patient_id.to_string());
        audit(&mut tx, core, who, Act::PatientLinkRefused, subject, None).await?;
    }
    work.resolved_at = Some(now);
    work.resolved_by = Some(who.actor.clone());
    work.updated_at = now;
    worklist::update(&mut tx, &work).await?;
    let item = read(&mut tx, input.id, core.now()).await?;
    tx.commit().await?;
    drop(acts);
    core.tick_bell.notify_one();
    Ok(item)
}
