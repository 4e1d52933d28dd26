//! Whether a delivery may go now. Pure.

use crate::{
    clock::Timestamp,
    domain::{
        assignment,
        clinic::Clinic,
        delivery::{Cause, State},
        patient,
        protocol::WhenUnreachable,
    },
    store::deliveries::Facts,
};

/// How often the program may end while one message is being sent before it is stopped.
pub const MOST_CRASHES: i64 = 3;

/// What the gate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Send it.
    Go,
    /// Not before this instant; no attempt is used up.
    Wait(Timestamp, Hold),
    /// Not any more.
    Drop(Fate),
}

/// Why a delivery is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Staff paused all sending.
    Paused,
    /// The patient has no LINE account linked.
    NotLinked,
    /// The patient blocked the clinic's account.
    Blocked,
    /// The patient has not agreed to get messages.
    NoConsent,
    /// It is night for the patient.
    QuietHours,
    /// The patient got another message just now.
    Pace,
}

impl Hold {
    /// The cause as stored, where there is one of that name.
    pub const fn cause(self) -> Option<Cause> {
        match self {
            Self::NotLinked => Some(Cause::NotLinked),
            Self::Blocked => Some(Cause::Blocked),
            Self::Paused | Self::NoConsent | Self::QuietHours | Self::Pace => None,
        }
    }

    /// Why, in staff words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Paused => "all sending is paused",
            Self::NotLinked => "the patient has no LINE account linked",
            Self::Blocked => "the patient blocked the clinic's LINE account",
            Self::NoConsent => "the patient has not agreed to get messages",
            Self::QuietHours => "quiet hours",
            Self::Pace => "the patient got another message just now",
        }
    }
}

/// Where a delivery that may not go any more ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was settled before this job ran: nothing to do.
    Settled,
    /// Its assignment is not active.
    Cancelled,
    /// The patient cannot be reached, and the protocol says to leave it out then.
    LeftOut(Hold),
    /// A person is to decide.
    Review(Cause),
}

/// Decides about one delivery at `now`.
pub fn gate(facts: &Facts, clinic: &Clinic, now: Timestamp) -> Verdict {
    if let Some(fate) = no_longer(facts, now) {
        return Verdict::Drop(fate);
    }
    match not_yet(facts, clinic, now) {
        Some((_, hold @ (Hold::NotLinked | Hold::Blocked)))
            if facts.when_unreachable == WhenUnreachable::Drop && facts.attempts == 0 =>
        {
            Verdict::Drop(Fate::LeftOut(hold))
        }
        Some((until, hold)) => Verdict::Wait(until.max(now.plus_millis(1)), hold),
        None => Verdict::Go,
    }
}

fn no_longer(facts: &Facts, now: Timestamp) -> Option<Fate> {
    let active = facts.assignment_status.is_none_or(|s| s == assignment::Status::Active);
    // Bytes that may have reached one account are never followed by the same to another.
    let moved = facts.attempts > 0 && facts.recipient.is_some() && facts.recipient != facts.line_user_id;
    if facts.state != State::Queued {
        Some(Fate::Settled)
    } else if !active {
        Some(Fate::Cancelled)
    } else if facts.crash_starts >= MOST_CRASHES {
        Some(Fate::Review(Cause::Crashed))
    } else if moved {
        Some(Fate::Review(Cause::OutcomeUnknown))
    } else if now > facts.expires_at {
        Some(Fate::Review(if facts.attempts > 0 { Cause::OutcomeUnknown } else { Cause::Stale }))
    } else {
        None
    }
}

fn not_yet(facts: &Facts, clinic: &Clinic, now: Timestamp) -> Option<(Timestamp, Hold)> {
    // What ends by an act of a person is looked at again when that act comes, at the latest
    // when the message expires.
    let until_act = facts.expires_at;
    if clinic.paused.is_some() {
        return Some((until_act, Hold::Paused));
    }
    if facts.line_user_id.is_none() || facts.reachability == patient::Reachability::Unlinked {
        return Some((until_act, Hold::NotLinked));
    }
    if facts.reachability == patient::Reachability::Blocked {
        return Some((until_act, Hold::Blocked));
    }
    let consents = facts.consented_at.is_some() || !clinic.consent_required;
    if !consents || facts.patient_status == patient::Status::Archived {
        return Some((until_act, Hold::NoConsent));
    }
    let zone = clinic.zone_of(facts.time_zone.as_deref());
    let quiet = clinic.quiet_hours.and_then(|q| q.quiet_until(now, zone));
    if let Some(until) = quiet {
        return Some((until, Hold::QuietHours));
    }
    let pace = i64::from(clinic.patient_pace_seconds.unwrap_or(0)) * 1000;
    let free_at = facts.last_accepted_at?.plus_millis(pace);
    (pace > 0 && now < free_at).then_some((free_at, Hold::Pace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{clinic::Paused, message::MessageType, patient::Reachability},
        ids::{AssignmentId, DeliveryId, PatientId},
    };

    const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

    fn facts() -> Facts {
        Facts {
            id: DeliveryId::new(NOW),
            state: State::Queued,
            patient_id: PatientId::new(NOW),
            assignment_id: Some(AssignmentId::new(NOW)),
            message_type: MessageType::Text,
            content: r#"{"text":"hello"}"#.into(),
            feedback: None,
            body: Some("{}".into()),
            recipient: Some("U1".into()),
            due_at: NOW,
            expires_at: NOW.plus_millis(3_600_000),
            attempts: 0,
            round_attempts: 0,
            crash_starts: 0,
            first_attempt_at: None,
            line_user_id: Some("U1".into()),
            patient_status: patient::Status::Active,
            reachability: Reachability::Unknown,
            when_unreachable: WhenUnreachable::Hold,
            consented_at: None,
            time_zone: None,
            assignment_status: Some(assignment::Status::Active),
            last_accepted_at: None,
        }
    }

    #[test]
    fn nothing_holds_a_message_back_by_default() {
        assert_eq!(gate(&facts(), &Clinic::default(), NOW), Verdict::Go);
    }

    #[test]
    fn nothing_goes_to_an_assignment_that_is_not_active() {
        for &status in assignment::Status::ALL {
            let facts = Facts { assignment_status: Some(status), ..facts() };
            let goes = gate(&facts, &Clinic::default(), NOW) == Verdict::Go;
            assert_eq!(goes, status == assignment::Status::Active, "{status}");
        }
    }

    #[test]
    fn a_stale_message_goes_to_review_and_says_when_it_may_have_been_sent() {
        let late = facts().expires_at.plus_millis(1);
        let untried = gate(&facts(), &Clinic::default(), late);
        assert_eq!(untried, Verdict::Drop(Fate::Review(Cause::Stale)));
        let tried = Facts { attempts: 2, ..facts() };
        let tried = gate(&tried, &Clinic::default(), late);
        assert_eq!(tried, Verdict::Drop(Fate::Review(Cause::OutcomeUnknown)));
    }

    #[test]
    fn a_pause_of_all_sending_holds_everything() {
        let paused = Some(Paused { by: "Nok".into(), at: NOW });
        let clinic = Clinic { paused, ..Clinic::default() };
        assert!(matches!(gate(&facts(), &clinic, NOW), Verdict::Wait(_, Hold::Paused)));
    }

    #[test]
    fn the_same_bytes_never_follow_a_patient_to_another_account() {
        let moved = Facts { attempts: 1, line_user_id: Some("U2".into()), ..facts() };
        let verdict = gate(&moved, &Clinic::default(), NOW);
        assert_eq!(verdict, Verdict::Drop(Fate::Review(Cause::OutcomeUnknown)));
    }

    #[test]
    fn a_blocked_patients_step_waits_or_is_left_out_as_the_protocol_says() {
        let blocked = Facts { reachability: Reachability::Blocked, ..facts() };
        let verdict = gate(&blocked, &Clinic::default(), NOW);
        assert_eq!(verdict, Verdict::Wait(blocked.expires_at, Hold::Blocked));
        let left_out = Facts { when_unreachable: WhenUnreachable::Drop, ..blocked };
        let verdict = gate(&left_out, &Clinic::default(), NOW);
        assert_eq!(verdict, Verdict::Drop(Fate::LeftOut(Hold::Blocked)));
    }

    #[test]
    fn a_message_waits_for_the_patients_pace() {
        let clinic = Clinic { patient_pace_seconds: Some(60), ..Clinic::default() };
        let soon = Facts { last_accepted_at: Some(NOW.plus_millis(-10_000)), ..facts() };
        let until = NOW.plus_millis(50_000);
        assert_eq!(gate(&soon, &clinic, NOW), Verdict::Wait(until, Hold::Pace));
    }
}
