//! Deleting a patient's data for good.

use super::{
    Caller, audit, found,
    patients::{MAX_NAME, OnePatient},
    wire::{inputs, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        activity::Act,
        patient::{Reachability, Status},
    },
    error::{FieldCode, Problem, Refusal, Result, Thing},
    fields::ONE_LINE,
    ids::PatientId,
    queue::{self, in_progress::Scope},
    schedule::recurring,
    store::{
        erasure::{self, Kept},
        patients::{self, Patient},
    },
};

inputs! {
    /// A patient whose data are to be deleted, confirmed by name.
    pub(crate) struct ErasePatient {
        /// The id of the patient, a UUID.
        pub(crate) id: PatientId,
        /// The patient's name exactly as stored, typed again: deleting cannot be undone.
        #[garde(length(chars, min = 1, max = MAX_NAME), pattern(ONE_LINE))]
        pub(crate) confirm_name: String,
    }
}

outputs! {
    /// The data there are of a patient, which go when they are deleted.
    pub(crate) struct Erasure {
        /// Follow-ups that have not ended; they must be ended first.
        pub(crate) follow_ups: i64,
        /// Messages that may still go out; they must be cancelled first.
        pub(crate) waiting: i64,
        /// Messages whose words go; the fact and time of sending stay counted.
        pub(crate) messages: i64,
        /// Answers whose words go; they stay counted.
        pub(crate) answers: i64,
        /// What the patient wrote, sent or pressed.
        pub(crate) words: i64,
        /// Pictures, videos, sounds and files of the patient.
        pub(crate) files: i64,
        /// Worklist items and notes of staff.
        pub(crate) notes: i64,
    }
}

impl Erasure {
    const fn of(kept: Kept) -> Self {
        let Kept { follow_ups, waiting, messages, words, answers, notes, files } = kept;
        Self { follow_ups, waiting, messages, answers, words, files, notes }
    }
}

pub(crate) async fn look(core: &Core, _: &Caller, input: OnePatient) -> Result<Erasure> {
    let mut conn = core.store.read().acquire().await?;
    found(patients::get(&mut conn, input.id).await?, Thing::Patient, input.id)?;
    Ok(Erasure::of(erasure::kept(&mut conn, input.id).await?))
}

/// Deletes a patient's data for good. A patient still cared for is refused: their follow-ups are
/// ended and their messages cancelled first, each by its own act. Files go after the commit; those
/// left by a crash go with the next maintenance.
pub(crate) async fn erase(core: &Core, who: &Caller, input: ErasePatient) -> Result<Erasure> {
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let patient = found(patients::get(&mut tx, input.id).await?, Thing::Patient, input.id)?;
    if input.confirm_name.trim() != patient.display_name.trim() {
        return Err(Problem::field("confirmName", FieldCode::NotTheName));
    }
    // Nothing to this patient begins until the commit.
    let act = core.in_progress.act(Scope::Patient(patient.id));
    let kept = erasure::kept(&mut tx, patient.id).await?;
    if kept.follow_ups > 0 || kept.waiting > 0 || !act.sending().is_empty() {
        return Err(Problem::conflict(
            Refusal::StillCaredFor,
            "follow-ups run or messages wait; end them and cancel those first",
        ));
    }
    erasure::erase(&mut tx, patient.id, &nobody(&patient, now), &queue::Name::STRS).await?;
    audit(&mut tx, core, who, Act::PatientErase, Some(patient.id.to_string()), None).await?;
    tx.commit().await?;
    drop(act);
    recurring::erase_media(core).await?;
    core.menu_bell.notify_one();
    Ok(Erasure::of(kept))
}

/// The row that replaces a patient whose data were deleted. Its id is new, so that earlier records
/// do not lead to what is still counted.
fn nobody(patient: &Patient, now: Timestamp) -> Patient {
    Patient {
        id: PatientId::new(now),
        line_user_id: None,
        display_name: "–".to_owned(),
        nickname: None,
        reading: None,
        phone: None,
        birth_date: None,
        external_ref: None,
        locale: None,
        time_zone: None,
        status: Status::Archived,
        reachability: Reachability::Unknown,
        reached_at: None,
        consented_at: None,
        consented_by: None,
        tags: Vec::new(),
        note: String::new(),
        demo: patient.demo,
        created_at: now,
        updated_at: now,
    }
}
