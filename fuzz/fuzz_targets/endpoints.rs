//! Any text as an endpoint URL, judged by the `url` crate, and as a region.

#![no_main]

use fuzz::check_text;
use lean_aws_runtime::support::endpoint_rules::parse_url;
use lean_aws_runtime::{Credentials, Endpoint};
use libfuzzer_sys::fuzz_target;
use sagemaker_runtime::Client;
use url::Url;

fuzz_target!(|text: &str| {
    match Endpoint::new(text) {
        Ok(endpoint) => judge(text, &endpoint),
        Err(error) => check_text(&error),
    }
    _ = parse_url(text);
    check_region(text);
});

/// What is taken for a URL is one, and means the same to others.
fn judge(text: &str, endpoint: &Endpoint) {
    let shown = endpoint.to_string();
    let again = Endpoint::new(&format!("{shown}/")).expect("it has been one");
    assert_eq!(again, *endpoint);
    let url = match Url::parse(text) {
        Ok(url) => url,
        // Whether a name in Punycode means anything takes tables of Unicode.
        Err(_) if endpoint.host().to_ascii_lowercase().contains("xn--") => return,
        Err(error) => panic!("{text}: {error}"),
    };
    assert_eq!(endpoint.is_https(), url.scheme() == "https");
    let address = url.host().map(|host| host.to_string());
    let is_address = matches!(url.host(), Some(url::Host::Ipv6(_)));
    if !is_address {
        assert_eq!(Some(endpoint.host().to_ascii_lowercase()), address);
    }
    let authority = shown.split('/').nth(2).expect("a URL has an authority");
    let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
    let usual = if endpoint.is_https() { 443 } else { 80 };
    assert_eq!(port.unwrap_or(usual), url.port().unwrap_or(usual));
    // Others take dot segments out of the path, and none is without a slash.
    let path = shown.splitn(4, '/').nth(3).unwrap_or_default();
    let has_dots = |segment: &str| matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..");
    if !path.split('/').any(has_dots) {
        let expected = url.path().strip_prefix('/').expect("the path of a URL with a host");
        assert_eq!(path, expected.strip_suffix('/').unwrap_or(expected));
    }
}

fn check_region(text: &str) {
    let builder = Client::builder()
        .region(text.to_owned())
        .credentials(Credentials::new("id", "secret", None, None, "fuzz"))
        .endpoint_url("http://localhost")
        .no_proxy();
    if let Err(error) = builder.build() {
        check_text(&error);
        assert!(error.is_configuration());
    }
}
