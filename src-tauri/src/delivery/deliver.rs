//! One attempt at one delivery: facts, gate, body, push, outcome, landing.

use std::sync::Arc;

use tokio::sync::RwLock;

use super::{
    compose,
    facts::Reader,
    flight::FlightLog,
    gate::{self, Fate, Hold, Verdict},
    outcome::{self, Next, RetryRule},
    recorder::{Landing, Recorder},
};
use crate::{
    clock::Timestamp,
    core::{Core, Topic},
    domain::{
        delivery::{Cause, State},
        feedback::Feedback,
        message::Content,
        patient::Reachability,
        work::Reason,
    },
    ids::{self, DeliveryId},
    line::PushOutcome,
    queue::JobError,
    store::{
        self,
        attempts::Attempt,
        deliveries::{self, Facts, Outcome},
        patients::Reach,
        worklist,
    },
};

/// Sends deliveries, one attempt for each job.
pub struct Courier {
    core: Arc<Core>,
    reader: Reader,
    recorder: Recorder,
    flights: FlightLog,
    rule: RetryRule,
    /// Held for reading by every attempt, for writing by one that may end the program: it
    /// flies alone, so that a crash is counted against nobody else.
    alone: RwLock<()>,
}

/// After so many crashes a message flies alone.
const SUSPECT: i64 = 2;

impl Courier {
    /// A courier that records with `recorder`.
    pub fn new(core: Arc<Core>, recorder: Recorder, flights: FlightLog) -> Arc<Self> {
        let delivery = &core.config.delivery;
        let rule = RetryRule {
            delays_ms: delivery.retry_delays_s.iter().map(|s| seconds(*s)).collect(),
            jitter: delivery.retry_jitter,
        };
        let reader = Reader::start(core.store.clone());
        Arc::new(Self { core, reader, recorder, flights, rule, alone: RwLock::new(()) })
    }

    /// Runs the job of `id`. Running it twice is harmless: a delivery that is settled is left
    /// alone, one that LINE has is answered with 409.
    ///
    /// # Errors
    /// The delivery could not be read, or what would be sent not be recorded: the job is to
    /// run again.
    pub async fn deliver(&self, id: DeliveryId) -> Result<(), JobError> {
        self.recorder.wait_writable().await?;
        let clinic = self.core.clinic();
        let facts = self.reader.facts(id, clinic.patient_pace_seconds.is_some()).await?;
        // Removed together with its patient: its job went, too.
        let Some(facts) = facts else { return Ok(()) };
        let now = self.core.now();
        match gate::gate(&facts, &clinic, now) {
            Verdict::Go => self.attempt(&facts, now).await,
            Verdict::Wait(until, hold) => Ok(self.recorder.land(held(&facts, until, hold)).await?),
            Verdict::Drop(fate) => Ok(self.recorder.land(dropped(&facts, fate)).await?),
        }
    }

    async fn attempt(&self, facts: &Facts, now: Timestamp) -> Result<(), JobError> {
        let admitted = self.core.channel().admit(now);
        if let Err(down) = admitted {
            return Ok(self.recorder.land(waiting_for_channel(facts, down.cause)).await?);
        }
        let body = match self.body(facts).await {
            Ok(body) => body,
            Err(text) => return Ok(self.recorder.land(unsendable(facts, text)).await?),
        };
        let result = if facts.crash_starts >= SUSPECT {
            let _nobody_else = self.alone.write().await;
            self.fly(facts.id, body).await
        } else {
            let _beside_others = self.alone.read().await;
            self.fly(facts.id, body).await
        };
        let done_at = self.core.now();
        self.note_channel(&result, done_at);
        self.note_patient(facts, &result, done_at).await;
        let tried = usize::try_from(facts.round_attempts).unwrap_or(0);
        let next = outcome::outcome(&result, tried, &self.rule, ids::unit_interval(), done_at);
        tracing::debug!(delivery = %facts.id, state = %next.state(), "an attempt is over");
        Ok(self.recorder.land(landing(facts, &result, &next, now, done_at)).await?)
    }

    async fn fly(&self, id: DeliveryId, body: Arc<str>) -> PushOutcome {
        let _in_flight = self.flights.take_off(id);
        fail::fail_point!("attempt-begun");
        let result = self.core.line.push(body, id).await;
        fail::fail_point!("answer-read");
        result
    }

    /// The stored bytes; rendered now where the patient was linked, or linked anew, only
    /// after the message was made.
    async fn body(&self, facts: &Facts) -> Result<Arc<str>, String> {
        let recipient = facts.line_user_id.as_deref().unwrap_or_default();
        if let (Some(body), Some(named)) = (&facts.body, &facts.recipient)
            && (named == recipient || facts.attempts > 0)
        {
            return Ok(body.as_str().into());
        }
        let content = serde_json::from_str(&facts.content)
            .map_err(|e| e.to_string())
            .and_then(|value| Content::parse(facts.message_type, &value, "content").map_err(|e| e.message))?;
        let feedback: Option<Feedback> =
            facts.feedback.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let body = compose::body(recipient, &content, feedback.as_ref(), facts.id);
        let stored = async {
            let mut tx = self.core.store.begin().await?;
            deliveries::set_body(&mut tx, facts.id, &body, recipient).await?;
            tx.commit().await
        };
        stored.await.map_err(|e| e.to_string())?;
        Ok(body.into())
    }

    fn note_channel(&self, result: &PushOutcome, now: Timestamp) {
        let news = {
            let mut channel = self.core.channel();
            match result {
                PushOutcome::Accepted { .. } | PushOutcome::Refused { .. } => channel.answered(),
                PushOutcome::ChannelDown { cause, .. } => channel.shut(*cause, now),
                PushOutcome::Retry { cause: Cause::LineUnavailable, .. } | PushOutcome::Unknown { .. } => {
                    channel.failed(now)
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

    /// An id that LINE does not know is remembered, so that staff see it before the next
    /// step is due.
    async fn note_patient(&self, facts: &Facts, result: &PushOutcome, now: Timestamp) {
        let unknown = matches!(result, PushOutcome::Refused { cause: Cause::PatientUnknown, .. });
        let (true, Some(user)) = (unknown, &facts.line_user_id) else { return };
        let noted = async {
            let mut tx = self.core.store.begin().await?;
            let reach = Reach {
                line_user_id: user.clone(),
                reachability: Reachability::Unlinked,
                at: now,
                followed_at: None,
            };
            store::patients::set_reachability(&mut tx, &[reach], now).await?;
            let work = worklist::New::about(facts.patient_id, Reason::Unlinked, now);
            worklist::open(&mut tx, &[work], now).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            tracing::warn!(patient = %facts.patient_id, %error, "could not note an unknown LINE id");
        }
        self.core.announce(Topic::Patients);
        self.core.announce(Topic::Worklist);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most an hour, checked by config")]
fn seconds(s: f64) -> i64 {
    (s * 1000.0) as i64
}

/// A landing at which nothing was tried.
fn untried(facts: &Facts, state: State) -> Landing {
    Landing {
        outcome: Outcome {
            id: facts.id,
            state,
            attempt_used: 0,
            attempted_at: None,
            next_attempt_at: None,
            accepted_at: None,
            line_message_ids: None,
            line_request_id: None,
            cause: None,
            http_status: None,
            error_text: None,
        },
        attempt: None,
        assignment_id: facts.assignment_id,
        due_at: facts.due_at,
        tried_before: facts.attempts > 0,
    }
}

fn held(facts: &Facts, until: Timestamp, hold: Hold) -> Landing {
    let mut landing = untried(facts, State::Held);
    landing.outcome.next_attempt_at = Some(until.min(facts.expires_at).as_millis());
    landing.outcome.cause = hold.cause();
    landing.outcome.error_text = Some(hold.in_words().to_owned());
    landing
}

fn waiting_for_channel(facts: &Facts, cause: Cause) -> Landing {
    let mut landing = untried(facts, State::Held);
    landing.outcome.next_attempt_at = Some(facts.expires_at.as_millis());
    landing.outcome.cause = Some(cause);
    landing.outcome.error_text = Some(cause.in_words().to_owned());
    landing
}

fn dropped(facts: &Facts, fate: Fate) -> Landing {
    match fate {
        // Only the job ends; the delivery stays as it is.
        Fate::Settled => untried(facts, facts.state),
        Fate::Cancelled => untried(facts, State::Cancelled),
        Fate::LeftOut(hold) => {
            let mut landing = untried(facts, State::Cancelled);
            landing.outcome.cause = hold.cause();
            landing.outcome.error_text = Some(hold.in_words().to_owned());
            landing
        }
        Fate::Review(cause) => {
            let mut landing = untried(facts, State::Review);
            landing.outcome.cause = Some(cause);
            landing.outcome.error_text = Some(cause.in_words().to_owned());
            landing
        }
    }
}

/// What is stored cannot be rendered: it was valid once, so a person has to look.
fn unsendable(facts: &Facts, text: String) -> Landing {
    let mut landing = untried(facts, State::Failed);
    landing.outcome.cause = Some(Cause::MessageInvalid);
    landing.outcome.error_text = Some(text);
    landing
}

fn landing(
    facts: &Facts,
    result: &PushOutcome,
    next: &Next,
    began_at: Timestamp,
    done_at: Timestamp,
) -> Landing {
    let mut landing = untried(facts, next.state());
    let o = &mut landing.outcome;
    let held = matches!(next, Next::Hold(_));
    o.attempt_used = i64::from(!held);
    o.attempted_at = Some(began_at.as_millis());
    o.http_status = result.status().map(i64::from);
    o.error_text = result.text().map(str::to_owned);
    match next {
        Next::Sent => o.accepted_at = Some(done_at.as_millis()),
        Next::Retry(at, cause) => {
            o.next_attempt_at = Some(at.as_millis());
            o.cause = Some(*cause);
        }
        Next::Hold(cause) => {
            o.next_attempt_at = Some(facts.expires_at.as_millis());
            o.cause = Some(*cause);
        }
        Next::Fail(cause) => o.cause = Some(*cause),
    }
    if let PushOutcome::Accepted { line_message_ids, request_id, .. } = result {
        o.line_message_ids = serde_json::to_string(line_message_ids).ok();
        o.line_request_id = request_id.clone();
    }
    let cause = o.cause;
    landing.attempt = cause.filter(|_| !held).map(|cause| Attempt {
        delivery_id: facts.id,
        attempt: facts.attempts + 1,
        started_at: began_at,
        finished_at: done_at,
        cause,
        http_status: result.status().map(i64::from),
        error_text: result.text().map(str::to_owned),
    });
    landing
}
