//! What an import would do, as it is shown.

use super::input::{ImportEncoding, ImportField};
use crate::{
    error::{FieldCode, FieldProblem},
    ops::wire::outputs,
};

outputs! {
    /// What an import of this table would do.
    pub(crate) struct ImportPreview {
        /// Rows below the headings, whether they can be imported or not.
        pub(crate) rows: u64,
        /// Rows that can be imported as they are.
        pub(crate) valid: u64,
        /// What stands against the others; the first 200.
        pub(crate) errors: Vec<RowProblem>,
        /// The first rows as they were understood.
        pub(crate) sample: Vec<ImportedRow>,
        /// Headings of the columns that are left out.
        pub(crate) unknown_columns: Vec<String>,
        /// How the text of the file was read, as given or as guessed; null for a workbook and
        /// for `csv`.
        pub(crate) encoding: Option<ImportEncoding>,
        /// Every column in the order of the table; at most 200.
        pub(crate) columns: Vec<ImportColumn>,
        /// What to ask of the years of birth; null where none is above 2400 or from 1 to 150.
        pub(crate) year_question: Option<YearQuestion>,
    }

    /// A column as it was understood.
    pub(crate) struct ImportColumn {
        /// Its heading, the first 100 characters; a second one of the same words has a number
        /// behind it, and one without words has its place, such as `#3`.
        pub(crate) heading: String,
        /// What it is; null for a column that is left out.
        pub(crate) field: Option<ImportField>,
        /// What stands in it first, up to 100 characters; null where it is empty.
        pub(crate) example: Option<String>,
    }

    /// Years of birth that may be of another calendar.
    pub(crate) struct YearQuestion {
        /// How many rows have such a year.
        pub(crate) rows: u64,
        /// The line of the first such row; the headings are line 1.
        pub(crate) line: u64,
        /// The day as it stands there.
        pub(crate) written: String,
        /// The same as `1956-04-13` where it is Buddhist; null where it cannot be.
        pub(crate) buddhist: Option<String>,
        /// The same where it is of the Republic of China; null where it cannot be.
        pub(crate) roc: Option<String>,
    }

    /// What keeps a row from being imported.
    pub(crate) struct RowProblem {
        /// Its line in the table; the headings are line 1. In a workbook the number of the row.
        pub(crate) line: u64,
        /// The field the column is for: `displayName`, `lineUserId`, …
        pub(crate) field: String,
        /// What is wrong with the field, in English.
        pub(crate) message: String,
        /// The same as a stable name.
        pub(crate) code: FieldCode,
        /// The limit as a number, where there is one.
        pub(crate) limit: Option<u32>,
        /// What the field takes, where the code leaves it open.
        pub(crate) takes: Option<String>,
    }

    /// A row as it was understood.
    pub(crate) struct ImportedRow {
        /// Its line in the table; the headings are line 1.
        pub(crate) line: u64,
        /// The name as written, 1 to 200 characters.
        pub(crate) display_name: String,
        /// What they are called; null where the table has nothing.
        pub(crate) nickname: Option<String>,
        /// How the name is read; null where the table has nothing.
        pub(crate) reading: Option<String>,
        /// The telephone number as written; null where the table has none.
        pub(crate) phone: Option<String>,
        /// Day of birth, `1956-04-13`, of the Gregorian calendar.
        pub(crate) birth_date: Option<String>,
        /// `U` and 32 hex digits; null where the table has none.
        pub(crate) line_user_id: Option<String>,
        /// The clinic's own number (HN); null where the table has none.
        pub(crate) external_ref: Option<String>,
        /// BCP 47 tag of their language; null where the table has none.
        pub(crate) locale: Option<String>,
        /// IANA zone; null for the clinic's.
        pub(crate) time_zone: Option<String>,
    }
}

impl RowProblem {
    pub(super) fn of(line: u64, problem: FieldProblem) -> Self {
        let FieldProblem { field, message, code, limit, takes, unit: _ } = problem;
        Self { line, field, message, code, limit, takes }
    }

    pub(super) fn into_field(self) -> FieldProblem {
        let Self { line, field, message, code, limit, takes } = self;
        FieldProblem { field: format!("line {line}.{field}"), message, code, limit, unit: None, takes }
    }
}
