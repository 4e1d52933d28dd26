//! Messages generated from the tables: a valid one is taken, and one with a single changed member
//! is refused under that member's name.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{
    check_quick_reply, flex,
    form::Size,
    quick_reply,
    table::{ActionPlace, Form, Member, Parts, Table, Text, Unit},
    template, *,
};

/// A pseudo-random sequence from a seed (Marsaglia's xorshift).
pub(super) struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("below a usize")
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn is_one_in(&mut self, sides: usize) -> bool {
        self.below(sides) == 0
    }
}

pub(super) struct Maker {
    pub(super) dice: Dice,
    depth: usize,
    animated: usize,
}

impl Maker {
    pub(super) const fn new(seed: u64) -> Self {
        Self { dice: Dice(seed | 1), depth: 0, animated: 0 }
    }

    pub(super) fn object(&mut self, table: &Table) -> Value {
        let mut made = Map::new();
        if !table.kind.is_empty() {
            made.insert("type".into(), json!(table.kind));
        }
        self.depth += 1;
        for member in table.all_members() {
            if member.required || self.dice.is_one_in(if self.depth > 3 { 12 } else { 4 }) {
                let value = self.value(member, &made);
                made.insert(member.name.into(), value);
            }
        }
        self.depth -= 1;
        self.mend(table, &mut made);
        Value::Object(made)
    }

    fn value(&mut self, member: &Member, owner: &Map<String, Value>) -> Value {
        match member.form {
            Form::Word(words) => json!(self.dice.pick(words)),
            Form::Text(Text { may_be_empty, max }) => {
                let (max, unit) = max.unwrap_or((30, Unit::Utf16));
                json!(self.text(usize::from(!may_be_empty), max, unit))
            }
            Form::CardText { beside, .. } => json!(self.text(1, beside, Unit::Clusters)),
            Form::Flag => json!(self.flag(member.name)),
            Form::Whole => json!(self.dice.below(5)),
            Form::Size(size) => json!(self.size(size)),
            Form::Color => json!(self.dice.pick(&["#0a3D62", "#ffffff80"])),
            Form::OpaqueColor => json!("#0a3D62"),
            Form::Ratio => json!(self.dice.pick(&["20:13", "1.91:1", "1:3"])),
            Form::Angle => json!(self.dice.pick(&["0deg", "45.5deg", "359deg"])),
            Form::Position => json!(self.dice.pick(&["0%", "33.3%", "100%"])),
            Form::Moment => self.moment(member.name, owner),
            Form::File => json!("https://example.com/%E0%B8%81%20a.png?size=1"),
            Form::Uri => json!(self.dice.pick(&[
                "https://example.com/#a",
                "http://example.com",
                "tel:+6621234567",
                "line://nv/location",
            ])),
            Form::Object(table) => self.object(table),
            Form::Part(kinds) => self.part(kinds),
            Form::Parts(parts) => self.parts(parts),
            Form::Contents => {
                let of = flex::children_of(owner.get("layout"));
                self.parts(Parts { of, least: 0, max: None })
            }
            Form::List { of, least, max } => {
                let many = self.many(least, max.min(4));
                (0..many).map(|_| self.object(of)).collect()
            }
            Form::Action(place) => self.action(place),
            Form::Actions { place, least, max } => {
                let many = self.many(least, max);
                (0..many).map(|_| self.action(place)).collect()
            }
        }
    }

    fn text(&mut self, least: usize, max: u32, unit: Unit) -> String {
        const PIECES: &[&str] = &["a", "ก็", "ที่", "é", "日", "😀", "👩‍⚕️", "\n"];
        let max = if self.dice.is_one_in(4) { max as usize } else { (max as usize).min(12) };
        let (mut text, mut taken) = (String::new(), 0);
        loop {
            let piece = self.dice.pick(PIECES);
            taken += match unit {
                Unit::Utf16 => piece.encode_utf16().count(),
                Unit::Clusters => 1,
            };
            if taken > max || text.chars().count() >= least && self.dice.is_one_in(40) {
                return if text.len() < least { "a".into() } else { text };
            }
            text.push_str(piece);
        }
    }

    fn flag(&mut self, name: &str) -> bool {
        let is = self.dice.is_one_in(2);
        if name == "animated" && is {
            self.animated += 1;
            return self.animated <= 10;
        }
        is
    }

    fn size(&mut self, size: Size) -> String {
        match self.dice.below(4) {
            0 if !size.words.is_empty() => self.dice.pick(size.words).to_owned(),
            1 if size.percent => "12.5%".into(),
            2 if size.signed => "-8px".into(),
            _ => "10px".into(),
        }
    }

    fn moment(&mut self, name: &str, owner: &Map<String, Value>) -> Value {
        let hour = match name {
            "min" => "06",
            "initial" => self.dice.pick(&["06", "12", "18"]),
            _ => "18",
        };
        json!(match owner["mode"].as_str() {
            Some("date") => format!("20{hour}-02-28"),
            Some("time") => format!("{hour}:15"),
            _ => format!("2027-06-18{}{hour}:00", self.dice.pick(&["T", "t"])),
        })
    }

    pub(super) fn part(&mut self, kinds: &[&Table]) -> Value {
        let flat: Vec<_> = kinds.iter().filter(|t| self.depth < 5 || t.kind != "box").copied().collect();
        let kind = self.dice.pick(if flat.is_empty() { kinds } else { &flat });
        self.object(kind)
    }

    fn parts(&mut self, parts: Parts) -> Value {
        let max = if self.depth > 5 { parts.least } else { parts.least.max(4) };
        let many = self.many(parts.least, parts.max.unwrap_or(max).min(max));
        (0..many).map(|_| self.part(parts.of)).collect()
    }

    fn many(&mut self, least: u32, max: u32) -> usize {
        least as usize + self.dice.below((max - least) as usize + 1)
    }

    fn action(&mut self, place: &ActionPlace) -> Value {
        let kind = self.dice.pick(place.actions);
        let mut action = self.object(kind);
        if place.needs_label || action.get("label").is_some() {
            action["label"] = json!(self.text(1, place.max_label, Unit::Clusters));
        }
        action
    }

    /// Repairs what rules across members require.
    fn mend(&mut self, table: &Table, made: &mut Map<String, Value>) {
        match table.schema {
            "PostbackAction" if made.contains_key("displayText") => {
                made.remove("text");
            }
            "FlexText" if made.get("contents").is_none_or(|c| c == &json!([])) => {
                made.insert("text".into(), json!(self.text(1, 30, Unit::Utf16)));
            }
            "FlexBubble" => {
                if !["header", "hero", "body", "footer"].iter().any(|block| made.contains_key(*block)) {
                    made.insert(
                        "body".into(),
                        json!({ "type": "box", "layout": "vertical", "contents": [] }),
                    );
                }
                if made.get("hero").is_some_and(|hero| hero["type"] == "video") {
                    made.insert("size".into(), json!("giga"));
                }
            }
            "FlexCarousel" => {
                for bubble in made["contents"].as_array_mut().expect("bubbles") {
                    bubble["size"] = json!("kilo");
                    if bubble.get("hero").is_some_and(|hero| hero["type"] == "video") {
                        bubble["hero"] = json!({ "type": "image", "url": "https://example.com/a.png" });
                    }
                }
            }
            "CarouselTemplate" => {
                let columns = made["columns"].as_array_mut().expect("columns");
                let first = columns[0].clone();
                for column in columns {
                    for name in ["thumbnailImageUrl", "title", "actions"] {
                        let column = column.as_object_mut().expect("an object");
                        column.remove(name);
                        column.extend(first.get(name).map(|value| (name.to_owned(), value.clone())));
                    }
                }
            }
            _ => {}
        }
    }
}

/// The place of an object inside a message, and the table it follows.
struct Site {
    pointer: String,
    field: String,
    table: &'static Table,
    place: Option<&'static ActionPlace>,
}

fn sites(value: &Value, at: Site, found: &mut Vec<Site>) {
    for (name, value) in value.as_object().expect("an object") {
        let Some(member) = at.table.member(name) else { continue };
        let inside = |n: Option<usize>, table: &'static Table, place: Option<&'static ActionPlace>| Site {
            pointer: format!("{}/{name}{}", at.pointer, n.map_or(String::new(), |n| format!("/{n}"))),
            field: format!("{}.{name}{}", at.field, n.map_or(String::new(), |n| format!("[{n}]"))),
            table,
            place,
        };
        let kind = |value: &Value, of: &[&'static Table]| {
            of.iter().find(|table| table.kind == value["type"]).copied().expect("a kind")
        };
        let items = || value.as_array().expect("a list").iter().enumerate();
        match member.form {
            Form::Object(table) => sites(value, inside(None, table, None), found),
            Form::Part(of) => sites(value, inside(None, kind(value, of), None), found),
            Form::Parts(Parts { of, .. }) => {
                items().for_each(|(n, item)| sites(item, inside(Some(n), kind(item, of), None), found));
            }
            Form::Contents => {
                let of = &flex::COMPONENTS;
                items().for_each(|(n, item)| sites(item, inside(Some(n), kind(item, of), None), found));
            }
            Form::List { of, .. } => {
                items().for_each(|(n, item)| sites(item, inside(Some(n), of, None), found));
            }
            Form::Action(place) => {
                sites(value, inside(None, kind(value, place.actions), Some(place)), found);
            }
            Form::Actions { place, .. } => items().for_each(|(n, item)| {
                sites(item, inside(Some(n), kind(item, place.actions), Some(place)), found);
            }),
            _ => {}
        }
    }
    found.push(at);
}

/// Breaks one member of one object. Returns the name under which it must be refused.
pub(super) fn change(message: &mut Value, field: &str, roots: &[&'static Table], dice: &mut Dice) -> String {
    let root = roots.iter().find(|t| t.kind.is_empty() || t.kind == message["type"]).expect("a root");
    let mut all = Vec::new();
    let at = Site { pointer: String::new(), field: field.to_owned(), table: root, place: None };
    sites(message, at, &mut all);
    let site = &all[dice.below(all.len())];
    let object = message.pointer_mut(&site.pointer).and_then(Value::as_object_mut).expect("an object");
    let there: Vec<_> = site.table.all_members().filter(|m| object.contains_key(m.name)).collect();
    let name = match (dice.below(6), there.is_empty()) {
        (0, _) | (_, true) => {
            object.insert("surprise".into(), json!("!"));
            "surprise"
        }
        (1, _) if !site.table.kind.is_empty() => {
            object.insert("type".into(), json!(dice.pick(&["spacer", "BAD", ""])));
            "type"
        }
        (2, _) if there.iter().any(|m| m.required) => {
            let needed: Vec<_> = there.iter().filter(|m| m.required).collect();
            let name = needed[dice.below(needed.len())].name;
            object.remove(name);
            name
        }
        (3, _) if !site.table.takes_null => {
            let name = there[dice.below(there.len())].name;
            object.insert(name.into(), Value::Null);
            name
        }
        (4, _) => {
            let member = there[dice.below(there.len())];
            object.insert(member.name.into(), of_another_type(member.form));
            member.name
        }
        _ => {
            let member = there[dice.below(there.len())];
            let wrong = wrong(member, &object[member.name], site.place);
            object.insert(member.name.into(), wrong);
            member.name
        }
    };
    format!("{}.{name}", site.field)
}

fn of_another_type(form: Form) -> Value {
    match form {
        Form::Flag => json!("true"),
        Form::Whole => json!("1"),
        Form::Object(_) | Form::Part(_) | Form::Action(_) => json!(["x"]),
        Form::Parts(_) | Form::Contents | Form::List { .. } | Form::Actions { .. } => json!({ "x": 1 }),
        _ => json!(7),
    }
}

/// A value of the right type outside its limits; where there are none, one of another type.
fn wrong(member: &Member, value: &Value, place: Option<&ActionPlace>) -> Value {
    let over = |max: u32| json!("ก".repeat(max as usize + 1));
    match member.form {
        Form::Text(_) if member.name == "label" => over(place.expect("an action").max_label),
        Form::Text(Text { max: Some((max, _)), .. }) => over(max),
        Form::CardText { alone, .. } => over(alone),
        Form::Whole => json!(-1),
        Form::Ratio => json!("1:4"),
        Form::Angle => json!("360deg"),
        Form::Position => json!("101%"),
        Form::Word(_) | Form::Size(_) | Form::Color | Form::OpaqueColor | Form::Moment => json!("BAD"),
        Form::File => json!("http://example.com/a.png"),
        Form::Uri => json!("mailto:someone@example.com"),
        Form::List { max, .. } | Form::Actions { max, .. } | Form::Parts(Parts { max: Some(max), .. }) => {
            let items = value.as_array().expect("a list");
            json!(vec![items[0].clone(); max as usize + 1])
        }
        form => of_another_type(form),
    }
}

fn flex_problems(contents: &Value) -> Vec<FieldProblem> {
    let mut found = Problems::default();
    flex::check(&mut found, "contents", contents);
    found.0
}

fn template_problems(contents: &Value) -> Vec<FieldProblem> {
    let mut found = Problems::default();
    template::check(&mut found, "template", contents);
    found.0
}

fn says(found: &[FieldProblem], field: &str) -> bool {
    found.iter().any(|p| p.field == field)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_flex_message_made_from_the_tables_is_taken_and_one_wrong_member_is_named(seed: u64) {
        let mut maker = Maker::new(seed);
        let mut message = maker.part(&flex::CONTAINERS);
        prop_assume!(message.to_string().len() < 30_000);
        prop_assert_eq!(flex_problems(&message), [], "{}", message);
        prop_assert_eq!(flex::bytes_of(&message), message.to_string().len());
        let field = change(&mut message, "contents", &flex::CONTAINERS, &mut maker.dice);
        let found = flex_problems(&message);
        prop_assert!(says(&found, &field), "{field} is not among {found:?} of {message}");
    }

    #[test]
    fn a_template_made_from_the_tables_is_taken_and_one_wrong_member_is_named(seed: u64) {
        let mut maker = Maker::new(seed);
        let mut message = maker.part(&template::TEMPLATES);
        prop_assert_eq!(template_problems(&message), [], "{}", message);
        let field = change(&mut message, "template", &template::TEMPLATES, &mut maker.dice);
        let found = template_problems(&message);
        prop_assert!(says(&found, &field), "{field} is not among {found:?} of {message}");
    }

    #[test]
    fn quick_replies_made_from_the_tables_are_taken_and_one_wrong_member_is_named(seed: u64) {
        let mut maker = Maker::new(seed);
        let mut made = maker.object(&quick_reply::QUICK_REPLY);
        prop_assert_eq!(check_quick_reply(&made, "quickReply"), [], "{}", made);
        let field = change(&mut made, "quickReply", &[&quick_reply::QUICK_REPLY], &mut maker.dice);
        let found = check_quick_reply(&made, "quickReply");
        prop_assert!(says(&found, &field), "{field} is not among {found:?} of {made}");
    }
}
