//! How late the last of a thousand messages due in the same second is: the morning round of a clinic.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use chrono::DateTime;
use clinicue::{
    clock::{Clock as _, SystemClock},
    ops::messages,
};
use serde_json::json;

/// Milliseconds between entering the messages and the second they are due in.
const AHEAD_MS: i64 = 1_500;

/// Scheduled ones leave their wait, are claimed, sent and recorded; LINE answers at once.
pub(crate) async fn punctual() {
    println!("1,000 messages due in one second (bar: the last 1,000 ms later)");
    let dir = tempfile::tempdir().expect("a folder");
    let (line, accepted) = crate::listen(Duration::ZERO).await;
    let app = crate::start(crate::config(dir.path(), Some(line)), true).await;
    let patient = crate::new_patient(&app).await;
    for round in 1..=3 {
        let due = (SystemClock.now().as_millis() + AHEAD_MS) / 1_000 * 1_000;
        let at = DateTime::from_timestamp_millis(due).expect("a time");
        let one = json!({ "patientId": patient, "messageType": "text", "content": { "text": "Good morning." },
            "schedule": { "type": "at", "at": at } });
        let input = serde_json::from_value(json!({ "messages": vec![one; 1_000] })).expect("messages");
        let began = Instant::now();
        messages::send_bulk(&app.core, &crate::me(), input).await.expect("accepted");
        while accepted.load(Ordering::Relaxed) < round * 1_000 {
            assert!(began.elapsed() < Duration::from_secs(30), "they do not go");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        println!("  the last after {} ms", SystemClock.now().as_millis() - due);
    }
    app.stop().await;
}
