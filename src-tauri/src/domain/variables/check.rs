//! Checks the variables of a text when it is saved, and how long it may become.

use std::borrow::{BorrowMut as _, Cow};

use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    Fault, Name, OPEN, Part, Variable,
    fill::{MAX_SURE, Missing, with},
    parts,
};
use crate::{
    domain::{
        clinic::MAX_PHONE,
        language::{DateForm, max_day},
        texts::{Reader, Texts},
    },
    error::{FieldCode, FieldProblem},
};

/// The values that every recipient of the message has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Available {
    /// Whether the message belongs to a follow-up.
    pub(crate) follow_up: bool,
    /// Whether the clinic entered its number, or will be asked for it.
    pub(crate) clinic_phone: bool,
}

/// The faults of the variables in a part of a message; `field` is the path in the request.
pub(crate) fn problems<T: Texts + ?Sized>(said: &T, field: &str, known: Available) -> Vec<FieldProblem> {
    let mut found = Vec::new();
    if said.has(OPEN) {
        let mut said = said.to_owned();
        let texts: &mut T = said.borrow_mut();
        texts.each_text(field, &mut |path, reader, text| {
            found.extend(problem(path, reader, text, known));
        });
    }
    found
}

fn problem(path: &str, reader: Reader, text: &str, known: Available) -> Option<FieldProblem> {
    if !text.contains(OPEN) {
        return None;
    }
    if reader == Reader::Program {
        return Some(FieldProblem::new(path, FieldCode::NoVariableHere));
    }
    let parts = match parts(text) {
        Ok(parts) => parts,
        Err(fault) => return Some(of_fault(path, fault)),
    };
    parts.iter().find_map(|part| {
        let Part::Variable(variable) = part else { return None };
        if reader == Reader::LockScreen && variable.name.names_patient() {
            return Some(FieldProblem::new(path, FieldCode::NameOnLockScreen));
        }
        let has_value = match variable.name {
            Name::ClinicPhone => known.clinic_phone,
            name => known.follow_up || !name.of_follow_up(),
        };
        if let Some(named) = variable.fallback.and_then(named_in) {
            return Some(FieldProblem::taking(path, FieldCode::FallbackIsVariable, named.as_str()));
        }
        let needs_words = !has_value && variable.fallback.is_none();
        needs_words.then(|| FieldProblem::taking(path, FieldCode::NeedsFallback, variable.name.as_str()))
    })
}

/// The variable whose name the fallback words begin with: its writer meant its value.
fn named_in(fallback: &str) -> Option<Name> {
    let end = fallback.find([':', '|']).unwrap_or(fallback.len());
    fallback[..end].trim().parse().ok()
}

fn of_fault(path: &str, fault: Fault) -> FieldProblem {
    match fault {
        Fault::Broken => FieldProblem::new(path, FieldCode::BrokenVariable),
        Fault::UnknownName => {
            let names: Vec<_> = Name::ALL.iter().map(|name| name.as_str()).collect();
            FieldProblem::taking(path, FieldCode::UnknownVariable, names.join(", "))
        }
        Fault::UnknownForm => {
            let forms: Vec<_> = DateForm::ALL.iter().map(|form| form.as_str()).collect();
            FieldProblem::taking(path, FieldCode::UnknownDateForm, forms.join(", "))
        }
    }
}

/// The most digits of a follow-up's day number within thirty years.
const MAX_DAYS: usize = 5;

/// A part of a message with the longest values its variables may have.
pub(crate) fn stretched<T: Texts + ?Sized>(said: &T) -> Cow<'_, T> {
    with(said, &longest).unwrap_or(Cow::Borrowed(said))
}

/// The longest value of a variable, by visible characters and then by UTF-16 code units.
#[expect(clippy::unnecessary_wraps, reason = "as every way to a value")]
fn longest(variable: &Variable<'_>) -> Result<String, Missing> {
    let length = match variable.name {
        Name::PatientName | Name::PatientNickname | Name::ClinicName => MAX_SURE,
        Name::ClinicPhone => MAX_PHONE,
        Name::StepDay => MAX_DAYS,
        Name::Date | Name::StartDate => max_day(variable.form),
    };
    // A letter of the longest there are in UTF-8, since LINE counts some limits in bytes.
    let value = "ก".repeat(length);
    let fallback = variable.fallback.unwrap_or_default();
    let measure = |text: &str| (text.graphemes(true).count(), text.encode_utf16().count());
    // A nickname's words are cut as a name is.
    let is_cut = variable.name.names_patient();
    Ok(if !is_cut && measure(fallback) > measure(&value) { fallback.to_owned() } else { value })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::message::{Content, MessageType};

    const ALL: Available = Available { follow_up: true, clinic_phone: true };

    fn found(content: serde_json::Value, kind: MessageType, known: Available) -> Vec<(String, FieldCode)> {
        let content = Content::parse(kind, &content, "content").expect("the form is right");
        let problems = problems(&content, "content", known);
        problems.into_iter().map(|p| (p.field, p.code)).collect()
    }

    fn of_text(text: &str, known: Available) -> Vec<FieldCode> {
        let found = found(json!({ "text": text }), MessageType::Text, known);
        found.into_iter().map(|(_, code)| code).collect()
    }

    #[test]
    fn what_cannot_be_filled_in_is_refused_by_its_field() {
        assert_eq!(of_text("{{patinet.name}}", ALL), [FieldCode::UnknownVariable]);
        assert_eq!(of_text("{{", ALL), [FieldCode::BrokenVariable]);
        assert_eq!(of_text("{{date:iso}}", ALL), [FieldCode::UnknownDateForm]);
        assert_eq!(of_text("{{patient.name}} {{step.day}} {{clinic.phone}} {{{{", ALL), []);
    }

    #[test]
    fn what_may_be_missing_needs_words_in_its_place() {
        let alone = Available { follow_up: false, clinic_phone: false };
        for text in ["{{step.day}}", "{{start.date}}", "{{clinic.phone}}"] {
            assert_eq!(of_text(text, alone), [FieldCode::NeedsFallback], "{text}");
            assert_eq!(of_text(&text.replace("}}", "|words}}"), alone), []);
        }
        assert_eq!(of_text("{{patient.nickname}} {{date}}", alone), []);
    }

    #[test]
    fn a_variable_in_the_place_of_another_would_reach_patients_as_it_is_written() {
        for text in [
            "{{patient.nickname|patient.name}}",
            "{{start.date | date:short}}",
            "{{clinic.phone|clinic.name|us}}",
        ] {
            assert_eq!(of_text(text, ALL), [FieldCode::FallbackIsVariable], "{text}");
        }
        assert_eq!(of_text("{{start.date|the date of the start}} {{clinic.phone|us: any time}}", ALL), []);
    }

    #[test]
    fn the_lock_screen_does_not_say_who_the_patient_is_and_an_address_takes_no_variable() {
        let action = json!({ "type": "uri", "label": "{{patient.name}}", "uri": "https://a.b/{{date}}" });
        let back = json!({ "type": "postback", "label": "x", "data": "{{mine}}" });
        let template = json!({ "type": "buttons", "text": "{{date}}", "actions": [action, back] });
        let content = json!({ "altText": "{{patient.nickname|you}}", "template": template });
        let expected = [
            ("content.altText".to_owned(), FieldCode::NameOnLockScreen),
            ("content.template.actions[0].uri".to_owned(), FieldCode::NoVariableHere),
        ];
        assert_eq!(found(content, MessageType::Template, ALL), expected);
        let image = json!({ "imageUrl": "https://a.b/{{patient.name}}.png" });
        let expected = [("content.imageUrl".to_owned(), FieldCode::NoVariableHere)];
        assert_eq!(found(image, MessageType::Image, ALL), expected);
    }
}
