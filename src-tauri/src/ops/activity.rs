//! The activity log.

use super::{
    Caller, Paged,
    wire::{CURSOR, MAX_ROWS, end_of, inputs, outputs, page, start_of},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::{Act, Change},
    error::Result,
    fields::{DAY_OR_INSTANT, ONE_LINE},
    ids::AuditId,
    store::audit_log::{self, Filter},
};

inputs! {
    /// Which acts are listed; all of them where nothing is given.
    pub(crate) struct ListActivity {
        /// Only acts of this kind.
        #[serde(default)]
        pub(crate) action: Option<Act>,
        /// Only acts of this token, session or other actor, by its name.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = 200), pattern(ONE_LINE))]
        pub(crate) actor: Option<String>,
        /// Only acts on what has this id.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = 200), pattern(ONE_LINE))]
        pub(crate) subject: Option<String>,
        /// Done on this day of the clinic's zone or later, or from this RFC 3339 time on.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) from: Option<String>,
        /// Done on this day at the latest, or before this RFC 3339 time.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) to: Option<String>,
        /// Rows of a page: 1 to 200; 50 where it is left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }
}

outputs! {
    /// What somebody did, as it is kept: an act is never changed or removed.
    pub(crate) struct AuditEntry {
        /// A UUID, in the order of time.
        pub(crate) id: AuditId,
        /// When it was done, by the program's clock.
        pub(crate) at: Timestamp,
        /// The name of the token or session that did it, or `Clinicue`, `this_computer` (the window),
        /// `command_line`, `patient_by_code` (a patient who gave the code of a slip), `Sign-in link`
        /// (whoever came by the link that is printed at the start).
        pub(crate) actor: String,
        /// What was done.
        pub(crate) action: Act,
        /// The id of what it was done to; null where it is about no one thing.
        pub(crate) subject: Option<String>,
        /// What changed, in English; null where nothing more is to be said.
        pub(crate) detail: Option<String>,
        /// What changed, as a code with its numbers; null where nothing more is to be said.
        pub(crate) change: Option<Change>,
    }
}

/// Who did what, from the newest to the oldest.
pub(crate) async fn activity(core: &Core, _: &Caller, input: ListActivity) -> Result<Paged<AuditEntry>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let zone = core.clinic().time_zone;
    let filter = Filter {
        from: start_of("from", input.from.as_deref(), zone)?,
        to: end_of("to", input.to.as_deref(), zone)?,
        action: input.action,
        actor: input.actor,
        subject: input.subject,
    };
    let rows = audit_log::list(core.store.read(), &filter, &after, limit).await?;
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
