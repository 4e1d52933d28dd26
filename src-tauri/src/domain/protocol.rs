//! A care protocol: steps with their triggers, in versions that never change once published.

use super::named_enum;

named_enum! {
    /// Where a protocol stands.
    #[serde(rename = "ProtocolStatus")]
    Status {
        /// Being written; cannot be assigned.
        Draft = "draft",
        /// Published; can be assigned.
        Active = "active",
        /// No longer offered.
        Archived = "archived",
    }
}
