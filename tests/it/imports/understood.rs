//! What columns and years are: as the table says, and as staff say.

use serde_json::{Value, json};

use super::{against, finished, one_of, preview, refused, with};
use crate::support::TestApp;

fn fields(seen: &Value) -> Vec<(&str, Option<&str>)> {
    let columns = seen["columns"].as_array().expect("columns").iter();
    columns.map(|c| (c["heading"].as_str().expect("a heading"), c["field"].as_str())).collect()
}

#[tokio::test]
async fn staff_say_what_a_column_is_where_its_heading_does_not() {
    let app = TestApp::start().await;
    let table = json!({ "csv": "Who,Family,HN,Old HN,,Remark\nNok,Jai,1,9,x,calm\n" });
    let seen = preview(&app, table.clone()).await;
    assert_eq!(
        fields(&seen),
        [
            ("Who", None),
            ("Family", None),
            ("HN", Some("externalRef")),
            ("Old HN", None),
            ("#5", None),
            ("Remark", None)
        ]
    );
    assert_eq!(seen["columns"][5]["example"], "calm");
    assert_eq!(against(&seen), [(1, "displayName", "noHeadings")]);
    assert_eq!(seen["encoding"], Value::Null, "a text is no bytes");
    let chosen = json!({ "columns": {
        "Who": "displayName", "Family": "displayName", "HN": null, "Old HN": "externalRef", "Remark": "note",
    } });
    let table = with(table, chosen);
    let seen = preview(&app, table.clone()).await;
    assert_eq!((&seen["valid"], &seen["unknownColumns"]), (&json!(1), &json!(["HN", "#5"])));
    let row = &seen["sample"][0];
    assert_eq!((&row["displayName"], &row["externalRef"]), (&json!("Nok Jai"), &json!("9")));
    let task = app.post("/api/patients/import", table).await.expect(202);
    assert_eq!(finished(&app, &task).await["state"], "done");
    let list = app.get("/api/patients").await.expect(200);
    assert_eq!(list["items"][0]["displayName"], "Nok Jai");
}

#[tokio::test]
async fn a_column_that_is_not_there_or_is_chosen_twice_is_refused() {
    let app = TestApp::start().await;
    let columns = |columns: Value| json!({ "csv": "name,a,b\nNok,1,2\n", "columns": columns });
    assert_eq!(
        refused(&app, columns(json!({ "colour": "note" }))).await,
        one_of("columns.colour", "noSuchColumn")
    );
    assert_eq!(
        refused(&app, columns(json!({ "a": "phone", "b": "phone" }))).await,
        one_of("columns.b", "columnTwice")
    );
    let unknown = app.post("/api/patients/import/preview", columns(json!({ "a": "colour" }))).await;
    assert_eq!((unknown.status, &unknown.json["errors"][0]["field"]), (400, &json!("columns.a")));
    let nothing = preview(&app, columns(Value::Null)).await;
    assert_eq!(nothing["valid"], 1);
}

#[tokio::test]
async fn headings_are_found_below_a_title_and_empty_columns_behind_them_are_none() {
    let app = TestApp::start().await;
    let wide = preview(&app, json!({ "csv": "name,hn,,\nNok,1,,\nLek,2,x,\n" })).await;
    assert_eq!(fields(&wide), [("name", Some("displayName")), ("hn", Some("externalRef")), ("#3", None)]);
    let seen = preview(&app, json!({ "csv": "Patients of 2569\n\nชื่อ-นามสกุล;HN\nสมชาย;1\n;2\n" })).await;
    assert_eq!((&seen["rows"], &seen["valid"]), (&json!(2), &json!(1)));
    assert_eq!(against(&seen), [(5, "displayName", "empty")]);
}

#[tokio::test]
async fn a_year_of_another_calendar_waits_until_somebody_says_which_it_is() {
    let app = TestApp::start().await;
    let table = json!({ "csv": "ชื่อ,วันเกิด\nNok,13/4/1956\nLek,13/4/2499\nMai,2499-02-29\nKai,45/4/13\nBad,31/2/2499\n" });
    let seen = preview(&app, table.clone()).await;
    assert_eq!(seen["sample"][0]["birthDate"], "1956-04-13");
    let asked = |line: u64| (line, "birthDate", "otherCalendar");
    assert_eq!(against(&seen), [asked(3), asked(4), asked(5), asked(6)]);
    assert_eq!(
        seen["yearQuestion"],
        json!({ "rows": 4, "line": 3, "written": "13/4/2499", "buddhist": "1956-04-13", "roc": null })
    );
    app.post("/api/patients/import", table.clone()).await.problem(422);
    let wrong = |line: u64| (line, "birthDate", "notABirthDate");
    for (years, days, errors) in [
        ("buddhist", vec!["1956-04-13", "1956-04-13", "1956-02-29"], vec![wrong(5), wrong(6)]),
        ("roc", vec!["1956-04-13", "1956-04-13"], vec![wrong(3), wrong(4), wrong(6)]),
        ("gregorian", vec!["1956-04-13"], vec![wrong(3), wrong(4), wrong(5), wrong(6)]),
    ] {
        let seen = preview(&app, with(table.clone(), json!({ "years": years }))).await;
        let understood: Vec<_> =
            seen["sample"].as_array().expect("rows").iter().map(|r| &r["birthDate"]).collect();
        assert_eq!(understood, days, "{years}");
        assert_eq!(against(&seen), errors, "{years}");
        assert_eq!(seen["yearQuestion"]["rows"], 4, "the question stays, to be answered otherwise");
    }
    let said = json!({ "years": "buddhist", "skipInvalid": true });
    let task = app.post("/api/patients/import", with(table, said)).await.expect(202);
    assert_eq!(finished(&app, &task).await["done"], 3);
    let plain = preview(&app, json!({ "csv": "name,dob\nNok,1956-04-13\nLek,tomorrow\n" })).await;
    assert_eq!((&plain["yearQuestion"], against(&plain)), (&Value::Null, vec![wrong(3)]));
}

#[tokio::test]
async fn the_error_of_a_formula_is_nobodys_name() {
    let app = TestApp::start().await;
    let seen = preview(&app, json!({ "csv": "name,note\n#N/A,\nNok,#REF!\nLek,#1\n" })).await;
    assert_eq!(against(&seen), [(2, "displayName", "brokenFormula"), (3, "note", "brokenFormula")]);
    assert_eq!(seen["valid"], 1);
}
