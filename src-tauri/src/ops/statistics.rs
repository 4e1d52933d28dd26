//! Statistics of answers: how often, how fast, which; by protocol, step and patient.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{
    Caller,
    wire::{end_of, inputs, outputs, start_of},
};
use crate::{
    clock::{Span, Timestamp},
    core::Core,
    domain::calendar::{local_of, start_of_day},
    error::{FieldCode, Problem, Result},
    fields::DAY_OR_INSTANT,
    ids::{PatientId, ProtocolId},
    store::{
        protocols::{self, StepName},
        statistics::{self, Scope, StepAnswers},
    },
};

inputs! {
    /// The days to count; the last 30 where both are left out.
    pub struct StatsRange {
        /// The first day in the clinic's zone, or an RFC 3339 time; 29 days before the last day
        /// where left out.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) from: Option<String>,
        /// The last day, included, or an RFC 3339 time, not included; today where left out.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) to: Option<String>,
    }

    /// The days to count, optionally for one plan or one patient.
    pub struct AnswerRange {
        /// The first day in the clinic's zone (`2026-11-01`), or an RFC 3339 time; 29 days before
        /// the last day where left out.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) from: Option<String>,
        /// The last day, included, or an RFC 3339 time, not included; today where left out.
        #[serde(default)]
        #[garde(pattern(DAY_OR_INSTANT))]
        pub(crate) to: Option<String>,
        /// Only messages of this protocol, in any version.
        #[serde(default)]
        pub(crate) protocol_id: Option<ProtocolId>,
        /// Only messages to this patient.
        #[serde(default)]
        pub(crate) patient_id: Option<PatientId>,
    }
}

outputs! {
    /// The outcomes of the messages of a span.
    pub struct DeliveryStats {
        /// The first counted instant.
        pub(crate) from: Timestamp,
        /// The end, not included.
        pub(crate) to: Timestamp,
        /// Messages with an outcome in the range.
        pub(crate) total: i64,
        /// Messages that LINE accepted.
        pub(crate) sent: i64,
        /// Messages that LINE did not accept, as far as is known.
        pub(crate) failed: i64,
        /// Sent messages after which the chat is proven to work.
        pub(crate) delivered: i64,
        /// Sent messages that were read, as far as there is evidence.
        pub(crate) read: i64,
        /// Sent messages whose question was answered.
        pub(crate) responded: i64,
        /// Sent messages whose question was not answered in time.
        pub(crate) missed: i64,
        /// Sent / (sent + failed), 0 to 1; null where both are 0.
        pub(crate) success_rate: Option<f64>,
        /// Average milliseconds from due to accepted; null where nothing was sent.
        pub(crate) average_delivery_ms: Option<f64>,
        /// Answered / sent messages with a question, 0 to 1; null where nothing was asked.
        pub(crate) response_rate: Option<f64>,
    }

    /// Patients' answers over some days.
    pub struct AnswerStats {
        /// The first counted instant.
        pub(crate) from: Timestamp,
        /// The end, not included.
        pub(crate) to: Timestamp,
        /// The sums over all protocols.
        pub(crate) all: Answers,
        /// By protocol, the one with the most messages first.
        pub(crate) protocols: Vec<ProtocolAnswers>,
    }

    /// Patients' answers to one protocol.
    pub(crate) struct ProtocolAnswers {
        /// The protocol; the clinic's own "Messages" for one-off messages.
        pub(crate) protocol_id: ProtocolId,
        /// The protocol's name, 1 to 200 characters.
        pub(crate) name: String,
        /// The sums over all its steps.
        pub(crate) answers: Answers,
        /// Step by step, over all versions.
        pub(crate) steps: Vec<NamedAnswers>,
    }

    /// Patients' answers to one step.
    pub(crate) struct NamedAnswers {
        /// The step's place in the protocol, from 1.
        pub(crate) step_order: i64,
        /// The step's name; may be empty.
        pub(crate) name: String,
        /// The sums of this step, over every version.
        pub(crate) answers: Answers,
    }

    /// Messages, and patients' answers to their questions.
    pub(crate) struct Answers {
        /// Messages that LINE accepted.
        pub(crate) sent: i64,
        /// Messages that LINE did not accept.
        pub(crate) failed: i64,
        /// Sent messages that ask a question.
        pub(crate) asked: i64,
        /// Questions that were answered, in time or not.
        pub(crate) responded: i64,
        /// Questions that were not answered in time.
        pub(crate) missed: i64,
        /// Answers by a button that means done.
        pub(crate) completed: i64,
        /// Answers by a button that asks for later.
        pub(crate) postponed: i64,
        /// Answers by a button that leaves the step out.
        pub(crate) skipped: i64,
        /// Answered / asked, 0 to 1; null where nothing was asked.
        pub(crate) response_rate: Option<f64>,
        /// Completed / (completed + skipped + missed), 0 to 1. Postponed questions come again and
        /// count by their last asking. Null where nothing is settled.
        pub(crate) adherence: Option<f64>,
        /// Average milliseconds from sent to answered; null without an answer.
        pub(crate) average_answer_ms: Option<f64>,
        /// Median milliseconds from sent to answered; null without an answer.
        pub(crate) median_answer_ms: Option<f64>,
        /// How often each value was answered, the most frequent first.
        pub(crate) values: Vec<ValueCount>,
    }

    /// How often a value was answered.
    pub(crate) struct ValueCount {
        /// The stored answer, 1 to 100 UTF-16 code units.
        pub(crate) value: String,
        /// Answers with this value, at least 1.
        pub(crate) count: i64,
    }
}

impl From<StepAnswers> for Answers {
    fn from(mut s: StepAnswers) -> Self {
        let responded = s.completed + s.postponed + s.skipped;
        let mut values: Vec<_> =
            s.values.into_iter().map(|(value, count)| ValueCount { value, count }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        Self {
            sent: s.sent,
            failed: s.failed,
            asked: s.asked,
            responded,
            missed: s.missed,
            completed: s.completed,
            postponed: s.postponed,
            skipped: s.skipped,
            response_rate: ratio(responded, s.asked),
            adherence: ratio(s.completed, s.completed + s.skipped + s.missed),
            average_answer_ms: ratio(s.answer_ms, responded),
            median_answer_ms: median(&mut s.times),
            values,
        }
    }
}

/// Counts the outcomes of the messages of some days.
pub async fn delivery_stats(core: &Core, _: &Caller, input: StatsRange) -> Result<DeliveryStats> {
    let zone = core.clinic().time_zone;
    let Span { from, to } = range(input.from.as_deref(), input.to.as_deref(), zone, core.now())?;
    let s = statistics::sums(core.store.read(), from, to).await?;
    Ok(DeliveryStats {
        from,
        to,
        total: s.total,
        sent: s.sent,
        failed: s.failed,
        delivered: s.delivered,
        read: s.seen,
        responded: s.responded,
        missed: s.missed,
        success_rate: ratio(s.sent, s.sent + s.failed),
        average_delivery_ms: ratio(s.delivery_ms, s.sent),
        response_rate: ratio(s.responded, s.asked),
    })
}

/// Both included; the last 30 days by default.
pub(super) fn range(from: Option<&str>, to: Option<&str>, zone: Tz, now: Timestamp) -> Result<Span> {
    let today = local_of(now, zone).date();
    let to = match end_of("to", to, zone)? {
        Some(to) => to,
        None => today.succ_opt().and_then(|d| start_of_day(d, zone)).unwrap_or(now),
    };
    let usual = || {
        let last = local_of(to.plus_millis(-1), zone).date();
        last.checked_sub_days(chrono::Days::new(29)).and_then(|d| start_of_day(d, zone)).unwrap_or(to)
    };
    let from = start_of("from", from, zone)?.unwrap_or_else(usual);
    if from > to {
        return Err(Problem::field("from", FieldCode::LiesAfterTo));
    }
    Ok(Span { from, to })
}

#[expect(clippy::cast_precision_loss, reason = "counts and milliseconds stay far below 2^53")]
pub(super) fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// For an even number the mean of the two in the middle.
fn median(times: &mut [u32]) -> Option<f64> {
    let (middle, odd) = (times.len() / 2, times.len() % 2 == 1);
    if times.is_empty() {
        return None;
    }
    let (below, &mut upper, _) = times.select_nth_unstable(middle);
    if odd {
        return Some(f64::from(upper));
    }
    let lower = below.iter().max().copied().unwrap_or(upper);
    Some(f64::midpoint(f64::from(lower), f64::from(upper)))
}

/// Counts patients' answers over some days.
pub async fn answers(core: &Core, _: &Caller, input: AnswerRange) -> Result<AnswerStats> {
    let zone = core.clinic().time_zone;
    let Span { from, to } = range(input.from.as_deref(), input.to.as_deref(), zone, core.now())?;
    let scope = Scope { protocol_id: input.protocol_id, patient_id: input.patient_id };
    let by_step = statistics::answers(core.store.read(), scope, from, to, zone).await?;
    let ids: Vec<_> = by_step.keys().map(|step| step.step_id).collect();
    let mut conn = core.store.read().acquire().await?;
    let names: BTreeMap<_, _> =
        protocols::step_names(&mut conn, &ids).await?.into_iter().map(|n| (n.id, n)).collect();
    let mut all = StepAnswers::default();
    let mut protocols: BTreeMap<ProtocolId, Gathered> = BTreeMap::new();
    for (step, answers) in by_step {
        all.merge(answers.clone());
        let gathered = protocols.entry(step.protocol_id).or_default();
        gathered.add(names.get(&step.step_id), answers);
    }
    let mut protocols: Vec<_> = protocols.into_iter().map(|(id, g)| g.shown(id)).collect();
    protocols.sort_by_key(|p| std::cmp::Reverse(p.answers.sent));
    Ok(AnswerStats { from, to, all: all.into(), protocols })
}

/// The sums of one protocol, its steps joined over all versions.
#[derive(Default)]
struct Gathered {
    name: String,
    all: StepAnswers,
    /// Sums by the order of the step in its version, from 1.
    steps: BTreeMap<i64, GatheredStep>,
}

#[derive(Default)]
struct GatheredStep {
    name: String,
    answers: StepAnswers,
}

impl Gathered {
    fn add(&mut self, step: Option<&StepName>, answers: StepAnswers) {
        let (order, name) = step.map_or((0, String::new()), |s| (s.step_order, s.name.clone()));
        if let Some(step) = step {
            self.name.clone_from(&step.protocol_name);
        }
        self.all.merge(answers.clone());
        let known = self.steps.entry(order).or_default();
        known.name = name;
        known.answers.merge(answers);
    }

    fn shown(self, protocol_id: ProtocolId) -> ProtocolAnswers {
        let steps = self
            .steps
            .into_iter()
            .map(|(step_order, step)| NamedAnswers {
                step_order,
                name: step.name,
                answers: step.answers.into(),
            })
            .collect();
        ProtocolAnswers { protocol_id, name: self.name, answers: self.all.into(), steps }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_median_of_an_even_number_is_the_mean_of_the_middle() {
        assert_eq!(median(&mut [4, 1, 3, 2]), Some(2.5));
        assert_eq!(median(&mut [5]), Some(5.0));
        assert_eq!(median(&mut []), None);
    }

    proptest! {
        #[test]
        fn the_median_is_that_of_the_sorted_times(mut times in prop::collection::vec(any::<u32>(), 1..50)) {
            let found = median(&mut times);
            times.sort_unstable();
            let n = times.len();
            let expected = f64::midpoint(f64::from(times[(n - 1) / 2]), f64::from(times[n / 2]));
            prop_assert_eq!(found, Some(expected));
        }
    }
}
