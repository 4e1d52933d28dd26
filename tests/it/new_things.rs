//! The table "Where a new thing goes" of `docs/architecture.md`: what it names is there, it
//! counts right, and the places that must know every name of a kind do.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// How many files a new thing may touch.
const MAX_FILES: &[(&str, usize)] = &[
    ("trigger type", 4),
    ("message type", 5),
    ("reason to be on the worklist", 3),
    ("setting of the process", 4),
    ("screen", 3),
];

/// Kinds whose names each of these places knows one and all.
const KNOWN: &[(&str, &str, &[&str])] = &[
    (
        "message type",
        "domain/message.rs",
        &[
            "domain/message.rs",
            "line/content.rs",
            "ui/src/components/Bubble.tsx",
            "ui/src/features/plans/contents.tsx",
            "ui/src/labels/messages.ts",
        ],
    ),
    ("reason to be on the worklist", "domain/work.rs", &["domain/work.rs", "ui/src/labels/worklist.ts"]),
    ("reason to hold a message", "domain/delivery.rs", &["domain/delivery.rs", "ui/src/labels/messages.ts"]),
];

/// Whose names are in these files, where there are several enums.
const ENUMS: &[(&str, &str)] =
    &[("domain/message.rs", "MessageType"), ("domain/work.rs", "Reason"), ("domain/delivery.rs", "Cause")];

struct New {
    thing: String,
    files: usize,
    places: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The table names a file of the core without the folder of the core.
fn find(place: &str) -> Option<PathBuf> {
    let folders = ["src-tauri/src", "src-tauri", ""];
    folders.iter().map(|folder| root().join(folder).join(place)).find(|path| path.exists())
}

fn table() -> Vec<New> {
    let page = fs::read_to_string(root().join("docs/architecture.md")).expect("readable");
    let (_, part) = page.split_once("\n## Where a new thing goes\n").expect("the heading");
    let part = part.split("\n## ").next().unwrap_or_default();
    let rows = part.lines().filter(|line| line.starts_with("| ")).skip(1);
    let row = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let &[thing, files, places, points] = cells.as_slice() else { panic!("four cells: {line}") };
        assert!(!points.is_empty(), "{thing}");
        let quoted = places.split('`').skip(1).step_by(2);
        let mut places: Vec<_> = quoted.filter(|name| name.contains(['/', '.'])).map(str::to_owned).collect();
        places.dedup();
        New { thing: thing.to_owned(), files: files.parse().expect("a number"), places }
    };
    rows.map(row).collect()
}

#[test]
fn each_place_a_new_thing_goes_to_is_there_and_counted() {
    let table = table();
    for New { thing, files, places } in &table {
        let missing: Vec<_> = places.iter().filter(|place| find(place).is_none()).collect();
        assert!(missing.is_empty(), "{thing}: {missing:?}");
        assert_eq!(*files, places.len(), "{thing}: {places:?}");
    }
    for (thing, most) in MAX_FILES {
        let row =
            table.iter().find(|new| new.thing == *thing).unwrap_or_else(|| panic!("no row for {thing}"));
        assert!(row.files <= *most, "{thing} touches {} files", row.files);
    }
}

/// The variants of an enum of the domain, with the names they have elsewhere.
fn names_of(file: &str) -> Vec<(String, String)> {
    let (_, name) = ENUMS.iter().find(|(of, _)| *of == file).expect("an enum");
    let text = fs::read_to_string(find(file).expect("there")).expect("readable");
    let (_, body) = text.split_once(&format!("    {name} {{\n")).expect("the enum");
    let lines = body.split("\n    }").next().unwrap_or_default().lines();
    let pair = |line: &str| {
        let (variant, rest) = line.trim().split_once(" = \"")?;
        Some((variant.to_owned(), rest.trim_end_matches("\",").to_owned()))
    };
    lines.filter_map(pair).collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(inside) && !text[at + word.len()..].starts_with(inside))
}

#[test]
fn every_place_of_a_kind_knows_all_its_names() {
    for (thing, file, places) in KNOWN {
        let row = table().into_iter().find(|new| new.thing == *thing).expect("a row");
        let names = names_of(file);
        assert!(names.len() > 3, "{names:?}");
        for place in *places {
            assert!(row.places.iter().any(|named| named == place), "{thing}: the table lacks {place}");
            let text = fs::read_to_string(find(place).expect("there")).expect("readable");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let is_rust = Path::new(place).extension().is_some_and(|kind| kind == "rs");
            let is_known =
                |(variant, name): &&(String, String)| has_word(code, if is_rust { variant } else { name });
            let unknown: Vec<_> = names.iter().filter(|pair| !is_known(pair)).collect();
            assert!(unknown.is_empty(), "{place} does not know {unknown:?}");
        }
    }
}
