//! The OpenAPI document, made from the list of operations.

use axum::Json;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::{
    error::Problem,
    ops::list::{Operation, operations},
};

/// `/api/openapi.json`
pub(super) async fn serve() -> Json<Value> {
    Json(document())
}

/// The document, OpenAPI 3.1.
pub fn document() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Problem>();
    let mut paths = Map::new();
    for operation in operations() {
        let (input, output) = ((operation.input)(&mut generator), (operation.output)(&mut generator));
        let input = resolved(input.as_value(), generator.definitions());
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_lowercase()] = entry(&operation, &input, output.as_value());
    }
    more_paths(&mut paths);
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
            "schemas": generator.take_definitions(true),
            "responses": { "Problem": {
                "description": "Refused or failed; `code` is stable, `detail` is for people",
                "content": { "application/problem+json": { "schema": problem } },
            } },
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": "clinicue_session" },
                "page": { "type": "apiKey", "in": "header", "name": super::auth::PAGE },
            },
        },
    })
}

/// The schema itself, where it is only a name for one of the definitions.
fn resolved(schema: &Value, definitions: &Map<String, Value>) -> Value {
    schema["$ref"]
        .as_str()
        .and_then(|path| definitions.get(path.rsplit('/').next()?))
        .unwrap_or(schema)
        .clone()
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
        parameters.push(json!({
            "name": name,
            "in": if in_path(&name) { "path" } else { "query" },
            "required": in_path(&name) || required.contains(&name.as_str()),
            "schema": schema,
        }));
    }
    let mut responses = json!({
        operation.status.to_string(): {
            "description": operation.doc,
            "content": { "application/json": { "schema": output } },
        },
        "default": { "$ref": "#/components/responses/Problem" },
    });
    if operation.name == "jobs_health" {
        responses["503"] = json!({
            "description": "Something does not work",
            "content": { "application/json": { "schema": output } },
        });
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

/// What is not an operation of the list.
fn more_paths(paths: &mut Map<String, Value>) {
    let problem = json!({ "$ref": "#/components/responses/Problem" });
    let one = |name: &str| {
        json!({ "type": "object", "properties": { name: { "type": "string" } },
        "required": [name], "additionalProperties": false })
    };
    let with = json!({ "oneOf": [one("token"), one("code")] });
    paths.insert("/api/session".into(), json!({
        "post": { "operationId": "beginSession", "summary": "Begins a session with a token or the code of the sign-in link.", "security": [],
            "requestBody": { "required": true, "content": { "application/json": { "schema": with } } },
            "responses": { "200": { "description": "The cookie is set; each call sends pageSecret as x-clinicue-page.",
                "content": { "application/json": { "schema": one("pageSecret") } } }, "default": problem } },
        "delete": { "operationId": "endSession", "summary": "Ends the session.", "security": [],
            "responses": { "204": { "description": "It is over." }, "default": problem } },
    }));
    let text = |what: &str, kind: &str| {
        json!({ "200": { "description": what,
        "content": { kind: { "schema": { "type": "string" } } } }, "default": problem })
    };
    paths.insert(
        "/api/events".into(),
        json!({ "get": { "operationId": "events",
        "summary": "Which topics changed, as server-sent events, at most twice a second.",
        "responses": text("event: changed, data: {\"topics\":[…]}", "text/event-stream") } }),
    );
    let query = |name: &str, kind: Value| json!({ "name": name, "in": "query", "schema": kind });
    paths.insert("/api/interactions/export".into(), json!({ "get": { "operationId": "exportInteractions",
        "summary": "The interaction log of some days as a file, streamed; x-total-rows says how many rows come.",
        "description": "Needs the role operator.", "tags": ["interactions"],
        "parameters": [query("from", json!({ "type": "string" })), query("to", json!({ "type": "string" })),
            query("format", json!({ "enum": ["csv", "json"] })), query("pseudonymise", json!({ "type": "boolean" }))],
        "responses": text("The rows, oldest first", "text/csv") } }));
    paths.insert("/api/openapi.json".into(), json!({ "get": { "operationId": "openapi",
        "summary": "This document.", "responses": { "200": { "description": "This document.",
            "content": { "application/json": { "schema": { "type": "object" } } } }, "default": problem } } }));
    paths.insert(
        "/metrics".into(),
        json!({ "get": { "operationId": "metrics",
        "summary": "Counters for Prometheus.",
        "responses": text("OpenMetrics text", "application/openmetrics-text") } }),
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
        "responses": { "200": { "description": "Stored." }, "default": problem } } }));
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
