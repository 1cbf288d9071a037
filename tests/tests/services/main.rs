//! Requests and responses of the services beside SageMaker Runtime: each operation with all of its members.

#[path = "../support/described.rs"]
mod described;
mod feature_store;
mod life;
mod metrics;
mod page;
mod presigned;
mod s3;
mod sagemaker;
mod tokens;
mod wire;

use std::collections::BTreeSet;
use std::fs;

/// The services whose operations are here.
const SERVICES: [&str; 4] = ["s3", "sagemaker", "sagemaker-featurestore-runtime", "sagemaker-metrics"];

#[tokio::test]
async fn every_member_has_a_request_test() {
    let messages = [
        feature_store::requests().await,
        metrics::requests().await,
        self::s3::requests().await,
        sagemaker::requests().await,
    ];
    described::assert_inputs(&SERVICES, &messages.concat());
}

#[tokio::test]
async fn every_member_has_a_response_test() {
    let messages = [
        feature_store::responses().await,
        metrics::responses().await,
        self::s3::responses().await,
        sagemaker::responses().await,
    ];
    described::assert_outputs(&SERVICES, &messages.concat());
}

#[tokio::test]
async fn every_error_has_a_test() {
    let messages = [
        feature_store::errors().await,
        self::s3::errors().await,
        sagemaker::errors().await,
    ];
    described::assert_errors(
        &["s3", "sagemaker", "sagemaker-featurestore-runtime"],
        &messages.concat(),
    );
}

#[test]
fn every_service_has_tests() {
    let entries = fs::read_dir(described::models()).expect("there are models");
    let folders = entries.map(|entry| entry.expect("it can be read").path());
    let services = folders.filter(|path| path.is_dir()).map(|path| {
        let name = path.file_name().expect("a folder has a name");
        name.to_string_lossy().into_owned()
    });
    // That of SageMaker Runtime has tests of its own.
    let tested = SERVICES.into_iter().chain(["sagemaker-runtime"]).map(str::to_owned);
    assert_eq!(services.collect::<BTreeSet<_>>(), tested.collect());
}
