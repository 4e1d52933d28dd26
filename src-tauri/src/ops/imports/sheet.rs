//! A table as lines of texts, whatever file it came in, and its limits.

use crate::error::{FieldCode, FieldProblem};

/// Patients that one table may have.
pub(super) const MAX_ROWS: usize = 10_000;

/// Lines that may stand above the headings.
pub(super) const MAX_ABOVE: usize = 9;

/// Lines that are read: all that are taken and one more, which says that there are too many.
pub(super) const MAX_LINES: usize = MAX_ABOVE + 1 + MAX_ROWS + 1;

/// Columns that one table may have.
pub(super) const MAX_COLUMNS: usize = 200;

/// A line in which something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its number in the table, from 1.
    pub(super) number: u64,
    /// Its texts, without the spaces around them.
    pub(super) cells: Vec<String>,
}

/// The refusal of more than [`MAX_ROWS`] patients.
pub(super) fn too_many_rows(field: &str) -> FieldProblem {
    FieldProblem { code: FieldCode::TooManyRows, ..FieldProblem::over(field, 10_000, "rows", MAX_ROWS + 1) }
}

/// The refusal of more than [`MAX_COLUMNS`] columns.
pub(super) fn too_many_columns(field: &str, found: usize) -> FieldProblem {
    FieldProblem { code: FieldCode::TooManyColumns, ..FieldProblem::over(field, 200, "columns", found) }
}
