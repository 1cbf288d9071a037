//! What `Debug` shows.

use insta::assert_snapshot;
use sagemaker_runtime::Operation;

use crate::http_text::{endpoint, render};
use crate::{invoke, invoke_async, invoke_stream};

/// A builder shows what is set, like its input.
fn assert_shows_no_secret(builder: &impl std::fmt::Debug, name: &str) {
    let shown = format!("{builder:?}");
    assert!(
        shown.starts_with(name) && shown.contains("custom_attributes: Some(*** hidden ***)"),
        "{shown}"
    );
    assert!(!shown.contains("secret"), "{shown}");
}

/// `CustomAttributes` is the sensitive member in a header, and `Body` the one that is the payload.
#[tokio::test]
async fn debug_hides_what_is_sensitive() {
    let input = || invoke().custom_attributes("secret").body("secret");
    assert_shows_no_secret(&input(), "InvokeEndpointBuilder");
    assert_snapshot!(format!("{:#?}", input().build()), @r#"
    InvokeEndpointInput {
        endpoint_name: "churn",
        body: Body(6 bytes),
        content_type: None,
        accept: None,
        custom_attributes: Some(
            *** hidden ***,
        ),
        target_model: None,
        target_variant: None,
        target_container_hostname: None,
        inference_id: None,
        enable_explanations: None,
        inference_component_name: None,
        session_id: None,
        prefix_aware_id: None,
    }
    "#);
    let request = input().build().into_request(&endpoint()).unwrap();
    let debug = format!("{request:?}");
    assert!(
        debug.contains(r#""x-amzn-sagemaker-custom-attributes": Sensitive"#),
        "{debug}"
    );
    assert!(!debug.contains("secret"), "{debug}");
    // It is sent all the same.
    assert!(render(request).await.contains("custom-attributes: secret"));

    let input = || invoke_async().custom_attributes("secret").body("secret");
    assert_shows_no_secret(&input(), "InvokeEndpointAsyncBuilder");
    assert_snapshot!(format!("{:#?}", input().build()), @r#"
    InvokeEndpointAsyncInput {
        endpoint_name: "churn",
        content_type: None,
        accept: None,
        custom_attributes: Some(
            *** hidden ***,
        ),
        inference_id: None,
        input_location: None,
        s3_output_path_extension: None,
        filename: None,
        request_ttl_seconds: None,
        invocation_timeout_seconds: None,
        body: Some(
            Body(6 bytes),
        ),
    }
    "#);
    let request = input().build().into_request(&endpoint()).unwrap();
    assert!(!format!("{request:?}").contains("secret"), "{request:?}");

    let input = || invoke_stream().custom_attributes("secret").body("secret");
    assert_shows_no_secret(&input(), "InvokeEndpointWithResponseStreamBuilder");
    assert_snapshot!(format!("{:#?}", input().build()), @r#"
    InvokeEndpointWithResponseStreamInput {
        endpoint_name: "churn",
        body: Body(6 bytes),
        content_type: None,
        accept: None,
        custom_attributes: Some(
            *** hidden ***,
        ),
        target_variant: None,
        target_container_hostname: None,
        inference_id: None,
        inference_component_name: None,
        session_id: None,
        prefix_aware_id: None,
    }
    "#);
    let request = input().build().into_request(&endpoint()).unwrap();
    assert!(!format!("{request:?}").contains("secret"), "{request:?}");
}
