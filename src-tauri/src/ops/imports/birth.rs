//! Dates of birth in tables. Years of other calendars are read only when staff have said which
//! calendar they are of.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization as _;

use super::input::ImportYears;
use crate::domain::patient::is_birth_date;

/// The year 1 of the Republic of China is 1912.
const ROC_BEGINS_AFTER: i32 = 1911;
/// The year 2499 of the Buddha is 1956.
const BUDDHIST_AHEAD: i32 = 543;

/// A date as written, of any calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    year: i32,
    month: u32,
    day: u32,
}

impl Written {
    /// Reads `1956-04-13`, `1956/4/13`, `1956年4月13日`, `13/4/1956`, `19560413`, `45.4.13` and
    /// `0450413`, with digits of any width, followed by midnight or not. The day comes first where
    /// the year comes last.
    pub(super) fn read(text: &str) -> Option<Self> {
        let plain: String = text.nfkc().map(plain).collect();
        let plain = ["t00:00:00", " 00:00:00", " 00:00", " 0:00"]
            .iter()
            .find_map(|midnight| plain.strip_suffix(midnight))
            .unwrap_or(&plain);
        let parts: Vec<_> = plain.trim_matches('-').split('-').map(str::trim).collect();
        let (year, month, day) = match parts.as_slice() {
            // As one number: the last four digits are month and day.
            [one] if one.is_ascii() && matches!(one.len(), 7 | 8) => {
                let (year, rest) = one.split_at_checked(one.len() - 4)?;
                let (month, day) = rest.split_at_checked(2)?;
                (year, month, day)
            }
            [year, month, day] if day.len() <= 2 => (*year, *month, *day),
            [day, month, year] if year.len() == 4 => (*year, *month, *day),
            _ => return None,
        };
        let number = |text: &str, max: usize| -> Option<u32> {
            let is_one = (1..=max).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|_| is_one)
        };
        let year = i32::try_from(number(year, 4)?).ok()?;
        Some(Self { year, month: number(month, 2)?, day: number(day, 2)? })
    }

    /// Whether its year may be of another calendar: above 2400, or from 1 to 150.
    pub(super) fn is_in_question(self) -> bool {
        self.year > 2400 || (1..=150).contains(&self.year)
    }

    /// The day as `1956-04-13`, a year in question read by `years`. `None` where there is no such
    /// day.
    pub(super) fn day(self, years: ImportYears) -> Option<String> {
        let year = match years {
            ImportYears::Buddhist if self.year > 2400 => self.year - BUDDHIST_AHEAD,
            ImportYears::Roc if self.year <= 150 => self.year + ROC_BEGINS_AFTER,
            _ => self.year,
        };
        NaiveDate::from_ymd_opt(year, self.month, self.day).map(|day| day.to_string())
    }

    /// The day as `1956-04-13`, where a living person may be born on it; else `None`.
    pub(super) fn plausible(self, years: ImportYears) -> Option<String> {
        self.day(years).filter(|day| day.parse().is_ok_and(is_birth_date))
    }
}

/// Thai digits as ASCII, and one sign for all separators.
fn plain(c: char) -> char {
    match c {
        '๐'..='๙' => char::from_u32(u32::from('0') + u32::from(c) - u32::from('๐')).unwrap_or(c),
        '/' | '.' | '年' | '月' | '日' => '-',
        'T' => 't',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_however_it_is_written() {
        let day = |text: &str| Written::read(text).and_then(|written| written.day(ImportYears::Gregorian));
        for text in [
            "1956-04-13",
            "1956/4/13",
            "1956.04.13",
            "1956年4月13日",
            "１９５６／４／１３",
            "13/4/1956",
            "13-04-1956",
            "๑๓/๔/๑๙๕๖",
            "19560413",
            "1956-04-13 00:00:00",
            "1956-04-13T00:00:00",
            "13/4/1956 0:00",
        ] {
            assert_eq!(day(text).as_deref(), Some("1956-04-13"), "{text}");
        }
        for text in [
            "",
            "-",
            "13",
            "1956",
            "13/4",
            "4/13/1956",
            "13/4/56",
            "1956-02-30",
            "1956-4-13-1",
            "560413",
            "1956-04-13 09:30",
            "99999-01-01",
            "+956-04-13",
            "昭和31年4月13日",
            "1956-13-04",
            "๑",
            "年月日",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn a_year_of_another_calendar_is_in_question_and_taken_as_somebody_says() {
        let read = |text: &str| Written::read(text).expect("a day");
        for (text, buddhist, roc) in [
            ("13/4/2499", Some("1956-04-13"), None),
            ("2499-02-29", Some("1956-02-29"), None),
            ("45/4/13", None, Some("1956-04-13")),
            ("0450413", None, Some("1956-04-13")),
            ("115.1.1", None, Some("2026-01-01")),
        ] {
            let written = read(text);
            assert!(written.is_in_question(), "{text}");
            assert_eq!(written.plausible(ImportYears::Buddhist).as_deref(), buddhist, "{text}");
            assert_eq!(written.plausible(ImportYears::Roc).as_deref(), roc, "{text}");
            assert_eq!(written.plausible(ImportYears::Gregorian), None, "{text}");
        }
        for text in ["1956-04-13", "2400-01-01", "0151-01-01"] {
            assert!(!read(text).is_in_question(), "{text}");
        }
        assert_eq!(read("1956-04-13").day(ImportYears::Buddhist).as_deref(), Some("1956-04-13"));
    }

    /// The same cases as those of the screens (`ui/src/lib/years.ts`).
    #[test]
    fn a_year_is_the_western_one_that_the_screens_take_it_for() {
        #[derive(serde::Deserialize)]
        struct Case {
            written: i32,
            western: i32,
            calendar: Option<String>,
        }
        let cases = include_str!("../../../../tests/fixtures/rules/years.json");
        for Case { written, western, calendar } in serde_json::from_str::<Vec<Case>>(cases).expect("cases") {
            let years = match calendar.as_deref() {
                Some("buddhist") => ImportYears::Buddhist,
                Some("roc") => ImportYears::Roc,
                _ => ImportYears::Gregorian,
            };
            let read = Written { year: written, month: 4, day: 13 };
            assert_eq!(read.is_in_question(), calendar.is_some(), "{written}");
            assert_eq!(read.day(years), Some(format!("{western:04}-04-13")), "{written}");
        }
    }
}
