//! The activity log.

use super::{
    Caller, Paged,
    wire::{PageOf, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::{Act, Change},
    error::Result,
    ids::AuditId,
    store::audit_log,
};

outputs! {
    /// What somebody did, as it is kept: an act is never changed or removed.
    pub(crate) struct AuditEntry {
        /// A UUID, in the order of time.
        pub(crate) id: AuditId,
        /// When it was done.
        pub(crate) at: Timestamp,
        /// The name of the token or session that did it, or `Clinicue`, `this_computer` (the window),
        /// `command_line`, `patient_by_code` (a patient who gave the code of a slip).
        pub(crate) actor: String,
        /// What was done.
        pub(crate) action: Act,
        /// The id of what it was done to; null where it is about no one thing.
        pub(crate) subject: Option<String>,
        /// What changed, in English.
        pub(crate) detail: Option<String>,
        /// What changed, as a code with its numbers; null where nothing more is to be said.
        pub(crate) change: Option<Change>,
    }
}

/// Who did what, from the newest to the oldest.
pub(crate) async fn activity(core: &Core, _: &Caller, input: PageOf) -> Result<Paged<AuditEntry>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = audit_log::list(core.store.read(), &after, limit).await?;
    Ok(Paged::of(rows, AuditEntry::from))
}

impl From<audit_log::Entry> for AuditEntry {
    fn from(e: audit_log::Entry) -> Self {
        let change = e.detail.as_deref().and_then(Change::from_text);
        Self {
            id: e.id,
            at: e.at,
            actor: e.actor,
            action: e.action,
            subject: e.subject,
            detail: change.as_ref().map(Change::in_words).or(e.detail),
            change,
        }
    }
}
