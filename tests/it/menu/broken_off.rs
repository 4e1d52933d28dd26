//! Menus that are half made, or made twice, and what is left of them at LINE.

use serde_json::json;

use super::{keep, menus, of, patient, shown, steps, switch};
use crate::support::{TestApp, client, leftovers::Left};

/// A menu of ours that LINE made and that is noted nowhere here.
async fn lose_a_menu(app: &TestApp) {
    let lost = json!({ "size": { "width": 1200, "height": 405 }, "selected": false, "name": "clinicue th",
        "chatBarText": "Menu", "areas": [] });
    let url = format!("{}/v2/bot/richmenu", app.line.base_url());
    client().post(url).bearer_auth("token").json(&lost).send().await.expect("made");
}

#[tokio::test]
async fn a_program_that_ended_in_the_middle_goes_on_and_leaves_no_menu_behind() {
    let app = TestApp::start().await;
    patient(&app, 1, "ja").await;
    lose_a_menu(&app).await;
    switch(&app, "on").await;
    let mut app = app;
    for _ in 0..6 {
        steps(&app, 1).await;
        app = app.restart().await;
    }
    keep(&app).await;
    assert_eq!((menus(&app).await.len(), of(&app, 1).await.as_deref()), (4, Some("clinicue ja")));
    assert_eq!(shown(&app).await["state"], "on");
}

#[tokio::test]
async fn a_menu_that_line_made_as_the_program_ended_is_not_left_behind() {
    let app = TestApp::start().await;
    switch(&app, "on").await;
    steps(&app, 2).await;
    lose_a_menu(&app).await;
    let app = app.restart().await;
    keep(&app).await;
    assert_eq!((menus(&app).await.len(), shown(&app).await["state"].as_str()), (4, Some("on")));
}

#[tokio::test]
async fn a_half_made_menu_that_is_gone_at_line_is_begun_anew() {
    let app = TestApp::start().await;
    switch(&app, "on").await;
    steps(&app, 2).await;
    let made = menus(&app).await[0]["richMenuId"].as_str().expect("an id").to_owned();
    let url = format!("{}/v2/bot/richmenu/{made}", app.line.base_url());
    client().delete(url).bearer_auth("token").send().await.expect("gone");
    keep(&app).await;
    assert_eq!(shown(&app).await["troubleStatus"], 404);
    keep(&app).await;
    assert_eq!((menus(&app).await.len(), shown(&app).await["state"].as_str()), (4, Some("on")));
}

#[tokio::test]
async fn a_picture_that_line_has_and_nobody_noted_is_enough() {
    let app = TestApp::start().await;
    switch(&app, "on").await;
    steps(&app, 2).await;
    let made = menus(&app).await[0]["richMenuId"].as_str().expect("an id").to_owned();
    let png =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/menus/en-2.png")).expect("a picture");
    let url = format!("{}/v2/bot/richmenu/{made}/content", app.line.base_url());
    let sent = client().post(url).bearer_auth("token").header("content-type", "image/png").body(png);
    assert_eq!(sent.send().await.expect("an answer").status(), 200);
    keep(&app).await;
    assert_eq!((menus(&app).await.len(), shown(&app).await["state"].as_str()), (4, Some("on")));
    app.leaves(Left::Refusal, "LINE takes no second picture");
}

#[tokio::test]
async fn nothing_of_ours_is_left_at_line_once_it_is_off() {
    let app = TestApp::start().await;
    switch(&app, "on").await;
    keep(&app).await;
    lose_a_menu(&app).await;
    switch(&app, "off").await;
    keep(&app).await;
    assert_eq!((menus(&app).await.len(), shown(&app).await["state"].as_str()), (0, Some("off")));
}
