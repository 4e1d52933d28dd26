//! A table of patients, row by row: valid rows, and the faults of the others.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    birth::Written,
    columns,
    input::{ImportEncoding, ImportField, ImportYears},
    sheet::{MAX_ROWS, SheetRow, too_many_rows},
    shown::{ImportColumn, RowProblem, YearQuestion},
};
use crate::{
    clock::Timestamp,
    core::Core,
    error::{FieldCode, FieldProblem, Problem, Result},
    ops::patients as one,
    store::patients::{self, Patient},
};

const MAX_ERRORS: usize = 200;

/// The most characters of a column's example.
const MAX_EXAMPLE: usize = 100;

/// The values a spreadsheet shows for a failed formula.
const BROKEN_FORMULAS: [&str; 7] = ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"];

/// A row that can be imported.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) patient: Patient,
}

/// A table after reading.
pub(super) struct Table {
    /// The encoding, where it came as bytes of a text.
    pub(super) encoding: Option<ImportEncoding>,
    pub(super) columns: Vec<ImportColumn>,
    /// Rows below the headings, valid or not.
    pub(super) rows: u64,
    pub(super) patients: Vec<Row>,
    pub(super) errors: Vec<RowProblem>,
    pub(super) year_question: Option<YearQuestion>,
}

/// The choices of staff about a table.
pub(super) struct Said {
    pub(super) columns: BTreeMap<String, Option<ImportField>>,
    pub(super) years: Option<ImportYears>,
}

impl Table {
    /// Reads the lines of the field `field`.
    ///
    /// # Errors
    /// 422 for missing headings, too many rows, and a chosen column that is missing.
    pub(super) fn of(lines: Vec<SheetRow>, field: &str, said: &Said, now: Timestamp) -> Result<Self> {
        let place = columns::place_of_headings(&lines);
        let mut lines = lines.into_iter().skip(place);
        let Some(head) = lines.next() else { return Err(Problem::field(field, FieldCode::NoHeadings)) };
        let lines: Vec<_> = lines.collect();
        if lines.len() > MAX_ROWS {
            return Err(Problem::fields(vec![too_many_rows(field)]));
        }
        let widest = lines.iter().chain([&head]).map(used).max().unwrap_or(0);
        let words = head.cells.iter().map(String::as_str).chain(std::iter::repeat(""));
        let headings = columns::headings(words.take(widest));
        let fields = columns::understood(&headings, &said.columns)?;
        let mut table = Self {
            encoding: None,
            columns: shown(headings, &fields, &lines),
            rows: lines.len() as u64,
            patients: Vec::new(),
            errors: Vec::new(),
            year_question: None,
        };
        if !fields.contains(&Some(ImportField::DisplayName)) {
            table.error(head.number, FieldProblem::new("displayName", FieldCode::NoHeadings));
            return Ok(table);
        }
        for line in &lines {
            table.take(line, &fields, said.years, now);
        }
        Ok(table)
    }

    pub(super) fn has_names(&self) -> bool {
        self.columns.iter().any(|column| column.field == Some(ImportField::DisplayName))
    }

    fn error(&mut self, line: u64, problem: FieldProblem) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(RowProblem::of(line, problem));
        }
    }

    fn take(
        &mut self,
        line: &SheetRow,
        fields: &[Option<ImportField>],
        years: Option<ImportYears>,
        now: Timestamp,
    ) {
        let cells = cells_of(line, fields);
        // In the order of the fields, so that the same table always gets the same answer.
        let all = ImportField::ALL.iter();
        let mut refused: Vec<_> = all.filter_map(|field| unreadable(*field, cells.get(field)?)).collect();
        let mut patient = patient_of(cells);
        let mut asks = false;
        if let Some(written) = patient.birth_date.as_deref().and_then(Written::read) {
            if written.is_in_question() {
                self.ask(line.number, patient.birth_date.as_deref().unwrap_or_default(), written);
                asks = years.is_none();
            }
            patient.birth_date =
                written.day(years.unwrap_or(ImportYears::Gregorian)).or(patient.birth_date.take());
        }
        refused.extend(one::wrong(&patient, now).into_iter().filter(|p| !asks || p.field != "birthDate"));
        if asks {
            refused.push(FieldProblem::new("birthDate", FieldCode::OtherCalendar));
        }
        if refused.is_empty() {
            let patient = one::new_patient(patient, now);
            self.patients.push(Row { line: line.number, patient });
        }
        for problem in refused {
            self.error(line.number, problem);
        }
    }

    fn ask(&mut self, line: u64, text: &str, written: Written) {
        let question = self.year_question.get_or_insert_with(|| YearQuestion {
            rows: 0,
            line,
            written: text.to_owned(),
            buddhist: None,
            roc: None,
        });
        question.rows += 1;
        // The first day that is possible in each calendar stands for the others.
        if question.buddhist.is_none() && question.roc.is_none() {
            question.buddhist = written.plausible(ImportYears::Buddhist);
            question.roc = written.plausible(ImportYears::Roc);
            if question.buddhist.is_some() || question.roc.is_some() {
                (question.line, question.written) = (line, text.to_owned());
            }
        }
    }

    /// Refuses rows whose LINE id or number another row or a patient already has.
    pub(super) async fn refuse_known(&mut self, core: &Core) -> Result<()> {
        let users: Vec<_> = self.patients.iter().filter_map(|row| row.patient.line_user_id.clone()).collect();
        let refs: Vec<_> = self.patients.iter().filter_map(|row| row.patient.external_ref.clone()).collect();
        let mut conn = core.store.read().acquire().await?;
        let taken = patients::taken(&mut conn, &users, &refs).await?;
        let mut users: HashSet<_> = taken.line_user_ids.into_iter().collect();
        let mut refs: HashSet<_> = taken.external_refs.into_iter().collect();
        for Row { line, patient } in std::mem::take(&mut self.patients) {
            let linked = patient.line_user_id.as_ref().is_some_and(|u| !users.insert(u.clone()));
            let numbered = patient.external_ref.as_ref().is_some_and(|r| !refs.insert(r.clone()));
            if linked {
                self.error(line, FieldProblem::new("lineUserId", FieldCode::KnownLineUser));
            }
            if numbered {
                self.error(line, FieldProblem::new("externalRef", FieldCode::KnownNumber));
            }
            if !linked && !numbered {
                self.patients.push(Row { line, patient });
            }
        }
        Ok(())
    }
}

/// The columns of a line up to the last one in use: a spreadsheet writes empty ones after it.
fn used(line: &SheetRow) -> usize {
    line.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}

/// The columns, each with its first value.
fn shown(headings: Vec<String>, fields: &[Option<ImportField>], lines: &[SheetRow]) -> Vec<ImportColumn> {
    let example = |column: usize| {
        let cell = lines.iter().find_map(|line| line.cells.get(column).filter(|cell| !cell.is_empty()));
        cell.map(|cell| cell.chars().take(MAX_EXAMPLE).collect())
    };
    let columns = headings.into_iter().zip(fields).enumerate();
    columns
        .map(|(n, (heading, field))| ImportColumn { heading, field: *field, example: example(n) })
        .collect()
}

/// The value of a line for each field; the parts of a name are joined.
fn cells_of(line: &SheetRow, fields: &[Option<ImportField>]) -> HashMap<ImportField, String> {
    let mut cells: HashMap<ImportField, String> = HashMap::new();
    for (field, cell) in fields.iter().zip(&line.cells) {
        let Some(field) = field.filter(|_| !cell.is_empty()) else { continue };
        let text = cells.entry(field).or_default();
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(cell);
    }
    cells
}

/// The fault of a text that is wrong in any field.
fn unreadable(field: ImportField, cell: &str) -> Option<FieldProblem> {
    if cell.contains('\u{fffd}') {
        return Some(FieldProblem::new(field.as_str(), FieldCode::UnreadableCharacter));
    }
    let is_broken = BROKEN_FORMULAS.contains(&cell);
    is_broken.then(|| FieldProblem::new(field.as_str(), FieldCode::BrokenFormula))
}

fn patient_of(mut cells: HashMap<ImportField, String>) -> one::CreatePatient {
    let mut text = |field: ImportField| cells.remove(&field);
    let tags = text(ImportField::Tags).unwrap_or_default();
    let tags = tags.split(';').map(str::trim).filter(|tag| !tag.is_empty());
    one::CreatePatient {
        line_user_id: text(ImportField::LineUserId),
        display_name: text(ImportField::DisplayName).unwrap_or_default(),
        nickname: text(ImportField::Nickname),
        reading: text(ImportField::Reading),
        phone: text(ImportField::Phone),
        birth_date: text(ImportField::BirthDate),
        external_ref: text(ImportField::ExternalRef),
        locale: text(ImportField::Locale),
        time_zone: text(ImportField::TimeZone),
        tags: one::Tags(tags.map(str::to_owned).collect()),
        note: text(ImportField::Note),
    }
}
