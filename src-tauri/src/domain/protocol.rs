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

named_enum! {
    /// What becomes of a due step while the patient cannot be reached: blocked, or not linked.
    #[derive(Default)]
    WhenUnreachable {
        /// It waits until the patient can be reached, or until it is too old.
        #[default]
        Hold = "hold",
        /// It is left out.
        Drop = "drop",
    }
}
