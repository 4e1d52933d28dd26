//! Decides whether a delivery may go now. Pure.

use crate::{
    clock::Timestamp,
    domain::{
        assignment::Status,
        clinic::{AtNight, Clinic},
        delivery::{Cause, KEY_LIFE_MS, State},
        patient,
        protocol::WhenUnreachable,
    },
    store::{
        deliveries::{Facts, Lapsed, Looked},
        patients::Patient,
    },
};

/// Crashes of the program during one message after which the message is stopped.
const MAX_CRASHES: i64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Go,
    /// It waits until this instant, or until somebody acts (`None`); no attempt is used up.
    Wait(Option<Timestamp>, Cause),
    Drop(DropReason),
}

/// Why a delivery does not go any more; decides its final state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DropReason {
    /// It was settled before this job ran: nothing to do.
    Settled,
    /// Its assignment is over: it is cancelled.
    Cancelled,
    /// The patient cannot be reached, and the protocol says to leave it out.
    LeftOut(Cause),
    /// Nothing goes until a person decides.
    Review(Cause),
}

/// Decides about one delivery at `now`; `in_practice` where messages go to the practice LINE.
pub(crate) fn gate(facts: &Facts, clinic: &Clinic, in_practice: bool, now: Timestamp) -> Verdict {
    if let Some(reason) = no_longer(facts, clinic, now) {
        return Verdict::Drop(reason);
    }
    // What ends by an act of a person is released by that act, and has no time until then.
    if facts.assignment_status.is_some_and(|s| s != Status::Active && !s.is_over()) {
        return Verdict::Wait(None, Cause::FollowUpPaused);
    }
    let may_drop = facts.when_unreachable == WhenUnreachable::Drop && facts.maybe_sent_at.is_none();
    match towards(facts, clinic, in_practice, now) {
        Verdict::Wait(_, cause @ (Cause::NotLinked | Cause::Blocked)) if may_drop => {
            Verdict::Drop(DropReason::LeftOut(cause))
        }
        verdict => verdict,
    }
}

/// The instant until which a message may go out by itself: while it is fresh, not counting the wait
/// for quiet hours, and while LINE surely knows its key.
pub(crate) fn sendable_until<'a>(of: impl Into<Freshness<'a>>, clinic: &Clinic) -> Timestamp {
    let of = of.into();
    let fresh = clinic.past_quiet(of.due_at, of.expires_at, clinic.zone_of(of.time_zone), of.at_night);
    of.maybe_sent_at.map_or(fresh, |at| fresh.min(at.plus_millis(KEY_LIFE_MS)))
}

/// The stored facts that decide how long a message may go out by itself.
pub(crate) struct Freshness<'a> {
    due_at: Timestamp,
    expires_at: Timestamp,
    maybe_sent_at: Option<Timestamp>,
    time_zone: Option<&'a str>,
    at_night: Option<AtNight>,
}

impl<'a> From<&'a Facts> for Freshness<'a> {
    fn from(facts: &'a Facts) -> Self {
        let Facts { due_at, expires_at, maybe_sent_at, at_night, .. } = *facts;
        Self { due_at, expires_at, maybe_sent_at, time_zone: facts.time_zone.as_deref(), at_night }
    }
}

impl<'a> From<&'a Lapsed> for Freshness<'a> {
    fn from(lapsed: &'a Lapsed) -> Self {
        let Lapsed { due_at, expires_at, maybe_sent_at, at_night, .. } = *lapsed;
        Self { due_at, expires_at, maybe_sent_at, time_zone: lapsed.time_zone.as_deref(), at_night }
    }
}

fn no_longer(facts: &Facts, clinic: &Clinic, now: Timestamp) -> Option<DropReason> {
    let maybe_sent_at = facts.maybe_sent_at;
    // Bytes that may have reached one account are never followed by the same to another.
    let moved = maybe_sent_at.is_some() && facts.recipient.is_some() && facts.recipient != facts.line_user_id;
    if facts.state != State::Queued {
        Some(DropReason::Settled)
    } else if facts.assignment_status.is_some_and(|s| s.is_over() && !(facts.retried && s.takes_retries())) {
        Some(DropReason::Cancelled)
    } else if facts.crash_starts >= MAX_CRASHES {
        Some(DropReason::Review(Cause::Crashed))
    } else if moved {
        Some(DropReason::Review(Cause::OutcomeUnknown))
    } else if now > sendable_until(facts, clinic) {
        Some(DropReason::Review(Cause::once_lapsed(None, maybe_sent_at.is_some())))
    } else {
        None
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Addressee<'a> {
    pub(crate) line_user_id: Option<&'a str>,
    pub(crate) reachability: patient::Reachability,
    pub(crate) status: patient::Status,
    pub(crate) consented_at: Option<Timestamp>,
    /// IANA; `None` for the clinic's.
    pub(crate) time_zone: Option<&'a str>,
    pub(crate) demo: bool,
    /// What the message's step says of quiet hours; `None` for what the clinic says.
    pub(crate) at_night: Option<AtNight>,
}

impl<'a> From<&'a Facts> for Addressee<'a> {
    fn from(facts: &'a Facts) -> Self {
        Self {
            line_user_id: facts.line_user_id.as_deref(),
            reachability: facts.reachability,
            status: facts.patient_status,
            consented_at: facts.consented_at,
            time_zone: facts.time_zone.as_deref(),
            demo: facts.demo,
            at_night: facts.at_night,
        }
    }
}

impl<'a> From<&'a Looked> for Addressee<'a> {
    fn from(looked: &'a Looked) -> Self {
        Self {
            line_user_id: looked.line_user_id.as_deref(),
            reachability: looked.reachability,
            status: looked.patient_status,
            consented_at: looked.consented_at,
            time_zone: looked.time_zone.as_deref(),
            demo: looked.demo,
            at_night: looked.at_night,
        }
    }
}

impl<'a> From<&'a Patient> for Addressee<'a> {
    fn from(patient: &'a Patient) -> Self {
        Self {
            line_user_id: patient.line_user_id.as_deref(),
            reachability: patient.reachability,
            status: patient.status,
            consented_at: patient.consented_at,
            time_zone: patient.time_zone.as_deref(),
            demo: patient.demo,
            at_night: None,
        }
    }
}

/// Decides about any message to this patient at `now`.
pub(crate) fn towards<'a>(
    to: impl Into<Addressee<'a>>,
    clinic: &Clinic,
    in_practice: bool,
    now: Timestamp,
) -> Verdict {
    let to = to.into();
    if clinic.paused.is_some() {
        return Verdict::Wait(None, Cause::SendingPaused);
    }
    if to.line_user_id.is_none() || to.reachability == patient::Reachability::Unlinked {
        return Verdict::Wait(None, Cause::NotLinked);
    }
    if to.reachability == patient::Reachability::Blocked {
        return Verdict::Wait(None, Cause::Blocked);
    }
    if to.status == patient::Status::Archived {
        return Verdict::Wait(None, Cause::PatientArchived);
    }
    if clinic.consent_required && to.consented_at.is_none() {
        return Verdict::Wait(None, Cause::NoConsent);
    }
    match clinic.held_until(now, clinic.zone_of(to.time_zone), to.at_night) {
        Some(until) => Verdict::Wait(Some(until.max(now.plus_millis(1))), Cause::QuietHours),
        // A demo patient in a clinic with a real channel: nothing is sent to anybody.
        None if to.demo && !in_practice => Verdict::Drop(DropReason::LeftOut(Cause::DemoPatient)),
        None => Verdict::Go,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::HOUR_MS,
        domain::{clinic::Paused, patient::Reachability},
    };

    const NOW: Timestamp = Timestamp::from_millis(1_000_000_000);

    fn facts() -> Facts {
        Facts::of_a_message(NOW)
    }

    #[test]
    fn nothing_holds_a_message_back_by_default() {
        assert_eq!(gate(&facts(), &Clinic::default(), false, NOW), Verdict::Go);
    }

    #[test]
    fn nothing_goes_to_an_assignment_that_is_not_active() {
        for &status in Status::ALL {
            let facts = Facts { assignment_status: Some(status), ..facts() };
            let expected = match status {
                Status::Active => Verdict::Go,
                Status::Assigned | Status::Paused => Verdict::Wait(None, Cause::FollowUpPaused),
                Status::Completed | Status::Cancelled => Verdict::Drop(DropReason::Cancelled),
            };
            assert_eq!(gate(&facts, &Clinic::default(), false, NOW), expected, "{status}");
        }
        // What failed before it completed itself goes when staff say so.
        for (status, expected) in
            [(Status::Completed, Verdict::Go), (Status::Cancelled, Verdict::Drop(DropReason::Cancelled))]
        {
            let tried = Facts { assignment_status: Some(status), retried: true, ..facts() };
            assert_eq!(gate(&tried, &Clinic::default(), false, NOW), expected, "{status}");
        }
    }

    #[test]
    fn a_stale_message_goes_to_review_and_says_when_it_may_have_been_sent() {
        let late = facts().expires_at.plus_millis(1);
        let surely_not = Facts { attempts: 2, ..facts() };
        let untried = gate(&surely_not, &Clinic::default(), false, late);
        assert_eq!(untried, Verdict::Drop(DropReason::Review(Cause::Stale)));
        let tried = Facts { maybe_sent_at: Some(NOW), ..facts() };
        let tried = gate(&tried, &Clinic::default(), false, late);
        assert_eq!(tried, Verdict::Drop(DropReason::Review(Cause::OutcomeUnknown)));
    }

    #[test]
    fn what_line_may_have_is_not_sent_again_once_line_forgot_its_key() {
        let expires_at = NOW.plus_millis(100 * HOUR_MS);
        let facts = Facts { maybe_sent_at: Some(NOW), expires_at, ..facts() };
        let known = NOW.plus_millis(KEY_LIFE_MS);
        assert_eq!(gate(&facts, &Clinic::default(), false, known), Verdict::Go);
        let verdict = gate(&facts, &Clinic::default(), false, known.plus_millis(1));
        assert_eq!(verdict, Verdict::Drop(DropReason::Review(Cause::OutcomeUnknown)));
    }

    #[test]
    fn a_pause_of_all_sending_holds_everything_until_it_ends() {
        let paused = Some(Paused { by: "Nok".into(), at: NOW, because: None });
        let clinic = Clinic { paused, ..Clinic::default() };
        assert_eq!(gate(&facts(), &clinic, false, NOW), Verdict::Wait(None, Cause::SendingPaused));
    }

    #[test]
    fn the_same_bytes_never_follow_a_patient_to_another_account() {
        let moved = Facts { maybe_sent_at: Some(NOW), line_user_id: Some("U2".into()), ..facts() };
        let verdict = gate(&moved, &Clinic::default(), false, NOW);
        assert_eq!(verdict, Verdict::Drop(DropReason::Review(Cause::OutcomeUnknown)));
        let refused = Facts { attempts: 1, line_user_id: Some("U2".into()), ..facts() };
        assert_eq!(gate(&refused, &Clinic::default(), false, NOW), Verdict::Go);
    }

    #[test]
    fn a_blocked_patients_step_waits_or_is_left_out_as_the_protocol_says() {
        let blocked = Facts { reachability: Reachability::Blocked, ..facts() };
        let verdict = gate(&blocked, &Clinic::default(), false, NOW);
        assert_eq!(verdict, Verdict::Wait(None, Cause::Blocked));
        let left_out = Facts { when_unreachable: WhenUnreachable::Drop, ..blocked };
        let verdict = gate(&left_out, &Clinic::default(), false, NOW);
        assert_eq!(verdict, Verdict::Drop(DropReason::LeftOut(Cause::Blocked)));
    }

    #[test]
    fn a_patient_of_the_demo_clinic_is_written_to_in_practice_only() {
        let demo = Facts { demo: true, ..facts() };
        let left_out = Verdict::Drop(DropReason::LeftOut(Cause::DemoPatient));
        assert_eq!(gate(&demo, &Clinic::default(), false, NOW), left_out);
        assert_eq!(gate(&demo, &Clinic::default(), true, NOW), Verdict::Go);
    }
}
