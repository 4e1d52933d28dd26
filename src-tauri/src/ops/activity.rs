//! The activity log.

use super::{
    Caller, Paged,
    wire::{PageOf, outputs, page},
};
use crate::{clock::Timestamp, core::Core, error::Result, ids::AuditId, store::audit};

outputs! {
    /// One act.
    pub struct AuditEntry {
        /// Its id.
        pub id: AuditId,
        /// When.
        pub at: Timestamp,
        /// Who.
        pub actor: String,
        /// What.
        pub action: String,
        /// To which id.
        pub subject: Option<String>,
        /// What changed, in words.
        pub detail: Option<String>,
    }
}

/// Who did what, from the newest to the oldest.
pub async fn activity(core: &Core, _: &Caller, input: PageOf) -> Result<Paged<AuditEntry>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = audit::list(core.store.read(), &after, limit).await?;
    Ok(Paged::of(rows, AuditEntry::from))
}

impl From<audit::Entry> for AuditEntry {
    fn from(e: audit::Entry) -> Self {
        Self { id: e.id, at: e.at, actor: e.actor, action: e.action, subject: e.subject, detail: e.detail }
    }
}
