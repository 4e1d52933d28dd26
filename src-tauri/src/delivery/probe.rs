//! Whether the channel is up again, asked without sending anything.

use crate::{core::Core, domain::delivery::Cause, line::LineError};

/// Asks LINE, beside whoever calls: LINE may take its time to answer.
pub fn ask(core: &Core, cause: Cause) {
    let Some(core) = core.shared() else { return };
    let background = core.background.clone();
    background.spawn(async move {
        let up = match cause {
            Cause::QuotaExhausted => quota_is_left(&core).await,
            _ => core.line.bot_info().await.map(|_| true),
        };
        if matches!(up, Ok(true)) {
            core.channel_answered();
        }
    });
}

async fn quota_is_left(core: &Core) -> Result<bool, LineError> {
    let Some(limit) = core.line.quota().await? else { return Ok(true) };
    Ok(core.line.quota_used().await? < limit)
}
