//! What is handed in to be imported.

use std::collections::BTreeMap;

use crate::{
    clock::Timestamp,
    domain::named_enum,
    error::{FieldCode, FieldProblem},
    fields::or_default,
    ops::wire::{Checks, inputs},
};

/// Megabytes (of 1,048,576 bytes) of a file.
const MAX_MEGABYTES: u32 = 5;

/// The largest file, in bytes.
pub(crate) const MAX_BYTES: usize = MAX_MEGABYTES as usize * 1024 * 1024;

/// Bytes of a request with a file in it: base64 makes four of three, and a file a little too
/// large is told so in its own words.
pub(crate) const MAX_BODY: usize = MAX_BYTES * 2;

named_enum! {
    /// How text is written in bytes.
    ImportEncoding {
        /// UTF-8, with its mark or without.
        Utf8 = "utf-8",
        /// UTF-16, little end first: what Excel calls Unicode Text.
        Utf16Le = "utf-16le",
        /// The same with its bytes in the other order.
        Utf16Be = "utf-16be",
        /// TIS-620 and what Windows added to it: Thai.
        Windows874 = "windows-874",
        /// Shift-JIS as Windows has it: Japanese.
        ShiftJis = "shift_jis",
        /// Big5 with the signs of Hong Kong: traditional Chinese.
        Big5 = "big5",
    }
}

named_enum! {
    /// What a column of a table may be.
    ImportField {
        /// The name as written. Several columns may be it, such as a given and a family name:
        /// they stand together in the order of the table, with a space between them.
        DisplayName = "displayName",
        /// What messages call the patient, where not by their name.
        Nickname = "nickname",
        /// How the name is read, in kana or Latin letters.
        Reading = "reading",
        /// A telephone number as it is written.
        Phone = "phone",
        /// The day of birth, in one of the forms that are known.
        BirthDate = "birthDate",
        /// LINE's id of the patient: `U` and 32 hex digits.
        LineUserId = "lineUserId",
        /// The clinic's own number (HN).
        ExternalRef = "externalRef",
        /// BCP 47 tag of their language.
        Locale = "locale",
        /// IANA zone the patient lives in.
        TimeZone = "timeZone",
        /// A note for staff; patients never see it.
        Note = "note",
        /// Labels of the patient, several with `;` between them.
        Tags = "tags",
    }
}

named_enum! {
    /// What years above 2400 and from 1 to 150 are.
    ImportYears {
        /// What they say: no patient was born then.
        Gregorian = "gregorian",
        /// Years above 2400 are Buddhist: 2499 is 1956.
        Buddhist = "buddhist",
        /// Years to 150 are of the Republic of China: 45 is 1956.
        Roc = "roc",
    }
}

inputs! {
    /// A table of patients: either `csv` or `file`.
    pub(crate) struct ImportPatients {
        /// The table as CSV in UTF-8, with or without a byte order mark: a line of headings,
        /// then up to 10,000 patients. Columns: `displayName`, `nickname`, `reading`, `phone`,
        /// `birthDate`, `lineUserId`, `externalRef`, `locale`, `timeZone`, `note`, `tags`
        /// (several with `;`), or as four languages call them. Separated by comma, semicolon or
        /// tab.
        #[serde(default)]
        pub(crate) csv: Option<String>,
        /// The bytes of a file as base64, at most 5 MiB: CSV in one of the encodings, or a
        /// workbook (`.xlsx`), of which the first sheet that is not hidden is read. Its dates
        /// are read as `1956-04-13`, of a formula what it came to when the file was saved.
        #[serde(default)]
        pub(crate) file: Option<String>,
        /// How the text of `file` is written; where it is left out, the file itself and the
        /// language of the clinic say it. Of no meaning to a workbook.
        #[serde(default)]
        pub(crate) encoding: Option<ImportEncoding>,
        /// What columns are, by their headings as the preview gives them; null leaves one out.
        /// What is not named here is known by its heading.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = BTreeMap<String, Option<ImportField>>)]
        pub(crate) columns: BTreeMap<String, Option<ImportField>>,
        /// What a year of birth above 2400 or from 1 to 150 is. Where it is left out such a
        /// row is refused with `otherCalendar`: somebody has to look at it first.
        #[serde(default)]
        pub(crate) years: Option<ImportYears>,
        /// Whether rows with errors are left out; otherwise one of them refuses all.
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
