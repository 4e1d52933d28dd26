//! Flex messages (Messaging API reference, "Flex Message"): the containers, and the rules across
//! them.

use serde_json::{Map, Value};

use super::{
    Problems, action,
    table::{Form, Member, Parts, Table, optional, required},
    walk::{Path, Walk},
};
use crate::error::{FieldCode, FieldProblem};

mod component;

pub(super) use component::children_of;
#[cfg(test)]
pub(super) use component::{COMPONENTS, GRADIENTS};

const MAX_BUBBLE_BYTES: u32 = 30 * 1024;
const MAX_CAROUSEL_BYTES: u32 = 50 * 1024;
const MAX_BUBBLES: u32 = 12;

pub(in crate::line) fn check(found: &mut Problems, field: &str, contents: &Value) {
    Walk::new(found).part(&Path::Root(field), contents, &CONTAINERS);
}

pub(super) static CONTAINERS: [&Table; 2] = [&BUBBLE, &CAROUSEL];

static BUBBLE: Table = Table {
    schema: "FlexBubble",
    kind: "bubble",
    takes_null: false,
    members: &[&[
        optional("size", Form::Word(&["nano", "micro", "deca", "hecto", "kilo", "mega", "giga"])),
        optional("direction", Form::Word(&["ltr", "rtl"])),
        optional("header", Form::Part(&component::BOXES)),
        optional("hero", Form::Part(&component::HEROES)),
        optional("body", Form::Part(&component::BOXES)),
        optional("footer", Form::Part(&component::BOXES)),
        optional("styles", Form::Object(&STYLES)),
        optional("action", Form::Action(&action::ELSEWHERE_IN_FLEX)),
    ]],
    rules: &[some_block, room_for_a_video, bubble_bytes],
};

static CAROUSEL: Table = Table {
    schema: "FlexCarousel",
    kind: "carousel",
    takes_null: false,
    members: &[&[required(
        "contents",
        Form::Parts(Parts { of: &BUBBLES, least: 1, max: Some(MAX_BUBBLES) }),
    )]],
    rules: &[bubbles_of_one_size, no_videos, carousel_bytes],
};

static BUBBLES: [&Table; 1] = [&BUBBLE];

pub(super) static STYLES: Table = Table {
    schema: "FlexBubbleStyles",
    kind: "",
    takes_null: false,
    members: &[&[block("header"), block("hero"), block("body"), block("footer")]],
    rules: &[],
};

const fn block(name: &'static str) -> Member {
    optional(name, Form::Object(&BLOCK_STYLE))
}

pub(super) static BLOCK_STYLE: Table = Table {
    schema: "FlexBlockStyle",
    kind: "",
    takes_null: false,
    members: &[&[
        optional("backgroundColor", Form::Color),
        optional("separator", Form::Flag),
        optional("separatorColor", Form::Color),
    ]],
    rules: &[],
};

/// Refuses a bubble without any block: LINE answers it with 400.
fn some_block(walk: &mut Walk<'_>, at: &Path<'_>, bubble: &Map<String, Value>) {
    if !["header", "hero", "body", "footer"].iter().any(|block| bubble.contains_key(*block)) {
        walk.add(at, FieldCode::EmptyBubble);
    }
}

fn shows_video(bubble: &Map<String, Value>) -> bool {
    bubble.get("hero").is_some_and(|hero| hero["type"] == "video")
}

fn room_for_a_video(walk: &mut Walk<'_>, at: &Path<'_>, bubble: &Map<String, Value>) {
    let size = bubble.get("size").and_then(Value::as_str);
    if shows_video(bubble) && matches!(size, Some("nano" | "micro" | "deca" | "hecto")) {
        walk.add(&at.member("size"), FieldCode::TooSmallForVideo);
    }
}

fn bubbles(carousel: &Map<String, Value>) -> impl Iterator<Item = (usize, &Map<String, Value>)> {
    let bubbles = carousel.get("contents").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let some = bubbles.iter().enumerate().take(MAX_BUBBLES as usize);
    some.filter_map(|(n, bubble)| Some((n, bubble.as_object()?)))
}

fn bubbles_of_one_size(walk: &mut Walk<'_>, at: &Path<'_>, carousel: &Map<String, Value>) {
    // A bubble without a size is `mega`.
    let size =
        |bubble: &Map<String, Value>| bubble.get("size").and_then(Value::as_str).unwrap_or("mega").to_owned();
    let Some((_, first)) = bubbles(carousel).next() else { return };
    let (first, list) = (size(first), at.member("contents"));
    for (n, bubble) in bubbles(carousel) {
        if size(bubble) != first {
            walk.add_taking(&list.item(n).member("size"), FieldCode::NotAsFirstBubble, &first);
        }
    }
}

fn no_videos(walk: &mut Walk<'_>, at: &Path<'_>, carousel: &Map<String, Value>) {
    let list = at.member("contents");
    for (n, bubble) in bubbles(carousel) {
        if shows_video(bubble) {
            walk.add(&list.item(n).member("hero").member("type"), FieldCode::VideoInCarousel);
        }
    }
}

fn bubble_bytes(walk: &mut Walk<'_>, at: &Path<'_>, bubble: &Map<String, Value>) {
    within(walk, at, bubble, MAX_BUBBLE_BYTES);
}

fn carousel_bytes(walk: &mut Walk<'_>, at: &Path<'_>, carousel: &Map<String, Value>) {
    within(walk, at, carousel, MAX_CAROUSEL_BYTES);
}

fn within(walk: &mut Walk<'_>, at: &Path<'_>, object: &Map<String, Value>, max: u32) {
    let bytes = bytes_of_object(object);
    if bytes > max as usize {
        walk.found.push(FieldProblem::over(at.to_string(), max, "bytes", bytes));
    }
}

/// The length in bytes of a value as compact JSON, counted without writing it.
pub(super) fn bytes_of(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::Bool(is) => 5 - usize::from(*is),
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => bytes_of_text(text),
        Value::Array(items) => 2 + items.len().saturating_sub(1) + items.iter().map(bytes_of).sum::<usize>(),
        Value::Object(object) => bytes_of_object(object),
    }
}

fn bytes_of_object(object: &Map<String, Value>) -> usize {
    let members = object.iter().map(|(name, value)| bytes_of_text(name) + 1 + bytes_of(value));
    2 + object.len().saturating_sub(1) + members.sum::<usize>()
}

/// The length of a JSON string in bytes, with its quotes and escapes.
fn bytes_of_text(text: &str) -> usize {
    let mut more = 2;
    for byte in text.as_bytes() {
        more += match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
            0..0x20 => 5,
            _ => 0,
        };
    }
    text.len() + more
}
