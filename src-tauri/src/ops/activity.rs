//! Reads the activity log.

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
    /// A filter of the activity log; all fields left out, everything is listed.
    pub(crate) struct ListActivity {
        /// Only acts of this kind.
        #[serde(default)]
        pub(crate) action: Option<Act>,
        /// Only acts of this token, session or other actor, by its name.
        #[serde(default)]
        #[garde(length(chars, min = 1, max = 200), pattern(ONE_LINE))]
        pub(crate) actor: Option<String>,
        /// Only acts on the thing with this id.
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
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }
}

outputs! {
    /// An act of somebody, which is never changed or removed.
    pub(crate) struct AuditEntry {
        /// A UUID, in the order of time.
        pub(crate) id: AuditId,
        /// The time by the program's clock.
        pub(crate) at: Timestamp,
        /// The name of the token or session, or `Clinicue`, `this_computer` (the window),
        /// `command_line`, `patient_by_code` (a patient who gave the code of a slip),
        /// `Sign-in link` (whoever came by the link printed at the start).
        pub(crate) actor: String,
        /// The kind of act.
        pub(crate) action: Act,
        /// The id of the thing it was done to; null where there is no single one.
        pub(crate) subject: Option<String>,
        /// What changed, in English; null where the kind of act says it all.
        pub(crate) detail: Option<String>,
        /// What changed, as a code with its numbers; null where the kind of act says it all.
        pub(crate) change: Option<Change>,
    }
}

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

impl From<audit_log::AuditRow> for AuditEntry {
    fn from(e: audit_log::AuditRow) -> Self {
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
