//! The clinic's rich menu at LINE: its labels in each language, and the data of its buttons.

use const_format::formatcp;

use super::language::Language;

/// The first word of its buttons' data; a space follows.
pub(crate) const PRESS: &str = "cm1";

/// A menu button whose press LINE reports to the clinic; the third one dials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Button {
    /// Asks when the next message comes.
    Next,
    /// Calls staff: “I feel worse.”
    Worse,
}

impl Button {
    pub(crate) const ALL: [Self; 2] = [Self::Next, Self::Worse];

    pub(crate) const fn data(self) -> &'static str {
        match self {
            Self::Next => formatcp!("{PRESS} next"),
            Self::Worse => formatcp!("{PRESS} worse"),
        }
    }

    /// `None` for any other data.
    pub(crate) fn of(data: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|button| button.data() == data)
    }

    /// The label on the button, and in the chat when it is pressed. The pictures have the same
    /// words (`scripts/menus.mjs`).
    pub(crate) const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Next, Language::English) => "My next message",
            (Self::Next, Language::Thai) => "ข้อความถัดไปของฉัน",
            (Self::Next, Language::Japanese) => "次のメッセージ",
            (Self::Next, Language::TraditionalChinese) => "我的下一則訊息",
            (Self::Worse, Language::English) => "I feel worse",
            (Self::Worse, Language::Thai) => "อาการแย่ลง",
            (Self::Worse, Language::Japanese) => "具合が悪くなった",
            (Self::Worse, Language::TraditionalChinese) => "我覺得更不舒服",
        }
    }
}

pub(crate) const fn call_label(language: Language) -> &'static str {
    match language {
        Language::English => "Call us",
        Language::Thai => "โทรหาเรา",
        Language::Japanese => "電話する",
        Language::TraditionalChinese => "打電話給我們",
    }
}

/// The text of the bar that opens the menu; LINE takes 14 characters.
pub(crate) const fn bar_text(language: Language) -> &'static str {
    match language {
        Language::English => "Menu",
        Language::Thai => "เมนู",
        Language::Japanese => "メニュー",
        Language::TraditionalChinese => "選單",
    }
}

/// The languages there is a menu of.
pub(crate) const LANGUAGES: [Language; 4] =
    [Language::English, Language::Thai, Language::Japanese, Language::TraditionalChinese];

/// Digits of a number that can be dialled: from an emergency number's three to the most of E.164.
const DIALLED_DIGITS: std::ops::RangeInclusive<usize> = 3..=15;

/// A phone number as a telephone dials it. `None` where the text is not exactly one number: a
/// patient in need would reach somebody else.
pub(crate) fn dialled(phone: &str) -> Option<String> {
    let mut number = String::new();
    // The zero in brackets is dialled within the country, without what precedes it.
    for c in phone.replace("(0)", " ").chars() {
        match digit(c) {
            Some(digit) => number.push(digit),
            None if matches!(c, '+' | '＋') && number.is_empty() => number.push('+'),
            None if matches!(c, '-' | '–' | '－' | '.' | '(' | ')' | '（' | '）') || c.is_whitespace() =>
                {}
            None => return None,
        }
    }
    let digits = number.trim_start_matches('+').len();
    DIALLED_DIGITS.contains(&digits).then(|| format!("tel:{number}"))
}

/// The value of a digit; full-width and Thai ones count.
fn digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '０'..='９' => '０',
        '๐'..='๙' => '๐',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation as _;

    use super::*;

    #[test]
    fn what_stands_on_the_menu_is_within_lines_limits() {
        for language in LANGUAGES {
            let labels = Button::ALL.map(|button| button.label(language));
            for label in labels.into_iter().chain([call_label(language)]) {
                assert!(label.graphemes(true).count() <= 20, "{label}");
            }
            assert!(bar_text(language).chars().count() <= 14);
        }
    }

    #[test]
    fn a_press_is_known_by_its_data_alone() {
        for button in Button::ALL {
            assert_eq!(Button::of(button.data()), Some(button));
        }
        assert_eq!(Button::of("cm1"), None);
    }

    #[test]
    fn a_number_is_dialled_without_what_only_people_read() {
        assert_eq!(dialled("02-123 4567").as_deref(), Some("tel:021234567"));
        assert_eq!(dialled("+66 (0)2 123 4567").as_deref(), Some("tel:+6621234567"));
        assert_eq!(dialled("(03) 1234.5678").as_deref(), Some("tel:0312345678"));
        assert_eq!(dialled("０２－１２３ ４５６７").as_deref(), Some("tel:021234567"));
        assert_eq!(dialled("๐๒-๑๒๓๔๕๖๗").as_deref(), Some("tel:021234567"));
        assert_eq!(dialled("1669").as_deref(), Some("tel:1669"));
    }

    #[test]
    fn what_is_not_one_number_alone_is_not_dialled() {
        for phone in [
            "call us",
            "02-123-4567, 081-234-5678",
            "021234567 0812345678",
            "02-123 4567 ext. 8",
            "02 123 4567 (Mon-Fri 9-17)",
            "1800-CLINIC",
            "*#06#",
            "66+2",
            "+",
            "",
        ] {
            assert_eq!(dialled(phone), None, "{phone}");
        }
    }
}
