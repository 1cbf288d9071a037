//! What names become.

use std::collections::BTreeSet;

use super::*;

fn field(name: &str) -> String {
    input_field(name).unwrap_or_default()
}

#[test]
fn names_are_those_of_the_official_sdk() {
    assert_eq!(field("EndpointName"), "endpoint_name");
    assert_eq!(field("S3OutputPathExtension"), "s3_output_path_extension");
    assert_eq!(field("RequestTTLSeconds"), "request_ttl_seconds");
    assert_eq!(field("logStreamARN"), "log_stream_arn");
    assert_eq!(
        operation_fn("InvokeEndpointAsync").as_deref(),
        Some("invoke_endpoint_async")
    );
    assert_eq!(operation_type("ListMFADevices").as_deref(), Some("ListMfaDevices"));
    assert_eq!(type_name("modelError").as_deref(), Some("ModelError"));
}

#[test]
fn keywords_become_raw_or_get_an_underscore() {
    for keyword in ["type", "gen", "async", "try", "yield", "match", "Box"] {
        assert_eq!(field(keyword), format!("r#{}", keyword.to_lowercase()));
    }
    for keyword in ["self", "Self", "super", "crate"] {
        assert_eq!(field(keyword), format!("{}_", keyword.to_lowercase()));
    }
    assert_eq!(type_name("Self").as_deref(), Some("Self_"));
    assert_eq!(operation_type("Self").as_deref(), Some("Self"));
    assert_eq!((marker("self"), state("self")), ("Self_".into(), "SelfState".into()));
    assert_eq!(operation_fn("Move").as_deref(), Some("r#move"));
    // Keywords only in some places.
    assert_eq!(field("union"), "union");
}

#[test]
fn every_name_is_an_identifier() {
    let keywords = KEYWORDS.iter().chain(PATH_KEYWORDS).copied();
    for original in keywords.chain(["2fa", "a-b.c", "_x", "x__y", "$ref", "9"]) {
        for name in [input_field(original), type_name(original)] {
            let is_identifier = name.is_some_and(|name| syn::parse_str::<syn::Ident>(&name).is_ok());
            assert!(is_identifier, "{original}");
        }
    }
    assert_eq!(field("2fa"), "_2_fa");
    assert_eq!(type_name("2faError").as_deref(), Some("_2faError"));
}

#[test]
fn every_value_of_an_enum_has_a_name() {
    assert_eq!(enum_variant("us-east-1"), "UsEast1");
    assert_eq!(enum_variant("1.2"), "_1_2");
    assert_eq!(enum_variant("12"), "_12");
    assert_eq!(enum_variant("m5.24xlarge.search"), "M5_24xlargeSearch");
    assert_eq!(enum_variant("python3.10"), "Python3_10");
    assert_eq!(enum_variant("TLS_1_3-2021"), "Tls1_3_2021");
    assert_eq!(enum_variant("Unknown"), "Unknown_");
    assert_eq!(enum_variant("self"), "Self_");
    assert_eq!(enum_variant(""), "Empty");
    assert_eq!(enum_variant("--"), "U2dU2d");
    assert_eq!(enum_variant("größe"), "U67U72Uf6UdfU65");
    assert_eq!(other_enum_variant("a.b"), "ABU61U2eU62");
    assert_eq!(other_enum_variant("self"), "SelfU73U65U6cU66");
    assert_eq!(builder("Self_"), "SelfBuilder");
}

#[test]
fn names_that_cannot_be_written_are_refused() {
    for name in ["", "_", "--", "größe", "名", "x²"] {
        assert_eq!(input_field(name), None, "{name}");
        assert_eq!(type_name(name), None, "{name}");
    }
}

#[test]
fn names_of_ours_win() {
    assert_eq!(operation_fn("Endpoint").as_deref(), Some("endpoint_"));
    assert_eq!(operation_fn("Clone").as_deref(), Some("clone_"));
    assert_eq!(operation_fn("Send").as_deref(), Some("send"));
    assert_eq!(field("Send"), "send_");
    assert_eq!(field("Into"), "into_");
    assert_eq!(field("Call"), "call");
    // A structure is not sent, so its builder has no options.
    assert_eq!(field("Options"), "options_");
    assert_eq!(structure_field("Options").as_deref(), Some("options"));
    assert_eq!(structure_field("Build").as_deref(), Some("build_"));
    assert_eq!(operation_fn("Mod").as_deref(), Some("mod_"));
    assert_eq!(output_field("ResponseMetadata").as_deref(), Some("response_metadata_"));
    assert_eq!(error_field("Message").as_deref(), Some("message_"));
}

#[test]
fn no_two_headers_have_the_same_constant() {
    assert_eq!(header_constant("x-amzn-s3output"), "X_AMZN_S3OUTPUT");
    assert_eq!(header_constant("2fa-code"), "_2FA_CODE");
    assert_eq!(header_constant("x_foo"), "X__5F_FOO");
    // Whatever the odd characters are: all names of up to five of these.
    let mut headers = vec![String::new()];
    for _ in 0..5 {
        let longer = headers
            .iter()
            .flat_map(|name| ["x", "5", "f", "-", "_", "."].map(|c| format!("{name}{c}")));
        headers = longer.collect();
    }
    let constants: BTreeSet<String> = headers.iter().map(|header| header_constant(header)).collect();
    assert_eq!(constants.len(), headers.len());
    assert!(constants.iter().all(|name| syn::parse_str::<syn::Ident>(name).is_ok()));
}

#[test]
fn a_scope_tells_who_has_a_name() {
    let mut scope = Scope::default();
    assert_eq!(scope.claim("foo_bar", "FooBar"), None);
    assert_eq!(scope.claim("foo_bar", "fooBar"), Some("FooBar"));
    assert_eq!(scope.claim("foo", "Foo"), None);
}

#[test]
fn packages_and_labels() {
    assert_eq!(package("Lambda"), "lean-aws-lambda");
    assert_eq!(
        package("Kinesis Video Archived Media"),
        "lean-aws-kinesis-video-archived-media"
    );
    assert_eq!(crate_name("sagemaker-runtime"), "sagemaker_runtime");
    assert_eq!(words("OriginalStatusCode"), "original status code");
    assert_eq!(words("LogStreamArn"), "log stream arn");
}

#[test]
fn some_fields_hide_the_name_of_the_description() {
    for (field, name) in [
        ("options_", "Options"),
        ("allowed_o_auth_flows", "AllowedOAuthFlows"),
        ("memory_gib_per_v_cpu", "memoryGiBPerVCpu"),
        ("v_cpus", "VCpus"),
    ] {
        assert!(hides(field, name), "{name}");
    }
    for (field, name) in [
        ("endpoint_name", "EndpointName"),
        ("resource_arns", "ResourceARNs"),
        ("s3_key", "S3Key"),
        ("r#type", "Type"),
        ("a_b", "a_b"),
    ] {
        assert!(!hides(field, name), "{name}");
    }
}
