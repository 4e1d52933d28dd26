//! Changes of rows of the log, applied to the sums.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use sqlx::FromRow;

use super::{
    answer_counts::in_u32,
    answer_stats::{DayKey, StepKey, StepSums, add_answers, add_steps},
    delivery_stats::{Sums, add, bucket_of},
};
use crate::{
    clock::Timestamp,
    domain::{calendar::day_start, delivery::InteractionStatus, feedback::FeedbackAction},
    ids::{ProtocolId, StepId},
    store::Conn,
};

#[derive(Clone, Debug, FromRow)]
pub struct Counted {
    pub created_at: Timestamp,
    pub protocol_id: ProtocolId,
    pub step_id: StepId,
    pub status: InteractionStatus,
    /// Whether the chat is proven to work.
    pub proven: bool,
    pub asked: bool,
    /// Milliseconds from due to accepted; for several rows alike, their sum.
    pub delivery_ms: i64,
    pub response_action: Option<FeedbackAction>,
    pub response_value: Option<String>,
    /// Milliseconds from sent to answered; `None` without an answer.
    pub time_difference_ms: Option<i64>,
}

impl Counted {
    fn sums(&self) -> Sums {
        use InteractionStatus as S;
        let sent = self.status != S::Failed;
        let is = |yes: bool| i64::from(yes);
        Sums {
            total: 1,
            failed: is(!sent),
            sent: is(sent),
            delivered: is(self.proven),
            seen: is(matches!(self.status, S::Read | S::Responded)),
            responded: is(self.status == S::Responded),
            missed: is(self.status == S::Missed),
            asked: is(sent && self.asked),
            delivery_ms: if sent { self.delivery_ms } else { 0 },
        }
    }
}

/// Changed rows, as they were and as they are.
#[derive(Debug)]
pub struct Moves {
    zone: Tz,
    sums: BTreeMap<i64, Sums>,
    steps: BTreeMap<DayKey, StepSums>,
}

impl Moves {
    /// No changes yet; days are those of `zone`.
    pub fn new(zone: Tz) -> Self {
        Self { zone, sums: BTreeMap::new(), steps: BTreeMap::new() }
    }

    pub(crate) fn leave_alike(&mut self, row: &Counted, rows: i64) {
        self.add(row, &row.sums().times(rows).negated());
    }

    /// Removes a row that was like this.
    pub fn leave(&mut self, row: &Counted) {
        self.add(row, &row.sums().negated());
        self.answer(row, -1);
    }

    /// Adds `rows` rows like this, without an answer and alike in all but their times.
    pub(crate) fn enter_alike(&mut self, row: &Counted, rows: i64) {
        self.add(row, &row.sums().times(rows));
    }

    pub fn enter(&mut self, row: &Counted) {
        self.add(row, &row.sums());
        self.answer(row, 1);
    }

    /// Counts the answer of a row that has one, or takes it out (`times` is 1 or -1).
    fn answer(&mut self, row: &Counted, times: i64) {
        let (InteractionStatus::Responded, Some(action)) = (row.status, row.response_action) else { return };
        let step = self.step(row);
        step.actions[action as usize] += times;
        *step.values.entry(row.response_value.clone().unwrap_or_default()).or_default() += times;
        let ms = row.time_difference_ms.unwrap_or(0).max(0);
        step.answer_ms += times * ms;
        let time = format!("{:08x}", in_u32(ms));
        if times > 0 {
            step.times += &time;
        } else {
            step.times_gone.push(time);
        }
    }

    fn step(&mut self, row: &Counted) -> &mut StepSums {
        let day_at = day_start(row.created_at, self.zone).as_millis();
        let step = StepKey { protocol_id: row.protocol_id, step_id: row.step_id };
        self.steps.entry(DayKey { day_at, step }).or_default()
    }

    fn add(&mut self, row: &Counted, sums: &Sums) {
        let all = self.sums.entry(bucket_of(row.created_at)).or_default();
        *all = all.plus(sums);
        let step = self.step(row);
        step.sums = step.sums.plus(sums);
    }

    pub async fn write(self, conn: &mut Conn) -> sqlx::Result<()> {
        if self.sums.is_empty() {
            return Ok(());
        }
        add(conn, &self.sums).await?;
        add_steps(conn, &self.steps).await?;
        let answered: Vec<_> = self
            .steps
            .into_iter()
            .filter(|(_, s)| !(s.times.is_empty() && s.times_gone.is_empty()))
            .collect();
        if answered.is_empty() { Ok(()) } else { add_answers(conn, &answered).await }
    }
}
