//! Protocols: written as drafts, checked by LINE's limits, published in versions.

mod check;
mod shown;
mod write;

pub use check::{CheckSteps, CheckedSteps, StepInput, Validation, check_steps, validate};
pub use shown::{OneProtocol, Protocol, ProtocolSummary, Step, get, list};
pub use write::{CreateProtocol, UpdateProtocol, activate, archive, create, update};
pub(super) use write::{Made, write_new};
