//! The layers: which module may use which, as the table in `src-tauri/src/lib.rs` says.

use std::{collections::BTreeMap, fs, path::Path};

/// How many rows of the table are leaves, which every row after them may name as one.
const LEAVES: usize = 10;

/// What each module may use; and the ways in, which are no modules of the map.
fn arrows() -> BTreeMap<String, Vec<String>> {
    let map = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/src/lib.rs"))
        .expect("readable");
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = map.lines().filter_map(|line| line.strip_prefix("//! | ")).map(cells).skip(1);
    let mut arrows: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        let mut may_use = Vec::new();
        for name in row[2].split(", ").filter(|name| !name.is_empty()) {
            match name {
                "leaves" => may_use.extend(arrows[..LEAVES].iter().map(|(leaf, _)| leaf.clone())),
                _ => may_use.push(name.to_owned()),
            }
        }
        arrows.push((row[0].trim_matches(['[', ']', '`']).to_owned(), may_use));
    }
    arrows.push(("lib".into(), Vec::new()));
    arrows.push(("main".into(), vec!["desktop".into()]));
    arrows.push(("server".into(), vec!["cli".into()]));
    arrows.into_iter().collect()
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
            if known && used != layer && !allowed.contains(&used) {
                wrong.push(format!("{file} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nobody_writes_sql_but_the_store() {
    for (file, layer, text) in source() {
        // Neither by its path nor among the names of a `use`.
        let imported = text.split("sql::{").skip(1).filter_map(|names| names.split('}').next());
        let asks = ["sqlx::query", "sql::query"].iter().any(|q| text.contains(q))
            || imported.into_iter().any(|names| names.contains("query"));
        assert!(layer == "store" || !asks, "{file} has a query");
    }
}

#[test]
fn no_statement_spells_a_list_of_names_out() {
    for (file, layer, text) in source() {
        let home = layer != "store" || file == "store/fragments.rs";
        assert!(home || !text.contains("IN ('"), "{file} has a list that belongs to store/fragments.rs");
    }
}

/// SQLite's `LIKE` does not tell capitals from small letters and PostgreSQL's does, and a bound `_`
/// or `%` is a wildcard to both: `instr` finds a text in another.
#[test]
fn no_statement_finds_a_text_by_like() {
    for (file, _, text) in source() {
        assert!(!text.contains(" LIKE "), "{file} has LIKE, which differs between the engines");
    }
}

#[test]
fn nobody_asks_the_time_but_the_clock() {
    for (file, layer, text) in source() {
        let asks = ["Utc::now(", "SystemTime::now(", "Local::now("].iter().any(|call| text.contains(call));
        assert!(layer == "clock" || !asks, "{file} asks the time");
        let of_the_engine = ["unixepoch", "strftime(", "julianday(", "CURRENT_TIME", "CURRENT_DATE", "NOW()"];
        let asks = of_the_engine.iter().any(|call| text.contains(call));
        assert!(!asks, "{file} asks the database for the time");
    }
}

#[test]
fn nobody_reads_the_environment_but_the_config() {
    for (file, layer, text) in source() {
        assert!(layer == "config" || !text.contains("std::env::var"), "{file} reads the environment");
    }
}

#[test]
fn unsafe_code_stands_in_one_file() {
    for (file, layer, text) in source() {
        assert!(layer == "memory" || !text.contains("unsafe_code"), "{file} allows unsafe code");
    }
}

#[test]
fn the_reader_of_use_lines_sees_wrong_arrows() {
    let text = "use crate::{\n    clock::Timestamp,\n    store::{Conn, jobs},\n    line,\n};\nfn f() { crate::ops::x() }";
    assert_eq!(used_modules(text), ["clock", "store", "line", "ops"]);
}
