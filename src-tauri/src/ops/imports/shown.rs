//! The preview of an import.

use super::input::{ImportEncoding, ImportField};
use crate::{
    error::{FieldCode, FieldProblem},
    ops::wire::outputs,
};

outputs! {
    /// What an import of this table would do.
    pub(crate) struct ImportPreview {
        /// Rows below the headings, valid or not.
        pub(crate) rows: u64,
        /// Rows that can be imported as they are.
        pub(crate) valid: u64,
        /// The faults of the other rows; the first 200.
        pub(crate) errors: Vec<RowProblem>,
        /// The first rows as understood, at most 20.
        pub(crate) sample: Vec<ImportedRow>,
        /// Headings of columns that are left out.
        pub(crate) unknown_columns: Vec<String>,
        /// The encoding of the file, as given or as guessed; null for a workbook and for `csv`.
        pub(crate) encoding: Option<ImportEncoding>,
        /// Every column in the order of the table; at most 200.
        pub(crate) columns: Vec<ImportColumn>,
        /// The question to ask about years of birth; null where none is above 2400 or from 1 to
        /// 150.
        pub(crate) year_question: Option<YearQuestion>,
    }

    /// A column as understood.
    pub(crate) struct ImportColumn {
        /// The heading, the first 100 characters. A repeated one has a number added; one without
        /// words is its place, such as `#3`.
        pub(crate) heading: String,
        /// Its field; null for a column that is left out.
        pub(crate) field: Option<ImportField>,
        /// Its first value, up to 100 characters; null where it is empty.
        pub(crate) example: Option<String>,
    }

    /// Years of birth that may be of another calendar.
    pub(crate) struct YearQuestion {
        /// How many rows have such a year.
        pub(crate) rows: u64,
        /// The line of the first such row; the headings are line 1.
        pub(crate) line: u64,
        /// The day as written there.
        pub(crate) written: String,
        /// The day as `1956-04-13`, read as Buddhist; null where that is impossible.
        pub(crate) buddhist: Option<String>,
        /// The day as `1956-04-13`, read as a year of the Republic of China; null where that is
        /// impossible.
        pub(crate) roc: Option<String>,
    }

    /// A fault that keeps a row from being imported.
    pub(crate) struct RowProblem {
        /// The line in the table, where the headings are line 1; in a workbook the number of the
        /// row.
        pub(crate) line: u64,
        /// The field the column is for: `displayName`, `lineUserId`, …
        pub(crate) field: String,
        /// What is wrong with the field, in English.
        pub(crate) message: String,
        /// What is wrong, as a stable name for translation.
        pub(crate) code: FieldCode,
        /// The limit as a number; null where there is none.
        pub(crate) limit: Option<u32>,
        /// What the field takes, where the code leaves it open; else null.
        pub(crate) takes: Option<String>,
    }

    /// A row as understood.
    pub(crate) struct ImportedRow {
        /// The line in the table; the headings are line 1.
        pub(crate) line: u64,
        /// The name as written, 1 to 200 characters.
        pub(crate) display_name: String,
        /// The patient's nickname; null where the table has none.
        pub(crate) nickname: Option<String>,
        /// The reading of the name; null where the table has none.
        pub(crate) reading: Option<String>,
        /// The telephone number as written; null where the table has none.
        pub(crate) phone: Option<String>,
        /// The date of birth, `1956-04-13`, in the Gregorian calendar; null where the table has
        /// none.
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
