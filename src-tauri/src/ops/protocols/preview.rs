//! A preview of what steps would send, and when, before they are saved.

use crate::{
    clock::Timestamp,
    core::Core,
    domain::{clinic::AtNight, trigger::Trigger},
    error::{Result, Thing},
    fields::{ZONE, or_default},
    ids::PatientId,
    ops::{
        Caller, found,
        wire::{Checks, inputs, outputs},
    },
    schedule::upcoming,
    store::patients,
};

use super::check::MAX_STEPS;

/// Times of a preview by default.
const DEFAULT_TIMES: u32 = 30;

inputs! {
    /// Triggers of steps to preview.
    pub(crate) struct PreviewSteps {
        /// The triggers of 1 to 50 steps, in order.
        #[garde(length(min = 1, max = MAX_STEPS), dive)]
        pub(crate) triggers: Vec<Trigger>,
        /// What quiet hours do to the messages of each step, in order; null, or left out, for the
        /// clinic's rule.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Option<Vec<Option<AtNight>>>)]
        #[garde(length(max = MAX_STEPS))]
        pub(crate) at_night: Vec<Option<AtNight>>,
        /// When the follow-up would start; now where left out.
        #[serde(default)]
        pub(crate) start_at: Option<Timestamp>,
        /// The patient whose zone counts.
        #[serde(default)]
        pub(crate) patient_id: Option<PatientId>,
        /// The IANA zone where no patient is named; the clinic's where left out.
        #[serde(default)]
        #[garde(pattern(ZONE))]
        pub(crate) time_zone: Option<String>,
        /// The number of times: 1 to 200; 30 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = 200))]
        pub(crate) limit: Option<u32>,
    } also readable;
}

outputs! {
    /// A time at which a step would come.
    pub(crate) struct PreviewedTime {
        /// The index of the step, from 0.
        pub(crate) step: u32,
        /// When the step would be due.
        pub(crate) due_at: Timestamp,
        /// When it would go: later than `dueAt` where it waits for the end of quiet hours.
        pub(crate) goes_at: Timestamp,
        /// Whether it would go without a sound, because of quiet hours.
        pub(crate) silently: bool,
    }

    /// The times at which steps would send, for a patient who starts as given.
    pub(crate) struct Preview {
        /// In order of due time.
        pub(crate) items: Vec<PreviewedTime>,
        /// The IANA zone of its local times.
        pub(crate) time_zone: String,
        /// Whether more times would follow.
        pub(crate) more: bool,
    }
}

fn readable(input: &PreviewSteps, _: Timestamp, checks: &mut Checks) {
    for (n, trigger) in input.triggers.iter().enumerate() {
        checks.extend(trigger.parse(&format!("triggers[{n}]")).err().into_iter().collect());
    }
}

/// Nothing is saved.
pub(crate) async fn preview(core: &Core, _: &Caller, input: PreviewSteps) -> Result<Preview> {
    let clinic = core.clinic();
    let patients_zone = match input.patient_id {
        Some(id) => {
            let mut conn = core.store.read().acquire().await?;
            found(patients::get(&mut conn, id).await?, Thing::Patient, id)?.time_zone
        }
        None => input.time_zone,
    };
    let zone = clinic.zone_of(patients_zone.as_deref());
    let rules: Vec<_> = input.triggers.iter().filter_map(|trigger| trigger.parse("trigger").ok()).collect();
    let limit = input.limit.unwrap_or(DEFAULT_TIMES) as usize;
    let start = input.start_at.unwrap_or_else(|| core.now());
    let times = upcoming::of_rules(&rules, start, zone, limit + 1);
    let more = times.len() > limit;
    let at_night = |step: usize| input.at_night.get(step).copied().flatten();
    let items = times.into_iter().take(limit).map(|(step, due_at)| PreviewedTime {
        step: u32::try_from(step).unwrap_or(u32::MAX),
        due_at,
        goes_at: clinic.held_until(due_at, zone, at_night(step)).unwrap_or(due_at),
        silently: clinic.is_silent_at(due_at, zone, at_night(step)),
    });
    Ok(Preview { items: items.collect(), time_zone: zone.name().to_owned(), more })
}
