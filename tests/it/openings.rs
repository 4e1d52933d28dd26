//! How many people opened the messages of a plan, as LINE counts: by a unit for each plan and month.

use chrono::TimeDelta;
use clinicue::inbox::openings;
use serde_json::{Value, json};

use crate::support::{
    TestApp, id, line_user,
    scripted::{Said, Scripted},
    step,
};

/// A program before a LINE that says what it is told.
async fn start() -> (TestApp, Scripted) {
    let line = Scripted::default();
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    (app, line)
}

/// A published plan that says something each morning.
async fn plan(app: &TestApp) -> String {
    app.protocol(json!([step(json!({ "type": "recurring", "value": "0 8 * * *" }), "Good morning")])).await
}

/// Starts it for patients with these numbers.
async fn follow(app: &TestApp, plan: &str, numbers: std::ops::Range<u32>) {
    for n in numbers {
        let body = json!({ "displayName": format!("Patient {n}"), "lineUserId": line_user(n) });
        let patient = id(&app.post("/api/patients", body).await.expect(201));
        let body = json!({ "patientId": patient, "protocolId": plan });
        let assignment = id(&app.post("/api/assignments", body).await.expect(201));
        app.act(&assignment, "start").await.expect(200);
    }
}

async fn round(app: &TestApp) -> usize {
    openings::round(app.core()).await.expect("a round")
}

/// Month, number and why there is none, of each plan.
async fn shown(app: &TestApp) -> Vec<Value> {
    let list = app.get("/api/statistics/openings").await.expect(200);
    let items = list["items"].as_array().expect("plans");
    items.iter().map(|i| json!([i["month"], i["openedByAtLeast"], i["why"]])).collect()
}

/// The units LINE got pushes under, in their order.
fn units(line: &Scripted) -> Vec<Value> {
    line.pushed().iter().map(|body| body["customAggregationUnits"].clone()).collect()
}

const FORTY: Said =
    Said(200, &[], r#"{"overview":{"uniqueImpression":40,"uniqueClick":null},"messages":[],"clicks":[]}"#);
const NONE: Said = Said(200, &[], r#"{"overview":{"uniqueImpression":null},"messages":[],"clicks":[]}"#);

#[tokio::test]
async fn the_messages_of_a_plan_with_twenty_patients_go_under_a_unit_of_its_month() {
    let (app, line) = start().await;
    let plan = plan(&app).await;
    follow(&app, &plan, 1..20).await;
    assert_eq!(round(&app).await, 0);
    app.pass(TimeDelta::hours(21)).await;
    assert_eq!(units(&line), vec![Value::Null; 19]);
    assert_eq!(shown(&app).await, [json!(["2026-11", null, "tooFewPatients"])]);
    follow(&app, &plan, 20..21).await;
    assert_eq!(shown(&app).await, [json!(["2026-11", null, "notYet"])], "said at once");
    round(&app).await;
    app.pass(TimeDelta::hours(24)).await;
    let named = &units(&line)[19..];
    assert_eq!(named.len(), 20);
    let name = named[0][0].as_str().expect("a unit");
    assert!(name.starts_with("cq_202611_") && name.len() == 30, "{name}");
    assert!(named.iter().all(|unit| *unit == json!([name])));
    let body = line.pushed().last().cloned().expect("a push");
    let to = body["to"].as_str().expect("somebody");
    insta::assert_snapshot!(body.to_string().replace(name, "UNIT").replace(to, "U"), @r#"{"to":"U","messages":[{"type":"text","text":"Good morning"}],"customAggregationUnits":["UNIT"]}"#);
}

#[tokio::test]
async fn line_is_asked_once_a_day_from_the_next_day_on_and_says_at_least_how_many() {
    let (app, line) = start().await;
    let plan = plan(&app).await;
    follow(&app, &plan, 1..21).await;
    assert_eq!(round(&app).await, 0);
    assert_eq!(shown(&app).await, [json!(["2026-11", null, "notYet"])]);
    app.pass(TimeDelta::hours(24)).await;
    line.count_openings(Some(NONE));
    assert_eq!(round(&app).await, 1);
    assert_eq!(shown(&app).await, [json!(["2026-11", null, "fewerThanTwenty"])]);
    line.count_openings(Some(FORTY));
    assert_eq!(round(&app).await, 0, "once a day");
    app.pass(TimeDelta::hours(24)).await;
    assert_eq!(round(&app).await, 1);
    assert_eq!(shown(&app).await, [json!(["2026-11", 40, null])]);
    let asked = line.asked_for_openings();
    assert!(asked.contains("&from=20261101&to=20261201"), "{asked}");
    assert!(asked.starts_with("customAggregationUnit=cq_202611_"), "{asked}");
}

#[tokio::test]
async fn a_number_that_line_told_stays_where_it_does_not_answer_and_nothing_is_said_of_none() {
    let (app, line) = start().await;
    let plan = plan(&app).await;
    follow(&app, &plan, 1..21).await;
    round(&app).await;
    app.pass(TimeDelta::hours(24)).await;
    line.count_openings(Some(Said(400, &[], r#"{"message":null}"#)));
    assert_eq!(round(&app).await, 1);
    let list = app.get(&format!("/api/statistics/openings?protocolId={plan}")).await.expect(200);
    assert_eq!(list["items"][0]["why"], "notAnswered");
    let item = &list["items"][0];
    assert_eq!(
        (&item["errorText"], &item["why"]),
        (&Value::Null, &json!("notAnswered")),
        "LINE said no word"
    );
    for said in [FORTY, Said(500, &[], "")] {
        app.pass(TimeDelta::hours(24)).await;
        line.count_openings(Some(said));
        round(&app).await;
    }
    assert_eq!(shown(&app).await, [json!(["2026-11", 40, null])]);
}

#[tokio::test]
async fn a_new_month_has_a_unit_of_its_own_before_it_begins_and_the_old_one_is_counted_on() {
    let (app, line) = start().await;
    let plan = plan(&app).await;
    follow(&app, &plan, 1..21).await;
    round(&app).await;
    // An hour before December begins in Japan.
    app.pass(TimeDelta::days(6) + TimeDelta::hours(9)).await;
    round(&app).await;
    let both = [json!(["2026-12", null, "notYet"]), json!(["2026-11", null, "fewerThanTwenty"])];
    assert_eq!(shown(&app).await, both, "each month once");
    app.pass(TimeDelta::hours(11)).await;
    let last = units(&line).pop().expect("a push");
    assert!(last[0].as_str().is_some_and(|unit| unit.starts_with("cq_202612_")), "{last}");
    line.count_openings(Some(FORTY));
    assert_eq!(round(&app).await, 2);
    assert_eq!(shown(&app).await, [json!(["2026-12", 40, null]), json!(["2026-11", 40, null])]);
    app.pass(TimeDelta::days(20)).await;
    assert_eq!(round(&app).await, 2, "of November once more, when LINE has counted all of it");
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(round(&app).await, 1, "what was sent in November is counted no longer");
}

#[tokio::test]
async fn a_month_that_ended_while_the_program_was_off_and_its_follow_ups_ended_is_asked_about_once() {
    let (app, line) = start().await;
    let plan = plan(&app).await;
    follow(&app, &plan, 1..21).await;
    round(&app).await;
    app.pass(TimeDelta::hours(24)).await;
    let list = app.get("/api/assignments?limit=200").await.expect(200);
    for assignment in list["items"].as_array().expect("rows") {
        app.act(&id(assignment), "cancel").await.expect(200);
    }
    app.pass(TimeDelta::days(70)).await;
    line.count_openings(Some(FORTY));
    assert_eq!(round(&app).await, 1);
    assert!(shown(&app).await.contains(&json!(["2026-11", 40, null])), "{:?}", shown(&app).await);
    app.pass(TimeDelta::days(1)).await;
    assert_eq!(round(&app).await, 0, "LINE has said all of it");
}

#[tokio::test]
async fn the_practice_line_counts_nobody_and_that_is_said() {
    let app = TestApp::start().await;
    let plan = plan(&app).await;
    follow(&app, &plan, 1..21).await;
    round(&app).await;
    app.pass(TimeDelta::hours(24)).await;
    assert_eq!(round(&app).await, 1);
    // Before the program it is LINE's address; only with --sandbox it is known to be practice.
    assert_eq!(shown(&app).await, [json!(["2026-11", null, "fewerThanTwenty"])]);
}

#[tokio::test]
async fn openings_of_a_plan_that_is_not_there_are_not_found() {
    let app = TestApp::start().await;
    let nobody = uuid::Uuid::now_v7();
    app.get(&format!("/api/statistics/openings?protocolId={nobody}")).await.problem(404);
}
