//! Patients from a table: looked at first, imported only when staff say so, all or nothing.

use std::collections::{HashMap, HashSet};

use super::{
    Caller, announce, audit, patients as one,
    tasks::{Task, shown},
    wire::{inputs, outputs},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::activity::{Act, Change},
    error::{FieldCode, FieldProblem, Problem, Result},
    fields::or_default,
    inbox,
    store::patients::{self, Patient},
};

inputs! {
    /// A table of patients.
    pub(crate) struct ImportPatients {
        /// The table as CSV in UTF-8, with or without a byte order mark: a line of headings,
        /// then up to 10,000 patients. Columns: `displayName`, `nickname`, `reading`, `phone`,
        /// `birthDate`, `lineUserId`, `externalRef`, `locale`, `timeZone`, `note`, `tags`
        /// (several with `;`). Separated by comma, semicolon or tab.
        pub(crate) csv: String,
        /// Whether rows with errors are left out; otherwise one of them refuses all.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) skip_invalid: bool,
    }
}

outputs! {
    /// What an import would do.
    pub(crate) struct ImportPreview {
        /// Rows in the table.
        pub(crate) rows: u64,
        /// Rows that can be imported.
        pub(crate) valid: u64,
        /// What stands against the others; the first 200.
        pub(crate) errors: Vec<RowProblem>,
        /// The first rows as they were understood.
        pub(crate) sample: Vec<ImportedRow>,
        /// Columns nobody knows; they are left out.
        pub(crate) unknown_columns: Vec<String>,
    }

    /// What stands against a row.
    pub(crate) struct RowProblem {
        /// Its line in the table; the headings are line 1.
        pub(crate) line: u64,
        /// The field the column is for: `displayName`, `lineUserId`, …
        pub(crate) field: String,
        /// What is wrong, in English.
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
        /// Its line in the table.
        pub(crate) line: u64,
        /// The name as written, 1 to 200 characters.
        pub(crate) display_name: String,
        /// What they are called; null where the table has nothing.
        pub(crate) nickname: Option<String>,
        /// The LINE user id.
        pub(crate) line_user_id: Option<String>,
        /// The clinic's own number.
        pub(crate) external_ref: Option<String>,
        /// BCP 47 tag of their language; null where the table has none.
        pub(crate) locale: Option<String>,
        /// IANA zone; null for the clinic's.
        pub(crate) time_zone: Option<String>,
    }
}

const MAX_ROWS: usize = 10_000;
const MAX_ERRORS: usize = 200;
const SAMPLE: usize = 20;

/// Rows of one statement.
const CHUNK: usize = 500;

impl RowProblem {
    fn into_field(self) -> FieldProblem {
        let Self { line, field, message, code, limit, takes } = self;
        FieldProblem { field: format!("line {line}.{field}"), message, code, limit, unit: None, takes }
    }
}

/// A row that can be imported.
struct Row {
    line: u64,
    patient: Patient,
}

/// A table as it was read.
struct Table {
    rows: u64,
    patients: Vec<Row>,
    errors: Vec<RowProblem>,
    unknown_columns: Vec<String>,
}

/// Reads a table and says what an import would do; changes nothing.
pub(crate) async fn preview(core: &Core, _: &Caller, input: ImportPatients) -> Result<ImportPreview> {
    let table = read(core, &input.csv).await?;
    let sample = table.patients.iter().take(SAMPLE).map(|Row { line, patient: p }| ImportedRow {
        line: *line,
        display_name: p.display_name.clone(),
        nickname: p.nickname.clone(),
        line_user_id: p.line_user_id.clone(),
        external_ref: p.external_ref.clone(),
        locale: p.locale.clone(),
        time_zone: p.time_zone.clone(),
    });
    Ok(ImportPreview {
        rows: table.rows,
        valid: table.patients.len() as u64,
        sample: sample.collect(),
        errors: table.errors,
        unknown_columns: table.unknown_columns,
    })
}

/// Imports a table in one transaction, beside the request; the task says how far it is.
pub(crate) async fn import(core: &Core, who: &Caller, input: ImportPatients) -> Result<Task> {
    let table = read(core, &input.csv).await?;
    if !input.skip_invalid && !table.errors.is_empty() {
        let errors = table.errors.into_iter().take(100);
        return Err(Problem::fields(errors.map(RowProblem::into_field).collect()));
    }
    if table.patients.is_empty() {
        return Err(Problem::field("csv", FieldCode::NoRowToImport));
    }
    let Some(core) = core.shared() else {
        return Err(Problem::internal("importing", "the program is ending"));
    };
    let id = core.tasks.begin(table.patients.len() as u64, core.now());
    let who = who.clone();
    let worker = core.clone();
    core.background.spawn(async move {
        let patients: Vec<_> = table.patients.into_iter().map(|row| row.patient).collect();
        let ended = store(&worker, &who, &patients, |done| worker.tasks.progress(id, done)).await;
        if let Err(problem) = &ended {
            tracing::warn!(problem = %problem.detail, "an import failed; nothing of it stayed");
        }
        worker.tasks.end(id, ended);
        announce(&worker, &[Topic::Tasks, Topic::Patients, Topic::Phones]);
    });
    shown(&core, id)
}

async fn store(core: &Core, who: &Caller, patients: &[Patient], progress: impl Fn(u64)) -> Result<()> {
    let mut tx = core.store.begin().await?;
    let mut done = 0;
    for chunk in patients.chunks(CHUNK) {
        patients::insert_many(&mut tx, chunk).await.map_err(one::taken)?;
        inbox::entered(&mut tx, chunk, &who.actor, core.now()).await?;
        done += chunk.len() as u64;
        progress(done);
    }
    audit(&mut tx, core, who, Act::PatientsImport, None, Some(Change::Patients { count: done })).await?;
    tx.commit().await?;
    for patient in patients {
        one::plug_in_phone(core, patient);
    }
    Ok(())
}

/// Reads a table row by row; what the table itself or the patients there are say against a
/// row is said of that row.
async fn read(core: &Core, csv: &str) -> Result<Table> {
    // The reader counts a line of Windows only when it begins to read the next.
    let text = csv.strip_prefix('\u{feff}').unwrap_or(csv).replace("\r\n", "\n");
    // An open quotation mark would swallow every row after it as one cell.
    if text.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        return Err(Problem::field("csv", FieldCode::OpenQuotation));
    }
    let head = text.lines().next().unwrap_or_default();
    let separator = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|s| head.bytes().filter(|b| b == s).count())
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headings = reader
        .headers()
        .map_err(|e| Problem::fields(vec![FieldProblem::malformed("csv", format!("cannot be read: {e}"))]))?
        .clone();
    let (columns, unknown_columns) = columns_of(&headings);
    if !columns.contains(&Some(Column::DisplayName)) {
        return Err(Problem::field("csv", FieldCode::NoHeadings));
    }
    let mut table = Table { rows: 0, patients: Vec::new(), errors: Vec::new(), unknown_columns };
    for record in reader.records() {
        let record = record.map_err(|e| {
            Problem::fields(vec![FieldProblem::malformed("csv", format!("cannot be read: {e}"))])
        })?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        table.rows += 1;
        if table.rows > MAX_ROWS as u64 {
            return Err(Problem::fields(vec![FieldProblem::over("csv", 10_000, "rows", MAX_ROWS + 1)]));
        }
        let line = record.position().map_or(table.rows + 1, csv::Position::line);
        table.take(line, patient_of(&columns, &record), core.now());
    }
    table.refuse_known(core).await?;
    Ok(table)
}

impl Table {
    fn error(&mut self, line: u64, problem: FieldProblem) {
        if self.errors.len() < MAX_ERRORS {
            let FieldProblem { field, message, code, limit, takes, unit: _ } = problem;
            self.errors.push(RowProblem { line, field, message, code, limit, takes });
        }
    }

    fn take(&mut self, line: u64, patient: one::CreatePatient, now: Timestamp) {
        let refused = one::wrong(&patient, now);
        if refused.is_empty() {
            self.patients.push(Row { line, patient: one::new_patient(patient, now) });
        }
        for problem in refused {
            self.error(line, problem);
        }
    }

    /// Refuses rows whose LINE id or number another row, or a patient, has already.
    async fn refuse_known(&mut self, core: &Core) -> Result<()> {
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Column {
    DisplayName,
    LineUserId,
    ExternalRef,
    Nickname,
    Reading,
    Phone,
    BirthDate,
    Locale,
    TimeZone,
    Note,
    Tags,
}

/// What each column is, by its heading, and the headings nobody knows.
fn columns_of(headings: &csv::StringRecord) -> (Vec<Option<Column>>, Vec<String>) {
    let mut unknown = Vec::new();
    let columns = headings
        .iter()
        .map(|heading| {
            let plain: String =
                heading.to_lowercase().chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '.')).collect();
            let column = match plain.as_str() {
                "displayname" | "name" | "patient" | "patientname" | "ชื่อ" | "氏名" | "名前" | "姓名" => {
                    Column::DisplayName
                }
                "lineuserid" | "lineid" | "line" => Column::LineUserId,
                "externalref" | "hn" | "number" | "id" | "patientid" | "病歷號" | "診察券番号" => {
                    Column::ExternalRef
                }
                "nickname" | "calledname" | "ชื่อเล่น" | "愛称" | "暱稱" => {
                    Column::Nickname
                }
                "reading" | "kana" | "furigana" | "フリガナ" | "ふりがな" | "拼音" | "คำอ่าน" => {
                    Column::Reading
                }
                "phone"
                | "tel"
                | "telephone"
                | "mobile"
                | "โทรศัพท์"
                | "เบอร์โทร"
                | "電話"
                | "電話番号"
                | "電話號碼" => Column::Phone,
                "birthdate" | "dateofbirth" | "dob" | "วันเกิด" | "生年月日" | "生日" => {
                    Column::BirthDate
                }
                "locale" | "language" | "lang" | "ภาษา" | "言語" | "語言" => Column::Locale,
                "timezone" | "zone" => Column::TimeZone,
                "note" | "notes" | "หมายเหตุ" | "備考" | "備註" => Column::Note,
                "tags" | "labels" => Column::Tags,
                _ => {
                    unknown.push(heading.chars().take(100).collect());
                    return None;
                }
            };
            Some(column)
        })
        .collect();
    (columns, unknown)
}

fn patient_of(columns: &[Option<Column>], record: &csv::StringRecord) -> one::CreatePatient {
    let mut cells: HashMap<Column, &str> = HashMap::new();
    for (column, cell) in columns.iter().zip(record.iter()) {
        if let Some(column) = column.filter(|_| !cell.is_empty()) {
            cells.insert(column, cell);
        }
    }
    let text = |column: Column| cells.get(&column).map(|c| (*c).to_owned());
    let tags = cells.get(&Column::Tags).map(|t| t.split(';').map(|t| t.trim().to_owned()));
    one::CreatePatient {
        line_user_id: text(Column::LineUserId),
        display_name: text(Column::DisplayName).unwrap_or_default(),
        nickname: text(Column::Nickname),
        reading: text(Column::Reading),
        phone: text(Column::Phone),
        birth_date: text(Column::BirthDate),
        external_ref: text(Column::ExternalRef),
        locale: text(Column::Locale),
        time_zone: text(Column::TimeZone),
        tags: one::Tags(tags.map(|t| t.filter(|t| !t.is_empty()).collect()).unwrap_or_default()),
        note: text(Column::Note),
    }
}
