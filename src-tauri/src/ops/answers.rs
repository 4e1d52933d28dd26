//! Patients' answers, in the order they came.

use super::{
    Caller, Paged,
    messages::MessageAnswer,
    wire::{PageOf, outputs, page},
};
use crate::{
    core::Core,
    error::Result,
    ids::{AnswerId, DeliveryId, PatientId},
    store::answers,
};

outputs! {
    /// A patient's answer to a question.
    pub(crate) struct PatientAnswer {
        /// A UUID that never changes.
        pub(crate) id: AnswerId,
        /// The patient who pressed the button.
        pub(crate) patient_id: PatientId,
        pub(crate) patient_name: String,
        /// The message whose question it answers.
        pub(crate) message_id: DeliveryId,
        /// The step's name; null where it has none.
        pub(crate) step_name: Option<String>,
        /// The protocol's name; null for a one-off message.
        pub(crate) protocol_name: Option<String>,
        /// The pressed button, and when it was pressed.
        pub(crate) answer: MessageAnswer,
    }
}

/// Lists answers from the newest to the oldest, by the time of the press. Only the first press
/// under a message is its answer.
pub(crate) async fn list(core: &Core, _: &Caller, input: PageOf) -> Result<Paged<PatientAnswer>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = answers::list(core.store.read(), &after, limit).await?;
    Ok(Paged::of(rows, |row| PatientAnswer {
        id: row.answer.id,
        patient_id: row.answer.patient_id,
        patient_name: row.patient_name,
        message_id: row.answer.delivery_id,
        step_name: row.step_name,
        protocol_name: row.protocol_name,
        answer: MessageAnswer::of(row.answer, row.feedback.as_ref()),
    }))
}
