//! Sent messages by way and day, as LINE counts them: days of UTC+9, known when they are over.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};

use crate::clock::{DAY_MS, HOUR_MS, Timestamp};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Push,
    Reply,
    Multicast,
    Broadcast,
    Phone,
}
const JAPAN_MS: i64 = 9 * HOUR_MS;

/// The most days and names of aggregation units kept. LINE takes 1,000 units.
const MAX_COUNTS: usize = 2_000;
const MAX_UNITS: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Counts {
    sent: BTreeMap<(i64, Way), u64>,
    /// Unit names used this month; they stay beyond its end.
    pub(super) units: BTreeSet<String>,
}

impl Counts {
    pub(super) fn add(&mut self, way: Way, sent: u64, now: Timestamp) {
        *self.sent.entry((day_of(now), way)).or_default() += sent;
        if self.sent.len() > MAX_COUNTS {
            self.sent.pop_first();
        }
    }

    pub(super) fn name_unit(&mut self, unit: &str) {
        if self.units.len() < MAX_UNITS {
            self.units.insert(unit.to_owned());
        }
    }

    /// Messages sent on a day, `None` before it is over.
    pub(super) fn of(&self, way: Way, day: i64, now: Timestamp) -> Option<u64> {
        let is_over = day < day_of(now) && !is_before_the_first(day);
        is_over.then(|| self.sent.get(&(day, way)).copied().unwrap_or(0))
    }
}

/// Days since the epoch, in UTC+9.
pub(super) fn day_of(now: Timestamp) -> i64 {
    (now.as_millis() + JAPAN_MS).div_euclid(DAY_MS)
}

/// Reads `20191231` as days since the epoch.
pub(super) fn day(text: &str) -> Option<i64> {
    let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok().filter(|_| text.len() == 8)?;
    Some(i64::from(day.num_days_from_ce() - NaiveDate::default().num_days_from_ce()))
}

/// Whether LINE did not count yet: it has counted since 31 March 2018.
pub(super) fn is_before_the_first(day: i64) -> bool {
    self::day("20180331").is_some_and(|first| day < first)
}
