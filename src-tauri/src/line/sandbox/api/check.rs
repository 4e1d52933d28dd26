//! What LINE finds wrong with message objects.

use serde_json::{Value, json};

use crate::{
    error::FieldProblem,
    line::{content, limits},
};

pub(super) fn problems(messages: &[Value]) -> Vec<Value> {
    if messages.is_empty() || messages.len() > 5 {
        return vec![json!({ "message": "Size must be between 1 and 5", "property": "messages" })];
    }
    let mut found = Vec::new();
    for (n, message) in messages.iter().enumerate() {
        let field = format!("messages[{n}]");
        let mut problems = match content::of_line(message) {
            Some(known) => content::check(&known, &field),
            None => vec![FieldProblem::malformed(field.clone(), "Must be a known message object")],
        };
        if let Some(quick_reply) = message.get("quickReply") {
            problems.extend(limits::check_quick_reply(quick_reply, &format!("{field}.quickReply")));
        }
        if let Some(sender) = message.get("sender") {
            problems.extend(limits::check_sender(sender, &format!("{field}.sender")));
        }
        found.extend(problems.into_iter().map(|p| json!({ "message": p.message, "property": p.field })));
    }
    found
}
