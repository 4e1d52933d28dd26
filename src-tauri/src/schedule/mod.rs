//! What is due when: the planner (pure), the tick, recurring work and the lifecycle of
//! assignments. May use `store`, `queue`, `line` (to render) and `domain`; sends nothing.

pub mod lifecycle;
mod plan_batch;
pub mod planner;
pub mod promote;
pub mod recount;
pub mod recover;
pub mod recurring;
mod repeat;
pub mod replan;
pub mod tick;
pub mod upcoming;
mod version;
mod waiting;
pub mod write_watch;
