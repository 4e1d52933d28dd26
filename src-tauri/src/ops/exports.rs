//! The interaction log as a file, for research: streamed page by page, under pseudonyms on request,
//! harmless in a spreadsheet.

use std::sync::Arc;

use futures::{Stream, stream};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Caller, audit, statistics::range, wire::inputs};
use crate::{
    clock::{Span, Timestamp},
    core::Core,
    domain::{
        activity::{Act, Change},
        staff::Role,
    },
    error::{Problem, Result},
    fields::{DAY_OR_INSTANT, or_default},
    ids,
    store::{
        interactions::{self, Exported, RowKey},
        settings,
    },
};

/// The least role that may take an export.
pub(crate) const MIN_ROLE: Role = Role::Operator;

inputs! {
    /// Which rows of the interaction log go into the file, and in what form.
    pub(crate) struct ExportInteractions {
        /// The first day in the clinic's zone, or an RFC 3339 time.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) from: Option<String>,
        /// The last day, included, or an RFC 3339 time, not included.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) to: Option<String>,
        /// The file format; `csv` where left out.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = Format)]
        pub(crate) format: Format,
        /// Whether pseudonyms replace patients: the file then has no name, no number, and no id
        /// that leads to them outside this database. A patient has the same pseudonym in every
        /// export.
        #[serde(default, deserialize_with = "or_default")]
        #[specta(type = bool)]
        pub(crate) pseudonymise: bool,
    }
}

/// The format of an export.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema, specta::Type,
)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// For spreadsheets: UTF-8 with a byte order mark.
    #[default]
    Csv,
    /// One array of objects, a row each.
    Json,
}

/// Rows read at once.
const PAGE: u32 = 1_000;

/// The name of the setting with the key of the pseudonyms.
const PSEUDONYM_KEY: &str = "export.pseudonym_key";

const COLUMNS: [&str; 21] = [
    "id",
    "userId",
    "protocolId",
    "stepId",
    "assignmentId",
    "messageId",
    "sentAt",
    "deliveredAt",
    "respondedAt",
    "responseValue",
    "responseAction",
    "timeDifferenceMs",
    "status",
    "createdAt",
    "patientName",
    "externalRef",
    "protocolName",
    "stepOrder",
    "stepName",
    "asked",
    "late",
];

/// An export that was checked and can begin.
pub(crate) struct Export {
    core: Arc<Core>,
    span: Span,
    pub(crate) format: Format,
    key: Option<String>,
    /// Rows in all, as counted at the beginning.
    pub(crate) total: u64,
}

/// Checks the input, and notes in the activity log who exports.
pub(crate) async fn begin(core: &Core, who: &Caller, input: ExportInteractions) -> Result<Export> {
    let zone = core.clinic().time_zone;
    let span = range(input.from.as_deref(), input.to.as_deref(), zone, core.now())?;
    let Some(shared) = core.shared() else {
        return Err(Problem::internal("exporting", "the program is ending"));
    };
    let total = interactions::count(core.store.read(), span).await?;
    let mut tx = core.store.begin().await?;
    let key = if input.pseudonymise {
        let stored: Option<String> = settings::get(core.store.read(), PSEUDONYM_KEY).await?;
        let key = stored.unwrap_or_else(ids::secret);
        settings::set(&mut tx, PSEUDONYM_KEY, &key, core.now()).await?;
        Some(key)
    } else {
        None
    };
    let change = Change::Export { from: span.from, to: span.to, rows: total, pseudonymised: key.is_some() };
    audit(&mut tx, core, who, Act::InteractionsExport, None, Some(change)).await?;
    tx.commit().await?;
    Ok(Export { core: shared, span, format: input.format, key, total: total.unsigned_abs() })
}

/// The next part of an export's file.
enum Next {
    Head,
    /// Rows after this one; `None` begins with the first.
    Rows(Option<RowKey>),
    End,
}

impl Export {
    /// `interactions-2026-11-01-to-2026-11-30.csv`, with the first and last day in the clinic's
    /// zone.
    pub(crate) fn file_name(&self) -> String {
        let zone = self.core.clinic().time_zone;
        let day = |at: Timestamp| crate::domain::calendar::local_of(at, zone).format("%Y-%m-%d").to_string();
        let kind = match self.format {
            Format::Csv => "csv",
            Format::Json => "json",
        };
        format!("interactions-{}-to-{}.{kind}", day(self.span.from), day(self.span.to.plus_millis(-1)))
    }

    /// The file, a page of rows at a time, with the number of rows in each part.
    pub(crate) fn stream(self) -> impl Stream<Item = Result<(Vec<u8>, u64)>> + Send {
        stream::try_unfold((self, Next::Head), |(export, place)| async move {
            match place {
                Next::Head => {
                    let head = export.head();
                    Ok(Some(((head, 0), (export, Next::Rows(None)))))
                }
                Next::Rows(after) => {
                    let rows =
                        interactions::export(export.core.store.read(), export.span, after, PAGE).await?;
                    let part = export.part(&rows, after.is_none())?;
                    let next = match rows.last() {
                        Some(last) if rows.len() == PAGE as usize => {
                            Next::Rows(Some(RowKey { created_at: last.row.created_at, id: last.row.id }))
                        }
                        _ => Next::End,
                    };
                    let mut part = part;
                    if matches!((&next, export.format), (Next::End, Format::Json)) {
                        part.extend_from_slice(b"]\n");
                    }
                    Ok(Some(((part, rows.len() as u64), (export, next))))
                }
                Next::End => Ok(None),
            }
        })
    }

    fn head(&self) -> Vec<u8> {
        match self.format {
            Format::Csv => format!("\u{feff}{}\r\n", COLUMNS.join(",")).into_bytes(),
            Format::Json => b"[".to_vec(),
        }
    }

    fn part(&self, rows: &[Exported], first: bool) -> Result<Vec<u8>> {
        let failed = |e: &dyn std::fmt::Display| Problem::internal("writing an export", e);
        let rows = rows.iter().map(|row| self.cells(row));
        match self.format {
            Format::Csv => {
                let mut writer =
                    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
                for cells in rows {
                    writer.write_record(cells.iter().map(cell_text)).map_err(|e| failed(&e))?;
                }
                writer.into_inner().map_err(|e| failed(&e))
            }
            Format::Json => {
                let mut part = Vec::new();
                for (n, cells) in rows.enumerate() {
                    part.extend_from_slice(if first && n == 0 { b"\n" } else { b",\n" });
                    let object: serde_json::Map<_, _> =
                        COLUMNS.iter().map(|c| (*c).to_owned()).zip(cells).collect();
                    serde_json::to_writer(&mut part, &object).map_err(|e| failed(&e))?;
                }
                Ok(part)
            }
        }
    }

    fn cells(&self, e: &Exported) -> [Value; 21] {
        let i = &e.row;
        let known = self.key.is_none();
        let id = |id: String| match &self.key {
            Some(key) => pseudonym(key, &id),
            None => id,
        };
        [
            json!(id(i.id.to_string())),
            json!(id(i.user_id.to_string())),
            json!(i.protocol_id),
            json!(i.step_id),
            json!(id(i.assignment_id.to_string())),
            json!(i.message_id.as_ref().filter(|_| known)),
            json!(i.sent_at),
            json!(i.delivered_at),
            json!(i.responded_at),
            json!(i.response_value),
            json!(i.response_action),
            json!(i.time_difference_ms),
            json!(i.status),
            json!(i.created_at),
            json!(e.patient_name.as_ref().filter(|_| known)),
            json!(e.external_ref.as_ref().filter(|_| known)),
            json!(e.protocol_name),
            json!(e.step_order),
            json!(e.step_name),
            json!(e.asked),
            json!(e.late),
        ]
    }
}

/// A name that says nothing, and is the same each time for the same key.
fn pseudonym(key: &str, id: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(id.as_bytes());
    mac.finalize().into_bytes().iter().take(12).map(|b| format!("{b:02x}")).collect()
}

/// A cell that a spreadsheet reads as text: an apostrophe precedes what would begin a formula
/// (OWASP, "CSV Injection").
fn cell_text(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        // Numbers and booleans are no formula.
        other => return other.to_string(),
    };
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        return format!("'{text}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(cell_text(&json!(text)).starts_with('\''), "{text:?}");
        }
        assert_eq!(cell_text(&json!("done")), "done");
        assert_eq!(cell_text(&json!(-5)), "-5");
    }

    #[test]
    fn a_pseudonym_is_the_same_each_time_and_another_under_another_key() {
        assert_eq!(pseudonym("a", "x"), pseudonym("a", "x"));
        assert_ne!(pseudonym("a", "x"), pseudonym("b", "x"));
        assert_ne!(pseudonym("a", "x"), pseudonym("a", "y"));
    }
}
