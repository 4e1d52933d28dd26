//! Actions of a tap (Messaging API reference, "Action objects"), and where each may stand.

use serde_json::{Map, Value};

use super::{
    form,
    table::{ActionPlace, Form, Member, Table, Text, Unit, optional, required},
    walk::{Path, Walk},
};
use crate::{
    domain::quick_reply::{MAX_DATA, MAX_SAID},
    error::FieldCode,
};

/// The most UTF-16 code units of an address a tap opens.
pub(super) const MAX_URI: u32 = 1_000;

/// The forms of the data that comes back, and of the text the patient seems to say.
const DATA: Form = Text::maybe(MAX_DATA, Unit::Utf16);
const SAID: Form = Text::maybe(MAX_SAID, Unit::Clusters);

// How long it may be depends on where the action stands.
static LABEL: [Member; 1] = [optional("label", Text::ANY)];

pub(super) static POSTBACK: Table = Table {
    schema: "PostbackAction",
    kind: "postback",
    takes_null: true,
    members: &[
        &LABEL,
        &[
            required("data", DATA),
            optional("displayText", SAID),
            optional("text", SAID),
            optional(
                "inputOption",
                Form::Word(&["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"]),
            ),
            optional("fillInText", SAID),
        ],
    ],
    rules: &[display_text_or_text, not_ours],
};

/// A postback in a quick reply seems to say its `displayText` ("Quick reply", LINE's own SDKs).
static POSTBACK_OF_QUICK_REPLY: Table = Table {
    schema: "PostbackAction",
    kind: "postback",
    takes_null: true,
    members: &[
        &[required("displayText", SAID)],
        &LABEL,
        &[
            required("data", DATA),
            optional("text", SAID),
            optional(
                "inputOption",
                Form::Word(&["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"]),
            ),
            optional("fillInText", SAID),
        ],
    ],
    rules: &[display_text_or_text, not_ours],
};

pub(super) static MESSAGE: Table = Table {
    schema: "MessageAction",
    kind: "message",
    takes_null: true,
    members: &[&LABEL, &[required("text", Text::up_to(MAX_SAID, Unit::Clusters))]],
    rules: &[],
};

pub(super) static URI: Table = Table {
    schema: "URIAction",
    kind: "uri",
    takes_null: true,
    members: &[&LABEL, &[required("uri", Form::Uri), optional("altUri", Form::Object(&ALT_URI))]],
    rules: &[],
};

pub(super) static ALT_URI: Table = Table {
    schema: "AltUri",
    kind: "",
    takes_null: true,
    members: &[&[optional("desktop", Form::Uri)]],
    rules: &[],
};

pub(super) static DATETIME_PICKER: Table = Table {
    schema: "DatetimePickerAction",
    kind: "datetimepicker",
    takes_null: true,
    members: &[
        &LABEL,
        &[
            required("data", DATA),
            required("mode", Form::Word(&["date", "time", "datetime"])),
            optional("initial", Form::Moment),
            optional("max", Form::Moment),
            optional("min", Form::Moment),
        ],
    ],
    rules: &[moments_in_order, not_ours],
};

pub(super) static CLIPBOARD: Table = Table {
    schema: "ClipboardAction",
    kind: "clipboard",
    takes_null: true,
    members: &[&LABEL, &[required("clipboardText", Text::up_to(1_000, Unit::Utf16))]],
    rules: &[],
};

pub(super) static CAMERA: Table =
    Table { schema: "CameraAction", kind: "camera", takes_null: true, members: &[&LABEL], rules: &[] };

pub(super) static CAMERA_ROLL: Table = Table {
    schema: "CameraRollAction",
    kind: "cameraRoll",
    takes_null: true,
    members: &[&LABEL],
    rules: &[],
};

pub(super) static LOCATION: Table =
    Table { schema: "LocationAction", kind: "location", takes_null: true, members: &[&LABEL], rules: &[] };

/// The actions allowed in a message. `richmenuswitch` belongs to rich menus only.
static IN_MESSAGES: [&Table; 5] = [&POSTBACK, &MESSAGE, &URI, &DATETIME_PICKER, &CLIPBOARD];

static IN_QUICK_REPLIES: [&Table; 8] = [
    &POSTBACK_OF_QUICK_REPLY,
    &MESSAGE,
    &URI,
    &DATETIME_PICKER,
    &CLIPBOARD,
    &CAMERA,
    &CAMERA_ROLL,
    &LOCATION,
];

static FOR_VIDEOS: [&Table; 1] = [&URI];

pub(super) static BUTTON_OF_FLEX: ActionPlace =
    ActionPlace { actions: &IN_MESSAGES, needs_label: true, takes_null: false, max_label: 40 };

/// A box, a picture, a text or a whole bubble, whose label does not show.
pub(super) static ELSEWHERE_IN_FLEX: ActionPlace =
    ActionPlace { actions: &IN_MESSAGES, needs_label: false, takes_null: false, max_label: 40 };

pub(super) static VIDEO_OF_FLEX: ActionPlace =
    ActionPlace { actions: &FOR_VIDEOS, needs_label: false, takes_null: false, max_label: 40 };

pub(super) static BUTTON_OF_TEMPLATE: ActionPlace =
    ActionPlace { actions: &IN_MESSAGES, needs_label: true, takes_null: true, max_label: super::LABEL };

/// The rest of a card, whose label does not show.
pub(super) static REST_OF_TEMPLATE: ActionPlace =
    ActionPlace { actions: &IN_MESSAGES, needs_label: false, takes_null: true, max_label: super::LABEL };

pub(super) static PICTURE_OF_CAROUSEL: ActionPlace =
    ActionPlace { actions: &IN_MESSAGES, needs_label: false, takes_null: true, max_label: 12 };

pub(super) static QUICK_REPLY: ActionPlace =
    ActionPlace { actions: &IN_QUICK_REPLIES, needs_label: true, takes_null: true, max_label: super::LABEL };

fn display_text_or_text(walk: &mut Walk<'_>, at: &Path<'_>, action: &Map<String, Value>) {
    let has = |name| action.get(name).is_some_and(|v| !v.is_null());
    if has("displayText") && has("text") {
        walk.add(&at.member("text"), FieldCode::BesideDisplayText);
    }
}

fn not_ours(walk: &mut Walk<'_>, at: &Path<'_>, action: &Map<String, Value>) {
    if action.get("data").and_then(Value::as_str).is_some_and(super::is_reserved) {
        walk.add(&at.member("data"), FieldCode::ReservedData);
    }
}

fn moments_in_order(walk: &mut Walk<'_>, at: &Path<'_>, action: &Map<String, Value>) {
    let Some(mode @ ("date" | "time" | "datetime")) = action.get("mode").and_then(Value::as_str) else {
        return;
    };
    let [initial, min, max] = ["initial", "min", "max"].map(|name| {
        let text = action.get(name)?.as_str()?;
        let moment = form::moment(text, mode);
        if moment.is_none() {
            walk.add(&at.member(name), like(mode));
        }
        moment
    });
    if let (Some(min), Some(max)) = (&min, &max)
        && min >= max
    {
        walk.add(&at.member("max"), FieldCode::NotLaterThanMin);
    }
    let is_early = initial.as_ref().zip(min.as_ref()).is_some_and(|(initial, min)| initial < min);
    let is_late = initial.as_ref().zip(max.as_ref()).is_some_and(|(initial, max)| initial > max);
    if is_early || is_late {
        walk.add(&at.member("initial"), FieldCode::OutsideMinAndMax);
    }
}

fn like(mode: &str) -> FieldCode {
    match mode {
        "date" => FieldCode::NotAPickerDate,
        "time" => FieldCode::NotAPickerTime,
        _ => FieldCode::NotAPickerMoment,
    }
}
