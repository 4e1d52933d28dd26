//! Uploads of the window, part by part. One that is broken off is given up after a while, so that
//! nothing waits for it.

use std::sync::Arc;

use tokio::{sync::Mutex, task::JoinHandle};

use crate::ids::TaskId;

/// The one upload that is coming.
struct Held<T> {
    id: TaskId,
    /// Parts that have come.
    parts: u32,
    upload: T,
}

/// The upload that is coming; beginning another gives it up.
pub(crate) struct Parts<T>(Arc<Mutex<Option<Held<T>>>>);

impl<T> Default for Parts<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// An upload taken out for its next part.
pub(crate) struct Next<T> {
    pub(crate) id: TaskId,
    parts: u32,
    pub(crate) upload: T,
}

impl<T: Send + 'static> Parts<T> {
    /// Takes out the upload under this id; `None` where it does not exist, or was given up.
    pub(crate) async fn next(&self, id: TaskId) -> Option<Next<T>> {
        let held = self.0.lock().await.take_if(|held| held.id == id)?;
        Some(Next { id, parts: held.parts, upload: held.upload })
    }

    /// Begins an upload, and gives up the one before.
    pub(crate) async fn begin<F: Future<Output = T>>(&self, id: TaskId, begun: F) -> Next<T> {
        drop(self.0.lock().await.take());
        Next { id, parts: 0, upload: begun.await }
    }

    /// Holds an upload until its next part comes, and no longer than `pause`.
    pub(crate) async fn hold<P>(&self, next: Next<T>, pause: P) -> JoinHandle<()>
    where
        P: Future<Output = ()> + Send + 'static,
    {
        let Next { id, parts, upload } = next;
        let parts = parts + 1;
        *self.0.lock().await = Some(Held { id, parts, upload });
        let all = Arc::clone(&self.0);
        tokio::spawn(async move {
            pause.await;
            drop(all.lock().await.take_if(|held| held.id == id && held.parts == parts));
        })
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;
    use crate::clock::Timestamp;

    fn id(at: i64) -> TaskId {
        TaskId::new(Timestamp::from_millis(at))
    }

    #[tokio::test]
    async fn what_is_broken_off_is_held_for_a_while_only() {
        let (parts, held, id) = (Parts::default(), Arc::new(()), id(0));
        let begun = parts.begin(id, async { Arc::clone(&held) }).await;
        let (over, first_pause) = tokio::sync::oneshot::channel::<()>();
        let first = parts.hold(begun, async { drop(first_pause.await) }).await;
        let next = parts.next(id).await.expect("it is still coming");
        parts.hold(next, pending()).await;
        drop(over);
        first.await.expect("the first pause is over");
        assert_eq!(Arc::strong_count(&held), 2, "the second part began the time anew");
        let next = parts.next(id).await.expect("it is still coming");
        parts.hold(next, ready(())).await.await.expect("the pause is over");
        assert_eq!(Arc::strong_count(&held), 1);
        assert!(parts.next(id).await.is_none());
    }

    #[tokio::test]
    async fn whoever_begins_another_gives_up_the_one_before() {
        let (parts, first, second) = (Parts::default(), Arc::new(()), Arc::new(()));
        for (at, held) in [(1, &first), (2, &second)] {
            let begun = parts.begin(id(at), async { Arc::clone(held) }).await;
            parts.hold(begun, pending()).await;
        }
        assert_eq!((Arc::strong_count(&first), Arc::strong_count(&second)), (1, 2));
    }
}
