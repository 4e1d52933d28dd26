//! The TypeScript queries: one hook for each read of the list of operations, with its key and
//! the topics that make it look again; a second one, page by page, where a read has pages.

use schemars::SchemaGenerator;

use crate::ops::operation::{Operation, operations};

pub(super) fn text() -> String {
    let mut text = String::from(
        "// This file has been generated from the list of operations. Do not edit it.\n\n\
         import { commands } from \"./bindings\";\n\
         import { pagesOf, readOf } from \"./lib/live\";\n",
    );
    for operation in operations().into_iter().filter(|o| !o.shows.is_empty()) {
        text.push_str(&hooks(&operation));
    }
    text
}

fn hooks(operation: &Operation) -> String {
    let name = camel_case(operation.name);
    let hook = format!("use{}{}", name[..1].to_uppercase(), &name[1..]);
    let topics = serde_json::to_string(operation.shows).expect("topics are words").replace(',', ", ");
    let arguments = format!("(\"{name}\", {topics}, commands.{name})");
    let doc = operation.doc;
    let mut hooks = format!("\n/** {doc} */\nexport const {hook} = readOf{arguments};\n");
    if has_pages(operation) {
        hooks += &format!("\n/** {doc} Page by page. */\nexport const {hook}Pages = pagesOf{arguments};\n");
    }
    hooks
}

fn has_pages(operation: &Operation) -> bool {
    let mut generator = SchemaGenerator::default();
    (operation.input)(&mut generator);
    generator.definitions().values().any(|schema| schema["properties"]["cursor"].is_object())
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| text + &word[..1].to_uppercase() + &word[1..])
}
