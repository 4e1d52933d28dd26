//! The OpenAPI document: what it says is so.

use clinicue::ops::list::operations;
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
