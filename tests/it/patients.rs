//! What staff know of a patient, and how it changes.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{TestApp, asking, id, line_user, message, step};

#[tokio::test]
async fn what_is_known_of_a_patient_is_kept_and_changed() {
    let app = TestApp::start().await;
    let body = json!({ "displayName": "渡邊 花子", "reading": "ワタナベ ハナコ", "nickname": "ハナ",
        "phone": " ０３-1234 5678", "birthDate": "1956-04-13" });
    let p = app.post("/api/patients", body).await.expect(201);
    assert_eq!(p["reading"], "ワタナベ ハナコ");
    assert_eq!(p["phone"], "03-1234 5678", "digits of full width are digits");
    assert_eq!(p["phoneUri"], "tel:0312345678");
    assert_eq!(p["birthDate"], "1956-04-13");
    let path = format!("/api/patients/{}", p["id"].as_str().expect("an id"));
    let change = json!({ "phone": "+66 81 234 5678", "birthDate": null });
    app.call_as(&app.token, "PATCH", &path, Some(change)).await.expect(200);
    let p = app.get(&path).await.expect(200);
    assert_eq!((&p["phone"], &p["birthDate"]), (&json!("+66 81 234 5678"), &json!(null)));
    assert_eq!(p["reading"], "ワタナベ ハナコ", "what is left out stays");
    let two = json!({ "phone": "02-123 4567 / 081 234 5678" });
    let p = app.call_as(&app.token, "PATCH", &path, Some(two)).await.expect(200);
    assert_eq!((&p["phone"], &p["phoneUri"]), (&json!("02-123 4567 / 081 234 5678"), &json!(null)));
}

#[tokio::test]
async fn a_number_or_a_day_of_birth_that_cannot_be_is_refused_at_its_field() {
    let app = TestApp::start().await;
    for (field, value, code) in [
        ("phone", "call her son", "notAPhone"),
        ("phone", "--", "notAPhone"),
        ("birthDate", "2499-04-13", "notABirthDate"),
        ("birthDate", "1899-12-31", "notABirthDate"),
        ("birthDate", "1956-02-30", "notABirthDate"),
        ("birthDate", "2399-01-01", "notABirthDate"),
        ("reading", " ", "notOneLine"),
    ] {
        let refused =
            app.post("/api/patients", json!({ "displayName": "Malee", field: value })).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], field, "{value}");
        assert_eq!(refused["errors"][0]["code"], code, "{value}");
    }
}

#[tokio::test]
async fn a_consent_has_its_day_and_its_witness() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let path = format!("/api/patients/{patient}");
    let change = async |change| app.call_as(&app.token, "PATCH", &path, Some(change)).await.expect(200);
    let p = change(json!({ "consented": true })).await;
    let (at, by) = (p["consentedAt"].clone(), p["consentedBy"].clone());
    assert!(at.is_string() && by.is_string(), "{p}");
    app.clock.advance(TimeDelta::hours(1));
    let p = change(json!({ "consented": true })).await;
    assert_eq!((&p["consentedAt"], &p["consentedBy"]), (&at, &by), "it stands since then");
    let p = change(json!({ "consented": false })).await;
    assert!(p["consentedAt"].is_null() && p["consentedBy"].is_null());
}

#[tokio::test]
async fn patients_are_listed_by_the_group_they_are_in() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let add = async |name: &str, line: Option<String>| {
        let body = json!({ "displayName": name, "lineUserId": line });
        id(&app.post("/api/patients", body).await.expect(201))
    };
    let (linked, asked) = (add("Linked", Some(line_user(1))).await, add("Asked", Some(line_user(2))).await);
    let (alone, gone) = (add("Alone", None).await, add("Gone", Some(line_user(3))).await);
    let path = format!("/api/patients/{gone}");
    app.call_as(&app.token, "PATCH", &path, Some(json!({ "status": "archived" }))).await.expect(200);
    let plan = app.protocol(json!([asking()])).await;
    let made = json!({ "patientId": asked, "protocolId": plan });
    let followed = id(&app.post("/api/assignments", made).await.expect(201));
    app.act(&followed, "start").await.expect(200);
    app.drain().await;
    let listed = async |query: &str| -> Vec<String> {
        let page = app.get(&format!("/api/patients?{query}")).await.expect(200);
        page["items"].as_array().expect("rows").iter().map(id).collect()
    };
    for (query, who) in [
        ("group=linked", vec![&asked, &linked]),
        ("group=not_linked", vec![&alone]),
        ("group=blocked", vec![]),
        ("group=archived", vec![&gone]),
        ("group=followed", vec![&asked]),
        ("group=unanswered", vec![&asked]),
        ("group=linked&search=ask", vec![&asked]),
        ("group=linked&search=alone", vec![]),
        ("group=archived&search=gon", vec![&gone]),
    ] {
        assert_eq!(listed(query).await.iter().collect::<Vec<_>>(), who, "{query}");
    }
    let first = app.get("/api/patients?group=linked&limit=1").await.expect(200);
    let cursor = first["nextCursor"].as_str().expect("a second page");
    assert_eq!(listed(&format!("group=linked&limit=1&cursor={cursor}")).await, std::slice::from_ref(&linked));
    app.press(2, "Done").await;
    app.hear().await;
    let log = app.get("/api/interactions").await.expect(200);
    assert_eq!(log["items"][0]["status"], "responded");
    assert!(listed("group=unanswered").await.is_empty(), "who answered is not waited for");
    let page = app.get("/api/patients?group=followed").await.expect(200);
    assert!(page["items"].as_array().is_some_and(Vec::is_empty), "its only step is answered");
    let page = app.get("/api/patients?search=asked").await.expect(200);
    assert!(page["items"][0]["lastAnswerAt"].is_string());
    app.get("/api/patients?group=all").await.expect(400);
}

/// The numbers of those who are listed, page by page.
async fn listed(app: &TestApp, filter: &str) -> Vec<String> {
    let (mut found, mut place) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("/api/patients?limit=2&{filter}{place}")).await.expect(200);
        let rows = page["items"].as_array().expect("rows").iter();
        found.extend(rows.map(|p| p["externalRef"].as_str().expect("a number").to_owned()));
        match page["nextCursor"].as_str() {
            Some(next) => place = format!("&cursor={next}"),
            None => return found,
        }
    }
}

async fn people(app: &TestApp) {
    for (number, name, reading, tags) in [
        ("1", "渡邊 花子", json!("ワタナベ ハナコ"), json!(["hernia", "膝"])),
        ("2", "アベ 太郎", json!(null), json!(["hernia"])),
        ("3", "さとう", json!(null), json!([])),
        ("4", "さとう", json!(null), json!(["hernia repair", "a\"b"])),
        ("5", "Ａｎｎａ", json!(null), json!(["膝"])),
    ] {
        let mut body = json!({ "displayName": name, "externalRef": number, "tags": tags });
        body["reading"] = reading;
        app.post("/api/patients", body).await.expect(201);
    }
}

#[tokio::test]
async fn a_list_says_when_the_next_message_goes_be_it_of_a_step_or_written_by_hand() {
    let app = TestApp::start().await;
    let listed = async || app.get("/api/patients").await.expect(200)["items"].clone();
    app.patient(2).await;
    assert_eq!(listed().await[0]["nextMessageAt"], json!(null));
    app.follow_up(1, json!([step(json!({ "type": "delay", "value": "1d" }), "tomorrow")])).await;
    let patient = id(&listed().await[0]);
    let next = async || listed().await[0]["nextMessageAt"].clone();
    assert_eq!(next().await, "2026-11-25T05:00:00.000Z");
    let mut by_hand = message(&patient, "today");
    by_hand["schedule"] = json!({ "type": "at", "at": "2026-11-24T08:00:00Z" });
    app.post("/api/messages", by_hand).await.expect(202);
    assert_eq!(next().await, "2026-11-24T08:00:00.000Z");
}

#[tokio::test]
async fn patients_are_listed_by_name_page_by_page() {
    let app = TestApp::start().await;
    people(&app).await;
    let by_name = listed(&app, "sort=name").await;
    assert_eq!(by_name, ["5", "2", "3", "4", "1"]);
    assert_eq!(listed(&app, "sort=newest").await, listed(&app, "").await);
    assert_eq!(listed(&app, "sort=name&search=さ").await, ["3", "4"]);
    // Who is called otherwise stands elsewhere.
    let anna = app.get("/api/patients?search=anna").await.expect(200)["items"][0]["id"].clone();
    let path = format!("/api/patients/{}", anna.as_str().expect("an id"));
    app.call_as(&app.token, "PATCH", &path, Some(json!({ "reading": "わん" }))).await.expect(200);
    assert_eq!(listed(&app, "sort=name").await, ["2", "3", "4", "1", "5"]);
}

#[tokio::test]
async fn a_place_in_a_list_of_another_order_is_refused() {
    let app = TestApp::start().await;
    people(&app).await;
    for (one, other) in [
        ("name", "newest"),
        ("newest", "name"),
        ("answered", "name"),
        ("name", "answered"),
        ("newest", "answered"),
        ("answered", "newest"),
    ] {
        let page = app.get(&format!("/api/patients?limit=1&sort={one}")).await.expect(200);
        let place = page["nextCursor"].as_str().expect("a second page");
        let refused = app.get(&format!("/api/patients?limit=1&sort={other}&cursor={place}")).await;
        assert_eq!(refused.json["errors"][0]["code"], "notACursor");
        assert_eq!(refused.problem(422), "out_of_limits");
    }
}

#[tokio::test]
async fn patients_are_found_by_a_label_and_the_labels_are_counted() {
    let app = TestApp::start().await;
    people(&app).await;
    for (tag, who) in
        [("hernia", vec!["1", "2"]), ("膝", vec!["1", "5"]), ("a\"b", vec!["4"]), ("herni", vec![])]
    {
        let tag: String = url::form_urlencoded::byte_serialize(tag.as_bytes()).collect();
        assert_eq!(listed(&app, &format!("sort=name&tag={tag}")).await.len(), who.len(), "{tag}");
        let mut found = listed(&app, &format!("tag={tag}")).await;
        found.sort();
        assert_eq!(found, who, "{tag}");
    }
    let tags = app.get("/api/patients/tags").await.expect(200);
    let first = json!([{ "tag": "hernia", "patients": 2 }, { "tag": "膝", "patients": 2 }]);
    assert_eq!(tags["items"].as_array().expect("rows")[..2], first.as_array().expect("rows")[..]);
    assert_eq!(tags["items"].as_array().expect("rows").len(), 4);
    assert_eq!(app.get("/api/patients?tag=").await.problem(422), "out_of_limits");
}

#[tokio::test]
async fn patients_are_listed_by_their_last_answer_page_by_page() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    for n in 1..=3 {
        app.follow_up(n, json!([asking()])).await;
    }
    app.drain().await;
    for n in [2, 1] {
        app.clock.advance(TimeDelta::minutes(1));
        app.press(n, "Done").await;
    }
    let mut seen: Vec<(String, bool)> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&format!("/api/patients?limit=1&sort=answered{cursor}")).await.expect(200);
        let patient = &page["items"][0];
        seen.push((patient["displayName"].to_string(), patient["lastAnswerAt"].is_string()));
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let expected = [("\"Patient 1\"", true), ("\"Patient 2\"", true), ("\"Patient 3\"", false)];
    assert_eq!(seen, expected.map(|(name, answered)| (name.to_owned(), answered)));
}
