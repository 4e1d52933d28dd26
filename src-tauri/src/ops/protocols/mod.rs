//! Protocols: written as drafts, checked by LINE's limits, published in versions.

mod check;
mod preview;
mod shown;
mod versions;
mod write;

pub(crate) use check::{CheckSteps, CheckedSteps, Validation, check_steps, validate};
pub(crate) use preview::{Preview, PreviewSteps, preview};
pub(crate) use shown::{OneProtocol, Protocol, ProtocolSummary, get, list};
pub(crate) use versions::{OneVersion, ProtocolVersion, VersionList, version, versions};
pub(crate) use write::{CreateProtocol, UpdateProtocol, activate, archive, bring_back, create, update};
pub(super) use write::{Made, write_new};
