//! Uploads go when nothing shows them, and stay as long as something does; a disk that is full
//! keeps nothing half.

use chrono::TimeDelta;
use image::ImageFormat;
use serde_json::{Value, json};

use super::{app, encoded, fetch, files, flag, upload, video};
use crate::support::{
    TestApp, answer, client, id,
    process::{serve_failing, token},
    step,
};

async fn picture(app: &TestApp) -> Value {
    upload(app, &encoded(&flag(), ImageFormat::Jpeg)).await.expect(201)
}

async fn delete(app: &TestApp, upload: &Value) -> crate::support::Answer {
    app.call_as(&app.token, "DELETE", &format!("/api/uploads/{}", id(upload)), None).await
}

async fn maintain(app: &TestApp) {
    app.post("/api/jobs/maintenance", json!({})).await.expect(200);
}

fn image_of(upload: &Value) -> Value {
    json!({ "imageUrl": upload["url"], "previewImageUrl": upload["previewUrl"] })
}

#[tokio::test]
async fn what_is_not_used_within_a_day_goes_and_what_is_used_stays() {
    let app = app().await;
    let (unused, used) = (picture(&app).await, picture(&app).await);
    let template = json!({ "name": "Care", "messageType": "image", "content": image_of(&used) });
    app.post("/api/message-templates", template).await.expect(201);
    app.clock.advance(TimeDelta::hours(23));
    maintain(&app).await;
    assert_eq!(files(&app).len(), 4);
    app.clock.advance(TimeDelta::hours(2));
    maintain(&app).await;
    assert_eq!(files(&app).len(), 2);
    assert_eq!(fetch(&app, &unused["url"]).await.status(), 404);
    app.clock.advance(TimeDelta::days(400));
    maintain(&app).await;
    assert_eq!(fetch(&app, &used["url"]).await.status(), 200);
    assert_eq!(app.get("/api/uploads").await.expect(200)["items"][0]["used"], true);
}

#[tokio::test]
async fn whatever_is_written_with_an_upload_keeps_it() {
    let app = app().await;
    let patient = app.patient(1).await;
    let used = async |upload: &Value| {
        app.get(&format!("/api/uploads/{}", id(upload))).await.expect(200)["used"] == true
    };
    let in_step = picture(&app).await;
    let mut with_more = step(json!({ "type": "immediate" }), "Look");
    with_more["furtherMessages"] = json!([{ "messageType": "image", "content": image_of(&in_step) }]);
    app.protocol(json!([with_more])).await;
    let in_layout = picture(&app).await;
    let bubble = json!({ "type": "bubble", "hero": { "type": "image", "url": in_layout["url"] } });
    let flex = json!({ "patientId": patient, "messageType": "flex", "content": { "altText": "a", "contents": bubble } });
    app.post("/api/messages", flex).await.expect(202);
    let again = picture(&app).await;
    let every_day = json!({ "patientId": patient, "messageType": "image", "content": image_of(&again),
        "schedule": { "type": "recurring", "cron": "0 9 * * *" } });
    app.post("/api/messages", every_day).await.expect(202);
    let sender = picture(&app).await;
    app.post(
        "/api/protocols",
        json!({ "name": "Plan", "sender": { "iconUrl": sender["url"] },
        "steps": [step(json!({ "type": "immediate" }), "hello")] }),
    )
    .await
    .expect(201);
    for upload in [&in_step, &in_layout, &again, &sender] {
        assert!(used(upload).await, "{upload}");
    }
    app.drain().await;
    for upload in [&in_step, &again, &sender] {
        let refused = delete(&app, upload).await;
        assert_eq!(refused.json["refusal"]["code"], "uploadUsed", "{}", refused.json);
        refused.problem(409);
    }
    // It was sent, and nothing is to come.
    delete(&app, &in_layout).await.expect(200);
    assert_eq!(fetch(&app, &in_layout["url"]).await.status(), 404);
    delete(&app, &in_layout).await.problem(404);
}

#[tokio::test]
async fn what_a_step_shows_in_another_language_or_under_its_message_is_kept_too() {
    let app = app().await;
    let (in_japanese, icon, of_its_own) = (picture(&app).await, picture(&app).await, picture(&app).await);
    let reply = |icon: &Value| json!([{ "type": "message", "label": "Fine", "iconUrl": icon["url"] }]);
    let mut care = step(json!({ "type": "delay", "value": "1d" }), "Look");
    care["translations"] = json!({ "ja": { "messageType": "image", "content": image_of(&in_japanese) } });
    care["quickReplies"] = reply(&icon);
    app.protocol(json!([care])).await;
    let patient = app.patient(1).await;
    let later = json!({ "patientId": patient, "messageType": "text", "content": { "text": "a" },
        "quickReplies": reply(&of_its_own), "schedule": { "type": "delay", "delayMs": 3_600_000 } });
    app.post("/api/messages", later).await.expect(202);
    app.clock.advance(TimeDelta::minutes(1));
    for shown in [&in_japanese, &icon, &of_its_own] {
        assert_eq!(app.get(&format!("/api/uploads/{}", id(shown))).await.expect(200)["used"], true);
        delete(&app, shown).await.problem(409);
    }
}

#[tokio::test]
async fn an_upload_that_a_plan_shows_is_deleted_once_nobody_follows_it() {
    let app = app().await;
    let shown = picture(&app).await;
    let image = json!({ "trigger": { "type": "delay", "value": "1d" }, "messageType": "image", "content": image_of(&shown) });
    let follow_up = app.follow_up(1, json!([image])).await;
    let one = app.get(&format!("/api/assignments/{follow_up}")).await.expect(200);
    let plan = one["protocolId"].as_str().expect("an id");
    app.post(&format!("/api/protocols/{plan}/archive"), json!({})).await.expect(200);
    delete(&app, &shown).await.problem(409);
    app.act(&follow_up, "cancel").await.expect(200);
    delete(&app, &shown).await.expect(200);
    assert!(files(&app).is_empty());
}

#[tokio::test]
async fn a_message_that_waits_keeps_what_it_shows() {
    let app = app().await;
    let shown = picture(&app).await;
    let patient = app.patient(1).await;
    let later = json!({ "patientId": patient, "messageType": "image", "content": image_of(&shown),
        "schedule": { "type": "delay", "delayMs": 3_600_000 } });
    app.post("/api/messages", later).await.expect(202);
    delete(&app, &shown).await.problem(409);
    app.pass(TimeDelta::hours(2)).await;
    delete(&app, &shown).await.expect(200);
}

#[tokio::test]
async fn files_that_nobody_knows_and_unfinished_ones_are_tidied_up() {
    let app = app().await;
    picture(&app).await;
    let folder = app.dir.path().join("uploads");
    for name in ["lost", "cut.part"] {
        std::fs::write(folder.join(name), "left over").expect("written");
    }
    maintain(&app).await;
    assert_eq!(files(&app).len(), 2);
    assert!(!folder.join("lost").exists() && !folder.join("cut.part").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_an_upload_in_plain_words_and_keeps_nothing_of_it() {
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve_failing(&dir, "http://127.0.0.1:9", "file-writes=return");
    let token = token(&dir);
    for bytes in [encoded(&flag(), ImageFormat::Png), video()] {
        let request = client().post(format!("{}/api/uploads", server.base)).bearer_auth(&token);
        let refused = answer(request.body(bytes).send().await.expect("an answer")).await;
        assert_eq!(refused.json["refusal"], json!({ "code": "database", "trouble": "full" }));
        refused.problem(503);
    }
    let left = std::fs::read_dir(dir.path().join("uploads")).expect("the folder").count();
    assert_eq!(left, 0);
}
