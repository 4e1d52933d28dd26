//! `rules.json`, read once. A table is an object of members, or of kinds told apart by the
//! member that `@by` names. `@all` holds members of every kind, `@like` begins with another
//! table, `@only` keeps some of its kinds, `@members` begins with another table's members,
//! `@also` names a rule of several members together (`also.rs`).
//!
//! A member's rule is its kind, `!` where it is required, and what the kind takes: `text 1..20`
//! in UTF-16 code units, `clusters 1..20`, `list 1..5 of message`, `word a|b`. `$name` stands
//! for a rule under `forms`.

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Map, Value};

use super::form::Form;

pub(super) static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::read(include_str!("../rules.json")).expect("rules.json was read by its test"));

#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    Utf16,
    Clusters,
}

#[derive(Debug)]
pub(super) struct Length {
    pub(super) least: usize,
    pub(super) max: usize,
    pub(super) unit: Unit,
}

#[derive(Debug)]
pub(super) enum Rule {
    Any,
    Bool,
    Text(Length),
    /// The least and most characters, and the schemes.
    Uri(usize, usize, Vec<String>),
    Word(Vec<String>),
    Form(Form),
    /// The least, the most, and the step.
    Whole(i64, i64, i64),
    Number(f64, f64),
    /// The least and most items, and the rule of each.
    List(usize, usize, Option<Box<Rule>>),
    Of(usize),
    /// An object with any names, all of whose values follow one rule.
    Map(usize),
    Flex(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Also {
    Buttons,
    Column,
    Carousel,
    Postback,
    QuickPostback,
    Picker,
    Bubble,
    Bubbles,
    Box,
    Text,
    Image,
    Emojis,
    Placeholders,
    Sender,
    RichMenu,
}

#[derive(Debug)]
pub(super) struct Object {
    pub(super) members: HashMap<String, Rule>,
    pub(super) required: Vec<String>,
    pub(super) also: Option<Also>,
}

#[derive(Debug)]
pub(super) enum Table {
    One(Object),
    By(String, Vec<(String, Object)>),
}

#[derive(Debug)]
pub(super) struct Rules {
    names: HashMap<String, usize>,
    tables: Vec<Table>,
}

type Raw = Map<String, Value>;

impl Rules {
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    pub(super) fn table(&self, index: usize) -> &Table {
        &self.tables[index]
    }

    fn read(text: &str) -> Result<Self, String> {
        let file: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let part = |name: &str| file[name].as_object().cloned().ok_or(format!("no {name}"));
        let (forms, raw) = (part("forms")?, part("tables")?);
        let names = raw.keys().enumerate().map(|(index, name)| (name.clone(), index)).collect();
        let reader = Reader { forms, raw, names };
        let tables = reader.raw.keys().map(|name| reader.table(name)).collect::<Result<_, _>>()?;
        Ok(Self { names: reader.names, tables })
    }
}

struct Reader {
    forms: Raw,
    raw: Raw,
    names: HashMap<String, usize>,
}

impl Reader {
    fn raw(&self, name: &str) -> Result<&Raw, String> {
        self.raw.get(name).and_then(Value::as_object).ok_or(format!("no table {name}"))
    }

    fn table(&self, name: &str) -> Result<Table, String> {
        let (by, all, kinds) = self.kinds(name)?;
        let Some(by) = by else { return Ok(Table::One(self.object(self.raw(name)?, &Raw::new())?)) };
        let kinds = kinds.iter().map(|(kind, members)| {
            let members = members.as_object().ok_or(format!("{name}.{kind} is no object"))?;
            Ok((kind.clone(), self.object(members, &all)?))
        });
        Ok(Table::By(by, kinds.collect::<Result<_, String>>()?))
    }

    /// The member that tells the kinds apart, the members of all, the kinds.
    fn kinds(&self, name: &str) -> Result<(Option<String>, Raw, Raw), String> {
        let raw = self.raw(name)?;
        let text = |key: &str| raw.get(key).and_then(Value::as_str);
        let (mut by, mut all, mut kinds) = match text("@like") {
            Some(other) => self.kinds(other)?,
            None => (None, Raw::new(), Raw::new()),
        };
        by = text("@by").map(str::to_owned).or(by);
        all.extend(raw.get("@all").and_then(Value::as_object).cloned().unwrap_or_default());
        kinds
            .extend(raw.iter().filter(|(key, _)| !key.starts_with('@')).map(|(k, v)| (k.clone(), v.clone())));
        if let Some(only) = text("@only") {
            kinds.retain(|kind, _| only.split(' ').any(|name| name == kind));
        }
        Ok((by, all, kinds))
    }

    fn object(&self, raw: &Raw, all: &Raw) -> Result<Object, String> {
        let mut object = match raw.get("@members").and_then(Value::as_str) {
            Some(other) => self.object(self.raw(other)?, &Raw::new())?,
            None => Object { members: HashMap::new(), required: Vec::new(), also: None },
        };
        for (name, text) in raw.iter().chain(all).filter(|(name, _)| !name.starts_with('@')) {
            let text = text.as_str().ok_or(format!("{name} has no rule"))?;
            let (rule, required) = self.rule(text)?;
            object.members.insert(name.clone(), rule);
            object.required.retain(|other| other != name);
            if required {
                object.required.push(name.clone());
            }
        }
        if let Some(also) = raw.get("@also").and_then(Value::as_str) {
            object.also = Some(also_of(also).ok_or(format!("no rule @also {also}"))?);
        }
        Ok(object)
    }

    fn rule(&self, text: &str) -> Result<(Rule, bool), String> {
        let (kind, takes) = text.split_once(' ').unwrap_or((text, ""));
        let (kind, required) = kind.strip_suffix('!').map_or((kind, false), |kind| (kind, true));
        if let Some(form) = kind.strip_prefix('$') {
            let form = self.forms.get(form).and_then(Value::as_str).ok_or(format!("no form {form}"))?;
            return Ok((self.rule(form)?.0, required));
        }
        let index = || self.names.get(takes).copied().ok_or(format!("no table {takes}"));
        let (range, rest) = takes.split_once(' ').unwrap_or((takes, ""));
        let words = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let (least, max) = counts(range, usize::from(required));
        let rule = match kind {
            "any" => Rule::Any,
            "bool" => Rule::Bool,
            "text" => Rule::Text(Length { least, max, unit: Unit::Utf16 }),
            "clusters" => Rule::Text(Length { least, max, unit: Unit::Clusters }),
            "https" => Rule::Uri(least, max, vec!["https".to_owned()]),
            "uri" if rest.is_empty() => Rule::Uri(least, max, words("http|https|line|tel")),
            "uri" => Rule::Uri(least, max, words(rest)),
            "word" => Rule::Word(words(takes)),
            "int" => whole(range, 1),
            "step" => whole(range, rest.parse().map_err(|_| format!("{text}: no step"))?),
            "number" => number(range).ok_or(format!("{text}: no range"))?,
            "list" if range.is_empty() => Rule::List(0, usize::MAX, None),
            "list" => Rule::List(least, max, Some(Box::new(self.rule(rest)?.0))),
            "of" => Rule::Of(index()?),
            "map" => Rule::Map(self.names.get(rest).copied().ok_or(format!("no table {rest}"))?),
            "flex" => Rule::Flex(index()?),
            _ => Rule::Form(Form::read(kind, takes).ok_or(format!("no rule {text}"))?),
        };
        Ok((rule, required))
    }
}

fn also_of(name: &str) -> Option<Also> {
    Some(match name {
        "buttons" => Also::Buttons,
        "column" => Also::Column,
        "carousel" => Also::Carousel,
        "postback" => Also::Postback,
        "postback.quick" => Also::QuickPostback,
        "picker" => Also::Picker,
        "bubble" => Also::Bubble,
        "bubbles" => Also::Bubbles,
        "box" => Also::Box,
        "text" => Also::Text,
        "image" => Also::Image,
        "emojis" => Also::Emojis,
        "placeholders" => Also::Placeholders,
        "sender" => Also::Sender,
        "richMenu" => Also::RichMenu,
        _ => return None,
    })
}

/// Reads `1..20`, `..20` or `1..`; without a lower bound it begins at `least`.
fn counts(range: &str, least: usize) -> (usize, usize) {
    let Some((from, to)) = range.split_once("..") else { return (least, usize::MAX) };
    (from.parse().unwrap_or(least), to.parse().unwrap_or(usize::MAX))
}

fn whole(range: &str, step: i64) -> Rule {
    let (from, to) = range.split_once("..").unwrap_or((range, ""));
    Rule::Whole(from.parse().unwrap_or(i64::MIN), to.parse().unwrap_or(i64::MAX), step)
}

fn number(range: &str) -> Option<Rule> {
    let (from, to) = range.split_once("..")?;
    Some(Rule::Number(from.parse().ok()?, to.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read() {
        Rules::read(include_str!("../rules.json")).expect("it can");
    }
}
