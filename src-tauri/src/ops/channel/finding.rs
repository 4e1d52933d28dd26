//! The findings of a check of the LINE channel, and the advice: codes with their numbers, and the
//! same in English.

use crate::line::{LineError, Unreached};

/// A finding as a code with its numbers, for translation.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(tag = "code", rename = "ChannelFinding", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Finding {
    /// LINE takes the token.
    Account {
        /// The name of the clinic's LINE account.
        name: String,
        /// The id patients search for, with its `@`.
        basic_id: String,
    },
    /// LINE does not take the token.
    TokenNotTaken,
    /// LINE refuses because of the account's plan or rights.
    NotAllowed {
        /// The `message` of LINE's answer.
        message: String,
    },
    /// LINE's answer is an error of another kind, without words.
    RefusedWithoutWords {
        /// The HTTP status of LINE's answer.
        status: u16,
    },
    /// LINE's answer is an error of another kind.
    Refused {
        /// The HTTP status of LINE's answer.
        status: u16,
        /// The `message` of LINE's answer.
        message: String,
    },
    /// LINE could not be reached at all.
    Unreachable {
        /// What stopped the call.
        how: Unreached,
    },
    /// The month's count of messages; the plan has no limit.
    QuotaUnlimited {
        /// How many messages were sent this month, as LINE counts.
        used: u64,
    },
    /// The month's count of messages, and the plan's limit.
    QuotaUsed {
        /// Messages sent this month, at most `limit`.
        used: u64,
        /// Messages a month in the plan.
        limit: u64,
    },
    /// A channel secret was entered.
    SecretThere,
    /// Without the channel secret no answer can be trusted.
    SecretMissing,
    /// LINE calls this address with what patients do.
    WebhookEntered {
        /// The address LINE has for the channel.
        url: String,
    },
    /// The address is entered but switched off.
    WebhookOff {
        /// The address LINE has for the channel.
        url: String,
    },
    /// No webhook URL is entered at LINE.
    WebhookMissing,
    /// A test call of LINE arrived here.
    TestArrived,
    /// A test call did not arrive.
    TestFailed {
        /// LINE's name of the reason, such as `COULD_NOT_CONNECT`.
        reason: String,
        /// The `detail` of LINE's answer.
        detail: String,
    },
    /// LINE allows 60 test calls an hour.
    TestTooOften,
    /// LINE has delivered events again, so it is switched on.
    RedeliveryOn,
    /// LINE has delivered nothing again yet, which leaves it open.
    RedeliveryUnknown,
    /// This machine's clock agrees with LINE's.
    ClockAgrees,
    /// This machine's clock differs from LINE's.
    ClockDiffers {
        /// Whole seconds by which it is ahead or behind; always positive.
        seconds: i64,
    },
}

impl Finding {
    pub(super) fn in_words(&self) -> String {
        let words = match self {
            Self::Account { name, basic_id } => return format!("{name} ({basic_id})"),
            Self::TokenNotTaken => "LINE does not take the channel access token",
            Self::NotAllowed { message } => return format!("LINE does not allow it: {message}"),
            Self::Refused { status, message } => return format!("LINE answered {status}: {message}"),
            Self::RefusedWithoutWords { status } => return format!("LINE answered {status}"),
            Self::Unreachable { how } => return format!("LINE could not be reached: {}", how.in_words()),
            Self::QuotaUnlimited { used } => return format!("{used} messages this month, no limit"),
            Self::QuotaUsed { used, limit } => {
                return format!("{used} of {limit} messages used this month");
            }
            Self::SecretThere => "there is a channel secret",
            Self::SecretMissing => "without the channel secret no answer can be trusted",
            Self::WebhookEntered { url } => return url.clone(),
            Self::WebhookOff { url } => return format!("{url} is entered but switched off"),
            Self::WebhookMissing => "no webhook URL is entered",
            Self::TestArrived => "a test call arrived",
            Self::TestFailed { reason, detail } => {
                return format!("the test call failed: {reason} {detail}").trim().to_owned();
            }
            Self::TestTooOften => "LINE allows 60 test calls an hour; try again later",
            Self::RedeliveryOn => "LINE has delivered events again, so it is switched on",
            Self::RedeliveryUnknown => "LINE does not tell whether redelivery is on",
            Self::ClockAgrees => "this machine's clock agrees with LINE's",
            Self::ClockDiffers { seconds } => {
                return format!("this machine's clock differs from LINE's by {seconds} s");
            }
        };
        words.to_owned()
    }
}

impl From<LineError> for Finding {
    fn from(error: LineError) -> Self {
        match error {
            LineError::Unreachable(how) => Self::Unreachable { how },
            LineError::Refused { status, message } if message.is_empty() => {
                Self::RefusedWithoutWords { status }
            }
            LineError::Refused { status, message } => Self::Refused { status, message },
        }
    }
}

/// What staff can do about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema, specta::Type)]
#[serde(rename = "ChannelAdvice", rename_all = "camelCase")]
pub(crate) enum Advice {
    /// Issue a channel access token, or enter the channel's id and secret.
    EnterToken,
    /// Check the internet connection and the firewall.
    LookAtConnection,
    /// Check the plan and the rights of the account.
    LookAtPlan,
    /// Choose a larger plan, or wait for the next month.
    ChooseLargerPlan,
    /// Copy the channel secret from the console.
    CopySecret,
    /// The secret here is another channel's: copy it again.
    CopySecretAgain,
    /// Enter the address of this service as webhook URL.
    EnterWebhook,
    /// Switch on the webhook at LINE.
    SwitchOnWebhook,
    /// LINE cannot reach the address: check DNS, firewall and certificate.
    LookAtAddress,
    /// The address answers too slowly: check the proxy or the tunnel.
    AnswersTooSlowly,
    /// Something else answers: the address must end in `/webhook/line`.
    LookAtPath,
    /// Check the proxy or the tunnel.
    LookAtProxy,
    /// Switch on the redelivery of webhooks.
    SwitchOnRedelivery,
    /// Let this machine set its clock by itself.
    SwitchOnTime,
}

impl Advice {
    pub(super) const fn in_words(self) -> &'static str {
        match self {
            Self::EnterToken => {
                "Issue a channel access token in the LINE Developers console (Messaging API, at the bottom) \
                 and enter it here, or enter the channel id and the channel secret"
            }
            Self::LookAtConnection => {
                "Look at the internet connection of this machine, and whether a firewall lets it call \
                 api.line.me"
            }
            Self::LookAtPlan => {
                "Look at the plan and the rights of the account in the LINE Official Account Manager"
            }
            Self::ChooseLargerPlan => {
                "Choose a larger plan in the LINE Official Account Manager, or wait for the next month"
            }
            Self::CopySecret => {
                "Copy the channel secret from the LINE Developers console (Basic settings) and enter it here"
            }
            Self::CopySecretAgain => {
                "The channel secret here is not this channel's: copy it again from the console"
            }
            Self::EnterWebhook => {
                "Enter https://YOUR-ADDRESS/webhook/line as webhook URL in the LINE Developers console. \
                 LINE needs a public HTTPS address: run the headless service behind a reverse proxy or a tunnel"
            }
            Self::SwitchOnWebhook => {
                "Switch on \"Use webhook\" in the LINE Developers console (Messaging API)"
            }
            Self::LookAtAddress => {
                "LINE cannot reach the address: look at DNS, the firewall, the certificate (a public one, with its \
                 chain) and whether the service runs"
            }
            Self::AnswersTooSlowly => {
                "The address answers too slowly: look at the reverse proxy or the tunnel"
            }
            Self::LookAtPath => "Something else answers at the address: it must end in /webhook/line",
            Self::LookAtProxy => "Look at the reverse proxy or the tunnel in front of this service",
            Self::SwitchOnRedelivery => {
                "Switch on \"Webhook redelivery\" in the LINE Developers console (Messaging API), so that answers \
                 given while this machine is off are not lost"
            }
            Self::SwitchOnTime => "Switch on automatic time (NTP) in this machine's settings",
        }
    }

    /// The advice after a failed test call (Messaging API, "Test webhook endpoint").
    pub(super) fn after_test(reason: &str, status: u16) -> Self {
        match (reason, status) {
            (_, 401) => Self::CopySecretAgain,
            ("COULD_NOT_CONNECT", _) => Self::LookAtAddress,
            ("REQUEST_TIMEOUT", _) => Self::AnswersTooSlowly,
            ("ERROR_STATUS_CODE", _) => Self::LookAtPath,
            _ => Self::LookAtProxy,
        }
    }
}
