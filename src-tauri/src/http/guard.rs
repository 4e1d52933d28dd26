//! Who may call at all: the Host header must name this machine and our port, and a page of another
//! origin may not call. Another port of the same machine is another origin, though browsers call it
//! the same site.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{HeaderName, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::FromWeb;
use crate::error::{Code, Problem, Refusal};

/// Refuses a request under a foreign name (DNS rebinding) or from a page of another origin.
pub(super) async fn check(State(web): FromWeb, request: Request, next: Next) -> Response {
    match refusal(&request, &web.core.config.hosts, web.port) {
        Some((refusal, detail)) => Problem::new(Code::Forbidden, detail).because(refusal).into_response(),
        None => next.run(request).await,
    }
}

fn refusal(request: &Request, hosts: &[String], port: u16) -> Option<(Refusal, &'static str)> {
    let header = |name| request.headers().get(name);
    let host = match header(header::HOST).map(|h| h.to_str()) {
        Some(Ok(host)) => host,
        Some(Err(_)) => return Some((Refusal::ForeignName, "the Host header cannot be read")),
        None => request.uri().authority().map_or("", |a| a.as_str()),
    };
    if !is_ours(host, hosts, port) {
        let detail = "this name or port is not one of ours; add it to `hosts` in config.toml if it is";
        return Some((Refusal::ForeignName, detail));
    }
    // Programs send no such header, nor do old browsers; those must show the page's secret.
    let from = header(HeaderName::from_static("sec-fetch-site"));
    if is_call(request.uri().path()) && from.is_some_and(|f| f != "same-origin" && f != "none") {
        return Some((Refusal::ForeignPage, "a page of another origin may not call this"));
    }
    let origin = header(header::ORIGIN)?;
    let same = origin
        .to_str()
        .ok()
        .and_then(|o| o.split_once("://"))
        .is_some_and(|(scheme, rest)| matches!(scheme, "http" | "https") && rest == host);
    (!same).then_some((Refusal::ForeignPage, "a page of another origin may not call this"))
}

/// Whether only the UI's scripts and programs ask for the path, and nobody by following a link.
fn is_call(path: &str) -> bool {
    path.starts_with("/api/") || path == "/metrics"
}

fn is_ours(host: &str, hosts: &[String], port: u16) -> bool {
    let (name, asked) = name_and_port(host);
    let ours = asked.map_or(Some(80), |p| p.parse().ok()) == Some(port);
    let own_name = name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok();
    own_name && ours
        || hosts.iter().map(|h| name_and_port(h)).any(|(known, at)| {
            // Behind a reverse proxy the name comes with the proxy's port.
            let fits =
                if at.is_some() { at == asked } else { ours || matches!(asked, None | Some("80" | "443")) };
            fits && known.eq_ignore_ascii_case(name)
        })
}

fn name_and_port(host: &str) -> (&str, Option<&str>) {
    match host.strip_prefix('[') {
        Some(v6) => {
            let (name, rest) = v6.split_once(']').unwrap_or_default();
            (name, rest.strip_prefix(':'))
        }
        None => host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_localhost_are_ours_other_names_are_not() {
        for host in ["127.0.0.1:4180", "localhost:4180", "LOCALHOST:4180", "[::1]:4180", "192.168.1.5:4180"] {
            assert!(is_ours(host, &[], 4180), "{host}");
        }
        for host in ["", "evil.example:4180", "127.0.0.1.evil.example:4180", "[evil]:4180", ":4180"] {
            assert!(!is_ours(host, &[], 4180), "{host}");
        }
        assert!(is_ours("localhost", &[], 80));
    }

    #[test]
    fn another_port_is_not_ours() {
        for host in ["127.0.0.1:4181", "localhost", "[::1]", "127.0.0.1:", "127.0.0.1:4180:1", "localhost:x"]
        {
            assert!(!is_ours(host, &[], 4180), "{host}");
        }
    }

    #[test]
    fn a_configured_name_is_ours_at_its_port_or_a_proxys() {
        let hosts = ["clinic.example".to_owned(), "other.example:8443".to_owned()];
        for host in ["clinic.example", "clinic.example:443", "Clinic.example:4180", "other.example:8443"] {
            assert!(is_ours(host, &hosts, 4180), "{host}");
        }
        for host in ["clinic.example:9000", "other.example", "other.example:4180"] {
            assert!(!is_ours(host, &hosts, 4180), "{host}");
        }
    }
}
