//! LINE's Messaging API: the client, the meaning of its answers, its wire forms and limits, its
//! webhook, and a LINE for practice on loopback. Facts are from LINE's documentation and its
//! OpenAPI files. It stores nothing and plans nothing.

mod account;
pub(crate) mod client;
pub(crate) mod content;
mod error;
mod fetch;
mod insight;
mod lenient;
pub(crate) mod limits;
pub(crate) mod menu;
mod objection;
mod outcome;
mod retry_after;
pub mod sandbox;
pub(crate) mod sent;
mod taken;
pub mod webhook;
pub(crate) mod wire;
mod with;

pub(crate) use client::Client;
pub(crate) use error::{LineError, Unreached};
pub(crate) use fetch::{Content, Pieces, Transcoding};
pub(crate) use objection::{Objection, nearest};
#[cfg(test)]
pub(crate) use outcome::LineAnswer;
pub(crate) use outcome::{PushOutcome, passes};
pub(crate) use taken::Taken;
