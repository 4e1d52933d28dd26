//! The schemas of the document, made from the types that are read and written.

use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::SchemaSettings,
    transform::{RecursiveTransform, Transform as _},
};
use serde_json::{Map, Value, json};

/// The schemas of inputs and outputs, apart: a type's field may be optional in an input and always
/// there in an output.
pub(super) struct Schemas {
    read: SchemaGenerator,
    pub(super) written: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = || {
            let mut settings = SchemaSettings::draft2020_12();
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
            settings
        };
        Self { read: settings().into_generator(), written: settings().for_serialize().into_generator() }
    }

    /// Inline rather than by name.
    pub(super) fn input(&mut self, of: impl Fn(&mut SchemaGenerator) -> Schema) -> Value {
        let schema = of(&mut self.read);
        let schema = schema.as_value();
        let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
        let mut schema: Schema = named
            .and_then(|name| self.read.definitions().get(name))
            .unwrap_or(schema)
            .clone()
            .try_into()
            .unwrap_or_default();
        bounded().transform(&mut schema);
        null_is_left_out().transform(&mut schema);
        schema.to_value()
    }

    /// By its name.
    pub(super) fn output<T: JsonSchema>(&mut self) -> Schema {
        self.written.subschema_for::<T>()
    }

    /// All schemas by name; a type that is both read and written is described as read.
    pub(super) fn definitions(mut self) -> Map<String, Value> {
        let mut read = self.read.take_definitions(true);
        transform(&mut read, null_is_left_out());
        let mut definitions = self.written.take_definitions(true);
        definitions.extend(read);
        transform(&mut definitions, bounded());
        definitions
    }
}

type EverySchema = RecursiveTransform<fn(&mut Schema)>;

fn transform(definitions: &mut Map<String, Value>, mut change: EverySchema) {
    for schema in definitions.values_mut() {
        if let Ok(schema) = <&mut Schema>::try_from(schema) {
            change.transform(schema);
        }
    }
}

/// Allows null for a field with a default, as `fields::or_default` reads it.
fn null_is_left_out() -> EverySchema {
    RecursiveTransform(|schema: &mut Schema| {
        let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
        for field in fields.into_iter().flat_map(Map::values_mut) {
            let has_default = field.get("default").is_some_and(|default| !default.is_null());
            if let Some(Value::String(kind)) = field.get("type").filter(|_| has_default) {
                field["type"] = json!([kind, "null"]);
            }
        }
    })
}

/// The bounds that the format of an integer stands for.
fn bounded() -> EverySchema {
    RecursiveTransform(|schema: &mut Schema| {
        let (least, max) = match schema.get("format").and_then(Value::as_str) {
            Some("uint32") => (json!(0), json!(u32::MAX)),
            Some("uint64") => (json!(0), json!(u64::MAX)),
            Some("int64") => (json!(i64::MIN), json!(i64::MAX)),
            _ => return,
        };
        let fields = schema.ensure_object();
        fields.entry("minimum").or_insert(least);
        fields.entry("maximum").or_insert(max);
    })
}

/// A schema without null, which a path or a query cannot have.
pub(super) fn not_null(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(kinds) = schema["type"].as_array().filter(|k| k.len() == 2) {
        let kind = kinds.iter().find(|k| *k != "null").cloned();
        schema["type"] = kind.unwrap_or_default();
    }
    if let Some(Value::Array(kinds)) = schema.get_mut("enum") {
        kinds.retain(|kind| !kind.is_null());
    }
    let branches = schema["anyOf"].as_array().map(|all| {
        let null = json!({ "type": "null" });
        all.iter().filter(|branch| **branch != null).cloned().collect::<Vec<_>>()
    });
    if let (Some([one]), Some(fields)) = (branches.as_deref(), schema.as_object_mut()) {
        fields.remove("anyOf");
        for (key, value) in one.as_object().into_iter().flatten() {
            fields.entry(key).or_insert_with(|| value.clone());
        }
    }
    if let Some(fields) = schema.as_object_mut().filter(|f| f.get("default").is_some_and(Value::is_null)) {
        fields.remove("default");
    }
    schema
}
