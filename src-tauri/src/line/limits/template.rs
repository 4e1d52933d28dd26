//! The four templates (Messaging API reference, "Template messages").

use serde_json::Value;

use super::{LABEL, Problems};

pub(in crate::line) fn check(found: &mut Problems, field: &str, template: &Value) {
    let Some(kind) = found.member(template, field, "type") else { return };
    match kind {
        "buttons" => card(found, field, template, 160, 4),
        "confirm" => {
            if let Some(text) = found.member(template, field, "text") {
                found.graphemes(&format!("{field}.text"), text, 240);
            }
            let actions = found.array(template, field, "actions");
            if actions.len() != 2 {
                found.add(&format!("{field}.actions"), "takes exactly 2 actions");
            }
            each_action(found, field, actions);
        }
        "carousel" => carousel(found, field, template),
        "image_carousel" => image_carousel(found, field, template),
        _ => found.add(&format!("{field}.type"), "takes buttons, confirm, carousel or image_carousel"),
    }
}

fn carousel(found: &mut Problems, field: &str, template: &Value) {
    let columns = found.array(template, field, "columns");
    found.count(&format!("{field}.columns"), columns.len(), 1, 10);
    let actions_of = |column: &Value| column.get("actions").and_then(Value::as_array).map(Vec::len);
    let expected = columns.first().and_then(actions_of);
    for (n, column) in columns.iter().enumerate().take(10) {
        let field = format!("{field}.columns[{n}]");
        card(found, &field, column, 120, 3);
        if actions_of(column) != expected {
            found.add(&format!("{field}.actions"), "must be as many as in the first column");
        }
    }
}

fn image_carousel(found: &mut Problems, field: &str, template: &Value) {
    let columns = found.array(template, field, "columns");
    found.count(&format!("{field}.columns"), columns.len(), 1, 10);
    for (n, column) in columns.iter().enumerate().take(10) {
        let field = format!("{field}.columns[{n}]");
        if let Some(url) = found.member(column, &field, "imageUrl") {
            found.image_url(&format!("{field}.imageUrl"), url);
        }
        match column.get("action") {
            Some(action) => found.action(&format!("{field}.action"), action, Some(12)),
            None => found.add(&format!("{field}.action"), "is missing"),
        }
    }
}

/// A buttons template or a column of a carousel: a title or an image leaves less room for
/// text.
fn card(found: &mut Problems, field: &str, card: &Value, plain_text: u32, most_actions: u32) {
    let title = card.get("title").and_then(Value::as_str);
    let image = card.get("thumbnailImageUrl").and_then(Value::as_str);
    if let Some(title) = title {
        found.graphemes(&format!("{field}.title"), title, 40);
    }
    if let Some(url) = image {
        found.image_url(&format!("{field}.thumbnailImageUrl"), url);
    }
    if let Some(text) = found.member(card, field, "text") {
        let limit = if title.is_some() || image.is_some() { 60 } else { plain_text };
        found.graphemes(&format!("{field}.text"), text, limit);
    }
    if let Some(action) = card.get("defaultAction") {
        found.action(&format!("{field}.defaultAction"), action, None);
    }
    let actions = found.array(card, field, "actions");
    found.count(&format!("{field}.actions"), actions.len(), 1, most_actions);
    each_action(found, field, actions);
}

fn each_action(found: &mut Problems, field: &str, actions: &[Value]) {
    for (n, action) in actions.iter().enumerate().take(10) {
        found.action(&format!("{field}.actions[{n}]"), action, Some(LABEL));
    }
}
