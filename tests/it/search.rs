//! How staff find a patient by a part of a name.

use std::collections::BTreeSet;

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn patients_are_found_by_any_part_of_a_name_in_any_script() {
    let app = TestApp::start().await;
    for (n, name) in ["สมชาย ใจดี", "ﾔﾏﾀﾞ 太郎", "王小明", "Somchai \"Sam\" O'Neil 🙂"].iter().enumerate()
    {
        let body = json!({ "displayName": name, "externalRef": format!("HN-10{n}"),
            "lineUserId": crate::support::line_user(u32::try_from(n).expect("small") + 0xabc0) });
        app.post("/api/patients", body).await.expect(201);
    }
    let found = async |search: &str| -> Vec<usize> {
        let search: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let page = app.get(&format!("/api/patients?search={search}")).await.expect(200);
        let refs = page["items"].as_array().expect("rows").iter().map(|p| p["externalRef"].clone());
        refs.map(|r| r.as_str().expect("a number")[5..].parse().expect("a digit")).rev().collect()
    };
    for (search, who) in [
        ("ช", vec![0]),
        ("มช", vec![0]),
        ("ชายใจ", vec![0]),
        ("ชาย ใจ", vec![0]),
        ("ั", vec![]),
        ("ヤマ", vec![1]),
        ("ダ太", vec![1]),
        ("郎", vec![1]),
        ("小", vec![2]),
        ("王小明", vec![2]),
        ("小王", vec![]),
        ("SOMCHAI", vec![3]),
        ("\"sam\"", vec![3]),
        ("o'n", vec![3]),
        ("🙂", vec![3]),
        ("%", vec![]),
        ("_", vec![]),
        ("*", vec![]),
        ("hn-10", vec![0, 1, 2, 3]),
        ("-102", vec![2]),
        ("abc1", vec![1]),
        ("nobody is called that", vec![]),
        ("AND", vec![]),
    ] {
        assert_eq!(found(search).await, who, "{search}");
    }
    let page = app.get("/api/patients?search=hn&limit=3").await.expect(200);
    let cursor = page["nextCursor"].as_str().expect("a second page");
    let rest = app.get(&format!("/api/patients?search=hn&limit=3&cursor={cursor}")).await.expect(200);
    assert_eq!(rest["items"].as_array().expect("rows").len(), 1);
}

#[tokio::test]
async fn a_changed_name_is_found_and_the_old_one_is_not() {
    let app = TestApp::start().await;
    let patient = app.patient(1).await;
    let count = async |search: &str| {
        let page = app.get(&format!("/api/patients?search={search}")).await.expect(200);
        page["items"].as_array().expect("rows").len()
    };
    assert_eq!((count("patient").await, count("maria").await), (1, 0));
    let path = format!("/api/patients/{patient}");
    app.call_as(&app.token, "PATCH", &path, Some(json!({ "displayName": "Maria" }))).await.expect(200);
    assert_eq!((count("patient").await, count("maria").await), (0, 1));
    clinicue::store::sql::query("DELETE FROM patients")
        .execute(app.core().store.writer())
        .await
        .expect("removed");
    assert_eq!(count("maria").await, 0);
}

#[tokio::test]
async fn patients_that_came_in_by_another_way_are_found_after_a_start_and_page_by_page() {
    let app = TestApp::start().await;
    clinicue::store::sql::query(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2499)
         INSERT INTO patients (id, display_name, created_at, updated_at)
         SELECT printf('00000000-0000-0001-0000-%012x', i), 'Napat ' || i, i / 10, 0 FROM n",
    )
    .execute(app.core().store.writer())
    .await
    .expect("filled");
    let app = app.restart().await;
    for (search, many) in [("napat", 2500), ("n", 2500), ("t24", 111)] {
        let (mut seen, mut cursor) = (BTreeSet::new(), String::new());
        loop {
            let path = format!("/api/patients?search={search}&limit=200{cursor}");
            let page = app.get(&path).await.expect(200);
            for patient in page["items"].as_array().expect("rows") {
                assert!(seen.insert(patient["id"].to_string()), "shown twice");
            }
            let Some(next) = page["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen.len(), many, "{search}");
    }
}

#[tokio::test]
async fn patients_are_found_by_reading_telephone_and_any_form_of_a_character() {
    let app = TestApp::start().await;
    for (name, reading, phone) in [
        ("渡邊 花子", Some("ワタナベ ハナコ"), Some("03-1234-5678")),
        ("สมชาย ใจดี", None, Some("๐๘๑ ๒๓๔ ๕๖๗๙")),
        ("王國華", Some("Wang Kuo-hua"), None),
    ] {
        let body = json!({ "displayName": name, "reading": reading, "phone": phone });
        app.post("/api/patients", body).await.expect(201);
    }
    for (search, who) in [
        ("渡辺", vec!["渡邊 花子"]),
        ("渡邉花", vec!["渡邊 花子"]),
        ("わたなべ", vec!["渡邊 花子"]),
        ("ﾊﾅｺ", vec!["渡邊 花子"]),
        ("5678", vec!["渡邊 花子"]),
        ("0812345679", vec!["สมชาย ใจดี"]),
        ("๕๖๗๙", vec!["สมชาย ใจดี"]),
        ("王国", vec!["王國華"]),
        ("kuo-h", vec!["王國華"]),
        // Nothing is found across the end of a name and its reading.
        ("子わた", vec![]),
    ] {
        let search: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let page = app.get(&format!("/api/patients?search={search}")).await.expect(200);
        let names: Vec<_> =
            page["items"].as_array().expect("rows").iter().map(|p| &p["displayName"]).collect();
        assert_eq!(names, who, "{search}");
    }
}
