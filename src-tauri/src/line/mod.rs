//! LINE's Messaging API: the client, what its answers mean, its wire forms and limits, its
//! webhook, and a LINE for practice on loopback. Facts are from LINE's documentation and its
//! OpenAPI files. May use `domain`; stores nothing and plans nothing.

mod account;
pub mod client;
pub mod content;
pub mod limits;
mod objection;
mod outcome;
pub mod sandbox;
pub mod webhook;
pub mod wire;

pub use client::{Client, LineError};
pub use objection::Objection;
pub use outcome::{Answer, PushOutcome};
