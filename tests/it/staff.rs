//! What staff do about what patients say: the worklist, links, imports, the timeline,
//! statistics, exports, the channel.

use chrono::TimeDelta;
use clinicue::{
    line::sandbox::{Fault, FaultKind},
    store::stats::{self, Scope},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{TestApp, asking, id, line_user};

async fn work(app: &TestApp) -> Vec<Value> {
    let list = app.get("/api/worklist").await.expect(200);
    list["items"].as_array().expect("lines").clone()
}

async fn only_line(app: &TestApp) -> String {
    let lines = work(app).await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    id(&lines[0])
}

/// A program with one line on the worklist: user 1 gave a worrying answer.
async fn worried() -> (TestApp, String) {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    app.press(1, "I feel worse").await;
    let line = only_line(&app).await;
    (app, line)
}

#[tokio::test]
async fn a_line_is_taken_noted_snoozed_settled_and_brought_back() {
    let (app, line) = worried().await;
    let to = |action: &str| format!("/api/worklist/{line}/{action}");
    let taken = app.post(&to("take"), json!({})).await.expect(200);
    assert_eq!(taken["owner"], "test");
    assert_eq!(app.post(&to("take"), json!({ "owner": null })).await.expect(200)["owner"], Value::Null);
    let noted =
        app.post(&to("notes"), json!({ "kind": "call", "text": "called, is fine" })).await.expect(200);
    assert_eq!(noted["notes"][0]["text"], "called, is fine");
    app.post(&to("snooze"), json!({ "until": "2026-11-24T06:00:00Z" })).await.expect(200);
    assert!(work(&app).await.is_empty());
    app.clock.advance(TimeDelta::hours(1));
    assert_eq!(work(&app).await.len(), 1);
    app.post(&to("resolve"), json!({})).await.expect(200);
    assert!(work(&app).await.is_empty());
    app.post(&to("resolve"), json!({})).await.problem(409);
    let settled = app.get("/api/worklist?resolved=true").await.expect(200);
    assert_eq!(settled["items"][0]["resolvedBy"], "test");
    app.post(&to("reopen"), json!({})).await.expect(200);
    assert_eq!(work(&app).await.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_done_to_a_line_is_said() {
    let (app, line) = worried().await;
    let to = |action: &str| format!("/api/worklist/{line}/{action}");
    app.post(&to("notes"), json!({ "kind": "call", "text": "  " })).await.problem(422);
    app.post(&to("notes"), json!({ "kind": "call", "text": "x".repeat(5_001) })).await.problem(422);
    app.post(&to("snooze"), json!({ "until": "2020-01-01T00:00:00Z" })).await.problem(422);
    app.post(&to("send-again"), json!({})).await.problem(409);
    app.post(&to("link"), json!({ "accept": true })).await.problem(409);
    let gone = "/api/worklist/00000000-0000-7000-8000-000000000009/resolve";
    app.post(gone, json!({})).await.problem(404);
}

#[tokio::test]
async fn a_message_that_failed_for_good_is_on_the_list_until_it_goes_out() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.line.sandbox.set_fault(Fault { kind: FaultKind::ServerError, count: None, latency_ms: None });
    let message = app.send(&patient, "hello").await;
    app.drain().await;
    for _ in 0..4 {
        app.pass(TimeDelta::seconds(10)).await;
    }
    assert_eq!(app.state_of(&message).await, "failed");
    assert!(work(&app).await.is_empty(), "the sweep still tries");
    for _ in 0..30 {
        app.pass(TimeDelta::minutes(15)).await;
        for _ in 0..4 {
            app.pass(TimeDelta::seconds(10)).await;
        }
    }
    let lines = work(&app).await;
    assert_eq!((lines.len(), &lines[0]["reason"]), (1, &json!("failed")));
    app.line.sandbox.set_fault(Fault::default());
    app.post(&format!("/api/worklist/{}/send-again", id(&lines[0])), json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.state_of(&message).await, "sent");
    assert!(work(&app).await.is_empty());
}

#[tokio::test]
async fn a_missed_question_is_sent_again_as_a_new_message() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    app.follow_up(1, json!([asking()])).await;
    app.drain().await;
    app.pass(TimeDelta::hours(24)).await;
    let line = only_line(&app).await;
    app.post(&format!("/api/worklist/{line}/send-again"), json!({})).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1).iter().filter(|t| *t == "Please take your tablet").count(), 2);
    app.press(1, "Done").await;
    let log = app.get("/api/interactions?status=responded").await.expect(200);
    assert_eq!(log["items"].as_array().map(Vec::len), Some(1));
}

/// A patient without LINE and a code for them.
async fn with_code(app: &TestApp) -> (String, String) {
    let patient = id(&app.post("/api/patients", json!({ "displayName": "Nok" })).await.expect(201));
    let made = app.post(&format!("/api/patients/{patient}/link-code"), json!({})).await.expect(201);
    (patient, made["code"].as_str().expect("a code").to_owned())
}

async fn linked_to(app: &TestApp, patient: &str) -> Value {
    app.get(&format!("/api/patients/{patient}")).await.expect(200)["lineUserId"].clone()
}

/// What user `n` is told after writing `text`.
async fn told(app: &TestApp, n: u32, text: &str) -> String {
    assert!(app.line.sandbox.text(&line_user(n), text).await);
    app.hear().await;
    app.texts(n).pop().unwrap_or_default()
}

async fn linking() -> TestApp {
    let app = TestApp::start().await;
    app.listen_to_phones();
    for n in 1..=3 {
        app.line.sandbox.add_user(&line_user(n), "somebody");
    }
    app
}

#[tokio::test]
async fn the_code_of_a_slip_binds_the_account_that_sends_it_once() {
    let app = linking().await;
    let (patient, code) = with_code(&app).await;
    let held = app.send(&patient, "welcome").await;
    app.drain().await;
    assert_eq!(app.state_of(&held).await, "held");
    assert!(told(&app, 1, &format!("hello {}", code.to_lowercase())).await.contains("welcome"));
    assert_eq!(linked_to(&app, &patient).await, line_user(1));
    assert_eq!(app.state_of(&held).await, "sent", "what waited for the link goes");
    assert!(told(&app, 2, &code).await.contains("ถูกใช้ไปแล้ว"));
    assert_eq!(linked_to(&app, &patient).await, line_user(1));
    assert!(work(&app).await.is_empty(), "a code is not something a patient wrote");
}

#[tokio::test]
async fn a_wrong_an_old_and_an_expired_code_are_answered_kindly() {
    let app = linking().await;
    let (patient, first) = with_code(&app).await;
    let made = app.post(&format!("/api/patients/{patient}/link-code"), json!({ "validDays": 1 })).await;
    let second = made.expect(201)["code"].as_str().expect("a code").to_owned();
    assert!(told(&app, 1, "CQ-2222-2222").await.contains("ไม่พบรหัสนี้"));
    assert!(told(&app, 1, &first).await.contains("ไม่พบรหัสนี้"), "a newer slip takes its place");
    app.clock.advance(TimeDelta::days(2));
    assert!(told(&app, 1, &second).await.contains("หมดอายุ"));
    for _ in 0..10 {
        told(&app, 1, "CQ-2222-2222").await;
    }
    assert!(told(&app, 1, "CQ-2222-2222").await.contains("หลายครั้งเกินไป"));
    assert_eq!(linked_to(&app, &patient).await, Value::Null);
    let bad = app.post(&format!("/api/patients/{patient}/link-code"), json!({ "validDays": 0 })).await;
    bad.problem(422);
}

#[tokio::test]
async fn a_linked_account_moves_to_another_patient_only_when_staff_agree() {
    for accept in [true, false] {
        let app = linking().await;
        let old = app.patient(1).await;
        let (new, code) = with_code(&app).await;
        assert!(told(&app, 1, &code).await.contains("ตรวจสอบ"));
        assert_eq!(linked_to(&app, &new).await, Value::Null);
        let lines = work(&app).await;
        assert_eq!((&lines[0]["reason"], &lines[0]["linkedTo"]), (&json!("relink"), &json!(old)));
        let decide = format!("/api/worklist/{}/link", id(&lines[0]));
        app.post(&decide, json!({ "accept": accept })).await.expect(200);
        let (left, right) = (linked_to(&app, &old).await, linked_to(&app, &new).await);
        let expected =
            if accept { (Value::Null, json!(line_user(1))) } else { (json!(line_user(1)), Value::Null) };
        assert_eq!((left, right), expected);
    }
}

fn step_in(delay: &str) -> Value {
    json!([{ "trigger": { "type": "delay", "value": delay }, "messageType": "text",
        "content": { "text": "hello" } }])
}

#[tokio::test]
async fn whoever_loses_the_account_is_put_before_staff_while_messages_are_to_come() {
    let app = linking().await;
    let follow_up = app.follow_up(1, step_in("1d")).await;
    let old = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200)["patientId"].clone();
    let (_, code) = with_code(&app).await;
    told(&app, 1, &code).await;
    let relink = work(&app).await.into_iter().find(|w| w["reason"] == "relink").expect("a question");
    app.post(&format!("/api/worklist/{}/link", id(&relink)), json!({ "accept": true })).await.expect(200);
    let lines = work(&app).await;
    assert_eq!((lines.len(), &lines[0]["reason"]), (1, &json!("unlinked")));
    assert_eq!(lines[0]["patientId"], old);
}

#[tokio::test]
async fn taking_the_account_from_a_patient_by_hand_tells_staff_and_giving_it_settles_every_question() {
    let app = linking().await;
    let follow_up = app.follow_up(1, step_in("1d")).await;
    let shown = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    let other = shown["patientId"].as_str().expect("an id").to_owned();
    let (new, code) = with_code(&app).await;
    told(&app, 1, &code).await;
    let patch = async |patient: &str, user: Value| {
        let path = format!("/api/patients/{patient}");
        app.call_as(&app.token, "PATCH", &path, Some(json!({ "lineUserId": user }))).await.expect(200)
    };
    patch(&other, Value::Null).await;
    let reasons: Vec<_> = work(&app).await.iter().map(|w| w["reason"].clone()).collect();
    assert!(reasons.contains(&json!("unlinked")), "{reasons:?}");
    patch(&new, json!(line_user(1))).await;
    let left: Vec<_> = work(&app).await.iter().map(|w| w["reason"].clone()).collect();
    assert_eq!(left, [json!("unlinked")], "the question whether to link is settled by the link");
}

#[tokio::test]
async fn a_slip_has_a_qr_code_that_opens_the_clinics_chat() {
    let app = linking().await;
    let patient = app.patient(1).await;
    let made = app.post(&format!("/api/patients/{patient}/link-code"), json!({})).await.expect(201);
    let code = made["code"].as_str().expect("a code");
    assert_eq!(made["url"], format!("https://line.me/R/oaMessage/%40practice/?{code}"));
    assert!(made["qrSvg"].as_str().expect("an image").contains("<svg"));
}

async fn finished(app: &TestApp, task: &Value) -> Value {
    app.core().background.close();
    app.core().background.wait().await;
    app.core().background.reopen();
    app.get(&format!("/api/tasks/{}", id(task))).await.expect(200)
}

async fn patients(app: &TestApp) -> usize {
    let list = app.get("/api/patients?limit=200").await.expect(200);
    list["items"].as_array().expect("patients").len()
}

#[tokio::test]
async fn a_table_of_patients_is_looked_at_first_and_imported_on_demand() {
    let app = TestApp::start().await;
    app.patient(1).await;
    let csv = format!(
        "\u{feff}ชื่อ;HN;lineUserId;timeZone;colour\r\nสมชาย;1001;{};Asia/Bangkok;red\r\n;1002;;;\r\n\
         花子;1003;U123;Asia/Nowhere;\r\nNok;1001;;;\r\nMai;1005;{};;\r\n\r\nLek;1006;;;\r\n",
        line_user(2),
        line_user(1)
    );
    let seen = app.post("/api/patients/import/preview", json!({ "csv": csv })).await.expect(200);
    assert_eq!((&seen["rows"], &seen["valid"]), (&json!(6), &json!(2)));
    assert_eq!(seen["unknownColumns"], json!(["colour"]));
    let errors: Vec<_> = seen["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| (e["line"].clone(), e["field"].clone()))
        .collect();
    let at = |line: u32, field: &str| (json!(line), json!(field));
    let expected = [
        at(3, "displayName"),
        at(4, "lineUserId"),
        at(4, "timeZone"),
        at(5, "externalRef"),
        at(6, "lineUserId"),
    ];
    assert_eq!(errors, expected);
    assert_eq!(patients(&app).await, 1, "looking changes nothing");
    app.post("/api/patients/import", json!({ "csv": csv })).await.problem(422);
    assert_eq!(patients(&app).await, 1, "one wrong row refuses all");
    let task = app.post("/api/patients/import", json!({ "csv": csv, "skipInvalid": true })).await.expect(202);
    let done = finished(&app, &task).await;
    assert_eq!((&done["state"], &done["done"]), (&json!("done"), &json!(2)));
    assert_eq!(patients(&app).await, 3);
}

#[tokio::test]
async fn ten_thousand_patients_are_imported_and_one_more_is_refused() {
    let app = TestApp::start().await;
    let rows = |n: u32| (0..n).fold("name,hn\n".to_owned(), |csv, i| csv + &format!("Patient {i},{i}\n"));
    let task = app.post("/api/patients/import", json!({ "csv": rows(10_000) })).await.expect(202);
    let done = finished(&app, &task).await;
    assert_eq!((&done["state"], &done["done"]), (&json!("done"), &json!(10_000)));
    app.post("/api/patients/import/preview", json!({ "csv": rows(10_001) })).await.problem(422);
    for csv in ["", "hn\n1\n", "name\n", "\u{0}", "name,name\n\"open"] {
        let status = app.post("/api/patients/import", json!({ "csv": csv })).await.status;
        assert_eq!(status, 422, "{csv:?}");
    }
}

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
    assert_eq!(kinds[..4], ["note", "said", "answer", "message"]);
    assert!(kinds[4..].iter().all(|k| *k == "event"), "{kinds:?}");
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

async fn answers(app: &TestApp, query: &str) -> Value {
    app.get(&format!("/api/statistics/answers{query}")).await.expect(200)
}

#[tokio::test]
async fn statistics_tell_rates_times_and_values_by_protocol_step_and_patient() {
    let app = TestApp::start().await;
    app.listen_to_phones();
    let protocol = app.protocol(json!([asking()])).await;
    let mut ids = Vec::new();
    for n in 1..=4 {
        let patient = app.patient(n).await;
        let body = json!({ "patientId": patient, "protocolId": protocol });
        let assignment = id(&app.post("/api/assignments", body).await.expect(201));
        app.act(&assignment, "start").await.expect(200);
        ids.push(patient);
    }
    app.drain().await;
    for (n, label) in [(1, "Done"), (2, "Done"), (3, "Not today")] {
        app.clock.advance(TimeDelta::minutes(1));
        app.press(n, label).await;
    }
    app.pass(TimeDelta::hours(24)).await;
    let all = answers(&app, "").await["all"].clone();
    assert_eq!((&all["asked"], &all["responded"], &all["missed"]), (&json!(4), &json!(3), &json!(1)));
    assert_eq!((&all["responseRate"], &all["adherence"]), (&json!(0.75), &json!(0.5)));
    assert_eq!((&all["medianAnswerMs"], &all["averageAnswerMs"]), (&json!(120_000.0), &json!(120_000.0)));
    assert_eq!(all["values"], json!([{ "value": "done", "count": 2 }, { "value": "no", "count": 1 }]));
    let by = answers(&app, &format!("?protocolId={protocol}")).await;
    assert_eq!(by["protocols"][0]["steps"][0]["name"], "Morning dose");
    assert_eq!(by["protocols"][0]["steps"][0]["answers"]["completed"], 2);
    let one = answers(&app, &format!("?patientId={}", ids[2])).await;
    assert_eq!((&one["all"]["asked"], &one["all"]["skipped"]), (&json!(1), &json!(1)));
}

#[derive(Clone, Debug)]
enum Act {
    Send(u32),
    Press(u32, usize),
    Write(u32),
    Block(u32, bool),
    Pass(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let user = 1_u32..4;
    let act = prop_oneof![
        user.clone().prop_map(Act::Send),
        (user.clone(), 0_usize..4).prop_map(|(n, b)| Act::Press(n, b)),
        user.clone().prop_map(Act::Write),
        (user, any::<bool>()).prop_map(|(n, b)| Act::Block(n, b)),
        (1_i64..2_000).prop_map(Act::Pass),
    ];
    prop::collection::vec(act, 5..40)
}

async fn live(app: &TestApp, act: &Act, protocol: &str, patients: &[String]) {
    match act {
        Act::Send(n) => {
            let body = json!({ "patientId": patients[*n as usize - 1], "protocolId": protocol });
            let assignment = id(&app.post("/api/assignments", body).await.expect(201));
            app.act(&assignment, "start").await.expect(200);
            app.drain().await;
        }
        Act::Press(n, which) => {
            let buttons = app.buttons(*n);
            if let Some((label, data)) = buttons.get(*which) {
                app.line.sandbox.tap(&line_user(*n), data, Some(label)).await;
                app.hear().await;
            }
        }
        Act::Write(n) => {
            app.line.sandbox.text(&line_user(*n), "hello").await;
            app.hear().await;
        }
        Act::Block(n, blocked) => {
            app.line.sandbox.block(&line_user(*n), *blocked).await;
            app.hear().await;
        }
        Act::Pass(minutes) => app.pass(TimeDelta::minutes(*minutes)).await,
    }
}

/// The sums and a plain recount agree, over everything and over odd spans, in two zones.
async fn agree(app: &TestApp) {
    let pool = app.core().store.read();
    let mut conn = pool.acquire().await.expect("a connection");
    let end = app.core().now().plus_millis(1);
    let begin = crate::support::at(crate::support::NOON).plus_millis(-86_400_000);
    let length = end.millis_since(begin);
    for (from, to) in [(0, 1), (1, 3), (2, 5), (0, 2)].map(|(n, d)| (length * n / d, length)) {
        let (from, to) = (begin.plus_millis(from), begin.plus_millis(to));
        let sums = stats::sums(pool, from, to).await.expect("sums");
        assert_eq!(sums, stats::recount(&mut conn, from, to).await.expect("a recount"));
        let zone = app.core().clinic().time_zone;
        let sorted = |mut by: stats::ByStep| {
            by.values_mut().for_each(|a| a.times.sort_unstable());
            by.retain(|_, a| a.sent + a.failed > 0);
            by
        };
        let summed = stats::answers(pool, Scope::default(), from, to, zone).await.expect("sums");
        let counted = stats::recount_answers(&mut conn, Scope::default(), from, to).await.expect("a recount");
        assert_eq!(sorted(summed), sorted(counted));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn statistics_always_agree_with_a_plain_recount(acts in acts()) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let app = TestApp::start().await;
            app.listen_to_phones();
            let protocol = app.protocol(json!([asking()])).await;
            let mut patients = Vec::new();
            for n in 1..=3 {
                patients.push(app.patient(n).await);
            }
            for act in &acts {
                live(&app, act, &protocol, &patients).await;
            }
            agree(&app).await;
            let zone = json!({ "timeZone": "Asia/Kathmandu" });
            app.call_as(&app.token, "PATCH", "/api/settings", Some(zone)).await.expect(200);
            agree(&app).await;
            clinicue::schedule::recount::all(app.core()).await.expect("counted anew");
            agree(&app).await;
        });
    }
}

async fn export(app: &TestApp, query: &str) -> (String, reqwest::header::HeaderMap) {
    let request = app.request("GET", &format!("/api/interactions/export{query}")).bearer_auth(&app.token);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let headers = answer.headers().clone();
    (answer.text().await.expect("text"), headers)
}

#[tokio::test]
async fn the_log_is_exported_whole_as_csv_and_json_and_under_pseudonyms() {
    let app = TestApp::start().await;
    let body =
        json!({ "displayName": "=HYPERLINK(\"evil\")", "lineUserId": line_user(1), "externalRef": "HN-1" });
    let patient = id(&app.post("/api/patients", body).await.expect(201));
    let messages: Vec<_> = (0..1_000).map(|n| crate::support::message(&patient, &format!("m{n}"))).collect();
    app.post("/api/messages/bulk", json!({ "messages": messages })).await.expect(202);
    app.send(&patient, "one more than a page").await;
    app.drain().await;
    let (csv, headers) = export(&app, "").await;
    assert_eq!(headers["x-total-rows"], "1001");
    assert!(headers["content-disposition"].to_str().expect("text").contains(".csv"));
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines.len(), 1_002);
    assert!(lines[0].starts_with("\u{feff}id,userId,protocolId"));
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"evil\"\")\""), "{}", lines[1]);
    let (text, _) = export(&app, "?format=json").await;
    let rows: Vec<Value> = serde_json::from_str(&text).expect("an array");
    assert_eq!(rows.len(), 1_001);
    assert_eq!((&rows[0]["userId"], &rows[0]["externalRef"]), (&json!(patient), &json!("HN-1")));
    let (hidden, _) = export(&app, "?format=json&pseudonymise=true").await;
    for secret in [patient.as_str(), "HYPERLINK", "HN-1", rows[0]["messageId"].as_str().expect("an id")] {
        assert!(!hidden.contains(secret), "{secret} leads back to the patient");
    }
    let again = export(&app, "?format=json&pseudonymise=true").await.0;
    assert_eq!(hidden, again, "the same patient has the same pseudonym each time");
    let (empty, _) = export(&app, "?format=json&from=2020-01-01&to=2020-01-02").await;
    assert_eq!(serde_json::from_str::<Value>(&empty).expect("JSON"), json!([]));
    app.get("/api/interactions/export?format=xls").await.problem(400);
    app.get("/api/interactions/export?from=2026-02-01&to=2026-01-01").await.problem(422);
}

fn states(check: &Value) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().expect("text").to_owned();
    let points = check["points"].as_array().expect("points");
    points.iter().map(|p| (text(&p["point"]), text(&p["state"]))).collect()
}

#[tokio::test]
async fn the_set_up_of_the_channel_is_looked_at_point_by_point() {
    let app = TestApp::start().await;
    let look = || app.post("/api/settings/check-channel", json!({}));
    let state = |check: &Value, point: &str| {
        states(check).into_iter().find(|(p, _)| p == point).map(|(_, s)| s).unwrap_or_default()
    };
    let none = look().await.expect(200);
    assert_eq!((&none["canSend"], &none["canHear"]), (&json!(true), &json!(false)));
    assert_eq!(state(&none, "webhook"), "failed");
    app.listen_to_phones();
    let all = look().await.expect(200);
    assert_eq!((&all["canSend"], &all["canHear"]), (&json!(true), &json!(true)), "{all}");
    assert_eq!(state(&all, "redelivery"), "unknown");
    assert_eq!(state(&all, "clock"), "failed", "the hand clock stands in another year");
    app.line.sandbox.set_fault(Fault { kind: FaultKind::Unauthorized, count: None, latency_ms: None });
    let refused = look().await.expect(200);
    assert_eq!((&refused["canSend"], state(&refused, "account")), (&json!(false), "failed".to_owned()));
    assert!(refused["points"][0]["mend"].as_str().expect("what to do").contains("LINE Developers console"));
}

#[tokio::test]
async fn a_follow_up_of_a_patient_without_line_calls_staff_until_the_patient_is_linked() {
    let app = TestApp::start().await;
    let patient = id(&app.post("/api/patients", json!({ "displayName": "Nok" })).await.expect(201));
    let step = json!({ "trigger": { "type": "delay", "value": "2h" }, "messageType": "text",
        "content": { "text": "hello" } });
    let protocol = app.protocol(json!([step])).await;
    let body = json!({ "patientId": patient, "protocolId": protocol });
    let assignment = id(&app.post("/api/assignments", body).await.expect(201));
    app.act(&assignment, "start").await.expect(200);
    let lines = work(&app).await;
    assert_eq!((lines.len(), &lines[0]["reason"]), (1, &json!("unlinked")));
    app.pass(TimeDelta::hours(2)).await;
    let link = json!({ "lineUserId": line_user(1) });
    let path = format!("/api/patients/{patient}");
    app.call_as(&app.token, "PATCH", &path, Some(link)).await.expect(200);
    app.drain().await;
    assert_eq!(app.texts(1), ["hello"]);
    assert!(work(&app).await.is_empty());
}
