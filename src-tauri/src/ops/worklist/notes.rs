//! Notes of staff, on a worklist item or on a patient.

use super::shown::{StaffNote, WorkItem, read};
use crate::{
    core::Core,
    domain::work::NoteKind,
    error::{Result, Thing},
    fields::LINES_NOT_BLANK,
    ids::{NoteId, PatientId, WorkId},
    ops::{Caller, found, patients::MAX_NOTE, wire::inputs},
    store::{
        Conn, patients,
        worklist::{self, Note},
    },
};

inputs! {
    /// A note that staff write on an item.
    pub(crate) struct NoteWork {
        /// The item the note is on.
        pub(crate) id: WorkId,
        /// The kind: a note, or a call with the patient.
        pub(crate) kind: NoteKind,
        /// The text; 1 to 5,000 characters.
        #[garde(length(chars, min = 1, max = MAX_NOTE), pattern(LINES_NOT_BLANK))]
        pub(crate) text: String,
    }

    /// A note that staff write on a patient.
    pub(crate) struct NotePatient {
        /// The patient the note is on.
        pub(crate) id: PatientId,
        /// The kind: a note, or a call with the patient.
        pub(crate) kind: NoteKind,
        /// The text; 1 to 5,000 characters.
        #[garde(length(chars, min = 1, max = MAX_NOTE), pattern(LINES_NOT_BLANK))]
        pub(crate) text: String,
    }
}

pub(crate) async fn note(core: &Core, who: &Caller, input: NoteWork) -> Result<WorkItem> {
    let mut tx = core.store.begin().await?;
    let work = found(worklist::get(&mut tx, input.id).await?, Thing::WorkItem, input.id)?;
    write_note(&mut tx, core, who, work.patient_id, Some(work.id), input.kind, input.text).await?;
    let item = read(&mut tx, input.id, core.now()).await?;
    tx.commit().await?;
    Ok(item)
}

pub(crate) async fn note_patient(core: &Core, who: &Caller, input: NotePatient) -> Result<StaffNote> {
    let mut tx = core.store.begin().await?;
    found(patients::get(&mut tx, input.id).await?, Thing::Patient, input.id)?;
    let note = write_note(&mut tx, core, who, input.id, None, input.kind, input.text).await?;
    tx.commit().await?;
    Ok(note.into())
}

async fn write_note(
    conn: &mut Conn,
    core: &Core,
    who: &Caller,
    patient_id: PatientId,
    work_id: Option<WorkId>,
    kind: NoteKind,
    text: String,
) -> Result<Note> {
    let now = core.now();
    let note = Note {
        id: NoteId::new(now),
        patient_id,
        work_id,
        kind,
        text,
        author: who.actor.clone(),
        created_at: now,
    };
    worklist::add_note(conn, &note).await?;
    Ok(note)
}
