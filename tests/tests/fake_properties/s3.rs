//! XML, headers and labels in the host or the path: Amazon S3.

use proptest::collection::{hash_map, vec};
use proptest::option;
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, proptest};
use proptest::sample::select;
use s3::operation::complete_multipart_upload::{CompleteMultipartUploadInput, CompleteMultipartUploadOutput};
use s3::operation::get_object::{GetObjectInput, GetObjectOutput};
use s3::operation::head_object::{HeadObjectInput, HeadObjectOutput};
use s3::operation::list_objects_v2::{ListObjectsV2Input, ListObjectsV2Output};
use s3::operation::put_object::{PutObjectInput, PutObjectOutput};
use s3::operation::upload_part::{UploadPartInput, UploadPartOutput};
use s3::test::{Fake, FakeServer, With};
use s3::types::error::NoSuchKey;
use s3::types::{
    ChecksumAlgorithm, ChecksumMode, CommonPrefix, CompletedMultipartUpload, CompletedPart, Object, ObjectStorageClass,
    OptionalObjectAttributes, Owner, RestoreStatus, StorageClass,
};
use s3::{Body, DateTime, ServiceError};

use super::{runtime, shown, text};

/// What XML can hold.
fn xml_text() -> impl Strategy<Value = String> {
    "[\t\n\r -~\u{85}\u{e9}\u{4eac}\u{1f980}]{0,12}"
}

fn key() -> impl Strategy<Value = String> {
    "[a-z/%+ \u{4eac}]{0,8}[a-z]"
}

fn bucket() -> impl Strategy<Value = String> {
    select(vec!["jars", "jars-2026", "my.jars", "s3"]).prop_map(str::to_owned)
}

fn time() -> impl Strategy<Value = DateTime> {
    (0_i64..4_000_000_000).prop_map(DateTime::from_secs)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn objects_are_put(
        (bucket, key, content) in (bucket(), key(), vec(any::<u8>(), 0..40)),
        texts in vec(text(), 4),
        metadata in option::of(hash_map("[a-z0-9-]{1,6}", "[!-~]([ -~]{0,6}[!-~])?", 1..3)),
        class in option::of(select(vec![StorageClass::Glacier, StorageClass::Standard])),
        until in option::of(time()),
    ) {
        runtime().block_on(async {
            let fake = Fake::new();
            let tag = texts[0].clone();
            fake.on::<PutObjectInput>().answer(move |_| PutObjectOutput::default().with(|output| output.e_tag = tag.clone()));
            let input = PutObjectInput::builder().bucket(bucket).key(key).body(content.clone()).build();
            let input = input.with(|input| {
                input.content_encoding = texts[0].clone().filter(|text| !text.ends_with("aws-chunked"));
                input.content_type = texts[1].clone();
                input.cache_control = texts[2].clone();
                input.tagging = texts[3].clone();
                input.metadata = metadata;
                input.storage_class = class;
                input.object_lock_retain_until_date = until;
                // What the client would add.
                input.content_length = i64::try_from(content.len()).ok();
                input.checksum_crc32 = Some("AAAAAA==".to_owned());
            });
            let output = fake.client().call(input.clone()).await.unwrap();
            prop_assert_eq!(&output.e_tag, &texts[0]);
            let read = fake.calls::<PutObjectInput>().remove(0);
            prop_assert_eq!(&read.metadata, &input.metadata);
            // Neither a payload nor the order of a map shows what it is.
            let others = |input: PutObjectInput| shown(&input.with(|input| (input.body, input.metadata) = (None, None)));
            prop_assert_eq!(others(read), others(input));
            let requests = fake.requests();
            prop_assert_eq!(requests[0].body(), &content);
            Ok(())
        })?;
    }

    #[test]
    fn objects_are_got(
        (bucket, key, content) in (bucket(), key(), vec(any::<u8>(), 0..40)),
        texts in vec(text(), 5),
        metadata in hash_map("[a-z0-9-]{1,6}", "[!-~]([ -~]{0,6}[!-~])?", 0..3),
        modified in option::of(time()),
        part in option::of(any::<i32>()),
    ) {
        runtime().block_on(async {
            let fake = Fake::new();
            let given = (texts.clone(), metadata.clone(), content.clone());
            fake.on::<GetObjectInput>().answer(move |_| {
                let (texts, metadata, content) = given.clone();
                GetObjectOutput::of(content).with(|output| {
                    output.content_type = texts[0].clone();
                    output.e_tag = texts[1].clone();
                    output.last_modified = modified;
                    output.metadata = metadata;
                    output.parts_count = part;
                })
            });
            let input = GetObjectInput::builder().bucket(bucket).key(key).build().with(|input| {
                input.range = texts[2].clone();
                input.version_id = texts[3].clone();
                input.response_content_type = texts[4].clone();
                input.if_modified_since = modified;
                input.part_number = part;
                input.checksum_mode = Some(ChecksumMode::Enabled);
            });
            let output = fake.client().call(input.clone()).await.unwrap();
            prop_assert_eq!((&output.content_type, &output.e_tag), (&texts[0], &texts[1]));
            prop_assert_eq!((output.last_modified, output.metadata, output.parts_count), (modified, metadata, part));
            prop_assert_eq!(output.body.bytes().await.unwrap(), content);
            prop_assert_eq!(shown(&fake.calls::<GetObjectInput>()), shown(&[input]));
            Ok(())
        })?;
    }

    #[test]
    fn objects_are_listed(
        (bucket, prefix, delimiter) in (bucket(), option::of(any::<String>()), option::of(any::<String>())),
        (owners, most) in (option::of(any::<bool>()), option::of(any::<i32>())),
        attributes in option::of(vec(select(vec![OptionalObjectAttributes::RestoreStatus]), 1..3)),
        objects in vec((option::of(xml_text()), option::of(time()), option::of(any::<i64>()), option::of(xml_text())), 0..4),
        prefixes in vec(option::of(xml_text()), 0..3),
    ) {
        runtime().block_on(async {
            let objects = objects.into_iter().map(|(key, modified, size, owner)| Object::default().with(|object| {
                object.key = key;
                object.last_modified = modified;
                object.size = size;
                object.checksum_algorithm = size.iter().flat_map(|_| [ChecksumAlgorithm::Crc32, ChecksumAlgorithm::Sha1]).collect();
                object.storage_class = modified.map(|_| ObjectStorageClass::DeepArchive);
                object.owner = owner.map(|name| Owner::default().with(|owner| owner.display_name = Some(name)));
                object.restore_status = modified.map(|time| RestoreStatus::default().with(|status| {
                    status.is_restore_in_progress = Some(true);
                    status.restore_expiry_date = Some(time);
                }));
            }));
            let expected = ListObjectsV2Output::default().with(|output| {
                output.contents = objects.collect();
                output.is_truncated = owners;
                output.prefix = prefixes.first().cloned().flatten();
                output.common_prefixes = prefixes.into_iter().map(|text| CommonPrefix::default().with(|prefix| prefix.prefix = text)).collect();
                output.key_count = most;
            });
            let fake = Fake::new();
            let output = expected.clone();
            fake.on::<ListObjectsV2Input>().answer(move |_| output.clone());
            let input = ListObjectsV2Input::builder().bucket(bucket).build().with(|input| {
                input.prefix = prefix;
                input.delimiter = delimiter;
                input.fetch_owner = owners;
                input.max_keys = most;
                input.optional_object_attributes = attributes;
            });
            let got = fake.client().call(input.clone()).await.unwrap();
            let metadata = got.response_metadata.clone();
            prop_assert_eq!(got, expected.with(|output| output.response_metadata = metadata));
            prop_assert_eq!(shown(&fake.calls::<ListObjectsV2Input>()), shown(&[input]));
            Ok(())
        })?;
    }

    #[test]
    fn uploads_are_completed(
        (key, upload, location) in (key(), any::<String>(), option::of(xml_text())),
        parts in option::of(option::of(vec((option::of(xml_text()), option::of(any::<i32>())), 1..4))),
    ) {
        runtime().block_on(async {
            let fake = Fake::new();
            let answer = location.clone();
            fake.on::<CompleteMultipartUploadInput>().answer(move |_| {
                CompleteMultipartUploadOutput::default().with(|output| output.location = answer.clone())
            });
            let parts = parts.map(|parts| CompletedMultipartUpload::default().with(|upload| {
                upload.parts = parts.map(|parts| parts.into_iter().map(|(tag, number)| CompletedPart::default().with(|part| {
                    part.e_tag = tag;
                    part.part_number = number;
                })).collect());
            }));
            let input = CompleteMultipartUploadInput::builder().bucket("jars").key(key).upload_id(upload).build();
            let input = input.with(|input| input.multipart_upload = parts);
            let output = fake.client().call(input.clone()).await.unwrap();
            prop_assert_eq!(output.location, location);
            prop_assert_eq!(shown(&fake.calls::<CompleteMultipartUploadInput>()), shown(&[input]));
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn an_answer_to_head_has_no_body() {
    let fake = Fake::new();
    fake.on::<HeadObjectInput>()
        .fail_with(404, "NoSuchKey", "gone")
        .answer(|_| HeadObjectOutput::default().with(|output| output.content_length = Some(7)));
    let server = FakeServer::start(fake).await.unwrap();
    let head = async || server.client().head_object().bucket("jars").key("a").send().await;
    assert_eq!(head().await.unwrap_err().code(), Some("NotFound"));
    assert_eq!(head().await.unwrap().content_length, Some(7));
    assert_eq!(server.fake().calls::<HeadObjectInput>()[1].bucket, "jars");
}

#[tokio::test]
async fn errors_come_as_s3_writes_them_even_with_a_status_of_success() {
    let fake = Fake::new();
    fake.on::<GetObjectInput>().fail(NoSuchKey::default());
    fake.on::<CompleteMultipartUploadInput>()
        .fail_with(200, "InvalidPart", "no part 2");
    let client = fake.client();
    let error = client.get_object().bucket("jars").key("a").send().await.unwrap_err();
    assert!(
        matches!(error.service_error(), Some(ServiceError::NoSuchKey(_))),
        "{error}"
    );
    assert_eq!((error.code(), error.request_id()), (Some("NoSuchKey"), Some("fake-1")));
    let call = client
        .complete_multipart_upload()
        .bucket("jars")
        .key("a")
        .upload_id("u");
    let error = call.send().await.unwrap_err();
    assert_eq!(
        (error.code(), error.message()),
        (Some("InvalidPart"), Some("no part 2"))
    );
}

/// One operation differs from another in what it requires alone, and a stream is sent in chunks.
#[tokio::test]
async fn parts_of_an_object_are_not_objects() {
    let fake = Fake::new();
    fake.on::<UploadPartInput>().answer(|_| UploadPartOutput::default());
    fake.on::<PutObjectInput>().answer(|_| PutObjectOutput::default());
    let client = fake.client();
    let call = client
        .upload_part()
        .bucket("jars")
        .key("a")
        .upload_id("u")
        .part_number(2);
    call.body("part").send().await.unwrap();
    let stream = Body::from_http_body(http_body_util::Full::new(bytes::Bytes::from("whole")));
    client
        .put_object()
        .bucket("jars")
        .key("a")
        .body(stream)
        .send()
        .await
        .unwrap();
    assert_eq!(fake.calls::<UploadPartInput>()[0].part_number, 2);
    let input = &fake.calls::<PutObjectInput>()[0];
    // As the service sees it: the client adds the checksum.
    assert_eq!(input.checksum_algorithm, Some(ChecksumAlgorithm::Crc32));
    assert!(input.checksum_crc32.is_some() && input.content_encoding.is_none());
    assert_eq!(fake.requests()[1].body(), "whole");
}
