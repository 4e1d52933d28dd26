//! The lists of states and causes the statements know, as text: an index on a part of a table is
//! taken only for the very words it was made with. `domain/delivery.rs` is where they are lists
//! and where their meaning stands; a test holds both against each other.

/// `State::CANCELLABLE`.
pub(super) const CANCELLABLE_STATES: &str = "('scheduled', 'queued', 'retrying', 'held', 'failed', 'review')";
/// `State::UNDECIDED`.
pub(super) const UNDECIDED_STATES: &str = "('scheduled', 'queued', 'retrying', 'held', 'review')";
/// `State::OPEN`.
pub(super) const OPEN_STATES: &str = "('scheduled', 'queued', 'retrying', 'held')";
/// `State::WAITING`.
pub(super) const WAITING_STATES: &str = "('scheduled', 'retrying', 'held')";
/// `State::ATTENTION`.
pub(super) const ATTENTION_STATES: &str = "('failed', 'review')";
/// `Group::Passing`.
pub(super) const PASSING_CAUSES: &str =
    "('line_unavailable', 'outcome_unknown', 'rate_limited', 'patient_rate_limited')";
/// `Group::Single`.
pub(super) const SINGLE_CAUSES: &str =
    "('message_invalid', 'patient_unknown', 'not_allowed', 'refused', 'crashed', 'not_linked', 'blocked')";
/// `Group::Patient`.
pub(super) const PATIENT_CAUSES: &str =
    "('not_linked', 'blocked', 'no_consent', 'patient_archived', 'unfilled', 'quiet_hours', 'patient_pace')";
/// `Group::Rule`.
pub(super) const RULE_CAUSES: &str = "('quiet_hours', 'patient_pace')";
/// `Group::Reach`.
pub(super) const UNREACHABLE_CAUSES: &str = "('not_linked', 'blocked')";
/// `InteractionStatus::PROVEN`.
pub(super) const PROVEN_STATUSES: &str = "('delivered', 'read', 'responded')";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::delivery::{Cause, Group, InteractionStatus, State};

    #[test]
    fn each_fragment_is_the_list_of_the_domain() {
        let states = |list: &[State]| text(list.iter().map(|s| s.as_str()));
        let of = |group| Cause::all_of(group).map(Cause::as_str).collect::<BTreeSet<_>>();
        let statuses = |list: &[InteractionStatus]| text(list.iter().map(|s| s.as_str()));
        assert_eq!(CANCELLABLE_STATES, states(State::CANCELLABLE));
        assert_eq!(UNDECIDED_STATES, states(State::UNDECIDED));
        assert_eq!(OPEN_STATES, states(State::OPEN));
        assert_eq!(WAITING_STATES, states(State::WAITING));
        assert_eq!(ATTENTION_STATES, states(State::ATTENTION));
        assert_eq!(names(PASSING_CAUSES), of(Group::Passing));
        assert_eq!(names(SINGLE_CAUSES), of(Group::Single));
        assert_eq!(names(PATIENT_CAUSES), of(Group::Patient));
        assert_eq!(names(RULE_CAUSES), of(Group::Rule));
        assert_eq!(names(UNREACHABLE_CAUSES), of(Group::Reach));
        assert_eq!(PROVEN_STATUSES, statuses(InteractionStatus::PROVEN));
    }

    /// The names of a list: those of an index stand in the order in which it was made.
    fn names(list: &str) -> BTreeSet<&str> {
        list.trim_matches(['(', ')']).split(", ").map(|name| name.trim_matches('\'')).collect()
    }

    fn text<'a>(names: impl Iterator<Item = &'a str>) -> String {
        let quoted: Vec<_> = names.map(|name| format!("'{name}'")).collect();
        format!("({})", quoted.join(", "))
    }
}
