//! The input of an import.

use std::collections::BTreeMap;

use crate::{
    clock::Timestamp,
    domain::named_enum,
    error::{FieldCode, FieldProblem},
    fields::or_default,
    ops::wire::{Checks, inputs},
};

/// The most megabytes (of 1,048,576 bytes) of a file.
const MAX_MEGABYTES: u32 = 5;

/// The largest file, in bytes.
pub(crate) const MAX_BYTES: usize = MAX_MEGABYTES as usize * 1024 * 1024;

/// The most bytes of a request with a file: base64 makes four bytes of three, and a slightly larger
/// file still gets its own refusal.
pub(crate) const MAX_BODY: usize = MAX_BYTES * 2;

named_enum! {
    /// How the text of a file is encoded.
    ImportEncoding {
        /// UTF-8, with its mark or without.
        Utf8 = "utf-8",
        /// UTF-16, little end first: what Excel calls Unicode Text.
        Utf16Le = "utf-16le",
        /// UTF-16, big end first.
        Utf16Be = "utf-16be",
        /// TIS-620 with Windows' additions: Thai.
        Windows874 = "windows-874",
        /// Shift-JIS with Windows' additions: Japanese.
        ShiftJis = "shift_jis",
        /// Big5 with the Hong Kong characters: traditional Chinese.
        Big5 = "big5",
    }
}

named_enum! {
    /// The field a column of a table may be.
    ImportField {
        /// The name as written. Several columns may have it, such as a given and a family name;
        /// they are joined in the order of the table, with a space between them.
        DisplayName = "displayName",
        /// The name messages call the patient by, where it is not the full name.
        Nickname = "nickname",
        /// The reading of the name, in kana or Latin letters.
        Reading = "reading",
        /// A telephone number as written.
        Phone = "phone",
        /// The date of birth, in one of the known forms.
        BirthDate = "birthDate",
        /// LINE's id of the patient: `U` and 32 hex digits.
        LineUserId = "lineUserId",
        /// The clinic's own number (HN).
        ExternalRef = "externalRef",
        /// BCP 47 tag of the patient's language.
        Locale = "locale",
        /// IANA zone the patient lives in.
        TimeZone = "timeZone",
        /// A note for staff; patients never see it.
        Note = "note",
        /// Labels, separated by `;`.
        Tags = "tags",
    }
}

named_enum! {
    /// The calendar of years above 2400 and from 1 to 150.
    ImportYears {
        /// Gregorian years: no patient was born in them, so the rows are refused.
        Gregorian = "gregorian",
        /// Years above 2400 are Buddhist: 2499 is 1956.
        Buddhist = "buddhist",
        /// Years from 1 to 150 are of the Republic of China: 45 is 1956.
        Roc = "roc",
    }
}

inputs! {
    /// A table of patients: either `csv` or `file`.
    pub(crate) struct ImportPatients {
        /// The table as CSV in UTF-8, with or without a byte order mark: a line of headings, then
        /// up to 10,000 patients. Columns: `displayName`, `nickname`, `reading`, `phone`,
        /// `birthDate`, `lineUserId`, `externalRef`, `locale`, `timeZone`, `note`, `tags` (several
        /// with `;`), or their names in four languages. Separated by comma, semicolon or tab.
        #[serde(default)]
        pub(crate) csv: Option<String>,
        /// The bytes of a file as base64, at most 5 MiB: CSV in one of the encodings, or a workbook
        /// (`.xlsx`), whose first visible sheet is read. Dates are read as `1956-04-13`, formulas
        /// as their value when the file was saved.
        #[serde(default)]
        pub(crate) file: Option<String>,
        /// The encoding of `file`; left out, it is guessed from the file and the clinic's language.
        /// Ignored for a workbook.
        #[serde(default)]
        pub(crate) encoding: Option<ImportEncoding>,
        /// The field of columns, by their headings as in the preview; null leaves a column out.
        /// Columns not named here are known by their heading.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = BTreeMap<String, Option<ImportField>>)]
        pub(crate) columns: BTreeMap<String, Option<ImportField>>,
        /// The calendar of a year of birth above 2400 or from 1 to 150. Left out, such a row is
        /// refused with `otherCalendar`, so that somebody looks at it first.
        #[serde(default)]
        pub(crate) years: Option<ImportYears>,
        /// Whether rows with errors are skipped; otherwise one of them refuses all.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) skip_invalid: bool,
    } also one_table;
}

fn one_table(input: &ImportPatients, _: Timestamp, checks: &mut Checks) {
    match (&input.csv, &input.file) {
        (None, None) | (Some(_), Some(_)) => checks.add(FieldProblem::new("file", FieldCode::CsvOrFile)),
        // Four characters of base64 are three bytes.
        (None, Some(file)) if file.len() / 4 * 3 > MAX_BYTES + 2 => checks.add(too_large()),
        _ => {}
    }
}

/// The refusal of a file of more than [`MAX_BYTES`].
pub(super) fn too_large() -> FieldProblem {
    FieldProblem::limited("file", FieldCode::FileTooLarge, MAX_MEGABYTES)
}
