//! Where the texts of a message stand, and who reads them. Those of LINE's layouts are found here;
//! those of a content, a question and quick replies beside their types.

use std::borrow::BorrowMut;

use serde_json::Value;

/// Who reads a text of LINE's objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The patient in the chat; variables may be filled in.
    Patient,
    /// Anybody who sees the phone; the patient's name may not stand here.
    LockScreen,
    /// A program: an address, a colour, a size.
    Program,
}

/// Members of LINE's objects that a patient reads, or seems to say by a tap.
const READ: [&str; 6] = ["text", "title", "label", "displayText", "fillInText", "clipboardText"];

/// What comes back to us as it was given.
const GIVEN_BACK: &str = "data";

/// Looks at a text: its path in the request, who reads it, the text.
pub(crate) type See<'s> = &'s mut dyn FnMut(&str, Reader, &mut String);

/// A part of a message with texts in it: a content, a question, quick replies.
pub(crate) trait Texts: ToOwned<Owned: BorrowMut<Self>> {
    /// Looks at every text in its order; `field` is its path in the request. What comes back to the
    /// clinic as it was given, and what is stored as an answer, is none.
    fn each_text(&mut self, field: &str, see: See<'_>);

    /// Whether a text has `what` in it.
    fn has(&self, what: &str) -> bool;
}

/// Every text of a layout or a template of LINE's.
pub(super) fn of_json(value: &mut Value, path: &str, see: See<'_>) {
    match value {
        Value::Array(items) => {
            for (n, item) in items.iter_mut().enumerate() {
                of_json(item, &format!("{path}[{n}]"), see);
            }
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let here = format!("{path}.{name}");
                match member {
                    Value::String(_) if name == GIVEN_BACK => {}
                    Value::String(text) if READ.contains(&name.as_str()) => see(&here, Reader::Patient, text),
                    Value::String(text) => see(&here, Reader::Program, text),
                    other => of_json(other, &here, see),
                }
            }
        }
        _ => {}
    }
}

/// Whether a text of it has `what` in it.
pub(super) fn json_has(value: &Value, what: &str) -> bool {
    match value {
        Value::String(text) => text.contains(what),
        Value::Array(items) => items.iter().any(|item| json_has(item, what)),
        Value::Object(members) => members.values().any(|member| json_has(member, what)),
        _ => false,
    }
}
