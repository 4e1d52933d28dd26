//! The statements of the store: those in its source, and those the database was really given.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Mutex,
};

use tracing_subscriber::Layer;

/// What SQLite was given since the watch began, by whatever test.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

pub fn seen() -> BTreeSet<String> {
    SEEN.lock().expect("not poisoned").clone()
}

/// Notes each statement that sqlx reports.
pub struct Watch;

impl<S: tracing::Subscriber> Layer<S> for Watch {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        #[derive(Default)]
        struct Statement(String);
        impl tracing::field::Visit for Statement {
            fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
                // The summary is the whole statement where there is no other.
                let whole = field.name() == "db.statement" && !value.is_empty();
                if whole || (field.name() == "summary" && self.0.is_empty()) {
                    value.clone_into(&mut self.0);
                }
            }
            fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn std::fmt::Debug) {}
        }
        let mut statement = Statement::default();
        event.record(&mut statement);
        SEEN.lock().expect("not poisoned").insert(one_line(&statement.0));
    }
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The statements in the source of the store.
pub struct Source {
    /// Those that stand there as they are.
    pub whole: BTreeSet<String>,
    /// How those begin that are put together at run time.
    pub beginnings: BTreeSet<String>,
}

impl Source {
    pub fn read() -> Self {
        let mut source = Self { whole: BTreeSet::new(), beginnings: BTreeSet::new() };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src/store");
        let fragments = named(&std::fs::read_to_string(root.join("fragments.rs")).expect("readable"));
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            let mut texts = Vec::new();
            for entry in std::fs::read_dir(&folder).expect("the folder is there") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if !["postgres.rs", "schema.rs", "tables.rs"].iter().any(|name| path.ends_with(name)) {
                    // What SQLite never gets has no plan there, tests may read as they like, and how
                    // a statement begins is none.
                    texts.push(std::fs::read_to_string(path).expect("readable"));
                }
            }
            // The files of a table share their names.
            let mut known = fragments.clone();
            known.extend(texts.iter().filter(|_| folder != root).flat_map(|text| named(text)));
            texts.iter().for_each(|text| source.add(text, &known));
        }
        source
    }

    fn add(&mut self, text: &str, known: &BTreeMap<String, String>) {
        let literals = literals(text.split("#[cfg(test)]").next().unwrap_or_default());
        let mut named = named(text);
        known.iter().for_each(|(name, part)| {
            named.entry(name.clone()).or_insert_with(|| part.clone());
        });
        let builds = |name: &str| {
            text.contains(&format!("{{{name}}}")) || text.contains(&format!("Builder::new({name})"))
        };
        for Literal { before, sql } in &literals {
            let mut whole = sql.clone();
            // Twice: a part may have parts.
            for (name, part) in named.iter().chain(&named) {
                whole = whole.replace(&format!("{{{name}}}"), part);
            }
            let name = named.iter().find(|(_, part)| *part == sql).map(|(name, _)| name.as_str());
            let starts = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
            if !starts.iter().any(|s| whole.starts_with(s)) {
                continue;
            }
            let begins = |name: &str| text.contains(&format!("Builder::new({name})"));
            let begun = before.trim_end().ends_with("Builder::new(");
            if begun || name.is_some_and(begins) {
                self.beginnings.insert(one_line(&whole));
            } else if !name.is_some_and(builds) {
                self.whole.insert(one_line(&whole));
            }
        }
    }

    /// Those of `seen` that the store puts together.
    pub fn built(&self, seen: &BTreeSet<String>) -> BTreeSet<String> {
        let ours = |sql: &&String| self.beginnings.iter().any(|b| sql.starts_with(b.as_str()));
        seen.iter().filter(ours).filter(|sql| !self.whole.contains(*sql)).cloned().collect()
    }
}

/// The texts of a source that have a name.
fn named(text: &str) -> BTreeMap<String, String> {
    let mut named = BTreeMap::new();
    let literals = literals(text.split("#[cfg(test)]").next().unwrap_or_default());
    for (n, Literal { before, sql }) in literals.iter().enumerate() {
        let before = before.trim_end().trim_end_matches("formatcp!(").trim_end();
        let (before, sql) = match (before.strip_suffix("within_key_life!("), literals.get(n + 1)) {
            (Some(before), Some(since)) => (before.trim_end(), within_key_life(sql, &since.sql)),
            _ => (before, sql.clone()),
        };
        if let Some(name) = before.strip_suffix(": &str =").and_then(|b| b.rsplit(' ').next()) {
            named.insert(name.to_owned(), sql);
        }
    }
    named
}

/// As the macro of `store/fragments.rs`; any length of life has the same plan.
fn within_key_life(expires_at: &str, since: &str) -> String {
    format!("CASE WHEN {since} + 1 < {expires_at} THEN {since} + 1 ELSE {expires_at} END")
}

/// A text in quotes and what stands before it.
struct Literal {
    before: String,
    sql: String,
}

/// Every text in quotes of a Rust source; raw ones only without `#`.
fn literals(text: &str) -> Vec<Literal> {
    let text = text.replace("'\"'", "QUOTE");
    let code: String =
        text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    let mut rest = code.as_str();
    let mut before = String::new();
    while let Some(start) = rest.find('"') {
        before.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        let raw = before.strip_suffix('r').is_some_and(|b| !b.ends_with(char::is_alphanumeric));
        let mut end = 0;
        let bytes = tail.as_bytes();
        while bytes[end] != b'"' {
            end += if bytes[end] == b'\\' && !raw { 2 } else { 1 };
        }
        let sql = tail[..end].replace("\\\n", "").replace("\\\\", "\\").replace("\\\"", "\"");
        found.push(Literal { before: before.clone(), sql: one_line(&sql) });
        before.clear();
        rest = &tail[end + 1..];
    }
    found
}

#[test]
fn the_reader_of_statements_sees_names_and_parts() {
    let mut source = Source { whole: BTreeSet::new(), beginnings: BTreeSet::new() };
    source.add(
        "const SELECT: &str = \"SELECT x\n FROM t\";\nfn f() { q(format!(\"{SELECT} WHERE y = 1\")); \
         Builder::new(SELECT); q(\"DELETE FROM t\") }",
        &BTreeMap::new(),
    );
    assert_eq!(source.beginnings.into_iter().collect::<Vec<_>>(), ["SELECT x FROM t"]);
    assert_eq!(
        source.whole.into_iter().collect::<Vec<_>>(),
        ["DELETE FROM t", "SELECT x FROM t WHERE y = 1"]
    );
}
