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
        /// Neither a yes nor a no of LINE is known yet.
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
        /// Asked something, with the time for the answer not over.
        Unanswered = "unanswered",
        /// Out of care; their record stays.
        Archived = "archived",
    }
}

named_enum! {
    /// The order in which patients are listed.
    #[serde(rename = "PatientSort")]
    Sort {
        /// From the newest to the oldest.
        Newest = "newest",
        /// By their names, as they are read where that is known.
        Name = "name",
    }
}

/// The LINE user id a text gives. LINE documents small letters; one in capitals can be nobody
/// else's, and what its user says must not be lost.
pub(crate) fn line_user_id_of(text: &str) -> Option<String> {
    let (first, rest) = text.split_at_checked(1)?;
    let small = first.to_ascii_uppercase() + &rest.to_ascii_lowercase();
    is_line_user_id(&small).then_some(small)
}

/// Whether `text` has the form of a LINE user id: `U` and 32 hex digits, in small letters alone.
pub(crate) fn is_line_user_id(text: &str) -> bool {
    text.len() == 33
        && text.starts_with('U')
        && text[1..].bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether `text` can be a telephone number as people write it: digits of any width, Thai ones
/// too, with signs between them.
pub(crate) fn is_phone(text: &str) -> bool {
    let is_digit = |c: char| matches!(c, '0'..='9' | '０'..='９' | '๐'..='๙');
    let is_sign = |c: char| matches!(c, '+' | '＋' | '(' | ')' | '（' | '）' | '.' | '/' | '-' | '#');
    // The shortest that anybody has is an extension of three digits.
    let digits = text.chars().filter(|c| is_digit(*c)).count();
    digits >= 3 && text.chars().all(|c| is_digit(c) || is_sign(c) || matches!(c, ' ' | '\u{3000}'))
}

/// Whether somebody who lives may be born on that day: a year of another era is none.
pub(crate) fn is_birth_date(day: NaiveDate) -> bool {
    (1900..2400).contains(&day.year())
}
