//! Patients who stopped answering: somebody may want to call them before anything happens.

use super::{
    Caller,
    wire::{DEFAULT_ROWS, MAX_ROWS, inputs, outputs},
};
use crate::{
    clock::{DAY_MS, Timestamp},
    core::Core,
    error::Result,
    ids::PatientId,
    store::statistics,
};

/// Unanswered questions in a row that put a patient on the list.
const MIN_MISSED: u32 = 2;

/// Days looked back by default.
const DEFAULT_DAYS: u32 = 14;
const MAX_DAYS: u32 = 90;

inputs! {
    /// How far to look back for patients who stopped answering.
    pub(crate) struct ListDrifting {
        /// Days in which they missed their last questions: 1 to 90; 14 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_DAYS))]
        pub(crate) days: Option<u32>,
        /// Rows of the answer: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
    }
}

outputs! {
    /// Patients who stopped answering.
    pub(crate) struct DriftingPatients {
        /// Patients, those with the most missed questions in a row first.
        pub(crate) items: Vec<DriftingPatient>,
        /// Whether there are more than `items` has.
        pub(crate) more: bool,
        /// Unanswered questions in a row that put a patient here.
        pub(crate) least: u32,
        /// The days looked back.
        pub(crate) days: u32,
    }

    /// A patient who stopped answering.
    pub(crate) struct DriftingPatient {
        /// The id of the patient, a UUID.
        pub(crate) patient_id: PatientId,
        /// The patient's name as written, 1 to 200 characters.
        pub(crate) patient_name: String,
        /// Questions in a row not answered in time, up to the latest settled one.
        pub(crate) missed_in_a_row: i64,
        /// When the first of them went out.
        pub(crate) since: Timestamp,
        /// When they last answered a question; null where they never did.
        pub(crate) last_answered_at: Option<Timestamp>,
    }
}

pub(crate) async fn list(core: &Core, _: &Caller, input: ListDrifting) -> Result<DriftingPatients> {
    let days = input.days.unwrap_or(DEFAULT_DAYS);
    let limit = input.limit.unwrap_or(DEFAULT_ROWS);
    let from = core.now().plus_millis(-i64::from(days) * DAY_MS);
    let mut found = statistics::drifting(core.store.read(), from, MIN_MISSED, limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let items = found.into_iter().map(|row| DriftingPatient {
        patient_id: row.patient_id,
        patient_name: row.display_name,
        missed_in_a_row: row.missed_in_a_row,
        since: row.since,
        last_answered_at: row.answered_at,
    });
    Ok(DriftingPatients { items: items.collect(), more, least: MIN_MISSED, days })
}
