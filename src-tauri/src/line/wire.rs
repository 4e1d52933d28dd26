//! The JSON LINE takes around a message, and what a button of ours says; the message itself is
//! in `content`.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    domain::feedback::{Feedback, FeedbackAction},
    ids::DeliveryId,
};

/// A question with its buttons: a buttons template, since confirm takes only two. Each button
/// carries the delivery it answers.
pub fn question(feedback: &Feedback, delivery: DeliveryId) -> Value {
    let actions: Vec<_> = feedback
        .buttons
        .iter()
        .map(|b| {
            json!({
                "type": "postback",
                "label": b.label,
                "data": Answer { delivery, action: b.action, value: b.value.clone() }.to_data(),
                "displayText": b.label,
            })
        })
        .collect();
    json!({
        "type": "template",
        "altText": feedback.question,
        "template": { "type": "buttons", "text": feedback.question, "actions": actions },
    })
}

/// The body of `POST /v2/bot/message/push`.
pub fn push_body(to: &str, messages: &[Value]) -> String {
    json!({ "to": to, "messages": messages }).to_string()
}

/// What a button says when it is pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// To which message.
    pub delivery: DeliveryId,
    /// What the press means.
    pub action: FeedbackAction,
    /// What is stored.
    pub value: String,
}

impl Answer {
    /// As postback data, at most 300 characters (Messaging API, "Postback action"): 32 of the
    /// id, the action and the value, which [`super::limits`] keeps short enough.
    pub fn to_data(&self) -> String {
        format!("cq1 {} {} {}", self.delivery.0.simple(), self.action, self.value)
    }

    /// Reads postback data; `None` when it is not ours.
    pub fn from_data(data: &str) -> Option<Self> {
        let mut parts = data.splitn(4, ' ');
        if parts.next()? != "cq1" {
            return None;
        }
        let delivery = DeliveryId(Uuid::try_parse(parts.next()?).ok()?);
        let action = parts.next()?.parse().ok()?;
        Some(Self { delivery, action, value: parts.next()?.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            feedback::Button,
            message::{Content, MessageType},
        },
        line::content,
    };

    fn delivery() -> DeliveryId {
        DeliveryId(Uuid::from_u128(7))
    }

    #[test]
    fn a_text_with_its_question_is_one_push_of_two_objects() {
        let content =
            Content::parse(MessageType::Text, &json!({ "text": "ทานยา" }), "content").expect("content");
        let feedback = Feedback {
            question: "Taken?".into(),
            buttons: vec![Button {
                label: "Yes".into(),
                value: "yes".into(),
                action: FeedbackAction::Complete,
                worrying: false,
            }],
            ..Feedback::default()
        };
        let messages = [content::to_line(&content), question(&feedback, delivery())];
        insta::assert_snapshot!(push_body("U0", &messages), @r#"{"to":"U0","messages":[{"type":"text","text":"ทานยา"},{"type":"template","altText":"Taken?","template":{"type":"buttons","text":"Taken?","actions":[{"type":"postback","label":"Yes","data":"cq1 00000000000000000000000000000007 complete yes","displayText":"Yes"}]}}]}"#);
    }

    #[test]
    fn an_answer_is_read_back_as_it_was_written() {
        let answer =
            Answer { delivery: delivery(), action: FeedbackAction::Postpone, value: "in a while".into() };
        assert_eq!(Answer::from_data(&answer.to_data()), Some(answer));
        for other in ["", "cq1", "cq1 x complete y", "cq2 00000000000000000000000000000007 complete yes"] {
            assert_eq!(Answer::from_data(other), None, "{other}");
        }
    }
}
