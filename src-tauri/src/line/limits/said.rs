//! The limits of LINE's templates for editors, from the tables that are checked.

use serde_json::{Map, Value, json};

use super::{
    table::{Form, Table},
    template::TEMPLATES,
};

/// Limits by template and member: `buttons.title.maxLength`, in grapheme clusters. A text with less
/// room beside a title or a picture also has `beside`; a list has `minItems` and `maxItems`, and
/// the limits of its items under `items`.
pub(crate) fn templates() -> Map<String, Value> {
    TEMPLATES.iter().map(|table| (table.kind.to_owned(), Value::Object(of_table(table)))).collect()
}

fn of_table(table: &Table) -> Map<String, Value> {
    let members = table.members.iter().copied().flatten();
    members.filter_map(|member| Some((member.name.to_owned(), of_form(member.form)?))).collect()
}

fn of_form(form: Form) -> Option<Value> {
    Some(match form {
        Form::Text(text) => json!({ "maxLength": text.max?.0 }),
        Form::CardText { alone, beside } => json!({ "maxLength": alone, "beside": beside }),
        Form::List { of, least, max } => {
            json!({ "minItems": least, "maxItems": max, "items": of_table(of) })
        }
        Form::Actions { place, least, max } => {
            let label = json!({ "maxLength": place.max_label });
            json!({ "minItems": least, "maxItems": max, "items": { "label": label } })
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_says_what_its_table_says() {
        let said = Value::Object(templates());
        let actions = json!({ "minItems": 2, "maxItems": 2, "items": { "label": { "maxLength": 20 } } });
        assert_eq!(said["confirm"], json!({ "text": { "maxLength": 240 }, "actions": actions }));
        assert_eq!(said["carousel"]["columns"]["maxItems"], 10);
        let text = json!({ "maxLength": 120, "beside": 60 });
        assert_eq!(said["carousel"]["columns"]["items"]["text"], text);
    }
}
