//! One-time codes in what somebody writes: how they look, and what else the text says. Pure.

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use crate::ids;

/// What stands in place of a code where words are kept: one that was not used is a secret.
const MASKED: &str = "CQ-…";

/// Letters and digits of a code behind its `CQ`.
const LENGTH: usize = 8;

/// A new code as it is printed: `CQ-7KQ2-M9XD`.
pub(crate) fn fresh_code() -> String {
    let code = ids::short_code();
    format!("CQ-{}-{}", &code[..4], &code[4..])
}

/// Under what a code is stored.
pub(crate) fn code_hash(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(plain.to_ascii_uppercase()).iter().map(|b| format!("{b:02x}")).collect()
}

/// A text that holds a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The first code, without its hyphens: `CQ7KQ2M9XD`.
    pub(super) code: String,
    /// The text with every code masked; `None` where it says nothing beside them: no letter and
    /// no digit.
    pub(super) words: Option<String>,
}

/// The code in a text, wherever it stands and however it is written.
pub(super) fn code_in(text: &str) -> Option<Found> {
    let codes = codes_of(text);
    let (_, code) = codes.first()?;
    let (mut masked, mut says_more, mut from) = (String::new(), false, 0);
    for (place, _) in &codes {
        let before = &text[from..place.start];
        says_more |= before.contains(char::is_alphanumeric);
        masked.push_str(before);
        masked.push_str(MASKED);
        from = place.end;
    }
    let rest = &text[from..];
    says_more |= rest.contains(char::is_alphanumeric);
    masked.push_str(rest);
    Some(Found { code: code.clone(), words: says_more.then_some(masked) })
}

/// Every code, and where it stands.
fn codes_of(text: &str) -> Vec<(Range<usize>, String)> {
    let chars: Vec<_> = text.char_indices().map(|(at, c)| (at, plain(c))).collect();
    let is_code_letter = |at: usize| chars.get(at).is_some_and(|(_, c)| c.is_ascii_alphanumeric());
    let is = |at: usize, wanted: char| chars.get(at).is_some_and(|(_, c)| *c == wanted);
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        at += 1;
        let begins = is(start, 'C') && is(start + 1, 'Q') && !(start > 0 && is_code_letter(start - 1));
        if !begins {
            continue;
        }
        let (mut end, mut code) = (start + 2, String::from("CQ"));
        while code.len() < LENGTH + 2 && (is_code_letter(end) || is(end, '-')) {
            code.extend(chars.get(end).map(|(_, c)| *c).filter(|c| *c != '-'));
            end += 1;
        }
        let goes_on = is_code_letter(end) || (is(end, '-') && is_code_letter(end + 1));
        if code.len() == LENGTH + 2 && !goes_on {
            let byte = |n: usize| chars.get(n).map_or(text.len(), |(byte, _)| *byte);
            found.push((byte(start)..byte(end), code));
            at = end;
        }
    }
    found
}

/// A character as codes have it: keyboards of Japanese and Chinese write wide letters, and many
/// programs another dash than the hyphen.
fn plain(c: char) -> char {
    const FIRST_WIDE: u32 = 0xFF01;
    match c {
        '‐' | '‑' | '‒' | '–' | '—' | '−' | 'ー' => '-',
        '！'..='～' => {
            let narrow = char::from_u32(u32::from(c) - FIRST_WIDE + u32::from('!'));
            narrow.unwrap_or(c).to_ascii_uppercase()
        }
        _ => c.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Option<String> {
        code_in(text).and_then(|found| found.words)
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
        ] {
            assert_eq!(code_in(text).map(|found| found.code).as_deref(), Some("CQ7KQ2M9XD"), "{text}");
        }
        for text in
            ["", "CQ", "CQ-1234", "hello", "CQ-7KQ2-M9XD-1", "CQ-7KQ2-M9XDE", "ACQ-7KQ2-M9XD", "ขอบคุณ"]
        {
            assert_eq!(code_in(text), None, "{text}");
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
        assert_eq!(code_in(&code).map(|found| code_hash(&found.code)), Some(code_hash(&code)));
    }
}
