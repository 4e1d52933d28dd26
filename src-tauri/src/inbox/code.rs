//! One-time codes in patients' texts: their forms, and the words around them. Pure.

use std::ops::Range;

use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    clock::Timestamp,
    domain::unseen::is_unseen,
    ids::{self, PatientId},
};

/// Replaces a code in words that are kept: an unused one is a secret.
const MASKED: &str = "CQ-…";

/// Letters and digits of a code after its `CQ`.
const LENGTH: usize = 8;

/// The code of the slip made for a patient at that time, as printed: `CQ-7KQ2-M9XD`. The clinic's
/// key gives the same one again, so the slip can be shown once more though only a hash of the code
/// is kept.
pub(crate) fn code_of(key: &str, patient: PatientId, made_at: Timestamp) -> String {
    printed(|n| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(format!("{patient} {} {n}", made_at.as_millis()).as_bytes());
        mac.finalize().into_bytes().iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte))
    })
}

/// The first code that has a digit, which tells it from words (see [`as_typed`]).
fn printed(bits: impl Fn(u32) -> u64) -> String {
    let mut n = 0;
    let mut code = ids::short_code(bits(n));
    while !has_digit(&code) {
        n += 1;
        code = ids::short_code(bits(n));
    }
    format!("CQ-{}-{}", &code[..4], &code[4..])
}

fn has_digit(code: &str) -> bool {
    code.bytes().any(|b| b.is_ascii_digit())
}

/// The hash a code is stored by: SHA-256 of its letters and digits in capitals, in hex.
pub(crate) fn code_hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(plain.to_ascii_uppercase()).iter().map(|b| format!("{b:02x}")).collect()
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Codes {
    /// Each code once, in order, without hyphens: `CQ7KQ2M9XD`.
    pub(super) codes: Vec<String>,
    /// The text with every code masked; `None` where nothing else has a letter or digit.
    pub(super) words: Option<String>,
}

/// The codes in a text, wherever they stand and in whatever form; `None` where there are none.
pub(super) fn codes_in(text: &str) -> Option<Codes> {
    let places = places_of(text);
    let (mut masked, mut says_more, mut from) = (String::new(), false, 0);
    let mut codes: Vec<String> = Vec::new();
    for (place, code) in places {
        let before = &text[from..place.start];
        says_more |= before.contains(char::is_alphanumeric);
        masked.push_str(before);
        masked.push_str(MASKED);
        from = place.end;
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    if codes.is_empty() {
        return None;
    }
    let rest = &text[from..];
    says_more |= rest.contains(char::is_alphanumeric);
    masked.push_str(rest);
    Some(Codes { codes, words: says_more.then_some(masked) })
}

/// A visible character of a text, and its place.
struct Letter {
    place: Range<usize>,
    /// The character as codes have it.
    plain: char,
}

fn places_of(text: &str) -> Vec<(Range<usize>, String)> {
    let letter = |(at, c): (usize, char)| Letter { place: at..at + c.len_utf8(), plain: plain(c) };
    let letters: Vec<_> = text.char_indices().filter(|(_, c)| !is_unseen(*c)).map(letter).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = letters.get(at) {
        match as_printed(&letters, at).or_else(|| as_typed(&letters, at)) {
            Some((code, end)) => {
                found.push((first.place.start..letters[end - 1].place.end, code));
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

fn is(letters: &[Letter], at: usize, wanted: impl Fn(char) -> bool) -> bool {
    letters.get(at).is_some_and(|letter| wanted(letter.plain))
}

fn is_of_code(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn begins(letters: &[Letter], at: usize) -> bool {
    is(letters, at, |c| c == 'C') && is(letters, at + 1, |c| c == 'Q')
}

/// A code in its printed form, with hyphens or without, even one with a wrong letter. Returns the
/// code, and the place after it.
fn as_printed(letters: &[Letter], start: usize) -> Option<(String, usize)> {
    if !begins(letters, start) || (start > 0 && is(letters, start - 1, is_of_code)) {
        return None;
    }
    let (mut end, mut code) = (start + 2, String::from("CQ"));
    while code.len() < LENGTH + 2 && is(letters, end, |c| is_of_code(c) || c == '-') {
        code.extend(letters.get(end).map(|letter| letter.plain).filter(|c| *c != '-'));
        end += 1;
    }
    let goes_on =
        is(letters, end, is_of_code) || (is(letters, end, |c| c == '-') && is(letters, end + 1, is_of_code));
    (code.len() == LENGTH + 2 && !goes_on).then_some((code, end))
}

/// The most characters between two parts of a code: a hyphen with a blank on each side.
const MAX_BETWEEN: usize = 3;

/// A code as people type it: anything that parts words may stand between its three parts, and its
/// neighbours do not count. "CQ what time" has the same form, so a code needs a digit, and none of
/// the letters that codes lack.
fn as_typed(letters: &[Letter], start: usize) -> Option<(String, usize)> {
    if !begins(letters, start) {
        return None;
    }
    let (mut end, mut code) = (start + 2, String::from("CQ"));
    for _ in 0..2 {
        let between = (0..MAX_BETWEEN).take_while(|n| is(letters, end + n, |c| matches!(c, '-' | ' ' | '.')));
        end += between.count();
        let part = letters.get(end..end + LENGTH / 2)?;
        code.extend(part.iter().map(|letter| letter.plain));
        end += LENGTH / 2;
    }
    let is_one = code[2..].bytes().all(|b| ids::CODE_LETTERS.contains(&b)) && has_digit(&code);
    is_one.then_some((code, end))
}

/// A character as codes have it: capitals, `-` for every dash, a blank for every blank, `.` for
/// anything else that parts words. Japanese and Chinese keyboards write wide letters, and many
/// programs a dash instead of the hyphen.
fn plain(c: char) -> char {
    // The compatible form (NFKC) of one character is mostly one.
    let mut compatible = c.nfkc();
    let c = compatible.next().filter(|_| compatible.next().is_none()).unwrap_or(c);
    match c {
        c if c.is_whitespace() => ' ',
        '-'
        | '~'
        | '\u{2d7}'
        | '\u{58a}'
        | '\u{5be}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2053}'
        | '\u{207b}'
        | '\u{208b}'
        | '\u{2212}'
        | '\u{2500}'
        | '\u{2501}'
        | '\u{2e17}'
        | '\u{2e1a}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{2e40}'
        | '〜'
        | '〰'
        | '゠'
        | 'ー'
        | '一' => '-',
        '·' | '・' | '•' | '‧' | '∙' | '⋅' | '。' | '、' => '.',
        c if c.is_ascii_punctuation() => '.',
        c => c.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CODE: &str = "CQ7KQ2M9XD";

    fn words(text: &str) -> Option<String> {
        codes_in(text).and_then(|found| found.words)
    }

    fn codes(text: &str) -> Vec<String> {
        codes_in(text).map_or_else(Vec::new, |found| found.codes)
    }

    #[test]
    fn a_code_is_found_however_it_is_written() {
        for text in [
            "CQ-7KQ2-M9XD",
            "cq7kq2m9xd",
            "my code: CQ-7kq2-m9xd thanks",
            "รหัสCQ-7KQ2M9XDค่ะ",
            "(CQ-7KQ2-M9XD).",
            "ＣＱー７ＫＱ２－Ｍ９ＸＤ",
            "CQ–7KQ2–M9XD",
            "cq 7kq2 m9xd",
            "CQ\u{a0}7KQ2\u{a0}M9XD",
            "CQ_7KQ2_M9XD",
            "CQ.7KQ2.M9XD",
            "CQ・7KQ2・M9XD",
            "CQ - 7KQ2 - M9XD",
            "CQ-7K\u{200b}Q2-M9\u{ad}XD",
            "CQ\u{2015}7KQ2\u{2015}M9XD",
            "CQｰ7KQ2ｰM9XD",
            "CQ﹣7KQ2﹣M9XD",
            "CQ⁃7KQ2⁃M9XD",
            "mycodeCQ-7KQ2-M9XDthanks",
            "CQ-7KQ2-M9XD-1",
            "CQ-7KQ2-M9XDE",
            "ACQ-7KQ2-M9XD",
        ] {
            assert_eq!(codes(text), [CODE], "{text}");
        }
        // Printed before every code had a digit.
        assert_eq!(codes("CQ-QKQZ-MXXD"), ["CQQKQZMXXD"]);
    }

    #[test]
    fn words_are_no_codes() {
        for text in [
            "",
            "CQ",
            "CQ-1234",
            "hello",
            "ขอบคุณ",
            "CQ what time",
            "is CQ open late today",
            "CQ room 2024",
            "acquirements and 23 acquisitions",
            "ACQ-QKQZ-MXXD",
            "Jacques 2345 6789",
            "CQ,      7KQ2 M9XD",
        ] {
            assert_eq!(codes_in(text), None, "{text}");
        }
    }

    #[test]
    fn every_code_of_a_text_is_found_once() {
        let text = "CQ-2222-2222 or cq 7kq2 m9xd? CQ_2222_2222";
        assert_eq!(codes(text), ["CQ22222222", CODE]);
        assert_eq!(words(text).as_deref(), Some("CQ-… or CQ-…? CQ-…"));
    }

    fn fresh_code() -> String {
        code_of(&ids::secret(), PatientId::new(Timestamp::from_millis(0)), Timestamp::from_millis(0))
    }

    proptest! {
        #[test]
        fn a_fresh_code_is_found_and_masked_however_it_is_typed(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "", "-", " ", "\u{a0}", "_", ".", "・", " - ", "\u{3000}", "－", "\u{2015}", "ｰ", "﹣", "⁃",
                    "—", "\n", ":", "/", "･", "一",
                ]), 2),
            unseen in prop::collection::vec(
                prop::sample::select(vec!["", "", "", "\u{200b}", "\u{ad}", "\u{2060}", "\u{200e}", "\u{feff}"]), 10),
            around in prop::collection::vec(
                prop::sample::select(vec!["", " ", "x", "รหัส", "コード", "！", ": ", "my code is "]), 2),
            forms in prop::collection::vec(0..3_u8, 10),
        ) {
            let code = fresh_code();
            let plain: Vec<char> = code.chars().filter(|c| *c != '-').collect();
            let mut typed = around[0].to_owned();
            for (n, c) in plain.iter().enumerate() {
                typed += match n { 2 => parts[0], 6 => parts[1], _ => "" };
                typed.push(match forms[n] {
                    0 => *c,
                    1 => c.to_ascii_lowercase(),
                    _ => char::from_u32(u32::from(*c) + 0xFEE0).unwrap_or(*c),
                });
                typed += unseen[n];
            }
            typed += around[1];
            let found = codes_in(&typed);
            let expected = plain.iter().collect::<String>();
            prop_assert_eq!(found.as_ref().map(|f| f.codes.clone()), Some(vec![expected]), "{}", typed);
            if let Some(words) = found.and_then(|f| f.words) {
                prop_assert!(words.contains("CQ-…"), "{}", words);
                let left: String = words.nfkc().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(left, "", "{}", words);
            }
        }

        #[test]
        fn words_without_digits_are_kept_as_they_are(text in "([a-z]{1,9} |CQ |cq |สวัสดี |こんにちは){0,12}") {
            // Eight letters in one word after it are what an old code looks like.
            prop_assert_eq!(codes_in(&text), None);
        }
    }

    #[test]
    fn what_else_a_text_says_is_kept_without_its_codes() {
        for text in ["CQ-7KQ2-M9XD", " cq7kq2m9xd! \n", "🙏CQ-7KQ2-M9XD🙏", "CQ-7KQ2-M9XD CQ-2222-2222"] {
            assert_eq!(words(text), None, "{text}");
        }
        assert_eq!(words("I bleed, cq-7kq2-m9xd").as_deref(), Some("I bleed, CQ-…"));
        assert_eq!(words("CQ-7KQ2-M9XD หายใจไม่ออก").as_deref(), Some("CQ-… หายใจไม่ออก"));
        assert_eq!(words("CQ-7KQ2-M9XD, not CQ-2222-2222").as_deref(), Some("CQ-…, not CQ-…"));
    }

    #[test]
    fn a_fresh_code_is_found_again() {
        let code = fresh_code();
        assert_eq!(codes(&code).first().map(|code| code_hash(code)), Some(code_hash(&code)));
    }

    #[test]
    fn the_code_of_a_slip_is_made_again_by_the_key_alone() {
        let at = Timestamp::from_millis(1_795_500_000_000);
        let patient = PatientId::new(at);
        let code = code_of("key", patient, at);
        assert_eq!(code_of("key", patient, at), code);
        assert_ne!(code_of("another key", patient, at), code);
        assert_ne!(code_of("key", patient, at.plus_millis(1)), code);
        assert_ne!(code_of("key", PatientId::new(at), at), code);
    }
}
