//! Protocols: written as drafts, checked by LINE's limits, published in versions.

mod check;
mod shown;
mod write;

pub(crate) use check::{CheckSteps, CheckedSteps, Validation, check_steps, validate};
pub(crate) use shown::{OneProtocol, Protocol, ProtocolSummary, get, list};
pub(crate) use write::{CreateProtocol, UpdateProtocol, activate, archive, create, update};
pub(super) use write::{Made, write_new};
