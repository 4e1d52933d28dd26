//! Clinicue delivers a clinic's care protocols over the LINE Messaging API:
//! on time, never lost, never twice.
//!
//! # The map of the house
//!
//! | module | what lives there | may use |
//! |---|---|---|
//! | [`clock`], [`ids`], [`error`], [`fields`], [`files`], [`config`], [`logs`], [`metrics`], [`tasks`] | leaves: time, randomness, problems, limits of fields, folders of files, settings of the process, the last lines of the log, counters, long work | nothing here |
//! | [`domain`] | pure nouns and rules: patient, protocol, trigger, assignment, message, delivery | leaves |
//! | [`store`] | all SQL, one file per group of tables | domain |
//! | [`line`] | the LINE client, its wire types and limits, and a LINE for practice | domain |
//! | [`queue`] | the wiring of apalis: enqueue in a transaction, workers, recovery, counts | store |
//! | [`delivery`] | one attempt: gate, compose, push, outcome, record | store, queue, line, domain |
//! | [`schedule`] | the planner (pure), the tick, what waits, recurring work, the lifecycle | store, queue, domain, delivery |
//! | [`inbox`] | what patients said: answers, words, signs of life, links; free replies | store, line, domain |
//! | [`ops`] | the one list of operations and their bodies | all of the above |
//! | [`http`], `desktop`, [`cli`] | ways in | ops |
//! | [`app`] | the only place that builds things | everything |
//!
//! `tests/it/architecture.rs` reads the `use` lines and fails on an arrow that is not in
//! this table.
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
mod metrics;
pub mod ops;
pub mod queue;
pub mod schedule;
pub mod store;
mod tasks;
