//! Tests of Flex messages, one behaviour each.

use serde_json::json;

use super::*;

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

/// Asserts that each of these members of a component is refused alone, under its name.
#[track_caller]
fn refused(component: &Value, wrong: &[(&str, Value)]) {
    taken(body(component.clone()));
    for (name, value) in wrong {
        let mut component = component.clone();
        component[*name] = value.clone();
        assert_eq!(flex(body(component)), [format!("{FIRST}.{name}")], "{name}: {value}");
    }
}

fn video() -> Value {
    json!({ "type": "video", "url": "https://example.com/a.mp4", "previewUrl": "https://example.com/a.png",
        "altContent": image() })
}

#[test]
fn a_member_line_does_not_know_is_refused_by_name() {
    let mut bubble = body(text("hello"));
    bubble["hero"] = json!({ "type": "box", "layout": "vertical", "contents": [], "size": "full" });
    bubble["styles"] = json!({ "type": "bubble", "header": { "color": "#000000" } });
    bubble["body"]["contents"][0]["letterSpacing"] = json!("1px");
    bubble["footer"] = json!({ "type": "box", "layout": "vertical", "contents": [
        { "type": "button", "action": { "type": "message", "label": "a", "text": "a", "txet": "b" } }] });
    let found = problems(MessageType::Flex, json!({ "altText": "a", "contents": bubble }));
    let names: Vec<_> = found.iter().map(|p| p.field.trim_start_matches("content.contents.")).collect();
    assert_eq!(
        names,
        [
            "body.contents[0].letterSpacing",
            "hero.size",
            "styles.type",
            "styles.header.color",
            "footer.contents[0].action.txet"
        ]
    );
    assert!(found.iter().all(|p| p.message == "is not a member LINE knows here"));
    let column = json!({ "text": "t", "image": "x", "actions": [uri("https://example.com")] });
    let found = template(json!({ "type": "carousel", "columns": [column] }));
    assert_eq!(found, ["content.template.columns[0].image"]);
}

#[test]
fn a_spacer_is_refused_by_name() {
    let found =
        problems(MessageType::Flex, json!({ "altText": "a", "contents": body(json!({ "type": "spacer" })) }));
    assert_eq!(found[0].field, format!("{FIRST}.type"));
    assert!(found[0].message.contains("spacer"), "{}", found[0].message);
}

#[test]
fn nothing_in_flex_is_null_and_elsewhere_null_is_left_out() {
    refused(&text("a"), &[("color", Value::Null), ("text", Value::Null)]);
    let tapped = |action: Value| flex(body(json!({ "type": "text", "text": "a", "action": action })));
    let uri =
        json!({ "type": "uri", "label": null, "uri": "https://a.example", "altUri": { "desktop": null } });
    let found = tapped(uri);
    assert_eq!(found, ["label", "altUri.desktop"].map(|name| format!("{FIRST}.action.{name}")));
    let picker = json!({ "type": "datetimepicker", "data": "d", "mode": "date", "min": null });
    assert_eq!(tapped(picker), [format!("{FIRST}.action.min")]);
    let action = json!({ "type": "message", "label": "a", "text": "a" });
    let card = json!({ "type": "buttons", "title": null, "thumbnailImageUrl": null, "text": "t", "actions": [action] });
    assert!(template(card).is_empty());
    let text_missing = json!({ "type": "confirm", "text": null, "actions": [action, action] });
    assert_eq!(template(text_missing), ["content.template.text"]);
}

#[test]
fn values_of_a_text_are_of_their_form() {
    refused(
        &text("a"),
        &[
            ("size", json!("BAD")),
            ("size", json!("full")),
            ("align", json!("left")),
            ("gravity", json!("middle")),
            ("color", json!("red")),
            ("weight", json!("700")),
            ("style", json!("oblique")),
            ("decoration", json!("overline")),
            ("wrap", json!("true")),
            ("maxLines", json!(-1)),
            ("maxLines", json!("2")),
            ("lineSpacing", json!("md")),
            ("flex", json!(-1)),
            ("flex", json!(1.5)),
            ("margin", json!("5%")),
            ("adjustMode", json!("shrink")),
            ("scaling", json!(1)),
            ("position", json!("fixed")),
            ("offsetTop", json!("10")),
        ],
    );
}

#[test]
fn values_of_a_box_are_of_their_form() {
    refused(
        &json!({ "type": "box", "layout": "vertical", "contents": [] }),
        &[
            ("spacing", json!("10%")),
            ("borderWidth", json!("thick")),
            ("cornerRadius", json!("50%")),
            ("width", json!("md")),
            ("maxHeight", json!("-5px")),
            ("paddingAll", json!("10")),
            ("justifyContent", json!("start")),
            ("alignItems", json!("stretch")),
            ("backgroundColor", json!("#fff")),
            ("contents", json!({})),
        ],
    );
}

#[test]
fn values_of_a_picture_are_of_their_form() {
    refused(
        &image(),
        &[
            ("url", json!("http://example.com/a.png")),
            ("size", json!("huge")),
            ("aspectRatio", json!("1:4")),
            ("aspectRatio", json!("16/9")),
            ("aspectMode", json!("contain")),
            ("backgroundColor", json!("white")),
            ("animated", json!("yes")),
        ],
    );
}

#[test]
fn values_of_a_button_are_of_their_form() {
    let button = json!({ "type": "button", "action": uri("https://example.com") });
    refused(
        &button,
        &[
            ("style", json!("danger")),
            ("height", json!("lg")),
            ("color", json!("blue")),
            ("gravity", json!("start")),
            ("action", json!("tap")),
        ],
    );
}

#[test]
fn a_gradient_has_an_angle_and_colours() {
    let with = |background: Value| {
        body(json!({ "type": "box", "layout": "vertical", "contents": [], "background": background }))
    };
    let gradient = json!({ "type": "linearGradient", "angle": "45deg", "startColor": "#000000",
        "endColor": "#ffffff80", "centerColor": "#808080", "centerPosition": "10%" });
    taken(with(gradient.clone()));
    let mut turned = gradient.clone();
    turned["angle"] = json!("360deg");
    assert_eq!(flex(with(turned)), [format!("{FIRST}.background.angle")]);
    assert_eq!(flex(with(json!({ "type": "radialGradient" }))), [format!("{FIRST}.background.type")]);
    let bare = flex(with(json!({ "type": "linearGradient" })));
    assert_eq!(bare, ["angle", "startColor", "endColor"].map(|name| format!("{FIRST}.background.{name}")));
}

#[test]
fn a_baseline_box_holds_icons_texts_and_fillers_and_no_other_box_holds_icons() {
    let icon = json!({ "type": "icon", "url": "https://example.com/a.png" });
    let filler = json!({ "type": "filler" });
    taken(body_of("baseline", &[icon.clone(), text("a"), filler.clone()]));
    let separator = json!({ "type": "separator" });
    taken(body_of("horizontal", &[image(), text("a"), filler, separator.clone()]));
    for other in [image(), separator, json!({ "type": "box", "layout": "vertical", "contents": [] })] {
        assert_eq!(flex(body_of("baseline", &[other])), [format!("{FIRST}.type")]);
    }
    for layout in ["horizontal", "vertical"] {
        assert_eq!(flex(body_of(layout, std::slice::from_ref(&icon))), [format!("{FIRST}.type")]);
    }
}

#[test]
fn a_span_lies_in_a_text_and_nowhere_else() {
    taken(body(json!({ "type": "text", "contents": [{ "type": "span", "text": "a", "size": "xl" }] })));
    assert_eq!(flex(body(json!({ "type": "span", "text": "a" }))), [format!("{FIRST}.type")]);
    let in_text = flex(body(json!({ "type": "text", "contents": [text("a")] })));
    assert_eq!(in_text, [format!("{FIRST}.contents[0].type")]);
}

#[test]
fn a_text_says_something_unless_spans_do() {
    let spans = json!([{ "type": "span" }, { "type": "span", "text": "a" }]);
    taken(body(json!({ "type": "text", "contents": spans })));
    taken(body(json!({ "type": "text", "text": "", "contents": spans })));
    taken(body(json!({ "type": "text", "text": "a", "contents": [] })));
    taken(body(text(" ")));
    for silent in [json!({ "type": "text" }), json!({ "type": "text", "contents": [] }), text("")] {
        assert_eq!(flex(body(silent)), [format!("{FIRST}.text")]);
    }
}

#[test]
fn a_video_is_a_hero_with_a_picture_in_its_place() {
    taken(json!({ "type": "bubble", "size": "kilo", "hero": video() }));
    assert_eq!(flex(body(video())), [format!("{FIRST}.type")]);
    let mut bare = video();
    bare.as_object_mut().expect("an object").remove("altContent");
    let hero = |hero: Value| json!({ "type": "bubble", "hero": hero });
    assert_eq!(flex(hero(bare.clone())), ["content.contents.hero.altContent"]);
    bare["altContent"] = text("no picture");
    assert_eq!(flex(hero(bare)), ["content.contents.hero.altContent.type"]);
    let mut tapped = video();
    tapped["action"] = json!({ "type": "message", "label": "a", "text": "a" });
    assert_eq!(flex(hero(tapped)), ["content.contents.hero.action.type"]);
}

#[test]
fn a_video_is_alone_and_its_bubble_large_enough() {
    for size in ["nano", "micro", "deca", "hecto"] {
        let small = flex(json!({ "type": "bubble", "size": size, "hero": video() }));
        assert_eq!(small, ["content.contents.size"]);
    }
    let carousel =
        json!({ "type": "carousel", "contents": [body(text("a")), { "type": "bubble", "hero": video() }] });
    assert_eq!(flex(carousel), ["content.contents.contents[1].hero.type"]);
}

#[test]
fn bubbles_of_one_carousel_have_one_size() {
    let bubble = |size: Option<&str>| {
        let mut bubble = body(text("a"));
        if let Some(size) = size {
            bubble["size"] = json!(size);
        }
        bubble
    };
    let carousel = |bubbles: &[Value]| json!({ "type": "carousel", "contents": bubbles });
    taken(carousel(&[bubble(None), bubble(Some("mega"))]));
    let mixed = flex(carousel(&[bubble(Some("kilo")), bubble(Some("kilo")), bubble(None)]));
    assert_eq!(mixed, ["content.contents.contents[2].size"]);
    taken(carousel(&vec![bubble(None); 12]));
    assert_eq!(flex(carousel(&vec![bubble(None); 13])), ["content.contents.contents"]);
    assert_eq!(flex(carousel(&[])), ["content.contents.contents"]);
}

#[test]
fn at_most_ten_pictures_of_a_message_move() {
    let moving = json!({ "type": "image", "url": "https://example.com/a.png", "animated": true });
    let still = json!({ "type": "image", "url": "https://example.com/a.png", "animated": false });
    let bubble =
        |moves: usize| body_of("vertical", &[vec![moving.clone(); moves], vec![still.clone()]].concat());
    let carousel = |a, b| json!({ "type": "carousel", "contents": [bubble(a), bubble(b)] });
    taken(carousel(4, 6));
    assert_eq!(flex(carousel(4, 7)), ["content.contents.contents[1].body.contents[6].animated"]);
}

#[test]
fn a_bubble_has_a_block_and_known_words() {
    assert_eq!(flex(json!({ "type": "bubble" })), ["content.contents"]);
    for (name, wrong) in
        [("size", json!("full")), ("direction", json!("ttb")), ("header", text("a")), ("hero", text("a"))]
    {
        let mut bubble = body(text("a"));
        bubble[name] = wrong.clone();
        let field = if wrong.is_object() { format!("{name}.type") } else { name.to_owned() };
        assert_eq!(flex(bubble), [format!("content.contents.{field}")]);
    }
}

#[test]
fn a_carousel_of_50_kb_is_looked_through_in_no_time() {
    let line =
        json!({ "type": "text", "text": "ก่อนอาหาร 1 เม็ด", "size": "sm", "color": "#666666", "wrap": true });
    let bubble = body_of("vertical", &vec![line; 36]);
    let carousel = json!({ "type": "carousel", "contents": vec![bubble; 12] });
    let bytes = carousel.to_string().len();
    assert!((45_000..=50 * 1024).contains(&bytes), "{bytes}");
    let content =
        Content::parse(MessageType::Flex, &json!({ "altText": "a", "contents": carousel }), "content")
            .expect("the form is right");
    // The best of a few: other tests run beside this one.
    let best = (0..20).map(|_| {
        let began = std::time::Instant::now();
        assert_eq!(check(&content, "content"), []);
        began.elapsed()
    });
    let best = best.min().expect("some");
    // Without optimisation it takes several times as long.
    let most_ms = if cfg!(debug_assertions) { 50 } else { 5 };
    assert!(best.as_millis() < most_ms, "{best:?}");
}

#[test]
fn realistic_containers_are_taken() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/flex");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).expect("the folder is there") {
        let path = file.expect("a file").path();
        let contents: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).expect("readable")).expect("JSON");
        let found = problems(MessageType::Flex, json!({ "altText": "a", "contents": contents }));
        assert!(found.is_empty(), "{}: {found:?}", path.display());
        seen += 1;
    }
    assert!(seen >= 20, "{seen}");
}
