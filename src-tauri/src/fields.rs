//! The limits of fields. Each stands once, as an attribute of its field (`#[garde(…)]`): schemars
//! writes it into the OpenAPI document and the TypeScript client, garde checks values against it,
//! and this module words the refusals.
//!
//! What LINE counts in its own way, or once variables are filled in, garde cannot check: such a field
//! says its limit with `#[schemars(…)]`, `line::limits` and `Cron` check it by the same constant, and
//! `ops/limits/held.rs` tries each at its field.

use std::{borrow::Cow, fmt};

use chrono::NaiveDate;
use chrono_tz::Tz;
use garde::{
    Validate,
    i18n::{I18n, InvalidCreditCard, InvalidEmail, InvalidPhoneNumber, InvalidUrl, IpKind, with_i18n},
    rules::{AsStr, pattern::Matcher},
};
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use crate::{
    clock::{Timestamp, time_of_day},
    error::{FieldCode, FieldProblem},
};

/// The form of a text. The document shows its `pattern`, which may accept more than `fits` does; a
/// refusal gives the code `otherwise`.
pub(crate) struct Form {
    pattern: &'static str,
    fits: fn(&str) -> bool,
    otherwise: FieldCode,
}

/// One line that is not blank.
pub(crate) static ONE_LINE: Form = Form {
    pattern: r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$",
    // An empty text is refused by its least length.
    fits: |text| text.is_empty() || (!text.trim().is_empty() && !text.chars().any(char::is_control)),
    otherwise: FieldCode::NotOneLine,
};

/// One line that is not blank, or an empty text.
pub(crate) static ONE_LINE_OR_EMPTY: Form = Form {
    pattern: r"^([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*)?$",
    fits: |text| (ONE_LINE.fits)(text),
    otherwise: FieldCode::NotOneLine,
};

/// Text of any number of lines, or none.
pub(crate) static LINES: Form = Form {
    pattern: r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
    fits: |text| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')),
    otherwise: FieldCode::ControlCharacter,
};

/// Text of any number of lines that is not blank.
pub(crate) static LINES_NOT_BLANK: Form = Form {
    pattern: r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$",
    fits: |text| text.is_empty() || (!text.trim().is_empty() && (LINES.fits)(text)),
    otherwise: FieldCode::BlankOrControlCharacter,
};

/// The name of an IANA time zone.
pub(crate) static ZONE: Form = Form {
    pattern: "^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$",
    fits: |text| text.parse::<Tz>().is_ok(),
    otherwise: FieldCode::NotAZone,
};

/// A time of day, `09:30`.
pub(crate) static TIME_OF_DAY: Form = Form {
    pattern: time_of_day::PATTERN,
    fits: |text| time_of_day::parse(text).is_some(),
    otherwise: FieldCode::NotAPickerTime,
};

/// A day, or an instant.
pub(crate) static DAY_OR_INSTANT: Form = Form {
    pattern: r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[ +-][0-9]{2}:[0-9]{2}))?$",
    fits: |text| day(text).is_some() || instant(text).is_some(),
    otherwise: FieldCode::NotADay,
};

/// The day a text gives, as `2026-11-24`; `None` for any other form.
pub(crate) fn day(text: &str) -> Option<NaiveDate> {
    // chrono would take spaces, signs and single digits as well.
    let is_one = text.len() == 10
        && text.bytes().enumerate().all(|(n, b)| match n {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    text.parse().ok().filter(|_| is_one)
}

/// The instant a text gives, in RFC 3339; `None` for any other form. A `+` in a query is a space
/// once decoded.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    serde_json::from_value(Value::String(text.replace(' ', "+"))).ok()
}

/// Reads a field that may be left out; null counts as left out.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::Deserialize<'de> + Default,
{
    Ok(<Option<T> as serde::Deserialize>::deserialize(deserializer)?.unwrap_or_default())
}

impl Form {
    pub(crate) const fn new(pattern: &'static str, fits: fn(&str) -> bool, otherwise: FieldCode) -> Self {
        Self { pattern, fits, otherwise }
    }
}

/// The pattern, as schemars writes it.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pattern)
    }
}

/// The name of the code, as garde hands it to [`Broken`].
impl AsStr for Form {
    fn as_str(&self) -> &str {
        self.otherwise.name()
    }
}

impl Matcher for Form {
    fn is_match(&self, text: &str) -> bool {
        (self.fits)(text)
    }
}

/// The fields of `input` that break their limits, all at once, named as in JSON.
pub(crate) fn refusals<T: Validate<Context = ()> + JsonSchema>(input: &T) -> Vec<FieldProblem> {
    refusals_named(input, camel)
}

/// As [`refusals`], with the fields named as in Rust.
pub(crate) fn refusals_as_written<T: Validate<Context = ()> + JsonSchema>(input: &T) -> Vec<FieldProblem> {
    refusals_named(input, str::to_owned)
}

fn refusals_named<T: Validate<Context = ()> + JsonSchema>(
    input: &T,
    name: impl Fn(&str) -> String,
) -> Vec<FieldProblem> {
    let Err(report) = with_i18n(Broken, || input.validate()) else { return Vec::new() };
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let problem = |(path, error): &(garde::Path, garde::Error)| {
        let field = name(&path.to_string());
        let limits = field_of(schema.as_value(), &field).unwrap_or(&Value::Null);
        worded(field, limits, error.message())
    };
    report.iter().map(problem).collect()
}

/// Stands for a broken limit in garde's reports: `ABOVE` or `BELOW` with its number, the name of a
/// code, or words.
struct Broken;

const ABOVE: char = '\u{1}';
const BELOW: char = '\u{2}';

impl I18n for Broken {
    fn length_lower_than(&self, min: usize) -> Cow<'static, str> {
        format!("{BELOW}{min}").into()
    }

    fn length_greater_than(&self, max: usize) -> Cow<'static, str> {
        format!("{ABOVE}{max}").into()
    }

    fn range_lower_than(&self, min: &dyn fmt::Display) -> Cow<'static, str> {
        format!("{BELOW}{min}").into()
    }

    fn range_greater_than(&self, max: &dyn fmt::Display) -> Cow<'static, str> {
        format!("{ABOVE}{max}").into()
    }

    fn pattern_no_match(&self, pattern: &dyn fmt::Display) -> Cow<'static, str> {
        pattern.to_string().into()
    }

    fn credit_card_invalid(&self, reason: InvalidCreditCard) -> Cow<'static, str> {
        reason.to_string().into()
    }

    fn contains_missing(&self, pattern: &dyn fmt::Display) -> Cow<'static, str> {
        format!("must contain {pattern}").into()
    }

    fn url_invalid(&self, reason: InvalidUrl) -> Cow<'static, str> {
        reason.to_string().into()
    }

    fn prefix_missing(&self, pattern: &dyn fmt::Display) -> Cow<'static, str> {
        format!("must begin with {pattern}").into()
    }

    fn suffix_missing(&self, pattern: &dyn fmt::Display) -> Cow<'static, str> {
        format!("must end with {pattern}").into()
    }

    fn phone_number_invalid(&self, reason: InvalidPhoneNumber) -> Cow<'static, str> {
        reason.to_string().into()
    }

    fn ip_invalid(&self, kind: IpKind) -> Cow<'static, str> {
        format!("takes an {kind} address").into()
    }

    fn matches_field_mismatch(&self, field: &dyn fmt::Display) -> Cow<'static, str> {
        format!("must be the same as {field}").into()
    }

    fn email_invalid(&self, reason: InvalidEmail) -> Cow<'static, str> {
        reason.to_string().into()
    }

    fn ascii_invalid(&self) -> Cow<'static, str> {
        "takes ASCII".into()
    }

    fn alphanumeric_invalid(&self) -> Cow<'static, str> {
        "takes letters and digits".into()
    }

    fn required_not_set(&self) -> Cow<'static, str> {
        FieldCode::Missing.name().into()
    }
}

/// A refusal worded from the limits the schema has for the field.
fn worded(field: String, limits: &Value, broken: &str) -> FieldProblem {
    let Some(number) = broken.strip_prefix([ABOVE, BELOW]) else {
        return FieldCode::named(broken)
            .map_or_else(|| FieldProblem::malformed(&*field, broken), |c| FieldProblem::new(&*field, c));
    };
    let above = broken.starts_with(ABOVE);
    let (least, max, unit) = [("Length", "characters"), ("Items", "items"), ("imum", "")]
        .into_iter()
        .map(|(key, unit)| (&limits[format!("min{key}")], &limits[format!("max{key}")], unit))
        .find(|(least, max, _)| !least.is_null() || !max.is_null())
        .unwrap_or((&Value::Null, &Value::Null, ""));
    let counted = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let message = match (plain(least), plain(max)) {
        (Some(1.0), _) if !above && unit == "characters" => "must not be empty".to_owned(),
        (Some(1.0), _) if !above && unit == "items" => "needs at least one".to_owned(),
        (None | Some(0.0), Some(max)) if !counted.is_empty() => format!("takes at most {max}{counted}"),
        (Some(least), Some(max)) => format!("takes {least} to {max}{counted}"),
        (_, Some(max)) => format!("takes at most {max}{counted}"),
        (Some(least), _) => format!("takes at least {least}{counted}"),
        (None, None) if above => format!("takes at most {number}"),
        (None, None) => format!("takes at least {number}"),
    };
    let code = match (unit, above) {
        ("characters", false) if plain(least) == Some(1.0) => FieldCode::Empty,
        ("characters", false) => FieldCode::TooShort,
        ("characters", true) => FieldCode::TooLong,
        ("items", false) => FieldCode::TooFew,
        ("items", true) => FieldCode::TooMany,
        _ => FieldCode::OutOfRange,
    };
    let mut problem = FieldProblem { message, ..FieldProblem::new(field, code) };
    if code == FieldCode::OutOfRange {
        problem.takes = Some(
            range(plain(least), plain(max))
                .unwrap_or_else(|| format!("{} {number}", if above { "≤" } else { "≥" })),
        );
    }
    if above || matches!(code, FieldCode::TooShort | FieldCode::TooFew) {
        problem.limit = number.parse().ok();
        problem.unit =
            Some(unit).filter(|unit| !unit.is_empty() && problem.limit.is_some()).map(Cow::Borrowed);
    }
    problem
}

/// `1–48`, `≥ 1` or `≤ 48`.
fn range(least: Option<f64>, max: Option<f64>) -> Option<String> {
    match (least, max) {
        (Some(least), Some(max)) => Some(format!("{least}–{max}")),
        (Some(least), None) => Some(format!("≥ {least}")),
        (None, Some(max)) => Some(format!("≤ {max}")),
        (None, None) => None,
    }
}

fn plain(number: &Value) -> Option<f64> {
    number.as_f64()
}

/// The schema of the field at `path` (`steps[2].name`), in a schema without references.
fn field_of<'a>(schema: &'a Value, path: &str) -> Option<&'a Value> {
    let mut here = schema;
    for step in path.split(['.', '[']).filter(|step| !step.is_empty()) {
        here = below(here, step)?;
    }
    Some(here)
}

fn below<'a>(schema: &'a Value, step: &str) -> Option<&'a Value> {
    let direct = if step.ends_with(']') {
        schema.get("items")
    } else {
        // A map has one schema for all its values; a struct has `false` there.
        let of_map = || schema.get("additionalProperties").filter(|values| values.is_object());
        schema.get("properties").and_then(|p| p.get(step)).or_else(of_map)
    };
    direct.or_else(|| {
        let branches = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|key| schema.get(key)?.as_array());
        branches.flatten().find_map(|branch| below(branch, step))
    })
}

/// `steps[2].freshness_hours` as `steps[2].freshnessHours`.
fn camel(path: &str) -> String {
    let mut upper = false;
    let mut text = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '_' => upper = true,
            c if upper => {
                text.push(c.to_ascii_uppercase());
                upper = false;
            }
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Validate, JsonSchema)]
    #[garde(allow_unvalidated)]
    #[serde(rename_all = "camelCase")]
    struct Outer {
        #[garde(length(chars, min = 1, max = 3), pattern(ONE_LINE))]
        first_name: Option<Option<String>>,
        #[garde(length(min = 1, max = 2), dive)]
        inner_things: Vec<Inner>,
        #[garde(range(min = 0.1, max = 23.0))]
        hours: f64,
    }

    #[derive(Validate, JsonSchema)]
    #[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
    enum Inner {
        Some {
            #[garde(range(max = 9))]
            how_many: u32,
        },
    }

    fn said(name: &str, things: &[u32], hours: f64) -> Vec<(String, String, Option<u32>)> {
        let outer = Outer {
            first_name: Some(Some(name.to_owned())),
            inner_things: things.iter().map(|n| Inner::Some { how_many: *n }).collect(),
            hours,
        };
        refusals(&outer).into_iter().map(|p| (p.field, p.message, p.limit)).collect()
    }

    fn told(field: &str, message: &str, limit: Option<u32>) -> (String, String, Option<u32>) {
        (field.to_owned(), message.to_owned(), limit)
    }

    #[test]
    fn a_refusal_names_the_field_as_in_the_request_and_the_limit_of_the_document() {
        assert_eq!(said("abc", &[9], 23.0), []);
        assert_eq!(
            said("", &[], 0.0),
            [
                told("firstName", "must not be empty", None),
                told("hours", "takes 0.1 to 23", None),
                told("innerThings", "needs at least one", Some(1)),
            ]
        );
        assert_eq!(
            said("four", &[1, 10, 3], 24.0),
            [
                told("firstName", "takes 1 to 3 characters", Some(3)),
                told("hours", "takes 0.1 to 23", Some(23)),
                told("innerThings[1].howMany", "takes 0 to 9", Some(9)),
                told("innerThings", "takes 1 to 2 items", Some(2)),
            ]
        );
        assert_eq!(said(" \n ", &[1], 1.0), [told("firstName", FieldCode::NotOneLine.english(), None)]);
    }
}
