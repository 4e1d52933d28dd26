//! A person the clinic cares for.

use chrono::{Datelike as _, NaiveDate};

use super::named_enum;

named_enum! {
    /// Whether the clinic still cares for the patient.
    #[serde(rename = "PatientStatus")]
    Status {
        /// In care: messages may go out.
        Active = "active",
        /// Kept for the record; nothing goes out.
        Archived = "archived",
    }
}

named_enum! {
    /// Whether LINE reaches the patient, as far as is known.
    Reachability {
        /// LINE has neither confirmed nor denied it.
        Unknown = "unknown",
        /// A sign of life came from this LINE account.
        Reachable = "reachable",
        /// The patient blocked the clinic's account.
        Blocked = "blocked",
        /// LINE does not know the id in this channel.
        Unlinked = "unlinked",
    }
}

named_enum! {
    /// A group of patients that a list can show.
    #[serde(rename = "PatientGroup")]
    Group {
        /// In care, and linked to a LINE account that did not block the clinic.
        Linked = "linked",
        /// In care, without a LINE account, or with one that LINE does not know.
        NotLinked = "not_linked",
        /// In care, and blocked the clinic's account.
        Blocked = "blocked",
        /// With a follow-up that runs or is paused.
        Followed = "followed",
        /// Asked a question whose time for the answer is not over.
        Unanswered = "unanswered",
        /// Out of care; the record stays.
        Archived = "archived",
    }
}

named_enum! {
    /// The order of a list of patients.
    #[serde(rename = "PatientSort")]
    Sort {
        /// From the newest to the oldest.
        Newest = "newest",
        /// By name, in the order of its reading where that is known.
        Name = "name",
        /// From the latest answer to the earliest; those without one at the end.
        Answered = "answered",
    }
}

/// The LINE user id in a text. LINE documents small letters; capitals are accepted, since nobody
/// else can be meant and no patient's words may be lost.
pub(crate) fn line_user_id_of(text: &str) -> Option<String> {
    let (first, rest) = text.split_at_checked(1)?;
    let small = first.to_ascii_uppercase() + &rest.to_ascii_lowercase();
    is_line_user_id(&small).then_some(small)
}

/// Whether `text` is a LINE user id: `U` and 32 hex digits in small letters.
pub(crate) fn is_line_user_id(text: &str) -> bool {
    text.len() == 33
        && text.starts_with('U')
        && text[1..].bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether `text` may be a telephone number as people write it: digits of any width, Thai ones too,
/// with signs between them.
pub(crate) fn is_phone(text: &str) -> bool {
    let is_digit = |c: char| matches!(c, '0'..='9' | '０'..='９' | '๐'..='๙');
    let is_sign = |c: char| matches!(c, '+' | '＋' | '(' | ')' | '（' | '）' | '.' | '/' | '-' | '#');
    // The shortest that anybody has is an extension of three digits.
    let digits = text.chars().filter(|c| is_digit(*c)).count();
    digits >= 3 && text.chars().all(|c| is_digit(c) || is_sign(c) || matches!(c, ' ' | '\u{3000}'))
}

/// Whether a living person may be born on that day; a year of another era fails.
pub(crate) fn is_birth_date(day: NaiveDate) -> bool {
    (1900..2400).contains(&day.year())
}
