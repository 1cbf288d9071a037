//! An endpoint configuration and a model with everything that they can have.

use sagemaker::operation::create_endpoint_config::CreateEndpointConfigInput;
use sagemaker::operation::create_model::CreateModelInput;
use sagemaker::types::*;

pub(super) fn whole() -> CreateEndpointConfigInput {
    CreateEndpointConfigInput::builder()
        .endpoint_config_name("churn-v1")
        .production_variants([variant("blue")])
        .data_capture_config(data_capture())
        .tags([super::tag()])
        .kms_key_id("alias/churn")
        .async_inference_config(asynchronous())
        .explainer_config(ExplainerConfig::builder().clarify_explainer_config(clarify()).build())
        .shadow_production_variants([variant("green")])
        .execution_role_arn("arn:aws:iam::123456789012:role/churn")
        .vpc_config(vpc())
        .enable_network_isolation(true)
        .metrics_config(
            MetricsConfig::builder()
                .enable_enhanced_metrics(true)
                .enable_detailed_observability(false)
                .metric_publish_frequency_in_seconds(30)
                .build(),
        )
        .cross_region_traffic_config(
            CrossRegionTrafficConfig::builder()
                .max_invocations_per_second_per_instance(50)
                .max_cross_region_percent_per_endpoint(25)
                .build(),
        )
        .build()
}

fn variant(name: &str) -> ProductionVariant {
    let pool = InstancePool::builder()
        .instance_type("ml.g5.2xlarge")
        .model_name_override("churn-g5")
        .priority(1)
        .build();
    ProductionVariant::builder()
        .variant_name(name)
        .model_name("churn")
        .initial_instance_count(2)
        .instance_type("ml.m5.large")
        .instance_pools([pool])
        .variant_instance_provision_timeout_in_seconds(600)
        .initial_variant_weight(0.5)
        .accelerator_type("ml.eia2.medium")
        .core_dump_config(
            ProductionVariantCoreDumpConfig::builder()
                .destination_s3_uri("s3://bucket/dumps/")
                .kms_key_id("alias/dumps")
                .build(),
        )
        .serverless_config(
            ProductionVariantServerlessConfig::builder()
                .memory_size_in_mb(2048)
                .max_concurrency(20)
                .provisioned_concurrency(2)
                .build(),
        )
        .volume_size_in_gb(64)
        .model_data_download_timeout_in_seconds(900)
        .container_startup_health_check_timeout_in_seconds(300)
        .enable_ssm_access(true)
        .managed_instance_scaling(scaling())
        .routing_config(
            ProductionVariantRoutingConfig::builder()
                .routing_strategy("PREFIX_AWARE")
                .prefix_aware_routing_config(
                    PrefixAwareRoutingConfig::builder()
                        .prefix_length(4096)
                        .concurrency_threshold(8)
                        .build(),
                )
                .build(),
        )
        .inference_ami_version("al2-ami-sagemaker-inference-gpu-2")
        .capacity_reservation_config(
            ProductionVariantCapacityReservationConfig::builder()
                .capacity_reservation_preference("capacity-reservations-only")
                .ml_reservation_arn("arn:aws:sagemaker:eu-west-1:123456789012:training-plan/r")
                .build(),
        )
        .accelerator_partition_layouts([AcceleratorPartitionLayout::builder()
            .accelerator_partition_types(["mig-3g.40gb", "mig-4g.40gb"])
            .build()])
        .build()
}

fn scaling() -> ProductionVariantManagedInstanceScaling {
    ProductionVariantManagedInstanceScaling::builder()
        .status("ENABLED")
        .min_instance_count(0)
        .max_instance_count(4)
        .scale_in_policy(
            ProductionVariantManagedInstanceScalingScaleInPolicy::builder()
                .strategy("CONSOLIDATION")
                .maximum_step_size(2)
                .cooldown_in_minutes(20)
                .build(),
        )
        .build()
}

fn data_capture() -> DataCaptureConfig {
    DataCaptureConfig::builder()
        .enable_capture(true)
        .initial_sampling_percentage(10)
        .destination_s3_uri("s3://bucket/captured/")
        .kms_key_id("alias/captured")
        .capture_options([CaptureOption::builder().capture_mode("InputAndOutput").build()])
        .capture_content_type_header(
            CaptureContentTypeHeader::builder()
                .csv_content_types(["text/csv"])
                .json_content_types(["application/json"])
                .build(),
        )
        .build()
}

fn asynchronous() -> AsyncInferenceConfig {
    let topics = AsyncInferenceNotificationConfig::builder()
        .success_topic("arn:aws:sns:eu-west-1:123456789012:done")
        .error_topic("arn:aws:sns:eu-west-1:123456789012:failed")
        .include_inference_response_in(["SUCCESS_NOTIFICATION_TOPIC"])
        .build();
    AsyncInferenceConfig::builder()
        .client_config(
            AsyncInferenceClientConfig::builder()
                .max_concurrent_invocations_per_instance(4)
                .build(),
        )
        .output_config(
            AsyncInferenceOutputConfig::builder()
                .kms_key_id("alias/results")
                .s3_output_path("s3://bucket/results/")
                .notification_config(topics)
                .s3_failure_path("s3://bucket/failures/")
                .build(),
        )
        .build()
}

fn clarify() -> ClarifyExplainerConfig {
    let inference = ClarifyInferenceConfig::builder()
        .features_attribute("features")
        .content_template("{\"features\": $features}")
        .max_record_count(10)
        .max_payload_in_mb(6)
        .probability_index(1)
        .label_index(0)
        .probability_attribute("probability")
        .label_attribute("label")
        .label_headers(["stays", "leaves"])
        .feature_headers(["age", "plan"])
        .feature_types(["numerical", "text"])
        .build();
    let baseline = ClarifyShapBaselineConfig::builder()
        .mime_type("text/csv")
        .shap_baseline("42,basic")
        .shap_baseline_uri("s3://bucket/baseline.csv")
        .build();
    let text = ClarifyTextConfig::builder()
        .language("en")
        .granularity("sentence")
        .build();
    ClarifyExplainerConfig::builder()
        .enable_explanations("`true`")
        .inference_config(inference)
        .shap_config(
            ClarifyShapConfig::builder()
                .shap_baseline_config(baseline)
                .number_of_samples(100)
                .use_logit(true)
                .seed(7)
                .text_config(text)
                .build(),
        )
        .build()
}

fn vpc() -> VpcConfig {
    VpcConfig::builder()
        .security_group_ids(["sg-1"])
        .subnets(["subnet-1", "subnet-2"])
        .build()
}

pub(super) fn whole_model() -> CreateModelInput {
    CreateModelInput::builder()
        .model_name("churn")
        .primary_container(container())
        .containers([container()])
        .inference_execution_config(InferenceExecutionConfig::builder().mode("Direct").build())
        .execution_role_arn("arn:aws:iam::123456789012:role/churn")
        .tags([super::tag()])
        .vpc_config(vpc())
        .enable_network_isolation(false)
        .build()
}

fn container() -> ContainerDefinition {
    let image = ImageConfig::builder()
        .repository_access_mode("Vpc")
        .repository_auth_config(
            RepositoryAuthConfig::builder()
                .repository_credentials_provider_arn("arn:aws:lambda:eu-west-1:123456789012:function:login")
                .build(),
        )
        .build();
    let metrics = MetricsEndpoint::builder()
        .metrics_endpoint_path("/metrics")
        .metric_publish_frequency_in_seconds(60)
        .build();
    ContainerDefinition::builder()
        .container_hostname("first")
        .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/churn:1")
        .image_config(image)
        .mode("MultiModel")
        .model_data_url("s3://bucket/model.tar.gz")
        .model_data_source(ModelDataSource::builder().s3_data_source(data()).build())
        .additional_model_data_sources([AdditionalModelDataSource::builder()
            .channel_name("adapter")
            .s3_data_source(data())
            .build()])
        .environment([("THREADS", "4")])
        .model_package_name("churn-package")
        .inference_specification_name("fast")
        .multi_model_config(MultiModelConfig::builder().model_cache_setting("Disabled").build())
        .container_metrics_config(ContainerMetricsConfig::builder().metrics_endpoints([metrics]).build())
        .build()
}

fn data() -> S3ModelDataSource {
    S3ModelDataSource::builder()
        .s3_uri("s3://bucket/model/")
        .s3_data_type("S3Prefix")
        .compression_type("None")
        .model_access_config(ModelAccessConfig::builder().accept_eula(true).build())
        .hub_access_config(
            InferenceHubAccessConfig::builder()
                .hub_content_arn("arn:aws:sagemaker:eu-west-1:123456789012:hub-content/m")
                .build(),
        )
        .manifest_s3_uri("s3://bucket/manifest.csv")
        .e_tag("\"1\"")
        .manifest_etag("\"2\"")
        .build()
}
