//! Reads the interaction log.

use super::{
    Caller, Paged,
    wire::{CURSOR, MAX_ROWS, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{delivery::InteractionStatus, feedback::FeedbackAction},
    error::Result,
    fields::DAY_OR_INSTANT,
    ids::{AssignmentId, DeliveryId, PatientId, ProtocolId, StepId},
    store::interactions::{self, Filter},
};

inputs! {
    /// A filter of the interaction log; all fields left out, everything is listed.
    pub(crate) struct ListInteractions {
        /// Only rows of this patient.
        #[serde(default)]
        pub(crate) patient_id: Option<PatientId>,
        /// Only rows of this assignment.
        #[serde(default)]
        pub(crate) assignment_id: Option<AssignmentId>,
        /// Only rows of this status.
        #[serde(default)]
        pub(crate) status: Option<InteractionStatus>,
        /// Made on or after this day of the clinic's, or at or after this instant.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) from: Option<String>,
        /// Made on or before this day of the clinic's, or before this instant.
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
    /// A row of the interaction log: the outcome of one message.
    pub(crate) struct Interaction {
        /// The id of the message, a UUID.
        pub(crate) id: DeliveryId,
        /// The id of the patient, a UUID.
        pub(crate) user_id: PatientId,
        /// The protocol; the clinic's own "Messages" for a one-off one.
        pub(crate) protocol_id: ProtocolId,
        /// The step of the protocol's version.
        pub(crate) step_id: StepId,
        /// The assignment; the clinic's own for a one-off message.
        pub(crate) assignment_id: AssignmentId,
        /// LINE's id of the message; null when LINE never accepted it, or the patient's data were
        /// deleted.
        pub(crate) message_id: Option<String>,
        /// When LINE accepted it; null when it never did.
        pub(crate) sent_at: Option<Timestamp>,
        /// When the patient's chat was first proven to work after it; null before.
        pub(crate) delivered_at: Option<Timestamp>,
        /// When the patient pressed the button that counts, by LINE's clock: of several presses
        /// the one that arrived first. Null before.
        pub(crate) responded_at: Option<Timestamp>,
        /// The value of that button; null before.
        pub(crate) response_value: Option<String>,
        /// What that press means for the step; null before.
        pub(crate) response_action: Option<FeedbackAction>,
        /// Milliseconds from `sentAt` to `respondedAt`; null before the answer.
        pub(crate) time_difference_ms: Option<i64>,
        /// Moves on with the evidence: sent, delivered, read, then responded or missed.
        pub(crate) status: InteractionStatus,
        /// When the message first had an outcome.
        pub(crate) created_at: Timestamp,
    }
}

pub(crate) async fn list(core: &Core, _: &Caller, input: ListInteractions) -> Result<Paged<Interaction>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let zone = core.clinic().time_zone;
    let filter = Filter {
        patient_id: input.patient_id,
        assignment_id: input.assignment_id,
        status: input.status,
        from: super::wire::start_of("from", input.from.as_deref(), zone)?,
        to: super::wire::end_of("to", input.to.as_deref(), zone)?,
    };
    let rows = interactions::list(core.store.read(), filter, &after, limit).await?;
    Ok(Paged::of(rows, |i| Interaction {
        id: i.id,
        user_id: i.user_id,
        protocol_id: i.protocol_id,
        step_id: i.step_id,
        assignment_id: i.assignment_id,
        message_id: i.message_id,
        sent_at: i.sent_at,
        delivered_at: i.delivered_at,
        responded_at: i.responded_at,
        response_value: i.response_value,
        response_action: i.response_action,
        time_difference_ms: i.time_difference_ms,
        status: i.status,
        created_at: i.created_at,
    }))
}
