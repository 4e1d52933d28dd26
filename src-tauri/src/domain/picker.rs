//! LINE's picker of a day, a time or both as the answer to a question: the offer, and the choice.
//! Pure.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::{
    language::{DateForm, Language},
    named_enum,
};
use crate::{
    error::{FieldCode, FieldProblem},
    fields::TIME_OF_DAY,
};

named_enum! {
    /// What a picker lets the patient choose.
    PickerMode {
        /// A day of the calendar, `2026-11-30`.
        Date = "date",
        /// A time of day, `09:30`.
        Time = "time",
        /// A day and a time of it.
        Datetime = "datetime",
    }
}

/// What the stored JSON of a question or of quick replies has in it where one of them is a picker;
/// quotes within a text of staff are escaped there.
pub(crate) const IN_JSON: &str = "\"picker\"";

/// What a patient chooses with a button: a day, a time or both. Days count from the day the message
/// is sent in the patient's zone; the choice has no zone of its own.
#[derive(
    Clone, Debug, PartialEq, Eq, Serialize, Deserialize, garde::Validate, schemars::JsonSchema, specta::Type,
)]
#[garde(allow_unvalidated)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Picker {
    pub(crate) mode: PickerMode,
    /// The first day: −36,500 to 3,650 days from the day it is sent; not with `time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = MIN_DAYS, max = MAX_DAYS))]
    pub(crate) min_days: Option<i32>,
    /// The last day, later than the first: −36,500 to 3,650 days from the day it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = MIN_DAYS, max = MAX_DAYS))]
    pub(crate) max_days: Option<i32>,
    /// The day the picker opens with, in days from the day it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = MIN_DAYS, max = MAX_DAYS))]
    pub(crate) initial_days: Option<i32>,
    /// The earliest time, `09:00`; with `datetime` that of the first day (LINE has no hours that
    /// hold for each day); not with `date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(pattern(TIME_OF_DAY))]
    pub(crate) min_time: Option<String>,
    /// The latest time; with `datetime` that of the last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(pattern(TIME_OF_DAY))]
    pub(crate) max_time: Option<String>,
    /// The time the picker opens with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(pattern(TIME_OF_DAY))]
    pub(crate) initial_time: Option<String>,
}

/// The range of days: a hundred years back, for dates of birth, and ten ahead.
const MIN_DAYS: i32 = -36_500;
const MAX_DAYS: i32 = 3_650;

/// The times of the first and last day where none are given.
const FIRST_TIME: &str = "00:00";
const LAST_TIME: &str = "23:59";

/// The years of LINE's picker (Messaging API, "Datetime picker action").
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

/// The offer of a picker on one day, in LINE's form of its mode; two of one mode compare as their
/// times do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) initial: Option<String>,
    pub(crate) min: Option<String>,
    pub(crate) max: Option<String>,
}

impl Offer {
    pub(crate) fn has(&self, chosen: &Chosen) -> bool {
        let chosen = chosen.to_string();
        self.min.as_ref().is_none_or(|min| *min <= chosen)
            && self.max.as_ref().is_none_or(|max| chosen <= *max)
    }
}

impl Picker {
    /// Whether only what is ahead can be meant, as with an appointment.
    pub(crate) fn looks_ahead(&self) -> bool {
        self.min_days.is_some_and(|days| days >= 0)
    }

    /// The offer of a message sent on this day of the patient's.
    pub(crate) fn offer(&self, sent_on: NaiveDate) -> Offer {
        let day = |days: Option<i32>| days.map(|days| day_after(sent_on, days));
        // A time alone is that of the day it is sent.
        let moment = |days: Option<i32>, time: Option<&str>, otherwise: &str| {
            let day = day(days.or(time.map(|_| 0)))?;
            Some(format!("{day}T{}", time.unwrap_or(otherwise)))
        };
        let [min_time, max_time, initial_time] =
            [&self.min_time, &self.max_time, &self.initial_time].map(Option::as_deref);
        match self.mode {
            PickerMode::Date => Offer {
                initial: day(self.initial_days).map(|day| day.to_string()),
                min: day(self.min_days).map(|day| day.to_string()),
                max: day(self.max_days).map(|day| day.to_string()),
            },
            PickerMode::Time => Offer {
                initial: self.initial_time.clone(),
                min: self.min_time.clone(),
                max: self.max_time.clone(),
            },
            PickerMode::Datetime => {
                let min = moment(self.min_days, min_time, FIRST_TIME);
                let max = moment(self.max_days, max_time, LAST_TIME);
                let initial_days = self.initial_days.or(initial_time.and(self.min_days));
                let otherwise = min_time.unwrap_or(FIRST_TIME);
                Offer { initial: moment(initial_days, initial_time, otherwise), min, max }
            }
        }
    }

    /// The faults LINE would refuse, and fields that do not go with the mode; `field` is the path
    /// in the request.
    pub(crate) fn problems(&self, field: &str) -> Vec<FieldProblem> {
        let days = [
            ("minDays", self.min_days.is_some()),
            ("maxDays", self.max_days.is_some()),
            ("initialDays", self.initial_days.is_some()),
        ];
        let times = [
            ("minTime", self.min_time.is_some()),
            ("maxTime", self.max_time.is_some()),
            ("initialTime", self.initial_time.is_some()),
        ];
        let (strange, named): (&[(&str, bool)], _) = match self.mode {
            PickerMode::Date => (&times, ["maxDays", "initialDays"]),
            PickerMode::Time => (&days, ["maxTime", "initialTime"]),
            PickerMode::Datetime => (&[], ["maxDays", "initialDays"]),
        };
        let problem = |name: &str, code| FieldProblem::new(format!("{field}.{name}"), code);
        let mut found: Vec<_> = strange
            .iter()
            .filter(|(_, is_given)| *is_given)
            .map(|(name, _)| problem(name, FieldCode::NotInThisMode))
            .collect();
        // Which day it is does not matter: all are counted from it.
        let offer = self.offer(NaiveDate::default());
        if offer.min.as_ref().zip(offer.max.as_ref()).is_some_and(|(min, max)| min >= max) {
            found.push(problem(named[0], FieldCode::NotLaterThanMin));
        }
        let is_early = offer.initial.as_ref().zip(offer.min.as_ref()).is_some_and(|(i, min)| i < min);
        let is_late = offer.initial.as_ref().zip(offer.max.as_ref()).is_some_and(|(i, max)| i > max);
        if is_early || is_late {
            found.push(problem(named[1], FieldCode::OutsideMinAndMax));
        }
        found
    }
}

fn day_after(day: NaiveDate, days: i32) -> NaiveDate {
    let there = day.checked_add_signed(TimeDelta::days(days.into())).unwrap_or(day);
    let edge = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or(there);
    match there.year() {
        year if year < *YEARS.start() => edge(*YEARS.start(), 1, 1),
        year if year > *YEARS.end() => edge(*YEARS.end(), 12, 31),
        _ => there,
    }
}

/// A patient's choice. As text it is `2026-12-01`, `09:30` or `2026-12-01T09:30`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Chosen {
    Date(NaiveDate),
    Time(NaiveTime),
    Moment(NaiveDateTime),
}

impl Chosen {
    /// Whether it lies before `now`, both by the patient's clock; a time alone never does.
    pub(crate) fn is_before(&self, now: NaiveDateTime) -> bool {
        match self {
            Self::Date(day) => *day < now.date(),
            Self::Moment(moment) => *moment < now,
            Self::Time(_) => false,
        }
    }

    /// Reads the parameter LINE adds to a press under the name of the mode; `None` where it is
    /// missing or of another form.
    pub(crate) fn of(mode: PickerMode, params: &BTreeMap<String, String>) -> Option<Self> {
        Self::read(mode, params.get(mode.as_str())?)
    }

    /// Reads a stored answer; `None` for any other form.
    pub(crate) fn read(mode: PickerMode, text: &str) -> Option<Self> {
        let chosen = match mode {
            PickerMode::Date => Self::Date(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?),
            PickerMode::Time => Self::Time(NaiveTime::parse_from_str(text, "%H:%M").ok()?),
            PickerMode::Datetime => Self::Moment(NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?),
        };
        // chrono would take spaces and single digits as well.
        (chosen.to_string() == text).then_some(chosen)
    }

    pub(crate) const fn mode(self) -> PickerMode {
        match self {
            Self::Date(_) => PickerMode::Date,
            Self::Time(_) => PickerMode::Time,
            Self::Moment(_) => PickerMode::Datetime,
        }
    }

    pub(crate) fn in_words(self, language: Language) -> String {
        match self {
            Self::Date(day) => language.day(day, DateForm::Full),
            Self::Time(time) => language.time(time),
            Self::Moment(moment) => {
                format!("{} {}", language.day(moment.date(), DateForm::Full), language.time(moment.time()))
            }
        }
    }
}

impl std::fmt::Display for Chosen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Date(day) => write!(f, "{}", day.format("%Y-%m-%d")),
            Self::Time(time) => write!(f, "{}", time.format("%H:%M")),
            Self::Moment(moment) => write!(f, "{}", moment.format("%Y-%m-%dT%H:%M")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(mode: PickerMode) -> Picker {
        Picker {
            mode,
            min_days: None,
            max_days: None,
            initial_days: None,
            min_time: None,
            max_time: None,
            initial_time: None,
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn offer(picker: &Picker, sent_on: &str) -> [Option<String>; 3] {
        let Offer { initial, min, max } = picker.offer(day(sent_on));
        [min, initial, max]
    }

    fn some<const N: usize>(texts: [&str; N]) -> [Option<String>; N] {
        texts.map(|text| Some(text.to_owned()))
    }

    #[test]
    fn days_count_from_the_day_it_is_sent_over_months_and_leap_days() {
        let dates = Picker {
            min_days: Some(1),
            initial_days: Some(2),
            max_days: Some(30),
            ..picker(PickerMode::Date)
        };
        assert_eq!(offer(&dates, "2028-02-28"), some(["2028-02-29", "2028-03-01", "2028-03-29"]));
        let moments = Picker {
            mode: PickerMode::Datetime,
            min_time: Some("09:00".into()),
            max_time: Some("17:00".into()),
            ..dates
        };
        assert_eq!(
            offer(&moments, "2026-12-30"),
            some(["2026-12-31T09:00", "2027-01-01T09:00", "2027-01-29T17:00"])
        );
    }

    #[test]
    fn what_is_left_out_is_not_bounded() {
        for &mode in PickerMode::ALL {
            assert_eq!(picker(mode).offer(day("2026-11-24")), Offer::default());
            assert_eq!(picker(mode).problems("picker"), []);
        }
        let today = Picker { max_time: Some("17:00".into()), ..picker(PickerMode::Datetime) };
        assert_eq!(offer(&today, "2026-11-24"), [None, None, Some("2026-11-24T17:00".into())]);
    }

    #[test]
    fn no_day_lies_outside_lines_range() {
        let far = Picker { min_days: Some(MIN_DAYS), max_days: Some(MAX_DAYS), ..picker(PickerMode::Date) };
        assert_eq!(offer(&far, "1999-01-01")[0].as_deref(), Some("1900-01-01"));
        assert_eq!(offer(&far, "2099-01-01")[2].as_deref(), Some("2100-12-31"));
    }

    #[test]
    fn what_is_out_of_order_or_of_another_mode_is_refused_by_its_name() {
        let refused =
            |picker: &Picker| picker.problems("p").into_iter().map(|p| (p.field, p.code)).collect::<Vec<_>>();
        let same = Picker { min_days: Some(3), max_days: Some(3), ..picker(PickerMode::Date) };
        assert_eq!(refused(&same), [("p.maxDays".into(), FieldCode::NotLaterThanMin)]);
        let hours = Picker { mode: PickerMode::Datetime, min_time: Some("09:00".into()), ..same.clone() };
        assert_eq!(refused(&hours), []);
        let early = Picker { initial_days: Some(0), min_days: Some(1), ..picker(PickerMode::Date) };
        assert_eq!(refused(&early), [("p.initialDays".into(), FieldCode::OutsideMinAndMax)]);
        let mixed = Picker { min_time: Some("09:00".into()), ..picker(PickerMode::Date) };
        assert_eq!(refused(&mixed), [("p.minTime".into(), FieldCode::NotInThisMode)]);
    }

    #[test]
    fn only_what_line_sends_is_read_and_only_under_the_name_of_the_mode() {
        let read = |mode: PickerMode, name: &str, text: &str| {
            Chosen::of(mode, &BTreeMap::from([(name.to_owned(), text.to_owned())]))
        };
        for (mode, text) in [
            (PickerMode::Date, "2026-12-01"),
            (PickerMode::Time, "09:30"),
            (PickerMode::Datetime, "2026-12-01T09:30"),
        ] {
            let chosen = read(mode, mode.as_str(), text).expect("it is one");
            assert_eq!((chosen.to_string().as_str(), chosen.mode()), (text, mode));
            assert_eq!(read(mode, "newRichMenuAliasId", text), None);
        }
        for text in ["2026-12-1", " 2026-12-01", "2026-02-30", "2026-12-01T09:30", "+2026-12-01", ""] {
            assert_eq!(read(PickerMode::Date, "date", text), None, "{text}");
        }
        for text in ["9:30", "24:00", "09:30:00", "09:60"] {
            assert_eq!(read(PickerMode::Time, "time", text), None, "{text}");
        }
    }

    #[test]
    fn the_patient_reads_a_day_in_their_calendar() {
        let chosen = Chosen::read(PickerMode::Datetime, "2026-12-01T09:30").expect("it is one");
        let said = [Language::English, Language::Thai, Language::Japanese, Language::TraditionalChinese]
            .map(|language| chosen.in_words(language));
        assert_eq!(
            said,
            [
                "Tuesday, 1 December 2026 09:30",
                "วันอังคารที่ 1 ธันวาคม 2569 09:30 น.",
                "2026年12月1日(火) 09:30",
                "2026年12月1日 星期二 09:30",
            ]
        );
    }

    #[test]
    fn an_offer_has_its_own_first_and_last() {
        let offer = Offer { min: Some("2026-12-01".into()), max: Some("2026-12-10".into()), initial: None };
        let has = |text| offer.has(&Chosen::read(PickerMode::Date, text).expect("a day"));
        assert!(has("2026-12-01") && has("2026-12-10"));
        assert!(!has("2026-11-30") && !has("2026-12-11"));
    }
}
