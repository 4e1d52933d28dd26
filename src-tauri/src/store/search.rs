//! Finds patients by any part of their name, its reading, their number, telephone or LINE user id,
//! in any script.
//!
//! A full-text index of words would not work for Thai, Japanese and Chinese, which have no space
//! between words. So each text is folded (full and half width, upper and lower case, kana, digits,
//! variant characters, spaces) and split into the three characters that begin at each of its
//! places. A part of it is found as a phrase of such pieces, and one or two characters as the
//! beginning of a piece.

use serde::Serialize;
use sqlx::FromRow;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    Conn, json_rows,
    sql::{Pool, query, query_as, query_scalar},
};
use crate::ids::PatientId;

/// Characters of a piece; the index also knows beginnings of one and two.
const PIECE: usize = 3;

/// Separates two texts of one field of the index; never in a folded one.
const BETWEEN: &str = "\u{e000}";

/// The most hits that are looked up one by one. With more, patients are read from the newest on
/// until a page is full, which then takes few steps.
const MAX_LOOKED_UP: usize = 2_000;

/// Name characters written in several forms, each with the form it is compared by: the families of
/// 渡辺, 斉藤, 高橋 and others, where registers keep the old form (文化庁, 常用漢字表) and Taiwan's and Japan's
/// differ.
const FORMS: &[(char, &str)] = &[
    ('辺', "邊邉"),
    ('斉', "齊斎齋"),
    ('高', "髙"),
    ('崎', "﨑嵜"),
    ('浜', "濱濵"),
    ('沢', "澤"),
    ('広', "廣"),
    ('国', "國"),
    ('島', "嶋嶌"),
    ('桜', "櫻"),
    ('真', "眞"),
    ('徳', "德"),
    ('恵', "惠"),
    ('栄', "榮"),
    ('瀬', "瀨"),
    ('児', "兒"),
    ('竜', "龍"),
    ('蔵', "藏"),
    ('関', "關"),
    ('吉', "𠮷"),
    ('黒', "黑"),
    ('来', "來"),
    ('滝', "瀧"),
    ('団', "團"),
    ('学', "學"),
    ('宝', "寶"),
    ('寿', "壽"),
    ('剣', "劍"),
    ('糸', "絲"),
    ('会', "會"),
    ('亜', "亞"),
    ('台', "臺"),
];

fn folded_char(c: char) -> char {
    match c {
        // Katakana as hiragana: both have the same order.
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        '๐'..='๙' => char::from_u32(u32::from('0') + u32::from(c) - u32::from('๐')).unwrap_or(c),
        _ => FORMS.iter().find(|(_, others)| others.contains(c)).map_or(c, |(form, _)| *form),
    }
}

/// `text` as it is compared: NFKC, in lower case, without spaces.
pub(super) fn folded(text: &str) -> String {
    let once = text.nfkc().collect::<String>().to_lowercase();
    once.nfkc().filter(|c| !c.is_whitespace() && !c.is_control()).map(folded_char).collect()
}

/// A telephone number as it is compared: its digits.
fn digits(phone: &str) -> String {
    folded(phone).chars().filter(char::is_ascii_digit).collect()
}

/// The key of a name in a list by name: folded, by its reading where known. A vowel that Thai
/// writes before its consonant counts after it, as in Thai dictionaries.
fn sort_name(display_name: &str, reading: Option<&str>) -> String {
    let mut chars: Vec<_> = folded(reading.unwrap_or(display_name)).chars().collect();
    let mut at = 0;
    while at + 1 < chars.len() {
        if matches!(chars[at], 'เ'..='ไ') {
            chars.swap(at, at + 1);
            at += 1;
        }
        at += 1;
    }
    // A name of signs only comes last.
    if chars.is_empty() { char::MAX.to_string() } else { chars.into_iter().collect() }
}

/// The pieces that begin at each character of a folded text.
fn pieces(folded: &str) -> Vec<&str> {
    let mut starts: Vec<_> = folded.char_indices().map(|(at, _)| at).collect();
    starts.push(folded.len());
    let last = starts.len() - 1;
    (0..last).map(|i| &folded[starts[i]..starts[(i + PIECE).min(last)]]).collect()
}

/// The index query for a folded text that is not empty.
fn question(folded: &str) -> String {
    let pieces = pieces(folded);
    let whole = pieces.len().saturating_sub(PIECE - 1);
    if whole == 0 {
        return format!("\"{}\" *", folded.replace('"', "\"\""));
    }
    format!("\"{}\"", pieces[..whole].join(" ").replace('"', "\"\""))
}

/// The result of a search of `names`.
#[derive(Debug)]
pub(super) enum Matches {
    /// Few enough to list, by their `search_key`.
    Few(Vec<i64>),
    /// Many: those whose `search_text` contains the folded text.
    Many,
}

/// The patients a text is found in, for queries of rows that belong to them.
#[derive(Debug)]
pub(super) enum InPatients {
    Few(Vec<PatientId>),
    /// Too many to list: those whose `search_text` contains this.
    Many(String),
}

/// The patients a text is found in; `None` where the text is empty.
pub(super) async fn patients(pool: &Pool, search: Option<&str>) -> sqlx::Result<Option<InPatients>> {
    let Some(text) = search.map(folded).filter(|text| !text.is_empty()) else { return Ok(None) };
    Ok(Some(match find(pool, &text).await? {
        Matches::Many => InPatients::Many(text),
        Matches::Few(keys) => InPatients::Few(
            query_scalar(
                "SELECT id FROM patients WHERE search_key IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
            )
            .bind(json_rows(&keys)?)
            .fetch_all(pool)
            .await?,
        ),
    }))
}

/// Asks the index for a folded text that is not empty.
pub(super) async fn find(pool: &Pool, folded: &str) -> sqlx::Result<Matches> {
    // PostgreSQL has no such index yet: patients are read from the newest on.
    if pool.sqlite().is_none() {
        return Ok(Matches::Many);
    }
    let keys: Vec<i64> =
        query_scalar("SELECT rowid FROM patient_search WHERE patient_search MATCH $1 LIMIT $2")
            .bind(question(folded))
            .bind(i64::try_from(MAX_LOOKED_UP).unwrap_or(i64::MAX) + 1)
            .fetch_all(pool)
            .await?;
    Ok(if keys.len() > MAX_LOOKED_UP { Matches::Many } else { Matches::Few(keys) })
}

#[derive(FromRow)]
struct Searched {
    id: PatientId,
    display_name: String,
    nickname: Option<String>,
    reading: Option<String>,
    phone: Option<String>,
    external_ref: Option<String>,
    line_user_id: Option<String>,
    search_text: Option<String>,
    search_key: Option<i64>,
    sort_name: String,
}

#[derive(Serialize)]
struct IndexRow {
    id: PatientId,
    key: i64,
    text: String,
    sort: String,
    name: String,
    r#ref: String,
    line: String,
}

pub(super) async fn index(conn: &mut Conn, ids: &[PatientId]) -> sqlx::Result<()> {
    let rows: Vec<Searched> = query_as(
        "SELECT id, display_name, nickname, reading, phone, external_ref, line_user_id, search_text, search_key,
            sort_name
         FROM patients
         WHERE id IN (SELECT value FROM json_each($1))",
    )
    .bind(json_rows(ids)?)
    .fetch_all(&mut *conn)
    .await?;
    let last: Option<i64> = query_scalar("SELECT MAX(search_key) FROM patients WHERE search_key IS NOT NULL")
        .fetch_one(&mut *conn)
        .await?;
    let mut next = last.unwrap_or(0);
    let entries: Vec<_> = rows.into_iter().filter_map(|row| entry(row, &mut next)).collect();
    write(conn, &entries).await
}

/// The entry of a patient; `None` where the index has the same.
fn entry(row: Searched, last_key: &mut i64) -> Option<IndexRow> {
    let sort = sort_name(&row.display_name, row.reading.as_deref());
    // Nickname and reading are parts of the name. No piece runs over from one to the next: nobody
    // types the separator.
    let called = [Some(row.display_name), row.nickname, row.reading];
    let name = called.into_iter().flatten().map(|field| folded(&field)).collect::<Vec<_>>().join(BETWEEN);
    let numbers = [row.external_ref.as_deref().map(folded), row.phone.as_deref().map(digits)];
    let number = numbers.into_iter().flatten().collect::<Vec<_>>().join(BETWEEN);
    let line = folded(&row.line_user_id.unwrap_or_default());
    let text = [name.as_str(), &number, &line].join("\n");
    if row.search_text.as_ref() == Some(&text) && row.sort_name == sort {
        return None;
    }
    let key = row.search_key.unwrap_or_else(|| {
        *last_key += 1;
        *last_key
    });
    let [name, r#ref, line] = [name, number, line].map(|field| pieces(&field).join(" "));
    Some(IndexRow { id: row.id, key, text, sort, name, r#ref, line })
}

async fn write(conn: &mut Conn, entries: &[IndexRow]) -> sqlx::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows = json_rows(entries)?;
    query(
        "UPDATE patients SET search_text = j.text, search_key = j.key, sort_name = j.sort
         FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'key' AS BIGINT) AS key, value ->> 'text' AS text,
                value ->> 'sort' AS sort
            FROM json_each($1)) AS j
         WHERE patients.id = j.id",
    )
    .bind(&rows)
    .execute(&mut *conn)
    .await?;
    if conn.sqlite().is_none() {
        return Ok(());
    }
    query(
        "INSERT OR REPLACE INTO patient_search (rowid, name, ref, line)
         SELECT value ->> 'key', value ->> 'name', value ->> 'ref', value ->> 'line' FROM json_each($1)",
    )
    .bind(&rows)
    .execute(conn)
    .await?;
    Ok(())
}

/// Indexes up to `limit` patients that are missing. Returns how many.
pub(super) async fn index_missing(conn: &mut Conn, limit: u32) -> sqlx::Result<usize> {
    let ids: Vec<PatientId> =
        query_scalar("SELECT id FROM patients WHERE search_text IS NULL ORDER BY id LIMIT $1")
            .bind(limit)
            .fetch_all(&mut *conn)
            .await?;
    if !ids.is_empty() {
        index(conn, &ids).await?;
    }
    Ok(ids.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_and_spaces_do_not_matter() {
        assert_eq!(folded("Ｓomchai  JAIDEE"), "somchaijaidee");
        assert_eq!(folded("ﾔﾏﾀﾞ 太郎"), folded("ヤマダ太郎"));
        assert_eq!(folded(" \u{3000}\n"), "");
    }

    #[test]
    fn kana_digits_and_forms_of_a_character_do_not_matter() {
        assert_eq!(folded("ワタナベ"), folded("わたなべ"));
        assert_eq!(folded("ﾜﾀﾅﾍﾞ"), folded("わたなべ"));
        assert_eq!(folded("渡邊"), folded("渡辺"));
        assert_eq!(folded("渡邉"), folded("渡辺"));
        assert_eq!(folded("王國龍"), folded("王国竜"));
        assert_eq!(digits("๐๘๑-234 5678"), "0812345678");
        assert_eq!(digits("＋６６ (0)81"), "66081");
    }

    #[test]
    fn each_form_of_a_character_leads_to_one_that_stays() {
        for (form, others) in FORMS {
            assert_eq!(folded_char(*form), *form);
            assert!(others.chars().all(|c| folded_char(c) == *form), "{form}");
        }
    }

    #[test]
    fn names_stand_by_how_they_are_read_and_thai_ones_by_their_consonants() {
        assert_eq!(sort_name("渡邊 花子", Some("ワタナベ ハナコ")), "わたなべはなこ");
        assert_eq!(sort_name("Ａnna", None), "anna");
        let mut thai = ["เอก", "กมล", "ใหม่", "แก้ว", "ขวัญ"];
        thai.sort_by_key(|name| sort_name(name, None));
        assert_eq!(thai, ["กมล", "แก้ว", "ขวัญ", "ใหม่", "เอก"]);
        assert_eq!(sort_name("เ", None), "เ");
        assert_eq!(sort_name("\u{3000}", None), char::MAX.to_string());
    }

    #[test]
    fn a_part_is_a_phrase_of_pieces_and_a_short_one_a_beginning() {
        assert_eq!(pieces("สมชาย"), ["สมช", "มชา", "ชาย", "าย", "ย"]);
        assert_eq!(question("王"), "\"王\" *");
        assert_eq!(question("王小"), "\"王小\" *");
        assert_eq!(question("王小明"), "\"王小明\"");
        assert_eq!(question("a\"bc"), "\"a\"\"b \"\"bc\"");
    }
}
