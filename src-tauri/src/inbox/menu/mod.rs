//! The clinic's rich menu: kept at LINE, and the effects of its buttons.

mod keep;
mod links;
mod state;
mod step;

use super::words::{self, Words};
use crate::{
    domain::{clinic::Clinic, language::Language},
    store::{menus::Coming, patients::Patient},
};

pub(crate) use keep::run;
pub use keep::{drain, take_steps};
pub(crate) use state::{Menu, change, get};

/// Tells when a patient's next message is planned, in their language and zone: without a time where
/// it depends on somebody's act, and at the end of quiet hours where it would fall into them.
pub(super) fn next(patient: &Patient, coming: Coming, clinic: &Clinic) -> String {
    let language = Language::of(patient.locale.as_deref(), clinic.time_zone);
    let zone = clinic.zone_of(patient.time_zone.as_deref());
    let all_wait = clinic.paused.is_some() || (clinic.consent_required && patient.consented_at.is_none());
    let words = match coming.at {
        // Here it is unknown which step comes then, and whether it goes by night.
        Some(at) if coming.differs_at_night && clinic.quiet_until(at, zone).is_some() => Words::Waiting,
        Some(at) if !all_wait => Words::Planned(clinic.held_until(at, zone, None).unwrap_or(at), zone),
        None if !coming.waits => Words::NothingPlanned,
        _ => Words::Waiting,
    };
    words::say(&words, language)
}
