//! The recurring work of the program itself.

use super::named_enum;

named_enum! {
    /// A piece of work that recurs by the clock.
    Upkeep {
        /// Failed deliveries that may go out by themselves are queued again.
        RetrySweep = "retry-sweep",
        /// Finished jobs are removed, finished assignments closed.
        Maintenance = "maintenance",
        /// LINE is asked about the patients whose next step is near.
        ReachabilityProbe = "reachability-probe",
        /// A backup of everything is made.
        Backup = "backup",
    }
}

impl Upkeep {
    /// Five fields, in UTC.
    pub(crate) const fn cron(self) -> &'static str {
        match self {
            Self::RetrySweep => "*/15 * * * *",
            Self::Maintenance => "0 * * * *",
            Self::ReachabilityProbe => "30 * * * *",
            // One in the night in Bangkok, two in Taipei, three in Tokyo.
            Self::Backup => "0 18 * * *",
        }
    }
}
