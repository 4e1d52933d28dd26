//! Bytes as text. Only a byte order mark tells a file's encoding.

use encoding_rs::Encoding;

use super::input::ImportEncoding;
use crate::domain::language::Language;

/// The byte order marks a file may begin with.
const MARKS: &[(&[u8], ImportEncoding)] = &[
    (b"\xef\xbb\xbf", ImportEncoding::Utf8),
    (b"\xff\xfe", ImportEncoding::Utf16Le),
    (b"\xfe\xff", ImportEncoding::Utf16Be),
];

/// The encodings without a mark, each with its language.
const UNMARKED: [(ImportEncoding, Language); 3] = [
    (ImportEncoding::Windows874, Language::Thai),
    (ImportEncoding::Big5, Language::TraditionalChinese),
    (ImportEncoding::ShiftJis, Language::Japanese),
];

/// The text of `bytes` without its mark, with U+FFFD for what cannot be read.
pub(super) fn text_of(bytes: &[u8], encoding: ImportEncoding) -> String {
    let mark = MARKS.iter().find(|(mark, of)| *of == encoding && bytes.starts_with(mark));
    let bytes = bytes.get(mark.map_or(0, |(mark, _)| mark.len())..).unwrap_or_default();
    rules_of(encoding).decode_without_bom_handling(bytes).0.into_owned()
}

/// The encoding of `bytes`: by their mark, as UTF-8 where valid, else the most plausible one; in
/// doubt that of the clinic's language.
pub(super) fn guess(bytes: &[u8], spoken: Language) -> ImportEncoding {
    if let Some((_, encoding)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return *encoding;
    }
    if let Some(wide) = wide(bytes) {
        return wide;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return ImportEncoding::Utf8;
    }
    let foreign = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let counted = UNMARKED.map(|(encoding, language)| (nonsense(bytes, encoding), encoding, language));
    // A few broken characters do not turn a file of the clinic's language into another's.
    let own = counted.iter().find(|(wrong, _, language)| *language == spoken && *wrong * 50 <= foreign);
    let best = own.or_else(|| counted.iter().min_by_key(|(wrong, _, _)| *wrong));
    best.map_or(ImportEncoding::Utf8, |(_, encoding, _)| *encoding)
}

fn rules_of(encoding: ImportEncoding) -> &'static Encoding {
    match encoding {
        ImportEncoding::Utf8 => encoding_rs::UTF_8,
        ImportEncoding::Utf16Le => encoding_rs::UTF_16LE,
        ImportEncoding::Utf16Be => encoding_rs::UTF_16BE,
        ImportEncoding::Windows874 => encoding_rs::WINDOWS_874,
        ImportEncoding::ShiftJis => encoding_rs::SHIFT_JIS,
        ImportEncoding::Big5 => encoding_rs::BIG5,
    }
}

/// Detects UTF-16 without a mark: every separator and line ending has a zero byte, on the same side
/// of each pair.
fn wide(bytes: &[u8]) -> Option<ImportEncoding> {
    let zeros = |side: usize| bytes.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    if bytes.len() % 2 == 1 {
        return None;
    }
    match (zeros(0), zeros(1)) {
        (0, 1..) => Some(ImportEncoding::Utf16Le),
        (1.., 0) => Some(ImportEncoding::Utf16Be),
        _ => None,
    }
}

/// Counts characters that nobody writes into a table of patients.
fn nonsense(bytes: &[u8], encoding: ImportEncoding) -> usize {
    let (text, _) = rules_of(encoding).decode_without_bom_handling(bytes);
    let is_nonsense = |c: &char| {
        matches!(c, '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}')
            || c.is_control() && !matches!(c, '\t' | '\n' | '\r')
    };
    text.chars().filter(is_nonsense).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const THAI: &str = "ชื่อ,เบอร์โทร\nสมชาย ใจดี,081-234-5678\nสมหญิง รักไทย,082-345-6789\n";
    const JAPANESE: &str = "氏名,ふりがな,電話\n山田 花子,やまだ はなこ,03-1234-5678\n髙橋 ｼﾞﾛｳ,たかはし,\n";
    const CHINESE: &str = "姓名,電話,生日\n王小明,02-2345-6789,45/4/13\n林淑芬,0912-345-678,\n";

    fn written(text: &str, encoding: ImportEncoding) -> Vec<u8> {
        rules_of(encoding).encode(text).0.into_owned()
    }

    #[test]
    fn a_file_is_known_by_what_makes_sense_in_whatever_language_the_clinic_speaks() {
        let files = [
            (THAI, ImportEncoding::Windows874),
            (JAPANESE, ImportEncoding::ShiftJis),
            (CHINESE, ImportEncoding::Big5),
        ];
        for (text, encoding) in files {
            for spoken in
                [Language::English, Language::Thai, Language::Japanese, Language::TraditionalChinese]
            {
                let bytes = written(text, encoding);
                let own = UNMARKED.iter().any(|(of, language)| *of == encoding && *language == spoken);
                // A few lines in a neighbour's encoding may look plausible in one's own.
                if own || spoken == Language::English {
                    assert_eq!(guess(&bytes, spoken), encoding, "{text} in a clinic of {spoken}");
                }
                assert_eq!(text_of(&bytes, encoding), text);
            }
        }
    }

    #[test]
    fn a_mark_is_believed_and_left_out_and_utf_8_and_utf_16_are_known_without() {
        let wide: Vec<u8> = THAI.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [b"\xff\xfe", wide.as_slice()].concat();
        for bytes in [&wide, &marked] {
            assert_eq!(guess(bytes, Language::Japanese), ImportEncoding::Utf16Le);
            assert_eq!(text_of(bytes, ImportEncoding::Utf16Le), THAI);
        }
        let other: Vec<u8> = CHINESE.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(guess(&other, Language::Thai), ImportEncoding::Utf16Be);
        assert_eq!(guess(JAPANESE.as_bytes(), Language::Thai), ImportEncoding::Utf8);
        let marked = format!("\u{feff}{JAPANESE}");
        assert_eq!(text_of(marked.as_bytes(), ImportEncoding::Utf8), JAPANESE);
    }

    #[test]
    fn a_broken_sign_does_not_make_a_file_one_of_another_language() {
        let mut bytes = written(&THAI.repeat(20), ImportEncoding::Windows874);
        bytes.extend(b"\xff\xfc");
        assert_eq!(guess(&bytes, Language::Thai), ImportEncoding::Windows874);
        assert!(text_of(&bytes, ImportEncoding::Windows874).ends_with("\u{fffd}\u{fffd}"));
    }

    #[test]
    fn no_bytes_are_refused_with_a_panic() {
        for first in 0..=u8::MAX {
            for encoding in ImportEncoding::ALL {
                let bytes = [first, 0x81, 0xff, first];
                let _ = (guess(&bytes[..3], Language::Thai), text_of(&bytes, *encoding));
            }
        }
    }
}
