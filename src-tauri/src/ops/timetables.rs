//! The next times of a timetable.

use super::{
    Caller,
    wire::{Checks, inputs, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::trigger::{Cron, MAX_CRON},
    error::{FieldCode, Problem, Result},
    fields::ZONE,
};

/// Times shown by default.
const DEFAULT_TIMES: u32 = 5;
const MAX_TIMES: u32 = 50;

inputs! {
    /// A timetable, and the number of times to show.
    pub(crate) struct NextTimes {
        /// Five fields: minute, hour, day of the month, month, day of the week.
        #[schemars(length(max = MAX_CRON))]
        pub(crate) cron: String,
        /// The IANA zone of `cron`; the clinic's where left out.
        #[serde(default)]
        #[garde(pattern(ZONE))]
        pub(crate) time_zone: Option<String>,
        /// The number of times: 1 to 50; 5 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_TIMES))]
        pub(crate) limit: Option<u32>,
    } also comes;
}

outputs! {
    /// The next times of a timetable.
    pub(crate) struct TimesAhead {
        /// The IANA zone the timetable was read in.
        pub(crate) time_zone: String,
        /// The times, the soonest first; fewer than `limit` where it ends before.
        pub(crate) items: Vec<Timestamp>,
    }
}

fn comes(input: &NextTimes, now: Timestamp, checks: &mut Checks) {
    Cron::to_come(&input.cron, "cron", now).err().into_iter().for_each(|problem| checks.add(problem));
}

/// From now on, by the rule by which messages repeat.
#[expect(clippy::unused_async, reason = "every operation is async, for the one list")]
pub(crate) async fn next(core: &Core, _: &Caller, input: NextTimes) -> Result<TimesAhead> {
    let zone = core.clinic().zone_of(input.time_zone.as_deref());
    let cron = Cron::parse(&input.cron, "cron").map_err(|problem| Problem::fields(vec![problem]))?;
    let limit = input.limit.unwrap_or(DEFAULT_TIMES) as usize;
    let items: Vec<_> = cron.times_after(core.now(), zone).take(limit).collect();
    if items.is_empty() {
        return Err(Problem::field("cron", FieldCode::NeverComesInZone));
    }
    Ok(TimesAhead { time_zone: zone.name().to_owned(), items })
}
