//! JSON with the operation in a header: Amazon SageMaker.

use proptest::collection::{hash_map, vec};
use proptest::num::f32::{NORMAL, ZERO};
use proptest::option;
use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};
use sagemaker::operation::create_model::{CreateModelInput, CreateModelOutput};
use sagemaker::operation::describe_endpoint::{DescribeEndpointInput, DescribeEndpointOutput};
use sagemaker::operation::list_endpoints::{ListEndpointsInput, ListEndpointsOutput};
use sagemaker::test::{Fake, FakeServer, With};
use sagemaker::types::error::ResourceLimitExceeded;
use sagemaker::types::{
    ContainerDefinition, ContainerMode, EndpointStatus, EndpointSummary, ImageConfig, OrderKey,
    ProductionVariantSummary, RepositoryAccessMode, RepositoryAuthConfig, Tag, VpcConfig,
};
use sagemaker::{DateTime, ServiceError};

use super::{runtime, shown};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn models_are_created(
        (name, arn, texts) in (any::<String>(), any::<String>(), vec(option::of(any::<String>()), 2)),
        environment in option::of(hash_map(any::<String>(), any::<String>(), 0..2)),
        tags in option::of(vec((any::<String>(), any::<String>()), 0..3)),
        subnets in option::of(vec(any::<String>(), 0..3)),
        is_isolated in option::of(any::<bool>()),
    ) {
        runtime().block_on(async {
            let fake = Fake::new();
            let answer = arn.clone();
            fake.on::<CreateModelInput>().answer(move |_| {
                CreateModelOutput::default().with(|output| output.model_arn = answer.clone())
            });
            let login = texts[1].clone().map(|arn| {
                RepositoryAuthConfig::builder().repository_credentials_provider_arn(arn).build()
            });
            let image = ImageConfig::builder().repository_access_mode(RepositoryAccessMode::Vpc).build();
            let container = ContainerDefinition::default().with(|container| {
                container.image = texts[0].clone();
                container.image_config = Some(image.with(|image| image.repository_auth_config = login));
                container.mode = Some(ContainerMode::MultiModel);
                container.environment = environment;
            });
            let input = CreateModelInput::builder().model_name(name).build().with(|input| {
                input.containers = Some(vec![container.clone(), ContainerDefinition::default()]);
                input.primary_container = Some(container);
                input.tags = tags.map(|tags| {
                    tags.into_iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
                });
                input.vpc_config = subnets.map(|subnets| {
                    VpcConfig::builder().security_group_ids(Vec::<String>::new()).subnets(subnets).build()
                });
                input.enable_network_isolation = is_isolated;
            });
            let output = fake.client().call(input.clone()).await.unwrap();
            prop_assert_eq!(output.model_arn, arn);
            prop_assert_eq!(shown(&fake.calls::<CreateModelInput>()), shown(&[input]));
            Ok(())
        })?;
    }

    #[test]
    fn endpoints_are_described_and_listed(
        (name, reason) in (any::<String>(), option::of(any::<String>())),
        millis in -1_000_000_000_000_i64..10_000_000_000_000,
        weights in vec(option::of(NORMAL | ZERO), 0..3),
        most in option::of(any::<i32>()),
    ) {
        runtime().block_on(async {
            let time = DateTime::from_millis(millis);
            let described = DescribeEndpointOutput::default().with(|output| {
                output.endpoint_name = name.clone();
                output.endpoint_status = EndpointStatus::from("Dreaming");
                output.failure_reason = reason.clone();
                output.creation_time = time;
                output.production_variants = weights.into_iter().map(|weight| {
                    ProductionVariantSummary::default().with(|variant| variant.current_weight = weight)
                }).collect();
            });
            let listed = ListEndpointsOutput::default().with(|output| {
                output.next_token = reason.clone();
                output.endpoints = vec![EndpointSummary::default().with(|endpoint| endpoint.last_modified_time = time)];
            });
            let fake = Fake::new();
            let outputs = (described.clone(), listed.clone());
            fake.on::<DescribeEndpointInput>().answer(move |_| outputs.0.clone());
            fake.on::<ListEndpointsInput>().answer(move |_| outputs.1.clone());
            let client = fake.client();
            let got = client.describe_endpoint().endpoint_name(&name).send().await.unwrap();
            let metadata = got.response_metadata.clone();
            prop_assert_eq!(got, described.with(|output| output.response_metadata = metadata));
            let input = ListEndpointsInput::default().with(|input| {
                input.sort_order = Some(OrderKey::Descending);
                input.max_results = most;
                input.name_contains = reason;
                input.creation_time_after = Some(time);
            });
            let got = client.call(input.clone()).await.unwrap();
            let metadata = got.response_metadata.clone();
            prop_assert_eq!(got, listed.with(|output| output.response_metadata = metadata));
            prop_assert_eq!(shown(&fake.calls::<ListEndpointsInput>()), shown(&[input]));
            prop_assert_eq!(&fake.calls::<DescribeEndpointInput>()[0].endpoint_name, &name);
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn an_error_has_its_name_in_the_body() {
    let fake = Fake::new();
    fake.on::<CreateModelInput>()
        .fail(ResourceLimitExceeded::default().with(|error| error.message = Some("too many models".to_owned())))
        .fail_with(400, "ValidationException", "no such role");
    let server = FakeServer::start(fake).await.unwrap();
    let client = server.client();
    let create = async || client.create_model().model_name("churn").send().await.unwrap_err();
    let error = create().await;
    assert!(
        matches!(error.service_error(), Some(ServiceError::ResourceLimitExceeded(_))),
        "{error}"
    );
    assert_eq!(error.message(), Some("too many models"));
    let error = create().await;
    assert_eq!(
        (error.code(), error.message()),
        (Some("ValidationException"), Some("no such role"))
    );
    assert!(!server.fake().requests()[0].headers().contains_key("x-amzn-errortype"));
}
