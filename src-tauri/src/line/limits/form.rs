//! The forms of values that are texts to JSON: lengths, colours, ratios, angles, moments
//! (Messaging API documentation, "Flex Message layout" and "Datetime picker action").

use crate::fields;

/// A length: in pixels, and where allowed in per cent or as a word.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(crate) percent: bool,
    pub(crate) signed: bool,
    pub(crate) words: &'static [&'static str],
}

/// Words for a space, from none to the largest.
pub(super) const SPACES: &[&str] = &["none", "xs", "sm", "md", "lg", "xl", "xxl"];

/// Widths of a border, from none to the widest.
pub(super) const BORDERS: &[&str] = &["none", "light", "normal", "medium", "semi-bold", "bold"];

/// Sizes of letters and icons, from the smallest.
pub(super) const FONTS: &[&str] = &["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl"];

/// Sizes of pictures, from the smallest.
pub(super) const PICTURES: &[&str] =
    &["xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl", "full"];

impl Size {
    /// The space between components, and rounded corners.
    pub(super) const SPACE: Self = Self { percent: false, signed: false, words: SPACES };
    /// Padding and offsets. LINE takes negative ones for both.
    pub(super) const SHIFT: Self = Self { percent: true, signed: true, words: SPACES };
    pub(super) const BORDER: Self = Self { percent: false, signed: false, words: BORDERS };
    pub(super) const FONT: Self = Self { percent: false, signed: false, words: FONTS };
    pub(super) const PICTURE: Self = Self { percent: true, signed: false, words: PICTURES };
    /// Width and height of a box.
    pub(super) const EXTENT: Self = Self { percent: true, signed: false, words: &[] };
    /// The space between lines.
    pub(super) const PIXELS: Self = Self { percent: false, signed: false, words: &[] };

    pub(super) fn fits(&self, text: &str) -> bool {
        if self.words.contains(&text) {
            return true;
        }
        let amount = match text.strip_suffix("px") {
            Some(amount) => Some(amount),
            None if self.percent => text.strip_suffix('%'),
            None => None,
        };
        let unsigned = |amount: &'_ str| decimal(amount).is_some();
        amount.is_some_and(|a| unsigned(a.strip_prefix('-').filter(|_| self.signed).unwrap_or(a)))
    }

    /// The values it takes, for a refusal; sizes by an example, in no language.
    pub(super) fn says(&self) -> String {
        let mut takes = vec!["10px"];
        if self.percent {
            takes.push("50%");
        }
        takes.extend(self.words);
        takes.join(", ")
    }
}

/// Reads `12` or `23.5`; no sign, no exponent.
fn decimal(text: &str) -> Option<f64> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_one = match text.split_once('.') {
        Some((whole, rest)) => is_digits(whole) && is_digits(rest),
        None => is_digits(text),
    };
    text.parse().ok().filter(|_| is_one)
}

pub(super) fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| matches!(hex.len(), 6 | 8) && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

pub(super) fn is_opaque_color(text: &str) -> bool {
    is_color(text) && text.len() == 7
}

/// `{width}:{height}`, each 1 to 100,000, at most three times as high as wide.
pub(super) fn is_ratio(text: &str) -> bool {
    let side = |text| decimal(text).filter(|side| (1.0..=100_000.0).contains(side));
    let sides = text.split_once(':').and_then(|(width, height)| Some((side(width)?, side(height)?)));
    sides.is_some_and(|(width, height)| height <= 3.0 * width)
}

pub(super) fn is_angle(text: &str) -> bool {
    text.strip_suffix("deg").and_then(decimal).is_some_and(|degrees| degrees < 360.0)
}

pub(super) fn is_position(text: &str) -> bool {
    text.strip_suffix('%').and_then(decimal).is_some_and(|percent| percent <= 100.0)
}

/// A day (1900 to 2100), a time or both, by `mode`. Two of one mode compare as their times do.
pub(super) fn moment(text: &str, mode: &str) -> Option<String> {
    let is_fit = match mode {
        "date" => is_day(text),
        "time" => is_time(text),
        "datetime" => text.split_once(['T', 't']).is_some_and(|(day, time)| is_day(day) && is_time(time)),
        _ => false,
    };
    is_fit.then(|| text.to_ascii_uppercase())
}

fn is_day(text: &str) -> bool {
    fields::day(text).is_some() && ("1900-01-01"..="2100-12-31").contains(&text)
}

fn is_time(text: &str) -> bool {
    let part =
        |part: &str, max: u8| part.len() == 2 && decimal(part).is_some_and(|number| number <= f64::from(max));
    text.split_once(':').is_some_and(|(hour, minute)| part(hour, 23) && part(minute, 59))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_pixels_and_only_where_they_may_be_words_per_cent_or_below_zero() {
        for size in [Size::SPACE, Size::SHIFT, Size::BORDER, Size::FONT, Size::PICTURE, Size::EXTENT] {
            assert!(["0px", "10px", "23.5px"].iter().all(|text| size.fits(text)));
            let wrong =
                ["", "px", "10", "10em", "10 px", "1.px", ".5px", "+1px", "--1px", "1e3px", "BAD", "%"];
            assert_eq!(wrong.iter().find(|text| size.fits(text)), None);
        }
        let takes = |text: &str| {
            [Size::SPACE, Size::SHIFT, Size::BORDER, Size::FONT, Size::PICTURE, Size::EXTENT, Size::PIXELS]
                .map(|size| size.fits(text))
        };
        assert_eq!(takes("50%"), [false, true, false, false, true, true, false]);
        assert_eq!(takes("-10px"), [false, true, false, false, false, false, false]);
        assert_eq!(takes("xxl"), [true, true, false, true, true, false, false]);
        assert_eq!(takes("3xl"), [false, false, false, true, true, false, false]);
        assert_eq!(takes("full"), [false, false, false, false, true, false, false]);
        assert_eq!(takes("semi-bold"), [false, false, true, false, false, false, false]);
    }

    #[test]
    fn colours_are_hexadecimal_of_six_or_eight_digits() {
        assert!(["#a1B2c3", "#00000000"].iter().all(|c| is_color(c)));
        assert_eq!(
            ["red", "#fff", "#12345", "#GGGGGG", "112233", "#1234567"].iter().find(|c| is_color(c)),
            None
        );
        assert!(is_opaque_color("#112233") && !is_opaque_color("#11223344"));
    }

    #[test]
    fn a_picture_is_at_most_three_times_as_high_as_wide() {
        assert!(["1:1", "20:13", "1.91:1", "1:3", "100000:1"].iter().all(|r| is_ratio(r)));
        let wrong = ["1:4", "1:3.01", "0:1", "100001:1", "0.5:1", "1", "1:1:1", "a:b", "16/9", ""];
        assert_eq!(wrong.iter().find(|r| is_ratio(r)), None);
    }

    #[test]
    fn gradients_turn_less_than_once_and_stop_inside() {
        assert!(["0deg", "23.5deg", "359.9deg"].iter().all(|a| is_angle(a)));
        assert_eq!(["360deg", "-1deg", "90", "deg"].iter().find(|a| is_angle(a)), None);
        assert!(["0%", "10%", "33.3%", "100%"].iter().all(|p| is_position(p)));
        assert_eq!(["101%", "-1%", "50", "50px"].iter().find(|p| is_position(p)), None);
    }

    #[test]
    fn moments_are_of_the_form_of_their_mode() {
        let is = |text: &str, mode: &str| moment(text, mode).is_some();
        assert!(is("2017-06-18", "date") && is("06:15", "time") && is("2017-06-18t06:15", "datetime"));
        assert!(is("1900-01-01", "date") && is("2100-12-31T23:59", "datetime"));
        for (text, mode) in [
            ("2017-02-30", "date"),
            ("2017-6-18", "date"),
            ("1899-12-31", "date"),
            ("2101-01-01", "date"),
            ("2017-06-18T06:15", "date"),
            ("24:00", "time"),
            ("6:15", "time"),
            ("06:60", "time"),
            ("06:15:00", "time"),
            ("2017-06-18", "datetime"),
            ("2017-06-18 06:15", "datetime"),
            ("2017-06-18T06:15Z", "datetime"),
        ] {
            assert!(!is(text, mode), "{text} as {mode}");
        }
    }
}
