//! When a timetable comes next, asked before anything is written by it.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{TestApp, id, message};

/// A timetable as it stands in an address.
fn asked(cron: &str, more: &str) -> String {
    format!("/api/timetables/next?cron={}{more}", cron.replace(' ', "%20"))
}

#[tokio::test]
async fn a_timetable_tells_its_next_times_by_the_clock_of_the_zone() {
    let app = TestApp::start().await;
    // Noon of a Tuesday in Bangkok.
    let next = app.get(&asked("0 9 * * 2,5", "&limit=2")).await.expect(200);
    assert_eq!(next["timeZone"], "Asia/Bangkok");
    assert_eq!(next["items"], json!(["2026-11-27T02:00:00.000Z", "2026-12-01T02:00:00.000Z"]));
    // One of two limited days is enough, as cron has it.
    let either = app.get(&asked("0 9 1 * 5", "&timeZone=Asia/Tokyo&limit=3")).await.expect(200);
    let days = ["2026-11-27T00:00:00.000Z", "2026-12-01T00:00:00.000Z", "2026-12-04T00:00:00.000Z"];
    assert_eq!(either["items"], json!(days));
    let leap = app.get(&asked("0 9 29 2 *", "&limit=1")).await.expect(200);
    assert_eq!(leap["items"], json!(["2028-02-29T02:00:00.000Z"]));
    assert_eq!(app.get(&asked("0 9 * * *", "")).await.expect(200)["items"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn where_the_clock_is_put_forward_the_time_told_is_the_time_it_goes() {
    let app = TestApp::start().await;
    app.clock.advance(TimeDelta::hours(109 * 24 + 12));
    // 02:30 does not exist in New York on the 14th of March.
    let path = asked("30 2 * * *", "&timeZone=America/New_York&limit=1");
    let told = app.get(&path).await.expect(200)["items"][0].clone();
    assert_eq!(told, "2027-03-14T07:00:00.000Z");
    let patient = app.patient(1).await;
    let mut repeating = message(&patient, "Time for your medicine.");
    repeating["schedule"] =
        json!({ "type": "recurring", "cron": "30 2 * * *", "timeZone": "America/New_York" });
    let sent = app.post("/api/messages", repeating).await.expect(202);
    assert_eq!(sent["dueAt"], told, "{}", id(&sent));
}

#[tokio::test]
async fn what_is_no_timetable_is_refused_at_its_field() {
    let app = TestApp::start().await;
    for (path, field) in [
        (asked("61 9 * * *", ""), "cron"),
        (asked("0 9 * *", ""), "cron"),
        (asked("0 9 30 2 *", ""), "cron"),
        (asked(&"1,".repeat(200), ""), "cron"),
        (asked("0 9 * * *", "&timeZone=Mars/Olympus"), "timeZone"),
        (asked("0 9 * * *", "&limit=0"), "limit"),
        (asked("0 9 * * *", "&limit=51"), "limit"),
    ] {
        let refused = app.get(&path).await.expect(422);
        assert_eq!(refused["errors"][0]["field"], field, "{path}: {refused}");
    }
    app.get("/api/timetables/next").await.expect(400);
}
