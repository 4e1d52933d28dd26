//! The OpenAPI document: what it says is so.

use clinicue::ops::operation::operations;
use serde_json::{Value, json};

use crate::support::TestApp;

#[tokio::test]
async fn the_openapi_document_names_every_route_and_resolves_every_reference() {
    let app = TestApp::start().await;
    let document = app.get("/api/openapi.json").await.expect(200);
    for o in operations() {
        assert!(document["paths"][o.path][o.method.to_lowercase()].is_object(), "{} {}", o.method, o.path);
    }
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[tokio::test]
async fn the_openapi_document_says_null_where_null_is_left_out() {
    let app = TestApp::start().await;
    let document = app.get("/api/openapi.json").await.expect(200);
    let template = document["components"]["schemas"]["UpdateTemplate"]["properties"].clone();
    let translation = document["components"]["schemas"]["Translation"].clone();
    for list in [&template["furtherMessages"], &translation["properties"]["quickReplies"]] {
        assert_eq!(list["type"], json!(["array", "null"]));
    }
    assert_eq!(translation["required"], json!(["messageType", "content"]));
    let resolved = document["paths"]["/api/worklist"]["get"]["parameters"].as_array().expect("a list");
    let resolved = resolved.iter().find(|p| p["name"] == "resolved").expect("a query");
    assert_eq!(resolved["schema"]["type"], "boolean", "a query has no null");
}

/// A body that says nothing but that one optional member is null, for each such member of a
/// schema however deep it lies; `null` alone where the schema has none.
fn bodies_with_null(document: &Value, schema: &Value, depth: u32) -> Vec<Value> {
    let schema = resolved(document, schema);
    if depth == 0 {
        return Vec::new();
    }
    let mut bodies = Vec::new();
    for branch in ["anyOf", "oneOf", "allOf"] {
        for one in schema[branch].as_array().into_iter().flatten() {
            bodies.extend(bodies_with_null(document, one, depth));
        }
    }
    if schema["items"].is_object() {
        bodies.extend(
            bodies_with_null(document, &schema["items"], depth - 1).into_iter().map(|item| json!([item])),
        );
    }
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    // What tells the kinds of an object apart has to be there for the others to be read.
    let kind = schema["properties"]["type"]["const"].clone();
    let with = |name: &str, value: Value| {
        let mut body = json!({ name: value });
        if !kind.is_null() {
            body["type"] = kind.clone();
        }
        body
    };
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        if !required.contains(&&json!(name)) {
            bodies.push(with(name, Value::Null));
        }
        let deeper = bodies_with_null(document, member, depth - 1);
        bodies.extend(deeper.into_iter().map(|value| with(name, value)));
    }
    let languages = schema["propertyNames"]["enum"].as_array().and_then(|names| names.first()?.as_str());
    if let Some(language) = languages {
        bodies.push(json!({ language: null }));
        let deeper = bodies_with_null(document, &schema["additionalProperties"], depth - 1);
        bodies.extend(deeper.into_iter().map(|value| json!({ language: value })));
    }
    bodies
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let reference = schema["$ref"].as_str().map(|reference| reference.trim_start_matches('#'));
    reference.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

#[tokio::test]
async fn null_is_left_out_in_every_member_of_every_request_that_may_be_left_out() {
    let app = TestApp::start().await;
    let document = app.get("/api/openapi.json").await.expect(200);
    let mut refused = Vec::new();
    let mut asked = 0;
    for o in operations() {
        let schema = &document["paths"][o.path][o.method.to_lowercase()]["requestBody"]["content"]["application/json"]
            ["schema"];
        let path = o.path.replace(['{', '}'], "").replace("/id", "/00000000-0000-7000-8000-000000000000");
        for body in bodies_with_null(&document, schema, 8) {
            asked += 1;
            let answer = app.request(o.method, &path).json(&body).send().await.expect("an answer");
            let said = answer.text().await.expect("words");
            if said.contains("invalid type: null") || said.contains("invalid value: null") {
                refused.push(format!("{} {} {body}: {said}", o.method, o.path));
            }
        }
    }
    assert!(asked > 200, "{asked}");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|v| collect_references(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| collect_references(v, found)),
        _ => {}
    }
}
