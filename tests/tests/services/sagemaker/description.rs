//! An endpoint's description with everything that it can have.

use serde_json::{Value, json};

pub(super) fn whole() -> Value {
    json!({
        "EndpointName": "churn",
        "EndpointArn": "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/churn",
        "EndpointConfigName": "churn-v1",
        "ProductionVariants": [variant("blue")],
        "DataCaptureConfig": {
            "EnableCapture": true,
            "CaptureStatus": "Started",
            "CurrentSamplingPercentage": 10,
            "DestinationS3Uri": "s3://bucket/captured/",
            "KmsKeyId": "alias/captured",
        },
        "EndpointStatus": "Updating",
        "FailureReason": "no capacity",
        "CreationTime": 1_772_366_400.25,
        "LastModifiedTime": 1_772_370_000,
        "LastDeploymentConfig": deployment(),
        "AsyncInferenceConfig": {
            "ClientConfig": { "MaxConcurrentInvocationsPerInstance": 4 },
            "OutputConfig": {
                "KmsKeyId": "alias/results",
                "S3OutputPath": "s3://bucket/results/",
                "NotificationConfig": {
                    "SuccessTopic": "arn:aws:sns:eu-west-1:123456789012:done",
                    "ErrorTopic": "arn:aws:sns:eu-west-1:123456789012:failed",
                    "IncludeInferenceResponseIn": ["ERROR_NOTIFICATION_TOPIC"],
                },
                "S3FailurePath": "s3://bucket/failures/",
            },
        },
        "PendingDeploymentSummary": {
            "EndpointConfigName": "churn-v2",
            "ProductionVariants": [pending("blue")],
            "StartTime": 1_772_370_000,
            "ShadowProductionVariants": [pending("green")],
        },
        "ExplainerConfig": { "ClarifyExplainerConfig": explainer() },
        "ShadowProductionVariants": [variant("green")],
        "MetricsConfig": {
            "EnableEnhancedMetrics": true,
            "EnableDetailedObservability": false,
            "MetricPublishFrequencyInSeconds": 30,
        },
        "CrossRegionTrafficConfig": {
            "MaxInvocationsPerSecondPerInstance": 50,
            "MaxCrossRegionPercentPerEndpoint": 25,
        },
    })
}

/// What a variant has, whether it is deployed or about to be.
fn common(name: &str) -> Value {
    let serverless = json!({ "MemorySizeInMB": 2048, "MaxConcurrency": 20, "ProvisionedConcurrency": 2 });
    json!({
        "VariantName": name,
        "DeployedImages": [{
            "SpecifiedImage": "churn:1",
            "ResolvedImage": "churn@sha256:00",
            "ResolutionTime": 1_772_366_400,
        }],
        "CurrentWeight": 1.0,
        "DesiredWeight": 0.25,
        "CurrentInstanceCount": 2,
        "DesiredInstanceCount": 3,
        "InstancePools": [{ "InstanceType": "ml.g5.2xlarge", "CurrentInstanceCount": 1 }],
        "VariantStatus": [{ "Status": "Baking", "StatusMessage": "watching alarms", "StartTime": 1_772_370_000 }],
        "CurrentServerlessConfig": serverless,
        "DesiredServerlessConfig": serverless,
        "ManagedInstanceScaling": {
            "Status": "ENABLED",
            "MinInstanceCount": 0,
            "MaxInstanceCount": 4,
            "ScaleInPolicy": { "Strategy": "CONSOLIDATION", "MaximumStepSize": 2, "CooldownInMinutes": 20 },
        },
        "RoutingConfig": {
            "RoutingStrategy": "PREFIX_AWARE",
            "PrefixAwareRoutingConfig": { "PrefixLength": 4096, "ConcurrencyThreshold": 8 },
        },
        "AcceleratorPartitionLayouts": [{ "AcceleratorPartitionTypes": ["mig-3g.40gb"] }],
    })
}

fn variant(name: &str) -> Value {
    let mut variant = common(name);
    variant["CapacityReservationConfig"] = json!({
        "MlReservationArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-plan/r",
        "CapacityReservationPreference": "capacity-reservations-only",
        "TotalInstanceCount": 8,
        "AvailableInstanceCount": 5,
        "UsedByCurrentEndpoint": 3,
        "Ec2CapacityReservations": [{
            "Ec2CapacityReservationId": "cr-1",
            "TotalInstanceCount": 4,
            "AvailableInstanceCount": 3,
            "UsedByCurrentEndpoint": 1,
        }],
    });
    variant
}

fn pending(name: &str) -> Value {
    let mut variant = common(name);
    variant["InstanceType"] = json!("ml.m5.large");
    variant["AcceleratorType"] = json!("ml.eia2.medium");
    variant
}

fn deployment() -> Value {
    let half = json!({ "Type": "CAPACITY_PERCENT", "Value": 50 });
    json!({
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {
                "Type": "LINEAR",
                "WaitIntervalInSeconds": 300,
                "CanarySize": half,
                "LinearStepSize": half,
            },
            "TerminationWaitInSeconds": 120,
            "MaximumExecutionTimeoutInSeconds": 3600,
        },
        "RollingUpdatePolicy": {
            "MaximumBatchSize": half,
            "WaitIntervalInSeconds": 60,
            "MaximumExecutionTimeoutInSeconds": 7200,
            "RollbackMaximumBatchSize": half,
        },
        "AutoRollbackConfiguration": { "Alarms": [{ "AlarmName": "errors" }] },
    })
}

fn explainer() -> Value {
    json!({
        "EnableExplanations": "`true`",
        "InferenceConfig": {
            "FeaturesAttribute": "features",
            "ContentTemplate": "{\"features\": $features}",
            "MaxRecordCount": 10,
            "MaxPayloadInMB": 6,
            "ProbabilityIndex": 1,
            "LabelIndex": 0,
            "ProbabilityAttribute": "probability",
            "LabelAttribute": "label",
            "LabelHeaders": ["stays", "leaves"],
            "FeatureHeaders": ["age", "plan"],
            "FeatureTypes": ["numerical", "text"],
        },
        "ShapConfig": {
            "ShapBaselineConfig": {
                "MimeType": "text/csv",
                "ShapBaseline": "42,basic",
                "ShapBaselineUri": "s3://bucket/baseline.csv",
            },
            "NumberOfSamples": 100,
            "UseLogit": true,
            "Seed": 7,
            "TextConfig": { "Language": "en", "Granularity": "sentence" },
        },
    })
}
