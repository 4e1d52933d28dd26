//! The people who work at the clinic.

use super::named_enum;

named_enum! {
    /// The rights of a member of staff; each role includes those before it.
    #[derive(PartialOrd, Ord)]
    Role {
        /// Look at everything and change nothing.
        Viewer = "viewer",
        /// Care for patients: write, assign, send, retry.
        Operator = "operator",
        /// Also change settings and tokens and run maintenance.
        Admin = "admin",
    }
}
