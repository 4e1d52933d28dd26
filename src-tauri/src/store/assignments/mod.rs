//! Assignments of protocols to patients.

mod due;
mod lifecycle;
mod rows;

pub use self::{due::*, lifecycle::*, rows::*};
