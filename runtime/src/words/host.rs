//! The host of a URL: what it can be, and its header.
//!
//! The `http` crate takes almost any text for a host. The `url` crate knows better, but brings 26 others, most of them for
//! names that are not ASCII; the fuzz target `endpoints` compares the two.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Uri;

/// The `Host` header of requests to a URL: without the port where that goes without saying. It is what is
/// sent, and what is signed.
pub(crate) fn header(uri: &Uri) -> Option<&str> {
    let authority = uri.authority()?.as_str();
    let default_port = match uri.scheme_str() {
        Some("https") => ":443",
        Some("http") => ":80",
        _ => return Some(authority),
    };
    Some(authority.strip_suffix(default_port).unwrap_or(authority))
}

/// Checks that a host can be one, without its port: a name, or an address, which is in brackets if it is of IPv6.
///
/// Whether a name is too long, or means anything if it is encoded in ASCII (`xn--..`), is left to whoever looks it up.
///
/// # Errors
///
/// What is wrong, as the end of a sentence about the URL.
pub(crate) fn check(host: &str) -> Result<(), &'static str> {
    if let Some(rest) = host.strip_prefix('[') {
        let address = rest.strip_suffix(']').and_then(|address| address.parse().ok());
        return match address {
            Some(Ipv6Addr { .. }) => Ok(()),
            None => Err("has a host in brackets that is not an IPv6 address"),
        };
    }
    if host.is_empty() {
        return Err("has no host");
    }
    // A dot at the end says that nothing is to be put behind the name.
    let name = host.strip_suffix('.').unwrap_or(host);
    name.split('.').try_for_each(check_label)?;
    if name.rsplit('.').next().is_some_and(is_number) && host.parse::<Ipv4Addr>().is_err() {
        return Err("has a host that ends in a number, but is not an IPv4 address");
    }
    Ok(())
}

fn check_label(label: &str) -> Result<(), &'static str> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if label.is_empty() {
        return Err("has a host with nothing between two dots, or before the first");
    }
    if !label.bytes().all(allowed) {
        return Err("has a host with other characters than letters, digits, hyphens, underscores and dots");
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err("has a host with a part that begins or ends with a hyphen");
    }
    Ok(())
}

/// Whether a label is what some read as a part of an address, in decimal or hexadecimal.
fn is_number(label: &str) -> bool {
    let hexadecimal = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    match hexadecimal {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => label.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Whether a text is a region. It becomes a part of the host, so it must not be able to become more than that.
pub(crate) fn is_region(text: &str) -> bool {
    let allowed = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let only_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    allowed && !only_digits && text.len() <= 63 && !text.starts_with('-') && !text.ends_with('-')
}
