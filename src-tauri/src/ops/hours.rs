//! Messages and answers by the hour of the week.

use chrono::{Datelike as _, Timelike as _};

use super::{
    Caller,
    statistics::{StatsRange, range},
    wire::outputs,
};
use crate::{
    clock::{Span, Timestamp},
    core::Core,
    domain::calendar::local_of,
    error::Result,
    store::statistics,
};

outputs! {
    /// Messages by the hour of the week.
    pub(crate) struct HoursOfWeek {
        /// The first counted instant.
        pub(crate) from: Timestamp,
        /// The end, not included.
        pub(crate) to: Timestamp,
        /// The IANA zone of the hours, the clinic's.
        pub(crate) time_zone: String,
        /// 168 hours, from Monday 00:00 on.
        pub(crate) hours: Vec<HourOfWeek>,
    }

    /// Messages of one hour of the week, over all weeks of the span.
    pub(crate) struct HourOfWeek {
        /// 1 for Monday to 7 for Sunday.
        pub(crate) weekday: u32,
        /// The hour of the day, 0 to 23.
        pub(crate) hour: u32,
        /// Messages LINE accepted in this hour.
        pub(crate) sent: i64,
        /// Messages in this hour that LINE did not accept.
        pub(crate) failed: i64,
        /// Sent messages that ask a question.
        pub(crate) asked: i64,
        /// Questions that were answered, in time or not.
        pub(crate) responded: i64,
        /// Questions that were not answered in time.
        pub(crate) missed: i64,
    }
}

const HOURS: u32 = 7 * 24;

pub(crate) async fn hours(core: &Core, _: &Caller, input: StatsRange) -> Result<HoursOfWeek> {
    let zone = core.clinic().time_zone;
    let Span { from, to } = range(input.from.as_deref(), input.to.as_deref(), zone, core.now())?;
    let empty = |n: u32| HourOfWeek {
        weekday: n / 24 + 1,
        hour: n % 24,
        sent: 0,
        failed: 0,
        asked: 0,
        responded: 0,
        missed: 0,
    };
    let mut hours: Vec<_> = (0..HOURS).map(empty).collect();
    for bucket in statistics::buckets(core.store.read(), from, to).await? {
        let local = local_of(bucket.bucket_at, zone);
        let n = local.weekday().num_days_from_monday() as usize * 24 + local.hour() as usize;
        if let Some(hour) = hours.get_mut(n) {
            hour.sent += bucket.sums.sent;
            hour.failed += bucket.sums.failed;
            hour.asked += bucket.sums.asked;
            hour.responded += bucket.sums.responded;
            hour.missed += bucket.sums.missed;
        }
    }
    Ok(HoursOfWeek { from, to, time_zone: zone.name().to_owned(), hours })
}
