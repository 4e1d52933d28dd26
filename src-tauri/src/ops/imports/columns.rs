//! The meaning of a table's columns: as staff chose, else by their headings.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::{
    input::ImportField,
    sheet::{MAX_ABOVE, SheetRow},
};
use crate::{
    error::{FieldCode, FieldProblem, Result},
    ops::wire::Checks,
};

/// The most characters of a heading that count.
const MAX_HEADING: usize = 100;

/// Known headings by field, in small letters without spaces and signs.
const KNOWN: &[(ImportField, &[&str])] = &[
    (
        ImportField::DisplayName,
        &[
            "displayname",
            "name",
            "fullname",
            "patient",
            "patientname",
            "ชื่อนามสกุล",
            "ชื่อสกุล",
            "ชื่อผู้ป่วย",
            "ชื่อคนไข้",
            "氏名",
            "お名前",
            "名前",
            "患者名",
            "患者氏名",
            "姓名",
            "病人姓名",
            "病患姓名",
            "患者姓名",
        ],
    ),
    (ImportField::LineUserId, &["lineuserid", "lineid", "line"]),
    (
        ImportField::ExternalRef,
        &[
            "externalref",
            "hn",
            "number",
            "id",
            "patientid",
            "เลขhn",
            "เลขประจำตัวผู้ป่วย",
            "เลขที่ผู้ป่วย",
            "รหัสผู้ป่วย",
            "診察券番号",
            "診察券no",
            "患者番号",
            "患者id",
            "カルテ番号",
            "病歷號",
            "病歷號碼",
        ],
    ),
    (ImportField::Nickname, &["nickname", "calledname", "ชื่อเล่น", "愛称", "暱稱", "綽號"]),
    (
        ImportField::Reading,
        &[
            "reading",
            "kana",
            "furigana",
            "フリガナ",
            "ふりがな",
            "カナ",
            "氏名カナ",
            "カナ氏名",
            "拼音",
            "คำอ่าน",
        ],
    ),
    (
        ImportField::Phone,
        &[
            "phone",
            "phonenumber",
            "tel",
            "telephone",
            "mobile",
            "โทรศัพท์",
            "เบอร์โทร",
            "เบอร์โทรศัพท์",
            "โทร",
            "เบอร์",
            "เบอร์มือถือ",
            "電話",
            "電話番号",
            "携帯",
            "携帯電話",
            "携帯番号",
            "電話號碼",
            "手機",
            "手機號碼",
            "聯絡電話",
        ],
    ),
    (
        ImportField::BirthDate,
        &[
            "birthdate",
            "birthday",
            "dateofbirth",
            "dob",
            "วันเกิด",
            "วันเดือนปีเกิด",
            "生年月日",
            "誕生日",
            "生日",
            "出生日期",
        ],
    ),
    (ImportField::Locale, &["locale", "language", "lang", "ภาษา", "言語", "語言"]),
    (ImportField::TimeZone, &["timezone", "zone", "เขตเวลา", "タイムゾーン", "時區"]),
    (ImportField::Note, &["note", "notes", "หมายเหตุ", "บันทึก", "備考", "メモ", "備註"]),
    (ImportField::Tags, &["tags", "labels", "แท็ก", "ป้ายกำกับ", "タグ", "標籤"]),
];

/// Headings of parts of a name, used where no column has the whole.
const PARTS_OF_NAME: &[&str] = &[
    "title",
    "prefix",
    "firstname",
    "givenname",
    "forename",
    "middlename",
    "lastname",
    "surname",
    "familyname",
    "คำนำหน้า",
    "คำนำหน้าชื่อ",
    "ชื่อ",
    "ชื่อจริง",
    "นามสกุล",
    "สกุล",
    "姓",
    "名",
    "名字",
    "氏",
    "苗字",
];

/// The index of the line with the headings: many tables begin with other lines.
pub(super) fn place_of_headings(lines: &[SheetRow]) -> usize {
    let names_patients = |line: &SheetRow| {
        line.cells.iter().any(|cell| known(cell) == Some(Known::Field(ImportField::DisplayName)))
    };
    let is_headings = |line: &SheetRow| {
        let parts = line.cells.iter().filter(|cell| known(cell) == Some(Known::PartOfName)).count();
        names_patients(line)
            || parts > 0 && line.cells.iter().filter(|cell| known(cell).is_some()).count() > 1
    };
    lines.iter().take(MAX_ABOVE + 1).position(is_headings).unwrap_or(0)
}

/// The headings as shown: cut to their limit, and made unique.
pub(super) fn headings<'a>(written: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut shown: Vec<String> = Vec::new();
    for (n, heading) in written.enumerate() {
        let words: Vec<_> = heading.split_whitespace().collect();
        let mut heading: String = words.join(" ").chars().take(MAX_HEADING).collect();
        if heading.is_empty() {
            heading = format!("#{}", n + 1);
        }
        if shown.contains(&heading) {
            heading = format!("{heading} ({})", n + 1);
        }
        shown.push(heading);
    }
    shown
}

/// The field of each column. A column in `chosen` has that field; of the others, for each field not
/// chosen, the first one with a known heading.
///
/// # Errors
/// The fault of `chosen`: a missing heading, or a field of two columns.
pub(super) fn understood(
    headings: &[String],
    chosen: &BTreeMap<String, Option<ImportField>>,
) -> Result<Vec<Option<ImportField>>> {
    let mut checks = Checks::default();
    for heading in chosen.keys().filter(|heading| !headings.contains(*heading)) {
        checks.add(FieldProblem::new(format!("columns.{heading}"), FieldCode::NoSuchColumn));
    }
    let mut taken: Vec<ImportField> = Vec::new();
    for (heading, field) in chosen {
        let Some(field) = *field else { continue };
        if field != ImportField::DisplayName && taken.contains(&field) {
            checks.add(FieldProblem::new(format!("columns.{heading}"), FieldCode::ColumnTwice));
        }
        taken.push(field);
    }
    checks.done()?;
    let known: Vec<_> = headings.iter().map(|heading| known(heading)).collect();
    let has_whole_name = taken.contains(&ImportField::DisplayName)
        || known.contains(&Some(Known::Field(ImportField::DisplayName)));
    let column = |(heading, known): (&String, Option<Known>)| {
        if let Some(field) = chosen.get(heading) {
            return *field;
        }
        match known? {
            Known::PartOfName => (!has_whole_name).then_some(ImportField::DisplayName),
            Known::Field(field) if taken.contains(&field) => None,
            Known::Field(field) => {
                taken.push(field);
                Some(field)
            }
        }
    };
    Ok(headings.iter().zip(known).map(column).collect())
}

/// The meaning of a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Field(ImportField),
    PartOfName,
}

fn known(heading: &str) -> Option<Known> {
    let is_sign = |c: &char| c.is_whitespace() || "_-./()*:・#".contains(*c);
    let plain: String = heading.nfkc().flat_map(char::to_lowercase).filter(|c| !is_sign(c)).collect();
    if PARTS_OF_NAME.iter().any(|part| same(part, &plain)) {
        return Some(Known::PartOfName);
    }
    let field = KNOWN.iter().find(|(_, words)| words.iter().any(|word| same(word, &plain)));
    field.map(|(field, _)| Known::Field(*field))
}

/// Whether a word of the lists equals the heading; NFKC splits a Thai vowel in two.
fn same(word: &str, plain: &str) -> bool {
    word.nfkc().eq(plain.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(line: &str) -> Vec<Option<&'static str>> {
        let headings = headings(line.split(','));
        let columns = understood(&headings, &BTreeMap::new()).expect("nothing chosen");
        columns.into_iter().map(|field| field.map(ImportField::as_str)).collect()
    }

    #[test]
    fn headings_are_known_in_four_languages() {
        let all = Some("displayName");
        for line in [
            "Name,HN,Phone,Date of birth,Nickname,Note",
            "ชื่อ-นามสกุล,เลข HN,เบอร์โทร,วัน/เดือน/ปีเกิด,ชื่อเล่น,หมายเหตุ",
            "氏名,診察券番号,電話番号,生年月日,愛称,備考",
            "姓名,病歷號,電話,生日,暱稱,備註",
            "ＮＡＭＥ,ｈｎ,ＴＥＬ,birth_date,Nick name,NOTE",
        ] {
            let expected =
                [all, Some("externalRef"), Some("phone"), Some("birthDate"), Some("nickname"), Some("note")];
            assert_eq!(guessed(line), expected, "{line}");
        }
        assert_eq!(guessed("氏名,ふりがな"), [all, Some("reading")]);
        assert_eq!(guessed("氏名,ﾌﾘｶﾞﾅ"), [all, Some("reading")]);
    }

    #[test]
    fn parts_of_a_name_stand_together_where_no_column_has_the_whole() {
        let all = Some("displayName");
        assert_eq!(guessed("คำนำหน้า,ชื่อ,นามสกุล,HN"), [all, all, all, Some("externalRef")]);
        assert_eq!(guessed("姓,名"), [all, all]);
        assert_eq!(guessed("First name,Last name,Full name"), [None, None, all]);
    }

    #[test]
    fn the_first_of_two_columns_is_it_and_staff_may_choose_the_other() {
        let headings = headings(["Phone", "Mobile", "Phone", "", "Name"].into_iter());
        assert_eq!(headings, ["Phone", "Mobile", "Phone (3)", "#4", "Name"]);
        let name = Some(ImportField::DisplayName);
        let phone = Some(ImportField::Phone);
        let columns = |chosen: &[(&str, Option<ImportField>)]| {
            understood(&headings, &chosen.iter().map(|(h, f)| ((*h).to_owned(), *f)).collect())
        };
        assert_eq!(columns(&[]).expect("a guess"), [phone, None, None, None, name]);
        assert_eq!(columns(&[("Mobile", phone)]).expect("chosen"), [None, phone, None, None, name]);
        assert_eq!(columns(&[("Name", None)]).expect("chosen"), [phone, None, None, None, None]);
        assert_eq!(columns(&[("#4", name)]).expect("chosen"), [phone, None, None, name, None]);
        let twice = columns(&[("Mobile", phone), ("#4", phone)]).expect_err("twice");
        assert_eq!(twice.errors[0].code, FieldCode::ColumnTwice);
        let missing = columns(&[("Colour", None)]).expect_err("missing");
        assert_eq!(missing.errors[0].code, FieldCode::NoSuchColumn);
    }
}
