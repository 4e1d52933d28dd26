//! One attempt at one delivery: facts, gate, body, push, outcome, landing.

use std::sync::Arc;

use tokio::sync::RwLock;

use super::{
    compose,
    facts::Reader,
    flight::FlightLog,
    gate::{self, Fate, Verdict},
    outcome::{self, Next, RetryRule},
    pace::Pace,
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
    queue::{JobError, in_progress::Subject},
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
    pace: Pace,
    rule: RetryRule,
    /// Held for reading by every attempt, for writing by one that may end the program: it
    /// flies alone, so that a crash is counted against nobody else.
    alone: RwLock<()>,
}

/// After so many crashes a message flies alone.
const SUSPECT: i64 = 2;

/// How often facts that grew old before the message could begin are read again; then the job
/// comes again.
const MAX_READS: usize = 20;

/// What the attempt goes with.
enum Body {
    Ready(Arc<str>),
    /// What is stored cannot be rendered: why.
    Unsendable(String),
}

impl Courier {
    /// A courier that records with `recorder`.
    pub fn new(core: Arc<Core>, recorder: Recorder, flights: FlightLog) -> Arc<Self> {
        let delivery = &core.config.delivery;
        let rule = RetryRule {
            delays_ms: delivery.retry_delays_s.iter().map(|s| seconds(*s)).collect(),
            jitter: delivery.retry_jitter,
        };
        let reader = Reader::start(core.store.clone(), &core.supervisor);
        let (pace, alone) = (Pace::default(), RwLock::new(()));
        Arc::new(Self { core, reader, recorder, flights, pace, rule, alone })
    }

    /// Runs the job of `id`. Running it twice is harmless: a delivery that is settled is left
    /// alone, one that LINE has is answered with 409.
    ///
    /// # Errors
    /// Nothing was sent; the job is to run again.
    pub async fn deliver(&self, id: DeliveryId) -> Result<(), JobError> {
        self.recorder.wait_writable().await?;
        for _ in 0..MAX_READS {
            let seen = self.core.in_progress.seen();
            let with_pace = self.core.clinic().patient_pace_seconds.is_some();
            // None: removed together with its patient; its job went, too.
            let Some(facts) = self.reader.facts(id, with_pace).await? else { return Ok(()) };
            let now = self.core.now();
            if let Some(landing) = self.not_now(&facts, now) {
                self.recorder.land(landing).await?;
                return Ok(());
            }
            if self.attempt(&facts, seen).await?.is_some() {
                return Ok(());
            }
        }
        Err("what it hangs on changed too often".into())
    }

    /// What becomes of a delivery that may not go now.
    fn not_now(&self, facts: &Facts, now: Timestamp) -> Option<Landing> {
        match gate::gate(facts, &self.core.clinic(), now) {
            // Practice that got under a real channel: nobody real is written to for it.
            Verdict::Go if facts.demo && self.core.sandbox.is_none() => {
                Some(dropped(facts, Fate::LeftOut(Cause::DemoPatient)))
            }
            Verdict::Go => None,
            Verdict::Wait(until, cause) => Some(held(facts, until, cause)),
            Verdict::Drop(fate) => Some(dropped(facts, fate)),
        }
    }

    /// Tries once. `None` when the facts grew old before it could begin.
    async fn attempt(&self, facts: &Facts, seen: u64) -> Result<Option<()>, JobError> {
        if facts.crash_starts >= SUSPECT {
            let _nobody_else = self.alone.write().await;
            self.attempt_in_turn(facts, seen).await
        } else {
            let _beside_others = self.alone.read().await;
            self.attempt_in_turn(facts, seen).await
        }
    }

    async fn attempt_in_turn(&self, facts: &Facts, seen: u64) -> Result<Option<()>, JobError> {
        let body = match self.body(facts).await? {
            Body::Ready(body) => body,
            Body::Unsendable(text) => {
                self.recorder.land(unsendable(facts, text)).await?;
                return Ok(Some(()));
            }
        };
        let subject =
            Subject { id: facts.id, assignment_id: facts.assignment_id, patient_id: facts.patient_id };
        let Some(sending) = self.core.in_progress.begin(subject, seen).await else { return Ok(None) };
        // Asked again after the last wait: time has passed, and the clinic may have decided
        // otherwise. From here on an act of staff finds the message on its way.
        let now = self.core.now();
        if let Some(landing) = self.not_now(facts, now).or_else(|| self.not_its_turn(facts, now)) {
            self.recorder.land(landing).await?;
            return Ok(Some(()));
        }
        let result = self.fly(facts.id, body).await;
        let done_at = self.core.now();
        self.note_patient(facts, &result, done_at).await;
        let tried = usize::try_from(facts.round_attempts).unwrap_or(0);
        let next = outcome::outcome(&result, tried, &self.rule, ids::unit_interval(), done_at);
        self.note_channel(&result, matches!(next, Next::Fail(_)), done_at);
        tracing::debug!(delivery = %facts.id, state = %next.state(), "an attempt is over");
        let mut landing = landing(facts, &result, &next, now, done_at);
        landing.sending = Some(Arc::new(sending));
        self.recorder.land(landing).await?;
        Ok(Some(()))
    }

    /// What becomes of a delivery whose turn at its patient, or at the channel, has not come.
    fn not_its_turn(&self, facts: &Facts, now: Timestamp) -> Option<Landing> {
        let pace_ms = i64::from(self.core.clinic().patient_pace_seconds.unwrap_or(0)) * 1000;
        let turn = self.pace.turn(facts.patient_id, facts.id, facts.last_accepted_at, pace_ms, now);
        if let Err(until) = turn {
            let mut landing = held(facts, Some(until), Cause::PatientPace);
            // The wait for its turn is our rule's: it does not make the message late.
            let expires_at = facts.expires_at.plus_millis(until.millis_since(now));
            landing.outcome.expires_at = Some(expires_at.as_millis());
            return Some(landing);
        }
        if !self.core.line.is_connected() {
            // Without a token LINE refuses everything: there is no need to ask.
            return Some(held(facts, None, Cause::TokenInvalid));
        }
        self.core.channel().admit().err().map(|down| held(facts, None, down.cause))
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
    async fn body(&self, facts: &Facts) -> Result<Body, sqlx::Error> {
        let recipient = facts.line_user_id.as_deref().unwrap_or_default();
        if let (Some(body), Some(named)) = (&facts.body, &facts.recipient)
            && (named == recipient || facts.maybe_sent_at.is_some())
        {
            return Ok(Body::Ready(body.as_str().into()));
        }
        let content = serde_json::from_str(&facts.content)
            .map_err(|e| e.to_string())
            .and_then(|value| Content::parse(facts.message_type, &value, "content").map_err(|e| e.message));
        let content = match content {
            Ok(content) => content,
            Err(text) => return Ok(Body::Unsendable(text)),
        };
        let feedback: Option<Feedback> =
            facts.feedback.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let body = compose::body(recipient, &content, feedback.as_ref(), facts.id);
        fail::fail_point!("body-written", |_| Err(sqlx::Error::PoolTimedOut));
        let mut tx = self.core.store.begin().await?;
        deliveries::set_body(&mut tx, facts.id, &body, recipient).await?;
        tx.commit().await?;
        Ok(Body::Ready(body.into()))
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
                PushOutcome::Retry { cause: Cause::LineUnavailable, .. } | PushOutcome::Unknown { .. } => {
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
        assignment_id: facts.assignment_id,
        due_at: facts.due_at,
        tried_before: facts.attempts > 0,
        sending: None,
    }
}

fn held(facts: &Facts, until: Option<Timestamp>, cause: Cause) -> Landing {
    let mut landing = untried(facts, State::Held);
    landing.outcome.next_attempt_at = until.map(Timestamp::as_millis);
    landing.outcome.cause = Some(cause);
    landing.outcome.error_text = Some(cause.in_words().to_owned());
    landing
}

fn dropped(facts: &Facts, fate: Fate) -> Landing {
    match fate {
        // Only the job ends; the delivery stays as it is.
        Fate::Settled => {
            let mut landing = untried(facts, facts.state);
            landing.outcome.settled = true;
            landing
        }
        Fate::Cancelled => {
            let mut landing = untried(facts, State::Cancelled);
            landing.outcome.cause = facts.maybe_sent_at.map(|_| Cause::OutcomeUnknown);
            landing
        }
        Fate::LeftOut(cause) => {
            let mut landing = untried(facts, State::Cancelled);
            landing.outcome.cause = Some(cause);
            landing.outcome.error_text = Some(cause.in_words().to_owned());
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

/// A lost answer stays the cause, whatever passing failure follows it: that the message may
/// have been sent is what a person has to know.
fn in_doubt(facts: &Facts, cause: Cause) -> Cause {
    let lost = facts.cause == Some(Cause::OutcomeUnknown) && facts.maybe_sent_at.is_some();
    let passing = matches!(cause, Cause::LineUnavailable | Cause::RateLimited | Cause::PatientRateLimited);
    if lost && passing { Cause::OutcomeUnknown } else { cause }
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
