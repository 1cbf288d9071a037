//! Inputs that are uploaded before the call.

use std::io::Write;

use http_body_util::Full;
use s3::operation::put_object::{PutObjectInput, PutObjectOutput};
use sagemaker_runtime::Body;
use sagemaker_runtime::operation::invoke_endpoint_async::{InvokeEndpointAsyncInput, InvokeEndpointAsyncOutput};
use sagemaker_runtime::test::With;

use crate::bucket::{Answers as _, region};

/// An endpoint that names a place for its result.
pub(super) fn endpoint() -> sagemaker_runtime::test::Fake {
    let fake = sagemaker_runtime::test::Fake::new();
    fake.on::<InvokeEndpointAsyncInput>().answer(|_| {
        let location = Some("s3://results/out/42.csv".to_owned());
        InvokeEndpointAsyncOutput::default().with(|output| output.output_location = location)
    });
    fake
}

#[tokio::test]
async fn the_input_is_uploaded_and_named() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, "42,0,1,3.5").unwrap();
    let (s3, endpoint) = (s3::test::Fake::new(), endpoint());
    s3.on::<PutObjectInput>().answer(|_| PutObjectOutput::default());
    let call = endpoint.client().invoke_endpoint_async().endpoint_name("slow");
    let call = call.upload(&s3.client(), Body::from_path(file.path()), "s3://inputs/42.csv");
    let queued = call.send().await.unwrap();
    assert_eq!(queued.output_location.as_deref(), Some("s3://results/out/42.csv"));

    let [put] = &s3.calls::<PutObjectInput>()[..] else {
        panic!("{s3:?}");
    };
    assert_eq!((&*put.bucket, &*put.key), ("inputs", "42.csv"));
    assert_eq!(s3.requests()[0].method(), "PUT");
    assert_eq!(s3.requests()[0].body(), "42,0,1,3.5");
    let [invoke] = &endpoint.requests()[..] else {
        panic!("{endpoint:?}");
    };
    assert_eq!(invoke.headers()["x-amzn-sagemaker-inputlocation"], "s3://inputs/42.csv");
    assert!(invoke.body().is_empty());
}

#[tokio::test]
async fn below_a_folder_the_object_gets_a_name_of_its_own() {
    let (s3, endpoint) = (s3::test::Fake::new(), endpoint());
    s3.on::<PutObjectInput>().answer(|_| PutObjectOutput::default());
    for to in ["s3://inputs/today/", "s3://inputs"] {
        let call = endpoint.client().invoke_endpoint_async().endpoint_name("slow");
        call.upload(&s3.client(), "42", to).await.unwrap();
    }
    let puts = s3.calls::<PutObjectInput>();
    assert_eq!((&*puts[0].bucket, &*puts[1].bucket), ("inputs", "inputs"));
    assert!(puts[0].key.starts_with("today/"), "{}", puts[0].key);
    assert_eq!(puts[0].key.len(), "today/".len() + 36);
    assert_eq!(puts[1].key.len(), 36);
    let calls = endpoint.calls::<InvokeEndpointAsyncInput>();
    let location = format!("s3://inputs/{}", puts[0].key);
    assert_eq!(calls[0].input_location.as_deref(), Some(&*location));
}

#[tokio::test]
async fn a_body_that_can_be_read_again_follows_its_bucket() {
    let (s3, endpoint) = (s3::test::Fake::new(), endpoint());
    s3.on::<PutObjectInput>()
        .redirect("eu-west-1")
        .answer(|_| PutObjectOutput::default())
        .times(1)
        .redirect("eu-west-1");
    let call = || endpoint.client().invoke_endpoint_async().endpoint_name("slow");
    let upload = call().upload(&s3.client(), "42", "s3://inputs/42.csv");
    upload.send().await.unwrap();
    let regions = s3.requests().iter().map(region).collect::<Vec<_>>();
    assert_eq!(regions, ["us-east-1", "eu-west-1"]);
    assert_eq!(region(&endpoint.requests()[0]), "us-east-1");

    // It was sent as it came.
    let stream = Body::from_http_body(Full::new(bytes::Bytes::from("42")));
    let error = call()
        .upload(&s3.client(), stream, "s3://inputs/42.csv")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.operation(), error.right_region()),
        (Some("PutObject"), Some("eu-west-1"))
    );
}

#[tokio::test]
async fn what_cannot_be_uploaded_is_not_invoked() {
    let (s3, endpoint) = (s3::test::Fake::new(), sagemaker_runtime::test::Fake::new());
    s3.on::<PutObjectInput>().forbidden();
    let call = || endpoint.client().invoke_endpoint_async().endpoint_name("slow");
    let error = call()
        .upload(&s3.client(), "42", "https://inputs/42.csv")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: the member `InputLocation` cannot be uploaded: `https://inputs/42.csv` is not an S3 \
         URI: it does not begin with `s3://`"
    );
    assert!(error.is_input());
    let error = call()
        .input_location("s3://inputs/41.csv")
        .upload(&s3.client(), "42", "s3://inputs/42.csv")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: the member `InputLocation` is set, and an upload sets it as well: use one of them"
    );
    assert!(error.is_input());
    assert!(s3.requests().is_empty());

    let error = call()
        .upload(&s3.client(), "42", "s3://inputs/42.csv")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.operation(), error.code()),
        (Some("PutObject"), Some("AccessDenied"))
    );
    assert_eq!(s3.requests().len(), 1);
    assert!(endpoint.requests().is_empty());
}
