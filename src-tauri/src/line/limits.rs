//! LINE's limits, counted as LINE counts: UTF-16 code units, except labels, displayText, the
//! text of a message action, and the title and text of templates, which count grapheme
//! clusters (Messaging API reference, "Character counting in a text"). LINE's OpenAPI files
//! enforce few of them; its documentation names them all. Where it is silent nothing is
//! refused here.

use chrono::NaiveDate;
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation as _;

pub(crate) use self::address::{is_public_base, public_base};
use self::{
    address::{has_no_foreign_sign, is_escaped, is_line, is_reached, is_tel, is_web_address},
    table::{Table, Unit},
    walk::{Path, Walk},
};
use crate::{
    domain::{
        feedback::{Feedback, MAX_BUTTONS, MAX_LABEL as LABEL, MAX_QUESTION, MAX_VALUE},
        menu,
        message::{MAX_ALT_TEXT as ALT_TEXT, MAX_URL as URL},
        quick_reply::QuickReply,
    },
    error::{FieldCode, FieldProblem},
    line::wire,
};

mod action;
mod address;
pub(super) mod flex;
mod form;
mod quick_reply;
#[cfg(any(feature = "desktop", test))]
pub(crate) mod said;
mod table;
pub(super) mod template;
mod walk;

#[cfg(test)]
mod generated;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod practice;
#[cfg(test)]
mod tests;

const UTF16: &str = "UTF-16 code units";
const GRAPHEMES: &str = "grapheme clusters";
const ITEMS: &str = "items";

/// Everything LINE would refuse in a question with its buttons.
pub(crate) fn check_feedback(feedback: &Feedback, field: &str) -> Vec<FieldProblem> {
    let mut found = Problems::default();
    found.graphemes(&format!("{field}.question"), &feedback.question, MAX_QUESTION);
    if let Some(alt_text) = &feedback.alt_text {
        found.text(&format!("{field}.altText"), alt_text, ALT_TEXT);
    }
    for (n, button) in feedback.buttons.iter().enumerate().take(MAX_BUTTONS) {
        let field = format!("{field}.buttons[{n}]");
        found.graphemes(&format!("{field}.label"), &button.label, LABEL);
        found.one_line(&format!("{field}.label"), &button.label);
        found.text(&format!("{field}.value"), &button.value, MAX_VALUE);
        if feedback.buttons[..n].iter().any(|b| b.value == button.value) {
            found.add(&format!("{field}.value"), FieldCode::Repeated);
        }
        let picker = button.picker.iter().flat_map(|p| p.problems(&format!("{field}.picker")));
        picker.for_each(|problem| found.push(problem));
    }
    found.0
}

/// Everything LINE would refuse in quick replies, and what does not fit their pickers.
pub(crate) fn check_quick_replies(replies: &[QuickReply], field: &str) -> Vec<FieldProblem> {
    if replies.is_empty() {
        return Vec::new();
    }
    // The day does not matter: all others count from it.
    let mut found: Vec<_> = check_quick_reply(&wire::quick_reply(replies, NaiveDate::default()), field)
        .into_iter()
        .map(|problem| FieldProblem { field: as_written(&problem.field), ..problem })
        // A value made from the label is reported at the label; the moments of a picker are
        // reported below as they are written.
        .filter(|problem| !MADE_OF_OTHERS.iter().any(|name| problem.field.ends_with(name)))
        .collect();
    for (n, reply) in replies.iter().enumerate() {
        let field = format!("{field}[{n}]");
        found.extend(reply.picker().iter().flat_map(|picker| picker.problems(&format!("{field}.picker"))));
        let mut own = Problems::default();
        // An empty one is reported above.
        match reply.label() {
            "" => {}
            label if label.trim().is_empty() => own.add(&format!("{field}.label"), FieldCode::Empty),
            label => own.one_line(&format!("{field}.label"), label),
        }
        if let Some((name, _)) = reply.sent_data().filter(|(_, data)| is_reserved(data)) {
            own.add(&format!("{field}.{name}"), FieldCode::ReservedData);
        }
        for (name, text, limit) in reply.own_texts() {
            let field = format!("{field}.{name}");
            if name == "text" { own.graphemes(&field, text, limit) } else { own.text(&field, text, limit) }
        }
        found.extend(own.0);
    }
    found
}

/// Whether the data looks like that of our own buttons: a press would be taken for an answer to a
/// question, or for a button of the menu.
fn is_reserved(data: &str) -> bool {
    data.split(' ').next().is_some_and(|first| [wire::ANSWER, menu::PRESS].contains(&first))
}

/// Members of LINE's action that are derived from other fields of ours.
const MADE_OF_OTHERS: [&str; 6] = [".displayText", ".text", ".data", ".initial", ".min", ".max"];

/// The field of a quick reply that this member of LINE's came from: `quickReplies[0].label` for
/// `quickReplies.items[0].action.label`.
fn as_written(path: &str) -> String {
    path.replacen(".items", "", 1).replacen(".action.", ".", 1).replacen(".imageUrl", ".iconUrl", 1)
}

pub(crate) fn check_quick_reply(quick_reply: &Value, field: &str) -> Vec<FieldProblem> {
    check_object(quick_reply, field, &quick_reply::QUICK_REPLY)
}

pub(crate) fn check_sender(sender: &Value, field: &str) -> Vec<FieldProblem> {
    check_object(sender, field, &quick_reply::SENDER)
}

fn check_object(object: &Value, field: &str, table: &Table) -> Vec<FieldProblem> {
    let mut found = Problems::default();
    Walk::new(&mut found).object(&Path::Root(field), object, table);
    found.0
}

#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<FieldProblem>);

/// The most refusals: a hundred are enough for anybody to mend.
const MAX_PROBLEMS: usize = 100;

impl Problems {
    fn push(&mut self, problem: FieldProblem) {
        if self.0.len() < MAX_PROBLEMS {
            self.0.push(problem);
        }
    }

    fn add(&mut self, field: &str, code: FieldCode) {
        self.push(FieldProblem::new(field, code));
    }

    /// A required text, counted in UTF-16 code units.
    pub(super) fn text(&mut self, field: &str, text: &str, limit: u32) {
        let units = text.encode_utf16().count();
        self.counted(field, text, units, limit, UTF16);
    }

    /// A required text, counted in grapheme clusters.
    fn graphemes(&mut self, field: &str, text: &str, limit: u32) {
        self.counted(field, text, clusters(text), limit, GRAPHEMES);
    }

    fn counted(&mut self, field: &str, text: &str, found: usize, limit: u32, unit: &'static str) {
        if text.trim().is_empty() {
            self.add(field, FieldCode::Empty);
        } else if text.contains('\0') {
            self.add(field, FieldCode::ControlCharacter);
        }
        if found > limit as usize {
            self.push(FieldProblem::over(field, limit, unit, found));
        }
    }

    /// A zero byte is reported elsewhere.
    fn one_line(&mut self, field: &str, text: &str) {
        if text.chars().any(|c| c.is_control() && c != '\0') {
            self.add(field, FieldCode::NotOneLine);
        }
    }

    fn within(&mut self, field: &str, text: &str, limit: u32, unit: Unit) {
        let (found, unit) = match unit {
            Unit::Utf16 => (text.encode_utf16().count(), UTF16),
            Unit::Clusters => (clusters(text), GRAPHEMES),
        };
        if found > limit as usize {
            self.push(FieldProblem::over(field, limit, unit, found));
        }
    }

    fn count(&mut self, field: &str, found: usize, least: u32, max: u32) {
        if found < least as usize {
            self.push(FieldProblem::limited(field, FieldCode::TooFew, least));
        } else if found > max as usize {
            self.push(FieldProblem::over(field, max, ITEMS, found));
        }
    }

    pub(super) fn image_url(&mut self, field: &str, url: &str) {
        self.text(field, url, URL);
        if !is_web_address(url, &["https"]) || !is_reached(url) {
            self.add(field, FieldCode::NotAPublicAddress);
        } else if !is_escaped(url) {
            self.add(field, FieldCode::NotEscaped);
        }
    }

    fn uri(&mut self, field: &str, uri: &str) {
        self.text(field, uri, action::MAX_URI);
        if !(is_web_address(uri, &["http", "https"]) || is_tel(uri) || is_line(uri)) {
            self.add(field, FieldCode::UnknownScheme);
        } else if !has_no_foreign_sign(uri) {
            self.add(field, FieldCode::NotEscaped);
        }
    }
}

fn clusters(text: &str) -> usize {
    // A text of a million units is not segmented just to be refused.
    let units = text.len().min(100_000);
    text.get(..units).unwrap_or(text).graphemes(true).count()
}
