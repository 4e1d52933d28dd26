//! An act of staff whose caller does not wait for its end.

use std::task::Poll;

use chrono::TimeDelta;
use clinicue::{
    domain::staff::Role,
    ops::{Caller, operation::operations},
};
use futures::FutureExt as _;
use serde_json::{Value, json};

use crate::support::TestApp;

/// Calls an operation and lets go of it after so many polls; whether it had begun. What it
/// began is waited for.
async fn let_go(app: &TestApp, name: &str, input: Value, polls: usize) {
    let core = app.core().shared().expect("running");
    let operation = operations().into_iter().find(|o| o.name == name).expect("there is such an operation");
    let who = Caller { actor: "test".to_owned(), role: Role::Admin };
    let mut call = (operation.call)(core, who, input);
    for _ in 0..polls {
        let polled = std::future::poll_fn(|cx| Poll::Ready(call.poll_unpin(cx))).await;
        if polled.is_ready() {
            break;
        }
        tokio::task::yield_now().await;
    }
    drop(call);
    let acts = &app.core().acts;
    acts.close();
    acts.wait().await;
    acts.reopen();
}

#[tokio::test]
async fn an_act_whose_caller_goes_away_is_done_wholly() {
    let app = TestApp::start().await;
    for polls in 1..40 {
        let_go(&app, "pause_sending", json!({}), polls).await;
        assert!(app.core().clinic().paused.is_some(), "{polls} polls");
        let stored = app.get("/api/status").await.expect(200);
        assert_eq!(stored["sending"], "paused", "{polls} polls");
        let_go(&app, "resume_sending", json!({}), polls).await;
        assert!(app.core().clinic().paused.is_none(), "{polls} polls");
    }
}

#[tokio::test]
async fn a_maintenance_whose_caller_goes_away_is_noted_all_the_same() {
    let app = TestApp::start().await;
    for polls in 1..40 {
        app.clock.advance(TimeDelta::minutes(1));
        let_go(&app, "run_maintenance", json!({}), polls).await;
        let notes = app.get("/api/audit?limit=200").await.expect(200);
        let noted = notes["items"].as_array().expect("notes").iter();
        assert_eq!(noted.filter(|n| n["action"] == "jobs.maintenance").count(), polls);
    }
}
