//! The worklist: people who need a person, and what staff do about it.

mod acts;
mod again;
mod link;
mod notes;
mod shown;

pub use acts::{SnoozeWork, TakeWork, reopen, resolve, snooze, take};
pub use again::send_again;
pub use link::{DecideLink, decide_link};
pub use notes::{NotePatient, NoteWork, note, note_patient};
pub use shown::{ListWork, OneWork, StaffNote, WhatHappened, WorkItem, list};
