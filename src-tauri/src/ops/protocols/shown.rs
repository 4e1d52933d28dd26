//! Protocols as they are shown, with the steps of their newest version.

use serde_json::Value;

use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        delivery::Priority,
        feedback::Feedback,
        message::MessageType,
        protocol::{Status, WhenUnreachable},
        trigger::Trigger,
    },
    error::{Result, Thing},
    ids::{ProtocolId, StepId},
    ops::{
        Caller, Paged, found,
        wire::{PageOf, inputs, outputs, page},
    },
    store::{
        Conn,
        protocols::{self},
    },
};

inputs! {
    /// One protocol.
    pub struct OneProtocol {
        /// Which.
        pub id: ProtocolId,
    }
}

outputs! {
    /// A protocol with the steps of its newest version.
    pub struct Protocol {
        /// Its id, over all versions.
        pub id: ProtocolId,
        /// What staff call it.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// Whether it can be assigned.
        pub status: Status,
        /// The newest version's number, from 1.
        pub version: i64,
        /// Whether the newest version is published.
        pub published: bool,
        /// When LINE itself said that it would take every message of the newest version; null
        /// while it could not be asked.
        pub line_checked_at: Option<Timestamp>,
        /// What becomes of a due step while the patient cannot be reached.
        pub when_unreachable: WhenUnreachable,
        /// Its steps in their order.
        pub steps: Vec<Step>,
        /// Follow-ups of any version that run now.
        pub active_assignments: i64,
        /// Part of the demo clinic.
        pub demo: bool,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it last changed.
        pub updated_at: Timestamp,
    }

    /// A protocol in a list.
    pub struct ProtocolSummary {
        /// Its id.
        pub id: ProtocolId,
        /// What staff call it.
        pub name: String,
        /// What it is for.
        pub description: String,
        /// Whether it can be assigned.
        pub status: Status,
        /// The newest version's number.
        pub version: i64,
        /// Whether the newest version is published.
        pub published: bool,
        /// Steps in the newest version.
        pub step_count: i64,
        /// Follow-ups of any version that run now.
        pub active_assignments: i64,
        /// Part of the demo clinic.
        pub demo: bool,
        /// When it was made.
        pub created_at: Timestamp,
        /// When it last changed.
        pub updated_at: Timestamp,
    }

    /// A step.
    pub struct Step {
        /// Its id.
        pub id: StepId,
        /// Its place, from 1.
        pub step_order: i64,
        /// What staff call it.
        pub name: String,
        /// When it is due.
        pub trigger: Trigger,
        /// What kind of message it sends.
        pub message_type: MessageType,
        /// The content, of the fields that go with the type.
        #[specta(type = specta_typescript::Unknown)]
        pub content: Value,
        /// Whether it asks.
        pub requires_feedback: bool,
        /// What it asks.
        pub feedback: Option<Feedback>,
        /// Which of several due messages goes first.
        pub priority: Priority,
        /// Hours after its due time in which it may still be sent.
        pub freshness_hours: f64,
    }
}

impl From<protocols::Step> for Step {
    #[expect(clippy::cast_precision_loss, reason = "at most 23 hours")]
    fn from(s: protocols::Step) -> Self {
        Self {
            id: s.id,
            step_order: s.step_order,
            name: s.name,
            trigger: s.trigger,
            message_type: s.message_type,
            content: s.content,
            requires_feedback: s.requires_feedback,
            feedback: s.feedback,
            priority: s.priority,
            freshness_hours: s.freshness_ms as f64 / 3_600_000.0,
        }
    }
}

/// Protocols from the newest to the oldest.
pub async fn list(core: &Core, _: &Caller, input: PageOf) -> Result<Paged<ProtocolSummary>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = protocols::list(core.store.read(), &after, limit).await?;
    Ok(Paged::of(rows, |p| ProtocolSummary {
        id: p.id,
        name: p.name,
        description: p.description,
        status: p.status,
        version: p.version,
        published: p.published_at.is_some(),
        step_count: p.step_count,
        active_assignments: p.active_assignments,
        demo: p.demo,
        created_at: p.created_at,
        updated_at: p.updated_at,
    }))
}

/// One protocol, with the steps of its newest version.
pub async fn get(core: &Core, _: &Caller, input: OneProtocol) -> Result<Protocol> {
    let mut conn = core.store.read().acquire().await?;
    read(&mut conn, input.id).await
}

pub(super) async fn read(conn: &mut Conn, id: ProtocolId) -> Result<Protocol> {
    let p = found(protocols::get(conn, id).await?, Thing::Protocol, id)?;
    let steps = protocols::steps(conn, p.version_id).await?;
    Ok(Protocol {
        id: p.id,
        name: p.name,
        description: p.description,
        status: p.status,
        version: p.version,
        published: p.published_at.is_some(),
        line_checked_at: p.line_checked_at,
        when_unreachable: p.when_unreachable,
        steps: steps.into_iter().map(Step::from).collect(),
        active_assignments: p.active_assignments,
        demo: p.demo,
        created_at: p.created_at,
        updated_at: p.updated_at,
    })
}
