//! Inputs and results in S3, with moto as S3 and SageMaker, and boto3 as the other end.

use std::time::Duration;

use sagemaker_runtime::{Client, Config, Credentials, S3Uri};
use serde_json::{Value, json};

use crate::moto::Moto;
use crate::other_side::OtherSide;
use crate::report::Report;
use crate::{ACCESS_KEY, REGION, Result, SECRET_KEY};

const INPUT: &str = "42,0,1,3.5";

pub(crate) async fn check(moto: &Moto, boto3: &mut OtherSide, report: &mut Report) -> Result<()> {
    moto.clear(boto3).await?;
    let results = json!([{"data": "0.8317"}, {"is_failure": true, "data": "expected 4 columns"}]);
    let url = format!("{}/moto-api/static/sagemaker/async-endpoint-results", moto.url);
    boto3.post(&url, json!({"region": REGION, "results": results})).await?;
    let place = json!({"Bucket": "inputs", "CreateBucketConfiguration": {"LocationConstraint": REGION}});
    boto3.ask(&moto.url, "s3", "create_bucket", place).await?;

    let config = Config::builder()
        .region(REGION)
        .credentials(Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "interop"))
        .endpoint_url(&moto.url);
    let config = config.build()?;
    let (client, s3) = (Client::from_config(&config)?, s3::Client::from_config(&config)?);

    // This client uploads and invokes; boto3 reads what it has uploaded, and both read the result.
    let call = client.invoke_endpoint_async().endpoint_name("slow");
    let queued = call.upload(&s3, INPUT, "s3://inputs/ours.csv").send().await?;
    let read = read_by(boto3, moto, "inputs", "ours.csv").await?;
    report.add_check("boto3 reads an input", "PutObject", read == INPUT, &read);
    let result = queued
        .result(&s3)
        .timeout(Duration::from_secs(30))
        .await?
        .text()
        .await?;
    report.add_check("a result", "InvokeEndpointAsync", result == "0.8317", &result);
    let place: S3Uri = queued.output_location.as_deref().unwrap_or_default().parse()?;
    let read = read_by(boto3, moto, place.bucket(), place.key()).await?;
    report.add_check("boto3 reads a result", "InvokeEndpointAsync", read == result, &read);

    // boto3 uploads; this client invokes, and finds what went wrong.
    let object = json!({"Bucket": "inputs", "Key": "theirs.csv", "Body": INPUT});
    boto3.ask(&moto.url, "s3", "put_object", object).await?;
    let call = client.invoke_endpoint_async().endpoint_name("slow");
    let queued = call.input_location("s3://inputs/theirs.csv").send().await?;
    let failure = queued.result(&s3).timeout(Duration::from_secs(30)).await;
    let message = failure.err().and_then(|error| Some(error.message()?.to_owned()));
    report.add_check(
        "a failure",
        "InvokeEndpointAsync",
        message.as_deref() == Some("expected 4 columns"),
        &format!("{message:?}"),
    );

    let read = s3.get_object().bucket("inputs").key("theirs.csv").send().await?;
    let read = read.body.text().await?;
    report.add_check("an object of boto3's", "GetObject", read == INPUT, &read);
    manage(&config, moto, boto3, report).await
}

/// The content of an object, as boto3 reads it.
async fn read_by(boto3: &mut OtherSide, moto: &Moto, bucket: &str, key: &str) -> Result<String> {
    let place = json!({"Bucket": bucket, "Key": key});
    let object = boto3.ask(&moto.url, "s3", "get_object", place).await?;
    let content = hex::decode(object["Body"]["hex"].as_str().unwrap_or_default())?;
    Ok(String::from_utf8(content)?)
}

/// An endpoint, made by this client, listed by both and deleted by this one.
async fn manage(config: &Config, moto: &Moto, boto3: &mut OtherSide, report: &mut Report) -> Result<()> {
    let sagemaker = sagemaker::Client::from_config(config)?;
    let container = sagemaker::types::ContainerDefinition::builder()
        .image("churn:1")
        .build();
    let model = sagemaker
        .create_model()
        .model_name("churn")
        .primary_container(container);
    model
        .execution_role_arn("arn:aws:iam::123456789012:role/churn")
        .send()
        .await?;
    let variant = sagemaker::types::ProductionVariant::builder()
        .variant_name("blue")
        .model_name("churn")
        .instance_type("ml.m5.large")
        .initial_instance_count(1)
        .build();
    let endpoint_config = sagemaker.create_endpoint_config().endpoint_config_name("churn");
    endpoint_config.production_variants([variant]).send().await?;
    for name in ["churn-1", "churn-2", "churn-3"] {
        let endpoint = sagemaker.create_endpoint().endpoint_name(name);
        endpoint.endpoint_config_name("churn").send().await?;
    }
    let described = sagemaker.wait_until_endpoint_in_service().endpoint_name("churn-1");
    let described = described.wait(Duration::from_secs(60)).await?;
    let described = described.map(|endpoint| endpoint.endpoint_config_name);
    report.add_check(
        "an endpoint in service",
        "DescribeEndpoint",
        described.is_some(),
        &format!("{described:?}"),
    );

    let mut endpoints = sagemaker.list_endpoints().max_results(2).paginate().items();
    let mut ours = Vec::new();
    while let Some(endpoint) = endpoints.try_next().await? {
        ours.push(endpoint.endpoint_name);
    }
    let theirs = boto3.ask(&moto.url, "sagemaker", "list_endpoints", json!({})).await?;
    let theirs = theirs["Endpoints"].as_array().into_iter().flatten();
    let mut theirs: Vec<&str> = theirs
        .filter_map(|endpoint| endpoint["EndpointName"].as_str())
        .collect();
    ours.sort();
    theirs.sort_unstable();
    report.add_check(
        "pages of endpoints",
        "ListEndpoints",
        ours == theirs && ours.len() == 3,
        &format!("{ours:?} {theirs:?}"),
    );

    for name in &ours {
        sagemaker.delete_endpoint().endpoint_name(name).send().await?;
    }
    sagemaker
        .delete_endpoint_config()
        .endpoint_config_name("churn")
        .send()
        .await?;
    sagemaker.delete_model().model_name("churn").send().await?;
    let left: Value = boto3.ask(&moto.url, "sagemaker", "list_endpoints", json!({})).await?;
    let is_empty = left["Endpoints"].as_array().is_some_and(Vec::is_empty);
    report.add_check("nothing is left", "DeleteEndpoint", is_empty, &left.to_string());
    Ok(())
}
