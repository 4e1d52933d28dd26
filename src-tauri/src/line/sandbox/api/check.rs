//! What LINE finds wrong with message objects.

use serde_json::{Value, json};

use crate::{
    domain::message::{Content, MessageType},
    error::FieldProblem,
    line::limits,
};

pub(super) fn problems(messages: &[Value]) -> Vec<Value> {
    if messages.is_empty() || messages.len() > 5 {
        return vec![json!({ "message": "Size must be between 1 and 5", "property": "messages" })];
    }
    let mut found = Vec::new();
    for (n, message) in messages.iter().enumerate() {
        let field = format!("messages[{n}]");
        let problems = match content_of(message) {
            Some(content) => limits::check(&content, &field),
            None => vec![FieldProblem::new(field, "Must be a known message object")],
        };
        found.extend(problems.into_iter().map(|p| json!({ "message": p.message, "property": p.field })));
    }
    found
}

/// A message object as a content, for the rules both sides share.
fn content_of(message: &Value) -> Option<Content> {
    let kind: MessageType = message.get("type")?.as_str()?.parse().ok()?;
    let content = match kind {
        MessageType::Text => json!({ "text": message.get("text")? }),
        MessageType::Image => json!({
            "imageUrl": message.get("originalContentUrl")?,
            "previewImageUrl": message.get("previewImageUrl")?,
        }),
        MessageType::Flex => {
            json!({ "altText": message.get("altText")?, "contents": message.get("contents")? })
        }
        MessageType::Template => {
            json!({ "altText": message.get("altText")?, "template": message.get("template")? })
        }
    };
    Content::parse(kind, &content, "").ok()
}
