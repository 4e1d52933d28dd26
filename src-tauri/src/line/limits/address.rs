//! Addresses: those LINE and phones fetch, and those a tap opens.

/// Whether it is a web address exactly as written: a browser repairs `https:a` and blanks, LINE
/// does not. A name and password in it would be readable by every patient.
pub(super) fn is_web_address(url: &str, schemes: &[&str]) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    let is_whole = schemes.iter().any(|s| s.eq_ignore_ascii_case(scheme));
    is_whole
        && names_host(url)
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
        && url::Url::parse(url)
            .is_ok_and(|u| u.has_host() && u.username().is_empty() && u.password().is_none())
}

/// Whether an address names a host as written, each part of its name valid (RFC 1035, plus the `_`
/// that some have): a browser reads `https:///a` as if it named one.
fn names_host(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.starts_with('[') {
        return true;
    }
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let is_part = |part: &str| {
        (1..=MAX_PART).contains(&part.len())
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii())
    };
    host.strip_suffix('.').unwrap_or(host).split('.').all(is_part)
}

/// The most bytes of one part of a host's name.
const MAX_PART: usize = 63;

/// Whether addresses below this one can be reached by LINE and phones: it is not this machine's
/// own, and not the webhook's full address.
pub(crate) fn is_public_base(url: &str) -> bool {
    let is_webhook = url.trim_end_matches('/').ends_with("/webhook/line");
    is_web_address(url, &["https"]) && !url.contains(['?', '#']) && is_reached(url) && !is_webhook
}

/// A public address as LINE takes addresses below it: without a slash at its end, its host in ASCII
/// (`xn--…`), other signs escaped.
pub(crate) fn public_base(url: &str) -> String {
    let written = url::Url::parse(url).map_or_else(|_| url.to_owned(), String::from);
    written.trim_end_matches('/').to_owned()
}

/// Suffixes of names known only within a local network (RFC 6761, RFC 6762, RFC 8375).
const OF_A_HOUSE: [&str; 4] = [".localhost", ".local", ".internal", ".home.arpa"];

/// Whether LINE and phones can reach the host of an address: a fully qualified name, or an IP
/// address outside this machine and its network.
pub(super) fn is_reached(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|u| match u.host() {
        Some(url::Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.contains('.') && !OF_A_HOUSE.iter().any(|end| name.ends_with(end))
        }
        Some(url::Host::Ipv4(ip)) => is_public(ip),
        Some(url::Host::Ipv6(ip)) => {
            let [first, ..] = ip.segments();
            let is_local = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80;
            let is_of_here = ip.is_loopback() || ip.is_unspecified() || is_local;
            !is_of_here && ip.to_ipv4_mapped().is_none_or(is_public)
        }
        None => false,
    })
}

fn is_public(ip: std::net::Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    // 100.64.0.0/10 is shared by the customers of a provider (RFC 6598).
    let is_shared = a == 100 && b & 0xc0 == 64;
    let is_of_here = ip.is_loopback() || ip.is_private() || ip.is_link_local();
    !is_of_here && !is_shared && !ip.is_broadcast() && a != 0
}

/// Whether an address has only the characters of RFC 3986: LINE fetches it as it stands.
pub(super) fn is_escaped(url: &str) -> bool {
    url.is_ascii() && has_no_foreign_sign(url)
}

/// Whether none of the signs of ASCII that no address has stands in it (RFC 3986). Other letters may:
/// a phone escapes them when it opens the address.
pub(super) fn has_no_foreign_sign(url: &str) -> bool {
    let is_hex = |at: usize| url.as_bytes().get(at).is_some_and(u8::is_ascii_hexdigit);
    url.bytes().enumerate().all(|(at, byte)| match byte {
        b'%' => is_hex(at + 1) && is_hex(at + 2),
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => false,
        _ => byte.is_ascii_graphic() || !byte.is_ascii(),
    })
}

/// The signs of a number besides digits, as written and as escaped (RFC 3966, and the pause of phones).
const OF_NUMBERS: [&str; 17] =
    ["%20", "%23", "%28", "%29", "%2A", "%2B", "%2C", "%2D", "%2E", "+", "-", ".", "(", ")", "*", "#", ","];

/// Whether the address dials a number (RFC 3966).
pub(super) fn is_tel(uri: &str) -> bool {
    let Some((scheme, number)) = uri.split_once(':') else { return false };
    // What follows a semicolon is a parameter, as `ext=12`.
    let dialled = number.split(';').next().unwrap_or_default().to_ascii_uppercase();
    let rest = OF_NUMBERS.iter().fold(dialled.clone(), |rest, sign| rest.replace(sign, ""));
    scheme.eq_ignore_ascii_case("tel")
        && dialled.contains(|c: char| c.is_ascii_digit())
        && rest.bytes().all(|b| b.is_ascii_digit())
        && !number.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/')
}

/// Whether the address opens something within LINE ("LINE URL scheme").
pub(super) fn is_line(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once("://") else { return false };
    scheme.eq_ignore_ascii_case("line")
        && !rest.trim_matches('/').is_empty()
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_host_as_it_is_written() {
        for whole in
            ["https://a.b", "https://a.b:8443/c", "https://cdn_1.clinic.example./x", "https://คลินิก.ไทย/a"]
        {
            assert!(is_web_address(whole, &["https"]), "{whole}");
        }
        let long = format!("https://{}.b/", "a".repeat(64));
        for broken in [
            "https:///a.png",
            "https://",
            "https://a..b/c",
            "https://-e.com/",
            "https://e-.com/",
            "https://.",
            &long,
        ] {
            assert!(!is_web_address(broken, &["https"]), "{broken}");
        }
    }
}
