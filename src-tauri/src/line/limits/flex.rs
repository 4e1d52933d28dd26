//! Flex messages (Messaging API reference, "Flex Message").

use serde_json::Value;

use super::Problems;

const MAX_BUBBLE_BYTES: u32 = 30 * 1024;
const MAX_CAROUSEL_BYTES: u32 = 50 * 1024;
const MAX_BUBBLES: u32 = 12;

/// Deeper than any layout that shows on a phone; LINE documents no number.
const MAX_DEPTH: usize = 20;

pub(in crate::line) fn check(found: &mut Problems, field: &str, contents: &Value) {
    let bytes = contents.to_string().len();
    let limit = |limit: u32, found: &mut Problems| {
        if bytes > limit as usize {
            found.push(crate::error::FieldProblem::over(field, limit, "bytes", bytes));
        }
    };
    match contents.get("type").and_then(Value::as_str) {
        Some("bubble") => {
            limit(MAX_BUBBLE_BYTES, found);
            bubble(found, field, contents);
        }
        Some("carousel") => {
            limit(MAX_CAROUSEL_BYTES, found);
            let bubbles = found.array(contents, field, "contents");
            found.count(&format!("{field}.contents"), bubbles.len(), 1, MAX_BUBBLES);
            for (n, one) in bubbles.iter().enumerate().take(MAX_BUBBLES as usize) {
                let field = format!("{field}.contents[{n}]");
                if one.get("type").and_then(Value::as_str) == Some("bubble") {
                    bubble(found, &field, one);
                } else {
                    found.add(&format!("{field}.type"), "takes bubble");
                }
            }
        }
        _ => found.add(&format!("{field}.type"), "takes bubble or carousel"),
    }
}

fn bubble(found: &mut Problems, field: &str, bubble: &Value) {
    let blocks = ["header", "hero", "body", "footer"];
    if !blocks.iter().any(|b| bubble.get(b).is_some()) {
        found.add(field, "needs a header, hero, body or footer");
    }
    for name in blocks {
        let Some(block) = bubble.get(name) else { continue };
        let field = format!("{field}.{name}");
        let kind = block.get("type").and_then(Value::as_str);
        let allowed: &[&str] = if name == "hero" { &["box", "image", "video"] } else { &["box"] };
        if kind.is_some_and(|k| allowed.contains(&k)) {
            component(found, &field, block, 0);
        } else {
            found.add(&format!("{field}.type"), &format!("takes {}", allowed.join(" or ")));
        }
    }
    if let Some(action) = bubble.get("action") {
        found.action(&format!("{field}.action"), action, None);
    }
}

fn component(found: &mut Problems, field: &str, component: &Value, depth: usize) {
    if depth > MAX_DEPTH {
        return found.add(field, &format!("is nested deeper than {MAX_DEPTH} levels"));
    }
    let Some(kind) = found.member(component, field, "type") else { return };
    match kind {
        "box" => layout_box(found, field, component, depth),
        "button" => match component.get("action") {
            Some(action) => found.action(&format!("{field}.action"), action, Some(40)),
            None => found.add(&format!("{field}.action"), "is missing"),
        },
        "image" | "icon" => {
            if let Some(url) = found.member(component, field, "url") {
                found.image_url(&format!("{field}.url"), url);
            }
        }
        "video" => {
            for name in ["url", "previewUrl"] {
                if let Some(url) = found.member(component, field, name) {
                    found.image_url(&format!("{field}.{name}"), url);
                }
            }
        }
        "text" => text(found, field, component, depth),
        "span" => {
            let _ = found.member(component, field, "text");
        }
        "separator" | "filler" | "spacer" => {}
        _ => found.add(
            &format!("{field}.type"),
            "takes box, button, image, icon, video, text, span, separator or filler",
        ),
    }
    if kind != "button"
        && let Some(action) = component.get("action")
    {
        found.action(&format!("{field}.action"), action, None);
    }
}

fn layout_box(found: &mut Problems, field: &str, component: &Value, depth: usize) {
    let layout = found.member(component, field, "layout");
    if layout.is_some_and(|l| !["horizontal", "vertical", "baseline"].contains(&l)) {
        found.add(&format!("{field}.layout"), "takes horizontal, vertical or baseline");
    }
    let contents = found.array(component, field, "contents");
    children(found, field, contents, depth);
}

fn text(found: &mut Problems, field: &str, component: &Value, depth: usize) {
    let words = component.get("text").and_then(Value::as_str);
    let spans = component.get("contents").and_then(Value::as_array);
    match (words, spans) {
        (Some(words), _) if words.trim().is_empty() => {
            found.add(&format!("{field}.text"), "must not be empty");
        }
        (None, None) => found.add(&format!("{field}.text"), "is missing"),
        (_, Some(spans)) => children(found, field, spans, depth),
        _ => {}
    }
}

fn children(found: &mut Problems, field: &str, contents: &[Value], depth: usize) {
    for (n, child) in contents.iter().enumerate() {
        component(found, &format!("{field}.contents[{n}]"), child, depth + 1);
    }
}
