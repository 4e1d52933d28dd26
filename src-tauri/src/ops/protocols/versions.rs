//! The versions of a protocol: when each was published, and its steps.

use super::shown::{OneProtocol, Step};
use crate::{
    clock::Timestamp,
    core::Core,
    error::{Result, Thing},
    ids::ProtocolId,
    ops::{
        Caller, found,
        wire::{inputs, outputs},
    },
    store::protocols,
};

inputs! {
    pub(crate) struct OneVersion {
        /// The id of the protocol, a UUID.
        pub(crate) id: ProtocolId,
        /// The number of the version, from 1.
        #[garde(range(min = 1, max = 1_000_000))]
        pub(crate) version: i64,
    }
}

outputs! {
    /// A version in the list of a protocol's versions.
    pub(crate) struct VersionSummary {
        /// Its number in its protocol, from 1.
        pub(crate) version: i64,
        /// When it was begun; it never changes.
        pub(crate) created_at: Timestamp,
        /// When it was published; null for a draft.
        pub(crate) published_at: Option<Timestamp>,
        /// How many steps it has.
        pub(crate) step_count: i64,
        /// Follow-ups that run on it now.
        pub(crate) active_assignments: i64,
    }

    /// The last versions of a protocol.
    pub(crate) struct VersionList {
        /// From the newest to the oldest, at most the last 200.
        pub(crate) items: Vec<VersionSummary>,
    }

    /// One version of a protocol with its steps.
    pub(crate) struct ProtocolVersion {
        /// Its number in its protocol, from 1.
        pub(crate) version: i64,
        /// When it was published; null for a draft.
        pub(crate) published_at: Option<Timestamp>,
        /// Its steps in their order, 1 to 50.
        pub(crate) steps: Vec<Step>,
    }
}

/// The last 200, the newest first.
pub(crate) async fn versions(core: &Core, _: &Caller, input: OneProtocol) -> Result<VersionList> {
    let mut conn = core.store.read().acquire().await?;
    found(protocols::get(&mut conn, input.id).await?, Thing::Protocol, input.id)?;
    let all = protocols::versions(&mut conn, input.id).await?;
    let items = all.into_iter().map(|v| VersionSummary {
        version: v.version,
        created_at: v.created_at,
        published_at: v.published_at,
        step_count: v.step_count,
        active_assignments: v.active_assignments,
    });
    Ok(VersionList { items: items.collect() })
}

pub(crate) async fn version(core: &Core, _: &Caller, input: OneVersion) -> Result<ProtocolVersion> {
    let mut conn = core.store.read().acquire().await?;
    let all = protocols::versions(&mut conn, input.id).await?;
    let one = all.into_iter().find(|v| v.version == input.version);
    let one = found(one, Thing::Protocol, format!("{} in version {}", input.id, input.version))?;
    let steps = protocols::steps(&mut conn, one.id).await?;
    Ok(ProtocolVersion {
        version: one.version,
        published_at: one.published_at,
        steps: steps.into_iter().map(Step::from).collect(),
    })
}
