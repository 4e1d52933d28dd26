//! Deliveries: one message to one patient, from planned to sent.

mod doubt;
mod facts;
mod freshness;
mod insert;
mod lists;
mod looks;
mod recovery;
mod rows;
mod transitions;
mod waiting;

pub use self::rows::{Delivery, get};
pub(crate) use self::{
    doubt::*, facts::*, freshness::*, insert::*, lists::*, looks::*, recovery::*, rows::*, transitions::*,
    waiting::*,
};
