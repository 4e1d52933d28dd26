//! Faults LINE finds in messages it is only asked about, and their fields in a step.

use super::{
    content,
    outcome::{ErrorBody, object, one_line},
};
use serde_json::Value;

use crate::domain::message::Content;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Objection {
    /// From 0.
    pub(crate) message: usize,
    /// The path in it as LINE writes it: `text`, `contents.body.contents[0].size`, or
    /// `/footer/contents/2` below the contents of a flex message.
    pub(crate) path: String,
    pub(crate) words: String,
}

const MAX_WORDS: usize = 300;

/// The most objections to one push; the rest is told once these are mended.
const MAX_OBJECTIONS: usize = 20;

/// Reads a refusal; empty where it says nothing. One without a place is about the whole, and is
/// told of the first message; it counts only where it `is_of_line` for sure.
pub(super) fn read(body: &[u8], is_of_line: bool) -> Vec<Objection> {
    let error: ErrorBody = object(body).unwrap_or_default();
    if error.details().is_empty() {
        return in_message(&error.message, is_of_line).into_iter().collect();
    }
    // "A message (messages[0]) in the request body is invalid" beside paths without an index.
    let named = index_in(&error.message).map_or(0, |(index, _)| index);
    let of = |property: &str| match index_in(property) {
        Some((index, rest)) => (index, rest.trim_start_matches('.').to_owned()),
        None => (named, property.to_owned()),
    };
    let named = error.details().iter().take(MAX_OBJECTIONS);
    named
        .map(|detail| {
            let (message, path) = of(&detail.property);
            let words = if detail.message.is_empty() { &error.message } else { &detail.message };
            Objection { message, path, words: one_line(words, MAX_WORDS) }
        })
        .collect()
}

/// Reads "The property, 'messages[0].text', in the request body is invalid" without details, where
/// only the message names the place.
fn in_message(message: &str, is_of_line: bool) -> Option<Objection> {
    let (index, rest) = index_in(message).or_else(|| is_of_line.then_some((0, "")))?;
    let words = one_line(message, MAX_WORDS);
    if words.is_empty() {
        return None;
    }
    let is_of_path = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '[' | ']' | '/' | '_' | '-');
    let path: String = rest.chars().take_while(is_of_path).collect();
    let path = path.trim_matches('.').to_owned();
    Some(Objection { message: index, path, words })
}

/// The first `messages[n]` of a text, and the text after it.
fn index_in(text: &str) -> Option<(usize, &str)> {
    let (_, rest) = text.split_once("messages[")?;
    let (index, rest) = rest.split_once(']')?;
    Some((index.parse().ok()?, rest))
}

impl Objection {
    /// The field of a step with these contents: `content.text`, `furtherMessages[0].content.text`,
    /// `feedback.buttons[0].label`, `quickReplies[0].label`. The question comes after the contents'
    /// objects.
    pub(crate) fn field(&self, contents: &[Content]) -> String {
        if let Some(rest) = self.path.strip_prefix("quickReply.items") {
            let rest = rest.replacen(".action.", ".", 1).replacen(".imageUrl", ".iconUrl", 1);
            return format!("quickReplies{rest}");
        }
        let Some(content) = contents.get(self.message) else {
            return joined("feedback", &self.in_question());
        };
        let path = content::member(content, &self.path);
        match self.message.checked_sub(1) {
            None => joined("content", &path),
            Some(n) => joined(&format!("furtherMessages[{n}].content"), &path),
        }
    }

    /// The sender's field of the plan, where the objection is about that.
    pub(crate) fn of_sender(&self) -> Option<String> {
        let rest = self.path.strip_prefix("sender")?;
        (rest.is_empty() || rest.starts_with('.')).then(|| format!("sender{rest}"))
    }

    fn in_question(&self) -> String {
        let path = content::dotted(&self.path);
        match path.strip_prefix("template.") {
            Some("text") => "question".to_owned(),
            Some(rest) => rest.replacen("actions", "buttons", 1),
            None => path,
        }
    }
}

/// The written place nearest to a field LINE names: the field itself, or one that contains it;
/// `None` where not even its beginning exists.
pub(crate) fn nearest(written: &Value, field: &str) -> Option<String> {
    let (mut here, mut found) = (written, String::new());
    for step in field.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
        let index = step.parse::<usize>().ok().filter(|_| here.is_array());
        let next = match index {
            Some(index) => here.get(index),
            None => here.get(step),
        };
        let Some(next) = next.filter(|next| !next.is_null()) else { break };
        found = match index {
            Some(index) => format!("{found}[{index}]"),
            None if found.is_empty() => step.to_owned(),
            None => joined(&found, step),
        };
        here = next;
    }
    Some(found).filter(|found| !found.is_empty())
}

fn joined(part: &str, path: &str) -> String {
    if path.is_empty() { part.to_owned() } else { format!("{part}.{path}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::message::MessageType;

    fn fields(kind: MessageType, content: Value, said: Value) -> Vec<String> {
        let content = Content::parse(kind, &content, "content").expect("the form is right");
        read(said.to_string().as_bytes(), false)
            .iter()
            .map(|o| o.field(std::slice::from_ref(&content)))
            .collect()
    }

    #[test]
    fn what_line_does_not_like_is_found_in_the_step() {
        let text = json!({ "text": "hello" });
        let said = json!({ "message": "The request body has 2 error(s)", "details": [
            { "message": "Length must be between 0 and 5000", "property": "messages[0].text" },
            { "message": "Length must be between 0 and 20", "property": "messages[1].template.actions[2].label" },
            { "message": "May not be empty", "property": "messages[1].template.text" },
            { "message": "May not be empty", "property": "messages[1].quickReply.items[3].action.label" },
        ] });
        let expected =
            ["content.text", "feedback.buttons[2].label", "feedback.question", "quickReplies[3].label"];
        assert_eq!(fields(MessageType::Text, text, said), expected);
        let image = json!({ "imageUrl": "https://example.com/a.png" });
        let said = json!({ "message": "x", "details": [
            { "message": "Must be https", "property": "messages[0].originalContentUrl" },
        ] });
        assert_eq!(fields(MessageType::Image, image, said), ["content.imageUrl"]);
    }

    #[test]
    fn a_path_into_a_flex_message_is_one_from_its_contents_on() {
        let flex = json!({ "altText": "a", "contents": { "type": "bubble" } });
        let said = json!({ "message": "A message (messages[0]) in the request body is invalid",
            "details": [{ "message": "invalid property", "property": "/footer/contents/2/size" }] });
        assert_eq!(fields(MessageType::Flex, flex, said), ["content.contents.footer.contents[2].size"]);
    }

    #[test]
    fn a_place_that_only_the_message_names_is_one() {
        let text = json!({ "text": "hello" });
        for (message, field) in [
            ("A message (messages[0]) in the request body is invalid", "content"),
            ("The property, 'messages[0].text', in the request body is invalid", "content.text"),
            ("messages[1].template.text: may not be empty", "feedback.question"),
        ] {
            for said in [json!({ "message": message }), json!({ "message": message, "details": [] })] {
                assert_eq!(fields(MessageType::Text, text.clone(), said), [field], "{message}");
            }
        }
    }

    #[test]
    fn what_is_about_the_sender_is_a_field_of_the_plan() {
        let said = json!({ "message": "x", "details": [
            { "message": "invalid", "property": "messages[0].sender.name" },
            { "message": "invalid", "property": "messages[0].text" },
        ] });
        let of =
            read(said.to_string().as_bytes(), false).iter().map(Objection::of_sender).collect::<Vec<_>>();
        assert_eq!(of, [Some("sender.name".to_owned()), None]);
    }

    #[test]
    fn a_refusal_that_names_no_place_is_about_the_whole_and_one_without_words_is_none() {
        for body in ["", "not json", "<html>", "{}", r#"{"message":null,"details":null}"#] {
            assert!(read(body.as_bytes(), true).is_empty(), "{body}");
        }
        assert!(read(br#"{"message":"Bad request"}"#, false).is_empty(), "of something on the way");
        for details in ["null", "[]", "{}"] {
            let body = format!(r#"{{"message":"The request body has 1 error(s)","details":{details}}}"#);
            let whole = Objection {
                message: 0,
                path: String::new(),
                words: "The request body has 1 error(s)".to_owned(),
            };
            assert_eq!(read(body.as_bytes(), true), [whole], "{details}");
        }
    }
}
