//! What LINE makes of each type of message: its JSON, the way back from it, and what LINE would
//! refuse. A new type is one arm in each of the three.

use serde_json::{Value, json};

use super::limits::{Problems, flex, template};
use crate::{
    domain::message::{Content, MAX_ALT_TEXT, MAX_TEXT, MessageType},
    error::FieldProblem,
};

/// A content as LINE's message object.
pub(crate) fn to_line(content: &Content) -> Value {
    match content {
        Content::Text(c) => json!({ "type": "text", "text": c.text }),
        Content::Image(c) => json!({
            "type": "image",
            "originalContentUrl": c.image_url,
            "previewImageUrl": c.preview_image_url.as_ref().unwrap_or(&c.image_url),
        }),
        Content::Flex(c) => json!({ "type": "flex", "altText": c.alt_text, "contents": c.contents }),
        Content::Template(c) => {
            json!({ "type": "template", "altText": c.alt_text, "template": c.template })
        }
    }
}

/// A message object as a content, for the rules both sides share; `None` where LINE would not
/// know it.
pub(super) fn of_line(message: &Value) -> Option<Content> {
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

/// Everything LINE would refuse in `content`, all at once. `field` is its path in the
/// request.
pub(crate) fn check(content: &Content, field: &str) -> Vec<FieldProblem> {
    let mut found = Problems::default();
    match content {
        Content::Text(c) => found.text(&format!("{field}.text"), &c.text, MAX_TEXT),
        Content::Image(c) => {
            found.image_url(&format!("{field}.imageUrl"), &c.image_url);
            if let Some(url) = &c.preview_image_url {
                found.image_url(&format!("{field}.previewImageUrl"), url);
            }
        }
        Content::Flex(c) => {
            found.text(&format!("{field}.altText"), &c.alt_text, MAX_ALT_TEXT);
            flex::check(&mut found, &format!("{field}.contents"), &c.contents);
        }
        Content::Template(c) => {
            found.text(&format!("{field}.altText"), &c.alt_text, MAX_ALT_TEXT);
            template::check(&mut found, &format!("{field}.template"), &c.template);
        }
    }
    found.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_line_gets_of_each_type_is_read_back_as_it_was() {
        let url = "https://example.com/a.png";
        for &kind in MessageType::ALL {
            let content = match kind {
                MessageType::Text => json!({ "text": "ทานยา" }),
                MessageType::Image => json!({ "imageUrl": url, "previewImageUrl": url }),
                MessageType::Flex => json!({ "altText": "a", "contents": { "type": "bubble" } }),
                MessageType::Template => json!({ "altText": "a", "template": { "type": "confirm" } }),
            };
            let content = Content::parse(kind, &content, "content").expect("the form is right");
            assert_eq!(content.message_type(), kind);
            assert_eq!(of_line(&to_line(&content)), Some(content), "{kind}");
        }
    }

    #[test]
    fn what_is_no_message_of_ours_is_not_read() {
        for other in [json!({}), json!({ "type": "sticker" }), json!({ "type": "text", "text": 1 })] {
            assert_eq!(of_line(&other), None, "{other}");
        }
    }
}
