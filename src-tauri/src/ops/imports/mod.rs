//! Patients from a table: previewed first, imported only when staff say so, all or nothing.

mod birth;
mod columns;
mod delimited;
mod encoding;
mod input;
mod sheet;
mod shown;
mod table;
mod workbook;

use base64::Engine as _;

use input::ImportEncoding;
pub(crate) use input::{ImportPatients, MAX_BODY, MAX_BYTES};
#[cfg(feature = "desktop")]
pub(crate) use sheet::MAX_ROWS;
use sheet::SheetRow;
pub(crate) use shown::ImportPreview;
use shown::{ImportedRow, RowProblem};
use table::{Row, Said, Table};

use super::{
    Caller, announce, audit, patients as one,
    tasks::{Task, shown as task},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::{
        activity::{Act, Change},
        language::Language,
    },
    error::{FieldCode, FieldProblem, Problem, Result},
    inbox,
    store::patients::{self, Patient},
};

/// Rows a preview shows as understood.
const SAMPLE: usize = 20;

/// Rows written in one statement.
const CHUNK: usize = 500;

pub(crate) async fn preview(core: &Core, _: &Caller, input: ImportPatients) -> Result<ImportPreview> {
    let table = read(core, input).await?;
    let sample = table.patients.iter().take(SAMPLE).map(|Row { line, patient: p }| ImportedRow {
        line: *line,
        display_name: p.display_name.clone(),
        nickname: p.nickname.clone(),
        reading: p.reading.clone(),
        phone: p.phone.clone(),
        birth_date: p.birth_date.clone(),
        line_user_id: p.line_user_id.clone(),
        external_ref: p.external_ref.clone(),
        locale: p.locale.clone(),
        time_zone: p.time_zone.clone(),
    });
    let left_out = table.columns.iter().filter(|column| column.field.is_none());
    Ok(ImportPreview {
        rows: table.rows,
        valid: table.patients.len() as u64,
        sample: sample.collect(),
        errors: table.errors,
        unknown_columns: left_out.map(|column| column.heading.clone()).collect(),
        encoding: table.encoding,
        year_question: table.year_question,
        columns: table.columns,
    })
}

/// In one transaction, in the background; the task reports its progress.
pub(crate) async fn import(core: &Core, who: &Caller, input: ImportPatients) -> Result<Task> {
    let skip_invalid = input.skip_invalid;
    let field = if input.csv.is_some() { "csv" } else { "file" };
    let table = read(core, input).await?;
    if !table.has_names() {
        return Err(Problem::field(field, FieldCode::NoHeadings));
    }
    if !skip_invalid && !table.errors.is_empty() {
        let errors = table.errors.into_iter().take(100);
        return Err(Problem::fields(errors.map(RowProblem::into_field).collect()));
    }
    if table.patients.is_empty() {
        return Err(Problem::field(field, FieldCode::NoRowToImport));
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
        announce(&worker, &[Topic::Tasks, Topic::Phones]);
    });
    task(&core, id)
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

/// The bytes of a table, or its text.
enum Source {
    Text(String),
    File(Vec<u8>),
}

/// Checks its rows against the existing patients, too.
async fn read(core: &Core, input: ImportPatients) -> Result<Table> {
    let source = match (input.csv, input.file) {
        (Some(text), _) => Source::Text(text),
        (None, file) => Source::File(decoded(&file.unwrap_or_default())?),
    };
    let spoken = Language::of(None, core.clinic().time_zone);
    let (now, encoding) = (core.now(), input.encoding);
    let said = Said { columns: input.columns, years: input.years };
    let mut table = {
        // One at a time, off the requests: unpacking may take a hundred megabytes for a moment.
        let _turn = core.decoding.acquire().await.map_err(|e| Problem::internal("reading a table", e))?;
        let reading = tokio::task::spawn_blocking(move || table_of(source, encoding, spoken, &said, now));
        // A file that makes the reader panic was no workbook.
        reading.await.map_err(|_| Problem::field("file", FieldCode::BrokenWorkbook))??
    };
    table.refuse_known(core).await?;
    Ok(table)
}

fn decoded(file: &str) -> Result<Vec<u8>> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(file);
    let bytes = bytes.map_err(|_| Problem::field("file", FieldCode::NotBase64))?;
    if bytes.len() > MAX_BYTES {
        return Err(Problem::fields(vec![input::too_large()]));
    }
    Ok(bytes)
}

fn table_of(
    source: Source,
    encoding: Option<ImportEncoding>,
    spoken: Language,
    said: &Said,
    now: Timestamp,
) -> Result<Table> {
    let refused = |problem: FieldProblem| Problem::fields(vec![problem]);
    match source {
        Source::Text(text) => Table::of(delimited::lines(&text, "csv").map_err(refused)?, "csv", said, now),
        Source::File(bytes) => {
            let (lines, encoding) = lines_of(&bytes, encoding, spoken).map_err(refused)?;
            Ok(Table { encoding, ..Table::of(lines, "file", said, now)? })
        }
    }
}

fn lines_of(
    bytes: &[u8],
    encoding: Option<ImportEncoding>,
    spoken: Language,
) -> std::result::Result<(Vec<SheetRow>, Option<ImportEncoding>), FieldProblem> {
    if workbook::is_one(bytes) {
        return Ok((workbook::lines(bytes)?, None));
    }
    if workbook::is_locked_or_old(bytes) {
        return Err(FieldProblem::new("file", FieldCode::LockedOrOldWorkbook));
    }
    if bytes.starts_with(b"%PDF-") {
        return Err(FieldProblem::new("file", FieldCode::NotATable));
    }
    let encoding = encoding.unwrap_or_else(|| encoding::guess(bytes, spoken));
    Ok((delimited::lines(&encoding::text_of(bytes, encoding), "file")?, Some(encoding)))
}
