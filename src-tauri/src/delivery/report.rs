//! The result of a job: the one thing a handler returns, and all that the recorder writes.

use std::sync::Arc;

use super::{compose::Unfilled, gate::DropReason, outcome::Next};
use crate::{
    clock::Timestamp,
    domain::delivery::{Cause, Group, State},
    ids::{AssignmentId, PatientId},
    line::PushOutcome,
    queue::in_progress::Sending,
    store::{
        deliveries::{Facts, Outcome},
        delivery_attempts::Attempt,
    },
};

#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) outcome: Outcome,
    /// The attempt where it failed; a successful one leaves no row.
    pub(crate) attempt: Option<Attempt>,
    pub(crate) patient_id: PatientId,
    /// It may complete with this; `None` for a one-off message.
    pub(crate) assignment_id: Option<AssignmentId>,
    pub(crate) due_at: Timestamp,
    /// Whether it was tried before: then staff may have it on their list.
    pub(crate) tried_before: bool,
    /// Whether LINE may have it from an earlier attempt.
    pub(crate) maybe_sent_before: bool,
    /// The LINE user it went to, where LINE does not know that id: staff see it before the next
    /// step is due.
    pub(crate) unknown_user: Option<String>,
    /// Held until this is written, so that the message counts as on its way.
    pub(crate) sending: Option<Arc<Sending>>,
}

impl Report {
    /// Whether the worklist has to change: the message failed, or went out after it may have been
    /// listed.
    pub(crate) const fn concerns_staff(&self) -> bool {
        match self.outcome.state {
            State::Failed | State::Review => true,
            State::Sent => self.tried_before,
            _ => false,
        }
    }

    fn untried(facts: &Facts, state: State) -> Self {
        Self {
            outcome: Outcome {
                id: facts.id,
                state,
                attempt_used: 0,
                attempted_at: None,
                next_attempt_at: None,
                maybe_sent_at: None,
                expires_at: None,
                accepted_at: None,
                line_message_ids: None,
                line_request_id: None,
                cause: None,
                http_status: None,
                error_text: None,
                settled: false,
            },
            attempt: None,
            patient_id: facts.patient_id,
            assignment_id: facts.assignment_id,
            due_at: facts.due_at,
            tried_before: facts.attempts > 0,
            maybe_sent_before: facts.maybe_sent_at.is_some(),
            unknown_user: None,
            sending: None,
        }
    }

    pub(super) fn held(facts: &Facts, until: Option<Timestamp>, cause: Cause) -> Self {
        let mut report = Self::untried(facts, State::Held);
        report.outcome.next_attempt_at = until.map(Timestamp::as_millis);
        report.outcome.cause = Some(cause);
        report
    }

    pub(super) fn dropped(facts: &Facts, reason: DropReason) -> Self {
        match reason {
            // Only the job ends; the delivery stays as it is.
            DropReason::Settled => {
                let mut report = Self::untried(facts, facts.state);
                report.outcome.settled = true;
                report
            }
            DropReason::Cancelled => {
                let mut report = Self::untried(facts, State::Cancelled);
                report.outcome.cause = Cause::or_in_doubt(None, facts.maybe_sent_at.is_some());
                report
            }
            DropReason::LeftOut(cause) => {
                let mut report = Self::untried(facts, State::Cancelled);
                report.outcome.cause = Some(cause);
                report
            }
            DropReason::Review(cause) => {
                let mut report = Self::untried(facts, State::Review);
                report.outcome.cause = Some(cause);
                report
            }
        }
    }

    /// A report that a variable has no value: the message waits for one.
    pub(super) fn unfilled(facts: &Facts, unfilled: &Unfilled) -> Self {
        let mut report = Self::held(facts, None, Cause::Unfilled);
        report.outcome.error_text = unfilled.about();
        report
    }

    /// A report that the stored content cannot be rendered: it was valid once, so a person has to
    /// look.
    pub(super) fn unsendable(facts: &Facts) -> Self {
        let mut report = Self::untried(facts, State::Failed);
        report.outcome.cause = Some(Cause::MessageInvalid);
        report
    }

    pub(super) fn attempted(
        facts: &Facts,
        result: &PushOutcome,
        next: &Next,
        began_at: Timestamp,
        done_at: Timestamp,
    ) -> Self {
        let mut report = Self::untried(facts, next.state());
        let o = &mut report.outcome;
        let held = matches!(next, Next::Hold(_));
        o.attempt_used = i64::from(!held);
        o.attempted_at = Some(began_at.as_millis());
        o.maybe_sent_at = result.may_be_accepted().then_some(began_at.as_millis());
        o.http_status = result.status().map(i64::from);
        o.error_text = result.text().map(str::to_owned);
        match next {
            Next::Sent => o.accepted_at = Some(done_at.as_millis()),
            Next::Retry(at, cause) => {
                o.next_attempt_at = Some(at.as_millis());
                o.cause = Some(in_doubt(facts, *cause));
            }
            Next::Hold(cause) => {
                o.cause = Some(*cause);
            }
            Next::Fail(cause) => o.cause = Some(in_doubt(facts, *cause)),
        }
        o.line_request_id = result.request_id().map(str::to_owned);
        if let PushOutcome::Accepted { line_message_ids, .. } = result {
            o.line_message_ids = serde_json::to_string(line_message_ids).ok();
        }
        let cause = o.cause;
        report.attempt = cause.filter(|_| !held).map(|cause| Attempt {
            delivery_id: facts.id,
            attempt: facts.attempts + 1,
            started_at: began_at,
            finished_at: done_at,
            cause,
            http_status: result.status().map(i64::from),
            error_text: result.text().map(str::to_owned),
        });
        let unknown = matches!(result, PushOutcome::Refused { cause: Cause::PatientUnknown, .. });
        report.unknown_user = facts.line_user_id.clone().filter(|_| unknown);
        report
    }
}

/// The cause to record: a lost answer stays the cause over a later passing failure, since a person
/// has to know that the message may have been sent.
fn in_doubt(facts: &Facts, cause: Cause) -> Cause {
    let lost = facts.cause == Some(Cause::OutcomeUnknown) && facts.maybe_sent_at.is_some();
    if lost && cause.is_of(Group::Passing) { Cause::OutcomeUnknown } else { cause }
}
