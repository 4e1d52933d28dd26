//! Questions asked at the same moment share one answer of the database: one query, or one
//! transaction and so one wait for the disk.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use super::Supervisor;

#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer<E: std::error::Error + 'static> {
    /// The work failed for all that asked together.
    #[error("the work for all that asked together failed")]
    Failed(#[source] Arc<E>),
    /// The work panicked, or the program ends. The next question is answered again.
    #[error("{0} ended before it had an answer")]
    Ended(&'static str),
}

type Asked<Question, Answer, E> = (Question, oneshot::Sender<Result<Answer, NoAnswer<E>>>);

/// Asks one task, which batches the waiting questions.
#[derive(Debug)]
pub(crate) struct Batcher<Question, Answer, E: std::error::Error + 'static> {
    name: &'static str,
    questions: mpsc::Sender<Asked<Question, Answer, E>>,
}

impl<Question, Answer, E> Batcher<Question, Answer, E>
where
    Question: Send + 'static,
    Answer: Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    /// Starts the task `name`; it ends when nobody can ask any more. `work` gets at most
    /// `max_batch` questions, gives an answer to each, in order, and logs its own failures. As many
    /// questions may wait.
    pub(crate) fn start<W, R>(supervisor: &Supervisor, name: &'static str, max_batch: usize, work: W) -> Self
    where
        W: Fn(Vec<Question>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<Answer>, E>> + Send + 'static,
    {
        let (questions, asked) = mpsc::channel(max_batch);
        // Outside the task, so that waiting questions outlive a panic of the work.
        let (asked, work) = (Arc::new(Mutex::new(asked)), Arc::new(work));
        supervisor.spawn(name, move || {
            let (asked, work) = (Arc::clone(&asked), Arc::clone(&work));
            async move {
                let (mut asked, mut batch) = (asked.lock().await, Vec::with_capacity(max_batch));
                while asked.recv_many(&mut batch, max_batch).await > 0 {
                    let (questions, askers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
                    hand_out(work(questions).await, askers);
                }
                Ok(())
            }
        });
        Self { name, questions }
    }

    pub(crate) async fn ask(&self, question: Question) -> Result<Answer, NoAnswer<E>> {
        let (asker, answer) = oneshot::channel();
        let ended = || NoAnswer::Ended(self.name);
        self.questions.send((question, asker)).await.map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?
    }
}

/// Hands out the answers; a caller who no longer waits gets nothing.
fn hand_out<Answer, E: std::error::Error + 'static>(
    answers: Result<Vec<Answer>, E>,
    askers: Vec<oneshot::Sender<Result<Answer, NoAnswer<E>>>>,
) {
    match answers {
        Ok(answers) => {
            for (asker, answer) in askers.into_iter().zip(answers) {
                let _ = asker.send(Ok(answer));
            }
        }
        Err(error) => {
            let error = Arc::new(error);
            for asker in askers {
                let _ = asker.send(Err(NoAnswer::Failed(Arc::clone(&error))));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{error::Error as _, sync::Mutex as StdMutex};

    use futures::future::join_all;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("no room")]
    struct NoRoom;

    type Doubler = Batcher<u32, u32, NoRoom>;

    type Sizes = Arc<StdMutex<Vec<usize>>>;

    /// Doubles numbers; fails at 13, panics at 99.
    fn doubler(supervisor: &Supervisor) -> (Doubler, Sizes) {
        let sizes = Sizes::default();
        let seen = Arc::clone(&sizes);
        let batcher = Batcher::start(supervisor, "doubler", 3, move |numbers: Vec<u32>| {
            seen.lock().expect("not poisoned").push(numbers.len());
            async move {
                assert!(!numbers.contains(&99), "a fault on purpose");
                if numbers.contains(&13) {
                    return Err(NoRoom);
                }
                Ok(numbers.into_iter().map(|n| n * 2).collect())
            }
        });
        (batcher, sizes)
    }

    #[tokio::test]
    async fn questions_of_one_moment_are_answered_together_each_with_its_own_answer() {
        let (batcher, sizes) = doubler(&Supervisor::default());
        let answers = join_all((0..5).map(|n| batcher.ask(n))).await;
        let answers: Vec<_> = answers.into_iter().map(|a| a.expect("an answer")).collect();
        assert_eq!(answers, [0, 2, 4, 6, 8]);
        assert_eq!(*sizes.lock().expect("not poisoned"), [3, 2]);
    }

    #[tokio::test]
    async fn everybody_who_asked_together_gets_the_error_with_its_source() {
        let (batcher, _) = doubler(&Supervisor::default());
        for answer in join_all([1, 13].map(|n| batcher.ask(n))).await {
            let error = answer.expect_err("it fails");
            assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("no room"));
        }
        assert_eq!(batcher.ask(2).await.expect("an answer"), 4);
    }

    #[tokio::test]
    async fn after_a_panic_what_waits_is_still_answered() {
        let supervisor = Supervisor::default();
        let (batcher, _) = doubler(&supervisor);
        let answers = join_all([99, 1, 2, 3].map(|n| batcher.ask(n))).await;
        let ended: Vec<_> = answers.iter().map(|a| matches!(a, Err(NoAnswer::Ended(_)))).collect();
        assert_eq!(ended, [true, true, true, false], "three were taken together");
        assert_eq!(supervisor.health_of("doubler").expect("known").restarts, 1);
    }
}
