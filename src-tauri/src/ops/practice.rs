//! The practice phones: what patients of the practice LINE see and do. Only where messages go
//! to the practice LINE.

#![expect(clippy::unused_async, reason = "every operation is async, for the one list")]

use serde_json::Value;

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

inputs! {
    /// One phone.
    pub struct OnePhone {
        /// Whose.
        pub line_user_id: String,
    }

    /// A press on a button.
    pub struct PhoneTap {
        /// Whose phone.
        pub line_user_id: String,
        /// The button's data; up to 300 characters.
        #[garde(length(chars, min = 1, max = 300), pattern(ONE_LINE))]
        pub data: String,
        /// What appears in the chat.
        #[serde(default)]
        #[garde(length(chars, max = 300), pattern(LINES))]
        pub display_text: Option<String>,
    }

    /// Something written.
    pub struct PhoneText {
        /// Whose phone.
        pub line_user_id: String,
        /// 1 to 5,000 characters.
        #[garde(length(chars, max = 5_000), pattern(LINES))]
        pub text: String,
    }

    /// Blocking the clinic's account, or letting it in again.
    pub struct PhoneBlock {
        /// Whose phone.
        pub line_user_id: String,
        /// Whether to block.
        pub blocked: bool,
    }

    /// What goes wrong at the practice LINE.
    pub struct SetFault {
        /// Which.
        pub kind: FaultKind,
        /// For so many calls, 1 to 1,000,000; until it is changed where it is left out.
        #[serde(default)]
        #[garde(range(min = 1, max = 1_000_000))]
        pub count: Option<u32>,
        /// Milliseconds of latency; up to 60,000.
        #[serde(default)]
        #[garde(range(max = 60_000))]
        pub latency_ms: Option<u32>,
    }
}

outputs! {
    /// A phone.
    pub struct Phone {
        /// LINE's id of its owner.
        pub line_user_id: String,
        /// The name its owner chose.
        pub display_name: String,
        /// Whether the clinic's account is among the friends.
        pub following: bool,
        /// Whether the clinic's account is blocked.
        pub blocked: bool,
        /// Messages nobody looked at yet.
        pub unread: u32,
        /// When something was last said.
        pub last_message_at: Option<Timestamp>,
    }

    /// The phones.
    pub struct Phones {
        /// The phones.
        pub items: Vec<Phone>,
    }

    /// A message of a chat.
    pub struct PhoneMessage {
        /// LINE's id of it.
        pub id: String,
        /// Who said it.
        pub from: Speaker,
        /// When.
        pub at: Timestamp,
        /// The message object, as LINE got it.
        #[specta(type = specta_typescript::Unknown)]
        pub message: Value,
    }

    /// A chat, oldest first.
    pub struct Chat {
        /// The messages.
        pub items: Vec<PhoneMessage>,
    }

    /// It was done.
    pub struct Done {
        /// Always true.
        pub ok: bool,
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

/// The practice phones.
pub async fn phones(core: &Core, _: &Caller, _: Nothing) -> Result<Phones> {
    let items = sandbox(core)?.users().into_iter().map(|u| Phone {
        last_message_at: u.chat.back().map(|m| m.at),
        line_user_id: u.line_user_id,
        display_name: u.display_name,
        following: u.following,
        blocked: u.blocked,
        unread: u.unread,
    });
    Ok(Phones { items: items.collect() })
}

/// What was said on a phone; whoever asks has read it.
pub async fn chat(core: &Core, _: &Caller, input: OnePhone) -> Result<Chat> {
    let chat = sandbox(core)?.chat(&input.line_user_id);
    let chat = chat.ok_or_else(|| {
        Problem::not_found(Thing::Phone, input.line_user_id.chars().take(50).collect::<String>())
    })?;
    let items =
        chat.into_iter().map(|m| PhoneMessage { id: m.id, from: m.from, at: m.at, message: m.message });
    Ok(Chat { items: items.collect() })
}

/// Presses a button on a phone.
pub async fn tap(core: &Core, _: &Caller, input: PhoneTap) -> Result<Done> {
    let there = sandbox(core)?.tap(&input.line_user_id, &input.data, input.display_text.as_deref()).await;
    done(core, there, &input.line_user_id)
}

/// Writes something on a phone.
pub async fn text(core: &Core, _: &Caller, input: PhoneText) -> Result<Done> {
    let there = sandbox(core)?.text(&input.line_user_id, &input.text).await;
    done(core, there, &input.line_user_id)
}

/// Blocks the clinic's account on a phone, or lets it in again.
pub async fn block(core: &Core, _: &Caller, input: PhoneBlock) -> Result<Done> {
    let there = sandbox(core)?.block(&input.line_user_id, input.blocked).await;
    done(core, there, &input.line_user_id)
}

/// What goes wrong at the practice LINE.
pub async fn fault(core: &Core, _: &Caller, _: Nothing) -> Result<Fault> {
    Ok(sandbox(core)?.fault())
}

/// Lets something go wrong at the practice LINE.
pub async fn set_fault(core: &Core, _: &Caller, input: SetFault) -> Result<Fault> {
    let fault = Fault { kind: input.kind, count: input.count, latency_ms: input.latency_ms };
    sandbox(core)?.set_fault(fault);
    announce(core, &[Topic::Phones]);
    Ok(fault)
}
