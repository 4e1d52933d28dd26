//! A preview of an act on many messages: which of them take it, why the others do not, and what
//! would become of those that go out again. Nothing is changed. The ids are a snapshot, so that
//! later matches are not swept in.

use std::collections::{BTreeMap, HashSet};

use super::shown::states;
use crate::{
    clock::Timestamp,
    core::Core,
    delivery::gate::{Verdict, towards},
    domain::{
        acts::{ActedOn, Action},
        assignment::Status,
        clinic::Clinic,
        delivery::{Cause, State, is_key_known},
        stage::Stage,
    },
    error::Result,
    fields::DAY_OR_INSTANT,
    ids::{AssignmentId, DeliveryId, PatientId},
    ops::{
        Caller,
        wire::{end_of, inputs, outputs, start_of},
    },
    store::{
        Order,
        deliveries::{self, Filter, Looked},
    },
};

/// The most messages examined for one act.
const MAX_LOOKED: u32 = 5_000;

/// The most messages that can be chosen one by one.
const MAX_CHOSEN: usize = 1_000;

inputs! {
    /// The messages an act is meant for: chosen ones, or all that match as in `GET /api/messages`.
    pub(crate) struct LookAtMessages {
        /// The act to preview.
        pub(crate) act: Action,
        /// Chosen messages, 1 to 1,000; left out, all that match.
        #[serde(default)]
        #[garde(length(min = 1, max = MAX_CHOSEN))]
        pub(crate) ids: Option<Vec<DeliveryId>>,
        /// Only messages to this patient.
        #[serde(default)]
        pub(crate) patient_id: Option<PatientId>,
        /// Only messages of this assignment.
        #[serde(default)]
        pub(crate) assignment_id: Option<AssignmentId>,
        /// Only messages in this state.
        #[serde(default)]
        pub(crate) state: Option<State>,
        /// Only messages in this stage; `state` narrows it further.
        #[serde(default)]
        pub(crate) stage: Option<Stage>,
        /// Only messages that failed or wait for this cause.
        #[serde(default)]
        pub(crate) cause: Option<Cause>,
        /// Due on this day of the clinic's zone or later, or from this RFC 3339 time on.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) from: Option<String>,
        /// Due on this day at the latest, or before this RFC 3339 time.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) to: Option<String>,
    }
}

outputs! {
    /// What an act on many messages would do.
    pub(crate) struct LookedAtMessages {
        /// When they were examined; later changes are not in the answer.
        pub(crate) as_of: Timestamp,
        /// How many were examined, at most 5,000.
        pub(crate) matched: u64,
        /// Whether there are more than were examined.
        pub(crate) more: bool,
        /// Those that take the act, the soonest due first.
        pub(crate) ids: Vec<DeliveryId>,
        /// The others, by state and cause; the largest group first.
        pub(crate) others: Vec<NotActedOn>,
        /// The prospects of those that take a retry, or are sent now; the largest group first.
        /// Empty for other acts.
        pub(crate) outlook: Vec<Outlook>,
        /// How many repetitions a cancelling would end; 0 for other acts.
        pub(crate) repetitions: u64,
    }

    /// Messages that an act leaves alone, for the same reason.
    pub(crate) struct NotActedOn {
        /// The state of these messages.
        pub(crate) state: State,
        /// Why they failed or wait; null where nothing is wrong.
        pub(crate) cause: Option<Cause>,
        /// Whether LINE may have had them for so long that it may not recognise the retry key.
        pub(crate) maybe_sent_long_ago: bool,
        /// Whether their follow-up was cancelled: nothing of it goes out any more.
        pub(crate) follow_up_over: bool,
        /// Whether they are times of a repetition, which no act of one message moves or holds.
        pub(crate) repeats: bool,
        /// How many there are, at least 1.
        pub(crate) count: u64,
    }

    /// The prospects of messages that go out again.
    pub(crate) struct Outlook {
        /// Why they are held; null where they go at once.
        pub(crate) cause: Option<Cause>,
        /// When the first of them goes by itself; null where they go at once, or wait for an act.
        pub(crate) until: Option<Timestamp>,
        /// How many there are, at least 1.
        pub(crate) count: u64,
    }
}

pub(crate) async fn look(core: &Core, _: &Caller, input: LookAtMessages) -> Result<LookedAtMessages> {
    let (act, now, clinic) = (input.act, core.now(), core.clinic());
    let mut found = if let Some(ids) = &input.ids {
        deliveries::look_at(core.store.read(), ids).await?
    } else {
        let filter = filter_of(&input, &clinic)?;
        deliveries::look_at_list(core.store.read(), &filter, MAX_LOOKED).await?
    };
    let more = found.len() > MAX_LOOKED as usize;
    found.truncate(MAX_LOOKED as usize);
    let matched = found.len() as u64;
    let takes = |d: &Looked| ActedOn::from(d).takes(act, now);
    let (taken, others): (Vec<_>, Vec<_>) = found.into_iter().partition(takes);
    let again =
        if matches!(act, Action::Cancel | Action::Hold | Action::Release) { &[][..] } else { &taken[..] };
    let repetitions: HashSet<_> =
        taken.iter().filter(|_| act == Action::Cancel).filter_map(|d| d.recurrence_id).collect();
    Ok(LookedAtMessages {
        as_of: now,
        matched,
        more,
        others: grouped(&others, now),
        outlook: outlook(again, &clinic, core.sandbox.is_some(), now),
        repetitions: repetitions.len() as u64,
        ids: taken.into_iter().map(|d| d.id).collect(),
    })
}

fn filter_of(input: &LookAtMessages, clinic: &Clinic) -> Result<Filter> {
    Ok(Filter {
        patient_id: input.patient_id,
        assignment_id: input.assignment_id,
        states: states(input.state, input.stage),
        from: start_of("from", input.from.as_deref(), clinic.time_zone)?,
        to: end_of("to", input.to.as_deref(), clinic.time_zone)?,
        cause: input.cause,
        order: Order::Asc,
    })
}

fn grouped(others: &[Looked], now: Timestamp) -> Vec<NotActedOn> {
    let mut counts = BTreeMap::<_, NotActedOn>::new();
    for d in others {
        let needs_person = State::ATTENTION.contains(&d.state);
        let maybe_sent_long_ago = needs_person && !is_key_known(d.maybe_sent_at, now);
        let follow_up_over =
            needs_person && d.assignment_status.is_some_and(|status| !status.takes_retries());
        let repeats = d.recurrence_id.is_some();
        let (state, cause) = (d.state.as_str(), d.cause.map(Cause::as_str));
        let NotActedOn { count, .. } = counts
            .entry((state, cause, maybe_sent_long_ago, follow_up_over, repeats))
            .or_insert(NotActedOn {
                state: d.state,
                cause: d.cause,
                maybe_sent_long_ago,
                follow_up_over,
                repeats,
                count: 0,
            });
        *count += 1;
    }
    let mut groups: Vec<_> = counts.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}

fn outlook(again: &[Looked], clinic: &Clinic, in_practice: bool, now: Timestamp) -> Vec<Outlook> {
    let mut counts = BTreeMap::<_, Outlook>::new();
    for d in again {
        let (cause, until) = awaits(d, clinic, in_practice, now);
        let group = counts.entry(cause.map(Cause::as_str)).or_insert(Outlook { cause, until, count: 0 });
        group.count += 1;
        group.until = group.until.min(until);
    }
    let mut groups: Vec<_> = counts.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    groups
}

/// The cause that would hold it if it went now, and until when.
fn awaits(
    d: &Looked,
    clinic: &Clinic,
    in_practice: bool,
    now: Timestamp,
) -> (Option<Cause>, Option<Timestamp>) {
    if matches!(d.assignment_status, Some(Status::Assigned | Status::Paused)) {
        return (Some(Cause::FollowUpPaused), None);
    }
    match towards(d, clinic, in_practice, now) {
        Verdict::Wait(until, cause) => (Some(cause), until),
        Verdict::Drop(_) => (Some(Cause::DemoPatient), None),
        Verdict::Go => (None, None),
    }
}
