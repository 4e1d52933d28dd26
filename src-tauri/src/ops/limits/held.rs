//! Every limit that the document names of what messages are made of is held by the checks, at its
//! field and at its number: whichever of the two is changed alone fails here.

use std::collections::{BTreeMap, BTreeSet};

use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::limits;
use crate::{
    clock::Timestamp,
    error::{FieldCode, FieldProblem},
    ops::{
        messages::SendMessage,
        protocols::CreateProtocol,
        templates::CreateTemplate,
        timetables::NextTimes,
        wire::{Input, check},
    },
};

/// Codes by which a value is too long, too many or out of its range.
const TOO_MUCH: [FieldCode; 3] = [FieldCode::TooLong, FieldCode::TooMany, FieldCode::OutOfRange];

/// A value of an example with the limits of its field.
struct Limited {
    /// Where it stands in the JSON.
    pointer: String,
    /// The same as a refusal says it.
    field: String,
    /// The place in [`limits`]: `TextContent.text`.
    place: String,
}

/// The definitions of an input, and the way through an example of it.
struct Walk<'a> {
    definitions: &'a Map<String, Value>,
    found: Vec<Limited>,
}

impl Walk<'_> {
    fn value(&mut self, schema: &Value, value: &Value, at: Limited) {
        if let Some(name) = schema["$ref"].as_str() {
            let place = name.trim_start_matches("#/").to_owned();
            return self.value(&self.definitions[&place], value, Limited { place, ..at });
        }
        let branches = ["anyOf", "oneOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten();
        if let Some(branch) = branches.into_iter().find(|branch| self.is_of(branch, value)) {
            let place = match branch["properties"]["type"]["const"].as_str() {
                Some(kind) => format!("{}.{kind}", at.place),
                None => at.place,
            };
            return self.value(branch, value, Limited { place, ..at });
        }
        for (n, item) in value.as_array().into_iter().flatten().enumerate() {
            let at = Limited {
                pointer: format!("{}/{n}", at.pointer),
                field: format!("{}[{n}]", at.field),
                place: format!("{}.items", at.place),
            };
            self.value(&schema["items"], item, at);
        }
        for (name, member) in value.as_object().into_iter().flatten() {
            let dot = if at.field.is_empty() { "" } else { "." };
            let below = Limited {
                pointer: format!("{}/{name}", at.pointer),
                field: format!("{}{dot}{name}", at.field),
                place: format!("{}.{name}", at.place),
            };
            let of_member = schema["properties"].get(name).unwrap_or(&schema["additionalProperties"]);
            self.value(of_member, member, below);
        }
        self.found.push(at);
    }

    /// Whether an object has the members of this schema, or a null is meant.
    fn is_of(&self, schema: &Value, value: &Value) -> bool {
        if let Some(name) = schema["$ref"].as_str() {
            return self.is_of(&self.definitions[name.trim_start_matches("#/")], value);
        }
        if let Some(branches) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            return branches.iter().any(|branch| self.is_of(branch, value));
        }
        let (Some(members), Some(known)) = (value.as_object(), schema["properties"].as_object()) else {
            return false;
        };
        let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let is_kind =
            known.get("type").and_then(|kind| kind.get("const")).is_none_or(|k| *k == value["type"]);
        is_kind
            && members.keys().all(|name| known.contains_key(name))
            && needed.into_iter().all(|name| members.contains_key(name))
    }
}

/// What stands against an input, by field.
fn problems<T: Input + DeserializeOwned>(input: &Value) -> Vec<FieldProblem> {
    let read: T = serde_json::from_value(input.clone()).expect("the form is right");
    check(&read, Timestamp::from_millis(0)).err().map(|problem| problem.errors).unwrap_or_default()
}

/// The example with another value in one place; a text or a list is made as long as `length` says
/// by its last character or item.
fn with(example: &Value, pointer: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut changed = example.clone();
    change(changed.pointer_mut(pointer).expect("it stands there"));
    changed
}

fn stretch(value: &mut Value, length: usize) {
    match value {
        Value::String(text) => {
            let last = text.chars().next_back().expect("a text that is not empty");
            let missing = length.saturating_sub(text.chars().count());
            *text = text.chars().chain(std::iter::repeat_n(last, missing)).take(length).collect();
        }
        Value::Array(items) => {
            let last = items.last().cloned().expect("a list that is not empty");
            items.resize(length, last);
        }
        other => panic!("{other} has no length"),
    }
}

/// Tries each limit of one field: at it nothing is too much or too little, past it this field is.
fn try_limits<T: Input + DeserializeOwned>(example: &Value, at: &Limited, limits: &Value) {
    let Limited { pointer, field, .. } = at;
    let too_much = |input: &Value| -> Vec<String> {
        let found = problems::<T>(input).into_iter().filter(|problem| TOO_MUCH.contains(&problem.code));
        found.map(|problem| problem.field).collect()
    };
    let number = |key: &str| limits[key].as_u64().and_then(|n| usize::try_from(n).ok());
    if let Some(max) = number("maxLength").or(number("maxItems")) {
        let of = |length| with(example, pointer, |value| stretch(value, length));
        assert_eq!(too_much(&of(max)), [""; 0], "{field} of {max}");
        assert_eq!(too_much(&of(max + 1)), [field.as_str()], "{field} of {}", max + 1);
    }
    if let Some(least) = number("minLength").or(number("minItems")) {
        let less = with(example, pointer, |value| stretch(value, least - 1));
        assert!(problems::<T>(&less).iter().any(|p| p.field == *field), "{field} of {}", least - 1);
    }
    for (key, past) in [("maximum", 1.0), ("minimum", -1.0)] {
        let Some(bound) = limits[key].as_f64() else { continue };
        let is_whole = example.pointer(pointer).is_some_and(Value::is_i64);
        let of = |number: f64| {
            let number = if is_whole {
                json!(format!("{number}").parse::<i64>().expect("whole"))
            } else {
                json!(number)
            };
            with(example, pointer, |value| *value = number)
        };
        assert_eq!(too_much(&of(bound)), [""; 0], "{field} of {bound}");
        // No number below 0 can be read where there is no sign.
        if bound + past >= 0.0 || bound < 0.0 || !is_whole {
            assert_eq!(too_much(&of(bound + past)), [field.as_str()], "{field} past {bound}");
        }
    }
}

/// The limits of each place of these types: `TextContent.text`.
fn by_place(limits: &Map<String, Value>, types: &Map<String, Value>) -> BTreeMap<String, Value> {
    fn gather(place: &str, limits: &Value, found: &mut BTreeMap<String, Value>) {
        let Some(members) = limits.as_object() else { return };
        if members.keys().any(|key| super::KEYS.contains(&key.as_str())) {
            found.insert(place.to_owned(), limits.clone());
        }
        for (name, below) in members {
            gather(&format!("{place}.{name}"), below, found);
        }
    }
    let mut found = BTreeMap::new();
    for (name, below) in limits.iter().filter(|(name, _)| types.contains_key(*name)) {
        gather(name, below, &mut found);
    }
    found
}

/// Tries every limit of an input; each must be met by an example.
fn hold<T: Input + DeserializeOwned>(examples: &[Value]) {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/".into();
    let mut generator = settings.into_generator();
    let root = generator.subschema_for::<T>().to_value();
    let definitions = generator.take_definitions(true);
    let limits = by_place(&limits(), &definitions);
    let mut met = BTreeSet::new();
    for example in examples {
        assert_eq!(problems::<T>(example), [], "the example is right");
        let mut walk = Walk { definitions: &definitions, found: Vec::new() };
        let start = Limited { pointer: String::new(), field: String::new(), place: String::new() };
        walk.value(&root, example, start);
        for at in &walk.found {
            if let Some(limits) = limits.get(&at.place) {
                try_limits::<T>(example, at, limits);
                met.insert(at.place.clone());
            }
        }
    }
    let missed: Vec<_> = limits.keys().filter(|place| !met.contains(*place)).collect();
    assert!(missed.is_empty(), "no example has {missed:?}");
}

const URL: &str = "https://example.com/a";

/// A content of each type, with all its fields.
fn contents() -> [(&'static str, Value); 5] {
    let bubble = json!({ "type": "bubble", "body": { "type": "box", "layout": "vertical", "contents": [] } });
    let template = json!({ "type": "confirm", "text": "a", "actions": [
        { "type": "message", "label": "a", "text": "a" }, { "type": "message", "label": "b", "text": "b" }] });
    [
        ("text", json!({ "text": "a", "quoteToken": "q" })),
        ("image", json!({ "imageUrl": URL, "previewImageUrl": URL })),
        ("video", json!({ "videoUrl": URL, "previewImageUrl": URL })),
        ("flex", json!({ "altText": "a", "contents": bubble })),
        ("template", json!({ "altText": "a", "template": template })),
    ]
}

/// A quick reply of each kind, with all its fields.
fn quick_replies() -> Value {
    let picker = json!({ "mode": "date", "minDays": 0, "maxDays": 2, "initialDays": 1 });
    json!([
        { "type": "message", "label": "a", "iconUrl": URL, "text": "a" },
        { "type": "postback", "label": "a", "iconUrl": URL, "data": "a", "picker": picker },
        { "type": "camera", "label": "a", "iconUrl": URL },
        { "type": "cameraRoll", "label": "a", "iconUrl": URL },
        { "type": "location", "label": "a", "iconUrl": URL },
    ])
}

/// The members of a message of this type, with all that may stand beside them.
fn message(of: usize) -> Value {
    let [kind, next] = [of, of + 1].map(|n| contents()[n % 5].clone());
    json!({ "messageType": kind.0, "content": kind.1, "quickReplies": quick_replies(),
        "furtherMessages": [{ "messageType": next.0, "content": next.1 }] })
}

fn and(mut members: Value, more: Value) -> Value {
    for (name, value) in more.as_object().into_iter().flatten() {
        members[name] = value.clone();
    }
    members
}

#[test]
fn every_limit_of_a_plan_is_held_at_its_field() {
    let triggers = [
        json!({ "type": "immediate" }),
        json!({ "type": "delay", "value": "1h" }),
        json!({ "type": "scheduled", "value": "09:00", "startDay": 1, "days": 2, "everyDays": 2 }),
        json!({ "type": "scheduled", "value": "09:00", "weekdays": ["mon"] }),
        // It grows by its last character, and spaces are taken.
        json!({ "type": "recurring", "value": "0 9 * * * " }),
    ];
    let words = |label: &str| {
        json!({ "question": "a", "altText": "a",
            "buttons": [{ "value": "yes", "label": label }] })
    };
    let question = and(
        words("a"),
        json!({ "postponeMinutes": 30, "maxPostpones": 3, "answerWindowHours": 24.0, "buttons": [
            { "value": "yes", "label": "a", "action": "complete",
                "picker": { "mode": "date", "minDays": 0, "maxDays": 2, "initialDays": 1 } }] }),
    );
    let step = |(n, trigger): (usize, &Value)| {
        let translation = and(message(n + 2), json!({ "feedback": words("b") }));
        and(
            message(n),
            json!({ "name": "a", "trigger": trigger, "feedback": question, "freshnessHours": 6.0,
                "translations": { "th": translation } }),
        )
    };
    let steps: Vec<_> = triggers.iter().enumerate().map(step).collect();
    let plan =
        json!({ "name": "a", "description": "a", "sender": { "name": "a", "iconUrl": URL }, "steps": steps });
    hold::<CreateProtocol>(&[plan]);
}

#[test]
fn every_limit_of_a_message_and_of_a_template_is_held_at_its_field() {
    let template = json!({ "name": "a", "locale": "th" });
    let templates: Vec<_> = (0..5).map(|n| and(message(n), template.clone())).collect();
    hold::<CreateTemplate>(&templates);
    let schedules =
        [json!({ "type": "delay", "delayMs": 1 }), json!({ "type": "recurring", "cron": "0 9 * * * " })];
    let messages: Vec<_> = (0..5)
        .map(|n| {
            let rest = json!({ "patientId": "00000000-0000-7000-8000-000000000001", "idempotencyKey": "a",
                "schedule": schedules[n % 2] });
            and(message(n), rest)
        })
        .collect();
    hold::<SendMessage>(&messages);
}

#[test]
fn every_limit_of_a_timetable_is_held_at_its_field() {
    hold::<NextTimes>(&[json!({ "cron": "0 9 * * * ", "limit": 1 })]);
}
