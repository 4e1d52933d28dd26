//! A table as lines of texts, from any kind of file, and its limits.

use crate::error::{FieldCode, FieldProblem};

/// The most patients of one table.
pub(crate) const MAX_ROWS: usize = 10_000;

/// The most lines above the headings.
pub(super) const MAX_ABOVE: usize = 9;

/// The most lines that are read: all that are allowed, and one more that shows there are too many.
pub(super) const MAX_LINES: usize = MAX_ABOVE + 1 + MAX_ROWS + 1;

/// The most columns of one table.
pub(super) const MAX_COLUMNS: usize = 200;

/// A line that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SheetRow {
    /// The number of the line in the table, from 1.
    pub(super) number: u64,
    /// The texts of its cells, trimmed.
    pub(super) cells: Vec<String>,
}

pub(super) fn too_many_rows(field: &str) -> FieldProblem {
    FieldProblem { code: FieldCode::TooManyRows, ..FieldProblem::over(field, MAX_ROWS, "rows", MAX_ROWS + 1) }
}

pub(super) fn too_many_columns(field: &str, found: usize) -> FieldProblem {
    FieldProblem {
        code: FieldCode::TooManyColumns,
        ..FieldProblem::over(field, MAX_COLUMNS, "columns", found)
    }
}
