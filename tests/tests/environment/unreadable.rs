//! Variables that are not UTF-8. To take them for ones that are not set may send a request where it must not go.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::service::{REGION, caller, closed_port, keys, service};

/// The value of a variable, with a byte that UTF-8 does not have.
fn not_utf8(text: &[u8]) -> &OsStr {
    OsStr::from_bytes(text)
}

#[tokio::test]
async fn a_variable_that_is_not_utf8_is_named() {
    let service = service(keys("USER"), REGION).await;
    for name in [
        "AWS_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_USE_FIPS_ENDPOINT",
        "AWS_USE_DUALSTACK_ENDPOINT",
        "AWS_MAX_ATTEMPTS",
        "AWS_SDK_UA_APP_ID",
        "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "no_proxy",
    ] {
        let caller = caller(&keys("USER"), service.url()).env(name, not_utf8(b"MARK-\xff"));
        let failure = caller.run().await.failure();
        assert!(failure.is_configuration, "{failure:?}");
        let expected = format!("`{name}` is not UTF-8");
        assert!(failure.text.starts_with(&expected), "{failure:?}");
        assert!(!failure.text.contains("no region is set"), "{failure:?}");
        assert!(!failure.text.contains("no credentials are set"), "{failure:?}");
    }
    assert_eq!(service.connections(), 0);
}

/// What another variable stands for, or decides, is not looked at.
#[tokio::test]
async fn a_variable_that_means_nothing_may_hold_anything() {
    let (_closed, nowhere) = closed_port();
    let service = service(keys("USER"), REGION).await;
    for (name, other, value) in [
        ("AWS_DEFAULT_REGION", "AWS_REGION", REGION),
        ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", service.url()),
        ("http_proxy", "HTTP_PROXY", ""),
        ("HTTP_PROXY", "REQUEST_METHOD", "GET"),
        ("_X_AMZN_TRACE_ID", "AWS_LAMBDA_FUNCTION_NAME", "a function"),
        ("AWS_ANYTHING", "NO_PROXY", "*"),
    ] {
        let caller = caller(&keys("USER"), service.url());
        let caller = caller.env(other, value).env(name, not_utf8(b"\xff"));
        assert_eq!(caller.run().await.payload(), "prediction", "{name}");
    }
    // An exception that cannot be read is not one that is not there.
    let caller = caller(&keys("USER"), service.url())
        .env("HTTP_PROXY", &nowhere)
        .env("NO_PROXY", not_utf8(b"127.0.0.1,\xff"));
    assert!(caller.run().await.failure().is_configuration);
}
