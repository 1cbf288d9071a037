//! What a fake reads is what the client was given, and what the client reads is what the fake was given.

mod s3;
mod sagemaker;

use bytes::Bytes;
use proptest::collection::vec;
use proptest::num::f64::{NORMAL, ZERO};
use proptest::option;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, proptest};
use proptest::sample::select;
use sagemaker_featurestore_runtime as features;
use sagemaker_featurestore_runtime::operation::get_record::{GetRecordInput, GetRecordOutput};
use sagemaker_featurestore_runtime::operation::put_record::{PutRecordInput, PutRecordOutput};
use sagemaker_featurestore_runtime::types::{
    ExpirationTimeResponse, FeatureValue, TargetStore, TtlDuration, TtlDurationUnit,
};
use sagemaker_metrics as metrics;
use sagemaker_metrics::DateTime;
use sagemaker_metrics::operation::batch_get_metrics::{BatchGetMetricsInput, BatchGetMetricsOutput};
use sagemaker_metrics::operation::batch_put_metrics::{BatchPutMetricsInput, BatchPutMetricsOutput};
use sagemaker_metrics::types::{
    BatchPutMetricsError, MetricQuery, MetricQueryResult, MetricQueryResultStatus, MetricStatistic, Period,
    PutMetricsErrorCode, RawMetricData, XAxisType,
};
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::operation::invoke_endpoint_async::{InvokeEndpointAsyncInput, InvokeEndpointAsyncOutput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::test::{Fake, With};
use sagemaker_runtime::types::ResponseStream;
use tokio::runtime::{Builder, Runtime};

/// What headers can carry, and what a member is.
fn text() -> impl Strategy<Value = Option<String>> {
    option::of("[!-~\u{e9}\u{4eac}]([ -~\u{1f980}]{0,12}[!-~])?")
}

/// What paths can carry.
fn label() -> impl Strategy<Value = String> {
    "[^.]\\PC{0,12}".prop_filter("a label has no control characters", |label| !label.is_empty())
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
}

proptest! {
    #[test]
    fn inputs_and_outputs(
        name in label(),
        texts in vec(text(), 8),
        payload in vec(any::<u8>(), 0..40),
        answer in vec(any::<u8>(), 0..40),
    ) {
        runtime().block_on(async {
            let fake = Fake::new();
            let (members, body) = (texts.clone(), answer.clone());
            fake.on::<InvokeEndpointInput>().answer(move |_| {
                InvokeEndpointOutput::of(body.clone()).with(|output| {
                    let mut members = members.iter().cloned();
                    output.content_type = members.next().unwrap();
                    output.invoked_production_variant = members.next().unwrap();
                    output.custom_attributes = members.next().unwrap();
                    output.new_session_id = members.next().unwrap();
                    output.closed_session_id = members.next().unwrap();
                })
            });
            let mut input = InvokeEndpointInput::builder().endpoint_name(&name).body(payload.clone()).build();
            let set = |input: &mut InvokeEndpointInput| {
                let mut members = texts.iter().cloned();
                input.content_type = members.next().unwrap();
                input.accept = members.next().unwrap();
                input.custom_attributes = members.next().unwrap();
                input.target_model = members.next().unwrap();
                input.target_variant = members.next().unwrap();
                input.inference_id = members.next().unwrap();
                input.enable_explanations = members.next().unwrap();
                input.session_id = members.next().unwrap();
            };
            set(&mut input);
            let output = fake.client().call(input).await.unwrap();
            let members = [
                output.content_type,
                output.invoked_production_variant,
                output.custom_attributes,
                output.new_session_id,
                output.closed_session_id,
            ];
            prop_assert_eq!(members.as_slice(), &texts[..5]);
            prop_assert_eq!(output.body.bytes().await.unwrap(), answer);

            let read = fake.calls::<InvokeEndpointInput>().remove(0);
            let members = [
                read.content_type,
                read.accept,
                read.custom_attributes,
                read.target_model,
                read.target_variant,
                read.inference_id,
                read.enable_explanations,
                read.session_id,
            ];
            prop_assert_eq!(read.endpoint_name, name);
            prop_assert_eq!(members.as_slice(), texts.as_slice());
            let requests = fake.requests();
            prop_assert_eq!(requests[0].body(), &payload);
            Ok(())
        })?;
    }

    #[test]
    fn outputs_in_json_and_headers(texts in vec(text(), 4)) {
        runtime().block_on(async {
            let fake = Fake::new();
            let members = texts.clone();
            fake.on::<InvokeEndpointAsyncInput>().answer(move |_| {
                InvokeEndpointAsyncOutput::default().with(|output| {
                    output.output_location = members[0].clone();
                    output.failure_location = members[1].clone();
                    output.inference_id = members[2].clone();
                })
            });
            let call = fake.client().invoke_endpoint_async().endpoint_name("slow");
            let output = call.input_location("s3://in").send().await.unwrap();
            let members = [output.output_location, output.failure_location, output.inference_id];
            prop_assert_eq!(members.as_slice(), &texts[..3]);
            Ok(())
        })?;
    }

    #[test]
    fn events(parts in vec(vec(any::<u8>(), 0..20), 0..6)) {
        runtime().block_on(async {
            let parts: Vec<ResponseStream> = parts.into_iter().map(|part| Bytes::from(part).into()).collect();
            let fake = Fake::new();
            fake.on::<InvokeEndpointWithResponseStreamInput>().events(parts.clone());
            let call = fake.client().invoke_endpoint_with_response_stream().endpoint_name("chat").body("");
            let mut events = call.send().await.unwrap().body;
            for part in parts {
                prop_assert_eq!(events.recv().await.unwrap(), Some(part));
            }
            prop_assert_eq!(events.recv().await.unwrap(), None);
            Ok(())
        })?;
    }
}

/// Features of a record, as a text or as a list.
fn record() -> impl Strategy<Value = Vec<FeatureValue>> {
    let feature = (
        any::<String>(),
        option::of(any::<String>()),
        option::of(vec(any::<String>(), 0..3)),
    );
    let feature = feature.prop_map(|(name, text, list)| {
        FeatureValue::builder().feature_name(name).build().with(|feature| {
            feature.value_as_string = text;
            feature.value_as_string_list = list;
        })
    });
    vec(feature, 0..4)
}

/// What a fake has read, beside what was sent. Inputs are compared as they show themselves.
fn shown(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

// Labels, the query with lists, and bodies with structures: the feature store.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn records_are_got(
        group in label(),
        key in any::<String>(),
        names in option::of(vec(any::<String>(), 1..4)),
        is_enabled in option::of(any::<bool>()),
        answer in record(),
        expires_at in option::of(any::<String>()),
    ) {
        runtime().block_on(async {
            let fake = features::test::Fake::new();
            let output = GetRecordOutput::default().with(|output| {
                output.record = answer.clone();
                output.expires_at = expires_at.clone();
            });
            fake.on::<GetRecordInput>().answer(move |_| output.clone());
            let input = GetRecordInput::builder().feature_group_name(group).record_identifier_value_as_string(key);
            let input = input.build().with(|input| {
                input.feature_names = names;
                input.expiration_time_response = is_enabled.map(|is_enabled| match is_enabled {
                    true => ExpirationTimeResponse::Enabled,
                    false => ExpirationTimeResponse::Disabled,
                });
            });
            let got = fake.client().call(input.clone()).await.unwrap();
            prop_assert_eq!((got.record, got.expires_at), (answer, expires_at));
            prop_assert_eq!(shown(&fake.calls::<GetRecordInput>()), shown(&[input]));
            Ok(())
        })?;
    }

    #[test]
    fn records_are_put(
        group in label(),
        record in record(),
        stores in option::of(vec(select(vec![TargetStore::OnlineStore, TargetStore::OfflineStore]), 0..3)),
        ttl in option::of((select(vec![TtlDurationUnit::Seconds, TtlDurationUnit::Weeks]), any::<i32>())),
    ) {
        runtime().block_on(async {
            let fake = features::test::Fake::new();
            fake.on::<PutRecordInput>().answer(|_| PutRecordOutput::default());
            let input = PutRecordInput::builder().feature_group_name(group).record(record).build();
            let input = input.with(|input| {
                input.target_stores = stores;
                input.ttl_duration = ttl.map(|(unit, value)| TtlDuration::builder().unit(unit).value(value).build());
            });
            fake.client().call(input.clone()).await.unwrap();
            prop_assert_eq!(shown(&fake.calls::<PutRecordInput>()), shown(&[input]));
            Ok(())
        })?;
    }
}

// Numbers of all kinds and timestamps: metrics.
proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn metrics_are_put(
        name in any::<String>(),
        data in vec((any::<String>(), -1_000_000_000_000_i64..10_000_000_000_000, option::of(any::<i32>()), NORMAL | ZERO), 0..4),
        errors in vec(option::of(any::<i32>()), 0..3),
    ) {
        runtime().block_on(async {
            let fake = metrics::test::Fake::new();
            let errors = errors.into_iter().map(|index| BatchPutMetricsError::default().with(|error| {
                error.code = Some(PutMetricsErrorCode::ConflictError);
                error.metric_index = index;
            }));
            let errors: Vec<_> = errors.collect();
            let output = BatchPutMetricsOutput::default().with(|output| output.errors = errors.clone());
            fake.on::<BatchPutMetricsInput>().answer(move |_| output.clone());
            let data = data.into_iter().map(|(name, millis, step, value)| {
                let data = RawMetricData::builder().metric_name(name).timestamp(DateTime::from_millis(millis));
                data.value(value).build().with(|data| data.step = step)
            });
            let input = BatchPutMetricsInput::builder().trial_component_name(name);
            let input = input.metric_data(data.collect::<Vec<_>>()).build();
            let got = fake.client().call(input.clone()).await.unwrap();
            prop_assert_eq!(got.errors, errors);
            prop_assert_eq!(shown(&fake.calls::<BatchPutMetricsInput>()), shown(&[input]));
            Ok(())
        })?;
    }

    #[test]
    fn metrics_are_got(
        (name, arn) in (any::<String>(), any::<String>()),
        (start, end) in (option::of(any::<i64>()), option::of(any::<i64>())),
        (x, y) in (vec(any::<i64>(), 0..4), vec(NORMAL | ZERO, 0..4)),
        message in option::of(any::<String>()),
    ) {
        runtime().block_on(async {
            let fake = metrics::test::Fake::new();
            let result = MetricQueryResult::default().with(|result| {
                result.status = MetricQueryResultStatus::Complete;
                result.message = message;
                result.x_axis_values = x;
                result.metric_values = y;
            });
            let output = BatchGetMetricsOutput::default().with(|output| output.metric_query_results = vec![result.clone()]);
            fake.on::<BatchGetMetricsInput>().answer(move |_| output.clone());
            let query = MetricQuery::builder().metric_name(name).resource_arn(arn).metric_stat(MetricStatistic::Min);
            let query = query.period(Period::OneHour).x_axis_type(XAxisType::Timestamp).build();
            let query = query.with(|query| (query.start, query.end) = (start, end));
            let input = BatchGetMetricsInput::builder().metric_queries([query]).build();
            let got = fake.client().call(input.clone()).await.unwrap();
            prop_assert_eq!(got.metric_query_results, [result]);
            prop_assert_eq!(shown(&fake.calls::<BatchGetMetricsInput>()), shown(&[input]));
            Ok(())
        })?;
    }
}
