//! Sums over the interaction log, so that a year of rows answers at once: by the quarter of an hour
//! over everything, and by the clinic's day for each step.
//!
//! A row enters the sums as it is and leaves them as it was: every change of a row passes both to
//! [`Moves`].

mod answer_counts;
mod answer_stats;
mod delivery_stats;
mod drifting;
mod moves;
mod recounts;
mod spans;

pub use self::{
    answer_counts::recount_answers,
    answer_stats::{ByStep, Scope, StepAnswers, StepKey},
    delivery_stats::{Sums, recount},
    moves::{Counted, Moves},
    recounts::{count_anew, count_by, recount_day},
    spans::{answers, sums},
};
pub(crate) use self::{drifting::drifting, spans::buckets};
