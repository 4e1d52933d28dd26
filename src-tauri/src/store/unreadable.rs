//! A stored value that cannot be read, and its place.

use sqlx::{Column as _, ColumnOrigin, Row, error::BoxDynError, sqlite::SqliteRow};

/// A value in the database that cannot be read: its table, column and row. It has neither the value
/// nor the parser's words, which may quote what a patient wrote.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the column {column} of {table} in the row with {row}")]
pub(super) struct Unreadable {
    table: String,
    column: String,
    row: String,
}

/// The columns that identify a row, the most specific first; none says anything about a person.
const KEYS: [&str; 8] =
    ["id", "delivery_id", "version_id", "step_id", "protocol_id", "assignment_id", "patient_id", "bucket_at"];

/// A row whose key can be read whatever its type.
pub(super) trait Keyed: Row {
    /// A text or a number, as text.
    fn key(&self, column: &str) -> Option<String>;
}

impl Keyed for SqliteRow {
    fn key(&self, column: &str) -> Option<String> {
        let number = || self.try_get::<i64, _>(column).ok().map(|n| n.to_string());
        self.try_get(column).ok().or_else(number)
    }
}

#[cfg(feature = "postgres")]
impl Keyed for sqlx::postgres::PgRow {
    fn key(&self, column: &str) -> Option<String> {
        let number = || self.try_get::<i64, _>(column).ok().map(|n| n.to_string());
        self.try_get(column).ok().or_else(number)
    }
}

impl Unreadable {
    /// A value read from a text: `row` is its key, as `name = value`.
    pub(super) fn text(table: &str, column: &str, row: String) -> sqlx::Error {
        let (table, column) = (table.to_owned(), column.to_owned());
        sqlx::Error::Decode(Box::new(Self { table, column, row }))
    }

    /// The value that [`sqlx::FromRow`] could not read in `row`, which the statement `text`
    /// returned. Any other error stays as it is.
    pub(super) fn in_row(error: sqlx::Error, row: &impl Keyed, text: &str) -> sqlx::Error {
        let sqlx::Error::ColumnDecode { index, .. } = error else { return error };
        let asked = column_of(&index, row);
        let (table, column) = place_of(&asked, row, text);
        let row = KEYS.iter().find_map(|key| {
            let (table, column) = place_of(key, row, text);
            row.key(key).map(|value| format!("{table}.{column} = {value}"))
        });
        let row = row.unwrap_or_else(|| "a key that was not read along".to_owned());
        sqlx::Error::Decode(BoxDynError::from(Self { table, column, row }))
    }
}

/// The name of the column asked for by name or number: sqlx writes either as `Debug` does.
fn column_of(index: &str, row: &impl Row) -> String {
    let by_number = index.parse().ok().and_then(|n: usize| row.columns().get(n));
    by_number.map_or_else(|| index.trim_matches('"').to_owned(), |column| column.name().to_owned())
}

/// The table and the column of a result's column; where the engine does not tell, the first table
/// of the statement.
fn place_of(name: &str, row: &impl Row, text: &str) -> (String, String) {
    let origin = row.columns().iter().find(|column| column.name() == name).map(sqlx::Column::origin);
    match origin {
        Some(ColumnOrigin::Table(place)) => (place.table.to_string(), place.name.to_string()),
        _ => (table_of(text), name.to_owned()),
    }
}

/// The first table a statement reads or writes.
fn table_of(text: &str) -> String {
    let mut words = text.split_whitespace().skip_while(|w| !matches!(*w, "FROM" | "UPDATE" | "INTO"));
    words.nth(1).unwrap_or("?").trim_matches(|c: char| !c.is_alphanumeric() && c != '_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_names_its_table() {
        assert_eq!(table_of("SELECT d.id FROM deliveries d"), "deliveries");
        assert_eq!(table_of("UPDATE patients SET id = $1"), "patients");
    }
}
