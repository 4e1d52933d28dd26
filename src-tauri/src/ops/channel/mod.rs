//! The set-up check of the LINE channel, point by point.

mod finding;

use super::{
    Caller,
    wire::{Nothing, outputs},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::delivery::Cause,
    error::Result,
    line::{LineError, client::WebhookEndpoint},
    store::webhook_events,
};

pub(crate) use finding::{Advice, Finding};

outputs! {
    /// LINE's answer to a test.
    pub(crate) struct LineTest {
        /// Whether LINE takes the token.
        pub(crate) ok: bool,
        /// The name of the account; null where LINE did not say it.
        pub(crate) bot_name: Option<String>,
        /// The finding in English.
        pub(crate) detail: String,
        /// The finding as a code with its numbers, for translation.
        pub(crate) finding: Finding,
    }

    /// Whether the LINE channel can be used, and what is wrong with it.
    pub(crate) struct ChannelCheck {
        /// Whether messages can be sent, as far as is known here.
        pub(crate) can_send: bool,
        /// Whether answers of patients arrive, as far as is known here.
        pub(crate) can_hear: bool,
        /// One entry for each checked point.
        pub(crate) points: Vec<ChannelPoint>,
        /// When the channel was checked.
        pub(crate) checked_at: Timestamp,
    }

    /// The use of the month's messages, as LINE counts.
    pub(crate) struct LineQuota {
        /// `quotaUsed` with its numbers, `quotaUnlimited`, or why LINE did not tell.
        pub(crate) finding: Finding,
        /// When LINE was asked for these numbers.
        pub(crate) asked_at: Timestamp,
    }

    /// The result of one check.
    pub(crate) struct ChannelPoint {
        /// The point that was checked.
        pub(crate) point: Point,
        /// Whether somebody has to act on it.
        pub(crate) state: PointState,
        /// The finding in English; never empty.
        pub(crate) found: String,
        /// The finding as a code with its numbers, for translation.
        pub(crate) finding: Finding,
        /// What to do about it, in English; null where nothing has to be done.
        pub(crate) mend: Option<String>,
        /// What to do about it, as a stable name for translation; null where nothing has to be
        /// done.
        pub(crate) advice: Option<Advice>,
    }
}

/// A checked point of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Point {
    /// Whether LINE takes the token, and whose it is.
    Account,
    /// How many messages the month has left.
    Quota,
    /// Whether a secret is known to verify LINE's calls.
    Secret,
    /// Whether LINE knows where to call.
    Webhook,
    /// Whether a test call of LINE arrives here.
    WebhookTest,
    /// Whether LINE repeats a call that failed.
    Redelivery,
    /// Whether this machine's clock is right.
    Clock,
}

/// The state of one point of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PointState {
    /// Nothing has to be done.
    Ok,
    /// It works, but somebody should look.
    Warning,
    /// Nothing goes until somebody mends it.
    Failed,
    /// It cannot be found out from here.
    Unknown,
}

use PointState as S;

fn point(point: Point, state: S, finding: Finding, advice: Option<Advice>) -> ChannelPoint {
    let (found, mend) = (finding.in_words(), advice.map(|advice| advice.in_words().to_owned()));
    ChannelPoint { point, state, found, finding, mend, advice }
}

pub(crate) async fn test_line(core: &Core, _: &Caller, _: Nothing) -> Result<LineTest> {
    Ok(match core.line.bot_info().await {
        Ok(bot) => {
            look_again(core);
            LineTest {
                ok: true,
                detail: format!("LINE takes the token of {}", bot.display_name),
                finding: Finding::Account { name: bot.display_name.clone(), basic_id: bot.basic_id },
                bot_name: Some(bot.display_name),
            }
        }
        Err(LineError::Refused { status: 401, .. }) => {
            core.channel_refused(Cause::TokenInvalid);
            let detail = "LINE does not take the channel access token; issue a new one in the LINE \
                     Developers console and enter it here";
            LineTest { ok: false, bot_name: None, detail: detail.to_owned(), finding: Finding::TokenNotTaken }
        }
        Err(error) => {
            LineTest { ok: false, bot_name: None, detail: error.to_string(), finding: error.into() }
        }
    })
}

/// Notes that LINE answers: an outage is over. That says nothing about a used-up quota, which the
/// next probe asks about at once.
fn look_again(core: &Core) {
    let quota = core.channel().down().is_some_and(|down| down.cause == Cause::QuotaExhausted);
    if quota {
        core.channel().probe_now(core.now());
        core.tick_bell.notify_one();
    } else {
        core.channel_answered();
    }
}

pub(crate) async fn check(core: &Core, _: &Caller, _: Nothing) -> Result<ChannelCheck> {
    let asked_at = core.now();
    let (account, date) = account(core).await;
    let mut points = vec![account];
    let reached = points[0].state == S::Ok;
    if reached {
        points.push(quota(core).await);
    }
    points.push(secret(core));
    if reached {
        points.extend(webhook(core).await);
    }
    points.push(redelivery(core).await?);
    points.extend(date.map(|date| clock(asked_at, core.now(), date)));
    let ok = |which: Point| points.iter().any(|p| p.point == which && matches!(p.state, S::Ok | S::Warning));
    Ok(ChannelCheck {
        can_send: ok(Point::Account)
            && !points.iter().any(|p| p.point == Point::Quota && p.state == S::Failed),
        can_hear: ok(Point::Secret) && ok(Point::WebhookTest),
        points,
        checked_at: asked_at,
    })
}

async fn account(core: &Core) -> (ChannelPoint, Option<Timestamp>) {
    let (answer, date) = core.line.bot_info_dated().await;
    let found = match answer {
        Ok(bot) => {
            let finding = Finding::Account { name: bot.display_name, basic_id: bot.basic_id };
            point(Point::Account, S::Ok, finding, None)
        }
        Err(LineError::Refused { status: 401, .. }) => {
            core.channel_refused(Cause::TokenInvalid);
            point(Point::Account, S::Failed, Finding::TokenNotTaken, Some(Advice::EnterToken))
        }
        Err(LineError::Refused { status: 403, message }) => {
            point(Point::Account, S::Failed, Finding::NotAllowed { message }, Some(Advice::LookAtPlan))
        }
        Err(error @ LineError::Refused { .. }) => {
            point(Point::Account, S::Failed, error.into(), Some(Advice::EnterToken))
        }
        Err(error) => point(Point::Account, S::Failed, error.into(), Some(Advice::LookAtConnection)),
    };
    (found, date)
}

pub(crate) async fn line_quota(core: &Core, _: &Caller, _: Nothing) -> Result<LineQuota> {
    Ok(LineQuota { asked_at: core.now(), finding: quota(core).await.finding })
}

async fn quota(core: &Core) -> ChannelPoint {
    // Both at once, so that a slow LINE delays the answer only once.
    let (limit, used) = match tokio::join!(core.line.quota(), core.line.quota_used()) {
        (Ok(limit), Ok(used)) => (limit, used),
        (Err(error), _) | (_, Err(error)) => return point(Point::Quota, S::Unknown, error.into(), None),
    };
    let Some(limit) = limit else {
        return point(Point::Quota, S::Ok, Finding::QuotaUnlimited { used }, None);
    };
    let state = match () {
        () if used >= limit => S::Failed,
        () if used.saturating_mul(10) >= limit.saturating_mul(9) => S::Warning,
        () => S::Ok,
    };
    let advice = (state != S::Ok).then_some(Advice::ChooseLargerPlan);
    point(Point::Quota, state, Finding::QuotaUsed { used, limit }, advice)
}

fn secret(core: &Core) -> ChannelPoint {
    if core.webhook_secret().is_some() {
        return point(Point::Secret, S::Ok, Finding::SecretThere, None);
    }
    point(Point::Secret, S::Failed, Finding::SecretMissing, Some(Advice::CopySecret))
}

async fn webhook(core: &Core) -> Vec<ChannelPoint> {
    let endpoint = match core.line.webhook_endpoint().await {
        Ok(Some(WebhookEndpoint { url, is_active: true })) => {
            point(Point::Webhook, S::Ok, Finding::WebhookEntered { url }, None)
        }
        Ok(Some(WebhookEndpoint { url, is_active: false })) => {
            point(Point::Webhook, S::Failed, Finding::WebhookOff { url }, Some(Advice::SwitchOnWebhook))
        }
        Ok(None) | Err(LineError::Refused { status: 404, .. }) => {
            point(Point::Webhook, S::Failed, Finding::WebhookMissing, Some(Advice::EnterWebhook))
        }
        Err(error) => point(Point::Webhook, S::Unknown, error.into(), None),
    };
    if endpoint.state != S::Ok {
        return vec![endpoint];
    }
    let test = match core.line.test_webhook().await {
        Ok(test) if test.success => point(Point::WebhookTest, S::Ok, Finding::TestArrived, None),
        Ok(test) => {
            let advice = Advice::after_test(&test.reason, test.status_code);
            let finding = Finding::TestFailed { reason: test.reason, detail: test.detail };
            point(Point::WebhookTest, S::Failed, finding, Some(advice))
        }
        Err(LineError::Refused { status: 429, .. }) => {
            point(Point::WebhookTest, S::Unknown, Finding::TestTooOften, None)
        }
        Err(error) => point(Point::WebhookTest, S::Unknown, error.into(), None),
    };
    vec![endpoint, test]
}

/// The finding on redelivery. LINE does not tell whether it is on; a redelivered event proves it.
async fn redelivery(core: &Core) -> Result<ChannelPoint> {
    if webhook_events::any_redelivered(core.store.read()).await? {
        return Ok(point(Point::Redelivery, S::Ok, Finding::RedeliveryOn, None));
    }
    let advice = Some(Advice::SwitchOnRedelivery);
    Ok(point(Point::Redelivery, S::Unknown, Finding::RedeliveryUnknown, advice))
}

/// Milliseconds of drift beyond which messages come noticeably early or late.
const DRIFT_MS: i64 = 5_000;

fn clock(asked_at: Timestamp, answered_at: Timestamp, line: Timestamp) -> ChannelPoint {
    // LINE's time has whole seconds, and lies between question and answer.
    let early = asked_at.millis_since(line) - 1_000;
    let late = line.millis_since(answered_at);
    let drift = early.max(late).max(0);
    if drift <= DRIFT_MS {
        return point(Point::Clock, S::Ok, Finding::ClockAgrees, None);
    }
    let finding = Finding::ClockDiffers { seconds: drift / 1000 };
    point(Point::Clock, S::Failed, finding, Some(Advice::SwitchOnTime))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_minutes_off_is_said() {
        let at = Timestamp::from_millis;
        assert_eq!(clock(at(10_400), at(10_600), at(10_000)).state, S::Ok);
        assert_eq!(clock(at(10_400), at(10_600), at(130_000)).state, S::Failed);
        assert_eq!(clock(at(130_400), at(130_600), at(10_000)).state, S::Failed);
    }
}
