//! Where a client sends its requests, by region and by switches.

use std::path::Path;

use aws_types::SdkConfig;
use sagemaker_runtime::{Client, ClientBuilder, Credentials};
use serde_json::Value;

/// Everything but what decides on the endpoint.
fn builder() -> ClientBuilder {
    Client::builder().credentials(credentials())
}

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "secret", None, None, "test")
}

/// The endpoint of a client, or why there is no client.
fn resolve(builder: ClientBuilder) -> Result<String, String> {
    let client = builder.build().map_err(|error| error.to_string())?;
    Ok(client.endpoint().unwrap().to_string())
}

/// What the rules say, without what the client knows to do about it.
fn without_hint(error: &str) -> &str {
    error.split_once(" [hint: ").map_or(error, |(problem, _)| problem)
}

/// The published cases of the service.
#[test]
#[ignore = "`cargo xtask test` runs it where there are published cases"]
fn published_cases() {
    let folder = std::env::var_os("PUBLISHED_CASES").expect("it says where the cases are");
    let path = Path::new(&folder).join("aws/endpoint-tests/sagemaker-runtime/endpoint-tests-1.json");
    let file: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let cases = file["testCases"].as_array().unwrap();
    let mut resolved = 0;
    for case in cases {
        let result = resolve(from_params(&case["params"]));
        let expected = &case["expect"];
        if let Some(url) = expected["endpoint"]["url"].as_str() {
            assert_eq!(result.as_deref(), Ok(url), "{case}");
            resolved += 1;
        } else if expected["error"] == "Invalid Configuration: Missing Region" {
            // The client says the same before it asks the rules.
            assert!(result.unwrap_err().contains("no region is set"), "{case}");
        } else {
            assert_eq!(without_hint(&result.unwrap_err()), expected["error"], "{case}");
        }
    }
    assert!(resolved > 0, "none of {} cases has an endpoint", cases.len());
}

fn from_params(params: &Value) -> ClientBuilder {
    let mut builder = builder()
        .use_fips(params["UseFIPS"].as_bool().unwrap_or_default())
        .use_dual_stack(params["UseDualStack"].as_bool().unwrap_or_default());
    if let Some(url) = params["Endpoint"].as_str() {
        // Signatures hold for a region, so the client wants one where the rules do without.
        builder = builder.endpoint_url(url).region("us-east-1");
    }
    if let Some(region) = params["Region"].as_str() {
        builder = builder.region(region.to_owned());
    }
    builder
}

const PLAIN: (bool, bool) = (false, false);
const FIPS: (bool, bool) = (true, false);
const DUAL: (bool, bool) = (false, true);
const BOTH: (bool, bool) = (true, true);

/// A region of each partition, and regions that no partition lists.
#[test]
fn every_rule() {
    for (region, (fips, dual_stack), host) in [
        ("us-east-1", PLAIN, "runtime.sagemaker.us-east-1.amazonaws.com"),
        ("us-east-1", FIPS, "runtime-fips.sagemaker.us-east-1.amazonaws.com"),
        ("us-east-1", DUAL, "runtime.sagemaker.us-east-1.api.aws"),
        ("us-east-1", BOTH, "runtime.sagemaker-fips.us-east-1.api.aws"),
        ("aws-global", PLAIN, "runtime.sagemaker.aws-global.amazonaws.com"),
        ("us-gov-west-1", PLAIN, "runtime.sagemaker.us-gov-west-1.amazonaws.com"),
        ("us-gov-west-1", FIPS, "runtime.sagemaker.us-gov-west-1.amazonaws.com"),
        ("us-gov-west-1", DUAL, "runtime.sagemaker.us-gov-west-1.api.aws"),
        ("us-gov-west-1", BOTH, "runtime.sagemaker-fips.us-gov-west-1.api.aws"),
        ("cn-north-1", PLAIN, "runtime.sagemaker.cn-north-1.amazonaws.com.cn"),
        ("cn-north-1", FIPS, "runtime.sagemaker-fips.cn-north-1.amazonaws.com.cn"),
        (
            "cn-north-1",
            DUAL,
            "runtime.sagemaker.cn-north-1.api.amazonwebservices.com.cn",
        ),
        (
            "cn-north-1",
            BOTH,
            "runtime.sagemaker-fips.cn-north-1.api.amazonwebservices.com.cn",
        ),
        ("eusc-de-east-1", PLAIN, "runtime.sagemaker.eusc-de-east-1.amazonaws.eu"),
        (
            "eusc-de-east-1",
            DUAL,
            "runtime.sagemaker.eusc-de-east-1.api.amazonwebservices.eu",
        ),
        ("us-iso-east-1", PLAIN, "runtime.sagemaker.us-iso-east-1.c2s.ic.gov"),
        ("us-iso-east-1", FIPS, "runtime.sagemaker-fips.us-iso-east-1.c2s.ic.gov"),
        (
            "us-isob-east-1",
            BOTH,
            "runtime.sagemaker-fips.us-isob-east-1.api.aws.scloud",
        ),
        (
            "us-isob-east-1",
            PLAIN,
            "runtime.sagemaker.us-isob-east-1.sc2s.sgov.gov",
        ),
        (
            "eu-isoe-west-1",
            PLAIN,
            "runtime.sagemaker.eu-isoe-west-1.cloud.adc-e.uk",
        ),
        (
            "us-isof-south-1",
            PLAIN,
            "runtime.sagemaker.us-isof-south-1.csp.hci.ic.gov",
        ),
        (
            "us-isof-south-1",
            DUAL,
            "runtime.sagemaker.us-isof-south-1.api.aws.hci.ic.gov",
        ),
        // Not listed, but like those of a partition.
        ("eu-south-9", FIPS, "runtime-fips.sagemaker.eu-south-9.amazonaws.com"),
        ("cn-south-12", PLAIN, "runtime.sagemaker.cn-south-12.amazonaws.com.cn"),
        ("eusc-de-west-2", PLAIN, "runtime.sagemaker.eusc-de-west-2.amazonaws.eu"),
        ("us-iso-north-1", PLAIN, "runtime.sagemaker.us-iso-north-1.c2s.ic.gov"),
        ("us-gov-south-7", FIPS, "runtime.sagemaker.us-gov-south-7.amazonaws.com"),
        // Like those of no partition, so of the first one.
        ("mars-north-1", PLAIN, "runtime.sagemaker.mars-north-1.amazonaws.com"),
        (
            "mars-north-1",
            FIPS,
            "runtime-fips.sagemaker.mars-north-1.amazonaws.com",
        ),
        ("cn-north", PLAIN, "runtime.sagemaker.cn-north.amazonaws.com"),
        (
            "eusc-fr-east-1",
            PLAIN,
            "runtime.sagemaker.eusc-fr-east-1.amazonaws.com",
        ),
        (
            "us-iso-east-1a",
            PLAIN,
            "runtime.sagemaker.us-iso-east-1a.amazonaws.com",
        ),
    ] {
        let builder = builder().region(region).use_fips(fips).use_dual_stack(dual_stack);
        assert_eq!(resolve(builder), Ok(format!("https://{host}")));
    }
}

#[test]
fn an_endpoint_url_stands_for_itself() {
    for url in ["http://localhost:8080", "https://example.com/base", "https://[::1]"] {
        let builder = builder().region("cn-north-1").endpoint_url(url);
        assert_eq!(resolve(builder).as_deref(), Ok(url));
    }
}

#[test]
fn what_the_rules_refuse() {
    let custom = || builder().region("us-east-1").endpoint_url("https://example.com");
    let fips = "Invalid Configuration: FIPS and custom endpoint are not supported";
    let dual_stack = "Invalid Configuration: Dualstack and custom endpoint are not supported";
    let refusal = |builder| without_hint(&resolve(builder).unwrap_err()).to_owned();
    assert_eq!(refusal(custom().use_fips(true)), fips);
    assert_eq!(refusal(custom().use_dual_stack(true)), dual_stack);
    assert_eq!(refusal(custom().use_fips(true).use_dual_stack(true)), fips);

    // A builder that looks nowhere.
    let nowhere = || ClientBuilder::from_sdk_config(&SdkConfig::builder().build()).credentials(credentials());
    let missing = resolve(nowhere()).unwrap_err();
    assert_eq!(
        missing,
        "no region is set: call `.region(\"us-east-1\")`, or set `AWS_REGION` or `region` in the profile"
    );
    // Signatures hold for a region.
    assert_eq!(
        resolve(nowhere().endpoint_url("https://example.com")).unwrap_err(),
        missing
    );
}

/// A region becomes a part of the host, so it must not be able to become more than that.
#[test]
fn regions_that_are_no_part_of_a_host() {
    let longest = "x".repeat(63);
    for region in ["a", "us-east-1", "1x", "US-EAST-1", &longest] {
        assert!(resolve(builder().region(region.to_owned())).is_ok(), "{region}");
    }
    let too_long = "x".repeat(64);
    for region in [
        "us east",
        "us.east",
        "evil.com/",
        "evil.com#",
        "a@b",
        "-us",
        "us-",
        "123",
        "zürich",
        &too_long,
    ] {
        let builder = builder().region(region.to_owned());
        let expected = format!("`{region}` is not a valid region: it should look like `us-east-1`");
        assert_eq!(resolve(builder).unwrap_err(), expected);
    }
    assert!(resolve(builder().region("")).unwrap_err().contains("no region is set"));
}
