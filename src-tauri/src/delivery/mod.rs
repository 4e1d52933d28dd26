//! One message on its way: the gate, the body, the attempt, what follows from it, and the
//! record of it. May use `store`, `queue`, `line` and `domain`.

pub mod compose;
pub mod deliver;
mod facts;
pub mod flight;
pub mod gate;
pub mod outcome;
mod pace;
pub mod probe;
pub mod recorder;

pub use deliver::Courier;
