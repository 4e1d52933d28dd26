//! A function does one thing and fits a screen, a file has one subject: what is longer stands
//! here with its reason.

use std::{fs, path::Path};

const MAX_FILE: usize = 400;
const MAX_FUNCTION: usize = 60;

/// Where files of ours lie, and the languages they are written in.
const FOLDERS: &[&str] =
    &["src-tauri/src", "tests", "benches", "scripts", "ui/src", "ui/light", "ui/words", "ui/worker"];
const LANGUAGES: &[&str] = &["rs", "ts", "tsx", "mjs"];

/// Longer files, and why.
const FILES: &[(&str, &str)] = &[("ui/src/bindings.ts", "is generated")];

/// Longer functions, and why.
const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("ui/src/app/Shell.tsx", "Frame", "markup of the one frame around every screen"),
    ("ui/src/features/phone/Phone.tsx", "Chat", "markup of one phone"),
];

/// Every one of them, by its path in the project.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<_> = FOLDERS.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| LANGUAGES.iter().any(|ours| e == *ours)) {
                let name = path.strip_prefix(root).expect("inside").to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("readable")));
            }
        }
    }
    found
}

/// The name of the function that begins in this line of Rust, TypeScript or JavaScript.
fn function_in(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    while let Some(next) =
        ["pub ", "pub(crate) ", "pub(super) ", "const ", "async ", "unsafe ", "export ", "default "]
            .iter()
            .find_map(|word| rest.strip_prefix(word))
    {
        rest = next;
    }
    let name = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    if let Some(head) = rest.strip_prefix("fn ").or_else(|| rest.strip_prefix("function ")) {
        return Some(&head[..name(head)]);
    }
    // `const name = (…) => {`
    let is_arrow = line.trim_end().ends_with("=> {") && rest.contains(" = ");
    is_arrow.then(|| &rest[..name(rest)])
}

/// The functions of a formatted source: the name and the lines of each.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<_> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_in(line) else { continue };
        let indent = &line[..line.len() - line.trim_start().len()];
        // The end stands under the beginning; `}: {` and `}) {` are still the head.
        let end = lines[start..]
            .iter()
            .position(|l| l.strip_prefix(indent).is_some_and(|l| l.starts_with('}') && !l.ends_with('{')));
        let is_whole = line.ends_with(';') || line.ends_with('}') && line.contains('{');
        found.extend(end.filter(|_| !is_whole).map(|end| (name, end + 1)));
    }
    found
}

#[test]
fn no_file_is_over_400_lines_without_a_reason() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(file, lines)| *lines > MAX_FILE && !FILES.iter().any(|(meant, _)| meant == file))
        .collect();
    assert!(long.is_empty(), "split by subject, or give the reason in tests/it/sizes.rs: {long:#?}");
}

#[test]
fn no_reason_is_given_for_what_is_short_or_gone() {
    let sources = sources();
    let text_of = |file: &str| sources.iter().find(|(name, _)| name == file).map(|(_, text)| text.as_str());
    let short: Vec<_> = FILES
        .iter()
        .filter(|(file, _)| text_of(file).is_none_or(|text| text.lines().count() <= MAX_FILE))
        .map(|(file, _)| (*file).to_owned())
        .chain(FUNCTIONS.iter().filter_map(|(file, name, _)| {
            let mut all = text_of(file).map(functions).unwrap_or_default().into_iter();
            let is_long = all.any(|(found, lines)| found == *name && lines > MAX_FUNCTION);
            (!is_long).then(|| format!("{file}: {name}"))
        }))
        .collect();
    assert!(short.is_empty(), "these need no reason any more: {short:#?}");
}

#[test]
fn no_function_is_over_60_lines_without_a_reason() {
    let mut long = Vec::new();
    for (file, text) in sources().iter().filter(|(file, _)| file != "ui/src/bindings.ts") {
        for (name, lines) in functions(text).into_iter().filter(|(_, lines)| *lines > MAX_FUNCTION) {
            if !FUNCTIONS.iter().any(|(of, meant, _)| of == file && *meant == name) {
                long.push(format!("{file}: {name}, {lines} lines"));
            }
        }
    }
    assert!(long.is_empty(), "split, or give the reason in tests/it/sizes.rs: {long:#?}");
}

#[test]
fn the_reader_of_functions_finds_where_they_end() {
    let rust = "impl A {\n    pub(crate) async fn a(\n        &self,\n    ) -> B {\n        if c {\n        }\n    }\n}\n";
    assert_eq!(functions(rust), [("a", 6)]);
    assert_eq!(functions("trait A {\n    fn a();\n    fn b() {}\n}\nfn c() {\n}\n"), [("c", 2)]);
    let typescript =
        "export function A({\n\tb,\n}: {\n\tb: string;\n}) {\n\tconst c = () => {\n\t\tb();\n\t};\n}\n";
    assert_eq!(functions(typescript), [("A", 9), ("c", 3)]);
    let javascript = "export async function a(b) {\n  const c = async (d) => {\n    d();\n  };\n  return {\n    c,\n  };\n}\n";
    assert_eq!(functions(javascript), [("a", 8), ("c", 3)]);
}
