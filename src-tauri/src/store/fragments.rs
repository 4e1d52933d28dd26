//! The lists of states, causes and reasons in the statements, as text: a partial index is used only
//! for the exact words it was made with. `domain/` has them as lists with their meaning; one test
//! compares both, and another refuses a list written in a statement itself.

use const_format::formatcp;

use crate::domain::activity::Actor;

/// The `resolved_by` where the program settles an item itself.
pub(super) const PROGRAM: &str = Actor::Program.as_str();

pub(super) const CANCELLABLE_STATES: &str = "('scheduled', 'queued', 'retrying', 'held', 'failed', 'review')";
pub(super) const UNDECIDED_STATES: &str = "('scheduled', 'queued', 'retrying', 'held', 'review')";
pub(super) const OPEN_STATES: &str = "('scheduled', 'queued', 'retrying', 'held')";
pub(super) const WAITING_STATES: &str = "('scheduled', 'retrying', 'held')";
pub(super) const ATTENTION_STATES: &str = "('failed', 'review')";
pub(super) const HINDERED_STATES: &str = "('retrying', 'held')";
pub(super) const PAUSABLE_STATES: &str = "('queued', 'retrying', 'held')";
pub(super) const UNQUEUED_STATES: &str = "('scheduled', 'retrying', 'held', 'failed', 'review', 'cancelled')";
pub(super) const LOGGED_STATES: &str = "('sent', 'failed', 'review')";
pub(super) const RESOLVED_STATES: &str = "('sent', 'cancelled', 'queued')";
/// `assignment::Status::takes_retries`.
pub(super) const RETRIED_ASSIGNMENTS: &str = "('assigned', 'active', 'paused', 'completed')";
/// A delivery that staff hold back, for statements on `deliveries` alone.
pub(super) const HELD_BY_STAFF: &str = "(state = 'held' AND COALESCE(cause, '') = 'held_by_staff')";
/// When a snoozed item of the worklist shows again; 0 for one that is not snoozed.
pub(super) const WAKES_AT: &str = "COALESCE(snoozed_until, 0)";
/// Words of a patient or a stranger that LINE can be told are read.
pub(super) const MARKABLE: &str = "read_token IS NOT NULL AND read_at IS NULL";
/// Milliseconds from due to accepted of delivery `d`; 0 for one accepted early or not at all.
pub(super) const LATE_MS: &str =
    "CASE WHEN d.accepted_at > d.due_at THEN d.accepted_at - d.due_at ELSE 0 END";
/// A row of the log whose message LINE took; a row that has another status than these is `failed`.
pub(super) const ACCEPTED: &str = "status <> 'failed'";

/// An end of freshness, or the last instant at which LINE surely knows the key of what it may have
/// had since another, where that is earlier.
macro_rules! within_key_life {
    ($expires_at:literal, since $maybe_sent_at:literal) => {
        formatcp!(
            "CASE WHEN {since} + {life} < {expires} THEN {since} + {life} ELSE {expires} END",
            since = $maybe_sent_at,
            life = crate::domain::delivery::KEY_LIFE_MS,
            expires = $expires_at
        )
    };
}
pub(super) use within_key_life;

/// `Cause::or_in_doubt`.
pub(super) const CAUSE_OR_IN_DOUBT: &str =
    "CASE WHEN maybe_sent_at IS NULL THEN cause ELSE 'outcome_unknown' END";

/// `Cause::or_in_doubt` of no cause.
pub(super) const NONE_OR_IN_DOUBT: &str =
    "CASE WHEN maybe_sent_at IS NULL THEN NULL ELSE 'outcome_unknown' END";

/// `Cause::once_lapsed`, of a delivery that its cause holds.
pub(super) const CAUSE_ONCE_LAPSED: &str = formatcp!(
    "CASE WHEN maybe_sent_at IS NULL THEN CASE WHEN cause IN {UNREACHABLE_CAUSES} THEN cause ELSE 'stale' END
        ELSE 'outcome_unknown' END"
);

/// The key under which the question of delivery `d` was asked first: `Asking::first`.
pub(super) const FIRST_ASKED: &str =
    "CASE WHEN d.postponed > 0 THEN (d.occurrence - d.postponed) / 10 ELSE d.occurrence END";

/// Whether the key of delivery `d` is one of a question asked again that was asked first under
/// `f.asked`: `Draft::asked_again`.
pub(super) const ASKS_AGAIN: &str = "(d.occurrence > f.asked * 10 AND d.occurrence < f.asked * 10 + 10)";

pub(super) const PASSING_CAUSES: &str =
    "('line_unavailable', 'outcome_unknown', 'rate_limited', 'patient_rate_limited')";
pub(super) const SINGLE_CAUSES: &str =
    "('message_invalid', 'patient_unknown', 'not_allowed', 'refused', 'crashed', 'not_linked', 'blocked')";
pub(super) const PATIENT_CAUSES: &str =
    "('not_linked', 'blocked', 'no_consent', 'patient_archived', 'unfilled', 'quiet_hours', 'patient_pace')";
pub(super) const RULE_CAUSES: &str = "('quiet_hours', 'patient_pace')";
/// `Group::Reach`.
pub(super) const UNREACHABLE_CAUSES: &str = "('not_linked', 'blocked')";
pub(super) const PROVEN_STATUSES: &str = "('delivered', 'read', 'responded')";
pub(super) const SEEN_STATUSES: &str = "('read', 'responded')";
pub(super) const UNSEEN_STATUSES: &str = "('sent', 'delivered')";
pub(super) const UNANSWERED_STATUSES: &str = "('sent', 'delivered', 'read')";
pub(super) const SETTLED_STATUSES: &str = "('responded', 'missed')";
pub(super) const ONGOING_ASSIGNMENTS: &str = "('assigned', 'active', 'paused')";
pub(super) const STARTED_ASSIGNMENTS: &str = "('active', 'paused')";
pub(super) const UNWRITTEN_REASONS: &str = "('no_room', 'not_writable')";

// The states of apalis' own table `Jobs`.

pub(super) const CLAIMED_JOBS: &str = "('Queued', 'Running')";
pub(super) const UNBEGUN_JOBS: &str = "('Pending', 'Queued')";
pub(super) const UNFINISHED_JOBS: &str = "('Pending', 'Queued', 'Running')";
/// States of a job that is over: the list of `idx_jobs_finished`.
pub(super) const FINISHED_JOBS: &str = "('Done', 'Failed', 'Killed')";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::Serialize;
    use sqlx::{Connection, SqliteConnection};

    use super::*;
    use crate::domain::{
        assignment,
        delivery::{Cause, Group, InteractionStatus, State},
        draft::{Asking, asked_again_key},
        media,
    };

    #[test]
    fn each_fragment_is_the_list_of_the_domain() {
        let of = |group| Cause::all_of(group).map(Cause::as_str).collect::<BTreeSet<_>>();
        assert_eq!(names(PASSING_CAUSES), of(Group::Passing));
        assert_eq!(names(SINGLE_CAUSES), of(Group::Single));
        assert_eq!(names(PATIENT_CAUSES), of(Group::Patient));
        assert_eq!(names(RULE_CAUSES), of(Group::Rule));
        assert_eq!(names(UNREACHABLE_CAUSES), of(Group::Reach));
    }

    #[test]
    fn each_list_of_states_is_that_of_the_domain() {
        for (fragment, list) in [
            (CANCELLABLE_STATES, State::CANCELLABLE),
            (UNDECIDED_STATES, State::UNDECIDED),
            (OPEN_STATES, State::OPEN),
            (WAITING_STATES, State::WAITING),
            (ATTENTION_STATES, State::ATTENTION),
            (HINDERED_STATES, State::HINDERED),
            (PAUSABLE_STATES, State::PAUSABLE),
            (UNQUEUED_STATES, State::UNQUEUED),
            (LOGGED_STATES, State::LOGGED),
            (RESOLVED_STATES, State::RESOLVED),
        ] {
            assert_eq!(fragment, text(list));
        }
        for (fragment, list) in [
            (PROVEN_STATUSES, InteractionStatus::PROVEN),
            (SEEN_STATUSES, InteractionStatus::SEEN),
            (UNSEEN_STATUSES, InteractionStatus::UNSEEN),
            (UNANSWERED_STATUSES, InteractionStatus::UNANSWERED),
            (SETTLED_STATUSES, InteractionStatus::SETTLED),
        ] {
            assert_eq!(fragment, text(list));
        }
        assert_eq!(ONGOING_ASSIGNMENTS, text(assignment::Status::ONGOING));
        assert_eq!(STARTED_ASSIGNMENTS, text(assignment::Status::STARTED));
        let retried: Vec<_> =
            assignment::Status::ALL.iter().copied().filter(|status| status.takes_retries()).collect();
        assert_eq!(RETRIED_ASSIGNMENTS, text(&retried));
        let (state, cause) = (State::Held, Cause::HeldByStaff);
        assert_eq!(HELD_BY_STAFF, format!("(state = '{state}' AND COALESCE(cause, '') = '{cause}')"));
        assert_eq!(UNWRITTEN_REASONS, text(media::Reason::UNWRITTEN));
    }

    #[tokio::test]
    async fn each_choice_of_a_cause_is_that_of_the_domain() -> sqlx::Result<()> {
        let mut db = SqliteConnection::connect("sqlite::memory:").await?;
        let causes = Cause::ALL.iter().copied().map(Some).chain([None]);
        for (cause, maybe_sent) in causes.flat_map(|cause| [(cause, false), (cause, true)]) {
            let row: (String, Option<String>, Option<String>) = sqlx::query_as(formatcp!(
                "SELECT {CAUSE_ONCE_LAPSED}, {CAUSE_OR_IN_DOUBT}, {NONE_OR_IN_DOUBT}
                 FROM (SELECT $1 AS cause, $2 AS maybe_sent_at)"
            ))
            .bind(cause.map(Cause::as_str))
            .bind(maybe_sent.then_some(1))
            .fetch_one(&mut db)
            .await?;
            let name = |cause: Option<Cause>| cause.map(|c| c.as_str().to_owned());
            let expected = (
                Cause::once_lapsed(cause, maybe_sent).as_str().to_owned(),
                name(Cause::or_in_doubt(cause, maybe_sent)),
                name(Cause::or_in_doubt(None, maybe_sent)),
            );
            assert_eq!(row, expected, "{cause:?}, {maybe_sent}");
        }
        Ok(())
    }

    #[tokio::test]
    async fn each_key_of_a_question_asked_again_is_that_of_the_domain() -> sqlx::Result<()> {
        let mut db = SqliteConnection::connect("sqlite::memory:").await?;
        for first in [-1_800_000_000_000, -7, 0, 3, 1_800_000_000_000] {
            for postponed in 0..=9 {
                let occurrence = if postponed == 0 { first } else { asked_again_key(first, postponed) };
                let row: (i64, bool) = sqlx::query_as(formatcp!(
                    "SELECT {FIRST_ASKED}, {ASKS_AGAIN}
                     FROM (SELECT $1 AS occurrence, $2 AS postponed) AS d, (SELECT $3 AS asked) AS f"
                ))
                .bind(occurrence)
                .bind(postponed)
                .bind(first)
                .fetch_one(&mut db)
                .await?;
                let asking = Asking { occurrence, postponed };
                assert_eq!(row, (asking.first(), postponed > 0), "{asking:?}");
            }
        }
        Ok(())
    }

    /// The names of a list; those of an index keep the order in which it was made.
    fn names(list: &str) -> BTreeSet<&str> {
        list.trim_matches(['(', ')']).split(", ").map(|name| name.trim_matches('\'')).collect()
    }

    fn text<T: Serialize>(list: &[T]) -> String {
        let names = list.iter().map(|name| serde_json::to_string(name).expect("a name").replace('"', "'"));
        format!("({})", names.collect::<Vec<_>>().join(", "))
    }
}
