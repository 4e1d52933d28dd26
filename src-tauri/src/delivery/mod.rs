//! One message on its way: the gate, the body, the attempt, what follows from it, and the
//! record of it. May use `store`, `queue`, `line` and `domain`.

pub mod compose;
mod facts;
pub mod gate;
pub mod in_flight;
pub mod outcome;
mod pace;
pub mod probe;
mod quota;
pub mod recorder;
pub mod report;
pub mod sender;

pub use sender::Sender;
