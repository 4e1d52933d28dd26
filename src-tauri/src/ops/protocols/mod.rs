//! Protocols: written as drafts, checked by LINE's limits, published in versions.

mod check;
mod shown;
mod write;

pub use check::{StepInput, Validation, validate};
pub use shown::{OneProtocol, Protocol, ProtocolSummary, Step, get, list};
pub(super) use write::write_new;
pub use write::{CreateProtocol, UpdateProtocol, activate, archive, create, update};
