//! The routes of the operations: an input is filled from path, query and JSON body together.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use axum::{
    Extension, Router,
    extract::{RawPathParams, RawQuery, Request, State, rejection::RawPathParamsRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::{FromWeb, MAX_BODY, Web, body_of};
use crate::{
    error::{Code, Problem, Result},
    ops::{
        Caller,
        imports::MAX_BODY as MAX_BODY_WITH_TABLE,
        operation::{Operation, operations},
    },
};

pub(super) fn router() -> Router<Web> {
    let mut paths: Vec<(&str, MethodRouter<Web>)> = Vec::new();
    for operation in operations() {
        let endpoint = Endpoint::of(operation);
        let route = on(
            method_of(operation.method),
            |State(web): FromWeb,
             Extension(who): Extension<Caller>,
             path: Result<RawPathParams, RawPathParamsRejection>,
             RawQuery(query): RawQuery,
             request: Request| endpoint.call(web, who, path, query, request),
        );
        match paths.iter_mut().find(|(path, _)| *path == operation.path) {
            Some((_, methods)) => *methods = std::mem::take(methods).merge(route),
            None => paths.push((operation.path, route)),
        }
    }
    paths.into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods))
}

fn method_of(name: &str) -> MethodFilter {
    match name {
        "POST" => MethodFilter::POST,
        "PUT" => MethodFilter::PUT,
        "PATCH" => MethodFilter::PATCH,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

#[derive(Clone)]
struct Endpoint {
    operation: Operation,
    /// Filled at the first call with text to convert: most operations are never called, and the
    /// schemas of all would take much of a start's memory and time.
    kinds: Arc<OnceLock<HashMap<String, Kind>>>,
}

impl Endpoint {
    fn of(operation: Operation) -> Self {
        Self { operation, kinds: Arc::default() }
    }

    /// A text of the path or the query, as the JSON value the operation's input takes.
    fn value(&self, field: &str, text: &str) -> Value {
        let kinds = self.kinds.get_or_init(|| kinds_of(&self.operation));
        value_of(kinds.get(field).copied().unwrap_or(Kind::Text), text)
    }

    async fn call(
        self,
        web: Web,
        who: Caller,
        path: Result<RawPathParams, RawPathParamsRejection>,
        query: Option<String>,
        request: Request,
    ) -> Response {
        let Ok(path) = path else {
            return Problem::new(Code::InvalidInput, "the path is not UTF-8").into_response();
        };
        let max = max_body(self.operation.name);
        let input = match self.input_of(&path, query.as_deref(), request, max).await {
            Ok(input) => input,
            Err(problem) => return problem.into_response(),
        };
        match (self.operation.call)(web.core, who, input).await {
            Ok(output) => answer(self.operation, output),
            Err(problem) => problem.into_response(),
        }
    }

    async fn input_of(
        &self,
        path: &RawPathParams,
        query: Option<&str>,
        request: Request,
        max: usize,
    ) -> Result<Value> {
        let mut input = json_body(request, max).await?;
        let words = query.map(|q| url::form_urlencoded::parse(q.as_bytes())).into_iter().flatten();
        for (name, text) in words.take(MAX_FIELDS) {
            insert(&mut input, &name, self.value(&name, &text))?;
        }
        for (name, text) in path {
            insert(&mut input, name, self.value(name, text))?;
        }
        Ok(Value::Object(input))
    }
}

/// The largest body of an operation; those that take a file in it take more.
fn max_body(operation: &str) -> usize {
    match operation {
        "preview_import" | "import_patients" => MAX_BODY_WITH_TABLE,
        _ => MAX_BODY,
    }
}

fn answer(operation: Operation, output: Vec<u8>) -> Response {
    // The one answer whose status says more than success.
    let unhealthy = operation.name == "jobs_health"
        && serde_json::from_slice(&output).is_ok_and(|health: Value| health["status"] == "unhealthy");
    let status = if unhealthy { 503 } else { operation.status };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    (status, [(header::CONTENT_TYPE, "application/json")], output).into_response()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Integer,
    Boolean,
    Text,
}

/// The fields of an operation's input that are not text.
fn kinds_of(operation: &Operation) -> HashMap<String, Kind> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let schema = (operation.input)(&mut settings.into_generator());
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    properties
        .into_iter()
        .map(|(name, schema)| {
            let is = |kind: &str| match &schema["type"] {
                Value::String(one) => one == kind,
                Value::Array(several) => several.iter().any(|t| t == kind),
                _ => false,
            };
            let kind = match () {
                () if is("integer") => Kind::Integer,
                () if is("boolean") => Kind::Boolean,
                () => Kind::Text,
            };
            (name, kind)
        })
        .collect()
}

fn value_of(kind: Kind, text: &str) -> Value {
    let read = match kind {
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Boolean => text.parse::<bool>().ok().map(Value::from),
        Kind::Text => None,
    };
    read.unwrap_or_else(|| Value::from(text))
}

/// The most fields of a query, above those of any operation.
const MAX_FIELDS: usize = 50;

/// A query as an input; `true` and `false` are booleans.
pub(super) fn query_input(query: Option<&str>) -> Result<Value> {
    let mut input = Map::new();
    let words = query.map(|q| url::form_urlencoded::parse(q.as_bytes())).into_iter().flatten();
    for (name, text) in words.take(MAX_FIELDS) {
        insert(&mut input, &name, value_of(Kind::Boolean, &text))?;
    }
    Ok(Value::Object(input))
}

fn insert(input: &mut Map<String, Value>, name: &str, value: Value) -> Result<()> {
    if input.insert(name.to_owned(), value).is_some() {
        let name: String = name.chars().take(100).collect();
        return Err(Problem::new(Code::InvalidInput, format!("{name} is given twice")));
    }
    Ok(())
}

async fn json_body(request: Request, max: usize) -> Result<Map<String, Value>> {
    let is_json = is_json(request.headers());
    let bytes = body_of(request, max).await?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    if !is_json {
        return Err(Problem::new(Code::UnsupportedMediaType, "send application/json"));
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(mut fields)) => {
            fields.values_mut().for_each(make_whole);
            Ok(fields)
        }
        Ok(_) => Err(Problem::new(Code::InvalidInput, "the body is not a JSON object")),
        Err(error) => Err(Problem::new(Code::InvalidInput, format!("the body is not valid JSON: {error}"))),
    }
}

/// Makes `3.0` a 3, which JSON Schema calls an integer and serde does not.
fn make_whole(value: &mut Value) {
    /// Every integer up to here is exact as a float (2^53).
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Object(fields) => fields.values_mut().for_each(make_whole),
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().filter(|f| f.fract() == 0.0 && f.abs() <= MAX_EXACT);
            #[expect(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
            if let Some(float) = float {
                *value = Value::from(float as i64);
            }
        }
        _ => {}
    }
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_float_without_a_fraction_is_an_integer() {
        let mut value = json!({ "a": [3.0, 3.5, -0.0, 1e300], "b": { "c": 9_007_199_254_740_992.0 } });
        make_whole(&mut value);
        let whole = json!({ "a": [3, 3.5, 0, 1e300], "b": { "c": 9_007_199_254_740_992_i64 } });
        assert_eq!(value, whole);
    }
}
