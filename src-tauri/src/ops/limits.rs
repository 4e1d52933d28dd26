//! The limits of inputs for forms, as the attributes of their fields say them (`fields.rs`).

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::operation::operations;

const KEYS: [&str; 6] = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"];

/// The member with the value of a number that is left out.
const DEFAULT: &str = "default";

/// Limits by type and field: `CreatePatient.displayName.maxLength`. For a choice its `type` comes
/// first: `Trigger.scheduled.days.maximum`. The items of a list are under `items`.
pub(crate) fn limits() -> Map<String, Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/".into();
    let mut generator = settings.into_generator();
    for operation in operations() {
        (operation.input)(&mut generator);
    }
    let definitions = generator.take_definitions(true);
    definitions.iter().filter_map(|(name, schema)| Some((name.clone(), of_type(schema)?))).collect()
}

fn of_type(schema: &Value) -> Option<Value> {
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    let choices = choices.filter_map(|choice| {
        let kind = choice["properties"]["type"]["const"].as_str()?;
        Some((kind.to_owned(), of_type(choice)?))
    });
    let fields = schema["properties"].as_object().into_iter().flatten();
    let fields = fields.filter_map(|(name, field)| Some((name.clone(), of_field(field)?)));
    some(choices.chain(fields).collect())
}

fn of_field(schema: &Value) -> Option<Value> {
    let limits = KEYS.into_iter().filter_map(|key| Some((key.to_owned(), schema.get(key)?.clone())));
    let mut limits: Map<_, _> = limits.collect();
    // Every number without a sign has it, so it is no limit of the field's own.
    if !limits.contains_key("maximum") && limits.get("minimum").and_then(Value::as_i64) == Some(0) {
        limits.remove("minimum");
    }
    let default = schema.get(DEFAULT).filter(|default| default.is_number());
    limits.extend(default.map(|default| (DEFAULT.to_owned(), default.clone())));
    limits.extend(schema.get("items").and_then(of_field).map(|items| ("items".to_owned(), items)));
    some(limits)
}

fn some(limits: Map<String, Value>) -> Option<Value> {
    (!limits.is_empty()).then_some(Value::Object(limits))
}

#[cfg(test)]
mod held;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_stand_by_type_and_field_and_choice() {
        let limits = Value::Object(limits());
        assert_eq!(limits["CreatePatient"]["displayName"]["maxLength"], 200);
        assert_eq!(limits["CreatePatient"]["tags"]["maxItems"], 20);
        assert_eq!(limits["CreatePatient"]["tags"]["items"]["maxLength"], 50);
        assert_eq!(limits["Trigger"]["scheduled"]["days"]["minimum"], 1);
        assert_eq!(limits["Trigger"]["recurring"]["value"]["maxLength"], 200);
        assert_eq!(limits["StepInput"]["freshnessHours"]["maximum"], 23.0);
        assert_eq!(limits["TextContent"]["text"]["maxLength"], 5_000);
        assert_eq!(limits["Feedback"]["buttons"]["maxItems"], 4);
        assert_eq!(limits["Feedback"]["postponeMinutes"]["default"], 30);
        assert_eq!(limits["LookAtMessages"]["ids"]["maxItems"], 1_000);
        assert_eq!(limits["UpdateSettings"]["patientPaceSeconds"]["maximum"], 86_400);
    }
}
