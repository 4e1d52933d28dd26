//! Backups: made while the program is at work, put back, and what may have been sent since then.

use std::{fs, path::Path, process::Output};

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{
    TestApp, id,
    leftovers::Left,
    message,
    process::{Api, command, serve},
    step,
    stub::Stub,
};

/// Makes a backup as staff do; its name.
async fn back_up(app: &TestApp) -> String {
    let task = app.post("/api/backups", json!({})).await.expect(202);
    let core = app.core();
    core.background.close();
    core.background.wait().await;
    core.background.reopen();
    let ended = app.get(&format!("/api/tasks/{}", id(&task))).await.expect(200);
    assert_eq!(ended["state"], "done", "{ended}");
    let all = app.get("/api/backups").await.expect(200);
    all["items"][0]["name"].as_str().expect("a name").to_owned()
}

fn run(data: &Path, args: &[&str]) -> Output {
    let mut command = std::process::Command::new(crate::support::process::SERVER);
    command.env("CLINICUE_DATA_DIR", data).env_remove("DBUS_SESSION_BUS_ADDRESS").args(args);
    command.output().expect("it runs")
}

#[track_caller]
fn done(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// All rows of all tables, but what every run writes down about itself.
async fn dump(data: &Path) -> Vec<(String, Vec<String>)> {
    use clinicue::store::{Store, sql};
    let store = Store::open(data, clinicue::queue::migrations()).await.expect("opens");
    let names: Vec<String> = sql::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%VIRTUAL%' ORDER BY name",
    )
    .fetch_all(store.read())
    .await
    .expect("names");
    let mut all = Vec::new();
    for name in names.into_iter().filter(|name| !name.starts_with("patient_search")) {
        let columns: Vec<String> =
            sql::query_scalar(sqlx::AssertSqlSafe(format!("SELECT name FROM pragma_table_xinfo('{name}')")))
                .fetch_all(store.read())
                .await
                .expect("columns");
        let values: Vec<_> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let filter = if name == "settings" { "WHERE key NOT LIKE 'store.%'" } else { "" };
        let text =
            format!("SELECT {} AS row FROM \"{name}\" {filter} ORDER BY row", values.join(" || ',' || "));
        let rows: Vec<String> =
            sql::query_scalar(sqlx::AssertSqlSafe(text)).fetch_all(store.read()).await.expect("rows");
        all.push((name, rows));
    }
    store.close().await;
    all
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a type").is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
    }
}

fn after(value: &str, text: &str) -> Value {
    step(json!({ "type": "delay", "value": value }), text)
}

#[tokio::test]
async fn what_was_sent_after_a_backup_is_looked_through_and_not_sent_twice_when_it_is_put_back() {
    let mut app = TestApp::start().await;
    let steps =
        json!([step(json!({ "type": "immediate" }), "first"), after("1h", "second"), after("3h", "third")]);
    app.follow_up(1, steps).await;
    let patient =
        app.get("/api/patients").await.expect(200)["items"][0]["id"].as_str().expect("an id").to_owned();
    let mut later = message(&patient, "later");
    later["schedule"] = json!({ "type": "delay", "delayMs": 1_800_000 });
    app.post("/api/messages", later).await.expect(202);
    app.drain().await;
    let name = back_up(&app).await;
    app.pass(TimeDelta::minutes(30)).await;
    app.pass(TimeDelta::minutes(90)).await;
    assert_eq!(app.texts(1), ["first", "later", "second"]);
    app.stop().await;
    let words = done(run(app.dir.path(), &["restore", &name]));
    assert!(words.contains("What was there before lies in") && words.contains("replaced-"), "{words}");

    let app = app.restart().await;
    app.drain().await;
    let status = app.get("/api/status").await.expect(200);
    assert_eq!((&status["sending"], &status["pausedBecause"]), (&json!("paused"), &json!("restored")));
    let review = app.get("/api/jobs/failed-deliveries").await.expect(200);
    let causes: Vec<_> =
        review["items"].as_array().expect("items").iter().map(|item| &item["causeCode"]).collect();
    assert_eq!(causes, ["outcome_unknown", "outcome_unknown"], "{review}");
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.drain().await;
    app.pass(TimeDelta::minutes(15)).await;
    assert_eq!(app.texts(1), ["first", "later", "second"]);
    app.pass(TimeDelta::minutes(50)).await;
    assert_eq!(app.texts(1), ["first", "later", "second", "third"]);
    let activity = app.get("/api/audit").await.expect(200).to_string();
    assert!(activity.contains("backup.restore") && activity.contains("backup.make"), "{activity}");
}

#[tokio::test]
async fn an_older_copy_of_the_database_that_somebody_put_there_is_known_as_one() {
    let mut app = TestApp::start().await;
    let patient = app.patient(1).await;
    app.stop().await;
    let (file, copy) = (app.dir.path().join("clinicue.db"), tempfile::tempdir().expect("a folder"));
    fs::copy(&file, copy.path().join("copy")).expect("copied");
    let mut app = app.restart().await;
    assert_eq!(app.get("/api/status").await.expect(200)["sending"], "running");
    app.send(&patient, "after the copy").await;
    app.drain().await;
    app.stop().await;
    fs::copy(copy.path().join("copy"), &file).expect("put back");
    let mut app = app.restart().await;
    let status = app.get("/api/status").await.expect(200);
    assert_eq!((&status["sending"], &status["pausedBecause"]), (&json!("paused"), &json!("restored")));
    app.post("/api/sending/resume", json!({})).await.expect(200);
    app.stop().await;
    let app = app.restart().await;
    assert_eq!(app.get("/api/status").await.expect(200)["sending"], "running");
}

#[tokio::test]
async fn a_step_that_is_planned_again_on_an_older_copy_nobody_can_know_has_the_key_line_knows() {
    let mut app = TestApp::start().await;
    app.follow_up(1, json!([after("1h", "once")])).await;
    app.stop().await;
    let copy = tempfile::tempdir().expect("a folder");
    copy_folder(app.dir.path(), copy.path());
    let mut app = app.restart().await;
    app.pass(TimeDelta::hours(1)).await;
    assert_eq!(app.texts(1), ["once"]);
    app.stop().await;
    copy_folder(copy.path(), app.dir.path());
    let app = app.restart().await;
    app.drain().await;
    assert_eq!(app.texts(1), ["once"]);
    let sent = app.get("/api/messages").await.expect(200);
    assert_eq!(sent["items"][0]["state"], "sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_messages_go_out_is_sound_and_one_made_in_peace_is_equal() {
    let stub = Stub::failing(0, 0);
    let line = format!("http://{}", stub.clone().listen().await);
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve(&dir, &line);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    for round in 1..=3 {
        api.send_many(&server, &patient, 300).await;
        let busy = done(command(&dir).arg("backup").output().expect("it runs"));
        let there = tempfile::tempdir().expect("a folder");
        done(run(there.path(), &["restore", &busy]));
        assert!(!dump(there.path()).await.is_empty());
        api.until_sent(&server, 300 * round).await;
    }
    drop(server);
    let quiet = done(command(&dir).arg("backup").output().expect("it runs"));
    let there = tempfile::tempdir().expect("a folder");
    done(run(there.path(), &["restore", &quiet]));
    let (was, is) = (dump(dir.path()).await, dump(there.path()).await);
    for (was, is) in was.iter().zip(&is) {
        assert_eq!(was, is);
    }
    assert_eq!(was.len(), is.len());
    let list = done(command(&dir).args(["backup", "list"]).output().expect("it runs"));
    assert_eq!(list.lines().count(), 4, "{list}");
}

#[tokio::test]
async fn every_night_a_backup_is_made_and_the_oldest_goes() {
    let app = TestApp::start_with(|config| config.backup.keep = 2).await;
    app.drain().await;
    for _ in 0..3 {
        app.pass(TimeDelta::days(1)).await;
        app.hear().await;
    }
    let all = app.get("/api/backups").await.expect(200);
    assert_eq!((all["items"].as_array().map(Vec::len), &all["kept"]), (Some(2), &json!(2)), "{all}");
    assert!(all["items"][0]["madeAt"].as_str() > all["items"][1]["madeAt"].as_str());
    assert!(all["nextAt"].as_str().is_some_and(|at| at.ends_with("T18:00:00.000Z")), "{all}");
}

#[tokio::test]
async fn what_a_restore_replaced_is_kept_as_long_as_a_backup() {
    let app = TestApp::start_with(|config| config.backup.keep = 2).await;
    let data = &app.core().config.data_dir;
    let [old, new, other] =
        ["replaced-20261123T020000.000Z", "replaced-20261124T020000.000Z", "replaced"].map(|n| data.join(n));
    for folder in [&old, &new, &other] {
        fs::create_dir(folder).expect("made");
        fs::write(folder.join("clinicue.db"), "of a clinic").expect("written");
    }
    app.clock.advance(TimeDelta::hours(36));
    back_up(&app).await;
    assert_eq!([&old, &new, &other].map(|folder| folder.exists()), [false, true, true]);
}

#[tokio::test]
async fn many_backups_of_one_day_take_none_of_another_day_away() {
    let app = TestApp::start_with(|config| config.backup.keep = 2).await;
    let names = async || -> Vec<String> {
        let all = app.get("/api/backups").await.expect(200);
        let items = all["items"].as_array().expect("items").iter();
        items.map(|item| item["name"].as_str().expect("a name")[..11].to_owned()).collect()
    };
    let make = async || {
        app.clock.advance(TimeDelta::hours(1));
        back_up(&app).await;
    };
    make().await;
    make().await;
    app.clock.advance(TimeDelta::days(1));
    for _ in 0..3 {
        make().await;
    }
    let (first, second) = ("20261124T07", ["20261125T10", "20261125T09", "20261125T08"]);
    assert_eq!(names().await, [&second[..], &[first]].concat());
    app.clock.advance(TimeDelta::days(1));
    make().await;
    assert_eq!(names().await, ["20261126T11", second[0]]);
}

#[tokio::test]
async fn two_backups_of_one_moment_are_both_kept() {
    let app = TestApp::start().await;
    let first = back_up(&app).await;
    let second = back_up(&app).await;
    assert!(second > first, "{first} {second}");
    let all = app.get("/api/backups").await.expect(200);
    assert_eq!((all["items"].as_array().map(Vec::len), &all["failed"]), (Some(2), &Value::Null), "{all}");
}

#[tokio::test]
async fn a_backup_that_cannot_be_made_leaves_nothing_and_is_said_until_one_is_made() {
    let app = TestApp::start_with(|config| config.backup.keep = 1).await;
    let folder = app.dir.path().join("backups");
    fs::write(&folder, "no folder").expect("written");
    app.leaves(Left::Error, "the log says why there is no backup");
    let task = app.post("/api/backups", json!({})).await.expect(202);
    app.hear().await;
    let ended = app.get(&format!("/api/tasks/{}", id(&task))).await.expect(200);
    assert_eq!(
        (&ended["state"], &ended["refusal"]["code"]),
        (&json!("failed"), &json!("database")),
        "{ended}"
    );
    assert_eq!(app.get("/api/status").await.expect(200)["alertCode"], "noBackup");
    fs::remove_file(&folder).expect("removed");
    back_up(&app).await;
    assert_eq!(app.get("/api/status").await.expect(200)["alertCode"], Value::Null);
    assert_eq!(fs::read_dir(&folder).expect("readable").count(), 1);
}

#[tokio::test]
async fn files_of_patients_and_of_staff_go_with_a_backup_and_come_back_with_it() {
    let mut app = TestApp::start().await;
    for name in ["media", "uploads"] {
        fs::create_dir_all(app.dir.path().join(name)).expect("made");
        fs::write(app.dir.path().join(name).join("whole"), name).expect("written");
        fs::write(app.dir.path().join(name).join("half.part"), "x").expect("written");
    }
    let name = back_up(&app).await;
    app.stop().await;
    let backup = app.dir.path().join("backups").join(&name);
    let there = tempfile::tempdir().expect("a folder");
    done(run(there.path(), &["restore", &backup.display().to_string()]));
    for name in ["media", "uploads"] {
        assert_eq!(fs::read_to_string(there.path().join(name).join("whole")).expect("there"), name);
        assert!(!there.path().join(name).join("half.part").exists());
    }
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_nothing_is_changed() {
    let dir = tempfile::tempdir().expect("a folder");
    for args in [&["restore", "20260101T000000.000Z"][..], &["restore", "/"], &["backup"]] {
        let refused = run(dir.path(), args);
        assert!(!refused.status.success());
        let words = String::from_utf8_lossy(&refused.stderr).into_owned();
        let why = if args[0] == "backup" { "has no clinic to back up" } else { "there is no backup" };
        assert!(words.contains(why), "{words}");
    }
    assert!(!dir.path().join("clinicue.db").exists());
}

#[tokio::test]
async fn a_damaged_database_is_refused_with_the_last_backup_and_the_doctor_says_so_too() {
    let mut app = TestApp::start().await;
    let name = back_up(&app).await;
    app.stop().await;
    let file = app.dir.path().join("clinicue.db");
    let mut bytes = fs::read(&file).expect("there");
    for page in bytes.chunks_mut(4096).skip(1) {
        page[..200].fill(0xa5);
    }
    fs::write(&file, bytes).expect("written");
    let refused = run(app.dir.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(words.contains(&format!("restore {name}")), "{words}");
    let doctor = run(app.dir.path(), &["doctor"]);
    let words = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(!doctor.status.success() && words.contains("WRONG  database: is damaged"), "{words}");
    assert!(words.contains("backups: the last one is of 2026-11-24T05:00:00.000Z"), "{words}");
}
