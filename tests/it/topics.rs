//! Who shows something hears when it changes.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use clinicue::{
    core::{Topic, shown_of},
    domain::staff::Role,
    ops::{Caller, operation::operations},
    store::tables_read,
};
use serde_json::json;

use crate::support::{TestApp, asking, id};

/// What was announced and not heard yet.
fn heard(changes: &mut tokio::sync::broadcast::Receiver<Topic>) -> BTreeSet<Topic> {
    std::iter::from_fn(|| changes.try_recv().ok()).collect()
}

#[tokio::test]
async fn what_an_act_writes_is_announced_whichever_screen_shows_it() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.post("/api/sending/pause", json!({})).await.expect(200);
    let expired = app.send(&patient, "too late").await;
    app.pass(TimeDelta::hours(7)).await;
    assert_eq!(app.get("/api/worklist").await.expect(200)["items"][0]["reason"], "expired");
    let mut changes = app.core().changes();
    app.post(&format!("/api/messages/{expired}/cancel"), json!({})).await.expect(200);
    let heard = heard(&mut changes);
    assert!(heard.is_superset(&[Topic::Messages, Topic::Worklist].into()), "{heard:?}");
}

#[tokio::test]
async fn what_is_read_or_changes_nothing_is_announced_to_nobody() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.drain().await;
    let mut changes = app.core().changes();
    app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    clinicue::schedule::tick::tick(app.core()).await.expect("a tick");
    assert_eq!(heard(&mut changes), BTreeSet::new());
}

/// A clinic in which every list has a row.
async fn lived_in() -> (TestApp, Vec<(&'static str, String)>) {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let follow_up = app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    app.press(1, "I feel worse").await;
    let first = async |path: &str| app.get(path).await.expect(200)["items"][0].clone();
    let plan = id(&first("/api/protocols").await);
    let ids = vec![
        ("/api/patients/", id(&first("/api/patients").await)),
        ("/api/protocols/", plan),
        ("/api/assignments/", follow_up),
        ("/api/messages/", id(&first("/api/messages").await)),
    ];
    (app, ids)
}

#[tokio::test]
async fn a_read_names_a_topic_of_every_table_it_reads() {
    let (app, ids) = lived_in().await;
    let core = app.core().shared().expect("it runs");
    let mut unheard = Vec::new();
    for o in operations() {
        assert!(o.method == "GET" || o.asks.is_some() || o.shows.is_empty(), "{} is a write", o.name);
        assert!(o.method != "GET" || !o.shows.is_empty(), "{} shows nothing", o.name);
        if o.method != "GET" {
            continue;
        }
        let of = |part: &str| ids.iter().find(|(at, _)| part.starts_with(at)).map(|(_, id)| json!(id));
        let mut input = json!({});
        if o.path.contains("{id}") {
            input["id"] = of(o.path).unwrap_or_else(|| json!("01a20c51-6346-70e8-b237-85fb26c46dd1"));
        }
        match o.name {
            "protocol_version" => input["version"] = json!(1),
            "next_times" => input["cron"] = json!("0 8 * * *"),
            _ => {}
        }
        let who = Caller { actor: "test".to_owned(), role: Role::Admin };
        let (_, tables) = tables_read((o.call)(core.clone(), who, input)).await;
        let missing = tables.into_iter().filter(|table| {
            let topics = shown_of(*table);
            !topics.is_empty() && !topics.iter().any(|topic| o.shows.contains(topic))
        });
        unheard.extend(missing.map(|table| format!("{}: {table:?}", o.name)));
    }
    assert_eq!(unheard, Vec::<String>::new());
}
