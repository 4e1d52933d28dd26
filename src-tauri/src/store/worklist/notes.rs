//! Notes of staff, on items and patients.

use sqlx::FromRow;

use crate::{
    clock::Timestamp,
    domain::work::NoteKind,
    ids::{NoteId, PatientId, WorkId},
    store::{
        Conn, json_rows,
        sql::{query, query_as},
    },
};

#[derive(Clone, Debug, FromRow)]
pub(crate) struct Note {
    pub(crate) id: NoteId,
    pub(crate) patient_id: PatientId,
    /// `None` for a note on the patient alone.
    pub(crate) work_id: Option<WorkId>,
    pub(crate) kind: NoteKind,
    pub(crate) text: String,
    pub(crate) author: String,
    pub(crate) created_at: Timestamp,
}

pub(crate) async fn add_note(conn: &mut Conn, note: &Note) -> sqlx::Result<()> {
    query(
        "INSERT INTO notes (id, patient_id, work_id, kind, text, author, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(note.id)
    .bind(note.patient_id)
    .bind(note.work_id)
    .bind(note.kind)
    .bind(&note.text)
    .bind(&note.author)
    .bind(note.created_at)
    .execute(conn)
    .await?;
    Ok(())
}

/// Oldest first.
pub(crate) async fn notes_of(conn: &mut Conn, ids: &[WorkId]) -> sqlx::Result<Vec<Note>> {
    query_as("SELECT * FROM notes WHERE work_id IN (SELECT value FROM json_each($1)) ORDER BY created_at, id")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}

/// In no order.
pub(crate) async fn notes(conn: &mut Conn, ids: &[NoteId]) -> sqlx::Result<Vec<Note>> {
    query_as("SELECT * FROM notes WHERE id IN (SELECT value FROM json_each($1))")
        .bind(json_rows(ids)?)
        .fetch_all(conn)
        .await
}
