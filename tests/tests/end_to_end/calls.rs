//! Calls that succeed: what arrives, and what comes back.

use sagemaker_runtime::{Credentials, ResponseMetadata};
use tests::server::{Recorded, Reply};
use tests::sigv4::{self, Keys};

use crate::service::{REGION, always, builder, client, credentials, invoke, keys, service, service_for};

#[tokio::test]
async fn every_member_of_invoke_endpoint_arrives() {
    let server = always(
        Reply::new(200)
            .header("Content-Type", "application/json")
            .header("x-Amzn-Invoked-Production-Variant", "blue")
            .header("X-Amzn-SageMaker-Custom-Attributes", "took=3ms")
            .header("X-Amzn-SageMaker-New-Session-Id", "s-2; Expires=2030-01-01T00:00:00Z")
            .header("X-Amzn-SageMaker-Closed-Session-Id", "s-1")
            .header("x-amzn-RequestId", "req-1")
            .body(r#"{"score":0.9}"#),
    )
    .await;
    let output = client(&server)
        .invoke_endpoint()
        .endpoint_name("churn-xgboost")
        .body("42,0,1,3.5")
        .content_type("text/csv")
        .accept("application/json")
        .custom_attributes("trace=7")
        .target_model("churn/v7.tar.gz")
        .target_variant("blue")
        .target_container_hostname("second")
        .inference_id("inference-1")
        .enable_explanations("`true`")
        .inference_component_name("component")
        .session_id("NEW_SESSION")
        .send()
        .await
        .unwrap();

    let [request] = &server.requests()[..] else {
        panic!("not one request")
    };
    assert_eq!(
        (&*request.method, &*request.target),
        ("POST", "/endpoints/churn-xgboost/invocations")
    );
    assert_eq!(request.body, "42,0,1,3.5");
    for (name, value) in [
        ("content-type", "text/csv"),
        ("accept", "application/json"),
        ("x-amzn-sagemaker-custom-attributes", "trace=7"),
        ("x-amzn-sagemaker-target-model", "churn/v7.tar.gz"),
        ("x-amzn-sagemaker-target-variant", "blue"),
        ("x-amzn-sagemaker-target-container-hostname", "second"),
        ("x-amzn-sagemaker-inference-id", "inference-1"),
        ("x-amzn-sagemaker-enable-explanations", "`true`"),
        ("x-amzn-sagemaker-inference-component", "component"),
        ("x-amzn-sagemaker-session-id", "NEW_SESSION"),
    ] {
        assert_eq!(request.header(name), Some(value), "{name}");
    }

    assert_eq!(output.content_type.as_deref(), Some("application/json"));
    assert_eq!(output.invoked_production_variant.as_deref(), Some("blue"));
    assert_eq!(output.custom_attributes.as_deref(), Some("took=3ms"));
    assert_eq!(
        output.new_session_id.as_deref(),
        Some("s-2; Expires=2030-01-01T00:00:00Z")
    );
    assert_eq!(output.closed_session_id.as_deref(), Some("s-1"));
    assert_success(&output.response_metadata, 200);
    assert_eq!(output.body.text().await.unwrap(), r#"{"score":0.9}"#);
}

#[tokio::test]
async fn every_member_of_invoke_endpoint_async_arrives() {
    let server = always(
        Reply::new(202)
            .header("X-Amzn-SageMaker-OutputLocation", "s3://bucket/out")
            .header("X-Amzn-SageMaker-FailureLocation", "s3://bucket/failed")
            // The other spelling that services use.
            .header("x-amz-request-id", "req-1")
            .body(r#"{"InferenceId":"inference-1","Future":[1]}"#),
    )
    .await;
    let output = client(&server)
        .invoke_endpoint_async()
        .endpoint_name("slow")
        .content_type("text/csv")
        .accept("application/json")
        .custom_attributes("trace=7")
        .inference_id("inference-1")
        .input_location("s3://bucket/in")
        .s3_output_path_extension("2030/01")
        .filename("result.json")
        .request_ttl_seconds(60)
        .invocation_timeout_seconds(3600)
        .body("1,2")
        .send()
        .await
        .unwrap();

    let request = &server.requests()[0];
    assert_eq!(request.target, "/endpoints/slow/async-invocations");
    assert_eq!(request.body, "1,2");
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("x-amzn-sagemaker-content-type", "text/csv"),
        ("x-amzn-sagemaker-accept", "application/json"),
        ("x-amzn-sagemaker-custom-attributes", "trace=7"),
        ("x-amzn-sagemaker-inference-id", "inference-1"),
        ("x-amzn-sagemaker-inputlocation", "s3://bucket/in"),
        ("x-amzn-sagemaker-s3outputpathextension", "2030/01"),
        ("x-amzn-sagemaker-filename", "result.json"),
        ("x-amzn-sagemaker-requestttlseconds", "60"),
        ("x-amzn-sagemaker-invocationtimeoutseconds", "3600"),
    ] {
        assert_eq!(request.header(name), Some(value), "{name}");
    }

    assert_eq!(output.inference_id.as_deref(), Some("inference-1"));
    assert_eq!(output.output_location.as_deref(), Some("s3://bucket/out"));
    assert_eq!(output.failure_location.as_deref(), Some("s3://bucket/failed"));
    assert_success(&output.response_metadata, 202);
}

#[tokio::test]
async fn optional_members_may_be_left_out() {
    let server = always(Reply::new(202).body("{}")).await;
    let call = client(&server).invoke_endpoint_async().endpoint_name("slow");
    let output = call.input_location("s3://bucket/in").send().await.unwrap();
    assert_eq!(output.inference_id, None);
    assert_eq!(output.output_location, None);
    assert_eq!(output.response_metadata.request_id(), None);

    let request = &server.requests()[0];
    assert_eq!(request.header("content-length"), Some("0"));
    assert_eq!(request.header("content-type"), None);
    assert_eq!(names(request, "x-amzn-"), ["x-amzn-sagemaker-inputlocation"]);
}

/// The client's own headers are these and no others.
#[tokio::test]
async fn a_request_has_the_headers_that_it_needs() {
    let server = always(Reply::new(200)).await;
    invoke(&client(&server)).await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(
        names(request, ""),
        [
            "amz-sdk-invocation-id",
            "amz-sdk-request",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "x-amz-date",
            "x-amz-security-token",
        ]
    );
    assert_eq!(request.header("content-type"), Some("application/octet-stream"));
    assert_eq!(request.header("content-length"), Some("3"));
    assert_eq!(request.header("amz-sdk-request"), Some("attempt=1; max=3"));
    assert_eq!(request.header("host"), server.url().strip_prefix("http://"));
    let id = request.header("amz-sdk-invocation-id").unwrap();
    let parts: Vec<usize> = id.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
    assert_eq!(&id[14..15], "4", "a random UUID: {id}");

    let scope = sigv4::verify(request, &keys(), "sagemaker").unwrap();
    assert_eq!(scope.region, REGION);
    assert_eq!(
        scope.signed_headers,
        ["content-type", "host", "x-amz-date", "x-amz-security-token"]
    );
}

#[tokio::test]
async fn the_user_agent_names_the_crate_and_the_application() {
    let server = always(Reply::new(200)).await;
    invoke(&client(&server)).await.unwrap();
    let named = builder(server.url()).app_name("\tchurn dashboard\n").build().unwrap();
    invoke(&named).await.unwrap();

    let requests = server.requests();
    let [plain, named] = [&requests[0], &requests[1]].map(|request| request.header("user-agent").unwrap());
    let parts: Vec<&str> = plain.split(' ').collect();
    let [package, "ua/2.1", api, os, "lang/rust", arch, "m/E"] = parts[..] else {
        panic!("{plain}")
    };
    let version = package.strip_prefix("sagemaker-runtime/").unwrap();
    assert_eq!(api, format!("api/sagemaker-runtime#{version}"));
    assert_eq!(os, format!("os/{}", std::env::consts::OS));
    assert_eq!(arch, format!("md/arch#{}", std::env::consts::ARCH));
    assert_eq!(named, format!("{plain} app/churn-dashboard"));
}

/// Each name is on the wire as RFC 3986 has it, and signed as it is there: with temporary credentials and others.
#[tokio::test]
async fn names_are_encoded_and_signed() {
    let permanent = Keys {
        session_token: None,
        ..keys()
    };
    for keys in [keys(), permanent] {
        let server = service_for(keys.clone(), |_| Reply::new(200)).await;
        let client = builder(server.url()).credentials(credentials(keys)).build().unwrap();
        for (name, encoded) in [
            ("model", "model"),
            ("a b", "a%20b"),
            ("a/b", "a%2Fb"),
            ("../a", "..%2Fa"),
            ("a//b", "a%2F%2Fb"),
            ("50%", "50%25"),
            ("%2F", "%252F"),
            ("a?b#c", "a%3Fb%23c"),
            ("a+b&c=d", "a%2Bb%26c%3Dd"),
            ("\u{fc}\u{4e16}\u{1f680}", "%C3%BC%E4%B8%96%F0%9F%9A%80"),
            ("-._~", "-._~"),
            ("...", "..."),
        ] {
            let call = client.invoke_endpoint().endpoint_name(name).body("");
            call.send().await.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(
                server.requests().last().unwrap().target,
                format!("/endpoints/{encoded}/invocations")
            );
        }
    }
}

/// The path of an endpoint URL is kept, and is part of what is signed.
#[tokio::test]
async fn an_endpoint_may_have_a_path() {
    let server = always(Reply::new(200)).await;
    for base in ["/stage/v1", "/stage/v1/"] {
        let client = builder(&format!("{}{base}", server.url())).build().unwrap();
        invoke(&client).await.unwrap();
        assert_eq!(
            server.requests().last().unwrap().target,
            "/stage/v1/endpoints/model/invocations"
        );
    }
}

/// However the port of an endpoint URL is written, the host that is signed is the one that is sent.
#[tokio::test]
async fn a_port_may_have_zeros_in_front() {
    let server = always(Reply::new(200)).await;
    let host = server.url().strip_prefix("http://").unwrap();
    let (address, port) = host.split_once(':').unwrap();
    let client = builder(&format!("http://{address}:0{port}")).build().unwrap();
    invoke(&client).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests[0].header("host"), Some(host));
    sigv4::verify(&requests[0], &keys(), "sagemaker").unwrap();
}

#[tokio::test]
async fn header_values_arrive_as_they_are_and_signed() {
    let server = always(Reply::new(200).header("X-Amzn-SageMaker-Custom-Attributes", "gr\u{fc}n  &   blau")).await;
    for value in [
        "a  b     c",
        "a, b,,c",
        "\"quoted  text\"",
        "k=v; k2=v2",
        "gr\u{fc}n \u{1f680}",
        "",
    ] {
        let call = client(&server).invoke_endpoint().endpoint_name("model").body("");
        let output = call
            .custom_attributes(value)
            .send()
            .await
            .unwrap_or_else(|error| panic!("{value}: {error}"));
        let requests = server.requests();
        let values: Vec<&[u8]> = requests
            .last()
            .unwrap()
            .headers_named("x-amzn-sagemaker-custom-attributes")
            .collect();
        assert_eq!(values, [value.as_bytes()]);
        assert_eq!(output.custom_attributes.as_deref(), Some("gr\u{fc}n  &   blau"));
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_sending() {
    let server = always(Reply::new(200)).await;
    let client = client(&server);
    for name in ["", ".", ".."] {
        let call = client.invoke_endpoint().endpoint_name(name).body("");
        let error = call.send().await.unwrap_err();
        assert!(error.is_input(), "{error}");
        assert_eq!(error.attempts(), 0);
        assert!(error.to_string().contains("`EndpointName`"), "{error}");
    }
    for value in [
        "two\nlines",
        "two\r\nx-amz-injected: 1",
        "tab\tinside",
        " in front",
        "behind ",
        "nul\0",
    ] {
        let call = client.invoke_endpoint().endpoint_name("model").body("");
        let error = call.custom_attributes(value).send().await.unwrap_err();
        assert!(error.is_input(), "{error}");
        assert!(error.to_string().contains("`CustomAttributes`"), "{error}");
        assert!(!error.to_string().contains(value), "{error}");
    }
    assert_eq!(server.connections(), 0);
}

/// As files have them that are read whole.
#[tokio::test]
async fn line_breaks_behind_credentials_are_not_signed() {
    let server = always(Reply::new(200)).await;
    let keys = keys();
    let [id, secret, token] = [keys.access_key, keys.secret_key, keys.session_token.unwrap()].map(|part| part + "\n");
    let credentials = Credentials::new(id, secret, Some(token), None, "test");
    let client = builder(server.url()).credentials(credentials).build().unwrap();
    invoke(&client).await.unwrap();
}

/// A finished input can be sent by any client, and a client of another service name would not be let in.
#[tokio::test]
async fn an_input_may_be_built_apart_from_the_call() {
    use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;

    let server = service(|request| Reply::new(200).body(request.body.clone())).await;
    let input = InvokeEndpointInput::builder()
        .endpoint_name("model")
        .body(b"\x00\xff")
        .build();
    let output = client(&server).call(input).await.unwrap();
    assert_eq!(output.body.bytes().await.unwrap(), &b"\x00\xff"[..]);
}

#[track_caller]
fn assert_success(metadata: &ResponseMetadata, status: u16) {
    assert_eq!(metadata.status(), status);
    assert_eq!(metadata.request_id(), Some("req-1"));
    assert_eq!(metadata.attempts(), 1);
    assert!(metadata.headers().contains_key("content-length"));
}

/// The names of a request's headers with this beginning, in order of the alphabet.
fn names<'a>(request: &'a Recorded, beginning: &str) -> Vec<&'a str> {
    let names = request.headers.iter().map(|(name, _)| &**name);
    let mut names: Vec<&str> = names.filter(|name| name.starts_with(beginning)).collect();
    names.sort_unstable();
    names
}
