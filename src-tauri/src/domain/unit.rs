//! Aggregation units: names under which LINE counts who opened a plan's messages. LINE gives no
//! number for one patient, and for a unit only one of 20 or more. Pure.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use chrono_tz::Tz;

use super::calendar::{local_of, start_of_day};
use crate::{clock::Timestamp, ids::ProtocolId};

/// Patients a plan needs to be counted: LINE shows no smaller number ("Get statistics of sent
/// messages").
pub(crate) const MIN_PATIENTS: i64 = 20;

/// The most unit names that LINE takes in a month.
pub(crate) const MAX_UNITS: i64 = 1_000;

/// Days after the first that one question to LINE may span; a month has no more.
const MAX_SPAN: Days = Days::new(30);

/// Days after sending in which LINE counts openings.
const COUNTED_DAYS: u64 = 14;

/// LINE's days and months are Japan's.
const ZONE: Tz = Tz::Asia__Tokyo;

/// A month in LINE's zone, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(NaiveDate);

impl Month {
    /// The month of an instant in LINE's zone.
    pub(crate) fn of(now: Timestamp) -> Self {
        let day = local_of(now, ZONE).date();
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The text that is stored and shown: `2026-11`.
    pub(crate) fn text(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok().map(Self)
    }

    /// The first and last day to ask LINE about: `20261101` and `20261201`.
    pub(crate) fn span(self) -> (String, String) {
        let last = self.0.checked_add_days(MAX_SPAN).unwrap_or(self.0);
        (self.0.format("%Y%m%d").to_string(), last.format("%Y%m%d").to_string())
    }

    pub(crate) fn before(self) -> Self {
        let last = self.0.pred_opt().unwrap_or(self.0);
        Self(last.with_day(1).unwrap_or(last))
    }

    /// When LINE has counted the whole month: 14 days after its last message, plus a day until the
    /// numbers come.
    pub(crate) fn counted_at(self) -> Timestamp {
        let next = self.0.checked_add_months(Months::new(1)).unwrap_or(self.0);
        let counted = next.checked_add_days(Days::new(COUNTED_DAYS + 1)).unwrap_or(next);
        start_of_day(counted, ZONE).unwrap_or(Timestamp::from_millis(i64::MAX))
    }

    /// The name of a plan's unit: at most 30 letters, digits and `_`, as LINE takes them.
    pub(crate) fn unit_of(self, plan: ProtocolId) -> String {
        let id = plan.0.simple().to_string();
        // The end of an id is chance, its beginning the time.
        format!("cq_{}_{}", self.0.format("%Y%m"), &id[id.len() - MAX_OF_ID..])
    }
}

/// Hex digits of a plan's id in a name: 80 bits.
const MAX_OF_ID: usize = 20;

/// The beginning of the present day in LINE's zone.
pub(crate) fn day_began(now: Timestamp) -> Timestamp {
    start_of_day(local_of(now, ZONE).date(), ZONE).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_that_of_japan_and_names_a_unit_that_line_takes() {
        // The first of December in Japan, the last of November elsewhere.
        let month = Month::of(Timestamp::from_millis(1_796_050_800_000));
        assert_eq!(month.text(), "2026-12");
        assert_eq!(Month::parse("2026-12"), Some(month));
        assert_eq!(month.span(), ("20261201".to_owned(), "20261231".to_owned()));
        assert_eq!(month.before().text(), "2026-11");
        assert_eq!(month.counted_at().to_string(), "2027-01-15T15:00:00.000Z");
        let plan = ProtocolId(uuid::Uuid::from_u128(0x0197_3c5a_1111_7222_8333_4444_5555_6666));
        let unit = month.unit_of(plan);
        assert_eq!(unit, "cq_202612_72228333444455556666");
        assert!(unit.len() <= 30 && unit.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    }
}
