//! The layers: which module may use which. The table in `src-tauri/src/lib.rs` in code.

use std::{collections::BTreeMap, fs, path::Path};

const LEAVES: &[&str] = &["clock", "ids", "error", "fields", "files", "config", "logs", "metrics", "tasks"];

fn arrows() -> BTreeMap<&'static str, Vec<&'static str>> {
    let with_leaves = |more: &[&'static str]| LEAVES.iter().chain(more).copied().collect::<Vec<_>>();
    BTreeMap::from([
        ("clock", vec![]),
        ("ids", vec!["clock"]),
        ("error", vec![]),
        ("fields", vec!["clock", "error"]),
        ("files", vec!["ids"]),
        ("logs", vec!["clock"]),
        ("metrics", vec![]),
        ("tasks", vec!["clock", "ids", "error"]),
        ("config", vec!["error", "fields"]),
        ("domain", with_leaves(&[])),
        ("store", with_leaves(&["domain"])),
        ("line", with_leaves(&["domain"])),
        ("queue", with_leaves(&["store", "domain"])),
        ("core", with_leaves(&["store", "line", "queue", "domain"])),
        ("delivery", with_leaves(&["store", "queue", "line", "domain", "core"])),
        // `compose` renders a body in the transaction that makes its delivery.
        ("schedule", with_leaves(&["store", "queue", "domain", "core", "delivery"])),
        ("inbox", with_leaves(&["store", "line", "domain", "core"])),
        ("ops", with_leaves(&["store", "queue", "line", "domain", "core", "delivery", "schedule", "inbox"])),
        ("http", with_leaves(&["ops", "core", "domain", "store", "line"])),
        ("desktop", with_leaves(&["ops", "core", "domain", "line", "app", "cli"])),
        ("cli", with_leaves(&["ops", "core", "domain", "line", "app", "http", "queue", "store"])),
        (
            "app",
            with_leaves(&[
                "ops", "core", "domain", "line", "http", "queue", "store", "delivery", "schedule", "inbox",
            ]),
        ),
        ("lib", vec![]),
        ("main", vec!["desktop"]),
        ("server", vec!["cli"]),
    ])
}

/// The first word after `crate::` wherever it stands, also inside `use crate::{…}`.
fn used_modules(text: &str) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        let Some(group) = rest.strip_prefix('{') else {
            found.push(word(rest));
            continue;
        };
        let (mut depth, mut start) = (0, true);
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                c if depth == 0 && start && c.is_alphabetic() => {
                    found.push(word(&group[i..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    found
}

fn files(dir: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(dir).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn source() -> Vec<(String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    paths
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&root).expect("inside").to_string_lossy().into_owned();
            let layer = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned();
            (inside, layer, fs::read_to_string(&path).expect("readable"))
        })
        .collect()
}

#[test]
fn each_layer_uses_only_what_the_plan_allows() {
    let arrows = arrows();
    let mut wrong = Vec::new();
    for (file, layer, text) in source() {
        let allowed = arrows.get(layer.as_str()).unwrap_or_else(|| panic!("{layer} stands in no table"));
        for used in used_modules(&text) {
            let known = arrows.contains_key(used.as_str());
            if known && used != layer && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nobody_writes_sql_but_the_store() {
    for (file, layer, text) in source() {
        assert!(
            layer == "store" || !["sqlx::query", "sql::query"].iter().any(|q| text.contains(q)),
            "{file} has a query"
        );
    }
}

#[test]
fn no_statement_spells_a_list_of_names_out() {
    for (file, layer, text) in source() {
        let home = layer != "store" || file == "store/fragments.rs";
        assert!(home || !text.contains("IN ('"), "{file} has a list that belongs to store/fragments.rs");
    }
}

#[test]
fn nobody_asks_the_time_but_the_clock() {
    for (file, layer, text) in source() {
        let asks = ["Utc::now(", "SystemTime::now(", "Local::now("].iter().any(|call| text.contains(call));
        assert!(layer == "clock" || !asks, "{file} asks the time");
    }
}

#[test]
fn nobody_reads_the_environment_but_the_config() {
    for (file, layer, text) in source() {
        assert!(layer == "config" || !text.contains("std::env::var"), "{file} reads the environment");
    }
}

#[test]
fn the_reader_of_use_lines_sees_wrong_arrows() {
    let text = "use crate::{\n    clock::Timestamp,\n    store::{Conn, jobs},\n    line,\n};\nfn f() { crate::ops::x() }";
    assert_eq!(used_modules(text), ["clock", "store", "line", "ops"]);
}
