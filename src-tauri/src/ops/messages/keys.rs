//! The keys callers give their messages, so that a repeated call sends once.

use std::collections::HashMap;

use super::input::SendMessage;
use crate::{
    error::{FieldCode, FieldProblem, Problem, Refusal, Result},
    store::{
        Conn,
        deliveries::{self, Keyed},
    },
};

pub(super) async fn known_keys(conn: &mut Conn, messages: &[SendMessage]) -> Result<HashMap<String, Keyed>> {
    let keys: Vec<_> = messages.iter().filter_map(|m| m.idempotency_key.as_deref()).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let known = deliveries::by_idempotency_keys(conn, &keys).await?;
    Ok(known.into_iter().map(|d| (d.idempotency_key.clone(), d)).collect())
}

/// Refuses a key that names another message: its caller would believe the new one is sent.
///
/// # Errors
/// The first message whose key belongs to another, earlier or in this call.
pub(super) fn one_message_a_key(
    messages: &[SendMessage],
    known: &HashMap<String, Keyed>,
    prefix: &impl Fn(usize) -> String,
) -> Result<()> {
    let mut here: HashMap<&str, &SendMessage> = HashMap::new();
    for (n, message) in messages.iter().enumerate() {
        let Some(key) = message.idempotency_key.as_deref() else { continue };
        let before = here.insert(key, message);
        if known.get(key).is_some_and(|d| !is_of(message, d)) || before.is_some_and(|m| !is_alike(message, m))
        {
            let detail = "the idempotency key belongs to another message";
            let mut problem = Problem::conflict(Refusal::KeyTaken, detail);
            let field = format!("{}idempotencyKey", prefix(n));
            problem.errors.push(FieldProblem::new(field, FieldCode::KeyTaken));
            return Err(problem);
        }
    }
    Ok(())
}

/// Whether a message equals the accepted one.
fn is_of(m: &SendMessage, accepted: &Keyed) -> bool {
    (m.patient_id, m.message_type, &m.content)
        == (accepted.patient_id, accepted.message_type, &accepted.content)
        && m.further_messages == accepted.further_messages.as_deref().unwrap_or_default()
        && m.quick_replies == accepted.quick_replies.as_deref().unwrap_or_default()
}

/// Whether two messages say the same to the same patient.
fn is_alike(a: &SendMessage, b: &SendMessage) -> bool {
    (a.patient_id, a.message_type, &a.content) == (b.patient_id, b.message_type, &b.content)
        && (&a.further_messages, &a.quick_replies) == (&b.further_messages, &b.quick_replies)
}
