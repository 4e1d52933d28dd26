//! Actions, wherever they stand.

use serde_json::json;

use super::*;

#[test]
fn labels_are_as_long_as_their_place_allows() {
    // Two code points, one cluster.
    let label = |clusters: usize| json!({ "type": "message", "label": "ที่".repeat(clusters), "text": "a" });
    let button = |action: Value| body(json!({ "type": "button", "action": action }));
    taken(button(label(40)));
    assert_eq!(flex(button(label(41))), [format!("{FIRST}.action.label")]);
    let confirm = |action: Value| json!({ "type": "confirm", "text": "?", "actions": [action, label(1)] });
    assert!(template(confirm(label(20))).is_empty());
    assert_eq!(template(confirm(label(21))), ["content.template.actions[0].label"]);
    let column = |action: Value| json!({ "imageUrl": "https://example.com/a.png", "action": action });
    let pictures = |action: Value| json!({ "type": "image_carousel", "columns": [column(action)] });
    assert!(template(pictures(label(12))).is_empty());
    assert_eq!(template(pictures(label(13))), ["content.template.columns[0].action.label"]);
}

#[test]
fn a_label_stands_where_it_shows_and_may_be_left_out_elsewhere() {
    let silent = json!({ "type": "message", "text": "a" });
    assert_eq!(flex(body(json!({ "type": "button", "action": silent }))), [format!("{FIRST}.action.label")]);
    let confirm = json!({ "type": "confirm", "text": "?", "actions": [silent, silent] });
    assert_eq!(template(confirm).len(), 2);
    let mut tapped = image();
    tapped["action"] = silent.clone();
    let mut bubble = body(tapped);
    bubble["action"] = silent.clone();
    bubble["body"]["action"] = silent.clone();
    taken(bubble);
    let column = json!({ "imageUrl": "https://example.com/a.png", "action": silent });
    assert!(template(json!({ "type": "image_carousel", "columns": [column] })).is_empty());
    let card =
        json!({ "type": "buttons", "text": "t", "defaultAction": silent, "actions": [uri("tel:191")] });
    assert!(template(card).is_empty());
}

fn action(action: Value) -> Vec<String> {
    let button = json!({ "type": "button", "action": action });
    flex(body(button)).iter().map(|f| f.replace(&format!("{FIRST}.action"), "action")).collect()
}

#[test]
fn the_text_of_a_message_action_counts_what_people_see() {
    let says = |text: String| action(json!({ "type": "message", "label": "a", "text": text }));
    assert!(says("ที่".repeat(300)).is_empty());
    assert_eq!(says("ที่".repeat(301)), ["action.text"]);
    assert_eq!(says(String::new()), ["action.text"]);
}

#[test]
fn a_postback_says_one_thing_and_none_too_long() {
    let postback = |more: Value| {
        let mut postback = json!({ "type": "postback", "label": "a", "data": "" });
        for (name, value) in more.as_object().expect("members") {
            postback[name] = value.clone();
        }
        action(postback)
    };
    let long = "ก".repeat(301);
    assert!(postback(json!({ "inputOption": "openKeyboard", "fillInText": "ก".repeat(300) })).is_empty());
    assert!(postback(json!({ "data": "d".repeat(300), "displayText": "ที่".repeat(300) })).is_empty());
    for name in ["data", "displayText", "text", "fillInText"] {
        assert_eq!(postback(json!({ name: long })), [format!("action.{name}")]);
    }
    assert_eq!(postback(json!({ "displayText": "a", "text": "a" })), ["action.text"]);
    assert_eq!(postback(json!({ "inputOption": "openCamera" })), ["action.inputOption"]);
    assert_eq!(action(json!({ "type": "postback", "label": "a" })), ["action.data"]);
}

#[test]
fn an_address_is_opened_by_http_https_line_or_tel() {
    for fine in ["https://example.com/ก?a=1", "http://example.com", "line://nv/camera", "tel:09001234567"] {
        assert!(action(uri(fine)).is_empty(), "{fine}");
    }
    for wrong in ["mailto:a@example.com", "javascript:alert(1)", "ftp://example.com", "example.com", ""] {
        assert!(
            action(uri(wrong)).iter().all(|f| f == "action.uri") && !action(uri(wrong)).is_empty(),
            "{wrong}"
        );
    }
    assert_eq!(action(uri(&format!("https://example.com/{}", "a".repeat(981)))), ["action.uri"]);
    let at_a_desk = |desktop: &str| {
        let mut uri = uri("https://example.com");
        uri["altUri"] = json!({ "desktop": desktop });
        action(uri)
    };
    assert!(at_a_desk(&format!("https://example.com/{}", "a".repeat(980))).is_empty());
    assert_eq!(at_a_desk(&format!("https://example.com/{}", "a".repeat(981))), ["action.altUri.desktop"]);
    assert_eq!(at_a_desk("mailto:a@example.com"), ["action.altUri.desktop"]);
}

#[test]
fn a_picker_has_moments_of_its_mode_in_order() {
    let picker = |mode: &str, [initial, min, max]: [&str; 3]| {
        let mut picker = json!({ "type": "datetimepicker", "label": "a", "data": "d", "mode": mode });
        for (name, moment) in [("initial", initial), ("min", min), ("max", max)] {
            if !moment.is_empty() {
                picker[name] = json!(moment);
            }
        }
        action(picker)
    };
    assert!(picker("date", ["2027-01-02", "2027-01-01", "2027-01-03"]).is_empty());
    assert!(picker("time", ["06:15", "06:15", "23:59"]).is_empty());
    assert!(picker("datetime", ["2017-12-25t00:00", "2017-12-25T00:00", "2018-01-24t23:59"]).is_empty());
    assert!(picker("date", ["", "", ""]).is_empty());
    assert_eq!(picker("date", ["2027-01-02T06:15", "", ""]), ["action.initial"]);
    assert_eq!(picker("time", ["", "6:15", ""]), ["action.min"]);
    assert_eq!(picker("datetime", ["", "", "2027-02-30T06:15"]), ["action.max"]);
    assert_eq!(picker("date", ["", "1899-12-31", "2101-01-01"]), ["action.min", "action.max"]);
    assert_eq!(picker("date", ["", "2027-01-01", "2027-01-01"]), ["action.max"]);
    assert_eq!(picker("time", ["05:00", "06:00", "07:00"]), ["action.initial"]);
    assert_eq!(picker("time", ["08:00", "06:00", "07:00"]), ["action.initial"]);
    assert_eq!(picker("month", ["", "", ""]), ["action.mode"]);
}

#[test]
fn actions_of_rich_menus_and_quick_replies_stand_in_no_message() {
    for kind in ["camera", "cameraRoll", "location", "richmenuswitch", "call"] {
        assert_eq!(action(json!({ "type": kind, "label": "a" })), ["action.type"]);
    }
    assert!(
        action(json!({ "type": "clipboard", "label": "a", "clipboardText": "c".repeat(1_000) })).is_empty()
    );
    let long = json!({ "type": "clipboard", "label": "a", "clipboardText": "c".repeat(1_001) });
    assert_eq!(action(long), ["action.clipboardText"]);
}
