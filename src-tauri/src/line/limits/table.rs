//! The form of a table: the members of an object of LINE's, and the form of each. The tables
//! themselves are in [`super::flex`], [`super::template`], [`super::action`] and
//! [`super::quick_reply`].

use serde_json::{Map, Value};

use super::{form::Size, walk::Walk};

pub(super) struct Table {
    /// Its name in LINE's OpenAPI file.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests hold the tables against that file"))]
    pub(crate) schema: &'static str,
    /// The value of its `type`; empty where it has none.
    pub(crate) kind: &'static str,
    /// Whether LINE takes `null` for a member that is left out; not in Flex.
    pub(crate) takes_null: bool,
    /// All members besides `type`, in groups that several objects share.
    pub(crate) members: &'static [&'static [Member]],
    pub(crate) rules: &'static [Rule],
}

/// Checks a whole object whose members have been checked one by one.
pub(super) type Rule = fn(&mut Walk<'_>, &super::walk::Path<'_>, &Map<String, Value>);

#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) form: Form,
}

pub(super) const fn required(name: &'static str, form: Form) -> Member {
    Member { name, required: true, form }
}

pub(super) const fn optional(name: &'static str, form: Form) -> Member {
    Member { name, required: false, form }
}

/// The length of a list of the domain's, as the tables count.
#[expect(clippy::cast_possible_truncation, reason = "no list has thousands of millions of items")]
pub(super) const fn items(max: usize) -> u32 {
    max as u32
}

#[derive(Clone, Copy)]
pub(super) enum Form {
    Word(&'static [&'static str]),
    Text(Text),
    /// The text of a card, in grapheme clusters; it has less room beside a picture or a title.
    CardText {
        alone: u32,
        beside: u32,
    },
    Flag,
    /// A whole number, 0 or more.
    Whole,
    Size(Size),
    /// A colour, `#RRGGBB` or `#RRGGBBAA`.
    Color,
    /// A colour, `#RRGGBB`.
    OpaqueColor,
    /// `20:13`, at most three times as high as wide.
    Ratio,
    /// `90deg`, 0 to less than 360.
    Angle,
    /// `50%`, 0 to 100.
    Position,
    /// A day, a time or both, by the `mode` beside it.
    Moment,
    /// The address of a picture or a video.
    File,
    /// The address a tap opens, or a telephone number.
    Uri,
    Object(&'static Table),
    /// One of several kinds of object, told apart by `type`.
    Part(&'static [&'static Table]),
    Parts(Parts),
    /// The children of a box; the kinds depend on its `layout`.
    Contents,
    List {
        of: &'static Table,
        least: u32,
        max: u32,
    },
    Action(&'static ActionPlace),
    Actions {
        place: &'static ActionPlace,
        least: u32,
        max: u32,
    },
}

#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(crate) may_be_empty: bool,
    /// The longest length; `None` where LINE documents no limit.
    pub(crate) max: Option<(u32, Unit)>,
}
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    Utf16,
    Clusters,
}

#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(crate) of: &'static [&'static Table],
    pub(crate) least: u32,
    pub(crate) max: Option<u32>,
}

/// The place of an action, which decides the actions allowed there and the rules for their label
/// (Messaging API reference, "Specifications of the label").
pub(super) struct ActionPlace {
    pub(crate) actions: &'static [&'static Table],
    pub(crate) needs_label: bool,
    /// Whether a null member of the action counts as left out; never in Flex.
    pub(crate) takes_null: bool,
    /// The longest label, in grapheme clusters.
    pub(crate) max_label: u32,
}

impl Table {
    pub(super) fn member(&self, name: &str) -> Option<&'static Member> {
        for group in self.members {
            for member in *group {
                if member.name == name {
                    return Some(member);
                }
            }
        }
        None
    }

    #[cfg(test)]
    pub(super) fn all_members(&self) -> impl Iterator<Item = &'static Member> + use<> {
        self.members.iter().copied().flatten()
    }
}

impl Text {
    /// A text of 1 to `max`.
    pub(super) const fn up_to(max: u32, unit: Unit) -> Form {
        Form::Text(Self { may_be_empty: false, max: Some((max, unit)) })
    }

    /// A text of 0 to `max`.
    pub(super) const fn maybe(max: u32, unit: Unit) -> Form {
        Form::Text(Self { may_be_empty: true, max: Some((max, unit)) })
    }

    /// A text of any length, or an empty one.
    pub(super) const ANY: Form = Form::Text(Self { may_be_empty: true, max: None });
}
