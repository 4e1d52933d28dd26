//! LINE's limits, counted as LINE counts: UTF-16 code units, except labels, displayText and
//! the title and text of templates, which count grapheme clusters (Messaging API reference,
//! "Character counting in a text"). LINE's OpenAPI files enforce few of them; its
//! documentation names them all.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::{
    domain::{
        feedback::{Feedback, MAX_LABEL as LABEL, MAX_QUESTION, MAX_VALUE},
        message::MAX_URL as URL,
    },
    error::FieldProblem,
};

pub(super) mod flex;
pub(super) mod template;

const UTF16: &str = "UTF-16 code units";
const GRAPHEMES: &str = "grapheme clusters";
const ITEMS: &str = "items";

const URI: u32 = 1_000;
const POSTBACK_DATA: u32 = 300;

/// Everything LINE would refuse in a question with its buttons.
pub fn check_feedback(feedback: &Feedback, field: &str) -> Vec<FieldProblem> {
    let mut found = Problems::default();
    found.graphemes(&format!("{field}.question"), &feedback.question, MAX_QUESTION);
    for (n, button) in feedback.buttons.iter().enumerate().take(4) {
        let field = format!("{field}.buttons[{n}]");
        found.graphemes(&format!("{field}.label"), &button.label, LABEL);
        found.text(&format!("{field}.value"), &button.value, MAX_VALUE);
        if feedback.buttons[..n].iter().any(|b| b.value == button.value) {
            found.add(&format!("{field}.value"), "stands at another button already");
        }
    }
    found.0
}

/// The refusals found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<FieldProblem>);

/// A hundred refusals are enough for anybody to mend.
const MAX_PROBLEMS: usize = 100;

impl Problems {
    fn push(&mut self, problem: FieldProblem) {
        if self.0.len() < MAX_PROBLEMS {
            self.0.push(problem);
        }
    }

    fn add(&mut self, field: &str, message: &str) {
        self.push(FieldProblem::new(field, message));
    }

    /// A text that must be there, counted in UTF-16.
    pub(super) fn text(&mut self, field: &str, text: &str, limit: u32) {
        let units = text.encode_utf16().count();
        self.counted(field, text, units, limit, UTF16);
    }

    /// A text that must be there, counted in grapheme clusters.
    fn graphemes(&mut self, field: &str, text: &str, limit: u32) {
        // No text of a million units is segmented to be refused.
        let units = text.len().min(100_000);
        let clusters = text.get(..units).unwrap_or(text).graphemes(true).count();
        self.counted(field, text, clusters, limit, GRAPHEMES);
    }

    fn counted(&mut self, field: &str, text: &str, found: usize, limit: u32, unit: &'static str) {
        if text.trim().is_empty() {
            self.add(field, "must not be empty");
        } else if text.contains('\0') {
            self.add(field, "must not contain a NUL character");
        }
        if found > limit as usize {
            self.push(FieldProblem::over(field, limit, unit, found));
        }
    }

    fn count(&mut self, field: &str, found: usize, least: u32, most: u32) {
        if found < least as usize {
            self.add(field, &format!("needs at least {least}"));
        } else if found > most as usize {
            self.push(FieldProblem::over(field, most, ITEMS, found));
        }
    }

    pub(super) fn image_url(&mut self, field: &str, url: &str) {
        self.text(field, url, URL);
        let https = url::Url::parse(url).is_ok_and(|u| u.scheme() == "https" && u.has_host());
        if !https {
            self.add(field, "must be a public https:// address");
        }
    }

    /// A string member that must be there.
    fn member<'a>(&mut self, object: &'a Value, field: &str, name: &str) -> Option<&'a str> {
        match object.get(name) {
            Some(Value::String(text)) => Some(text),
            Some(_) => {
                self.add(&format!("{field}.{name}"), "must be a text");
                None
            }
            None => {
                self.add(&format!("{field}.{name}"), "is missing");
                None
            }
        }
    }

    /// An array member that must be there.
    fn array<'a>(&mut self, object: &'a Value, field: &str, name: &str) -> &'a [Value] {
        if let Some(Value::Array(items)) = object.get(name) {
            return items;
        }
        self.add(&format!("{field}.{name}"), "must be a list");
        &[]
    }

    /// What happens when something is tapped. `label_limit` is `None` where no label shows.
    fn action(&mut self, field: &str, action: &Value, label_limit: Option<u32>) {
        let Some(kind) = self.member(action, field, "type") else { return };
        match (label_limit, action.get("label")) {
            (Some(limit), Some(Value::String(label))) => {
                self.graphemes(&format!("{field}.label"), label, limit);
            }
            (Some(_), _) => self.add(&format!("{field}.label"), "is missing"),
            (None, _) => {}
        }
        match kind {
            "postback" => {
                if let Some(data) = self.member(action, field, "data") {
                    self.text(&format!("{field}.data"), data, POSTBACK_DATA);
                }
                if let Some(Value::String(text)) = action.get("displayText") {
                    self.graphemes(&format!("{field}.displayText"), text, 300);
                }
            }
            "message" => {
                if let Some(text) = self.member(action, field, "text") {
                    self.text(&format!("{field}.text"), text, 300);
                }
            }
            "uri" => {
                if let Some(uri) = self.member(action, field, "uri") {
                    self.uri(&format!("{field}.uri"), uri);
                }
            }
            "datetimepicker" => {
                if let Some(data) = self.member(action, field, "data") {
                    self.text(&format!("{field}.data"), data, POSTBACK_DATA);
                }
                let mode = self.member(action, field, "mode");
                if mode.is_some_and(|m| !["date", "time", "datetime"].contains(&m)) {
                    self.add(&format!("{field}.mode"), "takes date, time or datetime");
                }
            }
            "clipboard" => {
                if let Some(text) = self.member(action, field, "clipboardText") {
                    self.text(&format!("{field}.clipboardText"), text, 1_000);
                }
            }
            _ => self
                .add(&format!("{field}.type"), "takes postback, message, uri, datetimepicker or clipboard"),
        }
    }

    fn uri(&mut self, field: &str, uri: &str) {
        self.text(field, uri, URI);
        let known = url::Url::parse(uri)
            .is_ok_and(|u| ["http", "https", "line", "tel", "mailto"].contains(&u.scheme()));
        if !known {
            self.add(field, "must begin with https://, http://, line://, tel: or mailto:");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        domain::{
            feedback::{Button, FeedbackAction},
            message::{Content, MessageType},
        },
        fields::refusals,
        line::content::check,
    };

    fn problems(kind: MessageType, content: Value) -> Vec<FieldProblem> {
        check(&Content::parse(kind, &content, "content").expect("the form is right"), "content")
    }

    fn fields(kind: MessageType, content: Value) -> Vec<String> {
        problems(kind, content).into_iter().map(|p| p.field).collect()
    }

    #[test]
    fn a_text_of_5000_utf16_units_is_taken_and_one_more_is_not() {
        // 😀 is two units.
        let full = "😀".repeat(2_500);
        assert!(problems(MessageType::Text, json!({ "text": full })).is_empty());
        let over = problems(MessageType::Text, json!({ "text": format!("{full}a") }));
        assert_eq!((over[0].field.as_str(), over[0].limit), ("content.text", Some(5_000)));
    }

    #[test]
    fn empty_texts_and_nul_are_refused() {
        for text in ["", "  \n", "a\0b"] {
            assert_eq!(fields(MessageType::Text, json!({ "text": text })), ["content.text"]);
        }
    }

    #[test]
    fn an_image_needs_https() {
        for url in ["http://example.com/a.png", "example.com/a.png", "javascript:alert(1)", "https://"] {
            assert_eq!(fields(MessageType::Image, json!({ "imageUrl": url })), ["content.imageUrl"], "{url}");
        }
        let fine = json!({ "imageUrl": "https://example.com/a.png" });
        assert!(problems(MessageType::Image, fine).is_empty());
    }

    #[test]
    fn labels_count_what_people_see() {
        // 14 code points, 9 clusters.
        let label = "ข้ามขั้นตอนนี้";
        let feedback = |label: &str| Feedback {
            question: "?".into(),
            buttons: vec![Button {
                label: label.into(),
                value: "v".into(),
                action: FeedbackAction::Skip,
                worrying: false,
            }],
            ..Feedback::default()
        };
        assert!(check_feedback(&feedback(label), "feedback").is_empty());
        let over = check_feedback(&feedback(&"ที่".repeat(21)), "feedback");
        assert_eq!((over[0].field.as_str(), over[0].limit), ("feedback.buttons[0].label", Some(20)));
    }

    #[test]
    fn a_question_takes_one_to_four_buttons_of_different_values() {
        let button = |value: &str| Button {
            label: "ok".into(),
            value: value.into(),
            action: FeedbackAction::Complete,
            worrying: false,
        };
        let ask = |values: &[&str]| Feedback {
            question: "?".into(),
            buttons: values.iter().map(|v| button(v)).collect(),
            ..Feedback::default()
        };
        assert!(check_feedback(&ask(&["a", "b", "c", "d"]), "f").is_empty());
        assert_eq!(refusals(&ask(&[]))[0].field, "buttons");
        assert_eq!(refusals(&ask(&["a", "b", "c", "d", "e"]))[0].limit, Some(4));
        assert_eq!(check_feedback(&ask(&["a", "a"]), "f")[0].field, "f.buttons[1].value");
    }

    #[test]
    fn a_confirm_takes_exactly_two_actions() {
        let action = json!({ "type": "message", "label": "Yes", "text": "yes" });
        let confirm = |actions: Vec<Value>| json!({ "altText": "a", "template": { "type": "confirm", "text": "Sure?", "actions": actions } });
        let two = confirm(vec![action.clone(), action.clone()]);
        assert!(problems(MessageType::Template, two).is_empty());
        let one = fields(MessageType::Template, confirm(vec![action]));
        assert_eq!(one, ["content.template.actions"]);
    }

    #[test]
    fn buttons_with_a_title_take_less_text() {
        let buttons = |text: String, title: Option<&str>| {
            let action = json!({ "type": "uri", "label": "Go", "uri": "https://example.com" });
            let mut template = json!({ "type": "buttons", "text": text, "actions": [action] });
            if let Some(title) = title {
                template["title"] = json!(title);
            }
            json!({ "altText": "a", "template": template })
        };
        assert!(problems(MessageType::Template, buttons("a".repeat(160), None)).is_empty());
        let over = problems(MessageType::Template, buttons("a".repeat(61), Some("Title")));
        assert_eq!(over[0].limit, Some(60));
    }

    #[test]
    fn every_column_of_a_carousel_has_as_many_actions() {
        let action = json!({ "type": "message", "label": "Yes", "text": "yes" });
        let column = |n: usize| json!({ "text": "t", "actions": vec![action.clone(); n] });
        let carousel = |columns: Vec<Value>| json!({ "altText": "a", "template": { "type": "carousel", "columns": columns } });
        assert!(problems(MessageType::Template, carousel(vec![column(2), column(2)])).is_empty());
        let uneven = fields(MessageType::Template, carousel(vec![column(2), column(1)]));
        assert_eq!(uneven, ["content.template.columns[1].actions"]);
        let eleven = fields(MessageType::Template, carousel(vec![column(1); 11]));
        assert_eq!(eleven, ["content.template.columns"]);
    }

    #[test]
    fn a_flex_bubble_is_walked_and_a_deep_one_is_refused_not_followed() {
        let text = json!({ "type": "text", "text": "hello" });
        let bubble = |body: Value| json!({ "altText": "a", "contents": { "type": "bubble", "body": body } });
        let body = json!({ "type": "box", "layout": "vertical", "contents": [text] });
        assert!(problems(MessageType::Flex, bubble(body)).is_empty());
        let mut deep = json!({ "type": "text", "text": "x" });
        for _ in 0..60 {
            deep = json!({ "type": "box", "layout": "vertical", "contents": [deep] });
        }
        assert!(!problems(MessageType::Flex, bubble(deep)).is_empty());
        let unknown = json!({ "type": "box", "layout": "vertical", "contents": [{ "type": "script" }] });
        assert_eq!(fields(MessageType::Flex, bubble(unknown)), ["content.contents.body.contents[0].type"]);
    }

    #[test]
    fn a_bubble_over_30_kb_is_refused() {
        let long = "a".repeat(31_000);
        let contents = json!({ "type": "bubble", "body": { "type": "box", "layout": "vertical",
            "contents": [{ "type": "text", "text": long }] } });
        let over = problems(MessageType::Flex, json!({ "altText": "a", "contents": contents }));
        assert!(over.iter().any(|p| p.limit == Some(30 * 1024)));
    }
}
