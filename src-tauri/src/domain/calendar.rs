//! Conversion between local times and instants: the one place that knows zones, gaps and folds.
//! Pure.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone as _};
use chrono_tz::Tz;

use crate::clock::{DAY_MS, Timestamp};

/// The furthest ahead anything is planned, in days: a year and a day, so that "a year after the
/// operation" can be written.
pub(crate) const MAX_AHEAD_DAYS: u32 = 366;

pub(crate) const MAX_AHEAD_MS: i64 = MAX_AHEAD_DAYS as i64 * DAY_MS;

pub(crate) fn local_of(at: Timestamp, zone: Tz) -> NaiveDateTime {
    at.to_utc().with_timezone(&zone).naive_local()
}

/// The instant of a local time: in a gap the first valid minute after it, in a fold the first
/// of the two.
pub(crate) fn instant_of(local: NaiveDateTime, zone: Tz) -> Option<Timestamp> {
    let resolved = zone.from_local_datetime(&local);
    if let Some(at) = resolved.earliest() {
        return Some(at.to_utc().into());
    }
    // A gap: its end is the transition between the two offsets around it. Search by halves
    // for the first instant whose local time is not before the one asked for.
    let guess = local.and_utc();
    let (mut low, mut high) =
        (guess.checked_sub_signed(TimeDelta::hours(30))?, guess.checked_add_signed(TimeDelta::hours(30))?);
    while high - low > TimeDelta::milliseconds(1) {
        let middle = low + (high - low) / 2;
        if middle.with_timezone(&zone).naive_local() < local {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(high.into())
}

/// The first instant of a day: midnight, or the end of the gap that swallows it. `None` for
/// years nobody means: beyond 1 to 9999 milliseconds overflow.
pub(crate) fn start_of_day(day: NaiveDate, zone: Tz) -> Option<Timestamp> {
    if !(1..=9_999).contains(&day.year()) {
        return None;
    }
    instant_of(day.and_time(NaiveTime::MIN), zone)
}

/// The first instant of the day in which `at` lies.
pub(crate) fn day_start(at: Timestamp, zone: Tz) -> Timestamp {
    start_of_day(local_of(at, zone).date(), zone).unwrap_or(at)
}

/// The first instant of the day after the one in which `at` lies.
pub(crate) fn next_day_start(at: Timestamp, zone: Tz) -> Timestamp {
    local_of(at, zone).date().succ_opt().and_then(|day| start_of_day(day, zone)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Timestamp {
        text.parse::<chrono::DateTime<chrono::Utc>>().expect("a time").into()
    }

    #[test]
    fn a_day_begins_at_midnight_of_its_zone() {
        let (at, zone) = (utc("2026-11-24T20:00:00Z"), Tz::Asia__Bangkok);
        assert_eq!(day_start(at, zone), utc("2026-11-24T17:00:00Z"));
        assert_eq!(next_day_start(at, zone), utc("2026-11-25T17:00:00Z"));
    }

    #[test]
    fn a_day_without_a_midnight_begins_when_its_gap_ends() {
        // Beirut put its clocks on at midnight: 2022-03-27 began at 01:00.
        let day = NaiveDate::from_ymd_opt(2022, 3, 27).expect("a day");
        let start = start_of_day(day, Tz::Asia__Beirut);
        assert_eq!(start, Some(utc("2022-03-26T22:00:00Z")));
        assert_eq!(day_start(utc("2022-03-27T10:00:00Z"), Tz::Asia__Beirut), utc("2022-03-26T22:00:00Z"));
    }

    /// The same cases as those of the screens (`ui/src/lib/zones.ts`).
    #[test]
    fn a_clock_on_a_wall_shows_an_instant_as_the_screens_have_it() {
        #[derive(serde::Deserialize)]
        struct Case {
            zone: Tz,
            wall: String,
            instant: String,
        }
        let cases = include_str!("../../../tests/fixtures/rules/walls.json");
        for Case { zone, wall, instant } in serde_json::from_str::<Vec<Case>>(cases).expect("cases") {
            let local = NaiveDateTime::parse_from_str(&wall, "%Y-%m-%dT%H:%M").expect("a wall clock");
            assert_eq!(instant_of(local, zone), Some(utc(&instant)), "{wall} in {zone}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_instant_lies_between_the_starts_of_its_day_and_the_next(
            ms in -2_000_000_000_000_i64..4_000_000_000_000,
            zone in proptest::sample::select(vec![Tz::Asia__Tokyo, Tz::Asia__Beirut, Tz::America__New_York, Tz::Pacific__Apia]),
        ) {
            let at = Timestamp::from_millis(ms);
            proptest::prop_assert!(day_start(at, zone) <= at);
            proptest::prop_assert!(at < next_day_start(at, zone));
        }
    }
}
