//! A practice clinic beside the real one.

use clinicue::{domain::staff::Role, ops::tokens};
use serde_json::{Value, json};

use crate::support::{
    Answer, NOON, TestApp, answer, at, client,
    process::{Api, Server, a_moment, serve},
};

/// Somebody who was let into the practice clinic by its link.
struct Practising {
    base: String,
    cookie: String,
    page: String,
}

impl Practising {
    async fn by(link: &str) -> Self {
        let (base, code) = link.split_once("/signin?code=").expect("a sign-in link");
        let session = client().post(format!("{base}/api/session")).json(&json!({ "code": code }));
        let begun = session.send().await.expect("an answer");
        let cookie = begun.headers()["set-cookie"].to_str().expect("text").to_owned();
        let page = answer(begun).await.expect(200)["pageSecret"].as_str().expect("a secret").to_owned();
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Self { base: base.to_owned(), cookie, page }
    }

    async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let method = method.parse().expect("a method");
        let mut request = client().request(method, format!("{}{path}", self.base));
        request = request.header("cookie", &self.cookie).header("x-clinicue-page", &self.page);
        if let Some(body) = body {
            request = request.header("origin", &self.base).json(&body);
        }
        answer(request.send().await.expect("an answer")).await
    }

    /// Whoever is let in by a server that runs as a process.
    async fn beside(server: &Server, api: &Api) -> Self {
        let opened = api.call(server, "POST", "/api/practice/open", Some(&json!({}))).await;
        Self::by(opened["link"].as_str().expect("a link")).await
    }
}

async fn open(app: &TestApp) -> String {
    let opened = app.post("/api/practice/open", json!({})).await.expect(200);
    opened["link"].as_str().expect("a link").to_owned()
}

fn names(list: &Value) -> usize {
    list["items"].as_array().expect("items").len()
}

#[tokio::test]
async fn one_practises_in_a_clinic_of_its_own_while_the_real_messages_go_on() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let inside = Practising::by(&open(&app).await).await;
    let status = inside.get("/api/status").await.expect(200);
    assert_eq!(status["practice"], true);
    let real = app.get("/api/status").await.expect(200);
    assert_eq!((real["practice"].clone(), real["practiceHome"].clone()), (json!(false), Value::Null));
    let home = app.app.as_ref().expect("running").url();
    assert_eq!(status["practiceHome"], json!(home));
    let demo = inside.get("/api/patients").await.expect(200);
    assert!(demo["items"].as_array().expect("items").iter().all(|one| one["demo"] == true), "{demo}");
    assert!(names(&demo) >= 4);
    assert_eq!(names(&app.get("/api/patients").await.expect(200)), 1);
    app.send(&patient, "a real one").await;
    app.drain().await;
    assert_eq!(app.texts(1), ["a real one"]);
}

#[tokio::test]
async fn no_backup_is_put_back_in_the_practice_clinic() {
    let app = TestApp::start().await;
    let inside = Practising::by(&open(&app).await).await;
    assert_eq!(inside.get("/api/backups").await.expect(200)["restorable"], false);
}

#[tokio::test]
async fn the_practice_clinic_has_the_name_and_zone_of_the_real_one_and_no_quiet_hours() {
    let app = TestApp::start().await;
    let now = app.get("/api/settings").await.expect(200)["version"].clone();
    let decided = json!({
        "version": now, "clinicName": "Suan Dok", "timeZone": "Asia/Tokyo",
        "quietHours": { "start": "20:00", "end": "08:00" }, "publicUrl": "https://clinic.example"
    });
    let changed = app.call_as(&app.token, "PATCH", "/api/settings", Some(decided)).await;
    changed.expect(200);
    let inside = Practising::by(&open(&app).await).await;
    let settings = inside.get("/api/settings").await.expect(200);
    assert_eq!(settings["clinicName"], "Suan Dok");
    assert_eq!(settings["timeZone"], "Asia/Tokyo");
    assert_eq!((&settings["quietHours"], &settings["publicUrl"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn whoever_comes_later_comes_into_the_same_clinic_with_the_role_they_have() {
    let app = TestApp::start().await;
    let first = open(&app).await;
    let nurse = tokens::create(&app.core().store, "nurse", Role::Operator, at(NOON)).await.expect("a token");
    let second = app.call_as(&nurse, "POST", "/api/practice/open", Some(json!({}))).await.expect(200);
    let second = Practising::by(second["link"].as_str().expect("a link")).await;
    // The link that was made before is still good.
    let first = Practising::by(&first).await;
    assert_eq!(first.base, second.base);
    assert_eq!(first.get("/api/status").await.expect(200)["role"], "admin");
    assert_eq!(second.get("/api/status").await.expect(200)["role"], "operator");
    let viewer = tokens::create(&app.core().store, "viewer", Role::Viewer, at(NOON)).await.expect("a token");
    let refused = app.call_as(&viewer, "POST", "/api/practice/open", Some(json!({}))).await;
    assert_eq!(refused.problem(403), "forbidden");
}

#[tokio::test]
async fn practising_does_not_sign_anybody_out_of_the_real_clinic() {
    let app = TestApp::start().await;
    let session = app.request("POST", "/api/session").json(&json!({ "token": app.token })).send().await;
    let session = session.expect("an answer");
    let real = session.headers()["set-cookie"].to_str().expect("text").to_owned();
    let inside = Practising::by(&open(&app).await).await;
    let name = |cookie: &str| cookie.split('=').next().unwrap_or_default().to_owned();
    // A browser sends both to both: they must not be one.
    assert_ne!(name(&real), name(&inside.cookie));
    let both = Practising { cookie: format!("{real}; {}", inside.cookie), ..inside };
    assert_eq!(both.get("/api/status").await.expect(200)["practice"], true);
}

#[tokio::test]
async fn what_was_practised_is_there_the_next_time_and_ends_with_the_program() {
    let mut app = TestApp::start().await;
    let inside = Practising::by(&open(&app).await).await;
    let before = names(&inside.get("/api/patients").await.expect(200));
    app.stop().await;
    assert!(client().get(format!("{}/healthz", inside.base)).send().await.is_err());
    let app = app.restart().await;
    let again = Practising::by(&open(&app).await).await;
    assert_eq!(names(&again.get("/api/patients").await.expect(200)), before);
}

#[tokio::test]
async fn in_practice_mode_no_other_practice_clinic_is_opened() {
    let app = TestApp::start_with(|config| config.sandbox = true).await;
    let refused = app.post("/api/practice/open", json!({})).await;
    assert_eq!(refused.json["refusal"]["code"], "practisingAlready");
    assert_eq!(refused.problem(409), "conflict");
}

#[tokio::test]
async fn a_practice_clinic_that_cannot_be_opened_says_why_and_the_real_one_goes_on() {
    let app = TestApp::start().await;
    let in_its_place = app.dir.path().join("practice");
    std::fs::write(&in_its_place, "not a folder").expect("written");
    let refused = app.post("/api/practice/open", json!({})).await;
    assert_eq!(refused.json["refusal"]["code"], "practiceNotOpened");
    assert_eq!(refused.problem(503), "unavailable");
    app.get("/api/status").await.expect(200);
    std::fs::remove_file(in_its_place).expect("removed");
    Practising::by(&open(&app).await).await;
}

#[tokio::test]
async fn whoever_throws_the_folder_away_practises_in_a_new_clinic() {
    let app = TestApp::start().await;
    let old = Practising::by(&open(&app).await).await;
    let all = old.get("/api/patients").await.expect(200);
    let gone = json!({ "displayName": "Practised", "timeZone": "Asia/Bangkok" });
    old.call("POST", "/api/patients", Some(gone)).await.expect(201);
    std::fs::remove_dir_all(app.dir.path().join("practice")).expect("removed");
    let new = Practising::by(&open(&app).await).await;
    assert_eq!(names(&new.get("/api/patients").await.expect(200)), names(&all));
}

/// Writes rubbish over what a file holds after its first `kept` bytes.
fn spoil(file: &std::path::Path, kept: u64) {
    use std::io::{Seek as _, SeekFrom, Write as _};
    let Ok(found) = std::fs::metadata(file) else { return };
    let mut open = std::fs::OpenOptions::new().write(true).open(file).expect("writable");
    open.seek(SeekFrom::Start(kept)).expect("a place");
    let rest = usize::try_from(found.len().saturating_sub(kept)).expect("small");
    open.write_all(&vec![0xab; rest]).expect("written");
}

#[tokio::test]
async fn a_practice_clinic_that_is_damaged_while_it_is_open_begins_anew() {
    let app = TestApp::start().await;
    let old = Practising::by(&open(&app).await).await;
    let all = old.get("/api/patients").await.expect(200);
    let folder = app.dir.path().join("practice");
    spoil(&folder.join("clinicue.db"), 100);
    // Its header and that of its first page stay.
    spoil(&folder.join("clinicue.db-wal"), 56);
    let new = Practising::by(&open(&app).await).await;
    assert_eq!(names(&new.get("/api/patients").await.expect(200)), names(&all));
}

#[tokio::test]
async fn what_is_practised_stands_in_a_log_of_its_own() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve(&dir, "http://127.0.0.1:9");
    let api = Api::of(&dir);
    let inside = Practising::beside(&server, &api).await;
    inside.call("POST", "/api/backups", Some(json!({}))).await.expect(202);
    let texts = |log: &Value| -> Vec<String> {
        let lines = log["items"].as_array().expect("items").iter();
        lines.map(|line| line["text"].as_str().expect("a text").to_owned()).collect()
    };
    let whole = "/api/log?limit=500";
    let begins = |lines: &[String], with: &str| lines.iter().any(|line| line.starts_with(with));
    let (made, opened) = ("a backup was made", "a practice clinic was opened");
    let mut practised = Vec::new();
    for _ in 0..1_000 {
        practised = texts(&inside.get(whole).await.expect(200));
        if begins(&practised, made) {
            break;
        }
        a_moment(20).await;
    }
    let real = texts(&api.call(&server, "GET", whole, None).await);
    // A slow machine may have slow statements in both.
    assert!(begins(&practised, made) && !begins(&practised, opened), "{practised:?}");
    assert!(begins(&real, opened) && !begins(&real, made), "{real:?}");
}

#[tokio::test]
async fn line_is_entered_in_the_practice_clinic_though_the_environment_gives_the_real_one() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve(&dir, "http://127.0.0.1:9");
    let api = Api::of(&dir);
    let real = api.call(&server, "GET", "/api/settings", None).await;
    assert_eq!(
        (&real["secretsHome"], &real["lineTokenSet"]),
        (&json!("environment"), &json!(true)),
        "{real}"
    );
    let inside = Practising::beside(&server, &api).await;
    let before = inside.get("/api/settings").await.expect(200);
    assert_eq!(
        (&before["secretsHome"], &before["lineTokenSet"]),
        (&json!("file"), &json!(false)),
        "{before}"
    );
    let entered = json!({ "version": before["version"], "lineChannelAccessToken": "practised" });
    let after = inside.call("PATCH", "/api/settings", Some(entered)).await.expect(200);
    assert_eq!(after["lineTokenSet"], true, "{after}");
}
