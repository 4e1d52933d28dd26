//! Filling in of variables.

use std::borrow::{BorrowMut as _, Cow};

use chrono::NaiveDate;
use unicode_segmentation::UnicodeSegmentation as _;

use super::{Name, OPEN, Part, Variable, parts};
use crate::domain::{
    language::Language,
    texts::{Reader, Texts},
};

/// The shortest a name is cut to, in UTF-16 code units, before a message is too long for LINE. A
/// message that fits LINE's limits with names of this length when it is saved always fits.
pub(crate) const MAX_SURE: usize = 10;

/// The values of the variables in the messages of one patient on one day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Values<'a> {
    pub(crate) patient_name: &'a str,
    pub(crate) nickname: Option<&'a str>,
    pub(crate) clinic_name: &'a str,
    pub(crate) clinic_phone: Option<&'a str>,
    /// The language of days.
    pub(crate) language: Language,
    /// The day the message is due, in the patient's zone.
    pub(crate) date: NaiveDate,
    /// The first day of the follow-up there; `None` for a message that belongs to none.
    pub(crate) start: Option<NaiveDate>,
}

/// Why a text could not be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Missing {
    #[error("there is no value for {{{{{}}}}}, and no words in its place", .0.as_str())]
    Value(Name),
    /// A text that is no variable: it was saved before variables were known, or by another way.
    #[error("its text has a variable that is not known")]
    Variable,
}

impl Values<'_> {
    /// The value of a variable; names are cut to `max` UTF-16 code units.
    fn of(&self, variable: &Variable<'_>, max: Option<usize>) -> Result<String, Missing> {
        let name = |name: &str| cut(name, max).into_owned();
        let day = |day: NaiveDate| self.language.day(day, variable.form);
        let value = match variable.name {
            Name::PatientName => Some(name(self.patient_name)),
            Name::PatientNickname => {
                let called = self.nickname.or(variable.fallback).unwrap_or(self.patient_name);
                Some(name(called))
            }
            Name::ClinicName => Some(name(self.clinic_name)),
            Name::ClinicPhone => self.clinic_phone.map(str::to_owned),
            Name::StepDay => self.start.map(|start| (self.date - start).num_days().max(0).to_string()),
            Name::Date => Some(day(self.date)),
            Name::StartDate => self.start.map(day),
        };
        value.or_else(|| variable.fallback.map(str::to_owned)).ok_or(Missing::Value(variable.name))
    }
}

/// A name cut to `max` UTF-16 code units: whole grapheme clusters, with a sign that something was
/// left out.
fn cut(name: &str, max: Option<usize>) -> Cow<'_, str> {
    let Some(max) = max.filter(|max| name.encode_utf16().count() > *max) else { return name.into() };
    let mut units = 1;
    let fits = name.graphemes(true).take_while(|cluster| {
        units += cluster.encode_utf16().count();
        units <= max
    });
    let mut short: String = fits.collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short.into()
}

/// Gives the value of a variable.
pub(super) type ValueOf<'v> = &'v dyn Fn(&Variable<'_>) -> Result<String, Missing>;

/// A part of a message with its texts filled in; borrowed where it has no variables.
///
/// # Errors
/// A variable has no value, or is none.
pub(crate) fn fill<'t, T: Texts + ?Sized>(
    said: &'t T,
    values: &Values<'_>,
    max: Option<usize>,
) -> Result<Cow<'t, T>, Missing> {
    with(said, &|variable| values.of(variable, max))
}

pub(super) fn with<'t, T: Texts + ?Sized>(said: &'t T, value: ValueOf<'_>) -> Result<Cow<'t, T>, Missing> {
    if !said.has(OPEN) {
        return Ok(Cow::Borrowed(said));
    }
    let (mut said, mut done) = (said.to_owned(), Ok(()));
    let texts: &mut T = said.borrow_mut();
    texts.each_text("", &mut |_, reader, text| fill_text(reader, text, value, &mut done));
    done.map(|()| Cow::Owned(said))
}

fn fill_text(reader: Reader, text: &mut String, value: ValueOf<'_>, done: &mut Result<(), Missing>) {
    if done.is_err() || reader == Reader::Program || !text.contains(OPEN) {
        return;
    }
    match filled(text, value) {
        Ok(said) => *text = said,
        Err(missing) => *done = Err(missing),
    }
}

fn filled(text: &str, value: ValueOf<'_>) -> Result<String, Missing> {
    let mut said = String::with_capacity(text.len());
    for part in parts(text).map_err(|_| Missing::Variable)? {
        match part {
            Part::Words(words) => said.push_str(words),
            Part::Variable(variable) => said.push_str(&value(&variable)?),
        }
    }
    Ok(said)
}

/// An invented patient on an invented day, for questions to LINE.
const EXAMPLE: Values<'static> = Values {
    patient_name: "Somchai Jaidee",
    nickname: Some("Chai"),
    clinic_name: "Clinic",
    clinic_phone: Some("02-123-4567"),
    language: Language::Thai,
    date: NaiveDate::from_ymd_opt(2026, 11, 28).expect("a day"),
    start: NaiveDate::from_ymd_opt(2026, 11, 25),
};

/// A part of a message as some patient would get it; unchanged where it cannot be filled in.
pub(crate) fn example<T: Texts + ?Sized>(said: &T) -> Cow<'_, T> {
    fill(said, &EXAMPLE, Some(MAX_SURE)).unwrap_or(Cow::Borrowed(said))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::message::{Content, MessageType};

    fn said(text: &str, values: &Values<'_>) -> Result<String, Missing> {
        filled(text, &|variable| values.of(variable, None))
    }

    #[test]
    fn every_variable_has_its_value_and_a_missing_one_its_words() {
        let all = "{{patient.name}}/{{patient.nickname}}/{{clinic.name}}/{{clinic.phone}}/{{step.day}}/\
                   {{date}}/{{start.date:short}}";
        let expected = "Somchai Jaidee/Chai/Clinic/02-123-4567/3/28 พฤศจิกายน 2569/25 พ.ย. 2569";
        assert_eq!(said(all, &EXAMPLE).as_deref(), Ok(expected));
        let nothing = Values { nickname: None, clinic_phone: None, start: None, ..EXAMPLE };
        assert_eq!(said("{{patient.nickname}}", &nothing).as_deref(), Ok("Somchai Jaidee"));
        let with_words = "{{patient.nickname|คุณ}} {{clinic.phone|us}} {{step.day|some}}";
        assert_eq!(said(with_words, &nothing).as_deref(), Ok("คุณ us some"));
        assert_eq!(said("{{clinic.phone}}", &nothing), Err(Missing::Value(Name::ClinicPhone)));
        assert_eq!(said("{{patinet.name}}", &EXAMPLE), Err(Missing::Variable));
    }

    #[test]
    fn a_value_with_braces_is_not_read_again() {
        let values = Values { patient_name: "{{clinic.phone}} \"},{", ..EXAMPLE };
        assert_eq!(said("{{patient.name}}", &values).as_deref(), Ok(values.patient_name));
        let content = json!({ "text": "{{patient.name}}" });
        let content = Content::parse(MessageType::Text, &content, "content").expect("a text");
        let filled = fill(&content, &values, None).expect("filled");
        let json = serde_json::to_string(&*filled).expect("JSON");
        let back: Value = serde_json::from_str(&json).expect("JSON again");
        assert_eq!(back, json!({ "text": values.patient_name }));
    }

    #[test]
    fn a_name_is_cut_between_what_people_see() {
        assert_eq!(cut("Somchai Jaidee", None), "Somchai Jaidee");
        assert_eq!(cut("Somchai Jaidee", Some(14)), "Somchai Jaidee");
        assert_eq!(cut("Somchai Jaidee", Some(9)), "Somchai…");
        assert_eq!(cut("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", Some(13)), "👩‍👩‍👧‍👦…");
    }

    #[test]
    fn only_what_a_patient_reads_is_filled_in_a_layout() {
        let layout = json!({ "type": "bubble", "body": { "type": "box", "layout": "vertical", "contents": [
            { "type": "text", "text": "{{patient.name}}", "contents": [{ "type": "span", "text": "{{step.day}}" }] },
            { "type": "button", "action": { "type": "postback", "label": "{{patient.nickname}}",
                "data": "{{patient.name}}", "displayText": "I am {{patient.name}}" } },
        ] } });
        let content = json!({ "altText": "{{clinic.name}}", "contents": layout });
        let content = Content::parse(MessageType::Flex, &content, "content").expect("a layout");
        let filled = fill(&content, &EXAMPLE, None).expect("filled");
        insta::assert_snapshot!(serde_json::to_string(&*filled).expect("JSON"), @r#"{"altText":"Clinic","contents":{"type":"bubble","body":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"Somchai Jaidee","contents":[{"type":"span","text":"3"}]},{"type":"button","action":{"type":"postback","label":"Chai","data":"{{patient.name}}","displayText":"I am Somchai Jaidee"}}]}}}"#);
    }

    proptest! {
        #[test]
        fn what_is_filled_in_has_the_shape_it_had_and_no_variable(
            name in "[^\\p{Cc}{}]{1,40}", words in "[a-zก-ฮ ]{0,20}", max in proptest::option::of(10_usize..60),
        ) {
            let text = format!("{words}{{{{patient.name}}}}{words}{{{{date:full}}}}");
            let content = json!({ "altText": words, "template": { "type": "buttons", "text": text, "actions": [
                { "type": "uri", "label": text, "uri": "https://example.com/" }] } });
            let content = Content::parse(MessageType::Template, &content, "content").expect("a template");
            let values = Values { patient_name: &name, ..EXAMPLE };
            let filled = fill(&content, &values, max).expect("filled");
            let (before, after) = (json!(content), json!(*filled));
            prop_assert!(!after.to_string().contains("{{"));
            prop_assert_eq!(shape(&before), shape(&after));
            if let Some(max) = max {
                prop_assert!(cut(&name, Some(max)).encode_utf16().count() <= max);
            }
        }
    }

    /// A JSON value with its texts left out.
    fn shape(value: &Value) -> Value {
        match value {
            Value::String(_) => json!("text"),
            Value::Array(items) => items.iter().map(shape).collect(),
            Value::Object(members) => members.iter().map(|(k, v)| (k.clone(), shape(v))).collect(),
            other => other.clone(),
        }
    }
}
