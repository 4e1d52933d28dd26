//! The worklist: people who need a person, and the acts of staff on it.

mod acts;
mod again;
mod link;
mod notes;
mod shown;

pub(crate) use acts::{SnoozeWork, TakeWork, reopen, resolve, snooze, take};
pub(crate) use again::send_again;
pub(crate) use link::{DecideLink, decide_link};
pub(crate) use notes::{NotePatient, NoteWork, note, note_patient};
pub(crate) use shown::{LastSettled, ListWork, OneWork, StaffNote, WorkItem, last_settled, list};
