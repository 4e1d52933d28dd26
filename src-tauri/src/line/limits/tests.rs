//! Tests of the limits, one behaviour each.

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

mod actions;
mod bubbles;
mod templates;

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
fn an_image_lies_where_line_can_fetch_it() {
    let code = |url: &str| {
        let found = problems(MessageType::Image, json!({ "imageUrl": url }));
        found.first().map(|problem| problem.code)
    };
    for url in [
        "https://localhost/a.png",
        "https://a.localhost/a.png",
        "https://localhost./a.png",
        "https://pc/a.png",
        "https://clinic.local/a.png",
        "https://127.0.0.1/a.png",
        "https://10.1.2.3/a.png",
        "https://172.16.0.1/a.png",
        "https://192.168.1.2:8443/a.png",
        "https://169.254.1.1/a.png",
        "https://100.64.0.1/a.png",
        "https://0x7f000001/a.png",
        "https://[::1]/a.png",
        "https://[::ffff:10.0.0.1]/a.png",
        "https://[fd00::1]/a.png",
        "https://[fe80::1]/a.png",
    ] {
        assert_eq!(code(url), Some(FieldCode::NotAPublicAddress), "{url}");
    }
    for url in ["https://example.com/แผล.png", "https://example.com/a<b>.png", "https://example.com/100%.png"]
    {
        assert_eq!(code(url), Some(FieldCode::NotEscaped), "{url}");
    }
    for url in [
        "https://example.com/%E0%B9%81.png?a=b&c=(d)#e",
        "https://203.0.113.7/a.png",
        "https://172.32.0.1/a.png",
    ] {
        assert_eq!(code(url), None, "{url}");
    }
    for object in
        [json!({ "iconUrl": "https://10.0.0.1/a.png" }), json!({ "iconUrl": "https://a.example/ก.png" })]
    {
        assert_eq!(check_sender(&object, "sender")[0].field, "sender.iconUrl");
    }
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
            picker: None,
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
        picker: None,
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

fn flex(contents: Value) -> Vec<String> {
    fields(MessageType::Flex, json!({ "altText": "a", "contents": contents }))
}

fn body(component: Value) -> Value {
    body_of("vertical", &[component])
}

fn body_of(layout: &str, components: &[Value]) -> Value {
    json!({ "type": "bubble", "body": { "type": "box", "layout": layout, "contents": components } })
}

/// The field of the body's first component.
const FIRST: &str = "content.contents.body.contents[0]";

#[track_caller]
fn taken(contents: Value) {
    let found = problems(MessageType::Flex, json!({ "altText": "a", "contents": contents }));
    assert!(found.is_empty(), "{found:?}");
}

fn template(template: Value) -> Vec<String> {
    fields(MessageType::Template, json!({ "altText": "a", "template": template }))
}

fn text(words: &str) -> Value {
    json!({ "type": "text", "text": words })
}

fn image() -> Value {
    json!({ "type": "image", "url": "https://example.com/a.png" })
}

fn uri(uri: &str) -> Value {
    json!({ "type": "uri", "label": "Go", "uri": uri })
}

#[test]
fn an_address_is_whole_and_of_a_kind_line_opens() {
    let refused = |uri_: &str| {
        let template = json!({ "type": "buttons", "text": "?", "actions": [uri(uri_)] });
        let mut found = Problems::default();
        template::check(&mut found, "template", &template);
        !found.0.is_empty()
    };
    for good in [
        "https://example.com",
        "HTTP://example.com/a?b=ก",
        "tel:1669",
        "tel:+66-2-123-4567",
        "tel:(02)123.4567,1#;ext=12",
        "tel:*1669%23",
        "tel:%2802%29%20123%2D4567",
        "https://example.com/a?b=%E0%B8%81&c='(d)'",
        "line://ti/p/@x",
        "line://nv/chat",
        "https://line.me/R/nv/chat",
    ] {
        assert!(!refused(good), "{good}");
    }
    for bad in [
        "tel:",
        "tel:help",
        "tel:/1",
        "line://",
        "line:",
        "line:///",
        "https://",
        "https:example.com",
        "https://a b.example/x",
        "https://example.com/a b",
        "https://me:secret@example.com/",
        " https://example.com",
        "mailto:a@example.com",
        "example.com",
        "https://example.com/a|b",
        "https://example.com/{x}",
        "https://example.com/\"x\"",
        "https://example.com/%zz",
        "https://example.com/%",
        "https://example.com/<a>",
        "https://example.com/\\a",
        "tel:abc1",
        "tel:1\"2",
        "tel:1%zz",
        "tel:๑๒๓1",
        "line://nv/\"x\"",
    ] {
        assert!(refused(bad), "{bad}");
    }
}

#[test]
fn a_text_for_the_lock_screen_is_neither_empty_nor_too_long() {
    let with = |alt_text: String| {
        let feedback = Feedback { question: "?".into(), alt_text: Some(alt_text), ..Feedback::default() };
        check_feedback(&feedback, "feedback").into_iter().map(|p| p.field).collect::<Vec<_>>()
    };
    assert!(with("😀".repeat(750)).is_empty());
    assert_eq!(with("😀".repeat(751)), ["feedback.altText"]);
    assert_eq!(with(" ".into()), ["feedback.altText"]);
}
