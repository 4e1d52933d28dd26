//! The texts of a message, and who reads each. Those of LINE's layouts are found here, those of a
//! content, a question and quick replies beside their types.

use std::borrow::BorrowMut;

use serde_json::Value;

/// Who reads a text of LINE's objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reader {
    /// The patient in the chat; variables may be filled in.
    Patient,
    /// Anybody who sees the phone; the patient's name must not stand here.
    LockScreen,
    /// A program: an address, a colour, a size.
    Program,
}

/// Members of LINE's objects that a patient reads, or seems to say by a tap.
const READ: [&str; 6] = ["text", "title", "label", "displayText", "fillInText", "clipboardText"];

/// The member that comes back to us unchanged.
const GIVEN_BACK: &str = "data";

/// Visits a text: its path in the request, its reader, the text.
pub(crate) type See<'s> = &'s mut dyn FnMut(&str, Reader, &mut String);

/// A part of a message with texts in it: a content, a question, quick replies.
pub(crate) trait Texts: ToOwned<Owned: BorrowMut<Self>> {
    /// Visits each text in order, except what comes back to the clinic unchanged and stored answers;
    /// `field` is the path in the request.
    fn each_text(&mut self, field: &str, see: See<'_>);

    fn has(&self, what: &str) -> bool;
}

/// Visits each text of a layout or a template of LINE's.
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

pub(super) fn json_has(value: &Value, what: &str) -> bool {
    match value {
        Value::String(text) => text.contains(what),
        Value::Array(items) => items.iter().any(|item| json_has(item, what)),
        Value::Object(members) => members.values().any(|member| json_has(member, what)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::{Borrow as _, BorrowMut as _};

    use serde_json::json;

    use super::*;
    use crate::domain::{
        feedback::Feedback,
        message::{Content, MessageType},
        quick_reply::QuickReply,
    };

    const MARK: &str = "{{";

    /// Puts a mark into each visited text in turn, and has it found.
    fn finds_each_text<T: Texts + ?Sized>(said: &T) {
        let mut count = 0;
        let mut whole = said.to_owned();
        let texts: &mut T = whole.borrow_mut();
        texts.each_text("", &mut |_, _, _| count += 1);
        assert!(count > 0 && !said.has(MARK));
        for marked in 0..count {
            let (mut n, mut whole) = (0, said.to_owned());
            let texts: &mut T = whole.borrow_mut();
            let mut path_of_mark = String::new();
            texts.each_text("", &mut |path, _, text| {
                if n == marked {
                    text.push_str(MARK);
                    path.clone_into(&mut path_of_mark);
                }
                n += 1;
            });
            let texts: &T = whole.borrow();
            assert!(texts.has(MARK), "{path_of_mark} is visited and not looked through");
        }
    }

    #[test]
    fn what_is_visited_is_looked_through() {
        let bubble = json!({ "type": "bubble", "body": { "type": "box", "layout": "vertical",
            "contents": [{ "type": "text", "text": "a" }] } });
        let buttons = json!({ "type": "buttons", "text": "a", "actions": [
            { "type": "message", "label": "b", "text": "c" }] });
        for (kind, content) in [
            (MessageType::Text, json!({ "text": "a" })),
            (MessageType::Image, json!({ "imageUrl": "a", "previewImageUrl": "b" })),
            (MessageType::Video, json!({ "videoUrl": "a", "previewImageUrl": "b" })),
            (MessageType::Flex, json!({ "altText": "a", "contents": bubble })),
            (MessageType::Template, json!({ "altText": "a", "template": buttons })),
        ] {
            finds_each_text(&Content::parse(kind, &content, "content").expect("of its form"));
        }
        let question: Feedback = serde_json::from_value(json!({ "question": "a", "altText": "b",
            "buttons": [{ "label": "c", "value": "d", "action": "complete" }] }))
        .expect("a question");
        finds_each_text(&question);
        let replies: Vec<QuickReply> = serde_json::from_value(json!([
            { "type": "message", "label": "a", "text": "b", "iconUrl": "c" },
            { "type": "postback", "label": "a", "data": "b", "iconUrl": "c" },
            { "type": "camera", "label": "a", "iconUrl": "c" },
            { "type": "cameraRoll", "label": "a", "iconUrl": "c" },
            { "type": "location", "label": "a", "iconUrl": "c" },
        ]))
        .expect("quick replies");
        finds_each_text(replies.as_slice());
    }
}
