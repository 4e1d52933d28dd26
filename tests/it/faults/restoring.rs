//! A backup put back while the program runs.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{
    TestApp, client,
    process::{Api, Server, serve_to_begin_again},
    stub::Stub,
};

/// A server with a patient, three sent messages and a backup after them.
struct Clinic {
    stub: Stub,
    dir: TempDir,
    server: Server,
    api: Api,
    patient: String,
    backup: String,
}

impl Clinic {
    async fn open() -> Self {
        let stub = Stub::default();
        let line = format!("http://{}", stub.clone().listen().await);
        let dir = tempfile::tempdir().expect("a folder");
        let server = serve_to_begin_again(&dir, &line);
        let api = Api::of(&dir);
        let patient = api.patient(&server, 1).await;
        api.send_many(&server, &patient, 3).await;
        api.until_sent(&server, 3).await;
        api.call(&server, "POST", "/api/backups", Some(&json!({}))).await;
        let made = |all: &Value| all["items"][0]["name"].is_string();
        let all = api.until(&server, "/api/backups", made).await;
        let backup = all["items"][0]["name"].as_str().expect("a name").to_owned();
        Self { stub, dir, server, api, patient, backup }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join("backups").join(&self.backup)
    }

    async fn restore(&self) -> Value {
        let path = format!("/api/backups/{}/restore", self.backup);
        self.api.call(&self.server, "POST", &path, Some(&json!({ "confirmName": self.backup }))).await
    }

    /// Waits until it is said why the backup was not put back; the program is at work meanwhile.
    async fn is_refused(&self) -> Value {
        let said = |all: &Value| !all["notRestored"].is_null();
        let all = self.api.until(&self.server, "/api/backups", said).await;
        assert_eq!(all["restoredAt"], Value::Null);
        let sent = self.api.call(&self.server, "GET", "/api/jobs/delivery-stats", None).await;
        assert_eq!(sent["sent"], 5, "the data are as they were");
        self.api.send_many(&self.server, &self.patient, 1).await;
        self.api.until_sent(&self.server, 6).await;
        all["notRestored"].clone()
    }
}

/// A request that is never sent to its end: it must not keep the address from the next program.
async fn half_a_request(server: &Server) -> tokio::net::TcpStream {
    use tokio::io::AsyncWriteExt as _;
    let addr = server.base.trim_start_matches("http://");
    let mut open = tokio::net::TcpStream::connect(addr).await.expect("a connection");
    let head = format!(
        "POST /api/session HTTP/1.1\r\nhost: {addr}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{{"
    );
    open.write_all(head.as_bytes()).await.expect("sent");
    open
}

fn replaced(data: &Path) -> usize {
    let names = fs::read_dir(data).expect("readable").map(|entry| entry.expect("an entry").file_name());
    names.filter(|name| name.to_string_lossy().starts_with("replaced-")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_put_back_while_the_program_runs_and_nothing_goes_until_staff_resume() {
    let clinic = Clinic::open().await;
    let Clinic { stub, dir, server, api, patient, backup } = &clinic;
    api.send_many(server, patient, 2).await;
    api.until_sent(server, 5).await;
    let since = api.call(server, "GET", &format!("/api/backups/{backup}"), None).await;
    assert_eq!(
        (&since["messages"], &since["patients"], &since["backup"]["name"]),
        (&json!(2), &json!(0), &json!(backup))
    );
    assert!(since["acts"].as_i64().expect("a number") >= 1, "{since}");
    let _open = half_a_request(server).await;
    let link = clinic.restore().await["link"].as_str().expect("a link").to_owned();
    let paused = |status: &Value| status["pausedBecause"] == "restored";
    api.until(server, "/api/status", paused).await;
    let all = api.call(server, "GET", "/api/backups", None).await;
    assert!(all["restoredAt"].is_string() && all["notRestored"].is_null(), "{all}");
    let stats = api.call(server, "GET", "/api/jobs/delivery-stats", None).await;
    assert_eq!((&stats["sent"], stub.accepted(), replaced(dir.path())), (&json!(3), 5, 1));
    let (base, code) = link.split_once("/signin?code=").expect("a sign-in link");
    let sign_in = client().post(format!("{base}/api/session")).json(&json!({ "code": code }));
    let signed_in = sign_in.send().await.expect("an answer");
    assert_eq!((base, signed_in.status().as_u16()), (server.base.as_str(), 200));
    api.call(server, "POST", "/api/sending/resume", Some(&json!({}))).await;
    api.send_many(server, patient, 1).await;
    api.until_sent(server, 4).await;
    assert_eq!((stub.accepted(), stub.changed_bodies()), (6, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_can_not_be_put_in_place_leaves_the_data_as_they_were() {
    let clinic = Clinic::open().await;
    clinic.api.send_many(&clinic.server, &clinic.patient, 2).await;
    clinic.api.until_sent(&clinic.server, 5).await;
    fs::write(clinic.dir.path().join("restore.part"), "in the way").expect("written");
    clinic.restore().await;
    let why = clinic.is_refused().await;
    assert_eq!(why["refusal"]["code"], "database", "{why}");
    assert_eq!(replaced(clinic.dir.path()), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_the_program_cannot_begin_on_is_taken_out_again() {
    let clinic = Clinic::open().await;
    clinic.api.send_many(&clinic.server, &clinic.patient, 2).await;
    clinic.api.until_sent(&clinic.server, 5).await;
    let url = format!("sqlite://{}", clinic.folder().join("clinicue.db").display());
    let pool = sqlx::SqlitePool::connect(&url).await.expect("opens");
    let later = "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)";
    sqlx::query(later).execute(&pool).await.expect("written");
    pool.close().await;
    clinic.restore().await;
    let why = clinic.is_refused().await;
    assert!(why["problem"].as_str().is_some_and(|said| said.contains("cannot work with it")), "{why}");
    assert_eq!(replaced(clinic.dir.path()), 1, "what was put there lies beside");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_damaged_unknown_or_not_confirmed_is_refused_and_the_program_runs_on() {
    let clinic = Clinic::open().await;
    let Clinic { api, server, backup, .. } = &clinic;
    let ask = async |name: &str, confirmed: &str| {
        let path = format!("/api/backups/{name}/restore");
        let answer = api.try_call(server, "POST", &path, Some(&json!({ "confirmName": confirmed }))).await;
        (answer.status, answer.json)
    };
    let (status, said) = ask(backup, "another").await;
    assert_eq!((status, &said["errors"][0]["field"]), (422, &json!("confirmName")), "{said}");
    assert_eq!(ask("20200101T000000.000Z", "20200101T000000.000Z").await.0, 404);
    assert_eq!(ask("..%2F..", "../..").await.0, 404);
    let file = clinic.folder().join("clinicue.db");
    let mut bytes = fs::read(&file).expect("there");
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..200].fill(0xa5);
    }
    fs::write(&file, bytes).expect("written");
    let (status, said) = ask(backup, backup).await;
    assert_eq!((status, &said["refusal"]["code"]), (409, &json!("damagedBackup")), "{said}");
    let status = api.call(server, "GET", "/api/status", None).await;
    assert_eq!(status["sending"], "running");
}

#[tokio::test]
async fn what_came_since_a_backup_that_is_not_there_is_not_found() {
    let app = TestApp::start().await;
    assert_eq!(app.get("/api/backups/20200101T000000.000Z").await.status, 404);
}
