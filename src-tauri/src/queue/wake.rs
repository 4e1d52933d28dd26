//! When a worker looks for jobs.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use apalis_core::backend::ext::poll_strategy::{PollSnapshot, PollStrategy};
use futures::Stream as _;
use tokio::{sync::watch, time::Interval};
use tokio_stream::wrappers::WatchStream;

/// How often a worker looks without being called. The bell rings after every commit that
/// enqueues; this heals what slipped through (another process wrote, say).
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Looks when the bell rings, and now and then anyway. apalis' own interval returns at the
/// first tick without asking to be woken for the next, and so can lose its wake-up under
/// load; here both sources are polled until they are pending, which registers the waker.
pub(super) struct Bell {
    rings: WatchStream<u64>,
    interval: Interval,
}

impl Bell {
    pub(super) fn new(bell: &watch::Sender<u64>) -> Self {
        Self { rings: WatchStream::new(bell.subscribe()), interval: tokio::time::interval(LOOK_EVERY) }
    }
}

impl PollStrategy for Bell {
    fn poll_drive(&mut self, cx: &mut Context<'_>, _: &PollSnapshot) -> Poll<Option<()>> {
        let mut look = Poll::Pending;
        while let Poll::Ready(Some(_)) = Pin::new(&mut self.rings).poll_next(cx) {
            look = Poll::Ready(Some(()));
        }
        while self.interval.poll_tick(cx).is_ready() {
            look = Poll::Ready(Some(()));
        }
        look
    }
}
