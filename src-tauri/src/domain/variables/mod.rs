//! Variables in what staff write: `{{patient.name}}`, `{{date:short}}`,
//! `{{clinic.phone|words where there is none}}`. `{{{{` stands for `{{` itself. Texts are parsed
//! each time, values never are: a name with braces in it stays a name. Pure.

mod check;
mod fill;

use serde_json::Value;

use super::{language::DateForm, named_enum, texts::json_has};

pub(crate) use self::{
    check::{Available, problems, stretched},
    fill::{MAX_SURE, Missing, Values, example, fill},
};
pub(crate) use super::texts::Texts;

named_enum! {
    /// A variable of a text, by the name staff write.
    #[serde(rename = "VariableName")]
    Name {
        /// The patient's name as staff wrote it.
        PatientName = "patient.name",
        /// The patient's nickname; the name where staff entered none.
        PatientNickname = "patient.nickname",
        ClinicName = "clinic.name",
        /// The number patients call; it may be missing.
        ClinicPhone = "clinic.phone",
        /// The day of the follow-up, counted as triggers count: 0 is the day of its start.
        StepDay = "step.day",
        /// The day the message is due, in the patient's zone.
        Date = "date",
        /// The day the follow-up began, in the patient's zone.
        StartDate = "start.date",
    }
}

/// Whether a part of a message has variables, or what looks like one.
pub(crate) fn are_in<T: Texts + ?Sized>(said: &T) -> bool {
    said.has(OPEN)
}

pub(crate) fn are_in_json(content: &Value) -> bool {
    json_has(content, OPEN)
}

/// Whether a text has a variable, or something that looks like one.
pub(crate) fn are_in_text(text: &str) -> bool {
    text.contains(OPEN)
}

/// A variable in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Variable<'t> {
    pub(crate) name: Name,
    /// The form of a day, `long` by default; other variables have none.
    pub(crate) form: DateForm,
    /// The words used where there is no value; never empty.
    pub(crate) fallback: Option<&'t str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'t> {
    Words(&'t str),
    Variable(Variable<'t>),
}

/// A fault of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// `{{` without its end, or without a known variable.
    Broken,
    UnknownName,
    /// An unknown form of a day, or a form on any other variable.
    UnknownForm,
}

const OPEN: &str = "{{";
const CLOSE: &str = "}}";
/// Stands for a literal `OPEN`.
const OPEN_ITSELF: &str = "{{{{";

/// Splits a text into words and variables.
///
/// # Errors
/// The first fault of the text.
pub(crate) fn parts(text: &str) -> Result<Vec<Part<'_>>, Fault> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(OPEN) {
        let (before, from_open) = rest.split_at(at);
        if !before.is_empty() {
            found.push(Part::Words(before));
        }
        if let Some(after) = from_open.strip_prefix(OPEN_ITSELF) {
            found.push(Part::Words(OPEN));
            rest = after;
        } else {
            let (inside, after) = from_open[OPEN.len()..].split_once(CLOSE).ok_or(Fault::Broken)?;
            found.push(Part::Variable(variable(inside)?));
            rest = after;
        }
    }
    if !rest.is_empty() {
        found.push(Part::Words(rest));
    }
    Ok(found)
}

/// Reads the text between the braces: `date:short | some day`.
fn variable(inside: &str) -> Result<Variable<'_>, Fault> {
    if inside.contains(OPEN) {
        return Err(Fault::Broken);
    }
    let (named, fallback) = match inside.split_once('|') {
        Some((named, fallback)) => (named, Some(fallback.trim())),
        None => (inside, None),
    };
    let (name, form) = match named.split_once(':') {
        Some((name, form)) => (name.trim(), Some(form.trim())),
        None => (named.trim(), None),
    };
    if name.is_empty() || fallback == Some("") {
        return Err(Fault::Broken);
    }
    let name: Name = name.parse().map_err(|_| Fault::UnknownName)?;
    let form = match form {
        None => DateForm::Long,
        Some(form) if name.is_day() => form.parse().map_err(|_| Fault::UnknownForm)?,
        Some(_) => return Err(Fault::UnknownForm),
    };
    Ok(Variable { name, form, fallback })
}

impl Name {
    const fn is_day(self) -> bool {
        matches!(self, Self::Date | Self::StartDate)
    }

    const fn names_patient(self) -> bool {
        matches!(self, Self::PatientName | Self::PatientNickname)
    }

    /// Whether only a follow-up has it.
    const fn of_follow_up(self) -> bool {
        matches!(self, Self::StepDay | Self::StartDate)
    }
}

/// A variable as editors offer it.
#[cfg(feature = "desktop")]
#[derive(Clone, Copy, Debug, serde::Serialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Offered {
    name: Name,
    /// Whether it reveals who the patient is: never on a lock screen.
    names_patient: bool,
    /// Whether only a message of a follow-up has it.
    of_follow_up: bool,
}

/// In the order in which it is offered.
#[cfg(feature = "desktop")]
pub(crate) fn offered() -> Vec<Offered> {
    let offer = |&name: &Name| Offered {
        name,
        names_patient: name.names_patient(),
        of_follow_up: name.of_follow_up(),
    };
    Name::ALL.iter().map(offer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn named(name: Name) -> Variable<'static> {
        Variable { name, form: DateForm::Long, fallback: None }
    }

    #[test]
    fn a_text_is_words_and_variables() {
        let found = parts("Hi {{ patient.name }}, {{date:short}} { }} {{patient.nickname | you}}!");
        let expected = [
            Part::Words("Hi "),
            Part::Variable(named(Name::PatientName)),
            Part::Words(", "),
            Part::Variable(Variable { form: DateForm::Short, ..named(Name::Date) }),
            Part::Words(" { }} "),
            Part::Variable(Variable { fallback: Some("you"), ..named(Name::PatientNickname) }),
            Part::Words("!"),
        ];
        assert_eq!(found.as_deref(), Ok(&expected[..]));
    }

    #[test]
    fn four_braces_are_two() {
        let found = parts("{{{{patient.name}} {{date}}");
        let expected = [Part::Words("{{"), Part::Words("patient.name}} "), Part::Variable(named(Name::Date))];
        assert_eq!(found.as_deref(), Ok(&expected[..]));
    }

    #[test]
    fn what_is_no_variable_is_told() {
        for text in ["{{", "{{patient.name", "{{}}", "{{ | x}}", "{{date|}}", "{{date {{date}}", "{{{{{{"] {
            assert_eq!(parts(text), Err(Fault::Broken), "{text}");
        }
        for text in ["{{patinet.name}}", "{{{patient.name}}}", "{{Patient.Name}}", "{{patient name}}"] {
            assert_eq!(parts(text), Err(Fault::UnknownName), "{text}");
        }
        for text in ["{{date:}}", "{{date:iso}}", "{{patient.name:short}}"] {
            assert_eq!(parts(text), Err(Fault::UnknownForm), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_and_what_has_no_two_braces_is_itself(text in "[a-z{}|:. ก]{0,30}") {
            match parts(&text) {
                Ok(found) if !text.contains(OPEN) => {
                    let said: String = found.iter().map(|part| match part {
                        Part::Words(words) => *words,
                        Part::Variable(_) => "?",
                    }).collect();
                    proptest::prop_assert_eq!(said, text);
                }
                Ok(_) => {}
                Err(_) => proptest::prop_assert!(text.contains(OPEN)),
            }
        }
    }
}
