//! Whoever is nobody's LINE account: what staff do with their words is told to LINE.

use serde_json::json;

use crate::support::{TestApp, id, line_user, scripted::Scripted};

#[tokio::test]
async fn what_a_stranger_wrote_is_marked_as_read_when_staff_settle_it_or_the_patient_they_became() {
    let line = Scripted::default();
    let url = line.listen().await;
    let app = TestApp::start_with(|config| config.line.api_base.clone_from(&url)).await;
    let wanted = json!({ "markAsRead": true });
    app.call_as(&app.token, "PATCH", "/api/settings", Some(wanted)).await.expect(200);
    for n in [7, 8] {
        let at = app.core().now().as_millis();
        app.events(json!([{
            "type": "message", "mode": "active", "timestamp": at, "webhookEventId": format!("01M{n}"),
            "replyToken": format!("reply {n}"), "source": { "type": "user", "userId": line_user(n) },
            "deliveryContext": { "isRedelivery": false },
            "message": { "type": "text", "id": format!("7{n}"), "text": "hello",
                "markAsReadToken": format!("read {n}") },
        }]))
        .await;
        let list = app.get("/api/strangers").await.expect(200);
        if n == 7 {
            app.post(&format!("/api/strangers/{}/resolve", id(&list["items"][0])), json!({}))
                .await
                .expect(200);
            app.hear().await;
            assert_eq!(line.marked_as_read(), ["read 7"]);
        }
    }
    app.patient(8).await;
    let list = app.get("/api/worklist").await.expect(200);
    app.post(&format!("/api/worklist/{}/resolve", id(&list["items"][0])), json!({})).await.expect(200);
    app.hear().await;
    assert_eq!(line.marked_as_read(), ["read 7", "read 8"]);
}
