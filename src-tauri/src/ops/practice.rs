//! The practice phones: what patients of the practice LINE see and do. They exist only where
//! messages go to the practice LINE.

#![expect(clippy::unused_async, reason = "every operation is async, for the one list")]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Caller, announce,
    wire::{Nothing, inputs, outputs},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    error::{Problem, Refusal, Result, Thing},
    fields::{LINES, ONE_LINE},
    line::sandbox::{Fault, FaultKind, Sandbox, Speaker},
};

/// A content other than text that a practice phone sends.
#[derive(Clone, Copy, Debug, serde::Deserialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PhoneSent {
    Picture,
    Place,
}

inputs! {
    /// One phone of the practice LINE.
    pub(crate) struct OnePhone {
        /// LINE's user id of its owner: `U` and 32 hex digits.
        pub(crate) line_user_id: String,
    }

    /// A press of the phone's owner on a button.
    pub(crate) struct PhoneTap {
        /// LINE's user id of the phone's owner.
        pub(crate) line_user_id: String,
        /// The button's data; up to 300 characters.
        #[garde(length(chars, min = 1, max = 300), pattern(ONE_LINE))]
        pub(crate) data: String,
        /// The text that appears in the chat as the patient's; up to 300 characters.
        #[serde(default)]
        #[garde(length(chars, max = 300), pattern(LINES))]
        pub(crate) display_text: Option<String>,
        /// The choice made with a picker, as LINE tells it: `{"date": "2026-12-01"}`,
        /// `{"time": "09:30"}` or `{"datetime": "2026-12-01T09:30"}`.
        #[serde(default)]
        pub(crate) params: Option<BTreeMap<String, String>>,
    }

    /// A video that is watched to its end.
    pub(crate) struct PhoneWatch {
        /// LINE's user id of the phone's owner.
        pub(crate) line_user_id: String,
        /// The `trackingId` of the message with the video; 1 to 100 characters.
        #[garde(length(chars, min = 1, max = 100), pattern(ONE_LINE))]
        pub(crate) tracking_id: String,
    }

    /// A text from the owner of a phone to the clinic.
    pub(crate) struct PhoneText {
        /// LINE's user id of the phone's owner.
        pub(crate) line_user_id: String,
        /// The text; 1 to 5,000 characters.
        #[garde(length(chars, max = 5_000), pattern(LINES))]
        pub(crate) text: String,
    }

    /// A content other than text from the owner of a phone to the clinic.
    pub(crate) struct PhoneSend {
        /// LINE's user id of the phone's owner.
        pub(crate) line_user_id: String,
        /// The kind of content; the practice LINE has one of each.
        pub(crate) what: PhoneSent,
    }

    /// Blocks the clinic's account, or lets it in again.
    pub(crate) struct PhoneBlock {
        /// LINE's user id of the phone's owner.
        pub(crate) line_user_id: String,
        /// True blocks the clinic's account, false lets it in again.
        pub(crate) blocked: bool,
    }

    /// A fault of the practice LINE, to be switched on or off.
    pub(crate) struct SetFault {
        /// The fault of the next calls; `none` ends it.
        pub(crate) kind: FaultKind,
        /// The number of calls it lasts for, 1 to 1,000,000; left out, until it is changed.
        #[serde(default)]
        #[garde(range(min = 1, max = 1_000_000))]
        pub(crate) count: Option<u32>,
        /// Milliseconds of latency; up to 60,000.
        #[serde(default)]
        #[garde(range(max = 60_000))]
        pub(crate) latency_ms: Option<u32>,
    }
}

outputs! {
    /// A practice phone as its owner sees it.
    pub(crate) struct Phone {
        /// LINE's user id of its owner.
        pub(crate) line_user_id: String,
        /// The name its owner chose at LINE.
        pub(crate) display_name: String,
        /// Whether the clinic's account is among the friends.
        pub(crate) following: bool,
        /// Whether the clinic's account is blocked.
        pub(crate) blocked: bool,
        /// The number of messages its owner has not seen.
        pub(crate) unread: u32,
        /// When anything was last said in its chat; null where nothing was.
        pub(crate) last_message_at: Option<Timestamp>,
        /// The buttons of the menu they see, from left to right.
        pub(crate) menu: Vec<PhoneButton>,
    }

    /// The practice phones, by the LINE id of their owners.
    pub(crate) struct Phones {
        /// One phone for each user of the practice LINE.
        pub(crate) items: Vec<Phone>,
    }

    /// A button of the menu under a chat.
    pub(crate) struct PhoneButton {
        /// The words on the button.
        pub(crate) label: String,
        /// The data told to the clinic by a press; null for a button that calls.
        pub(crate) data: Option<String>,
    }

    /// A message in the chat of a phone.
    pub(crate) struct PhoneMessage {
        /// LINE's id of the message.
        pub(crate) id: String,
        /// Whether the clinic or the patient said it.
        pub(crate) from: Speaker,
        /// When it was said, by the program's clock.
        pub(crate) at: Timestamp,
        /// The message object, as LINE got it.
        #[specta(type = specta_typescript::Unknown)]
        pub(crate) message: Value,
    }

    /// The chat of one phone with the clinic.
    pub(crate) struct Chat {
        pub(crate) items: Vec<PhoneMessage>,
    }

    /// A confirmation without content.
    pub(crate) struct Done {
        /// Always true: a refusal is a problem instead.
        pub(crate) ok: bool,
    }
}

impl PhoneButton {
    fn of(action: &Value) -> Self {
        let text = |name: &str| action[name].as_str().map(str::to_owned);
        Self { label: text("label").unwrap_or_default(), data: text("data") }
    }
}

fn sandbox(core: &Core) -> Result<&Sandbox> {
    core.sandbox.as_ref().map(|running| &running.sandbox).ok_or_else(|| {
        Problem::conflict(Refusal::NoPhones, "there are no practice phones: messages go to the real LINE")
    })
}

fn done(core: &Core, there: bool, line_user_id: &str) -> Result<Done> {
    if !there {
        return Err(Problem::not_found(Thing::Phone, line_user_id.chars().take(50).collect::<String>()));
    }
    announce(core, &[Topic::Phones]);
    Ok(Done { ok: true })
}

/// By their owners' LINE ids.
pub(crate) async fn phones(core: &Core, _: &Caller, _: Nothing) -> Result<Phones> {
    let sandbox = sandbox(core)?;
    let items = sandbox.users().into_iter().map(|u| Phone {
        menu: sandbox.menu_of(&u.line_user_id).iter().map(PhoneButton::of).collect(),
        last_message_at: u.chat.back().map(|m| m.at),
        line_user_id: u.line_user_id,
        display_name: u.display_name,
        following: u.following,
        blocked: u.blocked,
        unread: u.unread,
    });
    Ok(Phones { items: items.collect() })
}

/// It counts as read from then on.
pub(crate) async fn chat(core: &Core, _: &Caller, input: OnePhone) -> Result<Chat> {
    let chat = sandbox(core)?.chat(&input.line_user_id);
    let chat = chat.ok_or_else(|| {
        Problem::not_found(Thing::Phone, input.line_user_id.chars().take(50).collect::<String>())
    })?;
    let items =
        chat.into_iter().map(|m| PhoneMessage { id: m.id, from: m.from, at: m.at, message: m.message });
    Ok(Chat { items: items.collect() })
}

pub(crate) async fn tap(core: &Core, _: &Caller, input: PhoneTap) -> Result<Done> {
    let params = input.params.map(|params| json!(params));
    let (text, params) = (input.display_text.as_deref(), params.as_ref());
    let there = sandbox(core)?.postback(&input.line_user_id, &input.data, text, params).await;
    done(core, there, &input.line_user_id)
}

pub(crate) async fn watch(core: &Core, _: &Caller, input: PhoneWatch) -> Result<Done> {
    let event = serde_json::json!({ "type": "videoPlayComplete",
        "videoPlayComplete": { "trackingId": input.tracking_id } });
    let there = sandbox(core)?.act(&input.line_user_id, &event).await;
    done(core, there, &input.line_user_id)
}

pub(crate) async fn text(core: &Core, _: &Caller, input: PhoneText) -> Result<Done> {
    let there = sandbox(core)?.text(&input.line_user_id, &input.text).await;
    done(core, there, &input.line_user_id)
}

pub(crate) async fn send(core: &Core, _: &Caller, input: PhoneSend) -> Result<Done> {
    let message = match input.what {
        PhoneSent::Picture => json!({ "type": "image" }),
        PhoneSent::Place => json!({ "type": "location", "title": "Lumphini Park", "address": "Bangkok" }),
    };
    let there = sandbox(core)?.send(&input.line_user_id, &message).await;
    done(core, there, &input.line_user_id)
}

pub(crate) async fn block(core: &Core, _: &Caller, input: PhoneBlock) -> Result<Done> {
    let there = sandbox(core)?.block(&input.line_user_id, input.blocked).await;
    done(core, there, &input.line_user_id)
}

pub(crate) async fn fault(core: &Core, _: &Caller, _: Nothing) -> Result<Fault> {
    Ok(sandbox(core)?.fault())
}

pub(crate) async fn set_fault(core: &Core, _: &Caller, input: SetFault) -> Result<Fault> {
    let fault = Fault { kind: input.kind, count: input.count, latency_ms: input.latency_ms };
    sandbox(core)?.set_fault(fault);
    announce(core, &[Topic::Phones]);
    Ok(fault)
}
