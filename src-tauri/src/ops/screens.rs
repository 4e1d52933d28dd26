//! What the core says in English and what the screens say of the same thing are the same words: who
//! reads an answer of the API and who reads a screen are told one thing. The screens have their
//! words in files of their own, by which they are translated.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{domain::delivery::Cause, error::FieldCode};

/// Codes of which a screen says less or other than the API: staff choose a file and copy an address,
/// a program sends them.
const APART: [FieldCode; 7] = [
    FieldCode::FileTooLarge,
    FieldCode::BrokenWorkbook,
    FieldCode::UnreadableCharacter,
    FieldCode::OtherCalendar,
    FieldCode::NotEscaped,
    FieldCode::NoSuchUpload,
    FieldCode::ReservedData,
];

/// The lines of a table in a file of the UI, from the line that begins so to the end of it.
fn table(file: &str, begins: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src").join(file);
    let text = fs::read_to_string(path).expect("readable");
    let (_, rest) = text.split_once(begins).unwrap_or_else(|| panic!("{file} has no {begins}"));
    rest.split("\n};").next().unwrap_or_default().to_owned()
}

/// The text in quotes after `name: `, also where it stands in the next line.
fn text_after<'a>(table: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = table.split_once(&format!("\n  {name}:"))?;
    rest.split_once('"')?.1.split('"').next()
}

/// `{n, plural, one {# entry} other {# entries}}` as `{n} entries`.
fn of_many(words: &str) -> String {
    let Some((before, rest)) = words.split_once("{n, plural,") else { return words.to_owned() };
    let (_, other) = rest.split_once("other {").expect("of many");
    let (many, after) = other.split_once("}}").expect("its end");
    format!("{before}{}{after}", many.replace('#', "{n}"))
}

#[test]
fn a_refused_field_is_told_in_the_same_words() {
    let table = table("wrong.ts", "const WRONG:");
    let mut apart = BTreeMap::new();
    for &code in FieldCode::ALL {
        let name = serde_json::to_value(code).expect("a name");
        let shown = text_after(&table, name.as_str().expect("a text")).expect("the screens know every code");
        if of_many(shown) != code.english() {
            apart.insert(format!("{code:?}"), (code.english(), shown));
        }
    }
    let meant: Vec<_> = APART.iter().map(|code| format!("{code:?}")).collect();
    let strange: Vec<_> = apart.iter().filter(|(name, _)| !meant.contains(name)).collect();
    assert!(strange.is_empty(), "{strange:#?}");
    let same: Vec<_> = meant.iter().filter(|name| !apart.contains_key(*name)).collect();
    assert!(same.is_empty(), "these say the same: {same:?}");
}

#[test]
fn the_cause_of_a_message_is_told_in_the_same_words() {
    let table = table("labels/messages.ts", "export const CAUSES:");
    for &cause in Cause::ALL {
        assert_eq!(text_after(&table, cause.as_str()), Some(cause.in_words()), "{cause}");
    }
}
