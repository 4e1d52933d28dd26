//! Takes connections, within limits, and gives their requests to the router.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    io,
    net::{IpAddr, Ipv6Addr},
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use http_body_util::BodyExt as _;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::Sleep,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt as _;

/// How many may be connected, and how slow they may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections in all.
    pub connections: usize,
    /// Of these, from this machine: a reverse proxy or tunnel has everybody's.
    pub from_loopback: usize,
    /// Of these, from any other address (IPv6: from any other /64, which is one subscriber).
    pub from_one_address: usize,
    /// Time for the head of a request, counted from the end of the one before.
    pub head: Duration,
    /// Longest pause of a reader of an answer.
    pub stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: connections_possible(2_048),
            from_loopback: connections_possible(1_536),
            from_one_address: 192,
            head: Duration::from_secs(10),
            stall: Duration::from_secs(30),
        }
    }
}

/// Files that stay free for the database, LINE and the log.
const FILES_KEPT_FREE: usize = 256;

/// At most `wanted`, and no more than the system gives this process files for: where
/// connections use them up, the database cannot be opened any more.
#[cfg(unix)]
fn connections_possible(wanted: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    let needed = u64::try_from(wanted + FILES_KEPT_FREE).unwrap_or(u64::MAX);
    let possible = needed.min(limit.maximum.unwrap_or(u64::MAX));
    if limit.current.is_some_and(|current| current < possible) {
        let before = limit.current;
        limit.current = Some(possible);
        if setrlimit(Resource::Nofile, limit).is_err() {
            limit.current = before;
        }
    }
    let files = limit.current.and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    wanted.min(files.saturating_sub(FILES_KEPT_FREE).max(16))
}

#[cfg(not(unix))]
fn connections_possible(wanted: usize) -> usize {
    wanted
}

/// The head of a request: a cookie, a token, a path with a query.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// When no connection can be taken (no files left), the next look.
const TAKE_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Serves `router` until `stop`; then ends when the requests under way are answered.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: CancellationToken) {
    let open = Arc::new(Open { limits, ..Open::default() });
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
    connections.close();
    connections.wait().await;
}

/// Whether only the caller hung up.
fn is_of_the_caller(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(error.kind(), K::ConnectionAborted | K::ConnectionReset | K::ConnectionRefused)
}

async fn connection(
    stream: TcpStream,
    router: Router,
    place: Place,
    limits: Limits,
    stop: CancellationToken,
) {
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
    let io = TokioIo::new(Stalling { stream, limit: limits.stall, stalled: None });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(io, service);
    let mut served = pin!(served);
    tokio::select! {
        // That a caller went away, or was too slow, is no news.
        _ = served.as_mut() => return,
        () = place.make_room.cancelled() => if place.is_idle() { return },
        () = stop.cancelled() => {}
    }
    // What is under way is answered, and nothing else begins.
    served.as_mut().graceful_shutdown();
    let _ = served.await;
}

/// Who is connected.
#[derive(Default)]
struct Open {
    limits: Limits,
    places: Mutex<BTreeMap<u64, Connected>>,
    count: AtomicU64,
}

struct Connected {
    from: IpAddr,
    /// The count when the last request ended; `BUSY` while one is under way.
    idle_since: Arc<AtomicU64>,
    make_room: CancellationToken,
}

const BUSY: u64 = u64::MAX;

impl Open {
    /// A place for a connection from `ip`. Where there is none, the connection that has been
    /// idle longest gives way, so that idle ones keep nobody out; `None` when all are busy.
    fn place(open: &Arc<Self>, ip: IpAddr) -> Option<Place> {
        let (from, most) = match subscriber(ip) {
            from if from.is_loopback() => (from, open.limits.from_loopback),
            from => (from, open.limits.from_one_address),
        };
        let number = open.next();
        let mut places = open.places();
        let crowded = places.values().filter(|c| c.from == from).count() >= most;
        if crowded || places.len() >= open.limits.connections {
            let idlest = places
                .iter()
                .filter(|(_, c)| !crowded || c.from == from)
                .map(|(number, c)| (c.idle_since.load(Ordering::Acquire), *number))
                .min()
                .filter(|(since, _)| *since != BUSY);
            places.remove(&idlest?.1)?.make_room.cancel();
        }
        let (idle_since, make_room) = (Arc::new(AtomicU64::new(number)), CancellationToken::new());
        let connected = Connected { from, idle_since: Arc::clone(&idle_since), make_room: make_room.clone() };
        places.insert(number, connected);
        drop(places);
        Some(Place { open: Arc::clone(open), number, idle_since, make_room })
    }

    fn places(&self) -> MutexGuard<'_, BTreeMap<u64, Connected>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }
}

/// Who counts as one: an IPv4 address, or a /64 of IPv6, of which one subscriber has all.
fn subscriber(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => {
            IpAddr::V6(Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX)))
        }
        other => other,
    }
}

/// The place of one connection, free again when this is dropped.
struct Place {
    open: Arc<Open>,
    number: u64,
    idle_since: Arc<AtomicU64>,
    make_room: CancellationToken,
}

impl Place {
    fn is_idle(&self) -> bool {
        self.idle_since.load(Ordering::Acquire) != BUSY
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.places().remove(&self.number);
    }
}

/// A connection is busy while this lives.
struct Busy(Arc<Place>);

impl Busy {
    fn with(place: &Arc<Place>) -> Self {
        place.idle_since.store(BUSY, Ordering::Release);
        Self(Arc::clone(place))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.idle_since.store(self.0.open.next(), Ordering::Release);
    }
}

/// A stream whose reader may pause so long and no longer: one who asks for much and reads
/// nothing would hold its place for ever.
struct Stalling {
    stream: TcpStream,
    limit: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Stalling {
    fn watch<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let limit = self.limit;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(limit)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Stalling {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Stalling {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
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

    /// Longer than any of these waits; only a failure gets there.
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

    #[test]
    fn a_subscriber_is_an_address_or_a_64_of_ipv6() {
        let of = |ip: &str| subscriber(ip.parse().expect("an address")).to_string();
        assert_eq!(of("192.168.1.5"), "192.168.1.5");
        assert_eq!(of("::ffff:192.168.1.5"), "192.168.1.5");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::1"), "::1");
    }
}
