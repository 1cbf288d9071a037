//! SageMaker Feature Store Runtime.

use sagemaker_featurestore_runtime::Error;
use sagemaker_featurestore_runtime::operation::batch_get_record::BatchGetRecordInput;
use sagemaker_featurestore_runtime::operation::batch_write_record::BatchWriteRecordInput;
use sagemaker_featurestore_runtime::operation::delete_record::DeleteRecordInput;
use sagemaker_featurestore_runtime::operation::get_record::GetRecordInput;
use sagemaker_featurestore_runtime::operation::list_records::ListRecordsInput;
use sagemaker_featurestore_runtime::operation::put_record::PutRecordInput;
use sagemaker_featurestore_runtime::operation::update_record::UpdateRecordInput;
use sagemaker_featurestore_runtime::types::{
    BatchGetRecordIdentifier, BatchWriteRecordEntry, FeatureValue, TtlDuration,
};
use serde_json::{Value, json};

use crate::described::Message;
use crate::wire::{failure, request, response};

fn record() -> [FeatureValue; 2] {
    [
        FeatureValue::builder().feature_name("id").value_as_string("42").build(),
        FeatureValue::builder()
            .feature_name("clicks")
            .value_as_string_list(["1", "0.5"])
            .build(),
    ]
}

fn ttl() -> TtlDuration {
    TtlDuration::builder().unit("Days").value(30).build()
}

pub(crate) async fn requests() -> Vec<Message> {
    let identifier = BatchGetRecordIdentifier::builder()
        .feature_group_name("customers")
        .record_identifiers_value_as_string(["42", "43"])
        .feature_names(["id", "clicks"])
        .build();
    let entry = BatchWriteRecordEntry::builder()
        .feature_group_name("customers")
        .record(record())
        .target_stores(["OnlineStore", "OfflineStore"])
        .ttl_duration(ttl())
        .build();
    vec![
        request(
            BatchGetRecordInput::builder()
                .identifiers([identifier])
                .expiration_time_response("Enabled")
                .build(),
        )
        .await,
        request(
            BatchWriteRecordInput::builder()
                .entries([entry])
                .ttl_duration(ttl())
                .build(),
        )
        .await,
        request(
            DeleteRecordInput::builder()
                .feature_group_name("arn:aws:sagemaker:eu-west-1:123456789012:feature-group/customers")
                .record_identifier_value_as_string("a b/c&d")
                .event_time("2026-03-01T12:30:00Z")
                .target_stores(["OnlineStore", "OfflineStore"])
                .deletion_mode("HardDelete")
                .build(),
        )
        .await,
        request(
            GetRecordInput::builder()
                .feature_group_name("customers")
                .record_identifier_value_as_string("42")
                .feature_names(["id", "clicks"])
                .expiration_time_response("Enabled")
                .build(),
        )
        .await,
        request(
            ListRecordsInput::builder()
                .feature_group_name("customers")
                .max_results(100)
                .next_token("two")
                .include_soft_deleted_records(true)
                .build(),
        )
        .await,
        request(
            PutRecordInput::builder()
                .feature_group_name("customers")
                .record(record())
                .target_stores(["OnlineStore"])
                .ttl_duration(ttl())
                .build(),
        )
        .await,
        request(
            UpdateRecordInput::builder()
                .feature_group_name("customers")
                .record_identifier_value_as_string("42")
                .features(record())
                .target_stores(["OnlineStore"])
                .ttl_duration(ttl())
                .build(),
        )
        .await,
    ]
}

pub(crate) async fn responses() -> Vec<Message> {
    let record = || {
        json!([
            { "FeatureName": "id", "ValueAsString": "42", "ValueAsStringList": ["4", "2"] },
        ])
    };
    let identifiers = json!({
        "FeatureGroupName": "customers",
        "RecordIdentifiersValueAsString": ["44"],
        "FeatureNames": ["id"],
    });
    let entry = || {
        json!({
            "FeatureGroupName": "customers",
            "Record": record(),
            "TargetStores": ["OnlineStore"],
            "TtlDuration": { "Unit": "Days", "Value": 30 },
        })
    };
    vec![
        response::<BatchGetRecordInput>(json!({
            "Records": [{
                "FeatureGroupName": "customers",
                "RecordIdentifierValueAsString": "42",
                "Record": record(),
                "ExpiresAt": "2026-03-31T12:30:00Z",
            }],
            "Errors": [{
                "FeatureGroupName": "customers",
                "RecordIdentifierValueAsString": "43",
                "ErrorCode": "InternalFailure",
                "ErrorMessage": "later",
            }],
            "UnprocessedIdentifiers": [identifiers],
        }))
        .await,
        response::<BatchWriteRecordInput>(json!({
            "Errors": [{ "Entry": entry(), "ErrorCode": "ValidationError", "ErrorMessage": "no event time" }],
            "UnprocessedEntries": [entry()],
        }))
        .await,
        response::<DeleteRecordInput>(json!({})).await,
        response::<GetRecordInput>(json!({ "Record": record(), "ExpiresAt": "2026-03-31T12:30:00Z" })).await,
        response::<ListRecordsInput>(json!({ "RecordIdentifiers": ["42", "43"], "NextToken": "three" })).await,
        response::<PutRecordInput>(json!({})).await,
        response::<UpdateRecordInput>(json!({})).await,
    ]
}

/// The errors of the service, with their statuses.
const ERRORS: [(&str, u16); 6] = [
    ("AccessForbidden", 403),
    ("ConflictException", 409),
    ("InternalFailure", 500),
    ("ResourceNotFound", 404),
    ("ServiceUnavailable", 503),
    ("ValidationError", 400),
];

pub(crate) async fn errors() -> Vec<Message> {
    let body: Value = json!({ "Message": "m" });
    let mut messages = Vec::new();
    for (owner, status) in ERRORS {
        let error = Error::from(failure::<UpdateRecordInput>(status, owner, &body).await);
        let fields = error.service_error().unwrap_or_else(|| panic!("{error}"));
        assert_eq!(fields.message(), Some("m"), "{owner}");
        assert_eq!(error.code(), Some(owner));
        messages.push(Message {
            service: "sagemaker-featurestore-runtime",
            owner,
            text: format!("{status}\n\n{body}"),
        });
    }
    messages
}
