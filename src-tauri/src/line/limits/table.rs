//! What a table says: the members of an object of LINE's, and the form of each. The tables
//! themselves are in [`super::flex`], [`super::template`], [`super::action`] and
//! [`super::quick_reply`].

use serde_json::{Map, Value};

use super::{form::Size, walk::Walk};

/// What an object of LINE's may have, member by member.
pub(super) struct Table {
    /// Its name in LINE's OpenAPI file.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests hold the tables against that file"))]
    pub(crate) schema: &'static str,
    /// What its `type` says; empty where it has none.
    pub(crate) kind: &'static str,
    /// Whether LINE takes `null` for a member that is left out. In Flex it does not.
    pub(crate) takes_null: bool,
    /// All it may have besides `type`, in groups that several objects share.
    pub(crate) members: &'static [&'static [Member]],
    /// What reaches across its members.
    pub(crate) rules: &'static [Rule],
}

/// Looks at a whole object whose members have been looked at one by one.
pub(super) type Rule = fn(&mut Walk<'_>, &super::walk::Path<'_>, &Map<String, Value>);

/// One member of an object.
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

/// The form of a value.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// One of these words.
    Word(&'static [&'static str]),
    /// Words that somebody reads.
    Text(Text),
    /// The text of a card, which has less room beside a picture or a title: in grapheme
    /// clusters.
    CardText {
        alone: u32,
        beside: u32,
    },
    /// `true` or `false`.
    Flag,
    /// A whole number from 0 on.
    Whole,
    Size(Size),
    /// `#RRGGBB` or `#RRGGBBAA`.
    Color,
    /// `#RRGGBB`.
    OpaqueColor,
    /// `20:13`, at most three times as high as wide.
    Ratio,
    /// `90deg`, 0 to less than 360.
    Angle,
    /// `50%`, 0 to 100.
    Position,
    /// A day, a time or both, as the `mode` beside it says.
    Moment,
    /// Where a picture or a video lies.
    File,
    /// What a tap opens: an address or a telephone number.
    Uri,
    /// An object of one kind.
    Object(&'static Table),
    /// One of several kinds of object, told apart by `type`.
    Part(&'static [&'static Table]),
    Parts(Parts),
    /// What lies in a box: which kinds depends on its `layout`.
    Contents,
    /// Several objects of one kind.
    List {
        of: &'static Table,
        least: u32,
        most: u32,
    },
    /// What happens on a tap.
    Action(&'static Place),
    /// What happens on a tap of one of several buttons.
    Actions {
        place: &'static Place,
        least: u32,
        most: u32,
    },
}

/// A text that somebody reads.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(crate) may_be_empty: bool,
    /// How long it may be; `None` where LINE documents no limit.
    pub(crate) most: Option<(u32, Unit)>,
}
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    Utf16,
    Clusters,
}

/// Parts of a whole, each of one of several kinds.
#[derive(Clone, Copy)]
pub(super) struct Parts {
    pub(crate) of: &'static [&'static Table],
    pub(crate) least: u32,
    pub(crate) most: Option<u32>,
}

/// Where an action stands: that decides which ones may stand there and what is said of their
/// label (Messaging API reference, "Specifications of the label").
pub(super) struct Place {
    pub(crate) actions: &'static [&'static Table],
    pub(crate) needs_label: bool,
    /// Whether a member of the action that is null is as good as left out; never in Flex.
    pub(crate) takes_null: bool,
    /// The longest label, in grapheme clusters.
    pub(crate) max_label: u32,
}

impl Table {
    /// The member of this name.
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
    /// A text of 1 to `most`.
    pub(super) const fn up_to(most: u32, unit: Unit) -> Form {
        Form::Text(Self { may_be_empty: false, most: Some((most, unit)) })
    }

    /// A text of 0 to `most`.
    pub(super) const fn maybe(most: u32, unit: Unit) -> Form {
        Form::Text(Self { may_be_empty: true, most: Some((most, unit)) })
    }

    /// A text of any length, or an empty one.
    pub(super) const ANY: Form = Form::Text(Self { may_be_empty: true, most: None });
}
