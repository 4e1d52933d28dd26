//! Words that alarm: the lists that staff edit, whether a message holds one of them, and what
//! patients then read of whom to call. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::language::Language;
use crate::fields::{LINES, ONE_LINE};

/// Words of one language.
const MAX_WORDS: usize = 100;

/// Characters of one of them.
const MAX_WORD: usize = 50;

/// Characters of what patients read of an emergency.
const MAX_TEXT: usize = 500;

/// Words and beginnings of words, by language; each message is held against all of them, since
/// a patient may write in any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, garde::Validate, JsonSchema, specta::Type)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlarmWords {
    /// English, and any other language with spaces: found at the beginning of a word. Up to 100
    /// of up to 50 characters, as of each language.
    #[garde(length(max = MAX_WORDS), inner(length(chars, min = 1, max = MAX_WORD), pattern(ONE_LINE)))]
    pub(crate) en: Vec<String>,
    /// Thai: found anywhere.
    #[garde(length(max = MAX_WORDS), inner(length(chars, min = 1, max = MAX_WORD), pattern(ONE_LINE)))]
    pub(crate) th: Vec<String>,
    /// Japanese: found anywhere.
    #[garde(length(max = MAX_WORDS), inner(length(chars, min = 1, max = MAX_WORD), pattern(ONE_LINE)))]
    pub(crate) ja: Vec<String>,
    /// Traditional Chinese: found anywhere.
    #[serde(rename = "zh-TW")]
    #[garde(length(max = MAX_WORDS), inner(length(chars, min = 1, max = MAX_WORD), pattern(ONE_LINE)))]
    pub(crate) zh_tw: Vec<String>,
}

impl Default for AlarmWords {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self { en: words(ENGLISH), th: words(THAI), ja: words(JAPANESE), zh_tw: words(TRADITIONAL_CHINESE) }
    }
}

const ENGLISH: &[&str] = &[
    "bleeding",
    "severe pain",
    "chest",
    "breath",
    "fever",
    "suicide",
    "kill myself",
    "faint",
    "unconscious",
    "overdose",
];
// Not "ไข้" alone, which also stands in "คนไข้" (patient).
const THAI: &[&str] = &[
    "เลือดออก",
    "เลือดไหล",
    "ปวดมาก",
    "เจ็บมาก",
    "เจ็บหน้าอก",
    "แน่นหน้าอก",
    "หายใจไม่",
    "หายใจลำบาก",
    "มีไข้",
    "ไข้สูง",
    "ฆ่าตัวตาย",
    "อยากตาย",
    "หมดสติ",
];
const JAPANESE: &[&str] = &[
    "出血",
    "血が",
    "激痛",
    "激しい痛み",
    "胸が",
    "胸の痛み",
    "息が",
    "息苦し",
    "呼吸",
    "発熱",
    "高熱",
    "自殺",
    "死にたい",
    "意識が",
];
const TRADITIONAL_CHINESE: &[&str] = &[
    "出血",
    "流血",
    "劇痛",
    "很痛",
    "胸痛",
    "胸悶",
    "呼吸",
    "喘不過氣",
    "發燒",
    "高燒",
    "自殺",
    "想死",
    "昏倒",
    "昏迷",
];

impl AlarmWords {
    /// Whether a message holds one of them, however it is written: wide or narrow, in capitals or
    /// not. A word in Latin letters counts where a word begins: `breath` in "breathless", `chest`
    /// not in "orchestra".
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let text = folded(text);
        let unspaced = unspaced(&text);
        let all = [&self.en, &self.th, &self.ja, &self.zh_tw];
        all.into_iter().flatten().map(|word| folded(word)).any(|word| is_in(&word, &text, &unspaced))
    }
}

fn is_in(word: &str, text: &str, text_unspaced: &str) -> bool {
    let has_spaces = word.chars().next().is_some_and(|c| c.is_alphabetic() && (c as u32) < FIRST_OF_ASIA);
    if word.is_empty() {
        return false;
    }
    if !has_spaces {
        return text_unspaced.contains(&unspaced(word));
    }
    let begins = |at| text[..at].chars().next_back().is_none_or(|before: char| !is_latin(before));
    text.match_indices(word).any(|(at, _)| begins(at))
}

/// Scripts without spaces between words have them where the writer paused.
fn unspaced(text: &str) -> String {
    text.replace(' ', "")
}

/// Letters below are of scripts that have spaces between words (Latin, Greek, Cyrillic …).
const FIRST_OF_ASIA: u32 = 0x0E00;

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && (c as u32) < FIRST_OF_ASIA
}

/// As it is compared: compatible forms made one (NFKC), in lower case, each run of spaces one,
/// without what does not show (where a Thai line or an English word may break), and the Thai
/// `แ` as one letter where it was typed as two `เ`, which looks the same.
fn folded(text: &str) -> String {
    let hidden = |c: &char| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let text = text.nfkc().filter(|c| !hidden(c)).collect::<String>().to_lowercase().replace("เเ", "แ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What patients read of an emergency, by language; empty for a sentence that names no number.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate, JsonSchema, specta::Type,
)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmergencyText {
    /// English; up to 500 characters, as of each language.
    #[garde(length(chars, max = MAX_TEXT), pattern(LINES))]
    pub(crate) en: String,
    /// Thai; the same.
    #[garde(length(chars, max = MAX_TEXT), pattern(LINES))]
    pub(crate) th: String,
    /// Japanese; the same.
    #[garde(length(chars, max = MAX_TEXT), pattern(LINES))]
    pub(crate) ja: String,
    /// Traditional Chinese; the same.
    #[serde(rename = "zh-TW")]
    #[garde(length(chars, max = MAX_TEXT), pattern(LINES))]
    pub(crate) zh_tw: String,
}

impl EmergencyText {
    /// The clinic's own words in a language; `None` where it wrote none.
    pub(crate) fn of(&self, language: Language) -> Option<&str> {
        let text = match language {
            Language::English => &self.en,
            Language::Thai => &self.th,
            Language::Japanese => &self.ja,
            Language::TraditionalChinese => &self.zh_tw,
        };
        Some(text.trim()).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_alarms_is_found_however_it_is_written() {
        let words = AlarmWords::default();
        for text in [
            "I am BLEEDING a lot",
            "ｆｅｖｅｒ since monday",
            "breathless",
            "it is a severe   pain",
            "ฉันหายใจไม่ออก",
            "คุณหมอ มีไข้ค่ะ",
            "傷口から出血しています",
            "我一直發燒",
            "เลือด\u{200b}ออก",
            "เลือด ออก มาก",
            "เเน่นหน้าอก",
            "ble\u{ad}eding",
        ] {
            assert!(words.are_in(text), "{text}");
        }
        for text in ["", "thank you", "I play in an orchestra", "คนไข้สบายดีค่ะ", "元気です", "謝謝"]
        {
            assert!(!words.are_in(text), "{text}");
        }
    }

    #[test]
    fn an_empty_list_alarms_nobody() {
        let none = AlarmWords { en: vec![], th: vec![], ja: vec![], zh_tw: vec![] };
        assert!(!none.are_in("bleeding"));
        for nothing in [" ", "\u{200b}"] {
            let blank = AlarmWords { en: vec![nothing.into()], th: vec![nothing.into()], ..none.clone() };
            assert!(!blank.are_in("anything at all"), "{nothing:?}");
        }
    }

    #[test]
    fn the_clinics_own_words_come_first_and_an_empty_text_is_none() {
        let text = EmergencyText { th: " โทร 1669 ".into(), ..EmergencyText::default() };
        assert_eq!(text.of(Language::Thai), Some("โทร 1669"));
        assert_eq!(text.of(Language::English), None);
    }
}
