//! Alarming words: the lists that staff edit, the check of a message, and the emergency text
//! patients read. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use self::words::{EARLIER, ENGLISH, HARMLESS, JAPANESE, NOW, OTHERS, POLITE, THAI, TRADITIONAL_CHINESE};
use super::{language::Language, unseen::is_unseen};
use crate::fields::{LINES, ONE_LINE};

#[cfg(test)]
mod tests;
mod words;

/// The most words in the list of one language.
const MAX_WORDS: usize = 100;

/// The most characters of one word, counted as Unicode scalar values.
const MAX_WORD: usize = 50;

/// The most characters of the emergency text.
const MAX_TEXT: usize = 500;

/// Words and beginnings of words, by language. Each message is checked against all lists, since a
/// patient may write in any language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, garde::Validate, JsonSchema, specta::Type)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlarmWords {
    /// English, and any other language with spaces: found at the beginning of a word. Up to 100
    /// words of up to 50 characters, as in each language.
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
    /// Whether a message holds one of the words, in any width and case. A word in Latin letters
    /// counts at the beginning of a word: `breath` in "breathless", but not `chest` in "orchestra".
    pub(crate) fn are_in(&self, text: &str) -> bool {
        self.language_of(text, Language::English).is_some()
    }

    /// The language whose list has a word of the message, `usual` first; `None` where no word
    /// alarms.
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

/// Reads the stored lists; one that nobody edited becomes today's default.
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

/// A message prepared for the search.
struct Searched {
    whole: Folded,
    /// The text without phrases that say all is well.
    alarming: Folded,
}

/// A folded text, with the spaces between its words and without.
struct Folded {
    spaced: String,
    unspaced: String,
}

impl From<String> for Folded {
    fn from(spaced: String) -> Self {
        Self { unspaced: unspaced(&spaced), spaced }
    }
}

impl Searched {
    fn new(text: &str) -> Self {
        let whole = folded(text);
        let clauses: Vec<_> = whole.split_inclusive(is_end_of_clause).collect();
        // "No fever 39 degrees": a measured value outweighs the words before it.
        let is_measured =
            |n: usize| clauses.get(n + 1).is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        let alarming = clauses
            .iter()
            .enumerate()
            .map(|(n, clause)| if is_well(clause) && !is_measured(n) { GAP } else { clause })
            .collect::<String>();
        let alarming = OTHERS.iter().fold(alarming, |text, other| text.replace(other, GAP));
        Self { whole: whole.into(), alarming: alarming.into() }
    }

    /// Whether the text holds a folded word; a word that staff made of harmless phrases is found as
    /// well.
    fn has(&self, word: &str) -> bool {
        let is_harmless = HARMLESS.iter().any(|well| word.contains(well));
        let text = if is_harmless { &self.whole } else { &self.alarming };
        let has_spaces = word.chars().next().is_some_and(|c| c.is_alphabetic() && (c as u32) < FIRST_OF_ASIA);
        if word.is_empty() {
            return false;
        }
        if !has_spaces {
            return text.unspaced.contains(&unspaced(word));
        }
        let begins = |at| text.spaced[..at].chars().next_back().is_none_or(|before: char| !is_latin(before));
        text.spaced.match_indices(word).any(|(at, _)| begins(at))
    }
}

/// Whether a clause says that all is well, and nothing else.
fn is_well(clause: &str) -> bool {
    let clause = clause.trim_end_matches(is_end_of_clause);
    let clause = NOW.iter().find_map(|now| clause.strip_prefix(now)).unwrap_or(clause);
    HARMLESS
        .iter()
        .any(|well| clause.strip_prefix(well).is_some_and(|rest| rest.is_empty() || POLITE.contains(&rest)))
}

fn is_end_of_clause(c: char) -> bool {
    matches!(c, ' ' | ',' | '.' | '!' | ';' | '、' | '。' | '・' | '…' | '~')
}

/// Replaces what was taken out, so that its neighbours do not join to a word.
const GAP: &str = "\u{1}";

/// A text without the spaces that scripts such as Thai have only where the writer paused.
fn unspaced(text: &str) -> String {
    text.replace(' ', "")
}

/// The first code point of scripts without spaces; those below have them (Latin, Greek, Cyrillic
/// …).
const FIRST_OF_ASIA: u32 = 0x0E00;

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && (c as u32) < FIRST_OF_ASIA
}

/// A text as it is compared: NFKC, lower case, each run of spaces one, invisible characters
/// removed, look-alike signs replaced as [`plain`] does, two Thai `เ` as one `แ`, and katakana as
/// hiragana.
fn folded(text: &str) -> String {
    // First the signs: NFKC makes a lone accent a space and the accent.
    let text = text.chars().map(plain).collect::<String>();
    let text = text.nfkc().filter(|c| !is_unseen(*c)).map(plain).collect::<String>();
    let text = text.to_lowercase().replace("เเ", "แ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The distance in Unicode from a hiragana to its katakana.
const KATAKANA_AFTER_HIRAGANA: u32 = 'ァ' as u32 - 'ぁ' as u32;

/// The character as lists have it: any apostrophe as `'`, any hyphen as a space (`self harm` is
/// `self-harm`), a Thai digit as its number, katakana as hiragana.
fn plain(c: char) -> char {
    match c {
        '‘' | '’' | '´' | '`' | 'ʼ' | '′' | '＇' => '\'',
        '-' | '_' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => ' ',
        'ァ'..='ヶ' => char::from_u32(c as u32 - KATAKANA_AFTER_HIRAGANA).unwrap_or(c),
        '๐'..='๙' => char::from_digit(c as u32 - '๐' as u32, 10).unwrap_or(c),
        other => other,
    }
}

/// The emergency text patients read, by language; an empty one stands for a sentence that names no
/// number.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, garde::Validate, JsonSchema, specta::Type,
)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmergencyText {
    /// English; up to 500 characters, as in each language.
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
    /// Empty where there is none.
    pub(crate) fn all(&self) -> [(Language, &str); 4] {
        [
            (Language::English, &self.en),
            (Language::Thai, &self.th),
            (Language::Japanese, &self.ja),
            (Language::TraditionalChinese, &self.zh_tw),
        ]
    }

    /// `None` where it wrote none.
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
