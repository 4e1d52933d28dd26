//! A workbook (`.xlsx`) as lines. It is packed, so a small file may expand beyond all memory: its
//! parts are measured before anybody reads them.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Style, Xlsx, XlsxError};
use zip::ZipArchive;

use super::sheet::{MAX_COLUMNS, MAX_LINES, SheetRow, too_many_columns};
use crate::error::{FieldCode, FieldProblem};

/// The most bytes of all parts together, unpacked. 10,000 patients with twelve columns have 8
/// million.
const MAX_UNPACKED: u64 = 64 * 1024 * 1024;

/// The most parts of a workbook, which has a few for each sheet and picture.
const MAX_PARTS: usize = 2_000;

/// The most characters of a cell: Excel takes 32,767.
const MAX_CELL: usize = 32_767;

/// Whether `bytes` are packed as a workbook is.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Whether `bytes` are an old Excel file (`.xls`), or a new one behind a password.
pub(super) fn is_locked_or_old(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

/// The lines of the first visible sheet that are not empty.
pub(super) fn lines(bytes: &[u8]) -> Result<Vec<SheetRow>, FieldProblem> {
    measure(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unread)?;
    let is_shown = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    };
    let name = workbook.sheets_metadata().iter().find(is_shown).map(|sheet| sheet.name.clone());
    let Some(name) = name else { return Err(broken()) };
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(unread)?;
    let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(unread)? {
        let text = text_of(cell.get_value(), reader.styles().get(style));
        if text.is_empty() {
            continue;
        }
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MAX_COLUMNS {
            return Err(too_many_columns("file", column.saturating_add(1)));
        }
        let cells = lines.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = text;
        }
        // Cells come from top to bottom, except in a file made by hand.
        if lines.len() == MAX_LINES {
            break;
        }
    }
    Ok(lines.into_iter().map(|(row, cells)| SheetRow { number: u64::from(row) + 1, cells }).collect())
}

/// Unpacks every part once and keeps none.
fn measure(bytes: &[u8]) -> Result<(), FieldProblem> {
    let mut parts = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if parts.len() > MAX_PARTS {
        return Err(too_much());
    }
    let mut left = MAX_UNPACKED;
    let mut unpacked = Vec::new();
    for n in 0..parts.len() {
        let mut part = parts.by_index(n).map_err(|_| broken())?;
        let has_texts = part.name_raw().to_ascii_lowercase().ends_with(b"sharedstrings.xml");
        unpacked.clear();
        part.by_ref().take(left + 1).read_to_end(&mut unpacked).map_err(|_| broken())?;
        left = left.checked_sub(unpacked.len() as u64).ok_or_else(too_much)?;
        if has_texts && !counts_truly(&unpacked) {
            return Err(broken());
        }
    }
    Ok(())
}

/// Whether a list of texts declares no more than it can have: calamine reserves memory for as many
/// as it declares.
fn counts_truly(part: &[u8]) -> bool {
    // Excel writes UTF-8. In another encoding the number could not be found here.
    let Ok(text) = std::str::from_utf8(part) else { return false };
    !text.contains('\0')
        && text.match_indices("uniqueCount").all(|(at, word)| {
            let rest = text.get(at + word.len()..).unwrap_or_default();
            let digits: String = rest
                .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''))
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            // `<si/>` is the shortest of them.
            digits.is_empty() || digits.parse().is_ok_and(|count: usize| count <= part.len() / 5)
        })
}

/// About what a cell shows: numbers without Excel's formatting, days as `1956-04-13`.
fn text_of(value: &DataRef<'_>, style: Option<&Style>) -> String {
    let text = match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => padded(number.to_string(), style),
        DataRef::Float(number) => padded(number_of(*number), style),
        DataRef::Bool(truth) => truth.to_string().to_uppercase(),
        DataRef::DateTime(at) => moment(at),
        DataRef::Error(error) => error.to_string(),
    };
    text.trim().chars().take(MAX_CELL).collect()
}

/// A number with the 15 digits Excel keeps, without trailing zeros.
fn number_of(number: f64) -> String {
    format!("{number:.14e}").parse().map_or_else(|_| number.to_string(), |short: f64| short.to_string())
}

/// A number with the leading zeros that its format `00000` shows: some keep their HN like this.
fn padded(number: String, style: Option<&Style>) -> String {
    let form = style.and_then(|style| style.number_format.as_ref()).map(|form| form.format_code.as_str());
    let width = form.filter(|form| form.len() <= 30 && form.bytes().all(|b| b == b'0')).map_or(0, str::len);
    if number.bytes().all(|b| b.is_ascii_digit()) { format!("{number:0>width$}") } else { number }
}

/// A day as `1956-04-13`, with the time where there is one.
fn moment(at: &ExcelDateTime) -> String {
    if at.is_duration() {
        return number_of(at.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}

fn unread(error: XlsxError) -> FieldProblem {
    match error {
        XlsxError::Password => FieldProblem::new("file", FieldCode::LockedOrOldWorkbook),
        _ => broken(),
    }
}

fn broken() -> FieldProblem {
    FieldProblem::new("file", FieldCode::BrokenWorkbook)
}

fn too_much() -> FieldProblem {
    FieldProblem::new("file", FieldCode::TooMuchInWorkbook)
}
