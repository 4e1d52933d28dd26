//! The set-up of the LINE channel, looked at point by point.

use super::{
    Caller,
    wire::{Nothing, outputs},
};
use crate::{
    clock::Timestamp, core::Core, domain::delivery::Cause, error::Result, line::LineError, store::webhooks,
};

outputs! {
    /// What LINE said to a test.
    pub struct LineTest {
        /// Whether LINE takes the token.
        pub ok: bool,
        /// The account's name.
        pub bot_name: Option<String>,
        /// What was found, in words.
        pub detail: String,
    }

    /// What was found.
    pub struct ChannelCheck {
        /// Whether messages can be sent.
        pub can_send: bool,
        /// Whether answers can be heard.
        pub can_hear: bool,
        /// Point by point.
        pub points: Vec<ChannelPoint>,
        /// When it was looked at.
        pub checked_at: Timestamp,
    }

    /// One point.
    pub struct ChannelPoint {
        /// Which.
        pub point: Point,
        /// How it stands.
        pub state: PointState,
        /// What was found, in plain words.
        pub found: String,
        /// What to do about it; null where nothing is to be done.
        pub mend: Option<String>,
    }
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum Point {
    /// Whether LINE takes the token, and whose it is.
    Account,
    /// How many messages the month has left.
    Quota,
    /// Whether there is a secret to know LINE's calls by.
    Secret,
    /// Whether LINE knows where to call.
    Webhook,
    /// Whether such a call arrives.
    WebhookTest,
    /// Whether LINE calls again after a call that failed.
    Redelivery,
    /// Whether this machine's clock is right.
    Clock,
}

/// How a point stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum PointState {
    /// As it should be.
    Ok,
    /// Works, but somebody should look.
    Warning,
    /// Does not work.
    Failed,
    /// Cannot be known from here.
    Unknown,
}

use PointState as S;

fn point(point: Point, state: S, found: impl Into<String>, mend: Option<&str>) -> ChannelPoint {
    ChannelPoint { point, state, found: found.into(), mend: mend.map(str::to_owned) }
}

const TOKEN: &str = "Issue a channel access token in the LINE Developers console (Messaging API, at the bottom) \
    and enter it here, or enter the channel id and the channel secret";
const REACH: &str = "Look at the internet connection of this machine, and whether a firewall lets it call \
    api.line.me";
const ENDPOINT: &str = "Enter https://YOUR-ADDRESS/webhook/line as webhook URL in the LINE Developers console. \
    LINE needs a public HTTPS address: run the headless service behind a reverse proxy or a tunnel";

/// Asks LINE who the clinic's account is; sends nothing.
pub async fn test_line(core: &Core, _: &Caller, _: Nothing) -> Result<LineTest> {
    Ok(match core.line.bot_info().await {
        Ok(bot) => {
            look_again(core);
            let detail = format!("LINE takes the token of {}", bot.display_name);
            LineTest { ok: true, bot_name: Some(bot.display_name), detail }
        }
        Err(LineError::Refused { status: 401, .. }) => {
            core.channel_refused(Cause::TokenInvalid);
            let detail = "LINE does not take the channel access token; issue a new one in the LINE \
                     Developers console and enter it here";
            LineTest { ok: false, bot_name: None, detail: detail.to_owned() }
        }
        Err(error) => LineTest { ok: false, bot_name: None, detail: error.to_string() },
    })
}

/// LINE answers: an outage is over. Whether a used-up quota has come back it does not say, so
/// that is asked by the next look, which comes at once.
fn look_again(core: &Core) {
    let quota = core.channel().down().is_some_and(|down| down.cause == Cause::QuotaExhausted);
    if quota {
        core.channel().probe_now(core.now());
        core.tick_bell.notify_one();
    } else {
        core.channel_answered();
    }
}

/// Looks at every point. Sends nothing to patients.
pub async fn check(core: &Core, _: &Caller, _: Nothing) -> Result<ChannelCheck> {
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
        Ok(bot) => point(Point::Account, S::Ok, format!("{} ({})", bot.display_name, bot.basic_id), None),
        Err(LineError::Refused { status: 401, .. }) => {
            core.channel_refused(Cause::TokenInvalid);
            point(Point::Account, S::Failed, "LINE does not take the channel access token", Some(TOKEN))
        }
        Err(LineError::Refused { status: 403, message }) => point(
            Point::Account,
            S::Failed,
            format!("LINE does not allow it: {message}"),
            Some("Look at the plan and the rights of the account in the LINE Official Account Manager"),
        ),
        Err(error @ LineError::Refused { .. }) => {
            point(Point::Account, S::Failed, error.to_string(), Some(TOKEN))
        }
        Err(error) => point(Point::Account, S::Failed, error.to_string(), Some(REACH)),
    };
    (found, date)
}

async fn quota(core: &Core) -> ChannelPoint {
    const MORE: &str =
        "Choose a larger plan in the LINE Official Account Manager, or wait for the next month";
    match (core.line.quota().await, core.line.quota_used().await) {
        (Ok(None), Ok(used)) => {
            point(Point::Quota, S::Ok, format!("{used} messages this month, no limit"), None)
        }
        (Ok(Some(limit)), Ok(used)) => {
            let found = format!("{used} of {limit} messages used this month");
            if used >= limit {
                point(Point::Quota, S::Failed, found, Some(MORE))
            } else if used.saturating_mul(10) >= limit.saturating_mul(9) {
                point(Point::Quota, S::Warning, found, Some(MORE))
            } else {
                point(Point::Quota, S::Ok, found, None)
            }
        }
        (Err(error), _) | (_, Err(error)) => point(Point::Quota, S::Unknown, error.to_string(), None),
    }
}

fn secret(core: &Core) -> ChannelPoint {
    if core.webhook_secret().is_some() {
        return point(Point::Secret, S::Ok, "there is a channel secret", None);
    }
    let mend = "Copy the channel secret from the LINE Developers console (Basic settings) and enter it here";
    point(Point::Secret, S::Failed, "without the channel secret no answer can be trusted", Some(mend))
}

async fn webhook(core: &Core) -> Vec<ChannelPoint> {
    const SWITCH: &str = "Switch on \"Use webhook\" in the LINE Developers console (Messaging API)";
    let endpoint = match core.line.webhook_endpoint().await {
        Ok(Some((url, true))) => point(Point::Webhook, S::Ok, url, None),
        Ok(Some((url, false))) => {
            point(Point::Webhook, S::Failed, format!("{url} is entered but switched off"), Some(SWITCH))
        }
        Ok(None) | Err(LineError::Refused { status: 404, .. }) => {
            point(Point::Webhook, S::Failed, "no webhook URL is entered", Some(ENDPOINT))
        }
        Err(error) => point(Point::Webhook, S::Unknown, error.to_string(), None),
    };
    if endpoint.state != S::Ok {
        return vec![endpoint];
    }
    let test = match core.line.test_webhook().await {
        Ok(test) if test.success => point(Point::WebhookTest, S::Ok, "a test call arrived", None),
        Ok(test) => {
            let found = format!("the test call failed: {} {}", test.reason, test.detail);
            point(
                Point::WebhookTest,
                S::Failed,
                found.trim(),
                Some(mend_test(&test.reason, test.status_code)),
            )
        }
        Err(LineError::Refused { status: 429, .. }) => {
            point(Point::WebhookTest, S::Unknown, "LINE allows 60 test calls an hour; try again later", None)
        }
        Err(error) => point(Point::WebhookTest, S::Unknown, error.to_string(), None),
    };
    vec![endpoint, test]
}

/// What to do about a test call that failed (Messaging API, "Test webhook endpoint").
fn mend_test(reason: &str, status: u16) -> &'static str {
    match (reason, status) {
        (_, 401) => "The channel secret here is not this channel's: copy it again from the console",
        ("COULD_NOT_CONNECT", _) => {
            "LINE cannot reach the address: look at DNS, the firewall, the certificate (a public one, with its \
             chain) and whether the service runs"
        }
        ("REQUEST_TIMEOUT", _) => "The address answers too slowly: look at the reverse proxy or the tunnel",
        ("ERROR_STATUS_CODE", _) => "Something else answers at the address: it must end in /webhook/line",
        _ => "Look at the reverse proxy or the tunnel in front of this service",
    }
}

/// LINE tells nobody whether redelivery is switched on; a redelivered event proves it.
async fn redelivery(core: &Core) -> Result<ChannelPoint> {
    if webhooks::any_redelivered(core.store.read()).await? {
        return Ok(point(
            Point::Redelivery,
            S::Ok,
            "LINE has delivered events again, so it is switched on",
            None,
        ));
    }
    let mend = "Switch on \"Webhook redelivery\" in the LINE Developers console (Messaging API), so that answers \
                given while this machine is off are not lost";
    Ok(point(Point::Redelivery, S::Unknown, "LINE does not tell whether redelivery is on", Some(mend)))
}

/// More than this, and messages come noticeably early or late.
const DRIFT_MS: i64 = 5_000;

fn clock(asked_at: Timestamp, answered_at: Timestamp, line: Timestamp) -> ChannelPoint {
    // LINE's time is of whole seconds, somewhere between question and answer.
    let early = asked_at.millis_since(line) - 1_000;
    let late = line.millis_since(answered_at);
    let drift = early.max(late).max(0);
    if drift <= DRIFT_MS {
        return point(Point::Clock, S::Ok, "this machine's clock agrees with LINE's", None);
    }
    let found = format!("this machine's clock differs from LINE's by {} s", drift / 1000);
    point(Point::Clock, S::Failed, found, Some("Switch on automatic time (NTP) in this machine's settings"))
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
