//! Recurring work that is run by hand, the activity it leaves, and when in the week messages go.

use chrono::TimeDelta;
use clinicue::line::sandbox::{Fault, FaultKind};
use serde_json::json;

use crate::support::{TestApp, process::a_moment};

#[tokio::test]
async fn recurring_work_is_run_by_hand_and_noted() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::ServerError, count: Some(4), latency_ms: None });
    let failed = app.send(&patient, "hello").await;
    app.drain().await;
    for _ in 0..3 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    assert_eq!(app.state_of(&failed).await, "failed");
    let ran = app.post("/api/jobs/run", json!({ "name": "retry-sweep" })).await.expect(200);
    assert_eq!((&ran["name"], &ran["retried"]), (&json!("retry-sweep"), &json!(1)));
    app.drain().await;
    assert_eq!(app.state_of(&failed).await, "sent");
    let jobs = app.get("/api/jobs/stats").await.expect(200);
    let work = jobs["scheduler"]["cronJobs"].as_array().expect("work");
    let sweep = work.iter().find(|w| w["name"] == "retry-sweep").expect("the sweep");
    assert_eq!(sweep["lastRunAt"], ran["ranAt"]);
    app.post("/api/jobs/run", json!({ "name": "nothing" })).await.problem(400);
    app.post("/api/jobs/run", json!({})).await.problem(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workers_say_whose_messages_they_are_at_work_on() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let idle = app.get("/api/jobs/workers").await.expect(200);
    let [delivery, scheduled] = [&idle["items"][0], &idle["items"][1]];
    assert_eq!(
        (&delivery["queue"], &scheduled["queue"]),
        (&json!("messageDelivery"), &json!("scheduledMessages"))
    );
    assert_eq!((&delivery["active"], &delivery["workingOn"]), (&json!(0), &json!([])));
    assert!(delivery["slots"].as_u64() > Some(0) && delivery["name"].is_string());
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Latency, count: None, latency_ms: Some(5_000) });
    let message = app.send(&patient, "on its way").await;
    let mut work = Vec::new();
    for _ in 0..300 {
        let now = app.get("/api/jobs/workers").await.expect(200);
        work.clone_from(now["items"][0]["workingOn"].as_array().expect("a list"));
        if !work.is_empty() {
            break;
        }
        a_moment(5).await;
    }
    assert_eq!((work.len(), &work[0]["messageId"]), (1, &json!(message)));
    assert_eq!((&work[0]["patientId"], &work[0]["patientName"]), (&json!(patient), &json!("Patient 1")));
    assert!(work[0]["runningMs"].is_u64());
    app.drain().await;
    let over = app.get("/api/jobs/workers").await.expect(200);
    assert_eq!(over["items"][0]["workingOn"], json!([]));
}

#[tokio::test]
async fn the_activity_is_narrowed_to_an_act_a_subject_an_actor_and_days() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.patient(2).await;
    app.send(&patient, "hello").await;
    app.drain().await;
    let rows = |query: String| {
        let app = &app;
        async move {
            let list = app.get(&format!("/api/audit?{query}")).await.expect(200);
            list["items"].as_array().expect("items").clone()
        }
    };
    let created = rows("action=patient.create".into()).await;
    assert_eq!(created.len(), 2);
    assert_eq!(rows(format!("action=patient.create&subject={patient}")).await.len(), 1);
    let actor = created[0]["actor"].as_str().expect("an actor").to_owned();
    assert_eq!(rows(format!("actor={actor}&action=message.send")).await.len(), 1);
    assert_eq!(rows("actor=nobody".into()).await.len(), 0);
    assert_eq!(rows("from=2026-11-25".into()).await.len(), 0);
    assert!(rows("from=2026-11-24&to=2026-11-24".into()).await.len() >= 3);
    app.get("/api/audit?action=patient.teleport").await.problem(400);
    app.get("/api/audit?from=yesterday").await.problem(422);
}

#[tokio::test]
async fn messages_are_counted_by_the_hour_of_the_week_in_the_clinics_zone() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.send(&patient, "hello").await;
    app.drain().await;
    let week = app.get("/api/statistics/hours?from=2026-11-24&to=2026-11-24").await.expect(200);
    let hours = week["hours"].as_array().expect("hours");
    assert_eq!(hours.len(), 168);
    // Tuesday, 12:00 in Bangkok.
    let sent: Vec<_> = hours.iter().filter(|hour| hour["sent"] != 0).collect();
    assert_eq!(sent.len(), 1);
    let there = (&sent[0]["weekday"], &sent[0]["hour"], &sent[0]["sent"]);
    assert_eq!(there, (&json!(2), &json!(12), &json!(1)));
    let empty = app.get("/api/statistics/hours?from=2026-11-25&to=2026-11-25").await.expect(200);
    assert!(empty["hours"].as_array().expect("hours").iter().all(|hour| hour["sent"] == 0));
    app.get("/api/statistics/hours?from=2026-11-27&to=2026-11-25").await.problem(422);
}
