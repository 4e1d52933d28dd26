//! What is due when: the planner (pure), the tick, recurring work and the lifecycle of
//! assignments. May use `store`, `queue`, `line` (to render) and `domain`; sends nothing.

pub mod lifecycle;
pub mod planner;
pub mod promote;
pub mod recount;
pub mod recurring;
mod repeat;
pub mod replan;
pub mod tick;
mod waiting;
pub mod write_watch;
