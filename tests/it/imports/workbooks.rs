//! Workbooks (`.xlsx`), sound and otherwise.

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet, XlsxError};
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{against, file, finished, one_of, patients, preview, refused, with};
use crate::support::TestApp;

/// A workbook with one sheet.
fn workbook(fill: impl Fn(&mut Worksheet) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet()).expect("a sheet");
    book.save_to_buffer().expect("a workbook")
}

/// A workbook with headings and one patient.
fn plain() -> Vec<u8> {
    workbook(|sheet| {
        sheet.write(0, 0, "Name")?.write(0, 1, "HN")?.write(1, 0, "Nok")?.write(1, 1, "7")?;
        Ok(())
    })
}

/// The same workbook, packed anew, with one of its parts changed.
fn changed(book: &[u8], of: &str, change: impl Fn(String) -> Vec<u8>) -> Vec<u8> {
    let mut parts = ZipArchive::new(Cursor::new(book)).expect("a zip");
    let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..parts.len() {
        let mut part = parts.by_index(n).expect("a part");
        let name = String::from_utf8(part.name_raw().to_vec()).expect("a name");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("text");
        let bytes = if name == of { change(text) } else { text.into_bytes() };
        packed.start_file(name, SimpleFileOptions::default()).expect("a part");
        packed.write_all(&bytes).expect("written");
    }
    packed.finish().expect("a zip").into_inner()
}

#[tokio::test]
async fn the_first_sheet_that_is_shown_is_read_with_its_numbers_and_days() {
    let app = TestApp::start().await;
    let mut book = Workbook::new();
    let hidden = book.add_worksheet();
    hidden.set_hidden(true).write(0, 0, "name").expect("a cell");
    let sheet = book.add_worksheet();
    sheet.set_active(true);
    let day = Format::new().set_num_format("[$-107041E]d mmmm yyyy;@");
    let seven = Format::new().set_num_format("0000000");
    let born = |year| ExcelDateTime::from_ymd(year, 4, 13).expect("a day");
    let mut fill = || -> Result<(), XlsxError> {
        sheet.write(0, 0, "รายชื่อผู้ป่วย")?;
        for (column, heading) in ["ชื่อ-นามสกุล", "HN", "เบอร์โทร", "วันเกิด", "หมายเหตุ"].into_iter().enumerate()
        {
            sheet.write(2, u16::try_from(column).expect("few"), heading)?;
        }
        sheet.write(3, 0, "สมชาย ใจดี")?.write(3, 1, "00123")?.write(3, 2, "081-234-5678")?;
        sheet.write_datetime_with_format(3, 3, born(1956), &day)?;
        sheet.write(3, 4, Formula::new("=1+1").set_result("2"))?;
        sheet.write(5, 0, " สมหญิง ")?.write(5, 1, 12_345)?.write(5, 2, 812_345_678)?;
        sheet.write_datetime_with_format(5, 3, born(2499), &day)?;
        sheet.write(6, 0, "ไก่")?.write_with_format(6, 1, 42, &seven)?.write(6, 2, true)?;
        Ok(())
    };
    fill().expect("a sheet");
    let bytes = book.save_to_buffer().expect("a workbook");
    let seen = preview(&app, file(&bytes)).await;
    assert_eq!(seen["encoding"], Value::Null);
    assert_eq!(seen["rows"], 3);
    let row = &seen["sample"][0];
    let cells = ["line", "displayName", "externalRef", "phone", "birthDate"].map(|name| row[name].clone());
    assert_eq!(json!(cells), json!([4, "สมชาย ใจดี", "00123", "081-234-5678", "1956-04-13"]));
    assert_eq!(seen["columns"][4]["example"], "2");
    assert_eq!(against(&seen), [(6, "birthDate", "otherCalendar"), (7, "phone", "notAPhone")]);
    let said = json!({ "years": "buddhist", "skipInvalid": true, "columns": { "เบอร์โทร": null } });
    let seen = preview(&app, with(file(&bytes), said.clone())).await;
    let numbers: Vec<_> = seen["sample"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|r| (&r["externalRef"], &r["birthDate"]))
        .collect();
    let expected = [("00123", json!("1956-04-13")), ("12345", json!("1956-04-13")), ("0000042", Value::Null)];
    assert_eq!(json!(numbers), json!(expected));
    let task = app.post("/api/patients/import", with(file(&bytes), said)).await.expect(202);
    assert_eq!(finished(&app, &task).await["done"], 3);
    assert_eq!(patients(&app).await, 3);
}

#[tokio::test]
async fn a_workbook_that_is_broken_locked_or_old_is_refused() {
    let app = TestApp::start().await;
    let sound = plain();
    assert_eq!(preview(&app, file(&sound)).await["valid"], 1);
    let old = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat();
    assert_eq!(refused(&app, file(&old)).await, one_of("file", "lockedOrOldWorkbook"));
    let broken = one_of("file", "brokenWorkbook");
    assert_eq!(refused(&app, file(b"PK\x03\x04")).await, broken);
    for part in ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"] {
        let cut = changed(&sound, part, |text| text.as_bytes()[..text.len() / 2].to_vec());
        assert_eq!(refused(&app, file(&cut)).await, broken, "{part}");
        let empty = changed(&sound, part, |_| Vec::new());
        assert_eq!(refused(&app, file(&empty)).await, broken, "{part}");
    }
    for length in (0..sound.len()).step_by(97) {
        let status = app.post("/api/patients/import/preview", file(&sound[..length])).await.status;
        assert_eq!(status, 422, "the first {length} bytes");
    }
    let no_row = workbook(|sheet| sheet.write(0, 0, "Name").map(|_| ()));
    let nobody = app.post("/api/patients/import", file(&no_row)).await.expect(422);
    assert_eq!(nobody["errors"][0]["code"], "noRowToImport");
    assert_eq!(refused(&app, file(&workbook(|_| Ok(())))).await, one_of("file", "noHeadings"));
}

#[tokio::test]
async fn any_byte_of_a_workbook_may_be_wrong() {
    let app = TestApp::start().await;
    let sound = plain();
    for at in (0..sound.len()).step_by(41) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0xff;
        let status = app.post("/api/patients/import/preview", file(&bytes)).await.status;
        assert!(matches!(status, 200 | 422), "{status} with byte {at}");
    }
}

#[tokio::test]
async fn a_small_file_that_holds_more_than_any_memory_is_refused() {
    let app = TestApp::start().await;
    let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
    packed.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).expect("a part");
    let zeros = vec![b' '; 1024 * 1024];
    for _ in 0..65 {
        packed.write_all(&zeros).expect("written");
    }
    let bomb = packed.finish().expect("a zip").into_inner();
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(refused(&app, file(&bomb)).await, one_of("file", "tooMuchInWorkbook"));

    let mut many = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..2_001 {
        many.start_file(format!("{n}"), SimpleFileOptions::default()).expect("a part");
    }
    let many = many.finish().expect("a zip").into_inner();
    assert_eq!(refused(&app, file(&many)).await, one_of("file", "tooMuchInWorkbook"));

    // It says that it has more texts than there is memory to count them in.
    for claim in ["99999999999", "18446744073709551615", "400000"] {
        let liar = changed(&plain(), "xl/sharedStrings.xml", |text| {
            let claimed = text.replace("uniqueCount=\"4\"", &format!("uniqueCount = '{claim}'"));
            assert_ne!(claimed, text);
            claimed.into_bytes()
        });
        assert_eq!(refused(&app, file(&liar)).await, one_of("file", "brokenWorkbook"), "{claim}");
    }
    let wide = changed(&plain(), "xl/sharedStrings.xml", |text| {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    });
    assert_eq!(refused(&app, file(&wide)).await, one_of("file", "brokenWorkbook"));
}

#[tokio::test]
async fn a_cell_far_away_takes_no_memory_and_too_many_rows_or_columns_are_refused() {
    let app = TestApp::start().await;
    let far = |row, column| {
        workbook(move |sheet| {
            sheet.write(0, 0, "Name")?.write(1, 0, "Nok")?.write(row, column, "x")?;
            Ok(())
        })
    };
    let seen = preview(&app, file(&far(1_048_575, 0))).await;
    assert_eq!((&seen["valid"], &seen["sample"][1]["line"]), (&json!(2), &json!(1_048_576)));
    assert_eq!(refused(&app, file(&far(1, 16_383))).await, one_of("file", "tooManyColumns"));
    assert_eq!(preview(&app, file(&far(1, 199))).await["valid"], 1);
    let rows = |rows| {
        workbook(move |sheet| {
            sheet.write(0, 0, "Name")?;
            (1..=rows).try_for_each(|row| sheet.write(row, 0, format!("Patient {row}")).map(|_| ()))
        })
    };
    assert_eq!(preview(&app, file(&rows(10_000))).await["valid"], 10_000);
    assert_eq!(refused(&app, file(&rows(10_001))).await, one_of("file", "tooManyRows"));
}
