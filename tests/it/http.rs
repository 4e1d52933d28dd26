//! The HTTP interface: who may ask, what is refused, and how.

use clinicue::{
    domain::staff::Role,
    line::webhook::sign,
    ops::{operation::operations, tokens},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use crate::support::{Answer, NOON, TestApp, answer, at};

async fn token(app: &TestApp, role: Role) -> String {
    tokens::create(&app.core().store, "other", role, at(NOON)).await.expect("a token")
}

/// The path of an operation with an id that names nothing.
fn path_of(path: &str) -> String {
    path.replace("{id}", "01a20c51-6346-70e8-b237-85fb26c46dd1").replace("{lineUserId}", "nobody")
}

#[tokio::test]
async fn every_operation_asks_who_calls() {
    let app = TestApp::start().await;
    for o in operations() {
        let path = path_of(o.path);
        let nobody = answer(app.request(o.method, &path).send().await.expect("an answer")).await;
        assert_eq!(nobody.problem(401), "unauthenticated", "{}", o.name);
        let stranger = app.call_as("wrong", o.method, &path, None).await;
        assert_eq!(stranger.problem(401), "unauthenticated", "{}", o.name);
    }
}

#[tokio::test]
async fn every_operation_refuses_a_role_below_its_own() {
    let app = TestApp::start().await;
    let roles = [Role::Viewer, Role::Operator, Role::Admin];
    for role in roles {
        let token = token(&app, role).await;
        for o in operations() {
            // What an empty body makes of each operation is not asked here.
            let status = app.call_as(&token, o.method, &path_of(o.path), Some(json!({}))).await.status;
            let allowed = role >= o.role;
            assert_eq!(status != 403, allowed, "{role} {} gave {status}", o.name);
        }
    }
}

/// Begins a session; its cookie and the page's secret.
async fn begin(app: &TestApp, with: Value) -> (String, String) {
    let begun = app.request("POST", "/api/session").json(&with).send().await.expect("an answer");
    let cookie = begun.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap_or_default().to_owned();
    let body = answer(begun).await.expect(200);
    (pair, body["pageSecret"].as_str().expect("a secret").to_owned())
}

async fn in_session(app: &TestApp, method: &str, path: &str, (cookie, page): &(String, String)) -> Answer {
    let request = app.request(method, path).header("cookie", cookie).header("x-clinicue-page", page);
    answer(request.send().await.expect("an answer")).await
}

#[tokio::test]
async fn a_sign_in_link_works_once_and_keeps_a_strict_session() {
    let app = TestApp::start().await;
    let link = app.app.as_ref().expect("running").sign_in_link();
    let code = link.split_once("code=").expect("a code").1;
    let session = begin(&app, json!({ "code": code })).await;
    let status = in_session(&app, "GET", "/api/status", &session).await.expect(200);
    assert_eq!(status["role"], "admin");
    let again = app.request("POST", "/api/session").json(&json!({ "code": code })).send().await;
    assert_eq!(answer(again.expect("an answer")).await.problem(401), "unauthenticated");
    in_session(&app, "DELETE", "/api/session", &session).await.expect(204);
    let after = in_session(&app, "GET", "/api/status", &session).await;
    assert_eq!(after.problem(401), "unauthenticated");
}

#[tokio::test]
async fn a_token_begins_a_session_with_its_role() {
    let app = TestApp::start().await;
    let viewer = token(&app, Role::Viewer).await;
    let session = begin(&app, json!({ "token": viewer })).await;
    let status = in_session(&app, "GET", "/api/status", &session).await.expect(200);
    assert_eq!(status["role"], "viewer");
    for with in [json!({ "token": "guess" }), json!({ "code": "guess" })] {
        let wrong = app.request("POST", "/api/session").json(&with).send().await.expect("an answer");
        assert_eq!(answer(wrong).await.problem(401), "unauthenticated");
    }
    for with in [json!({}), json!({ "token": 1 }), json!({ "token": viewer, "code": "both" })] {
        let wrong = app.request("POST", "/api/session").json(&with).send().await.expect("an answer");
        assert_eq!(answer(wrong).await.problem(400), "invalid_input");
    }
}

#[tokio::test]
async fn neither_the_cookie_nor_the_pages_secret_is_worth_anything_alone() {
    let app = TestApp::start().await;
    let first = begin(&app, json!({ "token": app.token })).await;
    let second = begin(&app, json!({ "token": app.token })).await;
    let mixed = (first.0.clone(), second.1.clone());
    for (cookie, page) in [(first.0.clone(), String::new()), (String::new(), first.1.clone()), mixed.clone()]
    {
        for path in ["/api/status", "/api/events", "/api/interactions/export", "/metrics"] {
            let alone = in_session(&app, "GET", path, &(cookie.clone(), page.clone())).await;
            assert_eq!(alone.problem(401), "unauthenticated", "{path}");
        }
    }
    let cookie_only = app.request("GET", "/api/status").header("cookie", &first.0).send().await;
    assert_eq!(answer(cookie_only.expect("an answer")).await.problem(401), "unauthenticated");
    in_session(&app, "DELETE", "/api/session", &mixed).await.expect(204);
    in_session(&app, "GET", "/api/status", &first).await.expect(200);
}

#[tokio::test]
async fn a_session_ends_when_its_token_is_revoked_or_its_role_changes() {
    let app = TestApp::start().await;
    let store = &app.core().store;
    let viewer = tokens::create(store, "left", Role::Viewer, at(NOON)).await.expect("a token");
    let session = begin(&app, json!({ "token": viewer })).await;
    in_session(&app, "GET", "/api/status", &session).await.expect(200);
    assert_eq!(tokens::revoke(store, "left", at(NOON)).await.expect("revoked"), 1);
    assert_eq!(in_session(&app, "GET", "/api/status", &session).await.problem(401), "unauthenticated");
    assert_eq!(tokens::revoke(store, "left", at(NOON)).await.expect_err("none").status, 404);

    let admin = tokens::create(store, "demoted", Role::Admin, at(NOON)).await.expect("a token");
    let session = begin(&app, json!({ "token": admin })).await;
    let mut tx = store.begin().await.expect("a transaction");
    clinicue::store::sql::query("UPDATE api_tokens SET role = 'viewer' WHERE name = 'demoted'")
        .execute(&mut *tx)
        .await
        .expect("changed");
    tx.commit().await.expect("committed");
    assert_eq!(in_session(&app, "GET", "/api/status", &session).await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn another_port_of_this_machine_is_a_stranger() {
    let app = TestApp::start().await;
    let with = |name: &'static str, value: String| {
        let request = app.request("GET", "/api/status").bearer_auth(&app.token).header(name, value);
        async move { answer(request.send().await.expect("an answer")).await }
    };
    let port = app.app.as_ref().expect("running").addr.port();
    for host in ["127.0.0.1:1".to_owned(), "localhost".to_owned(), format!("127.0.0.1:{}", port ^ 1)] {
        assert_eq!(with("host", host).await.problem(403), "forbidden");
    }
    with("host", format!("localhost:{port}")).await.expect(200);
    for from in ["cross-site", "same-site"] {
        assert_eq!(with("sec-fetch-site", from.to_owned()).await.problem(403), "forbidden");
    }
    for from in ["same-origin", "none"] {
        with("sec-fetch-site", from.to_owned()).await.expect(200);
    }
    // Following a link to the UI is no call.
    let page = app.request("GET", "/").header("sec-fetch-site", "cross-site").send().await;
    let page = page.expect("an answer");
    assert_ne!(page.status(), 403);
    for header in ["cross-origin-resource-policy", "cross-origin-opener-policy"] {
        assert_eq!(page.headers()[header], "same-origin");
    }
}

#[tokio::test]
async fn a_foreign_host_or_origin_is_refused() {
    let app = TestApp::start().await;
    let with = |name: &str, value: &str| {
        app.request("GET", "/api/status").bearer_auth(&app.token).header(name, value).send()
    };
    let rebound = with("host", "evil.example").await.expect("an answer");
    assert_eq!(answer(rebound).await.problem(403), "forbidden");
    for origin in ["https://evil.example", "null", "http://localhost:1"] {
        let foreign = with("origin", origin).await.expect("an answer");
        assert_eq!(answer(foreign).await.problem(403), "forbidden");
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_so_is_a_problem_too() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/api/nothing").await.problem(404), "not_found");
    assert_eq!(
        app.call_as(&app.token, "DELETE", "/api/patients", None).await.problem(405),
        "method_not_allowed"
    );
    let text = app
        .request("POST", "/api/patients")
        .bearer_auth(&app.token)
        .body("{}")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer(text).await.problem(415), "unsupported_media_type");
    let huge = format!("{{\"displayName\":\"{}\"}}", "x".repeat(3 * 1024 * 1024));
    let huge = app
        .request("POST", "/api/patients")
        .bearer_auth(&app.token)
        .header("content-type", "application/json")
        .body(huge)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer(huge).await.problem(413), "too_large");
    assert_eq!(app.get("/api/patients?limit=0").await.problem(422), "out_of_limits");
    assert_eq!(app.get("/api/patients?limit=x").await.problem(400), "invalid_input");
    assert_eq!(app.get("/api/patients?nonsense=1").await.problem(400), "invalid_input");
    assert_eq!(app.get("/api/patients?cursor=%00%ff").await.problem(400), "invalid_input");
    assert_eq!(app.get("/api/patients/not-an-id").await.problem(400), "invalid_input");
}

#[tokio::test]
async fn a_name_in_any_script_comes_back_as_it_was() {
    let app = TestApp::start().await;
    for name in ["สมชาย ใจดี", "髙橋 花子", "مريم", "👨‍👩‍👧‍👦", "Robert'); DROP TABLE patients;--"]
    {
        let made = app.post("/api/patients", json!({ "displayName": name })).await.expect(201);
        assert_eq!(made["displayName"], name);
    }
    let nul = app.post("/api/patients", json!({ "displayName": "a\0b" })).await;
    assert_eq!(nul.problem(422), "out_of_limits");
    let page = app.get("/api/patients?limit=2").await.expect(200);
    let rest = app
        .get(&format!("/api/patients?limit=200&cursor={}", page["nextCursor"].as_str().expect("more")))
        .await
        .expect(200);
    assert_eq!(rest["items"].as_array().map(Vec::len), Some(3));
    assert!(rest["nextCursor"].is_null());
}

#[tokio::test]
async fn a_webhook_needs_lines_signature_and_is_stored_once() {
    let app = TestApp::start().await;
    let body = json!({ "destination": "U0", "events": [
        { "type": "message", "webhookEventId": "01H000000000000000000000AA", "timestamp": 1 },
        { "type": "something new", "webhookEventId": "01H000000000000000000000AB" },
    ] })
    .to_string();
    let call = |signature: String, body: String| {
        app.request("POST", "/webhook/line").header("x-line-signature", signature).body(body).send()
    };
    for _ in 0..2 {
        let taken = call(sign("secret", body.as_bytes()), body.clone()).await.expect("an answer");
        assert_eq!(taken.status(), 200);
    }
    let mut tx = app.core().store.begin().await.expect("a transaction");
    let stored = clinicue::store::webhook_events::open(&mut tx, app.core().now(), 10).await.expect("events");
    assert_eq!(stored.len(), 2);
    drop(tx);
    let forged = call(sign("guess", body.as_bytes()), body.clone()).await.expect("an answer");
    assert_eq!(answer(forged).await.problem(401), "unauthenticated");
    let nonsense = "[1, 2".to_owned();
    let nonsense = call(sign("secret", nonsense.as_bytes()), nonsense).await.expect("an answer");
    assert_eq!(answer(nonsense).await.problem(400), "invalid_input");
    app.hear().await;
}

#[tokio::test]
async fn metrics_tell_depth_outcomes_and_latency() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.send(&patient, "hello").await;
    app.drain().await;
    let text = app
        .request("GET", "/metrics")
        .bearer_auth(&app.token)
        .send()
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    for line in [
        "clinicue_deliveries_total{outcome=\"sent\"} 1",
        "clinicue_delivery_latency_seconds_count 1",
        "clinicue_jobs{queue=\"message-delivery\",state=\"completed\"} 1",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    let nobody = app.request("GET", "/metrics").send().await.expect("an answer");
    assert_eq!(nobody.status(), 401);
    assert_eq!(app.request("GET", "/healthz").send().await.expect("an answer").status(), 200);
}

/// JSON of any shape, with field names that exist among those that do not.
fn rubbish() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "displayName",
        "lineUserId",
        "timeZone",
        "name",
        "steps",
        "trigger",
        "type",
        "value",
        "content",
        "text",
        "messageType",
        "patientId",
        "protocolId",
        "schedule",
        "messages",
        "feedback",
        "x",
        "quietHours",
        "kind",
        "limit",
        "hours",
    ]);
    let text = prop_oneof![
        any::<String>(),
        Just("'; DROP TABLE patients;--".to_owned()),
        Just("\u{202e}evil\0".to_owned()),
        Just("01a20c51-6346-70e8-b237-85fb26c46dd1".to_owned()),
        Just("text".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..5).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(name, v)| (name.to_owned(), v)).collect())
            }),
        ]
    })
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::result_large_err, reason = "proptest's own error")]
async fn no_rubbish_makes_any_route_answer_5xx() {
    let app = TestApp::start().await;
    let health = |name: &str| name == "jobs_health";
    let routes: Vec<_> = operations().into_iter().filter(|o| !health(o.name)).collect();
    let strategy = (
        prop::sample::select((0..routes.len()).collect::<Vec<_>>()),
        rubbish(),
        "[^/?#]{0,20}",
        "[a-z]{0,6}=[^#]{0,12}",
    );
    let mut runner = TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
    let runtime = tokio::runtime::Handle::current();
    let tried = tokio::task::block_in_place(|| {
        runner.run(&strategy, |(route, body, part, query)| {
            let route = &routes[route];
            let mut url = url::Url::parse("http://x/").expect("a url");
            url.set_path(&route.path.replace("{id}", &part).replace("{lineUserId}", &part));
            url.set_query((route.method == "GET").then_some(query.as_str()));
            let target = match url.query() {
                Some(query) => format!("{}?{query}", url.path()),
                None => url.path().to_owned(),
            };
            let answer = runtime.block_on(app.call_as(&app.token, route.method, &target, Some(body)));
            prop_assert!(answer.status < 500, "{} {target} gave {}", route.method, answer.json);
            Ok(())
        })
    });
    tried.expect("no route answers 5xx");
}
