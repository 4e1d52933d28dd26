//! What is due when: the planner (pure), the tick, recurring work and the lifecycle of
//! assignments. May use `store`, `queue` and `domain`; never LINE, never HTTP.

pub mod planner;
