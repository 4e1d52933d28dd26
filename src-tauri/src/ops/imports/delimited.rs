//! CSV text as lines.

use super::sheet::{MAX_ABOVE, MAX_COLUMNS, MAX_LINES, SheetRow, too_many_columns};
use crate::error::{FieldCode, FieldProblem};

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The lines of `text` that are not empty; `field` is the one it came in.
pub(super) fn lines(text: &str, field: &str) -> Result<Vec<SheetRow>, FieldProblem> {
    if text.contains('\0') {
        return Err(FieldProblem::new(field, FieldCode::NotATable));
    }
    // The reader counts a Windows line ending only when it begins the next line.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    // An open quotation mark would swallow every row after it as one cell.
    if text.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        return Err(FieldProblem::new(field, FieldCode::OpenQuotation));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(&text))
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| FieldProblem::malformed(field, format!("cannot be read: {e}")))?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() > MAX_COLUMNS {
            return Err(too_many_columns(field, record.len()));
        }
        let number = record.position().map_or(0, csv::Position::line);
        lines.push(SheetRow { number, cells: record.iter().map(str::to_owned).collect() });
        if lines.len() == MAX_LINES {
            break;
        }
    }
    Ok(lines)
}

/// The separator: the one most frequent in the first line that has any.
fn separator(text: &str) -> u8 {
    let count = |line: &str, separator: u8| line.bytes().filter(|b| *b == separator).count();
    text.lines()
        .take(MAX_ABOVE + 1)
        .find_map(|line| {
            let max = SEPARATORS.into_iter().max_by_key(|separator| count(line, *separator))?;
            (count(line, max) > 0).then_some(max)
        })
        .unwrap_or(b',')
}
