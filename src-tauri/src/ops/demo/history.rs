//! The past of the demo clinic's follow-ups: messages that arrived, answers, and questions without
//! one. It is written as the program writes it, so that every number adds up. The worklist stays
//! empty: every call for a person was seen to.

use crate::{
    clock::Timestamp,
    core::Core,
    domain::{
        delivery::State,
        draft::Draft,
        feedback::{Button, Feedback},
    },
    error::Result,
    ids::{AnswerId, AssignmentId, DeliveryId},
    schedule::past,
    store::{
        Conn,
        answers::{self, Answer},
        assignments,
        deliveries::{self, Outcome},
        interactions::{self, Response},
    },
};

/// Milliseconds from a message's time until LINE accepts it.
const ACCEPTED_AFTER: i64 = 1_300;

pub(super) async fn write(conn: &mut Conn, core: &Core, ids: &[AssignmentId]) -> Result<()> {
    let (now, zone) = (core.now(), core.clinic().time_zone);
    let mut past = past::messages(conn, core, ids, now).await?;
    past.sort_by_key(|draft| draft.due_at);
    deliveries::insert(conn, &past, now).await?;
    let outcomes: Vec<_> = past.iter().map(accepted).collect();
    deliveries::record(conn, &outcomes, now).await?;
    // The day of a row is that of its message.
    for same in past.chunk_by(|one, next| one.due_at == next.due_at) {
        let ids: Vec<_> = same.iter().map(|draft| draft.id).collect();
        interactions::log_outcomes(conn, &ids, zone, same[0].due_at.plus_millis(ACCEPTED_AFTER)).await?;
    }
    let mut answered = Answered::default();
    for (n, draft) in past.iter().enumerate() {
        answered.take(n, draft, now);
    }
    answers::insert(conn, &answered.answers).await?;
    interactions::respond(conn, &answered.responses, zone).await?;
    interactions::miss(conn, &answered.missed, zone).await?;
    deliveries::stop_awaiting(conn, &answered.over()).await?;
    assignments::complete_finished(conn, ids, now).await?;
    Ok(())
}

fn accepted(draft: &Draft) -> Outcome {
    let at = draft.due_at.plus_millis(ACCEPTED_AFTER).as_millis();
    Outcome {
        id: draft.id,
        state: State::Sent,
        attempt_used: 1,
        attempted_at: Some(at - 300),
        next_attempt_at: None,
        maybe_sent_at: None,
        expires_at: None,
        accepted_at: Some(at),
        line_message_ids: None,
        line_request_id: None,
        cause: None,
        http_status: Some(200),
        error_text: None,
        settled: false,
    }
}

/// Answers and missed questions of the demo clinic's past.
#[derive(Default)]
struct Answered {
    answers: Vec<Answer>,
    responses: Vec<Response>,
    missed: Vec<DeliveryId>,
}

impl Answered {
    /// Adds the patient's reaction to the `n`th message, the same at each load.
    fn take(&mut self, n: usize, draft: &Draft, now: Timestamp) {
        let Some(feedback) = &draft.source.feedback else { return };
        let minutes = 4 + i64::try_from(n * 37 % 171).unwrap_or(0);
        let at = draft.due_at.plus_millis(ACCEPTED_AFTER + minutes * 60_000);
        if at > now {
            return;
        }
        let is_over = draft.due_at.plus_millis(feedback.answer_window_ms()) < now;
        match pressed(n, feedback).or(if is_over { None } else { feedback.buttons.first() }) {
            Some(button) => self.press(draft, button, at),
            None => self.missed.push(draft.id),
        }
    }

    fn press(&mut self, draft: &Draft, button: &Button, at: Timestamp) {
        let answer = Answer {
            id: AnswerId::new(at),
            delivery_id: draft.id,
            patient_id: draft.source.patient_id,
            action: button.action,
            value: button.value.clone(),
            label: button.label.clone(),
            picked: None,
            counted: true,
            late: false,
            answered_at: at,
        };
        self.responses.push(Response {
            id: draft.id,
            at,
            action: answer.action,
            value: answer.value.clone(),
        });
        self.answers.push(answer);
    }

    fn over(&self) -> Vec<DeliveryId> {
        self.responses.iter().map(|response| response.id).chain(self.missed.iter().copied()).collect()
    }
}

/// The pressed button: of ten patients seven did as asked, one did not, one hurt, one did not
/// answer.
fn pressed(n: usize, feedback: &Feedback) -> Option<&Button> {
    match n * 7 % 10 {
        1 => None,
        3 => feedback.buttons.get(1),
        5 => feedback.buttons.get(2),
        _ => feedback.buttons.first(),
    }
}
