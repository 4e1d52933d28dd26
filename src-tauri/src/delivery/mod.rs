//! One message on its way: the gate, the body, the attempt, what follows from it, and its record.

pub(crate) mod allowed;
mod backlog;
pub(crate) mod compose;
mod deliverer;
mod facts;
pub(crate) mod gate;
pub(crate) mod in_flight;
mod outcome;
mod pace;
pub(crate) mod probe;
mod quota;
pub(crate) mod recorder;
mod report;
mod turns;

pub(crate) use deliverer::Deliverer;
