//! Who may ask at all: the Host header must name this machine, and a page of another origin
//! may not call.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::header,
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::FromWeb;
use crate::error::{Code, Problem};

/// Refuses a request under a name that is not ours (DNS rebinding) or from a page of another
/// origin.
pub(super) async fn check(State(web): FromWeb, request: Request, next: Next) -> Response {
    match refusal(&request, &web.core.config.hosts) {
        Some(detail) => Problem::new(Code::Forbidden, detail).into_response(),
        None => next.run(request).await,
    }
}

fn refusal(request: &Request, hosts: &[String]) -> Option<&'static str> {
    let header = |name| request.headers().get(name);
    let host = match header(header::HOST).map(|h| h.to_str()) {
        Some(Ok(host)) => host,
        Some(Err(_)) => return Some("the Host header cannot be read"),
        None => request.uri().authority().map_or("", |a| a.as_str()),
    };
    if !is_ours(host, hosts) {
        return Some("this name is not one of ours; add it to `hosts` in config.toml if it is");
    }
    let origin = header(header::ORIGIN)?;
    let same = origin
        .to_str()
        .ok()
        .and_then(|o| o.split_once("://"))
        .is_some_and(|(scheme, rest)| matches!(scheme, "http" | "https") && rest == host);
    (!same).then_some("a page of another origin may not call this")
}

fn is_ours(host: &str, hosts: &[String]) -> bool {
    let name = match host.strip_prefix('[') {
        Some(v6) => v6.split_once(']').map_or("", |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok()
        || hosts.iter().any(|h| h.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_are_ours_other_names_are_not() {
        for host in ["127.0.0.1:4180", "localhost", "LOCALHOST:1", "[::1]:4180", "192.168.1.5:4180"] {
            assert!(is_ours(host, &[]), "{host}");
        }
        for host in ["", "evil.example", "127.0.0.1.evil.example:4180", "[evil]:1"] {
            assert!(!is_ours(host, &[]), "{host}");
        }
        assert!(is_ours("clinic.example:443", &["clinic.example".to_owned()]));
    }
}
