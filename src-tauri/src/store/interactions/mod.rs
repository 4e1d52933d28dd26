//! The interaction log: one row for each delivery that has an outcome, and the sums over it.

mod changes;
mod rows;

pub(crate) use self::{changes::*, rows::*};
