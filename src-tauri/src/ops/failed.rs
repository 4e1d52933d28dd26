//! Messages that failed or wait for a person.

use super::{
    Caller, Paged, audit,
    messages::fresh_from,
    wire::{CURSOR, MAX_ROWS, inputs, outputs, page},
};
use crate::{
    clock::Timestamp,
    core::Core,
    domain::activity::{Act, Change},
    domain::{
        acts::{ActedOn, Action},
        delivery::{Cause, State, oldest_known_key},
    },
    error::Result,
    ids::{AssignmentId, DeliveryId, PatientId},
    queue::{self, Name},
    store::{deliveries, jobs, worklist},
};

inputs! {
    /// Lists messages that failed or wait for a person.
    pub(crate) struct ListFailed {
        /// Rows of a page: 1 to 200; 50 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = MAX_ROWS))]
        pub(crate) limit: Option<u32>,
        /// The `nextCursor` of the page before; left out for the first page.
        #[serde(default)]
        #[schemars(regex(pattern = CURSOR))]
        pub(crate) cursor: Option<String>,
    }

    /// Limits how many failed messages are queued again.
    pub(crate) struct RetryFailed {
        /// The most messages: 1 to 1,000; 20 where left out.
        #[serde(default)]
        #[garde(range(min = 1, max = 1_000))]
        pub(crate) limit: Option<u32>,
    }
}

outputs! {
    /// A delivery that failed or waits for a person.
    pub(crate) struct FailedDelivery {
        /// The id of the message, a UUID.
        pub(crate) id: DeliveryId,
        /// The patient who was to get it.
        pub(crate) patient_id: PatientId,
        /// The patient's name as written, 1 to 200 characters.
        pub(crate) patient_name: String,
        /// The assignment whose step it is; null for a one-off message.
        pub(crate) assignment_id: Option<AssignmentId>,
        /// Why it failed or waits, in English.
        pub(crate) cause: String,
        /// The cause as a stable name, for translation; null where none was noted.
        pub(crate) cause_code: Option<Cause>,
        /// Whether sending it again, unchanged, can help and is safe now.
        pub(crate) retryable: bool,
        /// How often LINE was asked to take it.
        pub(crate) attempts: i64,
        /// When LINE was last asked to take it; null where it never was.
        pub(crate) last_attempt_at: Option<Timestamp>,
        /// When it was due by its plan or its sender.
        pub(crate) due_at: Timestamp,
        /// LINE's HTTP status at the last attempt; null where there was no answer.
        pub(crate) http_status: Option<i64>,
        /// LINE's words, with the place it refused, or ours.
        pub(crate) message: String,
        /// LINE's words alone; null where it gave none.
        pub(crate) line_words: Option<String>,
        /// LINE's id of the last request, by which LINE's support finds it.
        pub(crate) line_request_id: Option<String>,
        /// Whether LINE may have it all the same.
        pub(crate) maybe_sent: bool,
        /// `failed`, or `review` where a person is to decide.
        pub(crate) state: State,
        /// The actions staff may take now.
        pub(crate) actions: Vec<Action>,
    }

    /// The result of a retry of failed messages.
    pub(crate) struct Retried {
        /// Messages queued again; 0 where none could be.
        pub(crate) retried_count: u64,
    }
}

/// The latest change first.
pub(crate) async fn failed(core: &Core, _: &Caller, input: ListFailed) -> Result<Paged<FailedDelivery>> {
    let (after, limit) = page(input.limit, input.cursor.as_deref())?;
    let rows = deliveries::needing_attention(core.store.read(), &after, limit).await?;
    let now = core.now();
    Ok(Paged::of(rows, |d| failed_delivery(d, now)))
}

fn failed_delivery(d: deliveries::Delivery, now: Timestamp) -> FailedDelivery {
    let actions = ActedOn::from(&d).actions(now);
    let may_be_sent = match (d.cause, d.maybe_sent_at) {
        (Some(Cause::OutcomeUnknown), _) | (_, None) => "",
        _ => "; it may have been sent",
    };
    let words = d.cause.map_or("the reason is not known", Cause::in_words);
    let line_words = d.error_text.filter(|_| d.http_status.is_some());
    FailedDelivery {
        id: d.id,
        patient_id: d.patient_id,
        patient_name: d.patient_name,
        assignment_id: d.assignment_id,
        cause: words.to_owned(),
        cause_code: d.cause,
        retryable: actions.contains(&Action::Retry),
        attempts: d.attempts,
        last_attempt_at: d.last_attempt_at,
        due_at: d.due_at,
        http_status: d.http_status,
        message: format!("{}{may_be_sent}", line_words.as_deref().unwrap_or(words)),
        line_words,
        line_request_id: d.line_request_id,
        maybe_sent: d.maybe_sent_at.is_some(),
        state: d.state,
        actions,
    }
}

/// Messages queued again by default.
const DEFAULT_RETRIED: u32 = 20;

pub(crate) async fn retry_failed(core: &Core, who: &Caller, input: RetryFailed) -> Result<Retried> {
    let limit = input.limit.unwrap_or(DEFAULT_RETRIED);
    let now = core.now();
    let mut tx = core.store.begin().await?;
    let ids = deliveries::retryable_together(&mut tx, oldest_known_key(now), limit).await?;
    let fresh = fresh_from(&mut tx, core, &ids, now).await?;
    let again = deliveries::retry(&mut tx, &fresh, None, now).await?;
    worklist::follow_outcomes(&mut tx, &ids, now).await?;
    let again: Vec<_> = again.iter().map(jobs::New::from).collect();
    queue::enqueue(&mut tx, Name::MessageDelivery, &again).await?;
    if !again.is_empty() {
        let change = Some(Change::Messages { count: again.len() as u64 });
        audit(&mut tx, core, who, Act::MessagesRetry, None, change).await?;
    }
    tx.commit().await?;
    core.channel().let_one_through();
    core.queues.wake(Name::MessageDelivery);
    Ok(Retried { retried_count: again.len() as u64 })
}
