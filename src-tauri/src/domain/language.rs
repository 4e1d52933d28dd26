//! The languages Clinicue speaks to patients, and the one sentence of them that stands in what
//! is sent by plan. What is said in answer to them is in `inbox::words`.

use chrono_tz::Tz;

/// The languages Clinicue speaks to patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Where no other is known.
    English,
    Thai,
    Japanese,
    /// Of Taiwan.
    TraditionalChinese,
}

impl Language {
    /// The patient's language; where it is not known, the one spoken in the clinic's zone.
    pub(crate) fn of(locale: Option<&str>, clinic_zone: Tz) -> Self {
        let tag = locale.unwrap_or_default().to_ascii_lowercase();
        match tag.split(['-', '_']).next().unwrap_or_default() {
            "th" => Self::Thai,
            "ja" => Self::Japanese,
            "zh" => Self::TraditionalChinese,
            "" => match clinic_zone {
                Tz::Asia__Bangkok => Self::Thai,
                Tz::Asia__Tokyo => Self::Japanese,
                Tz::Asia__Taipei => Self::TraditionalChinese,
                _ => Self::English,
            },
            _ => Self::English,
        }
    }

    /// What the lock screen shows of a question: anybody may read it there.
    pub(crate) const fn question_from_the_clinic(self) -> &'static str {
        match self {
            Self::English => "You have a question from your clinic.",
            Self::Thai => "คุณมีคำถามจากคลินิกของคุณ",
            Self::Japanese => "クリニックから質問が届いています。",
            Self::TraditionalChinese => "您有一則來自診所的提問。",
        }
    }
}

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
}
