//! S3: objects, lists of them, and uploads in parts.

use s3::operation::abort_multipart_upload::AbortMultipartUploadInput;
use s3::operation::complete_multipart_upload::CompleteMultipartUploadInput;
use s3::operation::create_multipart_upload::CreateMultipartUploadInput;
use s3::operation::delete_object::DeleteObjectInput;
use s3::operation::get_object::GetObjectInput;
use s3::operation::head_object::HeadObjectInput;
use s3::operation::list_multipart_uploads::ListMultipartUploadsInput;
use s3::operation::list_objects_v2::ListObjectsV2Input;
use s3::operation::list_parts::ListPartsInput;
use s3::operation::put_object::PutObjectInput;
use s3::operation::upload_part::UploadPartInput;
use s3::operation::upload_part_copy::UploadPartCopyInput;
use s3::types::{CompletedMultipartUpload, CompletedPart};
use s3::{DateTime, Error};

use crate::described::Message;
use crate::wire::{failure_in_xml, request, response_in_xml};

/// Midnight of 2026-03-01, and days after it.
fn midnight(day: i64) -> DateTime {
    DateTime::from_secs(1_772_323_200 + day * 86_400)
}

/// Sets the members that several inputs have.
macro_rules! with {
    (checksums, $builder:expr) => {
        $builder
            .checksum_crc32("crc32")
            .checksum_crc32_c("crc32c")
            .checksum_crc64_nvme("crc64nvme")
            .checksum_sha1("sha1")
            .checksum_sha256("sha256")
            .checksum_sha512("sha512")
            .checksum_md5("md5")
            .checksum_xxhash64("xxhash64")
            .checksum_xxhash3("xxhash3")
            .checksum_xxhash128("xxhash128")
    };
    (key, $builder:expr) => {
        $builder
            .sse_customer_algorithm("AES256")
            .sse_customer_key("key")
            .sse_customer_key_md5("digest of the key")
    };
    (caller, $builder:expr) => {
        $builder
            .request_payer("requester")
            .expected_bucket_owner("123456789012")
    };
    (conditions, $builder:expr) => {
        $builder
            .if_match("\"1\"")
            .if_modified_since(midnight(0))
            .if_none_match("\"2\"")
            .if_unmodified_since(midnight(1))
            .range("bytes=0-9")
            .response_cache_control("no-store")
            .response_content_disposition("attachment")
            .response_content_encoding("identity")
            .response_content_language("en")
            .response_content_type("text/plain")
            .response_expires(midnight(2))
            .version_id("v1")
            .part_number(3)
            .checksum_mode("ENABLED")
    };
    (object, $builder:expr) => {
        $builder
            .acl("private")
            .cache_control("max-age=60")
            .content_disposition("inline")
            .content_encoding("gzip")
            .content_language("de")
            .content_type("text/csv")
            .expires(midnight(3))
            .grant_full_control("id=1")
            .grant_read("id=2")
            .grant_read_acp("id=3")
            .grant_write_acp("id=4")
            .metadata([("team", "churn")])
            .server_side_encryption("aws:kms")
            .storage_class("STANDARD_IA")
            .website_redirect_location("/elsewhere")
            .ssekms_key_id("alias/churn")
            .ssekms_encryption_context("e30=")
            .bucket_key_enabled(true)
            .tagging("team=churn&stage=test")
            .object_lock_mode("GOVERNANCE")
            .object_lock_retain_until_date(midnight(4))
            .object_lock_legal_hold_status("ON")
            .object_lock_event_hold("OFF")
            .object_lock_event_hold_duration_days(5)
            .object_lock_event_hold_duration_years(6)
            .checksum_algorithm("CRC32")
    };
}

pub(crate) async fn requests() -> Vec<Message> {
    let part = with!(checksums, CompletedPart::builder().e_tag("\"1\"").part_number(1)).build();
    let parts = CompletedMultipartUpload::builder().parts([part]).build();
    let abort = AbortMultipartUploadInput::builder()
        .bucket("churn")
        .key("a b/c.csv")
        .upload_id("u1");
    let complete = CompleteMultipartUploadInput::builder()
        .bucket("churn")
        .key("k")
        .upload_id("u1");
    let create = CreateMultipartUploadInput::builder().bucket("churn").key("k");
    let delete = DeleteObjectInput::builder().bucket("churn").key("k");
    let get = GetObjectInput::builder().bucket("churn").key("k");
    let head = HeadObjectInput::builder().bucket("churn").key("k");
    let list = ListObjectsV2Input::builder().bucket("churn");
    let list_parts = ListPartsInput::builder().bucket("churn").key("k").upload_id("u1");
    let list_uploads = ListMultipartUploadsInput::builder().bucket("churn");
    let put = PutObjectInput::builder().bucket("churn").key("k").body("42,0,1,3.5");
    let upload = UploadPartInput::builder().bucket("churn").key("k").upload_id("u1");
    let copy = UploadPartCopyInput::builder().bucket("churn").key("k").upload_id("u1");
    vec![
        request(with!(caller, abort).if_match_initiated_time(midnight(0)).build()).await,
        request(
            with!(caller, with!(key, with!(checksums, complete)))
                .multipart_upload(parts)
                .checksum_type("FULL_OBJECT")
                .mpu_object_size(10)
                .if_match("\"1\"")
                .if_none_match("*")
                .build(),
        )
        .await,
        request(
            with!(caller, with!(key, with!(object, create)))
                .checksum_type("COMPOSITE")
                .build(),
        )
        .await,
        request(
            with!(caller, delete)
                .mfa("device 123456")
                .version_id("v1")
                .bypass_governance_retention(true)
                .if_match("\"1\"")
                .if_match_last_modified_time(midnight(0))
                .if_match_size(10)
                .build(),
        )
        .await,
        request(with!(caller, with!(key, with!(conditions, get))).build()).await,
        request(with!(caller, with!(key, with!(conditions, head))).build()).await,
        request(
            with!(caller, list_uploads)
                .delimiter("/")
                .encoding_type("url")
                .key_marker("k")
                .max_uploads(100)
                .prefix("results/")
                .upload_id_marker("u0")
                .build(),
        )
        .await,
        request(
            with!(caller, with!(key, list_parts))
                .max_parts(100)
                .part_number_marker(2)
                .build(),
        )
        .await,
        request(
            with!(caller, list)
                .delimiter("/")
                .encoding_type("url")
                .max_keys(100)
                .prefix("results/")
                .continuation_token("two")
                .fetch_owner(true)
                .start_after("results/1")
                .optional_object_attributes(["RestoreStatus"])
                .build(),
        )
        .await,
        request(
            with!(caller, with!(key, with!(checksums, with!(object, put))))
                .content_length(10)
                .content_md5("md5 of the content")
                .if_match("\"1\"")
                .if_none_match("*")
                .write_offset_bytes(7)
                .build(),
        )
        .await,
        request(
            with!(caller, with!(key, with!(checksums, upload)))
                .part_number(3)
                .body("42,0,1,3.5")
                .content_length(10)
                .content_md5("md5 of the content")
                .checksum_algorithm("CRC32")
                .build(),
        )
        .await,
        request(
            with!(caller, with!(key, copy))
                .part_number(3)
                .copy_source("churn/a%20b.csv")
                .copy_source_if_match("\"1\"")
                .copy_source_if_modified_since(midnight(0))
                .copy_source_if_none_match("\"2\"")
                .copy_source_if_unmodified_since(midnight(1))
                .copy_source_range("bytes=0-9")
                .copy_source_sse_customer_algorithm("AES256")
                .copy_source_sse_customer_key("key of the source")
                .copy_source_sse_customer_key_md5("digest of the key of the source")
                .expected_source_bucket_owner("210987654321")
                .build(),
        )
        .await,
    ]
}

/// The headers of all responses. What a response does not know of is ignored.
const HEADERS: [(&str, &str); 52] = [
    ("accept-ranges", "bytes"),
    ("Cache-Control", "max-age=60"),
    ("Content-Disposition", "inline"),
    ("Content-Encoding", "identity"),
    ("Content-Language", "de"),
    ("Content-Length", "10"),
    ("Content-Range", "bytes 0-9/10"),
    ("Content-Type", "text/csv"),
    ("ETag", "\"1\""),
    ("Expires", "Wed, 04 Mar 2026 00:00:00 GMT"),
    ("Last-Modified", "Sun, 01 Mar 2026 00:00:00 GMT"),
    ("x-amz-abort-date", "Sun, 08 Mar 2026 00:00:00 GMT"),
    ("x-amz-abort-rule-id", "week"),
    ("x-amz-archive-status", "ARCHIVE_ACCESS"),
    ("x-amz-checksum-algorithm", "CRC32"),
    ("x-amz-checksum-crc32", "crc32"),
    ("x-amz-checksum-crc32c", "crc32c"),
    ("x-amz-checksum-crc64nvme", "crc64nvme"),
    ("x-amz-checksum-md5", "md5"),
    ("x-amz-checksum-sha1", "sha1"),
    ("x-amz-checksum-sha256", "sha256"),
    ("x-amz-checksum-sha512", "sha512"),
    ("x-amz-checksum-type", "FULL_OBJECT"),
    ("x-amz-checksum-xxhash128", "xxhash128"),
    ("x-amz-checksum-xxhash3", "xxhash3"),
    ("x-amz-checksum-xxhash64", "xxhash64"),
    ("x-amz-copy-source-version-id", "v0"),
    ("x-amz-delete-marker", "true"),
    (
        "x-amz-expiration",
        "expiry-date=\"Sun, 08 Mar 2026 00:00:00 GMT\", rule-id=\"week\"",
    ),
    ("x-amz-meta-team", "churn"),
    ("x-amz-missing-meta", "1"),
    ("x-amz-mp-parts-count", "2"),
    ("x-amz-object-lock-event-hold", "OFF"),
    ("x-amz-object-lock-event-hold-duration-days", "5"),
    ("x-amz-object-lock-event-hold-duration-years", "6"),
    ("x-amz-object-lock-legal-hold", "ON"),
    ("x-amz-object-lock-mode", "GOVERNANCE"),
    ("x-amz-object-lock-retain-until-date", "2026-03-05T00:00:00Z"),
    ("x-amz-object-size", "17"),
    ("x-amz-replication-status", "COMPLETED"),
    ("x-amz-request-charged", "requester"),
    ("x-amz-restore", "ongoing-request=\"true\""),
    ("x-amz-server-side-encryption", "aws:kms"),
    ("x-amz-server-side-encryption-aws-kms-key-id", "alias/churn"),
    ("x-amz-server-side-encryption-bucket-key-enabled", "true"),
    ("x-amz-server-side-encryption-context", "e30="),
    ("x-amz-server-side-encryption-customer-algorithm", "AES256"),
    ("x-amz-server-side-encryption-customer-key-MD5", "digest of the key"),
    ("x-amz-storage-class", "STANDARD_IA"),
    ("x-amz-tagging-count", "2"),
    ("x-amz-version-id", "v1"),
    ("x-amz-website-redirect-location", "/elsewhere"),
];

const COMPLETED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<CompleteMultipartUploadResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
<Location>https://churn.s3.amazonaws.com/k</Location><Bucket>churn</Bucket><Key>k</Key><ETag>\"1-2\"</ETag>
<ChecksumCRC32>crc32</ChecksumCRC32><ChecksumCRC32C>crc32c</ChecksumCRC32C>
<ChecksumCRC64NVME>crc64nvme</ChecksumCRC64NVME><ChecksumSHA1>sha1</ChecksumSHA1>
<ChecksumSHA256>sha256</ChecksumSHA256><ChecksumSHA512>sha512</ChecksumSHA512><ChecksumMD5>md5</ChecksumMD5>
<ChecksumXXHASH64>xxhash64</ChecksumXXHASH64><ChecksumXXHASH3>xxhash3</ChecksumXXHASH3>
<ChecksumXXHASH128>xxhash128</ChecksumXXHASH128><ChecksumType>FULL_OBJECT</ChecksumType>
</CompleteMultipartUploadResult>";

const CREATED: &str = "<InitiateMultipartUploadResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
<Bucket>churn</Bucket><Key>k</Key><UploadId>u1</UploadId></InitiateMultipartUploadResult>";

const LISTED: &str = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
<Name>churn</Name><Prefix>results/</Prefix><StartAfter>results/1</StartAfter><KeyCount>2</KeyCount>
<MaxKeys>100</MaxKeys><Delimiter>/</Delimiter><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>
<ContinuationToken>two</ContinuationToken><NextContinuationToken>three</NextContinuationToken>
<Contents><Key>results/2</Key><LastModified>2026-03-01T00:00:00.000Z</LastModified><ETag>&quot;1&quot;</ETag>
<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumAlgorithm>SHA256</ChecksumAlgorithm>
<ChecksumType>FULL_OBJECT</ChecksumType><Size>10</Size><StorageClass>STANDARD</StorageClass>
<Owner><DisplayName>churn</DisplayName><ID>1</ID></Owner>
<RestoreStatus><IsRestoreInProgress>false</IsRestoreInProgress>
<RestoreExpiryDate>2026-03-08T00:00:00.000Z</RestoreExpiryDate></RestoreStatus></Contents>
<CommonPrefixes><Prefix>results/old/</Prefix></CommonPrefixes></ListBucketResult>";

const UPLOADS: &str = "<ListMultipartUploadsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
<Bucket>churn</Bucket><KeyMarker>k</KeyMarker><UploadIdMarker>u0</UploadIdMarker><NextKeyMarker>l</NextKeyMarker>
<NextUploadIdMarker>u2</NextUploadIdMarker><Prefix>results/</Prefix><Delimiter>/</Delimiter><EncodingType>url</EncodingType>
<MaxUploads>100</MaxUploads><IsTruncated>true</IsTruncated>
<Upload><UploadId>u1</UploadId><Key>k</Key><Initiated>2026-03-01T00:00:00.000Z</Initiated>
<StorageClass>STANDARD</StorageClass><Owner><DisplayName>churn</DisplayName><ID>1</ID></Owner>
<Initiator><ID>2</ID><DisplayName>training</DisplayName></Initiator>
<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><VersionId>v1</VersionId></Upload>
<CommonPrefixes><Prefix>results/old/</Prefix></CommonPrefixes></ListMultipartUploadsResult>";

const PARTS: &str = "<ListPartsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
<Bucket>churn</Bucket><Key>k</Key><UploadId>u1</UploadId><PartNumberMarker>2</PartNumberMarker>
<NextPartNumberMarker>4</NextPartNumberMarker><MaxParts>100</MaxParts><IsTruncated>true</IsTruncated>
<Part><PartNumber>3</PartNumber><LastModified>2026-03-01T00:00:00.000Z</LastModified><ETag>&quot;1&quot;</ETag><Size>10</Size>
<ChecksumCRC32>crc32</ChecksumCRC32><ChecksumCRC32C>crc32c</ChecksumCRC32C>
<ChecksumCRC64NVME>crc64nvme</ChecksumCRC64NVME><ChecksumSHA1>sha1</ChecksumSHA1>
<ChecksumSHA256>sha256</ChecksumSHA256><ChecksumSHA512>sha512</ChecksumSHA512><ChecksumMD5>md5</ChecksumMD5>
<ChecksumXXHASH64>xxhash64</ChecksumXXHASH64><ChecksumXXHASH3>xxhash3</ChecksumXXHASH3>
<ChecksumXXHASH128>xxhash128</ChecksumXXHASH128></Part>
<Initiator><ID>2</ID><DisplayName>training</DisplayName></Initiator>
<Owner><DisplayName>churn</DisplayName><ID>1</ID></Owner><StorageClass>STANDARD</StorageClass>
<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType><VersionId>v1</VersionId></ListPartsResult>";

const COPIED: &str = "<CopyPartResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">
<LastModified>2026-03-01T00:00:00.000Z</LastModified><ETag>&quot;1&quot;</ETag>
<ChecksumCRC32>crc32</ChecksumCRC32><ChecksumCRC32C>crc32c</ChecksumCRC32C>
<ChecksumCRC64NVME>crc64nvme</ChecksumCRC64NVME><ChecksumSHA1>sha1</ChecksumSHA1>
<ChecksumSHA256>sha256</ChecksumSHA256><ChecksumSHA512>sha512</ChecksumSHA512><ChecksumMD5>md5</ChecksumMD5>
<ChecksumXXHASH64>xxhash64</ChecksumXXHASH64><ChecksumXXHASH3>xxhash3</ChecksumXXHASH3>
<ChecksumXXHASH128>xxhash128</ChecksumXXHASH128></CopyPartResult>";

pub(crate) async fn responses() -> Vec<Message> {
    vec![
        response_in_xml::<AbortMultipartUploadInput>(&HEADERS, "").await,
        response_in_xml::<CompleteMultipartUploadInput>(&HEADERS, COMPLETED).await,
        response_in_xml::<CreateMultipartUploadInput>(&HEADERS, CREATED).await,
        response_in_xml::<DeleteObjectInput>(&HEADERS, "").await,
        response_in_xml::<GetObjectInput>(&HEADERS, "42,0,1,3.5").await,
        response_in_xml::<HeadObjectInput>(&HEADERS, "").await,
        response_in_xml::<ListMultipartUploadsInput>(&HEADERS, UPLOADS).await,
        response_in_xml::<ListObjectsV2Input>(&HEADERS, LISTED).await,
        response_in_xml::<ListPartsInput>(&HEADERS, PARTS).await,
        response_in_xml::<PutObjectInput>(&HEADERS, "").await,
        response_in_xml::<UploadPartInput>(&HEADERS, "").await,
        response_in_xml::<UploadPartCopyInput>(&HEADERS, COPIED).await,
    ]
}

/// The errors of the service, with their statuses.
const ERRORS: [(&str, u16); 8] = [
    ("EncryptionTypeMismatch", 400),
    ("InvalidObjectState", 403),
    ("InvalidRequest", 400),
    ("InvalidWriteOffset", 400),
    ("NoSuchBucket", 404),
    ("NoSuchKey", 404),
    ("NoSuchUpload", 404),
    ("TooManyParts", 400),
];

pub(crate) async fn errors() -> Vec<Message> {
    let mut messages = Vec::new();
    for (owner, status) in ERRORS {
        let body = format!(
            "<Error><Code>{owner}</Code><Message>m</Message><StorageClass>GLACIER</StorageClass>\
             <AccessTier>ARCHIVE_ACCESS</AccessTier><RequestId>1f2e</RequestId></Error>"
        );
        let error = Error::from(failure_in_xml::<GetObjectInput>(status, &body).await);
        let fields = error.service_error().unwrap_or_else(|| panic!("{error}"));
        assert!(
            !format!("{fields:?}").contains("None"),
            "a member is not read: {fields:?}"
        );
        assert_eq!((error.code(), error.message()), (Some(owner), Some("m")));
        messages.push(Message {
            service: "s3",
            owner,
            text: format!("{status}\n\n{body}"),
        });
    }
    messages
}
