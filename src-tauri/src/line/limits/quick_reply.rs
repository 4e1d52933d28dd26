//! Members of any message: quick replies and the sender (Messaging API reference, "Quick reply" and
//! "Change icon and display name").

use super::{
    action,
    table::{Form, Table, Text, Unit, items, optional, required},
};
use crate::domain::{protocol::MAX_SENDER_NAME, quick_reply::MAX_QUICK_REPLIES};

pub(super) static QUICK_REPLY: Table = Table {
    schema: "QuickReply",
    kind: "",
    takes_null: true,
    members: &[&[required("items", Form::List { of: &ITEM, least: 1, max: items(MAX_QUICK_REPLIES) })]],
    rules: &[],
};

pub(super) static ITEM: Table = Table {
    schema: "QuickReplyItem",
    kind: "",
    takes_null: true,
    members: &[&[
        optional("type", Form::Word(&["action"])),
        optional("imageUrl", Form::File),
        required("action", Form::Action(&action::QUICK_REPLY)),
    ]],
    rules: &[],
};

pub(super) static SENDER: Table = Table {
    schema: "Sender",
    kind: "",
    takes_null: true,
    members: &[&[
        optional("name", Text::up_to(MAX_SENDER_NAME, Unit::Utf16)),
        optional("iconUrl", Form::File),
    ]],
    rules: &[],
};
