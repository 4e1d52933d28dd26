//! The components of Flex messages, and where each may stand.

use serde_json::{Map, Value};

use super::super::{
    action,
    form::Size,
    table::{Form, Member, Parts, Table, Text, optional, required},
    walk::{Path, Walk},
};
use crate::error::FieldCode;

const MAX_ANIMATED: u32 = 10;

/// Every component of Flex, by LINE's list.
#[cfg(test)]
pub(in super::super) static COMPONENTS: [&Table; 9] =
    [&BOX, &BUTTON, &IMAGE, &VIDEO, &ICON, &TEXT, &SPAN, &SEPARATOR, &FILLER];

pub(super) static BOXES: [&Table; 1] = [&BOX];
pub(super) static HEROES: [&Table; 3] = [&BOX, &IMAGE, &VIDEO];
static IN_PLACE_OF_A_VIDEO: [&Table; 2] = [&BOX, &IMAGE];
static SPANS: [&Table; 1] = [&SPAN];

/// Components laid out beside or below each other.
static LAID_OUT: [&Table; 6] = [&BOX, &BUTTON, &IMAGE, &TEXT, &SEPARATOR, &FILLER];

/// Components on one line of writing.
static ON_A_BASELINE: [&Table; 3] = [&ICON, &TEXT, &FILLER];

pub(in super::super) fn children_of(layout: Option<&Value>) -> &'static [&'static Table] {
    match layout.and_then(Value::as_str) {
        Some("baseline") => &ON_A_BASELINE,
        _ => &LAID_OUT,
    }
}

static FLEX: [Member; 1] = [optional("flex", Form::Whole)];
static MARGIN: [Member; 1] = [optional("margin", Form::Size(Size::SPACE))];
static SCALING: [Member; 1] = [optional("scaling", Form::Flag)];
static TAPPED: [Member; 1] = [optional("action", Form::Action(&action::ELSEWHERE_IN_FLEX))];
static UPRIGHT: [Member; 1] = [optional("gravity", Form::Word(&["top", "bottom", "center"]))];
static ALIGNED: [Member; 1] = [optional("align", Form::Word(&["start", "end", "center"]))];
static RATIO: [Member; 1] = [optional("aspectRatio", Form::Ratio)];
static SHRINKING: [Member; 1] = [optional("adjustMode", Form::Word(&["shrink-to-fit"]))];

static SHIFTED: [Member; 5] = [
    optional("position", Form::Word(&["relative", "absolute"])),
    optional("offsetTop", Form::Size(Size::SHIFT)),
    optional("offsetBottom", Form::Size(Size::SHIFT)),
    optional("offsetStart", Form::Size(Size::SHIFT)),
    optional("offsetEnd", Form::Size(Size::SHIFT)),
];

static WRITTEN: [Member; 5] = [
    optional("size", Form::Size(Size::FONT)),
    optional("color", Form::Color),
    optional("weight", Form::Word(&["regular", "bold"])),
    optional("style", Form::Word(&["normal", "italic"])),
    optional("decoration", Form::Word(&["none", "underline", "line-through"])),
];

static BOX: Table = Table {
    schema: "FlexBox",
    kind: "box",
    takes_null: false,
    members: &[
        &[
            required("layout", Form::Word(&["horizontal", "vertical", "baseline"])),
            required("contents", Form::Contents),
            optional("spacing", Form::Size(Size::SPACE)),
            optional("backgroundColor", Form::Color),
            optional("borderColor", Form::Color),
            optional("borderWidth", Form::Size(Size::BORDER)),
            optional("cornerRadius", Form::Size(Size::SPACE)),
            optional("width", Form::Size(Size::EXTENT)),
            optional("maxWidth", Form::Size(Size::EXTENT)),
            optional("height", Form::Size(Size::EXTENT)),
            optional("maxHeight", Form::Size(Size::EXTENT)),
            optional("paddingAll", Form::Size(Size::SHIFT)),
            optional("paddingTop", Form::Size(Size::SHIFT)),
            optional("paddingBottom", Form::Size(Size::SHIFT)),
            optional("paddingStart", Form::Size(Size::SHIFT)),
            optional("paddingEnd", Form::Size(Size::SHIFT)),
            optional(
                "justifyContent",
                Form::Word(&[
                    "center",
                    "flex-start",
                    "flex-end",
                    "space-between",
                    "space-around",
                    "space-evenly",
                ]),
            ),
            optional("alignItems", Form::Word(&["center", "flex-start", "flex-end"])),
            optional("background", Form::Part(&GRADIENTS)),
        ],
        &FLEX,
        &MARGIN,
        &SHIFTED,
        &TAPPED,
    ],
    rules: &[],
};

pub(in super::super) static GRADIENTS: [&Table; 1] = [&GRADIENT];

static GRADIENT: Table = Table {
    schema: "FlexBoxLinearGradient",
    kind: "linearGradient",
    takes_null: false,
    members: &[&[
        required("angle", Form::Angle),
        required("startColor", Form::Color),
        required("endColor", Form::Color),
        optional("centerColor", Form::Color),
        optional("centerPosition", Form::Position),
    ]],
    rules: &[],
};

static BUTTON: Table = Table {
    schema: "FlexButton",
    kind: "button",
    takes_null: false,
    members: &[
        &[
            required("action", Form::Action(&action::BUTTON_OF_FLEX)),
            optional("color", Form::Color),
            optional("style", Form::Word(&["primary", "secondary", "link"])),
            optional("height", Form::Word(&["md", "sm"])),
        ],
        &FLEX,
        &MARGIN,
        &SHIFTED,
        &UPRIGHT,
        &SHRINKING,
        &SCALING,
    ],
    rules: &[],
};

static IMAGE: Table = Table {
    schema: "FlexImage",
    kind: "image",
    takes_null: false,
    members: &[
        &[
            required("url", Form::File),
            optional("size", Form::Size(Size::PICTURE)),
            optional("aspectMode", Form::Word(&["fit", "cover"])),
            optional("backgroundColor", Form::Color),
            optional("animated", Form::Flag),
        ],
        &RATIO,
        &FLEX,
        &MARGIN,
        &SHIFTED,
        &ALIGNED,
        &UPRIGHT,
        &TAPPED,
    ],
    rules: &[few_animated],
};

static VIDEO: Table = Table {
    schema: "FlexVideo",
    kind: "video",
    takes_null: false,
    members: &[
        &[
            required("url", Form::File),
            required("previewUrl", Form::File),
            required("altContent", Form::Part(&IN_PLACE_OF_A_VIDEO)),
            optional("action", Form::Action(&action::VIDEO_OF_FLEX)),
        ],
        &RATIO,
    ],
    rules: &[],
};

static ICON: Table = Table {
    schema: "FlexIcon",
    kind: "icon",
    takes_null: false,
    members: &[
        &[required("url", Form::File), optional("size", Form::Size(Size::FONT))],
        &RATIO,
        &MARGIN,
        &SHIFTED,
        &SCALING,
    ],
    rules: &[],
};

static TEXT: Table = Table {
    schema: "FlexText",
    kind: "text",
    takes_null: false,
    members: &[
        &[
            optional("text", Text::ANY),
            optional("contents", Form::Parts(Parts { of: &SPANS, least: 0, max: None })),
            optional("wrap", Form::Flag),
            optional("lineSpacing", Form::Size(Size::PIXELS)),
            optional("maxLines", Form::Whole),
        ],
        &WRITTEN,
        &FLEX,
        &MARGIN,
        &SHIFTED,
        &ALIGNED,
        &UPRIGHT,
        &SHRINKING,
        &SCALING,
        &TAPPED,
    ],
    rules: &[text_or_spans],
};

static SPAN: Table = Table {
    schema: "FlexSpan",
    kind: "span",
    takes_null: false,
    members: &[&[optional("text", Text::ANY)], &WRITTEN],
    rules: &[],
};

static SEPARATOR: Table = Table {
    schema: "FlexSeparator",
    kind: "separator",
    takes_null: false,
    members: &[&[optional("color", Form::Color)], &MARGIN],
    rules: &[],
};

static FILLER: Table =
    Table { schema: "FlexFiller", kind: "filler", takes_null: false, members: &[&FLEX], rules: &[] };

/// Requires a text to have words, or spans: LINE then ignores its own words.
fn text_or_spans(walk: &mut Walk<'_>, at: &Path<'_>, text: &Map<String, Value>) {
    let has_spans = text.get("contents").and_then(Value::as_array).is_some_and(|spans| !spans.is_empty());
    match text.get("text") {
        _ if has_spans => {}
        None => walk.add(&at.member("text"), FieldCode::Missing),
        Some(Value::String(words)) if words.is_empty() => {
            walk.add(&at.member("text"), FieldCode::Empty);
        }
        Some(_) => {}
    }
}

fn few_animated(walk: &mut Walk<'_>, at: &Path<'_>, image: &Map<String, Value>) {
    walk.animated += u32::from(image.get("animated") == Some(&Value::Bool(true)));
    if walk.animated > MAX_ANIMATED && image.get("animated") == Some(&Value::Bool(true)) {
        walk.add_limited(&at.member("animated"), FieldCode::TooManyAnimated, MAX_ANIMATED);
    }
}
