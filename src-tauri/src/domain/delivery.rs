//! One message to one patient, from planned to sent.

use super::named_enum;
use crate::{
    clock::{HOUR_MS, Timestamp},
    config::MAX_FRESHNESS_HOURS,
};

named_enum! {
    /// The state of a delivery.
    ///
    /// ```text
    /// scheduled -> queued -> sent
    ///                |  \--> retrying -> queued
    ///                |  \--> held -----> queued
    ///                |  \--> failed ---> queued   (sweep or staff)
    ///                \-----> review ---> queued   (staff)
    /// scheduled | queued | retrying | held | failed | review -> cancelled
    /// ```
    #[serde(rename = "MessageState")]
    State {
        /// Its time has not come; the tick promotes it.
        Scheduled = "scheduled",
        /// A job for it waits or runs.
        Queued = "queued",
        /// An attempt failed; the next one is planned.
        Retrying = "retrying",
        /// It waits for the channel, a rule, or an act of a person; its cause says which.
        Held = "held",
        /// LINE accepted the message.
        Sent = "sent",
        /// LINE refused it for good, or its retries are used up.
        Failed = "failed",
        /// It was not sent, and will not be without a person's decision.
        Review = "review",
        /// It will not be sent: staff, or the end of its follow-up, cancelled it.
        Cancelled = "cancelled",
    }
}

named_enum! {
    /// Why a delivery failed, waits for review or is held.
    Cause {
        /// LINE could not be reached, or answered 5xx.
        LineUnavailable = "line_unavailable",
        /// LINE's answer was lost: the message may have been sent.
        OutcomeUnknown = "outcome_unknown",
        /// LINE answered 429: too many requests at once.
        RateLimited = "rate_limited",
        /// 429: too many messages to this patient.
        PatientRateLimited = "patient_rate_limited",
        /// 429: the month's quota is used up.
        QuotaExhausted = "quota_exhausted",
        /// 401: the channel's token is not valid.
        TokenInvalid = "token_invalid",
        /// 400: LINE refuses the message itself.
        MessageInvalid = "message_invalid",
        /// Held: a variable has no value for this patient, or makes the message too long.
        Unfilled = "unfilled",
        /// 400: LINE does not know this user in this channel.
        PatientUnknown = "patient_unknown",
        /// 403: the account's plan or rights do not allow it.
        NotAllowed = "not_allowed",
        /// 404, 410, 413, 415: LINE refuses the request.
        Refused = "refused",
        /// The patient has no LINE account linked.
        NotLinked = "not_linked",
        /// The patient blocked the clinic's account.
        Blocked = "blocked",
        /// Its freshness window passed before it could be sent.
        Stale = "stale",
        /// The program ended three times while it was being sent.
        Crashed = "crashed",
        /// Held: staff paused all sending.
        SendingPaused = "sending_paused",
        /// Held: staff paused its follow-up.
        FollowUpPaused = "follow_up_paused",
        /// Held: the patient has not agreed to get messages.
        NoConsent = "no_consent",
        /// Held: the patient is archived.
        PatientArchived = "patient_archived",
        /// Held: it is night for the patient.
        QuietHours = "quiet_hours",
        /// Held: the patient got another message just now.
        PatientPace = "patient_pace",
        /// A patient of the demo clinic, with no practice LINE to send to.
        DemoPatient = "demo_patient",
        /// Held: staff hold back this one message until they release it.
        HeldByStaff = "held_by_staff",
    }
}

/// Hours after the first attempt in which LINE surely knows the retry key: it forgets after 24 h
/// (Messaging API, "Retrying an API request"); an hour is kept as a margin.
pub(crate) const KEY_LIFE_HOURS: u32 = MAX_FRESHNESS_HOURS;

pub(crate) const KEY_LIFE_MS: i64 = KEY_LIFE_HOURS as i64 * HOUR_MS;

/// Whether LINE surely knows the key of a message that it may have: sent once more under it,
/// the message does not reach the patient twice.
pub(crate) fn is_key_known(maybe_sent_at: Option<Timestamp>, now: Timestamp) -> bool {
    maybe_sent_at.is_none_or(|at| at >= oldest_known_key(now))
}

/// The oldest instant of a first attempt whose key LINE still surely knows.
pub(crate) const fn oldest_known_key(now: Timestamp) -> Timestamp {
    now.plus_millis(-KEY_LIFE_MS)
}

// The store has each of the lists below as text (store/fragments.rs), in the same order; a test
// compares them.
impl State {
    /// Not sent yet, and to be sent without a person.
    pub(crate) const OPEN: &[Self] = &[Self::Scheduled, Self::Queued, Self::Retrying, Self::Held];
    /// A person has to look at it.
    pub(crate) const ATTENTION: &[Self] = &[Self::Failed, Self::Review];
    /// Staff can cancel it.
    pub(crate) const CANCELLABLE: &[Self] =
        &[Self::Scheduled, Self::Queued, Self::Retrying, Self::Held, Self::Failed, Self::Review];
}

#[cfg(any(test, feature = "desktop"))]
impl State {
    /// Open and without a job: it waits for a time or an act.
    pub(crate) const WAITING: &[Self] = &[Self::Scheduled, Self::Retrying, Self::Held];
    /// Waiting because something hindered it, not because its time has not come.
    pub(crate) const HINDERED: &[Self] = &[Self::Retrying, Self::Held];
}

#[cfg(test)]
impl State {
    /// Open, or for a person to decide: its follow-up cannot complete.
    pub(crate) const UNDECIDED: &[Self] =
        &[Self::Scheduled, Self::Queued, Self::Retrying, Self::Held, Self::Review];
    /// Its time has come; a pause of its follow-up holds it.
    pub(crate) const PAUSABLE: &[Self] = &[Self::Queued, Self::Retrying, Self::Held];
    /// Not sent, and without a job that will record its result.
    pub(crate) const UNQUEUED: &[Self] =
        &[Self::Scheduled, Self::Retrying, Self::Held, Self::Failed, Self::Review, Self::Cancelled];
    /// An attempt ended: it has a row of the log.
    pub(crate) const LOGGED: &[Self] = &[Self::Sent, Self::Failed, Self::Review];
    /// Nobody need look at it any more.
    pub(crate) const RESOLVED: &[Self] = &[Self::Sent, Self::Cancelled, Self::Queued];
}

/// Whether sending an unsent message once more, unchanged, can help and is safe.
pub(crate) fn can_help(cause: Option<Cause>, maybe_sent_at: Option<Timestamp>, now: Timestamp) -> bool {
    is_key_known(maybe_sent_at, now) && cause.is_none_or(Cause::is_retryable)
}

#[cfg(test)]
impl InteractionStatus {
    /// The chat is proven to work.
    pub(crate) const PROVEN: &[Self] = &[Self::Delivered, Self::Read, Self::Responded];
    /// The patient saw this very message.
    pub(crate) const SEEN: &[Self] = &[Self::Read, Self::Responded];
    /// Accepted, and not known to have been seen.
    pub(crate) const UNSEEN: &[Self] = &[Self::Sent, Self::Delivered];
    /// Accepted, and an answer may still come.
    pub(crate) const UNANSWERED: &[Self] = &[Self::Sent, Self::Delivered, Self::Read];
    /// Its question is settled: by an answer, or by the end of its window.
    pub(crate) const SETTLED: &[Self] = &[Self::Responded, Self::Missed];
}

/// Groups of causes. Each but `Channel` is a list in the SQL statements, too
/// (`store/fragments.rs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Failures that pass by themselves: the sweep tries these again.
    Passing,
    /// Failures that each need a look: not among those staff retry by one press.
    Single,
    /// The whole channel is down: what it holds goes when LINE takes messages again.
    Channel,
    /// Reasons to hold that lie with the patient: checked again when the patient changes.
    Patient,
    /// Reasons to hold that are rules of the clinic.
    Rule,
    /// The patient cannot be reached: kept as the reason when the message expires.
    Reach,
}

/// What lets a held message go.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReleasedBy {
    /// An act of staff that ends the reason.
    Staff,
    /// LINE, when it takes messages again.
    Line,
    Patient,
    /// Its own time, by a rule of the clinic.
    Time,
}

impl Cause {
    pub(crate) const fn groups(self) -> &'static [Group] {
        match self {
            Self::LineUnavailable => &[Group::Passing, Group::Channel],
            Self::OutcomeUnknown | Self::RateLimited | Self::PatientRateLimited => &[Group::Passing],
            Self::QuotaExhausted | Self::TokenInvalid => &[Group::Channel],
            Self::MessageInvalid
            | Self::PatientUnknown
            | Self::NotAllowed
            | Self::Refused
            | Self::Crashed => &[Group::Single],
            Self::NotLinked | Self::Blocked => &[Group::Single, Group::Patient, Group::Reach],
            Self::NoConsent | Self::PatientArchived | Self::Unfilled => &[Group::Patient],
            Self::QuietHours | Self::PatientPace => &[Group::Patient, Group::Rule],
            Self::Stale
            | Self::SendingPaused
            | Self::FollowUpPaused
            | Self::DemoPatient
            | Self::HeldByStaff => &[],
        }
    }

    pub(crate) fn is_of(self, group: Group) -> bool {
        self.groups().contains(&group)
    }

    /// In the order of declaration.
    pub(crate) fn all_of(group: Group) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |cause| cause.is_of(group))
    }

    /// Why a message was not sent before its time passed: `held_for` is what held it until then.
    pub(crate) fn once_lapsed(held_for: Option<Self>, maybe_sent: bool) -> Self {
        let reason = held_for.filter(|cause| cause.is_of(Group::Reach)).unwrap_or(Self::Stale);
        Self::or_in_doubt(Some(reason), maybe_sent).unwrap_or(reason)
    }

    /// What is said of a message that ends unsent: that LINE may have it goes before any other cause.
    pub(crate) const fn or_in_doubt(cause: Option<Self>, maybe_sent: bool) -> Option<Self> {
        if maybe_sent { Some(Self::OutcomeUnknown) } else { cause }
    }

    /// Whether sending again, unchanged, can help.
    pub(crate) const fn is_retryable(self) -> bool {
        match self {
            Self::LineUnavailable
            | Self::OutcomeUnknown
            | Self::RateLimited
            | Self::PatientRateLimited
            | Self::QuotaExhausted
            | Self::TokenInvalid
            | Self::Unfilled
            | Self::NotLinked
            | Self::Blocked
            | Self::Stale
            | Self::Crashed
            | Self::SendingPaused
            | Self::FollowUpPaused
            | Self::NoConsent
            | Self::PatientArchived
            | Self::QuietHours
            | Self::PatientPace
            | Self::HeldByStaff => true,
            Self::MessageInvalid
            | Self::PatientUnknown
            | Self::NotAllowed
            | Self::Refused
            | Self::DemoPatient => false,
        }
    }

    /// Whether a message is held for it, rather than failed.
    #[cfg(feature = "desktop")]
    pub(crate) const fn holds(self) -> bool {
        match self {
            Self::LineUnavailable
            | Self::PatientRateLimited
            | Self::QuotaExhausted
            | Self::TokenInvalid
            | Self::Unfilled
            | Self::NotLinked
            | Self::Blocked
            | Self::SendingPaused
            | Self::FollowUpPaused
            | Self::NoConsent
            | Self::PatientArchived
            | Self::QuietHours
            | Self::PatientPace
            | Self::HeldByStaff => true,
            Self::OutcomeUnknown
            | Self::RateLimited
            | Self::MessageInvalid
            | Self::PatientUnknown
            | Self::NotAllowed
            | Self::Refused
            | Self::Stale
            | Self::Crashed
            | Self::DemoPatient => false,
        }
    }

    /// What lets a message go that is held for it; staff where it holds nothing today.
    pub(crate) const fn released_by(self) -> ReleasedBy {
        match self {
            Self::QuietHours | Self::PatientPace | Self::PatientRateLimited => ReleasedBy::Time,
            Self::LineUnavailable | Self::QuotaExhausted | Self::RateLimited => ReleasedBy::Line,
            Self::Blocked => ReleasedBy::Patient,
            Self::OutcomeUnknown
            | Self::TokenInvalid
            | Self::MessageInvalid
            | Self::Unfilled
            | Self::PatientUnknown
            | Self::NotAllowed
            | Self::Refused
            | Self::NotLinked
            | Self::Stale
            | Self::Crashed
            | Self::SendingPaused
            | Self::FollowUpPaused
            | Self::NoConsent
            | Self::PatientArchived
            | Self::DemoPatient
            | Self::HeldByStaff => ReleasedBy::Staff,
        }
    }

    /// English, for staff.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::LineUnavailable => "LINE could not be reached or had trouble",
            Self::OutcomeUnknown => "LINE's answer was lost; the message may have been sent",
            Self::RateLimited => "LINE asked to send more slowly",
            Self::PatientRateLimited => "too many messages to this patient at once",
            Self::QuotaExhausted => "the monthly LINE limit is reached",
            Self::TokenInvalid => "the LINE access token is not valid",
            Self::MessageInvalid => "LINE refuses this message; the step needs mending",
            Self::Unfilled => "a variable of this message has no value, or makes it too long for LINE",
            Self::PatientUnknown => "LINE does not know this patient's id; link the patient again",
            Self::NotAllowed => "the LINE account is not allowed to send this",
            Self::Refused => "LINE refused the request",
            Self::NotLinked => "the patient has no LINE account linked",
            Self::Blocked => "the patient blocked the clinic's LINE account",
            Self::Stale => "its time passed before it could be sent",
            Self::Crashed => "sending was stopped after it interrupted the program several times",
            Self::SendingPaused => "all sending is paused",
            Self::FollowUpPaused => "its follow-up is paused",
            Self::NoConsent => "the patient has not agreed to get messages",
            Self::PatientArchived => "the patient is archived",
            Self::QuietHours => "quiet hours",
            Self::PatientPace => "the patient got another message just now",
            Self::DemoPatient => "demo patients get messages in practice mode only",
            Self::HeldByStaff => "somebody holds it back",
        }
    }
}

named_enum! {
    /// How soon a message goes among several that are due.
    #[derive(Default)]
    Priority {
        /// It goes before normal and low ones.
        High = "high",
        /// It goes in its turn.
        #[default]
        Normal = "normal",
        /// It goes when nothing else is due.
        Low = "low",
    }
}

impl Priority {
    /// The higher goes first.
    pub(crate) const fn rank(self) -> i32 {
        match self {
            Self::High => 20,
            Self::Normal => 10,
            Self::Low => 0,
        }
    }
}

named_enum! {
    /// The states of a row of the interaction log.
    InteractionStatus {
        /// LINE accepted it; nothing is known beyond that.
        Sent = "sent",
        /// A later event of the patient proves that the chat works.
        Delivered = "delivered",
        /// The patient quoted or answered this very message.
        Read = "read",
        /// The patient pressed one of its buttons.
        Responded = "responded",
        /// Nobody answered its question within the window.
        Missed = "missed",
        /// LINE did not accept it.
        Failed = "failed",
    }
}
