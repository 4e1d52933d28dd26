//! The one integration-test binary: the real program, driven through its own ways in.

#![allow(unreachable_pub, reason = "nothing of it is used from outside")]

mod support;

mod ahead;
mod alarms;
mod answers;
mod architecture;
mod assignments;
mod channel;
mod circles;
mod coming_up;
mod deliveries;
mod demo;
mod drifting;
mod engines;
mod erasure;
mod exports;
mod faults;
mod flood;
mod http;
mod imports;
mod incoming;
mod line_check;
mod links;
mod looks;
mod many;
mod media;
mod menu;
mod messages;
mod new_things;
mod obstacles;
mod openapi;
mod openings;
mod patients;
mod pickers;
mod practice_clock;
mod practice_room;
mod protocols;
mod quick_replies;
mod sandbox;
mod search;
mod server;
mod several;
mod sizes;
mod statistics;
mod strangers;
mod templates;
mod timeline;
mod tokens;
mod translations;
mod upkeep;
mod uploads;
mod variables;
mod webhook;
mod worklist;
