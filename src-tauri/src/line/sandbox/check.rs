//! Finds what LINE would refuse in the body of a call: `rules.json`, walked beside the body. This
//! is a second reading of LINE's reference that holds the one in `line::limits` to account; neither
//! may use the other.
//!
//! Beyond the rules, unknown members count only inside Flex, which LINE checks to the member.

use serde::Serialize;
use serde_json::{Map, Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use self::rules::{Object, RULES, Rule, Rules, Table, Unit};

mod also;
mod form;
mod rules;
mod texts;

/// The most errors of one body; a limit of ours.
const MAX_FOUND: usize = 100;

/// Everything found in `call`, by the table `table` of `rules.json`.
pub(super) fn body(call: &Value, table: &str) -> Faults {
    let mut walk =
        Walk { rules: &RULES, path: Vec::new(), flex_from: None, animated: 0, found: Faults::default() };
    if let (Some(table), Value::Object(call)) = (RULES.named(table), call) {
        walk.table(table, call);
    }
    walk.found
}

/// The faults found. LINE answers with the first of these kinds that there is.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// A member of another JSON type.
    mistyped: Option<String>,
    plain: Vec<Detail>,
    /// A message that is wrong as a whole, as `messages[0]`.
    whole: Option<String>,
    flex: Vec<InFlex>,
}

/// LINE's words, and their place: a property such as `messages[0].text`, or in Flex a path such as
/// `/body/contents/0/size`.
#[derive(Debug, Serialize)]
struct Detail {
    message: String,
    property: String,
}

#[derive(Debug)]
struct InFlex {
    /// The message, as `messages[0]`.
    of: String,
    detail: Detail,
}

impl Faults {
    pub(super) const fn is_none(&self) -> bool {
        self.mistyped.is_none() && self.plain.is_empty() && self.whole.is_none() && self.flex.is_empty()
    }

    /// LINE's `message` and `details` for these faults.
    pub(super) fn words(&self) -> (String, Vec<Value>) {
        if let Some(property) = &self.mistyped {
            let message =
                format!("The property, '{property}', in the request body is invalid (line: -, column: -)");
            return (message, Vec::new());
        }
        if !self.plain.is_empty() {
            let details = self.plain.iter().map(|detail| json!(detail)).collect();
            return (format!("The request body has {} error(s)", self.plain.len()), details);
        }
        let invalid = |message: &str| format!("A message ({message}) in the request body is invalid");
        if let Some(message) = &self.whole {
            return (invalid(message), Vec::new());
        }
        let Some(InFlex { of: first, .. }) = self.flex.first() else { return (String::new(), Vec::new()) };
        let details = self.flex.iter().filter(|found| found.of == *first).map(|found| json!(found.detail));
        (invalid(first), details.collect())
    }
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

struct Walk<'a> {
    rules: &'static Rules,
    path: Vec<Step<'a>>,
    /// The length of the path to the contents of the surrounding Flex message; `None` outside.
    flex_from: Option<usize>,
    animated: usize,
    found: Faults,
}

impl<'a> Walk<'a> {
    fn table(&mut self, table: usize, object: &'a Map<String, Value>) {
        match self.rules.table(table) {
            Table::One(one) => self.object(one, object, None),
            Table::By(by, kinds) => {
                let kind = object.get(by).and_then(Value::as_str);
                match kind.and_then(|kind| kinds.iter().find(|(name, _)| name == kind)) {
                    Some((_, one)) => self.object(one, object, Some(by)),
                    None => self.no_such_kind(by, kind, kinds),
                }
            }
        }
    }

    fn no_such_kind(&mut self, by: &'static str, kind: Option<&str>, kinds: &[(String, Object)]) {
        if self.flex_from.is_some() {
            return self.at(by, if kind.is_some() { "invalid property" } else { "must be specified" }, "");
        }
        let names: Vec<_> = kinds.iter().map(|(name, _)| name.as_str()).collect();
        self.at(by, "", &format!("Must be one of the following values: [{}]", names.join(", ")));
    }

    fn object(&mut self, one: &'static Object, object: &'a Map<String, Value>, by: Option<&str>) {
        for name in &one.required {
            if object.get(name).is_none_or(Value::is_null) {
                self.at(name, "must be specified", "May not be empty");
            }
        }
        // Outside Flex a null member counts as left out.
        for (name, value) in object {
            if value.is_null() && self.flex_from.is_none() {
                continue;
            }
            self.path.push(Step::Name(name));
            match one.members.get(name) {
                Some(rule) => self.value(rule, value),
                None if self.flex_from.is_some() && by != Some(name) => self.wrong("invalid property", ""),
                None => {}
            }
            self.path.pop();
        }
        if let Some(also) = one.also {
            self.also(also, object);
        }
    }

    fn value(&mut self, rule: &'static Rule, value: &'a Value) {
        match (rule, value) {
            (Rule::Any, _) | (Rule::Bool, Value::Bool(_)) => {}
            (Rule::Text(length), Value::String(text)) => {
                self.length(length.least, length.max, length.unit, text);
            }
            (Rule::Uri(least, max, schemes), Value::String(uri)) => {
                self.length(*least, *max, Unit::Utf16, uri);
                if !uri.is_empty() && !form::is_uri(uri, schemes) {
                    self.wrong("invalid uri scheme", "Invalid URI");
                }
            }
            (Rule::Word(words), Value::String(word)) => {
                if !words.contains(word) {
                    let takes = format!("Must be one of the following values: [{}]", words.join(", "));
                    self.wrong("invalid property", &takes);
                }
            }
            (Rule::Form(form), Value::String(text)) => {
                if !form.fits(text) {
                    self.wrong("invalid property", "Invalid value");
                }
            }
            (Rule::Whole(least, max, step), Value::Number(number)) => match number.as_i64() {
                Some(n) if n < *least => self.below(&least.to_string()),
                Some(n) if n > *max => self.above(&max.to_string()),
                Some(n) if n % step != 0 => self.wrong("invalid property", "Invalid value"),
                Some(_) => {}
                None => self.mistyped(),
            },
            (Rule::Number(least, max), Value::Number(number)) => match number.as_f64().unwrap_or(f64::NAN) {
                n if n < *least => self.below(&least.to_string()),
                n if n > *max => self.above(&max.to_string()),
                _ => {}
            },
            (Rule::List(least, max, of), Value::Array(items)) => {
                self.list(*least, *max, of.as_deref(), items);
            }
            (Rule::Of(table), Value::Object(object)) => self.table(*table, object),
            (Rule::Map(table), Value::Object(object)) => {
                for (name, value) in object {
                    self.path.push(Step::Name(name));
                    match value {
                        Value::Object(value) => self.table(*table, value),
                        _ => self.mistyped(),
                    }
                    self.path.pop();
                }
            }
            (Rule::Flex(table), Value::Object(object)) => {
                self.flex_from = Some(self.path.len());
                self.animated = 0;
                self.table(*table, object);
                self.flex_from = None;
            }
            _ => self.mistyped(),
        }
    }

    fn list(&mut self, least: usize, max: usize, of: Option<&'static Rule>, items: &'a [Value]) {
        if items.len() < least || items.len() > max {
            let takes = if max == usize::MAX {
                format!("Size must be at least {least}")
            } else {
                format!("Size must be between {least} and {max}")
            };
            self.wrong("invalid property", &takes);
        }
        let Some(of) = of else { return };
        // A list that is far too long is not read to its end.
        for (index, item) in items.iter().enumerate().take(max) {
            self.path.push(Step::Index(index));
            self.value(of, item);
            self.path.pop();
        }
    }

    fn length(&mut self, least: usize, max: usize, unit: Unit, text: &str) {
        if text.is_empty() && least > 0 {
            return self.wrong("must be non-empty text", "May not be empty");
        }
        // A text has no more units or clusters than bytes.
        if text.len() <= max {
            return;
        }
        let length = match unit {
            Unit::Utf16 => text.encode_utf16().count(),
            // Megabytes of text are refused after the first of them.
            Unit::Clusters => text.graphemes(true).take(max + 1).count(),
        };
        if length > max {
            self.wrong("invalid property", &format!("Length must be between {least} and {max}"));
        }
    }

    fn below(&mut self, least: &str) {
        self.wrong("invalid property", &format!("Must be greater than or equal to {least}"));
    }

    fn above(&mut self, max: &str) {
        self.wrong("invalid property", &format!("Must be less than or equal to {max}"));
    }

    fn mistyped(&mut self) {
        if self.flex_from.is_some() {
            self.wrong("invalid property", "");
        } else if self.found.mistyped.is_none() {
            self.found.mistyped = Some(dotted(&self.path));
        }
    }

    /// Notes a fault of a member of the present place.
    fn at(&mut self, name: &'static str, in_flex: &'static str, elsewhere: &str) {
        self.path.push(Step::Name(name));
        self.wrong(in_flex, elsewhere);
        self.path.pop();
    }

    /// Notes a fault at the present place.
    fn wrong(&mut self, in_flex: &'static str, elsewhere: &str) {
        match self.flex_from {
            Some(from) if self.found.flex.len() < MAX_FOUND => {
                let detail = Detail { message: in_flex.to_owned(), property: pointer(&self.path[from..]) };
                self.found.flex.push(InFlex { of: dotted(&self.path[..2.min(from)]), detail });
            }
            None if self.found.plain.len() < MAX_FOUND => {
                let detail = Detail { message: elsewhere.to_owned(), property: dotted(&self.path) };
                self.found.plain.push(detail);
            }
            _ => {}
        }
    }

    /// Notes that the message at the present place is wrong without LINE saying where.
    fn wrong_as_a_whole(&mut self) {
        self.found.whole.get_or_insert(dotted(&self.path[..2.min(self.path.len())]));
    }
}

/// A path as LINE writes it, `messages[0].template.text`.
fn dotted(path: &[Step<'_>]) -> String {
    path.iter().fold(String::new(), |mut text, step| {
        match step {
            Step::Name(name) if text.is_empty() => text.push_str(name),
            Step::Name(name) => text.extend([".", name]),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
        text
    })
}

/// A path as LINE writes it within Flex, `/body/contents/0`.
fn pointer(path: &[Step<'_>]) -> String {
    if path.is_empty() {
        return "/".to_owned();
    }
    path.iter().fold(String::new(), |mut text, step| {
        match step {
            Step::Name(name) => text.extend(["/", name]),
            Step::Index(index) => text.push_str(&format!("/{index}")),
        }
        text
    })
}
