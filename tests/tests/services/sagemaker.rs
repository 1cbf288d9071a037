//! SageMaker: the life of endpoints.

mod configuration;
mod description;

use sagemaker::operation::create_endpoint::CreateEndpointInput;
use sagemaker::operation::create_endpoint_config::CreateEndpointConfigInput;
use sagemaker::operation::create_model::CreateModelInput;
use sagemaker::operation::delete_endpoint::DeleteEndpointInput;
use sagemaker::operation::delete_endpoint_config::DeleteEndpointConfigInput;
use sagemaker::operation::delete_model::DeleteModelInput;
use sagemaker::operation::describe_endpoint::DescribeEndpointInput;
use sagemaker::operation::list_endpoints::ListEndpointsInput;
use sagemaker::operation::update_endpoint::UpdateEndpointInput;
use sagemaker::operation::update_endpoint_weights_and_capacities::UpdateEndpointWeightsAndCapacitiesInput;
use sagemaker::types::{
    Alarm, AutoRollbackConfig, BlueGreenUpdatePolicy, CapacitySize, DeploymentConfig, DesiredWeightAndCapacity,
    ProductionVariantServerlessUpdateConfig, RollingUpdatePolicy, Tag, TrafficRoutingConfig, VariantProperty,
};
use sagemaker::{DateTime, Error, ServiceError};
use serde_json::json;

use crate::described::Message;
use crate::wire::{failure, request, response};

fn tag() -> Tag {
    Tag::builder().key("team").value("churn").build()
}

fn deployment() -> DeploymentConfig {
    let instances = |count| CapacitySize::builder().r#type("INSTANCE_COUNT").value(count).build();
    let percent = |percent| {
        CapacitySize::builder()
            .r#type("CAPACITY_PERCENT")
            .value(percent)
            .build()
    };
    let traffic = TrafficRoutingConfig::builder()
        .r#type("CANARY")
        .wait_interval_in_seconds(300)
        .canary_size(instances(1))
        .linear_step_size(percent(10))
        .build();
    let blue_green = BlueGreenUpdatePolicy::builder()
        .traffic_routing_configuration(traffic)
        .termination_wait_in_seconds(120)
        .maximum_execution_timeout_in_seconds(3600)
        .build();
    let rolling = RollingUpdatePolicy::builder()
        .maximum_batch_size(percent(20))
        .wait_interval_in_seconds(60)
        .maximum_execution_timeout_in_seconds(7200)
        .rollback_maximum_batch_size(percent(100))
        .build();
    let alarm = Alarm::builder().alarm_name("errors").build();
    DeploymentConfig::builder()
        .blue_green_update_policy(blue_green)
        .rolling_update_policy(rolling)
        .auto_rollback_configuration(AutoRollbackConfig::builder().alarms([alarm]).build())
        .build()
}

pub(crate) async fn requests() -> Vec<Message> {
    let midnight = |day: i64| DateTime::from_secs(1_772_323_200 + day * 86_400);
    let serverless = ProductionVariantServerlessUpdateConfig::builder()
        .max_concurrency(20)
        .provisioned_concurrency(2)
        .build();
    let weight = DesiredWeightAndCapacity::builder()
        .variant_name("blue")
        .desired_weight(0.25)
        .desired_instance_count(2)
        .serverless_update_config(serverless)
        .build();
    let property = VariantProperty::builder()
        .variant_property_type("DesiredWeight")
        .build();
    vec![
        request(
            CreateEndpointInput::builder()
                .endpoint_name("churn")
                .endpoint_config_name("churn-v1")
                .deployment_config(deployment())
                .tags([tag()])
                .build(),
        )
        .await,
        request(configuration::whole()).await,
        request(configuration::whole_model()).await,
        request(DeleteEndpointInput::builder().endpoint_name("churn").build()).await,
        request(
            DeleteEndpointConfigInput::builder()
                .endpoint_config_name("churn-v1")
                .build(),
        )
        .await,
        request(DeleteModelInput::builder().model_name("churn").build()).await,
        request(DescribeEndpointInput::builder().endpoint_name("churn").build()).await,
        request(
            ListEndpointsInput::builder()
                .sort_by("Name")
                .sort_order("Ascending")
                .next_token("two")
                .max_results(100)
                .name_contains("churn")
                .creation_time_before(midnight(3))
                .creation_time_after(midnight(2))
                .last_modified_time_before(midnight(1))
                .last_modified_time_after(midnight(0))
                .status_equals("InService")
                .build(),
        )
        .await,
        request(
            UpdateEndpointInput::builder()
                .endpoint_name("churn")
                .endpoint_config_name("churn-v2")
                .retain_all_variant_properties(true)
                .exclude_retained_variant_properties([property])
                .deployment_config(deployment())
                .retain_deployment_config(false)
                .build(),
        )
        .await,
        request(
            UpdateEndpointWeightsAndCapacitiesInput::builder()
                .endpoint_name("churn")
                .desired_weights_and_capacities([weight])
                .build(),
        )
        .await,
    ]
}

pub(crate) async fn responses() -> Vec<Message> {
    let arn = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn";
    let summary = json!({
        "EndpointName": "churn",
        "EndpointArn": arn,
        "CreationTime": 1_772_366_400.5,
        "LastModifiedTime": 1_772_370_000,
        "EndpointStatus": "InService",
    });
    vec![
        response::<CreateEndpointInput>(json!({ "EndpointArn": arn })).await,
        response::<CreateEndpointConfigInput>(json!({ "EndpointConfigArn": arn })).await,
        response::<CreateModelInput>(json!({ "ModelArn": arn })).await,
        response::<DeleteEndpointInput>(json!({})).await,
        response::<DeleteEndpointConfigInput>(json!({})).await,
        response::<DeleteModelInput>(json!({})).await,
        response::<DescribeEndpointInput>(description::whole()).await,
        response::<ListEndpointsInput>(json!({ "Endpoints": [summary], "NextToken": "two" })).await,
        response::<UpdateEndpointInput>(json!({ "EndpointArn": arn })).await,
        response::<UpdateEndpointWeightsAndCapacitiesInput>(json!({ "EndpointArn": arn })).await,
    ]
}

pub(crate) async fn errors() -> Vec<Message> {
    let body = json!({ "Message": "12 instances of ml.m5.large" });
    let error = Error::from(failure::<CreateEndpointInput>(400, "ResourceLimitExceeded", &body).await);
    let Some(ServiceError::ResourceLimitExceeded(fields)) = error.service_error() else {
        panic!("{error}");
    };
    assert_eq!(fields.message.as_deref(), Some("12 instances of ml.m5.large"));
    vec![Message {
        service: "sagemaker",
        owner: "ResourceLimitExceeded",
        text: format!("400\n\n{body}"),
    }]
}

/// What SageMaker reports with a code that its description does not have.
#[tokio::test]
async fn errors_say_what_to_do() {
    let cases = [
        (
            "Could not find endpoint configuration \"arn:..\".",
            "retry in a few seconds",
        ),
        ("Could not find endpoint \"arn:..\".", "check the endpoint's name"),
        ("Could not find model \"arn:..\".", "create the model first"),
        (
            "Cannot update in-progress endpoint \"arn:..\".",
            "wait_until_endpoint_in_service",
        ),
        ("Could not assume role arn:..", "trust policy"),
    ];
    for (message, hint) in cases {
        let body = json!({ "Message": message });
        let error = failure::<CreateEndpointInput>(400, "ValidationException", &body).await;
        assert!(error.to_string().contains(hint), "{error}");
    }
}
