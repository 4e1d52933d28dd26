//! Addresses of uploads in what is written: of something that is there, and that belongs there.

use image::ImageFormat;
use serde_json::{Value, json};

use super::{PUBLIC, app, encoded, flag, upload, video};
use crate::support::{TestApp, id, line_user, step};

/// What was refused: field and code.
fn refused(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().expect("fields");
    errors.iter().map(|e| format!("{} {}", e["field"], e["code"]).replace('"', "")).collect()
}

fn image(url: &Value) -> Value {
    json!({ "messageType": "image", "content": { "imageUrl": url } })
}

async fn message(app: &TestApp, patient: &str, what: &Value) -> crate::support::Answer {
    let mut body = what.clone();
    body["patientId"] = json!(patient);
    app.post("/api/messages", body).await
}

#[tokio::test]
async fn an_address_of_ours_at_which_nothing_lies_is_refused_wherever_it_is_written() {
    let app = app().await;
    let patient = app.patient(1).await;
    let gone = upload(&app, &encoded(&flag(), ImageFormat::Jpeg)).await.expect(201);
    app.call_as(&app.token, "DELETE", &format!("/api/uploads/{}", id(&gone)), None).await.expect(200);
    let never = json!(format!("{PUBLIC}/u/{}/original.jpg", "a".repeat(43)));
    let kept = upload(&app, &encoded(&flag(), ImageFormat::Jpeg)).await.expect(201);
    let spelt = |from: &str, to: &str| json!(never.as_str().expect("an address").replace(from, to));
    let capitals = spelt("clinic.example", "Clinic.Example");
    let with_port = spelt("clinic.example", "clinic.example:443");
    let alone = json!(kept["url"].as_str().expect("an address").trim_end_matches("/original.jpg"));
    let other_name = json!(kept["url"].as_str().expect("an address").replace("original.jpg", "original.png"));
    for url in [
        &gone["url"],
        &gone["previewUrl"],
        &never,
        &other_name,
        &json!(format!("{PUBLIC}/u/x")),
        &capitals,
        &with_port,
        &alone,
    ] {
        let problem = message(&app, &patient, &image(url)).await.expect(422);
        assert_eq!(refused(&problem), ["content.imageUrl noSuchUpload"], "{url}");
    }
    let flex = json!({ "altText": "a", "contents": { "type": "bubble", "hero": { "type": "image", "url": never } } });
    let mut step = step(json!({ "type": "immediate" }), "hello");
    step["furtherMessages"] = json!([{ "messageType": "flex", "content": flex }]);
    step["quickReplies"] = json!([{ "type": "camera", "label": "A", "iconUrl": never }]);
    step["translations"] = json!({ "ja": image(&never) });
    let body = json!({ "name": "A", "steps": [step], "sender": { "name": "Nok", "iconUrl": never } });
    let all = [
        "steps[0].furtherMessages[0].content.contents.hero.url noSuchUpload",
        "steps[0].quickReplies[0].iconUrl noSuchUpload",
        "steps[0].translations.ja.content.imageUrl noSuchUpload",
        "sender.iconUrl noSuchUpload",
    ];
    assert_eq!(refused(&app.post("/api/protocols", body.clone()).await.expect(422)), all);
    let steps = json!({ "steps": body["steps"] });
    assert_eq!(refused(&app.post("/api/protocols/check", steps).await.expect(422)), all[..3]);
    let mut template = image(&never);
    template["name"] = json!("A");
    let problem = app.post("/api/message-templates", template).await.expect(422);
    assert_eq!(refused(&problem), ["content.imageUrl noSuchUpload"]);
    // Of others nothing is known here.
    let foreign = json!(format!("https://elsewhere.example/u/{}/original.jpg", "a".repeat(43)));
    message(&app, &patient, &image(&foreign)).await.expect(202);
    app.drain().await;
}

#[tokio::test]
async fn a_picture_is_no_video_and_a_video_no_picture() {
    let app = app().await;
    let patient = app.patient(1).await;
    let picture = upload(&app, &encoded(&flag(), ImageFormat::Png)).await.expect(201);
    let film = upload(&app, &video()).await.expect(201);
    let problem = message(&app, &patient, &image(&film["url"])).await.expect(422);
    assert_eq!(refused(&problem), ["content.imageUrl pictureBelongsHere"]);
    let video = |url: &Value, preview: &Value| {
        let content = json!({ "videoUrl": url, "previewImageUrl": preview });
        json!({ "messageType": "video", "content": content })
    };
    let problem = message(&app, &patient, &video(&picture["url"], &film["url"])).await.expect(422);
    assert_eq!(
        refused(&problem),
        ["content.videoUrl videoBelongsHere", "content.previewImageUrl pictureBelongsHere"]
    );
    message(&app, &patient, &video(&film["url"], &film["previewUrl"])).await.expect(202);
    app.drain().await;
}

#[tokio::test]
async fn the_small_picture_of_an_upload_goes_with_it_where_none_is_given() {
    let app = app().await;
    let patient = app.patient(1).await;
    let kept = upload(&app, &encoded(&flag(), ImageFormat::Png)).await.expect(201);
    let foreign = json!("https://elsewhere.example/a.png");
    for url in [&kept["url"], &foreign] {
        message(&app, &patient, &image(url)).await.expect(202);
    }
    app.drain().await;
    let chat = app.line.sandbox.chat(&line_user(1)).expect("a chat");
    let sent = chat.iter().map(|m| (&m.message["originalContentUrl"], &m.message["previewImageUrl"]));
    assert_eq!(sent.collect::<Vec<_>>(), [(&kept["url"], &kept["previewUrl"]), (&foreign, &foreign)]);
}
