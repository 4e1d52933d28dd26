//! The JSON LINE takes around a message, and the data of our buttons; the message itself is in
//! `content`.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Map, Value, json};
use unicode_segmentation::UnicodeSegmentation as _;
use uuid::Uuid;

use crate::{
    domain::{
        feedback::{Feedback, FeedbackAction},
        language::Language,
        message::MAX_ALT_TEXT,
        picker::{Offer, Picker},
        protocol::Sender,
        quick_reply::QuickReply,
    },
    ids::DeliveryId,
};

/// A question with its buttons: a buttons template, since confirm takes only two. Each button names
/// the delivery it answers. The lock screen shows a separate text: the question may name what
/// nobody else is to read. Pickers offer the days as counted from `sent_on`, the patient's day of
/// sending.
pub(crate) fn question(
    feedback: &Feedback,
    delivery: DeliveryId,
    language: Language,
    sent_on: NaiveDate,
) -> Value {
    let actions: Vec<_> = feedback
        .buttons
        .iter()
        .map(|b| {
            let data = PressData { delivery, action: b.action, value: b.value.clone() }.to_data();
            match &b.picker {
                Some(picker) => picking(&b.label, data, picker, sent_on),
                None => {
                    json!({ "type": "postback", "label": b.label, "data": data, "displayText": b.label })
                }
            }
        })
        .collect();
    let alt_text = feedback.alt_text.as_deref().unwrap_or(language.question_from_the_clinic());
    json!({
        "type": "template",
        "altText": cut(alt_text, MAX_ALT_TEXT),
        "template": { "type": "buttons", "text": feedback.question, "actions": actions },
    })
}

fn picking(label: &str, data: String, picker: &Picker, sent_on: NaiveDate) -> Value {
    let Offer { initial, min, max } = picker.offer(sent_on);
    let mut action = json!({ "type": "datetimepicker", "label": label, "data": data, "mode": picker.mode });
    for (name, moment) in [("initial", initial), ("min", min), ("max", max)] {
        if let Some(moment) = moment {
            action[name] = moment.into();
        }
    }
    action
}

/// Puts quick replies on the last message object: LINE shows only those of the newest one.
pub(crate) fn set_quick_replies(messages: &mut [Value], replies: &[QuickReply], sent_on: NaiveDate) {
    if let Some(last) = messages.last_mut().filter(|_| !replies.is_empty()) {
        last["quickReply"] = quick_reply(replies, sent_on);
    }
}

/// Pickers offer the days as counted from `sent_on`.
pub(super) fn quick_reply(replies: &[QuickReply], sent_on: NaiveDate) -> Value {
    let item = |reply: &QuickReply| {
        let mut item = json!({ "type": "action", "action": tapping(reply, sent_on) });
        if let Some(url) = reply.icon_url() {
            item["imageUrl"] = url.into();
        }
        item
    };
    json!({ "items": replies.iter().map(item).collect::<Vec<_>>() })
}

fn tapping(reply: &QuickReply, sent_on: NaiveDate) -> Value {
    match reply {
        QuickReply::Message { label, text, .. } => {
            json!({ "type": "message", "label": label, "text": text.as_ref().unwrap_or(label) })
        }
        QuickReply::Postback { label, data, picker, .. } => {
            let data = data.as_ref().unwrap_or(label);
            match picker {
                Some(picker) => picking(label, data.clone(), picker, sent_on),
                None => json!({ "type": "postback", "label": label, "data": data, "displayText": label }),
            }
        }
        QuickReply::Camera { label, .. } => json!({ "type": "camera", "label": label }),
        QuickReply::CameraRoll { label, .. } => json!({ "type": "cameraRoll", "label": label }),
        QuickReply::Location { label, .. } => json!({ "type": "location", "label": label }),
    }
}

/// The offer of the picker with this `data` in a push; unbounded where it is not found.
pub(crate) fn offer_of(push: &str, data: &str) -> Offer {
    let push: Value = serde_json::from_str(push).unwrap_or_default();
    let action = action_with(&push, data);
    let moment = |name: &str| Some(action?.get(name)?.as_str()?.to_owned());
    Offer { initial: moment("initial"), min: moment("min"), max: moment("max") }
}

/// The longest beginning of a text with whole grapheme clusters that fits `limit` UTF-16 code
/// units.
fn cut(text: &str, limit: u32) -> &str {
    let mut units = 0;
    let over = text.grapheme_indices(true).find(|(_, cluster)| {
        units += cluster.encode_utf16().count();
        units > limit as usize
    });
    over.map_or(text, |(at, _)| &text[..at])
}

/// The body of `POST /v2/bot/message/push`; LINE counts it under `unit`, where given.
pub(crate) fn push_body(to: &str, messages: &[Value], unit: Option<&str>) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Push<'a> {
        to: &'a str,
        messages: &'a [Value],
        #[serde(skip_serializing_if = "Option::is_none")]
        custom_aggregation_units: Option<[&'a str; 1]>,
    }
    let push = Push { to, messages, custom_aggregation_units: unit.map(|unit| [unit]) };
    // Only texts and JSON values, whose writing cannot fail.
    serde_json::to_string(&push).unwrap_or_default()
}

/// The end of a body whose messages arrive without a sound.
const SILENT: &str = r#","notificationDisabled":true}"#;

/// A body with or without a sound; borrowed where nothing changes.
pub(crate) fn with_silence(body: &str, silent: bool) -> Cow<'_, str> {
    // Nothing a patient reads ends like this: a bracket closes the list before it.
    match (body.strip_suffix(SILENT), silent) {
        (Some(loud), false) => format!("{loud}}}").into(),
        (None, true) => body.strip_suffix('}').map_or(body.into(), |open| format!("{open}{SILENT}").into()),
        _ => body.into(),
    }
}

/// A body without its quotes; `None` where it had none.
pub(crate) fn without_quotes(body: &str) -> Option<String> {
    let mut push: Value = serde_json::from_str(body).ok().filter(|_| body.contains("\"quoteToken\""))?;
    let mut quoted = false;
    for message in push.get_mut("messages")?.as_array_mut()? {
        quoted |= message.as_object_mut()?.shift_remove("quoteToken").is_some();
    }
    quoted.then(|| push.to_string())
}

pub(crate) fn set_sender(message: &mut Value, sender: &Sender) {
    message["sender"] = json!(sender);
}

/// Makes LINE report when a delivery's video was watched to its end; other types of message stay
/// unchanged. It is allowed only in messages to one user (Messaging API, "Video message"), as all
/// pushes here are.
pub(crate) fn track_video(message: &mut Value, delivery: DeliveryId) {
    if message["type"] == "video" {
        message["trackingId"] = format!("{TRACKED}{}", delivery.0.simple()).into();
    }
}

/// The delivery of a tracking id; `None` where the id is not ours.
pub(crate) fn tracked(id: &str) -> Option<DeliveryId> {
    Uuid::try_parse(id.strip_prefix(TRACKED)?).ok().map(DeliveryId)
}

/// The prefix of our tracking ids. LINE takes up to 100 letters, digits and some signs.
const TRACKED: &str = "cv1.";

/// The first word of the data of a question's button; a space follows.
pub(super) const ANSWER: &str = "cq1";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PressData {
    pub(crate) delivery: DeliveryId,
    pub(crate) action: FeedbackAction,
    pub(crate) value: String,
}

impl PressData {
    /// As postback data, at most 300 characters (Messaging API, "Postback action"): 32 of the
    /// id, the action and the value, which [`super::limits`] keeps short enough.
    pub(crate) fn to_data(&self) -> String {
        format!("{ANSWER} {} {} {}", self.delivery.0.simple(), self.action, self.value)
    }

    /// Reads postback data; `None` where it is not ours.
    pub(crate) fn from_data(data: &str) -> Option<Self> {
        let mut parts = data.splitn(4, ' ');
        if parts.next()? != ANSWER {
            return None;
        }
        let delivery = DeliveryId(Uuid::try_parse(parts.next()?).ok()?);
        let action = parts.next()?.parse().ok()?;
        Some(Self { delivery, action, value: parts.next()?.to_owned() })
    }
}

/// The label of the button with this `data` in a push, else the text LINE lets the patient say by
/// it; at most 100 characters. `None` where no button has the data, or it has neither.
pub(crate) fn label_of(push: &str, data: &str) -> Option<String> {
    let push: Value = serde_json::from_str(push).ok()?;
    let action = action_with(&push, data)?;
    let label = ["label", "displayText"].iter().find_map(|name| action.get(*name)?.as_str())?;
    Some(label.chars().take(MAX_SHOWN_LABEL).collect())
}

/// The action with this `data`, wherever it stands.
fn action_with<'a>(value: &'a Value, data: &str) -> Option<&'a Map<String, Value>> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| action_with(item, data)),
        Value::Object(fields) if fields.get("data").and_then(Value::as_str) == Some(data) => Some(fields),
        Value::Object(fields) => fields.values().find_map(|field| action_with(field, data)),
        _ => None,
    }
}

/// The most characters kept of a label; LINE takes 40 (flex), and 300 of a text said by a tap.
const MAX_SHOWN_LABEL: usize = 100;

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
    fn a_body_without_its_quotes_is_otherwise_as_it_was() {
        let quoting = json!([{ "type": "text", "text": "\"quoteToken\"", "quoteToken": "q", "sender": {} }]);
        let plain = json!([{ "type": "text", "text": "\"quoteToken\"", "sender": {} }]);
        let body = |messages: &Value| {
            let messages = messages.as_array().expect("a list");
            with_silence(&push_body("U0", messages, Some("unit")), true).into_owned()
        };
        assert_eq!(without_quotes(&body(&quoting)), Some(body(&plain)));
        assert_eq!(without_quotes(&body(&plain)), None);
        assert_eq!(without_quotes("rubbish \"quoteToken\""), None);
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
                picker: None,
            }],
            ..Feedback::default()
        };
        let messages = [
            content::to_line(&content),
            question(&feedback, delivery(), Language::English, NaiveDate::default()),
        ];
        insta::assert_snapshot!(push_body("U0", &messages, None), @r#"{"to":"U0","messages":[{"type":"text","text":"ทานยา"},{"type":"template","altText":"You have a question from your clinic.","template":{"type":"buttons","text":"Taken?","actions":[{"type":"postback","label":"Yes","data":"cq1 00000000000000000000000000000007 complete yes","displayText":"Yes"}]}}]}"#);
    }

    #[test]
    fn a_body_is_silenced_and_given_its_sound_again() {
        let loud = push_body("U0", &[json!({ "type": "text", "text": SILENT })], Some("cq_202611_1"));
        assert_eq!(with_silence(&loud, false), loud);
        let silent = with_silence(&loud, true).into_owned();
        let read: Value = serde_json::from_str(&silent).expect("JSON");
        assert_eq!(
            (&read["notificationDisabled"], &read["messages"][0]["text"]),
            (&json!(true), &json!(SILENT))
        );
        assert_eq!(with_silence(&silent, true), silent);
        assert_eq!(with_silence(&silent, false), loud);
    }

    #[test]
    fn the_lock_screen_shows_a_text_of_its_own_and_never_the_question() {
        let mut feedback =
            Feedback { question: "Has the bleeding stopped, Anna?".into(), ..Feedback::default() };
        let shown = |feedback: &Feedback, language| {
            question(feedback, delivery(), language, NaiveDate::default())["altText"].clone()
        };
        let languages = ["en", "th", "ja", "zh-TW"].map(|tag| Language::of(Some(tag), chrono_tz::Tz::UTC));
        let said = languages.map(|language| shown(&feedback, language));
        assert!(said.iter().all(|s| s.as_str().is_some_and(|s| !s.is_empty() && s != feedback.question)));
        assert_ne!(said[0], said[1]);
        feedback.alt_text = Some("Please look at our message.".into());
        assert_eq!(shown(&feedback, Language::Thai), "Please look at our message.");
    }

    #[test]
    fn a_text_for_the_lock_screen_that_is_too_long_is_cut_between_what_people_see() {
        // Five code points, eleven units.
        let family = "👩‍👩‍👧‍👦";
        let feedback = Feedback { alt_text: Some(family.repeat(200)), ..Feedback::default() };
        let shown =
            question(&feedback, delivery(), Language::English, NaiveDate::default())["altText"].clone();
        assert_eq!(shown, family.repeat(1_500 / 11));
        assert_eq!(cut("short", MAX_ALT_TEXT), "short");
    }

    #[test]
    fn the_label_of_a_button_is_found_wherever_it_stands() {
        let action = json!({ "type": "postback", "label": "See you", "data": "a\"b" });
        let bubble = json!({ "type": "bubble", "footer": { "contents": [{ "action": action }] } });
        let silent = json!({ "type": "postback", "displayText": "I come", "data": "c" });
        let push = push_body("U0", &[json!({ "contents": bubble }), json!({ "actions": [silent] })], None);
        assert_eq!(label_of(&push, "a\"b").as_deref(), Some("See you"));
        assert_eq!(label_of(&push, "c").as_deref(), Some("I come"));
        assert_eq!(label_of(&push, "d"), None);
        assert_eq!(label_of("no JSON", "d"), None);
    }

    #[test]
    fn an_answer_is_read_back_as_it_was_written() {
        let answer =
            PressData { delivery: delivery(), action: FeedbackAction::Postpone, value: "in a while".into() };
        assert_eq!(PressData::from_data(&answer.to_data()), Some(answer));
        for other in ["", "cq1", "cq1 x complete y", "cq2 00000000000000000000000000000007 complete yes"] {
            assert_eq!(PressData::from_data(other), None, "{other}");
        }
    }
}
