//! Jobs and long-lived tasks that panic, end, or do nothing any more.

use std::time::Duration;

use serde_json::json;

use crate::support::{
    HANGS, client, message,
    process::{Api, Server, a_moment, serve, serve_failing},
    stub::Stub,
};

async fn stub() -> (Stub, String) {
    let stub = Stub::default();
    let line = format!("http://{}", stub.clone().listen().await);
    (stub, line)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_or_a_read_error_in_a_job_costs_a_moment_and_no_message() {
    const MESSAGES: usize = 30;
    let (stub, line) = stub().await;
    let dir = tempfile::tempdir().expect("a folder");
    let points = "attempt-begun=3*panic;reader-reads=2*panic;promotion-begun=1*panic";
    let server = serve_failing(&dir, &line, points);
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, MESSAGES).await;
    let mut later = message(&patient, "later");
    later["schedule"] = json!({ "type": "delay", "delayMs": 1_000 });
    api.call(&server, "POST", "/api/messages", Some(&later)).await;
    api.until_sent(&server, MESSAGES + 1).await;
    assert_eq!((stub.accepted(), stub.changed_bodies()), (MESSAGES + 1, 0));
    let stats = api.call(&server, "GET", "/api/jobs/delivery-stats", None).await;
    assert_eq!((&stats["total"], &stats["failed"]), (&json!(MESSAGES + 1), &json!(0)));
}

/// A webhook call signed with the secret of [`serve_failing`]'s server; its status.
async fn webhook(server: &Server, id: &str) -> u16 {
    let event = json!({ "type": "follow", "webhookEventId": id, "timestamp": 1_700_000_000_000_i64,
        "mode": "active", "deliveryContext": { "isRedelivery": false },
        "source": { "type": "user", "userId": crate::support::line_user(1) } });
    let body = json!({ "destination": "U0", "events": [event] }).to_string();
    let signature = clinicue::line::webhook::sign("secret", body.as_bytes());
    let call = client().post(format!("{}/webhook/line", server.base));
    let answer = call.header("x-line-signature", signature).body(body).send().await;
    answer.expect("an answer").status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_panics_is_started_again_counted_and_shown() {
    let (stub, line) = stub().await;
    let dir = tempfile::tempdir().expect("a folder");
    let points = "tick=1*panic;inbox=1*panic;probe=1*panic;recorder-writes=1*panic;intake-stores=1*panic;\
        menu=1*panic;recount=1*panic";
    let server = serve_failing(&dir, &line, points);
    let api = Api::of(&dir);
    assert_eq!(webhook(&server, "01HZZZZZZZZZZZZZZZZZZZZZZZ").await, 503);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, 5).await;
    api.until_sent(&server, 5).await;
    assert_eq!(stub.accepted(), 5);
    assert_eq!(webhook(&server, "01HZZZZZZZZZZZZZZZZZZZZZZZ").await, 200);
    for task in ["tick", "inbox", "probe", "recorder", "intake", "menu", "recount"] {
        let of = |name: &str| format!("clinicue_{name}{{task=\"{task}\"}}");
        assert!((api.metric(&server, &of("task_restarts_total")).await - 1.0).abs() < 0.1, "{task}");
        assert!((api.metric(&server, &of("task_up")).await - 1.0).abs() < 0.1, "{task}");
    }
    for task in ["recorder", "menu", "recount"] {
        let found = api.check(&server, task).await;
        assert_eq!((&found["ok"], &found["detail"]), (&json!(true), &json!("runs; it was restarted once")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_without_a_check_of_its_own_that_is_down_shows_in_that_of_the_workers() {
    let (_stub, line) = stub().await;
    let dir = tempfile::tempdir().expect("a folder");
    let server = serve_failing(&dir, &line, "write-watch=panic");
    let api = Api::of(&dir);
    // By then the workers themselves are up.
    let restarts = "clinicue_task_restarts_total{task=\"write-watch\"}";
    let is_seen = async {
        while api.metric(&server, restarts).await < 3.0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        while api.check(&server, "workers").await["ok"] == json!(true) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(HANGS, is_seen).await.expect("it shows");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorder_that_cannot_run_ends_the_program_with_70_and_nothing_is_sent_twice() {
    const MESSAGES: usize = 1_000;
    let (stub, line) = stub().await;
    let dir = tempfile::tempdir().expect("a folder");
    let mut server = serve_failing(&dir, &line, "recorder-writes=panic");
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, MESSAGES).await;
    let ended = tokio::task::spawn_blocking(move || server.child.wait().expect("it ends")).await;
    assert_eq!(ended.expect("waited").code(), Some(70));
    // At most what may wait for the recorder, what it has taken up, and what is in flight.
    assert!(stub.accepted() <= 450, "{} were sent while none was recorded", stub.accepted());
    let server = serve(&dir, &line);
    api.until_sent(&server, MESSAGES).await;
    assert_eq!((stub.accepted(), stub.changed_bodies()), (MESSAGES, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_looks_for_jobs_no_more_is_replaced() {
    let (stub, line) = stub().await;
    let dir = tempfile::tempdir().expect("a folder");
    // The first worker of each queue.
    let server = serve_failing(&dir, &line, "worker-looks-no-more=2*return");
    let api = Api::of(&dir);
    let patient = api.patient(&server, 1).await;
    api.send_many(&server, &patient, 3).await;
    a_moment(1_000).await;
    assert_eq!(stub.accepted(), 0);
    api.until_sent(&server, 3).await;
    let restarts = "clinicue_task_restarts_total{task=\"message-delivery\"}";
    assert!((api.metric(&server, restarts).await - 1.0).abs() < 0.1);
}
