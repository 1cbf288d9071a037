//! Inputs that are uploaded before the call.

use std::io::Write;

use http_body_util::Full;
use sagemaker_runtime::Body;

use crate::s3_stand_in::{Answer, Asked, StandIn};

pub(super) fn answer(request: &Asked) -> Answer {
    match &*request.method {
        "PUT" => Answer::new(200, &[("etag", "\"1\"")], ""),
        _ => Answer::new(
            202,
            &[("x-amzn-sagemaker-outputlocation", "s3://results/out/42.csv")],
            "{}",
        ),
    }
}

#[tokio::test]
async fn the_input_is_uploaded_and_named() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, "42,0,1,3.5").unwrap();
    let stand_in = StandIn::new(|request, _| answer(request));
    let call = stand_in.runtime_client().invoke_endpoint_async().endpoint_name("slow");
    let call = call.upload(&stand_in.client(), Body::from_path(file.path()), "s3://inputs/42.csv");
    let queued = call.send().await.unwrap();
    assert_eq!(queued.output_location.as_deref(), Some("s3://results/out/42.csv"));

    let [put, invoke] = &stand_in.asked()[..] else {
        panic!("{:?}", stand_in.asked());
    };
    assert_eq!((&*put.method, put.path()), ("PUT", "/inputs/42.csv"));
    assert_eq!(put.body, "42,0,1,3.5");
    assert_eq!(invoke.headers["x-amzn-sagemaker-inputlocation"], "s3://inputs/42.csv");
    assert!(invoke.body.is_empty());
}

#[tokio::test]
async fn below_a_folder_the_object_gets_a_name_of_its_own() {
    let stand_in = StandIn::new(|request, _| answer(request));
    for to in ["s3://inputs/today/", "s3://inputs"] {
        let call = stand_in.runtime_client().invoke_endpoint_async().endpoint_name("slow");
        call.upload(&stand_in.client(), "42", to).await.unwrap();
    }
    let asked = stand_in.asked();
    assert!(asked[0].path().starts_with("/inputs/today/"), "{}", asked[0].path());
    assert_eq!(asked[0].path().len(), "/inputs/today/".len() + 36);
    assert_eq!(asked[2].path().len(), "/inputs/".len() + 36);
    let location = asked[1].headers["x-amzn-sagemaker-inputlocation"].to_str().unwrap();
    assert_eq!(location, format!("s3:/{}", asked[0].path()));
}

#[tokio::test]
async fn a_body_that_can_be_read_again_follows_its_bucket() {
    let stand_in = StandIn::new(|request, _| match (&*request.method, request.region()) {
        ("PUT", "us-east-1") => Answer::redirect("eu-west-1"),
        _ => answer(request),
    });
    let call = || stand_in.runtime_client().invoke_endpoint_async().endpoint_name("slow");
    let upload = call().upload(&stand_in.client(), "42", "s3://inputs/42.csv");
    upload.send().await.unwrap();
    assert_eq!(stand_in.regions(), ["us-east-1", "eu-west-1", "us-east-1"]);

    // It was sent as it came.
    let stream = Body::from_http_body(Full::new(bytes::Bytes::from("42")));
    let error = call()
        .upload(&stand_in.client(), stream, "s3://inputs/42.csv")
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
    let stand_in = StandIn::new(|_, _| Answer::forbidden());
    let call = || stand_in.runtime_client().invoke_endpoint_async().endpoint_name("slow");
    let error = call()
        .upload(&stand_in.client(), "42", "https://inputs/42.csv")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "InvokeEndpointAsync failed: the member `InputLocation` cannot be uploaded: `https://inputs/42.csv` is not an S3 \
         URI: it does not begin with `s3://`"
    );
    assert!(error.is_input());
    assert!(stand_in.asked().is_empty());

    let error = call()
        .upload(&stand_in.client(), "42", "s3://inputs/42.csv")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.operation(), error.code()),
        (Some("PutObject"), Some("AccessDenied"))
    );
    assert_eq!(stand_in.asked().len(), 1);
}
