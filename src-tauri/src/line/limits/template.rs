//! The four templates (Messaging API reference, "Template messages").

use serde_json::{Map, Value};

use super::{
    Problems, action,
    table::{Form, Member, Table, Text, Unit, items, optional, required},
    walk::{Path, Walk},
};
use crate::{
    domain::feedback::{MAX_BUTTONS, MAX_QUESTION},
    error::FieldCode,
};

pub(in crate::line) fn check(found: &mut Problems, field: &str, template: &Value) {
    Walk::new(found).part(&Path::Root(field), template, &TEMPLATES);
}

pub(super) static TEMPLATES: [&Table; 4] = [&BUTTONS, &CONFIRM, &CAROUSEL, &IMAGE_CAROUSEL];

/// The layout of a picture in its card.
static PICTURE: [Member; 2] = [
    optional("imageAspectRatio", Form::Word(&["rectangle", "square"])),
    optional("imageSize", Form::Word(&["cover", "contain"])),
];

static CARD: [Member; 4] = [
    optional("thumbnailImageUrl", Form::File),
    optional("imageBackgroundColor", Form::OpaqueColor),
    optional("title", Text::up_to(40, Unit::Clusters)),
    optional("defaultAction", Form::Action(&action::REST_OF_TEMPLATE)),
];

const fn buttons(least: u32, max: u32) -> Member {
    required("actions", Form::Actions { place: &action::BUTTON_OF_TEMPLATE, least, max })
}

static BUTTONS: Table = Table {
    schema: "ButtonsTemplate",
    kind: "buttons",
    takes_null: true,
    members: &[
        &PICTURE,
        &CARD,
        &[
            required("text", Form::CardText { alone: MAX_QUESTION, beside: 60 }),
            buttons(1, items(MAX_BUTTONS)),
        ],
    ],
    rules: &[],
};

static CONFIRM: Table = Table {
    schema: "ConfirmTemplate",
    kind: "confirm",
    takes_null: true,
    members: &[&[required("text", Text::up_to(240, Unit::Clusters)), buttons(2, 2)]],
    rules: &[],
};

static CAROUSEL: Table = Table {
    schema: "CarouselTemplate",
    kind: "carousel",
    takes_null: true,
    members: &[&PICTURE, &[required("columns", Form::List { of: &COLUMN, least: 1, max: 10 })]],
    rules: &[columns_alike],
};

pub(super) static COLUMN: Table = Table {
    schema: "CarouselColumn",
    kind: "",
    takes_null: true,
    members: &[&CARD, &[required("text", Form::CardText { alone: 120, beside: 60 }), buttons(1, 3)]],
    rules: &[],
};

static IMAGE_CAROUSEL: Table = Table {
    schema: "ImageCarouselTemplate",
    kind: "image_carousel",
    takes_null: true,
    members: &[&[required("columns", Form::List { of: &IMAGE_COLUMN, least: 1, max: 10 })]],
    rules: &[],
};

pub(super) static IMAGE_COLUMN: Table = Table {
    schema: "ImageCarouselColumn",
    kind: "",
    takes_null: true,
    members: &[&[
        required("imageUrl", Form::File),
        required("action", Form::Action(&action::PICTURE_OF_CAROUSEL)),
    ]],
    rules: &[],
};

pub(super) fn has_picture_or_title(card: &Map<String, Value>) -> bool {
    has(card, "thumbnailImageUrl") || has(card, "title")
}

fn has(card: &Map<String, Value>, name: &str) -> bool {
    card.get(name).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
}

/// What the columns of a carousel have in common.
struct Shape {
    buttons: Option<usize>,
    has_picture: bool,
    has_title: bool,
}

/// Checks that every column has as many buttons as the first, and a picture or a title where the
/// first has one.
fn columns_alike(walk: &mut Walk<'_>, at: &Path<'_>, carousel: &Map<String, Value>) {
    let columns = carousel.get("columns").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let shape = |column: &Value| {
        let column = column.as_object()?;
        let buttons = column.get("actions").and_then(Value::as_array).map(Vec::len);
        let (has_picture, has_title) = (has(column, "thumbnailImageUrl"), has(column, "title"));
        Some(Shape { buttons, has_picture, has_title })
    };
    let Some(first) = columns.first().and_then(shape) else { return };
    let list = at.member("columns");
    for (n, column) in columns.iter().enumerate().take(10) {
        let (Some(shape), here) = (shape(column), list.item(n)) else { continue };
        if shape.buttons != first.buttons {
            walk.add(&here.member("actions"), FieldCode::NotAsManyAsFirst);
        }
        if shape.has_picture != first.has_picture {
            walk.add(&here.member("thumbnailImageUrl"), FieldCode::NotInEveryColumn);
        }
        if shape.has_title != first.has_title {
            walk.add(&here.member("title"), FieldCode::NotInEveryColumn);
        }
    }
}
