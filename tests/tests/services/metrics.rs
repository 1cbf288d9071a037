//! SageMaker Metrics.

use sagemaker_metrics::DateTime;
use sagemaker_metrics::operation::batch_get_metrics::BatchGetMetricsInput;
use sagemaker_metrics::operation::batch_put_metrics::BatchPutMetricsInput;
use sagemaker_metrics::types::{MetricQuery, RawMetricData};
use serde_json::json;

use crate::described::Message;
use crate::wire::{request, response};

pub(crate) async fn requests() -> Vec<Message> {
    let query = MetricQuery::builder()
        .metric_name("loss")
        .resource_arn("arn:aws:sagemaker:eu-west-1:123456789012:training-job/churn")
        .metric_stat("Avg")
        .period("OneMinute")
        .x_axis_type("Timestamp")
        .start(1_772_366_400)
        .end(1_772_370_000)
        .build();
    let value = RawMetricData::builder()
        .metric_name("loss")
        .timestamp(DateTime::from_secs(1_772_366_400))
        .step(7)
        .value(0.25)
        .build();
    vec![
        request(BatchGetMetricsInput::builder().metric_queries([query]).build()).await,
        request(
            BatchPutMetricsInput::builder()
                .trial_component_name("churn-2026-03-01")
                .metric_data([value])
                .build(),
        )
        .await,
    ]
}

pub(crate) async fn responses() -> Vec<Message> {
    vec![
        response::<BatchGetMetricsInput>(json!({ "MetricQueryResults": [{
            "Status": "Truncated",
            "Message": "more than 1000 values",
            "XAxisValues": [1_772_366_400, 1_772_366_460],
            "MetricValues": [0.25, 0.125],
        }] }))
        .await,
        response::<BatchPutMetricsInput>(json!({ "Errors": [{ "Code": "CONFLICT_ERROR", "MetricIndex": 3 }] })).await,
    ]
}
