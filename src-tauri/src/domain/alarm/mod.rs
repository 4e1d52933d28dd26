//! Words that alarm: the lists that staff edit, whether a message holds one of them, and what
//! patients then read of whom to call. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use self::words::{EARLIER, ENGLISH, HARMLESS, JAPANESE, THAI, TRADITIONAL_CHINESE};
use super::{language::Language, unseen::is_unseen};
use crate::fields::{LINES, ONE_LINE};

mod words;

/// Words in the list of one language.
const MAX_WORDS: usize = 100;

/// Characters of one word, counted as Unicode scalar values.
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
    /// Thai: found anywhere in a message, since Thai has no spaces between words.
    #[garde(length(max = MAX_WORDS), inner(length(chars, min = 1, max = MAX_WORD), pattern(ONE_LINE)))]
    pub(crate) th: Vec<String>,
    /// Japanese: found anywhere in a message, since Japanese has no spaces.
    #[garde(length(max = MAX_WORDS), inner(length(chars, min = 1, max = MAX_WORD), pattern(ONE_LINE)))]
    pub(crate) ja: Vec<String>,
    /// Traditional Chinese: found anywhere in a message, since Chinese has no spaces.
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

impl AlarmWords {
    /// Whether a message holds one of them, however it is written: wide or narrow, in capitals or
    /// not. A word in Latin letters counts where a word begins: `breath` in "breathless", `chest`
    /// not in "orchestra".
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.language_of(text, Language::English).is_some()
    }

    /// The language in whose list a word of the message stands, `usual` where that is one of
    /// them; `None` where no word alarms.
    pub(crate) fn language_of(&self, text: &str, usual: Language) -> Option<Language> {
        let text = Searched::new(text);
        let alarms = |words: &[String]| words.iter().any(|word| text.has(&folded(word)));
        let mut lists = self.lists();
        lists.sort_by_key(|(language, _)| *language != usual);
        lists.into_iter().find(|(_, words)| alarms(words)).map(|(language, _)| language)
    }

    fn lists(&self) -> [(Language, &[String]); 4] {
        [
            (Language::English, &self.en),
            (Language::Thai, &self.th),
            (Language::Japanese, &self.ja),
            (Language::TraditionalChinese, &self.zh_tw),
        ]
    }
}

/// Reads the lists as they were stored: one that nobody edited is the one of today.
///
/// # Errors
/// They cannot be read.
pub(super) fn stored<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AlarmWords, D::Error> {
    let mut words = AlarmWords::deserialize(deserializer)?;
    let now = AlarmWords::default();
    let lists = [
        (&mut words.en, now.en),
        (&mut words.th, now.th),
        (&mut words.ja, now.ja),
        (&mut words.zh_tw, now.zh_tw),
    ];
    for (n, (list, now)) in lists.into_iter().enumerate() {
        if EARLIER.iter().any(|counts| now.get(..counts[n]) == Some(list.as_slice())) {
            *list = now;
        }
    }
    Ok(words)
}

/// A message as words are looked for in it.
struct Searched {
    whole: String,
    /// Without what says that all is well.
    alarming: String,
}

impl Searched {
    fn new(text: &str) -> Self {
        let whole = folded(text);
        let alarming = HARMLESS.iter().fold(whole.clone(), |text, well| text.replace(well, GAP));
        Self { whole, alarming }
    }

    /// Whether a folded word stands in it; one that staff made of harmless words is found as it is.
    fn has(&self, word: &str) -> bool {
        let is_harmless = HARMLESS.iter().any(|well| word.contains(well));
        let text = if is_harmless { &self.whole } else { &self.alarming };
        let has_spaces = word.chars().next().is_some_and(|c| c.is_alphabetic() && (c as u32) < FIRST_OF_ASIA);
        if word.is_empty() {
            return false;
        }
        if !has_spaces {
            return unspaced(text).contains(&unspaced(word));
        }
        let begins = |at| text[..at].chars().next_back().is_none_or(|before: char| !is_latin(before));
        text.match_indices(word).any(|(at, _)| begins(at))
    }
}

/// Stands for what was taken out, so that no word comes about of what stood around it.
const GAP: &str = "\u{1}";

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
/// without what does not show (where a Thai line or an English word may break), the signs a phone
/// may write for another as [`plain`] says, and the Thai `แ` as one letter where it was typed as
/// two `เ`, which looks the same, and katakana as hiragana.
fn folded(text: &str) -> String {
    // First the signs: NFKC makes a lone accent a space and the accent.
    let text = text.chars().map(plain).collect::<String>();
    let text = text.nfkc().filter(|c| !is_unseen(*c)).map(plain).collect::<String>();
    let text = text.to_lowercase().replace("เเ", "แ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How far each katakana stands after its hiragana in Unicode.
const KATAKANA_AFTER_HIRAGANA: u32 = 'ァ' as u32 - 'ぁ' as u32;

/// Any apostrophe as `'`, which is what a list has; any hyphen as a space: `self harm` is
/// `self-harm`; a Thai digit as its number; katakana as hiragana.
fn plain(c: char) -> char {
    match c {
        '‘' | '’' | '´' | '`' | 'ʼ' | '′' | '＇' => '\'',
        '-' | '_' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => ' ',
        'ァ'..='ヶ' => char::from_u32(c as u32 - KATAKANA_AFTER_HIRAGANA).unwrap_or(c),
        '๐'..='๙' => char::from_digit(c as u32 - '๐' as u32, 10).unwrap_or(c),
        other => other,
    }
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
    /// Thai; up to 500 characters.
    #[garde(length(chars, max = MAX_TEXT), pattern(LINES))]
    pub(crate) th: String,
    /// Japanese; up to 500 characters.
    #[garde(length(chars, max = MAX_TEXT), pattern(LINES))]
    pub(crate) ja: String,
    /// Traditional Chinese; up to 500 characters.
    #[serde(rename = "zh-TW")]
    #[garde(length(chars, max = MAX_TEXT), pattern(LINES))]
    pub(crate) zh_tw: String,
}

impl EmergencyText {
    /// The text of each language, empty where there is none.
    pub(crate) fn all(&self) -> [(Language, &str); 4] {
        [
            (Language::English, &self.en),
            (Language::Thai, &self.th),
            (Language::Japanese, &self.ja),
            (Language::TraditionalChinese, &self.zh_tw),
        ]
    }

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
    fn the_signs_a_phone_writes_for_others_hide_no_word() {
        let words = AlarmWords::default();
        for text in
            ["There’s blood everywhere", "there´s blood", "thoughts of self harm", "SELF‑HARM", "ไข้ ๓๙.๕"]
        {
            assert!(words.are_in(text), "{text}");
        }
        let own = AlarmWords {
            ja: vec!["シュッケツ".into()], th: vec!["ไม่มีไข้".into()], ..words.clone()
        };
        assert!(own.are_in("しゅっけつ") && own.are_in("ไม่มีไข้ค่ะ"), "what staff write counts");
        let own = AlarmWords { en: vec!["can’t breathe".into()], ..words };
        assert!(own.are_in("I can't breathe"));
    }

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
            "I feel suicidal",
            "it bleeds again",
            "there is blood in it",
            "I want to die",
            "อยากตาย",
            "เจ็บหน้าอกมาก",
            "แผลมีเลือดซึม",
            "もう死にたいです",
            "息苦しいです",
            "我想死",
            "喘不過氣來",
            "胸痛",
            "the pain is severe",
            "pain is unbearable",
            "the wound bled a lot",
            "เป็นไข้ค่ะ",
            "ไข้ขึ้นสูง",
            "มีอาการ ไข้ 39 องศา",
            "หายใจติดขัด",
            "เหนื่อยหอบ",
            "ปวดรุนแรง",
            "ปวดแผลมาก",
            "熱があります",
            "熱が出ました",
            "39度の熱です",
            "激しく痛みます",
            "すごく痛いです",
            "とても痛い",
            "胸口痛",
            "胸口悶",
            "胸部疼痛",
            "劇烈疼痛",
            "痛到受不了",
            "非常痛",
            "しにたい",
            "じさつしたい",
            "むねがいたい",
            "いきができない",
            "ねつがあります",
            "しゅっけつしています",
            "シュッケツ",
            "ｼｭｯｹﾂ",
            "ちが止まりません",
            "強い痛みがあります",
            "痛くて眠れない",
            "ปวดท้องมากค่ะ",
            "ปวดหัวมาก",
            "ปวดฟันมากๆ",
            "เจ็บแผลมาก",
            "ไม่มีไข้ แต่มีเลือดออก",
            "ไม่ มีไข้ค่ะ",
            "痛死了",
            "燒到三十九度",
            "发烧了",
            "我想自杀",
            "剧痛",
            "沒有發燒，可是胸痛",
        ] {
            assert!(words.are_in(text), "{text}");
        }
    }

    #[test]
    fn a_word_within_another_and_what_is_well_alarm_nobody() {
        let words = AlarmWords::default();
        for text in [
            "",
            "thank you",
            "I play in an orchestra",
            "my blood pressure is 128/80",
            "when is my blood test?",
            "คนไข้สบายดีค่ะ",
            "นัดตรวจเลือดวันไหนคะ",
            "元気です",
            "熱はありません",
            "熱がありません",
            "chestnut soup",
            "ไม่มีไข้ค่ะ",
            "ไม่มีเลือดออกแล้ว",
            "沒有發燒",
            "出血はありません",
            "友だちができました",
            "話がちがいます",
            "謝謝",
        ] {
            assert!(!words.are_in(text), "{text}");
        }
    }

    #[test]
    fn an_alarm_has_the_language_of_its_words() {
        let words = AlarmWords::default();
        let of = |text, usual| words.language_of(text, usual);
        assert_eq!(of("息苦しい", Language::Thai), Some(Language::Japanese));
        assert_eq!(of("出血", Language::TraditionalChinese), Some(Language::TraditionalChinese));
        assert_eq!(of("出血", Language::Thai), Some(Language::Japanese));
        assert_eq!(of("bleeding", Language::Thai), Some(Language::English));
        assert_eq!(of("hello", Language::English), None);
    }

    #[test]
    fn a_list_that_nobody_edited_grows_with_ours_and_an_edited_one_stays() {
        #[derive(Deserialize)]
        struct Kept(#[serde(deserialize_with = "stored")] AlarmWords);
        let read = |words: &AlarmWords| {
            let json = serde_json::to_value(words).expect("JSON");
            serde_json::from_value::<Kept>(json).expect("the form is right").0
        };
        let now = AlarmWords::default();
        let first = |words: &[String], n: usize| words[..n].to_vec();
        let as_it_was = |[en, th, ja, zh_tw]: [usize; 4]| AlarmWords {
            en: first(&now.en, en),
            th: first(&now.th, th),
            ja: first(&now.ja, ja),
            zh_tw: first(&now.zh_tw, zh_tw),
        };
        for counts in EARLIER {
            assert_eq!(read(&as_it_was(counts)), now);
        }
        let ([en, th, ja, zh_tw], before) = (EARLIER[0], as_it_was(EARLIER[0]));
        let edited = AlarmWords { en: vec!["dizzy".into()], th: Vec::new(), ..before };
        let kept = read(&edited);
        assert_eq!((&kept.en, &kept.th), (&edited.en, &edited.th));
        assert_eq!((&kept.ja, &kept.zh_tw), (&now.ja, &now.zh_tw));
        assert_eq!(now.en[en - 1], "overdose");
        assert_eq!(now.th[th - 1], "หมดสติ");
        assert_eq!(now.ja[ja - 1], "意識が");
        assert_eq!(now.zh_tw[zh_tw - 1], "昏迷");
        let [en, th, ja, zh_tw] = EARLIER[1];
        let last = (&now.en[en - 1], &now.th[th - 1], &now.ja[ja - 1], &now.zh_tw[zh_tw - 1]);
        assert_eq!(last, (&"collaps".into(), &"เป็นลม".into(), &"失神".into(), &"暈倒".into()));
        let [en, th, ja, zh_tw] = EARLIER[2];
        let last = (&now.en[en - 1], &now.th[th - 1], &now.ja[ja - 1], &now.zh_tw[zh_tw - 1]);
        assert_eq!(last, (&"bled through".into(), &"ทนไม่ไหว".into(), &"耐えられな".into(), &"40度".into()));
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
