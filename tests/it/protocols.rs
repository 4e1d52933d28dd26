//! Protocols beside what is sent by them: versions, a look ahead, putting away and bringing back.

use serde_json::{Value, json};

use crate::support::{TestApp, step};

const NOWHERE: &str = "00000000-0000-7000-8000-000000000000";

fn daily(text: &str) -> Value {
    step(json!({ "type": "scheduled", "value": "21:30" }), text)
}

#[tokio::test]
async fn a_protocol_that_was_put_away_is_brought_back_as_it_was() {
    let app = TestApp::start().await;
    let active = app.protocol(json!([daily("one")])).await;
    let draft = json!({ "name": "Draft", "steps": [daily("one")] });
    let draft = app.post("/api/protocols", draft).await.expect(201)["id"].as_str().expect("an id").to_owned();
    for (id, status) in [(&active, "active"), (&draft, "draft")] {
        let path = |act: &str| format!("/api/protocols/{id}/{act}");
        let away = app.post(&path("archive"), json!({})).await.expect(200);
        assert_eq!((&away["status"], &away["actions"]), (&json!("archived"), &json!(["bringBack"])));
        for _ in 0..2 {
            let back = app.post(&path("bring-back"), json!({})).await.expect(200);
            assert_eq!(back["status"], status);
        }
    }
    let log = app.get("/api/audit").await.expect(200)["items"].to_string();
    assert_eq!(log.matches("protocol.bring_back").count(), 2, "{log}");
    let nowhere = app.post(&format!("/api/protocols/{NOWHERE}/bring-back"), json!({})).await;
    assert_eq!(nowhere.problem(404), "not_found");
}

#[tokio::test]
async fn an_earlier_version_can_be_read_with_who_is_on_it() {
    let app = TestApp::start().await;
    let assignment = app.follow_up(1, json!([daily("first words")])).await;
    let shown = app.get(&format!("/api/assignments/{assignment}")).await.expect(200);
    let id = shown["protocolId"].as_str().expect("an id");
    let anew = json!({ "name": "Plan", "steps": [daily("second words"), daily("and more")] });
    let put = app.call_as(&app.token, "PUT", &format!("/api/protocols/{id}"), Some(anew)).await;
    put.expect(200);
    let all = app.get(&format!("/api/protocols/{id}/versions")).await.expect(200);
    let (newest, first) = (&all["items"][0], &all["items"][1]);
    assert_eq!((&newest["version"], &newest["stepCount"]), (&json!(2), &json!(2)));
    assert_eq!((&newest["publishedAt"], &newest["activeAssignments"]), (&Value::Null, &json!(0)));
    assert_eq!((&first["version"], &first["activeAssignments"]), (&json!(1), &json!(1)));
    let said = app.get(&format!("/api/protocols/{id}/versions/1")).await.expect(200);
    assert_eq!(said["steps"][0]["content"]["text"], "first words");
    for missing in [format!("/api/protocols/{id}/versions/3"), format!("/api/protocols/{NOWHERE}/versions")] {
        assert_eq!(app.get(&missing).await.problem(404), "not_found");
    }
}

#[tokio::test]
async fn a_look_ahead_says_when_each_step_is_due_and_when_it_goes() {
    let app = TestApp::start().await;
    let quiet = json!({ "quietHours": { "start": "20:00", "end": "08:00" } });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(quiet)).await.expect(200);
    let triggers = json!([
        { "type": "immediate" },
        { "type": "scheduled", "value": "21:30", "startDay": 1, "days": 2 },
        { "type": "delay", "value": "1d" },
    ]);
    let asked = json!({ "triggers": triggers, "startAt": "2026-11-24T05:00:00Z", "timeZone": "Asia/Tokyo" });
    let ahead = app.post("/api/protocols/preview", asked.clone()).await.expect(200);
    let times: Vec<_> = ahead["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|item| {
            (
                item["step"].as_u64().expect("a step"),
                item["dueAt"].as_str().expect("a time"),
                item["goesAt"].as_str().expect("a time"),
            )
        })
        .collect();
    assert_eq!(
        times,
        [
            (0, "2026-11-24T05:00:00.000Z", "2026-11-24T05:00:00.000Z"),
            (2, "2026-11-25T05:00:00.000Z", "2026-11-25T05:00:00.000Z"),
            (1, "2026-11-25T12:30:00.000Z", "2026-11-25T23:00:00.000Z"),
            (1, "2026-11-26T12:30:00.000Z", "2026-11-26T23:00:00.000Z"),
        ]
    );
    assert_eq!((&ahead["more"], &ahead["timeZone"]), (&json!(false), &json!("Asia/Tokyo")));
    let mut few = asked;
    few["limit"] = json!(2);
    let ahead = app.post("/api/protocols/preview", few).await.expect(200);
    assert_eq!((ahead["items"].as_array().map(Vec::len), &ahead["more"]), (Some(2), &json!(true)));
    assert_eq!(app.get("/api/protocols").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn a_look_ahead_for_a_patient_goes_by_their_clock_and_refuses_what_is_no_trigger() {
    let app = TestApp::start().await;
    let body = json!({ "displayName": "A", "timeZone": "Asia/Taipei" });
    let patient = app.post("/api/patients", body).await.expect(201)["id"].clone();
    let triggers = json!([{ "type": "scheduled", "value": "09:00" }]);
    let asked =
        json!({ "triggers": triggers, "patientId": patient, "startAt": "2026-11-24T05:00:00Z", "limit": 1 });
    let ahead = app.post("/api/protocols/preview", asked).await.expect(200);
    assert_eq!(ahead["items"][0]["dueAt"], "2026-11-25T01:00:00.000Z");
    let wrong = json!({ "triggers": [{ "type": "immediate" }, { "type": "recurring", "value": "never" }] });
    let refused = app.post("/api/protocols/preview", wrong).await.expect(422);
    assert!(
        refused["errors"][0]["field"].as_str().is_some_and(|f| f.starts_with("triggers[1]")),
        "{refused}"
    );
    let nobody = json!({ "triggers": triggers, "patientId": NOWHERE });
    assert_eq!(app.post("/api/protocols/preview", nobody).await.problem(404), "not_found");
}

#[tokio::test]
async fn times_of_day_may_be_of_some_days_of_the_week_or_of_each_nth_day() {
    let app = TestApp::start().await;
    let ahead = async |days: Value| -> Vec<String> {
        let mut trigger = json!({ "type": "scheduled", "value": "08:00,17:30" });
        trigger.as_object_mut().expect("an object").extend(days.as_object().expect("an object").clone());
        // A Tuesday, at noon there.
        let asked = json!({ "triggers": [trigger], "startAt": "2026-11-24T05:00:00Z",
            "timeZone": "Asia/Bangkok", "limit": 5 });
        let ahead = app.post("/api/protocols/preview", asked).await.expect(200);
        let items = ahead["items"].as_array().expect("items").iter();
        items.map(|item| item["dueAt"].as_str().expect("a time")[5..16].to_owned()).collect()
    };
    let weekly = ahead(json!({ "weekdays": ["thu", "mon"], "days": 10 })).await;
    assert_eq!(weekly, ["11-26T01:00", "11-26T10:30", "11-30T01:00", "11-30T10:30", "12-03T01:00"]);
    let third = ahead(json!({ "everyDays": 3, "days": 7 })).await;
    assert_eq!(third, ["11-24T10:30", "11-27T01:00", "11-27T10:30", "11-30T01:00", "11-30T10:30"]);
    let later = ahead(json!({ "everyDays": 2, "startDay": 1, "days": 2 })).await;
    assert_eq!(later, ["11-25T01:00", "11-25T10:30"]);
    assert_eq!(ahead(json!({ "weekdays": ["mon"], "days": 3 })).await, Vec::<String>::new());
}

#[tokio::test]
async fn days_that_are_none_are_refused_at_their_field() {
    let app = TestApp::start().await;
    for (days, field, code) in [
        (json!({ "weekdays": ["mon"], "everyDays": 2 }), "triggers[0].weekdays", "twoKindsOfDays"),
        (json!({ "weekdays": [] }), "triggers[0].weekdays", "tooFew"),
        (json!({ "everyDays": 0 }), "triggers[0].everyDays", "outOfRange"),
        (json!({ "everyDays": 367 }), "triggers[0].everyDays", "outOfRange"),
    ] {
        let mut trigger = json!({ "type": "scheduled", "value": "08:00" });
        trigger.as_object_mut().expect("an object").extend(days.as_object().expect("an object").clone());
        let refused = app.post("/api/protocols/preview", json!({ "triggers": [trigger] })).await.expect(422);
        let wrong = &refused["errors"][0];
        assert_eq!((&wrong["field"], &wrong["code"]), (&json!(field), &json!(code)), "{refused}");
    }
    let trigger = json!({ "type": "scheduled", "value": "08:00", "weekdays": ["funday"] });
    assert_eq!(
        app.post("/api/protocols/preview", json!({ "triggers": [trigger] })).await.problem(400),
        "invalid_input"
    );
}
