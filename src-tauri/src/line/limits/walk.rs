//! Checks an object against its table, member by member. Driven by the tables only: members they
//! lack are refused by name.

use std::fmt;

use serde_json::{Map, Value};

use super::{
    Problems, form,
    table::{ActionPlace, Form, Member, Parts, Table, Text, Unit},
};
use crate::error::{FieldCode, FieldProblem};

/// The deepest nesting, above that of any layout that shows on a phone, the container included;
/// LINE documents no number.
const MAX_DEPTH: u32 = 22;

/// A place in a request, written out only for a refusal.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    Root(&'a str),
    Member(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    pub(super) const fn member(&'a self, name: &'a str) -> Path<'a> {
        Path::Member(self, name)
    }

    pub(super) const fn item(&'a self, number: usize) -> Path<'a> {
        Path::Item(self, number)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(field) => f.write_str(field),
            Self::Member(of, name) => write!(f, "{of}.{name}"),
            Self::Item(of, number) => write!(f, "{of}[{number}]"),
        }
    }
}

pub(super) struct Walk<'f> {
    pub(crate) found: &'f mut Problems,
    depth: u32,
    /// Whether it is in an action in which nothing may be null.
    refuses_null: bool,
    pub(crate) animated: u32,
}

impl<'f> Walk<'f> {
    pub(super) const fn new(found: &'f mut Problems) -> Self {
        Self { found, depth: 0, refuses_null: false, animated: 0 }
    }

    pub(super) fn add(&mut self, at: &Path<'_>, code: FieldCode) {
        self.found.add(&at.to_string(), code);
    }

    pub(super) fn add_limited(&mut self, at: &Path<'_>, code: FieldCode, limit: u32) {
        self.found.push(FieldProblem::limited(at.to_string(), code, limit));
    }

    pub(super) fn add_taking(&mut self, at: &Path<'_>, code: FieldCode, takes: &str) {
        self.found.push(FieldProblem::taking(at.to_string(), code, takes));
    }

    pub(super) fn object(&mut self, at: &Path<'_>, value: &Value, table: &Table) {
        let Some(object) = value.as_object() else { return self.add(at, FieldCode::NotAnObject) };
        let takes_null = table.takes_null && !self.refuses_null;
        for (name, value) in object {
            if name == "type" && !table.kind.is_empty() {
                continue;
            }
            let here = at.member(name);
            let Some(member) = table.member(name) else {
                self.add(&here, FieldCode::UnknownMember);
                continue;
            };
            if !value.is_null() {
                self.value(&here, value, member, object);
            } else if !takes_null {
                self.add(&here, FieldCode::IsNull);
            }
        }
        for group in table.members {
            for member in *group {
                if member.required && is_missing(object.get(member.name), takes_null) {
                    self.add(&at.member(member.name), FieldCode::Missing);
                }
            }
        }
        for rule in table.rules {
            rule(self, at, object);
        }
    }

    /// Checks an object of one of several kinds. `known` are all kinds of its sort.
    pub(super) fn part(&mut self, at: &Path<'_>, value: &Value, allowed: &[&Table]) {
        if self.depth >= MAX_DEPTH {
            return self.add_limited(at, FieldCode::NestedTooDeep, MAX_DEPTH);
        }
        if !value.is_object() {
            return self.add(at, FieldCode::NotAnObject);
        }
        let Some(table) = self.kind(at, value, allowed) else { return };
        self.depth += 1;
        self.object(at, value, table);
        self.depth -= 1;
    }

    fn kind<'t>(&mut self, at: &Path<'_>, value: &Value, allowed: &[&'t Table]) -> Option<&'t Table> {
        let here = at.member("type");
        let kind = match value.get("type") {
            Some(Value::String(kind)) => kind,
            Some(_) => {
                self.add(&here, FieldCode::NotAText);
                return None;
            }
            None => {
                self.add(&here, FieldCode::Missing);
                return None;
            }
        };
        let found = allowed.iter().find(|table| table.kind == kind).copied();
        if found.is_none() {
            let kinds = allowed.iter().map(|table| table.kind).collect::<Vec<_>>().join(", ");
            let code = if kind == "spacer" { FieldCode::SpacerIsGone } else { FieldCode::UnknownKind };
            self.add_taking(&here, code, &kinds);
        }
        found
    }

    fn value(&mut self, at: &Path<'_>, value: &Value, member: &Member, owner: &Map<String, Value>) {
        match member.form {
            Form::Flag if !value.is_boolean() => self.add(at, FieldCode::NotTrueOrFalse),
            Form::Whole if !is_whole(value) => self.add(at, FieldCode::NotAWholeNumber),
            Form::Flag | Form::Whole => {}
            Form::Object(table) => self.object(at, value, table),
            Form::Part(kinds) => self.part(at, value, kinds),
            Form::Parts(parts) => self.parts(at, value, parts),
            Form::Contents => {
                let of = super::flex::children_of(owner.get("layout"));
                self.parts(at, value, Parts { of, least: 0, max: None });
            }
            Form::List { of, least, max } => {
                for (n, item) in self.items(at, value, least, Some(max)).iter().enumerate() {
                    self.object(&at.item(n), item, of);
                }
            }
            Form::Action(place) => self.action(at, value, place),
            Form::Actions { place, least, max } => {
                for (n, item) in self.items(at, value, least, Some(max)).iter().enumerate() {
                    self.action(&at.item(n), item, place);
                }
            }
            _ => match value {
                Value::String(text) => self.text(at, text, member.form, owner),
                _ => self.add(at, FieldCode::NotAText),
            },
        }
    }

    fn text(&mut self, at: &Path<'_>, text: &str, form: Form, owner: &Map<String, Value>) {
        let must = |fits: bool, code: FieldCode| (!fits).then_some(code);
        let wrong = match form {
            Form::Word(words) if !words.contains(&text) => {
                return self.add_taking(at, FieldCode::NotOneOf, &words.join(", "));
            }
            Form::Size(size) if !size.fits(text) => {
                return self.add_taking(at, FieldCode::NotOneOf, &size.says());
            }
            Form::Color => must(form::is_color(text), FieldCode::NotAColor),
            Form::OpaqueColor => must(form::is_opaque_color(text), FieldCode::NotAnOpaqueColor),
            Form::Ratio => must(form::is_ratio(text), FieldCode::NotARatio),
            Form::Angle => must(form::is_angle(text), FieldCode::NotAnAngle),
            Form::Position => must(form::is_position(text), FieldCode::NotAPosition),
            Form::Text(limits) => return self.words(at, text, limits),
            Form::CardText { alone, beside } => {
                let max = if super::template::has_picture_or_title(owner) { beside } else { alone };
                let limits = Text { may_be_empty: false, max: Some((max, Unit::Clusters)) };
                return self.words(at, text, limits);
            }
            Form::File => return self.found.image_url(&at.to_string(), text),
            Form::Uri => return self.found.uri(&at.to_string(), text),
            // A moment is checked with the mode beside it; the others are no texts.
            _ => None,
        };
        if let Some(code) = wrong {
            self.add(at, code);
        }
    }

    fn words(&mut self, at: &Path<'_>, text: &str, limits: Text) {
        if text.is_empty() && !limits.may_be_empty {
            self.add(at, FieldCode::Empty);
        } else if text.contains('\0') {
            self.add(at, FieldCode::ControlCharacter);
        }
        // No text has more units or clusters than bytes.
        if let Some((max, unit)) = limits.max.filter(|(max, _)| text.len() > *max as usize) {
            self.found.within(&at.to_string(), text, max, unit);
        }
    }

    fn parts(&mut self, at: &Path<'_>, value: &Value, parts: Parts) {
        for (n, item) in self.items(at, value, parts.least, parts.max).iter().enumerate() {
            self.part(&at.item(n), item, parts.of);
        }
    }

    /// The items of a list, up to the most that are allowed.
    fn items<'v>(&mut self, at: &Path<'_>, value: &'v Value, least: u32, max: Option<u32>) -> &'v [Value] {
        let Some(items) = value.as_array() else {
            self.add(at, FieldCode::NotAList);
            return &[];
        };
        let most_here = max.unwrap_or(u32::MAX);
        if least == most_here && items.len() != least as usize {
            self.add_limited(at, FieldCode::NotExactly, least);
        } else {
            self.found.count(&at.to_string(), items.len(), least, most_here);
        }
        &items[..items.len().min(most_here as usize)]
    }

    pub(super) fn action(&mut self, at: &Path<'_>, value: &Value, place: &ActionPlace) {
        let outside = std::mem::replace(&mut self.refuses_null, !place.takes_null);
        self.part(at, value, place.actions);
        self.refuses_null = outside;
        let here = at.member("label");
        match value.get("label") {
            Some(Value::String(label)) if label.is_empty() && place.needs_label => {
                self.add(&here, FieldCode::Empty);
            }
            Some(Value::String(label)) if label.len() > place.max_label as usize => {
                self.found.within(&here.to_string(), label, place.max_label, Unit::Clusters);
            }
            Some(Value::Null) if !place.takes_null => {}
            None | Some(Value::Null) if place.needs_label && value.is_object() => {
                self.add(&here, FieldCode::Missing);
            }
            _ => {}
        }
    }
}

fn is_missing(value: Option<&Value>, takes_null: bool) -> bool {
    value.is_none_or(|value| value.is_null() && takes_null)
}

/// Whether it is a whole number as LINE reads it, up to 32 bits.
fn is_whole(value: &Value) -> bool {
    value.as_f64().is_some_and(|n| n.fract() == 0.0 && (0.0..=f64::from(i32::MAX)).contains(&n))
}
