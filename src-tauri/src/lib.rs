//! Clinicue delivers a clinic's care protocols over the LINE Messaging API:
//! on time, never lost, never twice.
//!
//! # The map of the house
//!
//! | module | what lives there | may use |
//! |---|---|---|
//! | [`clock`] | the time | |
//! | [`ids`] | ids and randomness | clock |
//! | [`error`] | problems, as callers get them | |
//! | [`fields`] | limits of fields | clock, error |
//! | [`files`] | folders of files | ids |
//! | [`logs`] | the last lines of the log | clock |
//! | [`memory`] | how much of it the process keeps | |
//! | [`metrics`] | counters | |
//! | [`tasks`] | long work, and what runs as long as the program | clock, ids, error |
//! | [`config`] | settings of the process | clock, error, fields |
//! | [`domain`] | pure nouns and rules: patient, protocol, trigger, assignment, message, delivery | leaves |
//! | [`store`] | all SQL, one file per group of tables | leaves, domain |
//! | [`line`] | the LINE client, its wire types and limits, and a LINE for practice | leaves, domain |
//! | [`queue`] | the wiring of apalis: enqueue in a transaction, workers, recovery, counts | leaves, store, domain |
//! | [`core`] | what all parts share: store, queues, LINE, the clinic's decisions, bells | leaves, store, line, queue, domain |
//! | [`delivery`] | one attempt: gate, compose, push, outcome, record | leaves, store, queue, line, domain, core |
//! | [`schedule`] | the planner (pure), the tick, what waits, recurring work, the lifecycle | leaves, store, queue, domain, core, delivery |
//! | [`inbox`] | what patients said: answers, words, signs of life, links; free replies | leaves, store, line, domain, core |
//! | [`ops`] | the one list of operations and their bodies | leaves, store, queue, line, domain, core, delivery, schedule, inbox |
//! | [`http`] | the way in over HTTP | leaves, ops, core, domain, store, line |
//! | `desktop` | the window | leaves, ops, core, domain, line, app, cli |
//! | [`cli`] | the command line | leaves, ops, core, domain, line, app, http, queue, store |
//! | [`app`] | the only place that builds things | leaves, ops, core, domain, line, http, queue, store, delivery, schedule, inbox |
//!
//! The leaves are the first ten. `tests/it/architecture.rs` reads this table and the `use` lines,
//! and fails on an arrow that is not in it.
//!
//! # Rules
//!
//! - Nobody asks the time but [`clock`], nobody writes SQL but [`store`], nobody reads the
//!   environment but [`config`].
//! - A state change is one function, one transaction, one log row.
//! - What may run twice is harmless twice.
//! - No name, LINE user id, message body or token in a log line.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod core;
mod delivery;
#[cfg(feature = "desktop")]
pub mod desktop;
pub mod domain;
pub mod error;
mod fields;
mod files;
mod http;
pub mod ids;
pub mod inbox;
pub mod line;
mod logs;
mod memory;
mod metrics;
pub mod ops;
pub mod queue;
pub mod schedule;
pub mod store;
mod tasks;
