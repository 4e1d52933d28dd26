//! The OpenAPI document, made from the list of operations.

use axum::Json;
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::{
    domain::staff::Role,
    error::{Code, Problem},
    ops::{
        exports::{self, ExportInteractions},
        operation::{Operation, operations},
        uploads::Upload,
    },
};

use schemas::{Schemas, not_null};

mod schemas;
mod uploads;

pub(super) async fn serve() -> Json<Value> {
    Json(document())
}

/// The OpenAPI 3.1 document, made from the list of operations.
pub(crate) fn document() -> Value {
    let mut schemas = Schemas::new();
    let problem = schemas.output::<Problem>();
    let mut paths = Map::new();
    for operation in operations() {
        let input = schemas.input(operation.input);
        let output = (operation.output)(&mut schemas.written);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_lowercase()] = entry(&operation, &input, output.as_value());
    }
    let export = schemas.input(SchemaGenerator::subschema_for::<ExportInteractions>);
    more_paths(&mut paths, &export);
    uploads::add(&mut paths, schemas.output::<Upload>().as_value());
    let problems = ALL_CODES.map(|code| {
        let response = json!({
            "description": code.title(),
            "content": { "application/problem+json": { "schema": problem } },
        });
        (component(code), response)
    });
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Clinicue",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Delivers a clinic's care protocols over LINE. JSON is camelCase, times are RFC 3339 in UTC with milliseconds, ids are UUIDs, errors are application/problem+json (RFC 9457).",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, { "session": [], "page": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas.definitions(),
            "responses": Map::from_iter(problems),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": "clinicue_session" },
                "page": { "type": "apiKey", "in": "header", "name": super::auth::PAGE },
            },
        },
    })
}

fn entry(operation: &Operation, input: &Value, output: &Value) -> Value {
    let properties = input["properties"].as_object().cloned().unwrap_or_default();
    let required: Vec<&str> =
        input["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let in_path = |name: &str| operation.path.contains(&format!("{{{name}}}"));
    let takes_body = operation.method != "GET";
    let mut parameters = Vec::new();
    let mut body = Map::new();
    for (name, schema) in properties {
        if takes_body && !in_path(&name) {
            body.insert(name, schema);
            continue;
        }
        parameters.push(parameter(
            &name,
            &schema,
            in_path(&name),
            in_path(&name) || required.contains(&name.as_str()),
        ));
    }
    let mut responses = responses(&codes_of(operation, input));
    responses.insert(
        operation.status.to_string(),
        json!({
            "description": operation.doc,
            "content": { "application/json": { "schema": output } },
        }),
    );
    if operation.name == "jobs_health" {
        let unhealthy = json!({
            "description": "Something does not work",
            "content": {
                "application/json": { "schema": output },
                "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } },
            },
        });
        responses.insert("503".into(), unhealthy);
    }
    let mut entry = json!({
        "operationId": camel(operation.name),
        "summary": operation.doc,
        "description": format!("Needs the role {}.", operation.role),
        "tags": [operation.path.split('/').nth(2).unwrap_or_default()],
        "parameters": parameters,
        "responses": responses,
    });
    if !body.is_empty() {
        let required: Vec<_> = required.into_iter().filter(|name| body.contains_key(*name)).collect();
        entry["requestBody"] = json!({
            "required": !required.is_empty(),
            "content": { "application/json": { "schema": {
                "type": "object", "properties": body, "required": required, "additionalProperties": false,
            } } },
        });
    }
    entry
}

fn parameter(name: &str, schema: &Value, in_path: bool, required: bool) -> Value {
    json!({
        "name": name,
        "in": if in_path { "path" } else { "query" },
        "required": required,
        "schema": not_null(schema),
    })
}

/// Every code a caller may get, in the order of status.
const ALL_CODES: [Code; 11] = [
    Code::InvalidInput,
    Code::Unauthenticated,
    Code::Forbidden,
    Code::NotFound,
    Code::MethodNotAllowed,
    Code::Conflict,
    Code::TooLarge,
    Code::UnsupportedMediaType,
    Code::OutOfLimits,
    Code::Internal,
    Code::Unavailable,
];

fn codes_of(operation: &Operation, input: &Value) -> Vec<Code> {
    let has_fields = input["properties"].as_object().is_some_and(|fields| !fields.is_empty());
    let names_something = operation.path.contains('{') || names_an_id(input);
    let writes = operation.method != "GET";
    let is_practice = operation.path.starts_with("/api/practice/");
    let may = |code| match code {
        Code::NotFound => names_something,
        // A state that does not allow it, or another writer.
        Code::Conflict => writes || is_practice,
        Code::TooLarge | Code::UnsupportedMediaType => writes,
        Code::OutOfLimits => has_fields,
        Code::MethodNotAllowed => false,
        _ => true,
    };
    ALL_CODES.into_iter().filter(|code| may(*code)).collect()
}

/// Whether an input names a row by its id, directly or in a list.
fn names_an_id(input: &Value) -> bool {
    let mut fields = input["properties"].as_object().into_iter().flatten();
    fields.any(|(name, _)| name.ends_with("Id") || name == "messages")
}

fn responses(codes: &[Code]) -> Map<String, Value> {
    let response = |code: &Code| {
        let reference = format!("#/components/responses/{}", component(*code));
        (code.status().to_string(), json!({ "$ref": reference }))
    };
    codes.iter().map(response).collect()
}

/// The name of the response of a code: `invalid_input` as `InvalidInput`.
fn component(code: Code) -> String {
    format!("{code:?}")
}

fn more_paths(paths: &mut Map<String, Value>, export: &Value) {
    use Code::{
        Forbidden, Internal, InvalidInput, NotFound, OutOfLimits, TooLarge, Unauthenticated, Unavailable,
    };
    let to_callers = [InvalidInput, Unauthenticated, Forbidden, Internal, Unavailable];
    paths.insert("/api/session".into(), session());
    let text = |what: &str, kind: &str, codes: &[Code]| {
        with_problems(
            json!({ "200": { "description": what, "content": { kind: { "schema": { "type": "string" } } } } }),
            codes,
        )
    };
    paths.insert(
        "/api/events".into(),
        json!({ "get": { "operationId": "events",
        "summary": "Which topics changed, as server-sent events, at most twice a second.",
        "responses": text("event: changed, data: {\"topics\":[…]}", "text/event-stream", &to_callers) } }),
    );
    let fields = export["properties"].as_object().into_iter().flatten();
    let parameters: Vec<_> = fields.map(|(name, schema)| parameter(name, schema, false, false)).collect();
    paths.insert("/api/interactions/export".into(), json!({ "get": { "operationId": "exportInteractions",
        "summary": "The interaction log of some days as a file, streamed; x-total-rows says how many rows come.",
        "description": format!("Needs the role {}.", exports::MIN_ROLE), "tags": ["interactions"],
        "parameters": parameters,
        "responses": with_problems(json!({ "200": { "description": "The rows, oldest first", "content": {
            "text/csv": { "schema": { "type": "string" } },
            "application/json": { "schema": { "type": "array", "items": { "type": "object" } } },
        } } }), &[InvalidInput, Unauthenticated, Forbidden, OutOfLimits, Internal, Unavailable]) } }));
    paths.insert("/api/media/{id}".into(), media());
    paths.insert(
        "/api/openapi.json".into(),
        json!({ "get": { "operationId": "openapi",
        "summary": "This document.", "responses": with_problems(json!({ "200": { "description": "This document.",
            "content": { "application/json": { "schema": { "type": "object" } } } } }), &to_callers) } }),
    );
    paths.insert(
        "/metrics".into(),
        json!({ "get": { "operationId": "metrics",
        "summary": "Counters for Prometheus.",
        "responses": text("OpenMetrics text", "application/openmetrics-text", &to_callers) } }),
    );
    paths.insert(
        "/healthz".into(),
        json!({ "get": { "operationId": "healthz", "security": [],
        "summary": "Whether the program answers.",
        "responses": { "200": { "description": "It does.",
            "content": { "text/plain": { "schema": { "type": "string" } } } } } } }),
    );
    paths.insert("/webhook/line".into(), json!({ "post": { "operationId": "lineWebhook", "security": [],
        "summary": "LINE's webhook, signed by LINE.",
        "parameters": [{ "name": "x-line-signature", "in": "header", "required": true, "schema": { "type": "string" } }],
        "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": "object" } } } },
        "responses": with_problems(json!({ "200": { "description": "Stored." } }),
            &[InvalidInput, Unauthenticated, NotFound, TooLarge, Internal, Unavailable]) } }));
}

fn media() -> Value {
    use Code::{Forbidden, Internal, InvalidInput, NotFound, Unauthenticated, Unavailable};
    let bytes = json!({ "*/*": { "schema": { "type": "string", "format": "binary" } } });
    let right = json!({
        "200": { "description": "All of it: a type that a browser shows and does not run, else application/octet-stream to be saved.", "content": bytes },
        "206": { "description": "The part that Range asks for.", "content": bytes },
        "416": { "description": "The range lies outside." },
    });
    json!({ "get": { "operationId": "media", "summary": "The bytes of a picture, video, sound or file of a patient.",
        "description": format!("Needs the role {}.", Role::Viewer), "tags": ["media"],
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
            { "name": "Range", "in": "header", "required": false, "schema": { "type": "string" } }],
        "responses": with_problems(right, &[InvalidInput, Unauthenticated, Forbidden, NotFound, Internal, Unavailable]) } })
}

fn session() -> Value {
    use Code::{
        Forbidden, Internal, InvalidInput, TooLarge, Unauthenticated, Unavailable, UnsupportedMediaType,
    };
    let one = |name: &str| {
        json!({ "type": "object", "properties": { name: { "type": "string" } },
        "required": [name], "additionalProperties": false })
    };
    let with = json!({ "oneOf": [one("token"), one("code")] });
    json!({
        "post": { "operationId": "beginSession", "summary": "Begins a session with a token or the code of the sign-in link.", "security": [],
            "requestBody": { "required": true, "content": { "application/json": { "schema": with } } },
            "responses": with_problems(json!({ "200": { "description": "The cookie is set; each call sends pageSecret as x-clinicue-page.",
                "content": { "application/json": { "schema": one("pageSecret") } } } }),
                &[InvalidInput, Unauthenticated, Forbidden, TooLarge, UnsupportedMediaType, Internal, Unavailable]) },
        "delete": { "operationId": "endSession", "summary": "Ends the session.", "security": [],
            "responses": with_problems(json!({ "204": { "description": "It is over." } }), &[Forbidden, Internal, Unavailable]) },
    })
}

fn with_problems(right: Value, codes: &[Code]) -> Value {
    let mut all = responses(codes);
    all.extend(right.as_object().cloned().unwrap_or_default());
    Value::Object(all)
}

/// `retry_failed` as `retryFailed`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| {
        let mut letters = word.chars();
        let head = letters.next().map(|c| c.to_ascii_uppercase()).into_iter();
        all + &head.chain(letters).collect::<String>()
    })
}
