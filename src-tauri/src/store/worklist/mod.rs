//! The worklist: people who need a person, and the notes of staff.

mod changes;
mod notes;
mod rows;

pub(in crate::store) use self::rows::rank;
pub(crate) use self::{changes::*, notes::*, rows::*};
