//! The one integration-test binary: the real program, driven through its own ways in.

mod support;

mod answers;
mod architecture;
mod assignments;
mod deliveries;
mod engines;
mod faults;
mod flood;
mod http;
mod messages;
mod sandbox;
mod server;
mod staff;
mod webhook;
