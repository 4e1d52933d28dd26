//! The types of message at LINE: their JSON, and what LINE would refuse. A new type is one arm in
//! each.

use serde_json::{Value, json};

use super::limits::{Problems, flex, template};
use crate::{
    domain::{
        message::{Content, MAX_ALT_TEXT, MAX_QUOTE_TOKEN, MAX_TEXT, MessageType, Text},
        upload::preview_of,
    },
    error::FieldProblem,
};

pub(crate) fn to_line(content: &Content) -> Value {
    match content {
        Content::Text(Text { text, quote_token: None }) => json!({ "type": "text", "text": text }),
        Content::Text(Text { text, quote_token: Some(token) }) => {
            json!({ "type": "text", "text": text, "quoteToken": token })
        }
        Content::Image(c) => json!({
            "type": "image",
            "originalContentUrl": c.image_url,
            // LINE takes 10 MB of a picture, and 1 MB of its preview.
            "previewImageUrl": c.preview_image_url.clone().or_else(|| preview_of(&c.image_url))
                .unwrap_or_else(|| c.image_url.clone()),
        }),
        Content::Video(c) => json!({
            "type": "video",
            "originalContentUrl": c.video_url,
            "previewImageUrl": c.preview_image_url,
        }),
        Content::Flex(c) => json!({ "type": "flex", "altText": c.alt_text, "contents": c.contents }),
        Content::Template(c) => {
            json!({ "type": "template", "altText": c.alt_text, "template": c.template })
        }
    }
}

/// Copies the texts of LINE's message object back into the stored content it was made of.
pub(super) fn fill_back(object: &Value, kind: MessageType, content: &mut Value) {
    let members: &[&str] = match kind {
        MessageType::Text => &["text"],
        MessageType::Image | MessageType::Video => &[],
        MessageType::Flex => &["altText", "contents"],
        MessageType::Template => &["altText", "template"],
    };
    for name in members {
        if let (Some(place), Some(said)) = (content.get_mut(*name), object.get(*name)) {
            *place = said.clone();
        }
    }
}

/// The place in a content of something in the LINE object made of it: `imageUrl` for
/// `originalContentUrl`, `contents.footer.contents[2]` for `/footer/contents/2`.
pub(super) fn member(content: &Content, path: &str) -> String {
    let plain = dotted(path);
    let address = |ours: &str| if plain == "originalContentUrl" { ours } else { &plain }.to_owned();
    match content {
        Content::Image(_) => address("imageUrl"),
        Content::Video(_) => address("videoUrl"),
        Content::Flex(_) if path.starts_with('/') => {
            let between = if plain.is_empty() || plain.starts_with('[') { "" } else { "." };
            format!("contents{between}{plain}")
        }
        Content::Text(_) | Content::Flex(_) | Content::Template(_) => plain,
    }
}

/// `/footer/contents/2` as `footer.contents[2]`; any other path unchanged.
pub(super) fn dotted(path: &str) -> String {
    let Some(pointer) = path.strip_prefix('/') else { return path.to_owned() };
    let mut dotted = String::new();
    for step in pointer.split('/').filter(|step| !step.is_empty()) {
        match (step.parse::<u32>(), dotted.is_empty()) {
            (Ok(index), _) => dotted += &format!("[{index}]"),
            (Err(_), true) => dotted += step,
            (Err(_), false) => dotted += &format!(".{step}"),
        }
    }
    dotted
}

/// Everything LINE would refuse in `content`, all at once. `field` is its path in the
/// request.
pub(crate) fn check(content: &Content, field: &str) -> Vec<FieldProblem> {
    let mut found = Problems::default();
    match content {
        Content::Text(c) => {
            found.text(&format!("{field}.text"), &c.text, MAX_TEXT);
            if let Some(token) = &c.quote_token {
                found.text(&format!("{field}.quoteToken"), token, MAX_QUOTE_TOKEN);
            }
        }
        Content::Image(c) => {
            found.image_url(&format!("{field}.imageUrl"), &c.image_url);
            if let Some(url) = &c.preview_image_url {
                found.image_url(&format!("{field}.previewImageUrl"), url);
            }
        }
        Content::Video(c) => {
            found.image_url(&format!("{field}.videoUrl"), &c.video_url);
            found.image_url(&format!("{field}.previewImageUrl"), &c.preview_image_url);
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
    fn what_line_gets_of_each_type_bears_its_name() {
        let url = "https://example.com/a.png";
        for &kind in MessageType::ALL {
            let content = match kind {
                MessageType::Text => json!({ "text": "ทานยา", "quoteToken": "q3Plxr4" }),
                MessageType::Image => json!({ "imageUrl": url, "previewImageUrl": url }),
                MessageType::Video => json!({ "videoUrl": url, "previewImageUrl": url }),
                MessageType::Flex => json!({ "altText": "a", "contents": { "type": "bubble" } }),
                MessageType::Template => json!({ "altText": "a", "template": { "type": "confirm" } }),
            };
            let content = Content::parse(kind, &content, "content").expect("the form is right");
            assert_eq!(content.message_type(), kind);
            assert_eq!(to_line(&content)["type"], kind.to_string());
        }
    }
}
