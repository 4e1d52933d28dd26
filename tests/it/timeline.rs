//! All that happened to one patient, in order.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{TestApp, asking, id, line_user};

#[tokio::test]
async fn the_timeline_shows_everything_in_order_and_what_is_planned() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let later = json!({ "name": "Evening", "trigger": { "type": "scheduled", "value": "20:00", "days": 2 },
        "messageType": "text", "content": { "text": "good night" } });
    app.follow_up(1, json!([asking(), later])).await;
    app.drain().await;
    let list = app.get("/api/patients").await.expect(200);
    let patient = id(&list["items"][0]);
    app.clock.advance(TimeDelta::minutes(1));
    app.press(1, "Done").await;
    app.clock.advance(TimeDelta::minutes(1));
    assert!(app.line.sandbox.text(&line_user(1), "thank you").await);
    app.hear().await;
    app.clock.advance(TimeDelta::minutes(1));
    let note = json!({ "kind": "call", "text": "all is well" });
    app.post(&format!("/api/patients/{patient}/notes"), note).await.expect(201);
    let shown = app.get(&format!("/api/patients/{patient}/timeline")).await.expect(200);
    let kinds: Vec<_> = shown["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|i| {
            ["note", "said", "answer", "message", "event"]
                .into_iter()
                .find(|k| !i[k].is_null())
                .expect("a kind")
        })
        .collect();
    assert_eq!(kinds[..3], ["note", "said", "answer"]);
    // The message went in the very instant in which its follow-up was made and started; ids of one
    // instant sort by a counter that the tests of this process share, whatever their clocks show.
    let mut first = kinds[3..].to_vec();
    first.sort_unstable();
    assert_eq!(first.pop(), Some("message"));
    assert!(first.iter().all(|k| *k == "event"), "{kinds:?}");
    let planned: Vec<_> =
        shown["planned"].as_array().expect("planned").iter().map(|p| p["localTime"].clone()).collect();
    assert_eq!(planned, ["2026-11-24 20:00", "2026-11-25 20:00"]);
    let page = app.get(&format!("/api/patients/{patient}/timeline?limit=2")).await.expect(200);
    let cursor = page["nextCursor"].as_str().expect("more");
    let next =
        app.get(&format!("/api/patients/{patient}/timeline?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!(next["items"][0]["id"], shown["items"][2]["id"]);
    app.get("/api/patients/00000000-0000-7000-8000-000000000009/timeline").await.problem(404);
}

#[tokio::test]
async fn answers_are_listed_as_they_came_each_with_what_it_answers() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    for n in 1..=3 {
        app.follow_up(n, json!([asking()])).await;
    }
    app.drain().await;
    for (n, label) in [(2, "Done"), (1, "I feel worse"), (3, "Not today"), (1, "Done")] {
        app.clock.advance(TimeDelta::minutes(1));
        app.press(n, label).await;
    }
    let first = app.get("/api/answers?limit=2").await.expect(200);
    let cursor = first["nextCursor"].as_str().expect("a second page");
    let rest = app.get(&format!("/api/answers?limit=2&cursor={cursor}")).await.expect(200);
    let all: Vec<_> =
        [&first, &rest].iter().flat_map(|page| page["items"].as_array().expect("rows")).collect();
    let said: Vec<_> = all
        .iter()
        .map(|a| {
            (a["patientName"].as_str().expect("a name"), a["answer"]["label"].as_str().expect("a label"))
        })
        .collect();
    let expected = [("Patient 3", "Not today"), ("Patient 1", "I feel worse"), ("Patient 2", "Done")];
    assert_eq!(said, expected, "only the first press under a message is its answer");
    let worrying: Vec<_> = all.iter().map(|a| a["answer"]["worrying"] == true).collect();
    assert_eq!(worrying, [false, true, false]);
    assert_eq!(all[0]["stepName"], "Morning dose");
    assert_eq!(app.get("/api/answers?cursor=x").await.problem(422), "out_of_limits");
}
