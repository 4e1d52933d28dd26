//! Texts with a form: lengths, colours, ratios, moments.

/// Characters in the tracking id of a video (Messaging API reference, "Video message").
const TRACKING_SIGNS: &[u8] = b"-.=,+*()%$&;:@{}!?<>[]";

#[derive(Debug)]
pub(super) enum Form {
    /// Letters, digits, `_` and `-`: the least and the most of them.
    Chars(usize, usize),
    /// Letters, digits and `_`: the least and the most of them.
    Name(usize, usize),
    /// Small letters, digits, `_` and `-`.
    Lower(usize, usize),
    /// Letters, digits and some signs: the tracking id of a video.
    Tracking(usize, usize),
    /// A number of pixels, where allowed in per cent or negative, or one of these words.
    Size { percent: bool, signed: bool, words: Vec<String> },
    /// `#RRGGBB`, or `#RRGGBBAA` where it may be translucent.
    Color { may_shine_through: bool },
    /// `20:13`: at most three times as high as wide.
    Ratio,
    /// `90deg`: 0 to less than 360.
    Angle,
    /// A share, `0%` to `100%`.
    Percent,
}

impl Form {
    pub(super) fn read(kind: &str, takes: &str) -> Option<Self> {
        Some(match kind {
            "chars" | "name" | "lower" | "tracking" => {
                let (least, max) = takes.split_once("..")?;
                let (least, max) = (least.parse().ok()?, max.parse().ok()?);
                match kind {
                    "name" => Self::Name(least, max),
                    "lower" => Self::Lower(least, max),
                    "tracking" => Self::Tracking(least, max),
                    _ => Self::Chars(least, max),
                }
            }
            "size" => Self::Size {
                percent: takes.split(' ').any(|part| part == "%"),
                signed: takes.split(' ').any(|part| part == "-"),
                words: takes
                    .split(' ')
                    .filter(|p| p.contains('|'))
                    .flat_map(|p| p.split('|'))
                    .map(str::to_owned)
                    .collect(),
            },
            "color" => Self::Color { may_shine_through: true },
            "color6" => Self::Color { may_shine_through: false },
            "ratio" => Self::Ratio,
            "angle" => Self::Angle,
            "percent" => Self::Percent,
            _ => return None,
        })
    }

    pub(super) fn fits(&self, text: &str) -> bool {
        match self {
            Self::Chars(least, max) => {
                (*least..=*max).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
            }
            Self::Name(least, max) => {
                (*least..=*max).contains(&text.len())
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            }
            Self::Lower(least, max) => {
                let is_of_it = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
                (*least..=*max).contains(&text.len()) && text.bytes().all(is_of_it)
            }
            Self::Tracking(least, max) => {
                let is_of_it = |b: u8| b.is_ascii_alphanumeric() || TRACKING_SIGNS.contains(&b);
                (*least..=*max).contains(&text.len()) && text.bytes().all(is_of_it)
            }
            Self::Size { percent, signed, words } => {
                let amount = text.strip_suffix("px").or_else(|| text.strip_suffix('%').filter(|_| *percent));
                let amount = amount.map(|a| a.strip_prefix('-').filter(|_| *signed).unwrap_or(a));
                amount.is_some_and(|a| number(a).is_some()) || words.iter().any(|word| word == text)
            }
            Self::Color { may_shine_through } => text.strip_prefix('#').is_some_and(|hex| {
                (hex.len() == 6 || (*may_shine_through && hex.len() == 8))
                    && hex.bytes().all(|b| b.is_ascii_hexdigit())
            }),
            Self::Ratio => {
                let side = |text: &str| number(text).filter(|n| (1.0..=100_000.0).contains(n));
                let sides = text.split_once(':').and_then(|(w, h)| side(w).zip(side(h)));
                sides.is_some_and(|(width, height)| height <= width * 3.0)
            }
            Self::Angle => text.strip_suffix("deg").and_then(number).is_some_and(|n| n < 360.0),
            Self::Percent => text.strip_suffix('%').and_then(number).is_some_and(|n| n <= 100.0),
        }
    }
}

/// Without a sign.
fn number(text: &str) -> Option<f64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if digits(whole) && digits(rest) { text.parse().ok() } else { None }
}

pub(super) fn is_uri(text: &str, schemes: &[String]) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_known = schemes.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let leads = if scheme.eq_ignore_ascii_case("tel") {
        dials(rest)
    } else {
        rest.strip_prefix("//").is_some_and(|place| !place.is_empty())
    };
    is_known && leads && is_written_out(text)
}

/// Whether a number stands before the parameters, without letters but those of escapes.
fn dials(rest: &str) -> bool {
    let number = rest.split(';').next().unwrap_or_default();
    let mut parts = number.split('%');
    let first = parts.next().unwrap_or_default();
    let unescaped: String =
        [first].into_iter().chain(parts.map(|part| part.get(2..).unwrap_or(""))).collect();
    unescaped.contains(|c: char| c.is_ascii_digit())
        && unescaped.chars().all(|c| c.is_ascii() && !c.is_alphabetic())
}

/// Whether a text has the signs of an address, and two hexadecimal digits after each `%`.
fn is_written_out(text: &str) -> bool {
    const NEVER: [char; 12] = [' ', '\n', '\t', '"', '<', '>', '\\', '^', '`', '{', '|', '}'];
    let escapes = || text.split('%').skip(1);
    let is_escape =
        |part: &str| part.as_bytes().get(..2).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit));
    !text.contains(NEVER) && escapes().all(is_escape)
}

/// Whether a text is a day, a time or both, by `mode`: `2017-06-18`, `06:15`, `2017-06-18t06:15`,
/// from 1900 to 2100.
pub(super) fn is_moment(text: &str, mode: &str) -> bool {
    let day = |text: &str| {
        let read = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d");
        text.len() == 10 && !text.contains(' ') && read.is_ok() && ("1900".."2101").contains(&&text[..4])
    };
    let time = |text: &str| {
        let read = chrono::NaiveTime::parse_from_str(text, "%H:%M");
        text.len() == 5 && !text.contains(' ') && read.is_ok()
    };
    match mode {
        "date" => day(text),
        "time" => time(text),
        _ => text.split_once(['t', 'T']).is_some_and(|(d, t)| day(d) && time(t)),
    }
}
