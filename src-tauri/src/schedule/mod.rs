//! Planning: the planner (pure), the tick, recurring work and the lifecycle of assignments. It
//! sends nothing.

pub(crate) mod ahead;
pub(crate) mod backup;
pub(crate) mod lifecycle;
pub(crate) mod past;
mod plan_batch;
mod planner;
pub(crate) mod promote;
pub mod recount;
pub(crate) mod recover;
pub(crate) mod recurring;
mod repeat;
pub(crate) mod replan;
pub mod tick;
pub(crate) mod upcoming;
pub(crate) mod uploads;
mod version;
mod waiting;
pub(crate) mod write_watch;

/// Rows of one transaction; others write in between.
const MAX_BATCH: u32 = 500;
