//! Templates, quick replies and senders.

use serde_json::json;

use super::*;

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
fn columns_of_a_carousel_are_alike() {
    let plain = json!({ "text": "t", "actions": [uri("https://example.com")] });
    let titled = json!({ "title": "T", "text": "t", "actions": [uri("https://example.com")] });
    let pictured = json!({ "thumbnailImageUrl": "https://example.com/a.png", "text": "t", "actions": [uri("https://example.com")] });
    let carousel = |columns: [&Value; 2]| template(json!({ "type": "carousel", "columns": columns }));
    for column in [&plain, &titled, &pictured] {
        assert!(carousel([column, column]).is_empty());
    }
    assert_eq!(carousel([&plain, &titled]), ["content.template.columns[1].title"]);
    assert_eq!(carousel([&pictured, &plain]), ["content.template.columns[1].thumbnailImageUrl"]);
    let three = template(
        json!({ "type": "carousel", "columns": [{ "text": "t", "actions": vec![uri("tel:191"); 4] }] }),
    );
    assert_eq!(three, ["content.template.columns[0].actions"]);
    let none = template(json!({ "type": "carousel", "columns": [{ "text": "t" }] }));
    assert_eq!(none, ["content.template.columns[0].actions"]);
}

#[test]
fn values_of_a_template_are_of_their_form() {
    for (name, wrong) in [
        ("imageAspectRatio", json!("wide")),
        ("imageSize", json!("fit")),
        ("imageBackgroundColor", json!("#11223344")),
        ("thumbnailImageUrl", json!("http://example.com/a.png")),
        ("title", json!("t".repeat(41))),
        ("title", json!("")),
        ("text", json!(7)),
        ("defaultAction", json!("tap")),
    ] {
        let mut buttons = json!({ "type": "buttons", "text": "t", "imageSize": "contain", "imageAspectRatio": "square",
            "imageBackgroundColor": "#112233", "actions": [uri("https://example.com")] });
        assert!(template(buttons.clone()).is_empty());
        buttons[name] = wrong;
        assert_eq!(template(buttons), [format!("content.template.{name}")]);
    }
    assert_eq!(template(json!({ "type": "list" })), ["content.template.type"]);
}

#[test]
fn quick_replies_are_thirteen_at_most_and_take_more_actions() {
    let item = |action: Value| json!({ "type": "action", "action": action });
    let with = |items: Vec<Value>| {
        let found = check_quick_reply(&json!({ "items": items }), "quickReply");
        found.into_iter().map(|p| p.field).collect::<Vec<_>>()
    };
    let kinds = ["camera", "cameraRoll", "location"];
    assert!(with(kinds.map(|kind| item(json!({ "type": kind, "label": "a" }))).to_vec()).is_empty());
    assert!(with(vec![item(uri("tel:191")); 13]).is_empty());
    assert_eq!(with(vec![item(uri("tel:191")); 14]), ["quickReply.items"]);
    let silent = item(json!({ "type": "message", "text": "a" }));
    assert_eq!(with(vec![silent]), ["quickReply.items[0].action.label"]);
    let mut pictured = item(uri("tel:191"));
    pictured["imageUrl"] = json!("http://example.com/a.png");
    assert_eq!(with(vec![pictured]), ["quickReply.items[0].imageUrl"]);
}

#[test]
fn a_sender_has_a_short_name_and_an_icon() {
    let fields =
        |sender: Value| check_sender(&sender, "sender").into_iter().map(|p| p.field).collect::<Vec<_>>();
    assert!(fields(json!({ "name": "Nurse Nok", "iconUrl": "https://example.com/nok.png" })).is_empty());
    assert_eq!(
        fields(json!({ "name": "n".repeat(21), "iconUrl": "nok.png" })),
        ["sender.name", "sender.iconUrl"]
    );
}
