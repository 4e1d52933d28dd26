//! Who is shown which menu, also where LINE takes one of them into none, and where an account is
//! somebody else's by now.

use serde_json::json;

use super::{keep, of, patient, set, shown, switch};
use crate::support::{TestApp, id, leftovers::Left, line_user};

/// A Japanese patient by this account of LINE, as an older version took it.
async fn japanese(app: &TestApp, n: u32, account: &str) {
    clinicue::store::sql::query(
        "INSERT INTO patients (id, line_user_id, display_name, locale, status, reachability, tags, note, demo, created_at, updated_at)
         VALUES ($1, $2, 'A', 'ja', 'active', 'reachable', '[]', '', FALSE, $3, $3)",
    )
    .bind(format!("00000000-0000-7000-8000-{n:012x}"))
    .bind(account)
    .bind(app.core().now().as_millis())
    .execute(app.core().store.writer())
    .await
    .expect("filled");
}

/// A patient without an account.
async fn somchai(app: &TestApp) -> String {
    id(&app.post("/api/patients", json!({ "displayName": "Somchai" })).await.expect(201))
}

#[tokio::test]
async fn whom_line_takes_into_no_menu_keeps_nobody_else_from_theirs() {
    let app = TestApp::start().await;
    for n in 0..9_u32 {
        app.line.sandbox.add_user(&line_user(n), "A");
        japanese(&app, n, &if n == 4 { "U-of-another-channel".to_owned() } else { line_user(n) }).await;
    }
    switch(&app, "on").await;
    keep(&app).await;
    for n in (0..9).filter(|n| *n != 4) {
        assert_eq!(of(&app, n).await.as_deref(), Some("clinicue ja"), "{n}");
    }
    let on = shown(&app).await;
    assert_eq!((&on["state"], &on["waiting"]), (&json!("on"), &json!(0)));
    let refused = app.line.sandbox.refused().len();
    keep(&app).await;
    assert_eq!(app.line.sandbox.refused().len(), refused, "nobody is asked about again and again");
    app.leaves(Left::Refusal, "LINE takes no such account");
}

#[tokio::test]
async fn an_account_that_is_nobodys_any_more_is_shown_the_clinics_menu_again() {
    let app = TestApp::start().await;
    let (gone, moved) = (patient(&app, 1, "ja").await, patient(&app, 2, "ja").await);
    switch(&app, "on").await;
    keep(&app).await;
    assert_eq!(of(&app, 1).await.as_deref(), Some("clinicue ja"));
    set(&app, &format!("/api/patients/{gone}"), json!({ "lineUserId": null })).await;
    app.line.sandbox.add_user(&line_user(3), "New phone");
    set(&app, &format!("/api/patients/{moved}"), json!({ "lineUserId": line_user(3) })).await;
    keep(&app).await;
    assert_eq!((of(&app, 1).await, of(&app, 2).await), (None, None));
    assert_eq!(of(&app, 3).await.as_deref(), Some("clinicue ja"));
}

#[tokio::test]
async fn an_account_that_is_another_patients_now_is_shown_the_menu_of_that_one() {
    let app = TestApp::start().await;
    let (ours, thai) = (patient(&app, 1, "ja").await, somchai(&app).await);
    switch(&app, "on").await;
    keep(&app).await;
    set(&app, &format!("/api/patients/{ours}"), json!({ "lineUserId": null })).await;
    set(&app, &format!("/api/patients/{thai}"), json!({ "locale": "th", "lineUserId": line_user(1) })).await;
    keep(&app).await;
    assert_eq!(of(&app, 1).await, None, "the clinic's, which is Thai");
    set(&app, &format!("/api/patients/{thai}"), json!({ "lineUserId": null })).await;
    set(&app, &format!("/api/patients/{ours}"), json!({ "lineUserId": line_user(1) })).await;
    keep(&app).await;
    assert_eq!(of(&app, 1).await.as_deref(), Some("clinicue ja"));
}

#[tokio::test]
async fn whose_data_are_deleted_is_shown_the_clinics_menu_again_and_then_nobody_knows_the_account() {
    let app = TestApp::start().await;
    let gone = patient(&app, 1, "ja").await;
    switch(&app, "on").await;
    keep(&app).await;
    assert_eq!(of(&app, 1).await.as_deref(), Some("clinicue ja"));
    let name = app.get(&format!("/api/patients/{gone}")).await.expect(200)["displayName"].clone();
    let path = format!("/api/patients/{gone}");
    app.call_as(&app.token, "DELETE", &path, Some(json!({ "confirmName": name }))).await.expect(200);
    keep(&app).await;
    assert_eq!(of(&app, 1).await, None);
    let known: i64 = clinicue::store::sql::query_scalar(
        "SELECT COUNT(*) FROM patients WHERE menu_done IS NOT NULL OR line_user_id IS NOT NULL",
    )
    .fetch_one(app.core().store.writer())
    .await
    .expect("counted");
    assert_eq!(known, 0);
}
