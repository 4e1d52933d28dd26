//! The people who work at the clinic.

use super::named_enum;

named_enum! {
    /// What somebody may do; each role may do what those before it may.
    #[derive(PartialOrd, Ord)]
    Role {
        /// Look at everything and change nothing.
        Viewer = "viewer",
        /// Care for patients: write, assign, send, retry.
        Operator = "operator",
        /// May also change settings and tokens and run maintenance.
        Admin = "admin",
    }
}
