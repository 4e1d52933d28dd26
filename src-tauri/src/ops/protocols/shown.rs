//! Protocols as shown, with the steps of their newest version.

use serde_json::Value;

use crate::{
    clock::{Timestamp, ms_in_hours},
    core::Core,
    domain::{
        clinic::AtNight,
        delivery::Priority,
        feedback::Feedback,
        message::{FurtherMessage, MessageType},
        protocol::{Action, Sender, Status, WhenUnreachable},
        quick_reply::QuickReply,
        translation::Translations,
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
    pub(crate) struct OneProtocol {
        /// The id of the protocol, a UUID.
        pub(crate) id: ProtocolId,
    }
}

outputs! {
    /// A protocol with the steps of its newest version.
    pub(crate) struct Protocol {
        /// A UUID that never changes, over all versions.
        pub(crate) id: ProtocolId,
        /// The name given by staff, 1 to 200 characters.
        pub(crate) name: String,
        /// Its purpose in the words of staff; may be empty.
        pub(crate) description: String,
        /// Whether it is a draft, offered or archived.
        pub(crate) status: Status,
        /// The actions staff may take now.
        pub(crate) actions: Vec<Action>,
        /// The number of the newest version, from 1.
        pub(crate) version: i64,
        /// Whether the newest version is published.
        pub(crate) published: bool,
        /// When LINE itself said that it would take every message of the newest version; null where
        /// it has not.
        pub(crate) line_checked_at: Option<Timestamp>,
        /// What becomes of a due step while the patient cannot be reached.
        pub(crate) when_unreachable: WhenUnreachable,
        /// The name and icon its messages appear under; null for the account's own.
        pub(crate) sender: Option<Sender>,
        /// The steps of its newest version, in their order.
        pub(crate) steps: Vec<Step>,
        /// Follow-ups of any version that run now.
        pub(crate) active_assignments: i64,
        /// Whether it belongs to the demo clinic.
        pub(crate) demo: bool,
        /// When it was made; it never changes.
        pub(crate) created_at: Timestamp,
        /// When it last changed; `unchangedSince` of a write takes this.
        pub(crate) updated_at: Timestamp,
    }

    /// A protocol as lists show it.
    pub(crate) struct ProtocolSummary {
        /// A UUID that never changes, over all versions.
        pub(crate) id: ProtocolId,
        /// The name given by staff, 1 to 200 characters.
        pub(crate) name: String,
        /// Its purpose in the words of staff; may be empty.
        pub(crate) description: String,
        /// Whether it is a draft, offered or archived.
        pub(crate) status: Status,
        /// The actions staff may take now.
        pub(crate) actions: Vec<Action>,
        /// The number of the newest version, from 1.
        pub(crate) version: i64,
        /// Whether the newest version is published.
        pub(crate) published: bool,
        /// How many steps the newest version has.
        pub(crate) step_count: i64,
        /// Follow-ups of any version that run now.
        pub(crate) active_assignments: i64,
        /// Whether it belongs to the demo clinic.
        pub(crate) demo: bool,
        /// When it was made; it never changes.
        pub(crate) created_at: Timestamp,
        /// When it last changed; `unchangedSince` of a write takes this.
        pub(crate) updated_at: Timestamp,
    }

    /// One message of a protocol and when it is due.
    pub(crate) struct Step {
        /// A UUID; each version has steps of its own.
        pub(crate) id: StepId,
        /// Its place in its version, from 1.
        pub(crate) step_order: i64,
        /// The name given by staff, up to 200 characters; may be empty.
        pub(crate) name: String,
        /// When the step is due.
        pub(crate) trigger: Trigger,
        /// The type of its message.
        pub(crate) message_type: MessageType,
        /// The fields that go with `messageType`.
        #[specta(type = specta_typescript::Unknown)]
        pub(crate) content: Value,
        /// The further messages of the same push, in order; may be empty.
        pub(crate) further_messages: Vec<FurtherMessage>,
        /// Whether the message has buttons to answer by.
        pub(crate) requires_feedback: bool,
        /// The question and its buttons; null where nothing is asked.
        pub(crate) feedback: Option<Feedback>,
        /// The quick replies under its last message; may be empty.
        pub(crate) quick_replies: Vec<QuickReply>,
        /// How soon it goes among several due messages.
        pub(crate) priority: Priority,
        /// Hours after its due time in which it may still be sent.
        pub(crate) freshness_hours: f64,
        /// Whether a press of a button of the message itself puts the patient on the worklist.
        pub(crate) press_calls_staff: bool,
        /// Whether its message arrives without a sound, whatever the hour.
        pub(crate) silent: bool,
        /// What quiet hours do to its message; null for the clinic's rule.
        pub(crate) at_night: Option<AtNight>,
        /// The step in other languages; empty where it has one text for all.
        pub(crate) translations: Translations,
    }
}

impl From<protocols::Step> for Step {
    fn from(s: protocols::Step) -> Self {
        Self {
            id: s.id,
            step_order: s.step_order,
            name: s.name,
            trigger: s.trigger,
            message_type: s.message_type,
            content: s.content,
            further_messages: s.further_messages.unwrap_or_default(),
            requires_feedback: s.requires_feedback,
            feedback: s.feedback,
            quick_replies: s.quick_replies.unwrap_or_default(),
            priority: s.priority,
            freshness_hours: ms_in_hours(s.freshness_ms),
            press_calls_staff: s.press_calls_staff,
            silent: s.silent,
            at_night: s.at_night,
            translations: s.translations.unwrap_or_default(),
        }
    }
}

pub(crate) async fn list(core: &Core, _: &Caller, input: PageOf) -> Result<Paged<ProtocolSummary>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = protocols::list(core.store.read(), &after, limit).await?;
    Ok(Paged::of(rows, |p| ProtocolSummary {
        id: p.id,
        name: p.name,
        description: p.description,
        status: p.status,
        actions: p.status.actions(p.published_at.is_some()),
        version: p.version,
        published: p.published_at.is_some(),
        step_count: p.step_count,
        active_assignments: p.active_assignments,
        demo: p.demo,
        created_at: p.created_at,
        updated_at: p.updated_at,
    }))
}

/// With the steps of its newest version.
pub(crate) async fn get(core: &Core, _: &Caller, input: OneProtocol) -> Result<Protocol> {
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
        actions: p.status.actions(p.published_at.is_some()),
        version: p.version,
        published: p.published_at.is_some(),
        line_checked_at: p.line_checked_at,
        when_unreachable: p.when_unreachable,
        sender: p.sender,
        steps: steps.into_iter().map(Step::from).collect(),
        active_assignments: p.active_assignments,
        demo: p.demo,
        created_at: p.created_at,
        updated_at: p.updated_at,
    })
}
