//! The languages Clinicue speaks to patients: the sentence they share with planned messages, and
//! how they write days and times. The words of answers are in `inbox::words`.

use chrono::{Datelike as _, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::named_enum;

named_enum! {
    /// The languages Clinicue speaks to patients.
    #[derive(PartialOrd, Ord)]
    Language {
        /// English, also where no language is known.
        English = "en",
        Thai = "th",
        Japanese = "ja",
        /// Traditional Chinese, as Taiwan writes it.
        TraditionalChinese = "zh-TW",
    }
}

named_enum! {
    /// How a day is written, in the patient's language and calendar.
    DateForm {
        /// 28 Nov 2026, 28 พ.ย. 2569, 2026/11/28
        Short = "short",
        /// 28 November 2026, 28 พฤศจิกายน 2569, 2026年11月28日
        Long = "long",
        /// The long form with the day of the week.
        Full = "full",
    }
}

impl Language {
    /// The language of a patient's messages: their own, or where unknown that of the clinic's zone;
    /// English where Clinicue does not speak it.
    pub(crate) fn of(locale: Option<&str>, clinic_zone: Tz) -> Self {
        Self::own(locale, clinic_zone).unwrap_or(Self::English)
    }

    /// The patient's own language; where it is unknown, that of the clinic's zone. `None` where
    /// Clinicue does not speak it.
    pub(crate) fn own(locale: Option<&str>, clinic_zone: Tz) -> Option<Self> {
        let tag = locale.unwrap_or_default().to_ascii_lowercase();
        Some(match tag.split(['-', '_']).next().unwrap_or_default() {
            "en" => Self::English,
            "th" => Self::Thai,
            "ja" => Self::Japanese,
            "zh" => Self::TraditionalChinese,
            "" => match clinic_zone {
                Tz::Asia__Bangkok => Self::Thai,
                Tz::Asia__Tokyo => Self::Japanese,
                Tz::Asia__Taipei => Self::TraditionalChinese,
                _ => Self::English,
            },
            _ => return None,
        })
    }

    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Thai => "th",
            Self::Japanese => "ja",
            Self::TraditionalChinese => "zh-TW",
        }
    }

    /// The text the lock screen shows of a question: anybody may read it there.
    pub(crate) const fn question_from_the_clinic(self) -> &'static str {
        match self {
            Self::English => "You have a question from your clinic.",
            Self::Thai => "คุณมีคำถามจากคลินิกของคุณ",
            Self::Japanese => "クリニックから質問が届いています。",
            Self::TraditionalChinese => "您有一則來自診所的提問。",
        }
    }

    /// A day as this language writes it; Thai uses the Buddhist calendar.
    pub(crate) fn day(self, day: NaiveDate, form: DateForm) -> String {
        let (year, month, number) = (day.year(), day.month(), day.day());
        let names = MONTHS[day.month0() as usize];
        let of_week = DAYS[day.weekday().num_days_from_monday() as usize];
        match (self, form) {
            (Self::English, DateForm::Short) => format!("{number} {} {year}", &names.english[..3]),
            (Self::English, DateForm::Long) => format!("{number} {} {year}", names.english),
            (Self::English, DateForm::Full) => {
                format!("{}, {number} {} {year}", of_week.english, names.english)
            }
            (Self::Thai, DateForm::Short) => format!("{number} {} {}", names.thai_short, year + BUDDHIST),
            (Self::Thai, DateForm::Long) => format!("{number} {} {}", names.thai, year + BUDDHIST),
            (Self::Thai, DateForm::Full) => {
                format!("วัน{}ที่ {number} {} {}", of_week.thai, names.thai, year + BUDDHIST)
            }
            (Self::Japanese | Self::TraditionalChinese, DateForm::Short) => {
                format!("{year}/{month}/{number}")
            }
            (Self::Japanese | Self::TraditionalChinese, DateForm::Long) => {
                format!("{year}年{month}月{number}日")
            }
            (Self::Japanese, DateForm::Full) => {
                format!("{year}年{month}月{number}日({})", of_week.japanese)
            }
            (Self::TraditionalChinese, DateForm::Full) => {
                format!("{year}年{month}月{number}日 星期{}", of_week.chinese)
            }
        }
    }

    pub(crate) fn time(self, time: NaiveTime) -> String {
        let time = time.format("%H:%M");
        if self == Self::Thai { format!("{time} น.") } else { time.to_string() }
    }
}

/// The years by which the Buddhist calendar is ahead.
const BUDDHIST: i32 = 543;

/// The length of the longest day of a form in any language, in UTF-16 code units.
pub(crate) const fn max_day(form: DateForm) -> usize {
    match form {
        DateForm::Short => 13,
        DateForm::Long => 18,
        DateForm::Full => 33,
    }
}

#[derive(Clone, Copy)]
struct Month {
    english: &'static str,
    thai: &'static str,
    thai_short: &'static str,
}

const fn month(english: &'static str, thai: &'static str, thai_short: &'static str) -> Month {
    Month { english, thai, thai_short }
}

const MONTHS: [Month; 12] = [
    month("January", "มกราคม", "ม.ค."),
    month("February", "กุมภาพันธ์", "ก.พ."),
    month("March", "มีนาคม", "มี.ค."),
    month("April", "เมษายน", "เม.ย."),
    month("May", "พฤษภาคม", "พ.ค."),
    month("June", "มิถุนายน", "มิ.ย."),
    month("July", "กรกฎาคม", "ก.ค."),
    month("August", "สิงหาคม", "ส.ค."),
    month("September", "กันยายน", "ก.ย."),
    month("October", "ตุลาคม", "ต.ค."),
    month("November", "พฤศจิกายน", "พ.ย."),
    month("December", "ธันวาคม", "ธ.ค."),
];

#[derive(Clone, Copy)]
struct DayOfWeek {
    english: &'static str,
    thai: &'static str,
    japanese: &'static str,
    chinese: &'static str,
}

const fn day(
    english: &'static str,
    thai: &'static str,
    japanese: &'static str,
    chinese: &'static str,
) -> DayOfWeek {
    DayOfWeek { english, thai, japanese, chinese }
}

const DAYS: [DayOfWeek; 7] = [
    day("Monday", "จันทร์", "月", "一"),
    day("Tuesday", "อังคาร", "火", "二"),
    day("Wednesday", "พุธ", "水", "三"),
    day("Thursday", "พฤหัสบดี", "木", "四"),
    day("Friday", "ศุกร์", "金", "五"),
    day("Saturday", "เสาร์", "土", "六"),
    day("Sunday", "อาทิตย์", "日", "日"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patients_language_comes_first_then_the_clinics() {
        assert_eq!(Language::of(Some("ja-JP"), Tz::Asia__Bangkok), Language::Japanese);
        assert_eq!(Language::of(None, Tz::Asia__Bangkok), Language::Thai);
        assert_eq!(Language::of(Some("de"), Tz::Asia__Bangkok), Language::English);
        assert_eq!(Language::of(None, Tz::Europe__Berlin), Language::English);
    }

    const ALL: [Language; 4] =
        [Language::English, Language::Thai, Language::Japanese, Language::TraditionalChinese];

    #[test]
    fn a_day_is_written_as_its_language_writes_it() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 28).expect("a day");
        let said = |form| ALL.map(|language| language.day(day, form));
        assert_eq!(said(DateForm::Short), ["28 Nov 2026", "28 พ.ย. 2569", "2026/11/28", "2026/11/28"]);
        assert_eq!(
            said(DateForm::Long),
            ["28 November 2026", "28 พฤศจิกายน 2569", "2026年11月28日", "2026年11月28日"]
        );
        assert_eq!(
            said(DateForm::Full),
            [
                "Saturday, 28 November 2026",
                "วันเสาร์ที่ 28 พฤศจิกายน 2569",
                "2026年11月28日(土)",
                "2026年11月28日 星期六"
            ]
        );
    }

    #[test]
    fn no_day_is_longer_than_is_said() {
        let first = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day");
        let days = || first.iter_days().take(7 * 366);
        for &form in DateForm::ALL {
            let length = |text: String| text.encode_utf16().count();
            let longest = days().flat_map(|day| ALL.map(|language| length(language.day(day, form)))).max();
            assert_eq!(longest, Some(max_day(form)), "{form}");
        }
    }
}
