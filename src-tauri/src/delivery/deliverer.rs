//! One attempt at one delivery: facts, gate, body, push, outcome. The result goes to the recorder,
//! which writes it and everything that follows.

use std::{borrow::Cow, sync::Arc};

use tokio::sync::RwLock;

use super::{
    compose::{self, Look, Person, Recipient, Unfilled, Written},
    facts::{FactsSeen, Reader, Unread},
    gate::{self, Verdict},
    in_flight::InFlightLog,
    outcome::{self, Next, RetryRule},
    pace::Pace,
    quota::Quota,
    recorder::Recorder,
    report::Report,
    turns::{Ticket, Turns},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::{delivery::Cause, picker, variables::Missing},
    ids::{self, DeliveryId},
    line::{PushOutcome, wire},
    queue::{JobError, in_progress::Subject},
    store::deliveries::{self, Facts},
};

/// Sends deliveries, one attempt for each job.
pub(crate) struct Deliverer {
    core: Arc<Core>,
    reader: Reader,
    recorder: Recorder,
    in_flight: InFlightLog,
    pace: Pace,
    quota: Quota,
    turns: Arc<Turns>,
    rule: RetryRule,
    /// Held for reading by every attempt, for writing by one that may crash the program: it runs
    /// alone, so that a crash counts against no other message.
    alone: RwLock<()>,
}

/// Crashes of the program after which a message is sent alone.
const MIN_CRASHES_ALONE: i64 = 2;

/// How often outdated facts are read again before an attempt; then the job comes again.
const MAX_READS: usize = 20;

enum Body {
    Ready(Arc<str>),
    Unsendable,
    Unfilled(Unfilled),
}

impl Deliverer {
    pub(crate) async fn start(
        core: Arc<Core>,
        recorder: Recorder,
        in_flight: InFlightLog,
    ) -> sqlx::Result<Arc<Self>> {
        let delivery = &core.config.delivery;
        let rule = RetryRule {
            delays_ms: delivery.retry_delays_s.iter().map(|s| seconds(*s)).collect(),
            jitter: delivery.retry_jitter,
        };
        let reader = Reader::start(core.store.clone(), &core.supervisor);
        let pace = Pace::start(core.store.read(), core.now()).await?;
        let (quota, turns) = (Quota::default(), Arc::default());
        let alone = RwLock::new(());
        Ok(Arc::new(Self { core, reader, recorder, in_flight, pace, quota, turns, rule, alone }))
    }

    /// Running it twice is harmless: a delivery that is settled is left alone, one that LINE has
    /// is answered with 409.
    ///
    /// # Errors
    /// Nothing was sent; the job is to run again.
    pub(crate) fn deliver(
        self: Arc<Self>,
        id: DeliveryId,
    ) -> impl Future<Output = Result<(), JobError>> + Send + 'static {
        // Taken now, not when it runs: jobs are begun in the order in which they were claimed.
        let ticket = self.turns.ticket();
        async move {
            self.recorder.wait_writable().await?;
            // None: removed together with its patient; its job went, too.
            let Some(report) = self.handle(id, ticket).await? else { return Ok(()) };
            self.recorder.hand_over(report).await?;
            Ok(())
        }
    }

    /// The report on one attempt, or on why there was none.
    async fn handle(&self, id: DeliveryId, mut ticket: Ticket) -> Result<Option<Report>, JobError> {
        let mut early = self.recorder.read_early().take(id);
        for _ in 0..MAX_READS {
            let was_early = early.is_some();
            let Some(FactsSeen { facts, seen }) = self.known(id, early.take()).await? else {
                return Ok(None);
            };
            if let Some(report) = self.not_now(&facts, self.core.now()) {
                // A no may have become a yes since the claim, and is written nowhere again.
                if was_early {
                    continue;
                }
                return Ok(Some(report));
            }
            if ticket.turn(facts.assignment_id).await {
                // The facts read before the wait are outdated.
                continue;
            }
            if let Some(report) = self.attempt(&facts, seen).await? {
                return Ok(Some(report));
            }
        }
        Err("what it hangs on changed too often".into())
    }

    /// `None` when it is gone. Early facts do where patients have no pace.
    async fn known(&self, id: DeliveryId, early: Option<FactsSeen>) -> Result<Option<FactsSeen>, Unread> {
        let with_pace = self.core.clinic().patient_pace_seconds.is_some();
        if early.is_some() && !with_pace {
            return Ok(early);
        }
        let seen = self.core.in_progress.seen();
        Ok(self.reader.facts(id, with_pace).await?.map(|facts| FactsSeen { facts, seen }))
    }

    /// Reports a delivery that may not go now; `None` where it may.
    fn not_now(&self, facts: &Facts, now: Timestamp) -> Option<Report> {
        match gate::gate(facts, &self.core.clinic(), self.core.sandbox.is_some(), now) {
            Verdict::Go => None,
            Verdict::Wait(until, cause) => Some(Report::held(facts, until, cause)),
            Verdict::Drop(reason) => Some(Report::dropped(facts, reason)),
        }
    }

    /// `None` when the facts were outdated before it began.
    async fn attempt(&self, facts: &Facts, seen: u64) -> Result<Option<Report>, JobError> {
        if facts.crash_starts >= MIN_CRASHES_ALONE {
            let _nobody_else = self.alone.write().await;
            self.attempt_in_turn(facts, seen).await
        } else {
            let _beside_others = self.alone.read().await;
            self.attempt_in_turn(facts, seen).await
        }
    }

    async fn attempt_in_turn(&self, facts: &Facts, seen: u64) -> Result<Option<Report>, JobError> {
        let body = match self.body(facts).await? {
            Body::Ready(body) => body,
            Body::Unsendable => return Ok(Some(Report::unsendable(facts))),
            Body::Unfilled(unfilled) => return Ok(Some(Report::unfilled(facts, &unfilled))),
        };
        let subject =
            Subject { id: facts.id, assignment_id: facts.assignment_id, patient_id: facts.patient_id };
        let Some(sending) = self.core.in_progress.begin(subject, seen).await else { return Ok(None) };
        // Asked again after the last wait: time has passed, and the clinic may have decided
        // otherwise. From here on an act of staff finds the message on its way.
        let now = self.core.now();
        if let Some(report) = self.not_now(facts, now).or_else(|| self.not_its_turn(facts, now)) {
            return Ok(Some(report));
        }
        let result = self.settled(self.pushed(facts, body).await?).await;
        let done_at = self.core.now();
        let tried = usize::try_from(facts.round_attempts).unwrap_or(0);
        let next = outcome::outcome(&result, tried, &self.rule, ids::unit_interval(), done_at);
        self.note_channel(&result, matches!(next, Next::Fail(_)), done_at);
        if let Next::Retry(until, Cause::PatientRateLimited) = next {
            self.pace.put_off(facts.patient_id, until, done_at);
        }
        tracing::debug!(delivery = %facts.id, state = %next.state(), "an attempt is over");
        let mut report = Report::attempted(facts, &result, &next, now, done_at);
        report.sending = Some(Arc::new(sending));
        Ok(Some(report))
    }

    /// The report on a delivery that has to wait for its patient or for the channel; `None` where
    /// it may go.
    fn not_its_turn(&self, facts: &Facts, now: Timestamp) -> Option<Report> {
        if let Some(until) = self.pace.put_off_until(facts.patient_id, now) {
            return Some(Report::held(facts, Some(until), Cause::PatientRateLimited));
        }
        let pace_ms = i64::from(self.core.clinic().patient_pace_seconds.unwrap_or(0)) * 1000;
        let turn = self.pace.turn(facts.patient_id, facts.id, facts.last_accepted_at, pace_ms, now);
        if let Err(until) = turn {
            let mut report = Report::held(facts, Some(until), Cause::PatientPace);
            // The wait for its turn is our rule's: it does not make the message late.
            let expires_at = facts.expires_at.plus_millis(until.millis_since(now));
            report.outcome.expires_at = Some(expires_at.as_millis());
            return Some(report);
        }
        if !self.core.line.is_connected() {
            // Without a token LINE refuses everything: there is no point in asking.
            return Some(Report::held(facts, None, Cause::TokenInvalid));
        }
        self.core.channel().admit().err().map(|down| Report::held(facts, None, down.cause))
    }

    /// Pushes a message. When LINE does not take its quote token (too old, or the quoted words were
    /// taken back), the message goes without it.
    async fn pushed(&self, facts: &Facts, body: Arc<str>) -> Result<PushOutcome, sqlx::Error> {
        let result = self.push(facts.id, Arc::clone(&body)).await;
        let is_refused = matches!(result, PushOutcome::Refused { cause: Cause::MessageInvalid, .. });
        // LINE names what it does not take, if anything.
        let is_other =
            result.text().is_some_and(|words| words.contains("messages[") && !words.contains("quote"));
        // A message that LINE may have is sent again unchanged.
        let may_change = is_refused && !is_other && facts.maybe_sent_at.is_none();
        let plain = may_change.then(|| wire::without_quotes(&body)).flatten();
        let Some(plain) = plain else { return Ok(result) };
        tracing::info!(delivery = %facts.id, "LINE did not take the quote of a message; it goes without");
        self.store_body(facts, &plain, facts.line_user_id.as_deref().unwrap_or_default()).await?;
        Ok(self.push(facts.id, plain.into()).await)
    }

    async fn push(&self, id: DeliveryId, body: Arc<str>) -> PushOutcome {
        let mut in_flight = self.in_flight.begin(id);
        fail::fail_point!("attempt-begun");
        let result = in_flight.ask(self.core.line.push(body, id)).await;
        fail::fail_point!("answer-read");
        result
    }

    /// Asks LINE what a 429 means, whatever its words: "too fast", or "too many to this user", may mean
    /// that the month's quota is used up, and the other way round. Where LINE does not tell, its words
    /// stand.
    async fn settled(&self, result: PushOutcome) -> PushOutcome {
        match result {
            PushOutcome::Accepted { .. } => {
                self.quota.took_one();
                result
            }
            PushOutcome::Retry {
                cause: words @ (Cause::RateLimited | Cause::PatientRateLimited | Cause::QuotaExhausted),
                not_before_ms,
                answer,
            } => {
                let by_words = words != Cause::QuotaExhausted;
                let is_left = self.quota.is_left(&self.core.line, &*self.core.clock).await;
                if is_left.unwrap_or(by_words) {
                    let cause = if by_words { words } else { Cause::RateLimited };
                    PushOutcome::Retry { cause, not_before_ms, answer }
                } else {
                    PushOutcome::ChannelDown { cause: Cause::QuotaExhausted, answer }
                }
            }
            other => other,
        }
    }

    /// The stored bytes; rendered now where the patient was linked, or linked anew, after the
    /// message was made.
    async fn body(&self, facts: &Facts) -> Result<Body, sqlx::Error> {
        let recipient = facts.line_user_id.as_deref().unwrap_or_default();
        // A picker's days count from the day it goes, unless LINE may have it already.
        let counts_days = facts.maybe_sent_at.is_none()
            && [&facts.feedback, &facts.quick_replies]
                .iter()
                .any(|text| text.as_deref().is_some_and(|text| text.contains(picker::IN_JSON)));
        let silent = self.is_silent(facts);
        if let (Some(body), Some(named)) = (&facts.body, &facts.recipient)
            && (named == recipient || facts.maybe_sent_at.is_some())
            && !counts_days
        {
            // What LINE may have is sent again as it is.
            let body = match wire::with_silence(body, silent) {
                Cow::Owned(changed) if facts.maybe_sent_at.is_none() => {
                    self.store_body(facts, &changed, recipient).await?;
                    changed.into()
                }
                _ => body.as_str().into(),
            };
            return Ok(Body::Ready(body));
        }
        let written = match Written::of(facts) {
            Ok(written) => written,
            Err(part) => {
                tracing::error!(delivery = %facts.id, part, "what is stored of a message cannot be read");
                return Ok(Body::Unsendable);
            }
        };
        let body = match self.rendered(facts, &written).await? {
            Ok(body) => body,
            // It was saved before variables were known: no value will ever come.
            Err(Unfilled::Missing(Missing::Variable)) => return Ok(Body::Unsendable),
            Err(unfilled) => return Ok(Body::Unfilled(unfilled)),
        };
        if facts.body.as_ref() != Some(&body) {
            self.store_body(facts, &body, recipient).await?;
        }
        Ok(Body::Ready(body.into()))
    }

    async fn store_body(&self, facts: &Facts, body: &str, recipient: &str) -> sqlx::Result<()> {
        fail::fail_point!("body-written", |_| Err(sqlx::Error::PoolTimedOut));
        let mut tx = self.core.store.begin().await?;
        deliveries::set_body(&mut tx, facts.id, body, recipient).await?;
        tx.commit().await
    }

    /// Whether it goes without a sound: because of its step, or of the hour.
    fn is_silent(&self, facts: &Facts) -> bool {
        let clinic = self.core.clinic();
        let zone = clinic.zone_of(facts.time_zone.as_deref());
        facts.silent || clinic.is_silent_at(self.core.now(), zone, facts.at_night)
    }

    async fn rendered(&self, facts: &Facts, written: &Written) -> sqlx::Result<Result<String, Unfilled>> {
        let read = deliveries::personal_facts(self.core.store.delivery_read(), facts.id).await?;
        let personal = read.ok_or(sqlx::Error::RowNotFound)?;
        let patient = Person {
            name: &personal.display_name,
            nickname: personal.nickname.as_deref(),
            locale: facts.locale.as_deref(),
            time_zone: facts.time_zone.as_deref(),
        };
        let clinic = self.core.clinic();
        let to = Recipient::of(
            facts.line_user_id.as_deref().unwrap_or_default(),
            patient,
            &clinic,
            self.core.now(),
        );
        let look = Look {
            sender: written.sender.as_ref(),
            silent: self.is_silent(facts),
            quick_replies: &written.quick_replies,
            unit: facts.unit.as_deref(),
        };
        let to = to.since(personal.started_at).speaking(facts.language);
        let feedback = written.feedback.as_ref();
        Ok(compose::body(to, &written.said, feedback, facts.id, facts.due_at, look))
    }

    fn note_channel(&self, result: &PushOutcome, gave_up: bool, now: Timestamp) {
        let news = {
            let mut channel = self.core.channel();
            match result {
                PushOutcome::Accepted { .. } => channel.took(),
                PushOutcome::Refused { cause: Cause::NotAllowed, .. } => channel.not_allowed(now),
                PushOutcome::Refused { .. } => channel.answered(),
                // Too fast for this patient or for us: the channel itself is up.
                PushOutcome::Retry { cause: Cause::RateLimited | Cause::PatientRateLimited, .. } => {
                    channel.answered()
                }
                PushOutcome::ChannelDown { cause, .. } => channel.shut(*cause, now),
                PushOutcome::Retry { cause: Cause::LineUnavailable, .. } | PushOutcome::Unknown => {
                    channel.failed(gave_up, now)
                }
                PushOutcome::Retry { .. } => false,
            }
        };
        if news {
            let down = self.core.channel().down().map(|d| d.cause.as_str());
            tracing::warn!(?down, "the LINE channel changed");
            self.core.announce(Topic::Status);
            self.core.tick_bell.notify_one();
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most an hour, checked by config")]
fn seconds(s: f64) -> i64 {
    (s * 1000.0) as i64
}
