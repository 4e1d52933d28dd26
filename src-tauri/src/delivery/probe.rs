//! Asks LINE whether the channel is up again, sending nothing.

use super::quota;
use crate::{
    core::Core,
    domain::delivery::Cause,
    line::{LineError, Unreached},
};

/// In the background.
pub(crate) fn ask(core: &Core, cause: Cause) {
    let Some(core) = core.shared() else { return };
    let background = core.background.clone();
    background.spawn(async move {
        let up = match cause {
            // Where LINE answers without a number, a message finds out.
            Cause::QuotaExhausted => match quota::is_left(&core.line).await {
                Err(LineError::Unreachable(Unreached::Unreadable)) => Ok(true),
                answer => answer,
            },
            _ => core.line.bot_info().await.map(|_| true),
        };
        if matches!(up, Ok(true)) {
            core.channel_answered();
        }
    });
}

/// Asks LINE at the start whether it takes the token, so that nobody reads "running" until the
/// first message is refused.
pub(crate) fn ask_at_start(core: &Core) {
    let Some(core) = core.shared().filter(|core| core.line.is_connected()) else { return };
    let background = core.background.clone();
    background.spawn(async move {
        if matches!(core.line.bot_info().await, Err(LineError::Refused { status: 401, .. })) {
            core.channel_refused(Cause::TokenInvalid);
        }
    });
}
