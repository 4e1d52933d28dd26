//! Files of text in the encodings of four languages.

use encoding_rs::{BIG5, Encoding, SHIFT_JIS, WINDOWS_874};
use serde_json::{Value, json};

use super::{against, file, finished, one_of, patients, preview, refused, with};
use crate::support::TestApp;

const THAI: &str = "ชื่อ,นามสกุล,HN,เบอร์โทร\nสมชาย,ใจดี,0012,081-234-5678\nสมหญิง,รักไทย,0013,\n";
const JAPANESE: &str = "氏名,ふりがな,診察券番号,電話番号\n髙橋 花子,たかはし はなこ,A-1,03-1234-5678\n";
const CHINESE: &str = "姓名,病歷號,電話,生日\n王小明,7,02-2345-6789,1956/4/13\n";

fn written(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lost) = encoding.encode(text);
    assert!(!lost, "{text}");
    bytes.into_owned()
}

fn wide(text: &str, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

fn first_name(seen: &Value) -> &str {
    seen["sample"][0]["displayName"].as_str().expect("a row")
}

#[tokio::test]
async fn a_file_in_each_encoding_is_read_as_it_was_written() {
    let app = TestApp::start().await;
    for (bytes, encoding, name) in [
        (THAI.into(), "utf-8", "สมชาย ใจดี"),
        (format!("\u{feff}{CHINESE}").into_bytes(), "utf-8", "王小明"),
        (wide(JAPANESE, true), "utf-16le", "髙橋 花子"),
        (wide(THAI, false), "utf-16le", "สมชาย ใจดี"),
        (written(THAI, WINDOWS_874), "windows-874", "สมชาย ใจดี"),
        (written(JAPANESE, SHIFT_JIS), "shift_jis", "髙橋 花子"),
        (written(CHINESE, BIG5), "big5", "王小明"),
    ] {
        let chosen = preview(&app, with(file(&bytes), json!({ "encoding": encoding }))).await;
        assert_eq!(chosen["encoding"], encoding);
        assert_eq!(first_name(&chosen), name, "{encoding}");
        assert_eq!(chosen["errors"], json!([]), "{encoding}");
    }
    let task = app.post("/api/patients/import", file(&written(THAI, WINDOWS_874))).await.expect(202);
    assert_eq!(finished(&app, &task).await["done"], 2);
    assert_eq!(patients(&app).await, 2);
}

#[tokio::test]
async fn the_encoding_is_guessed_by_the_language_of_the_clinic_and_staff_may_choose_another() {
    let app = TestApp::start().await;
    let (text, encoding, name) = match app.core().clinic().time_zone.name() {
        "Asia/Bangkok" => (THAI, "windows-874", "สมชาย ใจดี"),
        "Asia/Tokyo" => (JAPANESE, "shift_jis", "髙橋 花子"),
        _ => (CHINESE, "big5", "王小明"),
    };
    let rules = Encoding::for_label(encoding.as_bytes()).expect("known");
    let seen = preview(&app, file(&written(text, rules))).await;
    assert_eq!((&seen["encoding"], first_name(&seen)), (&json!(encoding), name));
    // Read wrongly nothing is a name any more, and the answer still says what was seen.
    let seen = preview(&app, with(file(&written(JAPANESE, SHIFT_JIS)), json!({ "encoding": "big5" }))).await;
    assert_eq!((&seen["encoding"], &seen["valid"]), (&json!("big5"), &json!(0)));
    assert_eq!(against(&seen), [(1, "displayName", "noHeadings")]);
    assert_eq!(seen["columns"].as_array().map(Vec::len), Some(4));
    let nobody =
        app.post("/api/patients/import", with(file(b"colour\nred\n"), json!({ "skipInvalid": true })));
    assert_eq!(nobody.await.expect(422)["errors"][0]["code"], "noHeadings");
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_refused_alone() {
    let app = TestApp::start().await;
    let bytes = [b"name,note\nNok,a\nM\xff\xfei,\nLek,\xdb\xdb\n".as_slice(), &written("ไก่,\n", WINDOWS_874)]
        .concat();
    let seen = preview(&app, with(file(&bytes), json!({ "encoding": "windows-874" }))).await;
    assert_eq!(
        against(&seen),
        [(3, "displayName", "unreadableCharacter"), (4, "note", "unreadableCharacter")]
    );
    assert_eq!(seen["valid"], 2);
}

#[tokio::test]
async fn what_is_no_table_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let both = with(file(b"name\nNok\n"), json!({ "csv": "name\nNok\n" }));
    for (input, field, code) in [
        (json!({}), "file", "csvOrFile"),
        (both, "file", "csvOrFile"),
        (json!({ "csv": null, "file": null }), "file", "csvOrFile"),
        (json!({ "file": "name,hn" }), "file", "notBase64"),
        (file(b""), "file", "noHeadings"),
        (file(b"\n \n,,\n"), "file", "noHeadings"),
        (file(b"name\n\"open"), "file", "openQuotation"),
        (file(b"%PDF-1.7\nname\n"), "file", "notATable"),
        (file(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0"), "file", "notATable"),
        (file(&vec![b'a'; 5 * 1024 * 1024 + 1]), "file", "fileTooLarge"),
        (file(&vec![b'a'; 5 * 1024 * 1024 + 9]), "file", "fileTooLarge"),
        (file(format!("name\n{}", "Nok\n".repeat(10_001)).as_bytes()), "file", "tooManyRows"),
        (file(format!("name{}\n", ",".repeat(200)).as_bytes()), "file", "tooManyColumns"),
    ] {
        assert_eq!(refused(&app, input).await, one_of(field, code));
    }
    let problem = app.post("/api/patients/import/preview", json!({ "csv": "a", "encoding": "latin1" })).await;
    assert_eq!((problem.status, &problem.json["errors"][0]["field"]), (400, &json!("encoding")));
    let huge =
        app.post("/api/patients/import/preview", json!({ "file": "a".repeat(11 * 1024 * 1024) })).await;
    assert_eq!(huge.status, 413);
    let elsewhere = app.post("/api/patients", json!({ "note": "a".repeat(3 * 1024 * 1024) })).await;
    assert_eq!(elsewhere.status, 413, "no other operation takes more than before");
}

#[tokio::test]
async fn five_megabytes_are_read() {
    let app = TestApp::start().await;
    let mut csv = String::from("name,note\n");
    while csv.len() + 1_010 < 5 * 1024 * 1024 {
        csv.push_str(&format!("Nok,{}\n", "a".repeat(1_000)));
    }
    let seen = preview(&app, file(csv.as_bytes())).await;
    assert_eq!(seen["rows"], seen["valid"]);
    assert!(seen["rows"].as_u64().is_some_and(|rows| rows > 5_000), "{}", seen["rows"]);
}
