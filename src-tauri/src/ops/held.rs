//! Held messages: why, how many, until when, and what lets them go.

use super::{
    Caller,
    wire::{Nothing, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::delivery::{Cause, ReleasedBy},
    error::Result,
    store::deliveries::{self, HeldByCause},
};

outputs! {
    /// Messages held for the same reason.
    pub(crate) struct HeldGroup {
        /// The reason as a stable name; null where none was noted.
        pub(crate) cause: Option<Cause>,
        /// The reason in English.
        pub(crate) reason: String,
        /// Messages held for this reason, at least 1.
        pub(crate) count: i64,
        /// When the first of them goes by itself; null while that depends on an act.
        pub(crate) until: Option<Timestamp>,
        /// What lets them go: an act, LINE, the patient, or time.
        pub(crate) released_by: ReleasedBy,
    }

    /// Every message that is held, by its reason.
    pub(crate) struct Held {
        /// Groups by reason: first those that wait for more than their own time, then by size.
        pub(crate) items: Vec<HeldGroup>,
    }
}

/// A cause that is not known is left to staff.
fn released_by(cause: Option<Cause>) -> ReleasedBy {
    cause.map_or(ReleasedBy::Staff, Cause::released_by)
}

pub(crate) async fn held(core: &Core, _: &Caller, _: Nothing) -> Result<Held> {
    let groups = deliveries::held_by_cause(core.store.read()).await?;
    let mut items: Vec<_> = groups
        .into_iter()
        .map(|HeldByCause { cause, count, until }| HeldGroup {
            cause,
            reason: cause.map_or("the reason is not known", Cause::in_words).to_owned(),
            count,
            until,
            released_by: released_by(cause),
        })
        .collect();
    items.sort_by_key(|g| (g.released_by == ReleasedBy::Time, -g.count));
    Ok(Held { items })
}

/// Counts messages held for more than their own time.
pub(super) async fn count(core: &Core) -> Result<i64> {
    let all = deliveries::count_held_by_cause(core.store.read()).await?;
    let waits = |cause| released_by(cause) != ReleasedBy::Time;
    Ok(all.into_iter().filter(|of| waits(of.cause)).map(|of| of.count).sum())
}
