//! One connection for many calls, as clients keep it.

use clinicue::line::sandbox::Options;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::Line;
use crate::support::line_user;

/// The status line of the next answer; the rest of it is read away.
async fn next_status(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        answer.push(stream.read_u8().await.expect("an answer"));
    }
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_connection_stays_open_when_a_body_comes_after_its_head() {
    let line = Line::start(Options::default()).await;
    let base = line.running.base_url();
    let host = base.strip_prefix("http://").expect("an address");
    let mut stream = TcpStream::connect(host).await.expect("a connection");
    let path = format!("/v2/bot/chat/{}/control/release", line_user(1));
    for _ in 0..2 {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer token\r\n\
             content-type: application/json\r\ncontent-length: 2\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("sent");
        // Another call is answered in between, so that the head alone was seen.
        line.call("GET", "/v2/bot/info", None, None).await.expect(200);
        stream.write_all(b"{}").await.expect("sent");
        assert_eq!(next_status(&mut stream).await, "HTTP/1.1 403 Forbidden");
    }
}
