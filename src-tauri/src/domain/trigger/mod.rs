//! When a step is due: the four kinds of trigger, as written and as parsed.

mod cron;

pub(crate) use cron::Cron;
pub use cron::Moment;

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate, NaiveTime};
use const_format::formatcp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    calendar::{MAX_AHEAD_DAYS, MAX_AHEAD_MS},
    named_enum,
};
use crate::{
    clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, time_of_day},
    error::{FieldCode, FieldProblem},
};

const TIMES_PATTERN: &str = formatcp!(r"^\s*{0}\s*(,\s*{0}\s*)*$", time_of_day::INNER_PATTERN);

/// A trigger as staff write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, garde::Validate, JsonSchema, specta::Type)]
#[garde(allow_unvalidated)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Trigger {
    /// At the start of the assignment.
    Immediate {},
    /// A time after the start: `30s`, `30m`, `1h`, `2d`, `1d12h`.
    Delay {
        /// 1 second to 366 days, the largest unit first.
        #[schemars(regex(pattern = r"^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$"), length(min = 2))]
        value: String,
    },
    /// At times of day, the patient's local time.
    Scheduled {
        /// `09:00`, or up to 24 of them: `09:00,14:30`.
        #[schemars(regex(pattern = TIMES_PATTERN))]
        value: String,
        /// The first day; 0 is the day of the start, and the default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[garde(range(max = MAX_DAYS))]
        start_day: Option<u32>,
        /// How many days it comes on; left out, until the assignment ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[garde(range(min = 1, max = MAX_DAYS))]
        days: Option<u32>,
        /// Every n-th of those days, the first included: 2 is every other day; left out, each of
        /// them. Not beside `weekdays`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[garde(range(min = 1, max = MAX_EVERY_DAYS))]
        every_days: Option<u32>,
        /// Only these days of the week. Not beside `everyDays`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[garde(length(min = 1, max = 7))]
        weekdays: Option<Vec<Weekday>>,
    },
    /// By a cron expression in the patient's zone.
    Recurring {
        /// Five fields: minute, hour, day of month, month, day of week.
        #[schemars(length(max = MAX_CRON))]
        value: String,
    },
}

/// A trigger as the planner reads it.
#[derive(Clone, Debug)]
pub(crate) enum Rule {
    Immediate,
    /// Milliseconds after the start.
    Delay {
        /// 1,000 to those of 366 days.
        ms: i64,
    },
    /// These local times on these days.
    TimesOfDay {
        /// 1 to 24 times, in order and each once.
        times: Vec<NaiveTime>,
        days: Days,
    },
    Cron(Box<Cron>),
}

named_enum! {
    /// A day of the week, by three letters of its English name.
    Weekday {
        Monday = "mon",
        Tuesday = "tue",
        Wednesday = "wed",
        Thursday = "thu",
        Friday = "fri",
        Saturday = "sat",
        Sunday = "sun",
    }
}

impl Weekday {
    fn of(date: NaiveDate) -> Self {
        Self::ALL[date.weekday().num_days_from_monday() as usize]
    }
}

/// The days of a step that comes at times of day.
#[derive(Clone, Debug)]
pub(crate) struct Days {
    /// The first day; 0 is the day of the start.
    pub(crate) start: u32,
    /// How many days from it on; `None` until the end.
    pub(crate) count: Option<u32>,
    pub(crate) which: Which,
}

/// Which of the days of a span.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    /// Each n-th, the first included; 1 is every day.
    Nth(u32),
    /// The named days of the week.
    Weekdays(Vec<Weekday>),
}

impl Which {
    /// Whether `day` of a span that begins at `first` is one of them.
    pub(crate) fn has(&self, first: NaiveDate, day: NaiveDate) -> bool {
        match self {
            Self::Nth(n) => day.signed_duration_since(first).num_days() % i64::from(*n).max(1) == 0,
            Self::Weekdays(days) => days.contains(&Weekday::of(day)),
        }
    }
}

pub(crate) const MAX_TIMES: u32 = 24;
/// The most characters of a cron expression.
pub(crate) const MAX_CRON: u32 = 200;
const MAX_DAYS: u32 = 3650;
/// The widest gap between two days: a year, leap day included.
const MAX_EVERY_DAYS: u32 = 366;

impl Trigger {
    /// Reads the trigger. `field` is its path in the request.
    ///
    /// # Errors
    /// The field, and what it takes.
    pub(crate) fn parse(&self, field: &str) -> Result<Rule, FieldProblem> {
        let value_field = format!("{field}.value");
        match self {
            Self::Immediate {} => Ok(Rule::Immediate),
            Self::Delay { value } => match delay_ms(value) {
                Some(ms) if (1_000..=MAX_AHEAD_MS).contains(&ms) => Ok(Rule::Delay { ms }),
                Some(_) => {
                    Err(FieldProblem::limited(value_field, FieldCode::DelayOutOfRange, MAX_AHEAD_DAYS))
                }
                None => Err(FieldProblem::new(value_field, FieldCode::NotADelay)),
            },
            Self::Scheduled { value, start_day, days, every_days, weekdays } => {
                let times = times_of_day(value, &value_field)?;
                let which = match (every_days, weekdays) {
                    (Some(_), Some(_)) => {
                        return Err(FieldProblem::new(
                            format!("{field}.weekdays"),
                            FieldCode::TwoKindsOfDays,
                        ));
                    }
                    (None, Some(weekdays)) => Which::Weekdays(weekdays.clone()),
                    (every, None) => Which::Nth(every.unwrap_or(1)),
                };
                Ok(Rule::TimesOfDay {
                    times,
                    days: Days { start: start_day.unwrap_or(0), count: *days, which },
                })
            }
            Self::Recurring { value } => Cron::parse(value, &value_field).map(|c| Rule::Cron(Box::new(c))),
        }
    }
}

/// Reads `1d12h` as milliseconds; `None` for any other form.
fn delay_ms(text: &str) -> Option<i64> {
    const UNITS: [(char, i64); 4] = [('d', DAY_MS), ('h', HOUR_MS), ('m', MINUTE_MS), ('s', SECOND_MS)];
    let (mut rest, mut total, mut units) = (text, 0_i64, UNITS.as_slice());
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        // Larger units first, each at most once.
        let place = units.iter().position(|(u, _)| *u == unit)?;
        total = number.checked_mul(units[place].1).and_then(|ms| total.checked_add(ms))?;
        units = &units[place + 1..];
        rest = &rest[digits + unit.len_utf8()..];
    }
    (!text.is_empty()).then_some(total)
}

fn times_of_day(text: &str, field: &str) -> Result<Vec<NaiveTime>, FieldProblem> {
    let times = text
        .split(',')
        .map(|part| time_of_day::parse(part.trim()))
        .collect::<Option<BTreeSet<_>>>()
        .ok_or_else(|| FieldProblem::new(field, FieldCode::NotTimesOfDay))?;
    if times.len() > MAX_TIMES as usize {
        return Err(FieldProblem::limited(field, FieldCode::TooManyTimes, MAX_TIMES));
    }
    Ok(times.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delay(value: &str) -> Option<i64> {
        match (Trigger::Delay { value: value.to_owned() }).parse("trigger") {
            Ok(Rule::Delay { ms }) => Some(ms),
            _ => None,
        }
    }

    #[test]
    fn delays_are_read_with_their_units_from_large_to_small() {
        assert_eq!(delay("30s"), Some(30_000));
        assert_eq!(delay("1d12h"), Some(36 * HOUR_MS));
        for wrong in
            ["", "h", "1", "12h1d", "1h1h", "-1h", "1.5h", "0s", "367d", "1ｈ", "9999999999999999999d"]
        {
            assert_eq!(delay(wrong), None, "{wrong}");
        }
    }

    /// The same cases as those of the screens (`ui/src/lib/delay.ts`).
    #[test]
    fn a_delay_is_as_long_as_the_screens_say() {
        #[derive(serde::Deserialize)]
        struct Case {
            delay: String,
            seconds: Option<i64>,
        }
        let cases = include_str!("../../../../tests/fixtures/rules/delays.json");
        for case in serde_json::from_str::<Vec<Case>>(cases).expect("cases") {
            assert_eq!(delay(&case.delay), case.seconds.map(|seconds| seconds * 1_000), "{}", case.delay);
        }
    }

    #[test]
    fn a_delay_out_of_range_says_the_range() {
        let refused = Trigger::Delay { value: "367d".to_owned() }.parse("trigger").expect_err("too long");
        assert_eq!((refused.code, refused.limit), (FieldCode::DelayOutOfRange, Some(MAX_AHEAD_DAYS)));
    }

    #[test]
    fn times_of_day_are_sorted_and_unique() {
        let times = times_of_day("14:30, 09:00,09:00", "value").expect("times");
        assert_eq!(times.len(), 2);
        assert!(times[0] < times[1]);
        for wrong in ["", "9:00", "24:00", "09:60", "09:00,", "0900"] {
            assert!(times_of_day(wrong, "value").is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn reading_a_trigger_never_panics(value in ".{0,40}") {
            let _ = delay_ms(&value);
            let _ = times_of_day(&value, "value");
            let _ = Cron::parse(&value, "cron");
        }
    }
}
