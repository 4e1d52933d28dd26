//! Accepts connections within limits, and gives their requests to the router.

mod limits;
mod slots;
mod stalling;

use std::{convert::Infallible, io, pin::pin, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

pub(crate) use limits::Limits;
use slots::{Busy, Open, Slot};
use stalling::Stalling;

/// The most bytes of a request's head: a cookie, a token, a path with a query.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The pause before the next try when no connection can be accepted (no files left).
const TAKE_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Serves `router` until `stop`; returns once the requests under way are answered.
pub(crate) async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let open = Arc::new(Open::within(limits));
    let connections = TaskTracker::new();
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = stop.cancelled() => break,
        };
        match taken {
            Ok((stream, peer)) => {
                let Some(place) = Open::place(&open, peer.ip()) else { continue };
                connections.spawn(connection(stream, router.clone(), place, limits, stop.clone()));
            }
            Err(error) if is_of_the_caller(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "no connection can be taken");
                tokio::time::sleep(TAKE_AGAIN_AFTER).await;
            }
        }
    }
    // The next program of this address need not wait for the last answer.
    drop(listener);
    connections.close();
    connections.wait().await;
}

/// Whether the error is only that the caller hung up.
fn is_of_the_caller(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionAborted | K::ConnectionReset | K::ConnectionRefused)
}

async fn connection(stream: TcpStream, router: Router, place: Slot, limits: Limits, stop: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let place = Arc::new(place);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (router, busy) = (router.clone(), Busy::with(&place));
        async move {
            let request: Request = request.map(Body::new);
            let response = router.oneshot(request).await?;
            // Busy until the last byte of the answer is handed over.
            Ok::<_, Infallible>(response.map(|body| {
                body.map_frame(move |frame| {
                    let _ = &busy;
                    frame
                })
            }))
        }
    });
    let io = TokioIo::new(Stalling::new(stream, limits.stall));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(io, service);
    let mut served = pin!(served);
    tokio::select! {
        // A caller that went away, or was too slow, is no news.
        _ = served.as_mut() => return,
        () = place.make_room.cancelled() => if place.is_idle() { return },
        () = stop.cancelled() => {}
    }
    // Requests under way are answered, and no other begins.
    served.as_mut().graceful_shutdown();
    let _ = served.await;
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        sync::Notify,
    };

    use super::*;

    /// Longer than any of these waits; only a failure takes so long.
    const PATIENCE: Duration = Duration::from_secs(20);

    const QUICK: Limits =
        Limits { connections: 8, from_loopback: 2, from_one_address: 2, head: PATIENCE, stall: PATIENCE };

    async fn serving(router: Router, limits: Limits) -> (SocketAddr, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let (addr, stop) = (listener.local_addr().expect("an address"), CancellationToken::new());
        tokio::spawn(serve(listener, router, limits, stop.clone()));
        (addr, stop)
    }

    fn answering() -> Router {
        Router::new().route("/", get(|| async { "here" }))
    }

    /// Sends `head` and reads until the other side hangs up.
    async fn all_of(mut stream: TcpStream, head: &str) -> String {
        let mut text = Vec::new();
        let _ = stream.write_all(head.as_bytes()).await;
        let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await;
        let _ = read.expect("the other side hangs up");
        String::from_utf8_lossy(&text).into_owned()
    }

    async fn connect(addr: SocketAddr) -> TcpStream {
        TcpStream::connect(addr).await.expect("a connection")
    }

    const ASK: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

    #[tokio::test]
    async fn a_head_that_drips_is_cut_off() {
        let limits = Limits { head: Duration::from_millis(50), ..QUICK };
        let (addr, _stop) = serving(answering(), limits).await;
        assert!(!all_of(connect(addr).await, "GET / HTTP/1.1\r\nho").await.contains("here"));
        assert!(!all_of(connect(addr).await, "").await.contains("here"));
        // So is a connection that falls silent after its first answer.
        let kept = all_of(connect(addr).await, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        assert!(kept.contains("here"), "{kept}");
    }

    #[tokio::test]
    async fn idle_connections_keep_nobody_out() {
        let (addr, _stop) = serving(answering(), QUICK).await;
        let mut idle = Vec::new();
        for _ in 0..20 {
            idle.push(connect(addr).await);
        }
        let answer = all_of(connect(addr).await, ASK).await;
        assert!(answer.contains("here"), "{answer}");
    }

    #[tokio::test]
    async fn a_connection_at_work_does_not_give_way() {
        let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (begins, goes) = (Arc::clone(&begun), Arc::clone(&go));
        let slow = get(move || async move {
            begins.notify_one();
            goes.notified().await;
            "at last"
        });
        let limits = Limits { from_loopback: 1, ..QUICK };
        let (addr, _stop) = serving(Router::new().route("/", slow), limits).await;
        let working = tokio::spawn(all_of(connect(addr).await, ASK));
        begun.notified().await;
        assert_eq!(all_of(connect(addr).await, ASK).await, "");
        go.notify_one();
        assert!(working.await.expect("an answer").contains("at last"));
        let answer = tokio::spawn(all_of(connect(addr).await, ASK));
        go.notify_one();
        assert!(answer.await.expect("an answer").contains("at last"));
    }

    #[tokio::test]
    async fn who_asks_for_much_and_reads_nothing_loses_the_place() {
        let router = answering().route("/much", get(|| async { vec![b'x'; 32 * 1024 * 1024] }));
        let limits = Limits { from_loopback: 1, stall: Duration::from_millis(50), ..QUICK };
        let (addr, _stop) = serving(router, limits).await;
        let mut greedy = connect(addr).await;
        greedy.write_all(ASK.replace("/ ", "/much ").as_bytes()).await.expect("sent");
        greedy.readable().await.expect("the answer begins");
        let again = async {
            while !all_of(connect(addr).await, ASK).await.contains("here") {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, again).await.expect("the place is free again");
    }

    #[tokio::test]
    async fn the_end_waits_for_what_is_under_way_and_takes_nothing_new() {
        let begun = Arc::new(Notify::new());
        let begins = Arc::clone(&begun);
        let stop = CancellationToken::new();
        let until = stop.clone();
        let slow = get(move || async move {
            begins.notify_one();
            until.cancelled().await;
            "the last one"
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("an address");
        let router = Router::new().route("/", slow);
        let serving = tokio::spawn(serve(listener, router, QUICK, stop.clone()));
        let working = tokio::spawn(all_of(connect(addr).await, ASK));
        begun.notified().await;
        stop.cancel();
        assert!(working.await.expect("an answer").contains("the last one"));
        tokio::time::timeout(PATIENCE, serving).await.expect("it ends").expect("without a panic");
        assert!(TcpStream::connect(addr).await.is_err());
    }
}
