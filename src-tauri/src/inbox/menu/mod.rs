//! The clinic's rich menu: kept at LINE, and what follows from a press of its buttons.

mod keep;
mod state;

use super::words::{self, Words};
use crate::{
    clock::Timestamp,
    domain::{clinic::Clinic, language::Language},
    store::patients::Patient,
};

pub(crate) use keep::run;
pub use keep::{drain, take_steps};
pub(crate) use state::{Menu, change, get};

/// When a patient's next message is planned, in their language and zone.
pub(super) fn next(patient: &Patient, at: Option<Timestamp>, clinic: &Clinic) -> String {
    let language = Language::of(patient.locale.as_deref(), clinic.time_zone);
    let zone = clinic.zone_of(patient.time_zone.as_deref());
    words::say(&at.map_or(Words::NothingPlanned, |at| Words::Planned(at, zone)), language)
}
