//! Assignments of protocols to patients.

mod due;
mod lifecycle;
mod rows;

pub(crate) use self::{due::*, lifecycle::*, rows::*};
