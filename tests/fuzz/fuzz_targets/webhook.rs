//! Webhook bodies: no bytes make the reader panic.
#![no_main]

use clinicue::line::webhook::{Call, head, read, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let signature = String::from_utf8_lossy(&data[..data.len().min(44)]);
    assert!(!verify("secret", data, &signature));
    let Ok(call) = Call::read(data) else { return };
    for event in &call.events {
        assert_eq!(head(event).is_some(), event.is_object());
        let _ = read(event);
    }
});
