//! Five-field cron expressions, read by a local clock.

use std::{collections::BTreeSet, str::FromStr as _};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::MAX_CRON;
use crate::{
    clock::Timestamp,
    domain::calendar::{instant_of, local_of},
    error::{FieldCode, FieldProblem},
};

/// A five-field cron expression. Where both day of month and day of week are restricted
/// either matches, as in Vixie cron.
#[derive(Clone, Debug)]
pub(crate) struct Cron {
    schedules: Vec<cron::Schedule>,
}

/// An instant and the local time it stands for, which may not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The first valid minute where `local` does not exist, the first time where it comes twice.
    pub(crate) at: Timestamp,
    /// Local time in the zone that was asked for.
    pub(crate) local: NaiveDateTime,
}

/// The most a zone shifts its clock at once, except on the day Samoa skipped.
const SHIFT: TimeDelta = TimeDelta::hours(3);

/// Candidates examined for one answer; a bound that nobody meets: a minute-by-minute cron has 180
/// in [`SHIFT`].
const MAX_CANDIDATES: usize = 2_000;

impl Cron {
    /// Reads a cron expression. `field` is its path in the request.
    ///
    /// # Errors
    /// The field, and what is wrong with it.
    pub(crate) fn parse(text: &str, field: &str) -> Result<Self, FieldProblem> {
        let refuse = || FieldProblem::new(field, FieldCode::NotCron);
        if text.len() > MAX_CRON as usize {
            return Err(FieldProblem::over(field, MAX_CRON, "characters", text.len()));
        }
        let fields: Vec<_> = text.split_ascii_whitespace().collect();
        let &[minute, hour, day, month, weekday] = fields.as_slice() else {
            return Err(refuse());
        };
        // The library's own extensions (seconds, years, `L`, `?`) are not five-field cron.
        let plain = |f: &&str| f.bytes().all(|b| b.is_ascii_alphanumeric() || b"*,-/".contains(&b));
        if !fields.iter().all(plain) {
            return Err(refuse());
        }
        let weekdays = weekdays(weekday).ok_or_else(refuse)?;
        let restricted = |f: &str| !f.starts_with('*');
        let variants = if restricted(day) && restricted(weekday) {
            vec![(day, "*"), ("*", weekdays.as_str())]
        } else {
            vec![(day, weekdays.as_str())]
        };
        let schedules = variants
            .into_iter()
            .map(|(day, weekday)| {
                cron::Schedule::from_str(&format!("0 {minute} {hour} {day} {month} {weekday}"))
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| refuse())?;
        let cron = Self { schedules };
        // 2000 is a leap year, so the 29th of February counts as a day that comes.
        if cron.local_from(year_2000()).next().is_none() {
            return Err(FieldProblem::new(field, FieldCode::NoSuchDay));
        }
        Ok(cron)
    }

    /// Reads an expression that must hold at some time after `now`, in whichever zone.
    ///
    /// # Errors
    /// What is wrong with it at `field`, or that it holds at no time any more.
    pub(crate) fn to_come(text: &str, field: &str, now: Timestamp) -> Result<Self, FieldProblem> {
        let cron = Self::parse(text, field)?;
        match cron.next_after(now, Tz::UTC) {
            Some(_) => Ok(cron),
            None => Err(FieldProblem::new(field, FieldCode::NeverComes)),
        }
    }

    /// The first instant after `after` at which the expression holds in `zone`. A local time that
    /// does not exist counts at the next valid minute; one that exists twice counts the first time.
    pub(crate) fn next_after(&self, after: Timestamp, zone: Tz) -> Option<Timestamp> {
        self.times_after(after, zone).next()
    }

    /// The soonest first.
    pub(crate) fn times_after(&self, after: Timestamp, zone: Tz) -> impl Iterator<Item = Timestamp> + '_ {
        let from = local_of(after, zone).checked_sub_signed(SHIFT);
        let mut last = after;
        from.into_iter()
            .flat_map(|from| self.local_from(from))
            .take(MAX_CANDIDATES)
            .filter_map(move |local| instant_of(local, zone))
            // Where the clock is put forward several local times come at one instant.
            .filter(move |at| {
                let is_later = *at > last;
                last = last.max(*at);
                is_later
            })
    }

    /// The last instant up to and including `until` at which the expression holds in `zone`.
    pub(crate) fn last_until(&self, until: Timestamp, zone: Tz) -> Option<Moment> {
        let local = local_of(until, zone).checked_add_signed(SHIFT)?.and_utc();
        let last = |s: &cron::Schedule| {
            s.after(&local)
                .rev()
                .take(MAX_CANDIDATES)
                .filter_map(|l| Some(Moment { at: instant_of(l.naive_utc(), zone)?, local: l.naive_utc() }))
                .find(|moment| moment.at <= until)
        };
        self.schedules.iter().filter_map(last).max()
    }

    /// The local times after `from` at which the expression holds.
    fn local_from(&self, from: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> + '_ {
        let from = from.and_utc();
        let mut heads: Vec<_> = self.schedules.iter().map(|s| s.after(&from).peekable()).collect();
        std::iter::from_fn(move || {
            let next = heads.iter_mut().filter_map(|h| h.peek().copied()).min()?;
            for head in &mut heads {
                if head.peek() == Some(&next) {
                    head.next();
                }
            }
            Some(next.naive_utc())
        })
    }
}

fn year_2000() -> NaiveDateTime {
    DateTime::<Utc>::from_timestamp(946_684_800, 0).unwrap_or_default().naive_utc()
}

/// The day-of-week field as people count it (0 and 7 are Sunday), in the library's counting (1 is
/// Sunday).
fn weekdays(field: &str) -> Option<String> {
    const NAMES: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    if field == "*" {
        return Some("*".to_owned());
    }
    let day = |text: &str| -> Option<u32> {
        let text = text.to_ascii_lowercase();
        match NAMES.iter().position(|n| *n == text) {
            Some(n) => u32::try_from(n).ok(),
            None => text.parse().ok().filter(|n| *n <= 7),
        }
    };
    let mut days = BTreeSet::new();
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|s| (1..=7).contains(s))?),
            None => (item, 1),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (0, 6),
            Some((a, b)) => (day(a)?, day(b)?),
            None if item.contains('/') => (day(range)?, 6),
            None => (day(range)?, day(range)?),
        };
        // FRI-MON runs over the end of the week.
        let last = if last < first { last + 7 } else { last };
        days.extend((first..=last).step_by(step).map(|d| d % 7 + 1));
    }
    let days: Vec<_> = days.into_iter().map(|d| d.to_string()).collect();
    Some(days.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Timestamp {
        text.parse::<DateTime<Utc>>().expect("a time").into()
    }

    #[test]
    fn cron_counts_weekdays_as_people_do() {
        // 2026-11-23 is a Monday.
        for (expression, expected) in [
            ("0 9 * * 1", "2026-11-23T09:00:00Z"),
            ("0 9 * * 0", "2026-11-29T09:00:00Z"),
            ("0 9 * * 7", "2026-11-29T09:00:00Z"),
            ("0 9 * * fri-sun", "2026-11-27T09:00:00Z"),
            ("0 9 * * 5-7", "2026-11-27T09:00:00Z"),
            ("0 9 24 * 6", "2026-11-24T09:00:00Z"),
        ] {
            let cron = Cron::parse(expression, "cron").expect(expression);
            let next = cron.next_after(utc("2026-11-23T00:00:00Z"), Tz::UTC);
            assert_eq!(next, Some(utc(expected)), "{expression}");
        }
    }

    #[test]
    fn what_is_no_five_field_cron_is_refused() {
        for wrong in [
            "",
            "* * * *",
            "0 * * * * *",
            "@daily",
            "0 0 L * *",
            "61 * * * *",
            "0 0 30 2 *",
            "a b c d e",
            "0 9 * * 8",
            "0 9 ? * *",
        ] {
            assert!(Cron::parse(wrong, "cron").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_time_in_a_gap_runs_when_the_gap_ends_and_one_in_a_fold_the_first_time() {
        let zone = Tz::America__New_York;
        let cron = Cron::parse("30 2 8 3 *", "cron").expect("cron");
        assert_eq!(cron.next_after(utc("2026-03-08T00:00:00Z"), zone), Some(utc("2026-03-08T07:00:00Z")));
        let cron = Cron::parse("30 1 1 11 *", "cron").expect("cron");
        let first = utc("2026-11-01T05:30:00Z");
        assert_eq!(cron.next_after(utc("2026-11-01T00:00:00Z"), zone), Some(first));
        assert_eq!(cron.next_after(first, zone), Some(utc("2027-11-01T05:30:00Z")));
        assert_eq!(cron.last_until(utc("2026-11-01T07:00:00Z"), zone).map(|m| m.at), Some(first));
    }

    /// The same cases as those of the screens (`ui/src/lib/cron.ts`).
    #[test]
    fn a_timetable_has_the_times_of_a_day_that_the_screens_show() {
        #[derive(serde::Deserialize)]
        struct Case {
            cron: String,
            day: String,
            times: Option<Vec<String>>,
        }
        let cases = include_str!("../../../../tests/fixtures/rules/timetables.json");
        for Case { cron, day, times } in serde_json::from_str::<Vec<Case>>(cases).expect("cases") {
            let from = utc(&format!("{day}T00:00:00Z"));
            let found = Cron::parse(&cron, "cron").ok().map(|cron| {
                let of_day = cron.times_after(from.plus_millis(-1), Tz::UTC);
                let of_day = of_day.take_while(|at| at.millis_since(from) < crate::clock::DAY_MS);
                of_day.map(|at| local_of(at, Tz::UTC).format("%H:%M").to_string()).collect::<Vec<_>>()
            });
            assert_eq!(found, times, "{cron} on {day}");
        }
    }
}
