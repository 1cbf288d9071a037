//! What travels for the types of the type course, in each place that the protocol has for them: requests that are
//! written and responses that are parsed, through the public API and without a network.

// The compiler has to warn of what is deprecated, and of nothing else.
#![deny(warnings)]

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use aws_smithy_types::DateTime;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use serde_json::{Value, json};
use tower_service::Service;
use type_course::operation::blob_payload::BlobPayloadInput;
use type_course::operation::bodies::BodiesInput;
use type_course::operation::body_token::BodyTokenInput;
use type_course::operation::checksum::ChecksumInput;
use type_course::operation::checksum_of_gzip::ChecksumOfGzipInput;
use type_course::operation::document_payload::DocumentPayloadInput;
use type_course::operation::enum_payload::EnumPayloadInput;
use type_course::operation::events::EventsInput;
use type_course::operation::gzip::GzipInput;
use type_course::operation::header_token::HeaderTokenInput;
use type_course::operation::headers::HeadersInput;
use type_course::operation::hosted::HostedInput;
use type_course::operation::labels::LabelsInput;
use type_course::operation::names::NamesInput;
use type_course::operation::no_auth::NoAuthInput;
use type_course::operation::old::OldInput;
use type_course::operation::only_received::OnlyReceivedInput;
use type_course::operation::optional_body::OptionalBodyInput;
use type_course::operation::query::QueryInput;
use type_course::operation::query_token::QueryTokenInput;
use type_course::operation::required_body::RequiredBodyInput;
use type_course::operation::required_events::RequiredEventsInput;
use type_course::operation::required_headers::RequiredHeadersInput;
use type_course::operation::required_query::RequiredQueryInput;
use type_course::operation::required_union_payload::RequiredUnionPayloadInput;
use type_course::operation::secrets::SecretsInput;
use type_course::operation::status::StatusInput;
use type_course::operation::structure_payload::StructurePayloadInput;
use type_course::operation::text_payload::TextPayloadInput;
use type_course::operation::union_payload::UnionPayloadInput;
use type_course::operation::unsigned_length::UnsignedLengthInput;
use type_course::operation::unsigned_payload::UnsignedPayloadInput;
use type_course::types::{
    Colour, Events, JobState, Link, Node, OldUnion, PartlySecret, Rule, SecretStructure, SecretUnion, SecretValues,
    Tree, Values, Variants,
};
use type_course::{Auth, Body, ByteStream, Client, Endpoint, Operation, RequestSettings, ServiceError};

const DATE: &str = "Mon, 16 Dec 2019 23:48:18 GMT";

/// 2019-12-16T23:48:18.123Z
fn time() -> DateTime {
    DateTime::from_millis(1_576_540_098_123)
}

fn request(input: impl Operation) -> Request<Body> {
    let endpoint = Endpoint::new("https://example.com").unwrap();
    input.into_request(&endpoint).unwrap()
}

async fn bytes_of(request: Request<Body>) -> Bytes {
    request.into_body().collect().await.unwrap().to_bytes()
}

async fn json_of(input: impl Operation) -> Value {
    serde_json::from_slice(&bytes_of(request(input)).await).unwrap()
}

fn headers_of(input: impl Operation) -> BTreeMap<String, String> {
    let request = request(input);
    let headers = request.headers().iter();
    headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

fn query_of(input: impl Operation) -> Vec<String> {
    let request = request(input);
    request
        .uri()
        .query()
        .unwrap_or_default()
        .split('&')
        .map(str::to_owned)
        .collect()
}

fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Response<ByteStream> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(ByteStream::from(body.into())).unwrap()
}

async fn parse<I: Operation>(headers: &[(&str, &str)], body: impl ToString) -> I::Output {
    I::parse_response(reply(200, headers, body.to_string())).await.unwrap()
}

#[tokio::test]
async fn json_of_all_types_both_ways() {
    let tree = || Tree::builder().name("leaf").build();
    let input = OptionalBodyInput::builder()
        .text("t\"\n")
        .flag(true)
        .tiny(-128)
        .small(-1)
        .int(i32::MAX)
        .large(i64::MIN)
        .single(1.5)
        .wide(f64::INFINITY)
        .data(&b"\0\xff"[..])
        .letter("x")
        .colour(Colour::DarkGreen)
        .any(json!({"a": [1, null]}))
        .texts(["a", "b"])
        .colours(["red", "blue"])
        .flags([true, false])
        .ints([1, 2])
        .blobs([&b"a"[..], &b""[..]])
        .documents([json!(1), json!("x")])
        .text_map([("k", "v")])
        .colour_map([("red", vec![Colour::Red, Colour::from("teal")])])
        .deep([HashMap::from([(Colour::Red, vec![None, Some(vec![time()])])])])
        .sparse([Some("a".to_owned()), None])
        .sparse_map([("red", Some(1)), ("teal", None)])
        .sparse_trees([None, Some(tree())])
        .sparse_colours([("a", None), ("b", Some(Colour::Red))])
        .sparse_documents([Some(json!({})), None])
        .tree(
            Tree::builder()
                .name("root")
                .left(tree())
                .children([tree()])
                .by_name([("k", tree())])
                .rule(Rule::Not(Box::new(Rule::All(vec![Rule::Always]))))
                .link(Link::End)
                .build(),
        )
        .rule(Rule::Tree(Box::new(tree())))
        .node(
            Node::builder()
                .next(Link::Node(Box::new(Node::builder().next(Link::End).build())))
                .build(),
        )
        .link(Link::End)
        .build();
    let expected = json!({
        "Text": "t\"\n",
        "Flag": true,
        "Tiny": -128,
        "Small": -1,
        "Int": 2_147_483_647,
        "Large": i64::MIN,
        "Single": 1.5,
        "Wide": "Infinity",
        "Data": "AP8=",
        "Letter": "x",
        "Colour": "dark green",
        "Any": {"a": [1, null]},
        "Texts": ["a", "b"],
        "Colours": ["red", "blue"],
        "Flags": [true, false],
        "Ints": [1, 2],
        "Blobs": ["YQ==", ""],
        "Documents": [1, "x"],
        "TextMap": {"k": "v"},
        "ColourMap": {"red": ["red", "teal"]},
        "Deep": [{"red": [null, ["2019-12-16T23:48:18.123Z"]]}],
        "Sparse": ["a", null],
        "SparseMap": {"red": 1, "teal": null},
        "SparseTrees": [null, {"Name": "leaf"}],
        "SparseColours": {"a": null, "b": "red"},
        "SparseDocuments": [{}, null],
        "Tree": {
            "Name": "root",
            "Left": {"Name": "leaf"},
            "Children": [{"Name": "leaf"}],
            "ByName": {"k": {"Name": "leaf"}},
            "Rule": {"Not": {"All": [{"Always": {}}]}},
            "Link": {"End": {}},
        },
        "Rule": {"Tree": {"Name": "leaf"}},
        "Node": {"Next": {"Node": {"Next": {"End": {}}}}},
        "Link": {"End": {}},
    });
    assert_eq!(json_of(input.clone()).await, expected);

    let output = parse::<OptionalBodyInput>(&[], expected).await;
    assert_eq!(output.text, input.text);
    assert_eq!(
        (output.tiny, output.large, output.wide),
        (input.tiny, input.large, input.wide)
    );
    assert_eq!(
        (output.data, output.any, output.colours),
        (input.data, input.any, input.colours)
    );
    assert_eq!((output.blobs, output.documents), (input.blobs, input.documents));
    assert_eq!((output.colour_map, output.deep), (input.colour_map, input.deep));
    assert_eq!((output.sparse, output.sparse_map), (input.sparse, input.sparse_map));
    assert_eq!(
        (output.sparse_trees, output.sparse_colours),
        (input.sparse_trees, input.sparse_colours)
    );
    assert_eq!(output.sparse_documents, input.sparse_documents);
    assert_eq!((output.tree, output.rule), (input.tree, input.rule));
    assert_eq!((output.node, output.link), (input.node, input.link));
}

#[tokio::test]
async fn times_in_json_are_written_as_described_and_read_in_any_form() {
    let input = OptionalBodyInput::builder()
        .time(time())
        .time_text(time())
        .time_http(time())
        .time_epoch(time())
        .time_own(time())
        .times([time()])
        .time_texts([time()])
        .time_https([time()])
        .time_map([("k", time())])
        .sparse_times([Some(time()), None])
        .build();
    let seconds = 1_576_540_098.123;
    let text = "2019-12-16T23:48:18.123Z";
    let expected = json!({
        "Time": seconds,
        "TimeText": text,
        "TimeHttp": DATE,
        "TimeEpoch": seconds,
        "TimeOwn": seconds,
        "Times": [seconds],
        "TimeTexts": [text],
        "TimeHttps": [DATE],
        "TimeMap": {"k": DATE},
        "SparseTimes": [text, null],
    });
    assert_eq!(json_of(input).await, expected);

    let output = parse::<OptionalBodyInput>(&[], json!({"Time": text, "TimeText": seconds, "Times": [DATE]})).await;
    assert_eq!((output.time, output.time_text), (Some(time()), Some(time())));
    assert_eq!(output.times, Some(vec![DateTime::from_secs(1_576_540_098)]));
}

#[tokio::test]
async fn required_members_that_a_response_lacks_are_zero() {
    let output = parse::<RequiredBodyInput>(&[], r#"{"Text": null, "Unknown": [{}]}"#).await;
    assert_eq!((output.text.as_str(), output.int, output.flag), ("", 0, false));
    assert_eq!((output.time, output.colour.as_str()), (DateTime::from_secs(0), ""));
    assert_eq!((output.any, output.tree.name.as_str()), (Value::Null, ""));
    assert!(matches!(output.rule, Rule::Unknown(ref member) if member.name().is_empty()));
    assert!(matches!(*output.node.next, Link::Unknown(_)));
    let output = parse::<OnlyReceivedInput>(&[], "{}").await;
    assert_eq!((output.only.inner.text.as_str(), output.only.maybe), ("", None));
    assert!(output.list.is_empty());
}

#[tokio::test]
async fn what_is_not_known_is_kept() {
    let body = json!({"Optionals": {"Colour": "teal", "Rule": {"Later": [1]}}});
    let output = parse::<BodiesInput>(&[], &body).await;
    let input = BodiesInput::builder()
        .optionals(output.optionals.clone().unwrap())
        .build();
    assert_eq!(json_of(input).await, body);
    let optionals = output.optionals.unwrap();
    assert_eq!(optionals.colour, Some(Colour::from("teal")));
    assert!(matches!(optionals.rule, Some(Rule::Unknown(member)) if member.name() == "Later"));
}

#[tokio::test]
async fn headers_both_ways() {
    let input = HeadersInput::builder()
        .text("a, \"b\"")
        .flag(false)
        .tiny(-1)
        .large(7)
        .single(0.5)
        .wide(f64::NAN)
        .colour(Colour::DarkGreen)
        .time(time())
        .time_text(time())
        .time_epoch(time())
        .time_own(time())
        .times([time(), time()])
        .time_texts([time()])
        .texts(["a", "b,c", "d\"e"])
        .colours([Colour::Red, Colour::from("x,y")])
        .flags([true, false])
        .ints([1, -1])
        .json(r#"{"a":"ö"}"#)
        .meta([("One", "1"), ("two", "2")])
        .build();
    let headers = headers_of(input.clone());
    let expected = [
        ("x-text", "a, \"b\""),
        ("x-flag", "false"),
        ("x-tiny", "-1"),
        ("x-large", "7"),
        ("x-single", "0.5"),
        ("x-wide", "NaN"),
        ("x-colour", "dark green"),
        ("x-time", DATE),
        ("x-timetext", "2019-12-16T23:48:18.123Z"),
        ("x-timeepoch", "1576540098.123"),
        ("x-timeown", "1576540098.123"),
        ("x-times", &format!("{DATE}, {DATE}")),
        ("x-timetexts", "2019-12-16T23:48:18.123Z"),
        ("x-texts", r#"a, "b,c", "d\"e""#),
        ("x-colours", r#"red, "x,y""#),
        ("x-flags", "true, false"),
        ("x-ints", "1, -1"),
        ("x-json", "eyJhIjoiw7YifQ=="),
        ("x-meta-one", "1"),
        ("x-meta-two", "2"),
    ];
    for (name, value) in expected {
        assert_eq!(headers.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(headers.len(), expected.len(), "{headers:?}");

    let output = parse::<HeadersInput>(&expected, "").await;
    assert_eq!(
        (output.text, output.flag, output.tiny),
        (input.text, input.flag, input.tiny)
    );
    assert_eq!((output.texts, output.colours), (input.texts, input.colours));
    assert_eq!(
        (output.flags, output.ints, output.json),
        (input.flags, input.ints, input.json)
    );
    let second = DateTime::from_secs(time().secs());
    assert_eq!((output.time, output.time_text), (Some(second), Some(time())));
    assert_eq!(
        (output.time_epoch, output.times),
        (Some(time()), Some(vec![second, second]))
    );
    let meta = [("one", "1"), ("two", "2")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(output.meta, Some(HashMap::from(meta)));

    let output = parse::<RequiredHeadersInput>(&[("x-meta-red", "dark green")], "").await;
    assert_eq!(output.meta, HashMap::from([(Colour::Red, Colour::DarkGreen)]));
    assert_eq!((output.time, output.texts), (DateTime::from_secs(0), Vec::new()));
}

#[test]
fn queries() {
    let input = QueryInput::builder()
        .text("a b&c")
        .flag(true)
        .wide(-0.5)
        .colour(Colour::DarkGreen)
        .time(time())
        .time_http(time())
        .time_epoch(time())
        .times([time(), time()])
        .texts(["x", "y"])
        .map([("Text", "gives way"), ("k", "v")])
        .build();
    let expected = [
        "fixed",
        "kind=all",
        "Text=a%20b%26c",
        "Flag=true",
        "Wide=-0.5",
        "Colour=dark%20green",
        "Time=2019-12-16T23%3A48%3A18.123Z",
        "TimeHttp=Mon%2C%2016%20Dec%202019%2023%3A48%3A18%20GMT",
        "TimeEpoch=1576540098.123",
        "Times=2019-12-16T23%3A48%3A18.123Z",
        "Times=2019-12-16T23%3A48%3A18.123Z",
        "Texts=x",
        "Texts=y",
        "k=v",
    ];
    assert_eq!(query_of(input), expected);
}

#[test]
fn maps_of_lists_in_queries() {
    let input = RequiredQueryInput::builder()
        .text("")
        .flag(true)
        .tiny(1)
        .small(1)
        .int(1)
        .large(1)
        .single(1.0)
        .wide(1.0)
        .letter("")
        .colour("red")
        .time(time())
        .time_text(time())
        .time_http(time())
        .time_epoch(time())
        .time_own(time())
        .times(Vec::<DateTime>::new())
        .time_texts(Vec::<DateTime>::new())
        .time_https(Vec::<DateTime>::new())
        .sparse_times([])
        .texts([""; 0])
        .colours([""; 0])
        .flags([])
        .ints([])
        .larges([])
        .wides([])
        .smalls([])
        .sparse([])
        .map([("k", vec!["a".to_owned(), "b".to_owned()])])
        .build();
    let query = query_of(input);
    assert!(query.ends_with(&["k=a".to_owned(), "k=b".to_owned()]), "{query:?}");
    assert_eq!(query.first().map(String::as_str), Some("Text="));
}

#[test]
fn labels() {
    let input = LabelsInput::builder()
        .text("a/b c")
        .flag(false)
        .tiny(-1)
        .small(2)
        .int(3)
        .large(4)
        .single(1.5)
        .wide(2.5)
        .letter("ö")
        .colour("dark green")
        .time(time())
        .time_text(time())
        .time_http(time())
        .time_epoch(time())
        .time_own(time())
        .rest("x/y z")
        .build();
    let expected = [
        "",
        "a%2Fb%20c",
        "false",
        "-1",
        "2",
        "3",
        "4",
        "1.5",
        "2.5",
        "%C3%B6",
        "dark%20green",
        "2019-12-16T23%3A48%3A18.123Z",
        "2019-12-16T23%3A48%3A18.123Z",
        "Mon%2C%2016%20Dec%202019%2023%3A48%3A18%20GMT",
        "1576540098.123",
        "1576540098.123",
        "x",
        "y%20z",
    ];
    assert_eq!(request(input).uri().path(), expected.join("/"));
}

#[tokio::test]
async fn hosts_have_prefixes() {
    let input = HostedInput::builder().account("me").shard(7).build();
    assert_eq!(headers_of(input.clone())["x-account"], "me");
    assert_eq!(request(input.clone()).uri().host(), Some("me.data-7.example.com"));
    assert_eq!(json_of(input).await, json!({"Shard": 7}));
    let endpoint = Endpoint::new("https://example.com").unwrap();
    let bad = HostedInput::builder().account("not/a label").shard(7).build();
    assert!(bad.into_request(&endpoint).is_err());
}

#[tokio::test]
async fn idempotency_tokens_are_made_where_there_are_none() {
    let is_uuid = |text: &str| text.len() == 36 && text.bytes().filter(|byte| *byte == b'-').count() == 4;
    assert!(is_uuid(&headers_of(HeaderTokenInput::builder().build())["x-token"]));
    assert_eq!(
        headers_of(HeaderTokenInput::builder().token("mine").build())["x-token"],
        "mine"
    );
    let query = query_of(QueryTokenInput::builder().build());
    assert!(is_uuid(query[0].strip_prefix("token=").unwrap()));

    let mut input = BodyTokenInput::builder().number(1).build();
    input.fill_idempotency_tokens(&|| "made".to_owned());
    assert_eq!(
        json_of(input).await,
        json!({"token": "made", "Other": "made", "number": 1})
    );
}

#[tokio::test]
async fn payloads_both_ways() {
    let text = request(TextPayloadInput::builder().payload("t").build());
    assert_eq!(text.headers()["content-type"], "text/plain");
    assert_eq!(bytes_of(text).await, "t");
    let text = request(
        TextPayloadInput::builder()
            .payload("t")
            .content_type("text/csv")
            .build(),
    );
    assert_eq!(text.headers()["content-type"], "text/csv");
    assert_eq!(
        parse::<TextPayloadInput>(&[], "any").await.payload.as_deref(),
        Some("any")
    );
    assert_eq!(parse::<TextPayloadInput>(&[], "").await.payload, None);

    assert_eq!(
        bytes_of(request(EnumPayloadInput::builder().payload("teal").build())).await,
        "teal"
    );
    assert_eq!(parse::<EnumPayloadInput>(&[], "red").await.payload, Some(Colour::Red));

    let union = request(UnionPayloadInput::builder().payload(Rule::Always).build());
    assert_eq!(union.headers()["content-type"], "application/json");
    assert_eq!(bytes_of(union).await, r#"{"Always":{}}"#);
    assert_eq!(
        parse::<UnionPayloadInput>(&[], r#"{"Always":{}}"#).await.payload,
        Some(Rule::Always)
    );
    assert!(matches!(
        parse::<RequiredUnionPayloadInput>(&[], "").await.payload,
        Rule::Unknown(_)
    ));

    assert_eq!(
        bytes_of(request(DocumentPayloadInput::builder().payload(json!([1])).build())).await,
        "[1]"
    );
    assert_eq!(
        parse::<DocumentPayloadInput>(&[], r#"{"a":1}"#).await.payload,
        Some(json!({"a": 1}))
    );

    let tree = Tree::builder().name("root").build();
    let structure = StructurePayloadInput::builder().payload(tree.clone()).build();
    assert_eq!(json_of(structure).await, json!({"Name": "root"}));
    assert_eq!(bytes_of(request(StructurePayloadInput::builder().build())).await, "{}");
    let output = parse::<StructurePayloadInput>(&[("x-status", "5")], r#"{"Name":"root"}"#).await;
    assert_eq!((output.payload, output.status), (Some(tree), Some(5)));

    let blob = request(BlobPayloadInput::builder().payload(vec![0, 255]).build());
    assert_eq!(blob.headers()["content-type"], "application/octet-stream");
    assert_eq!(bytes_of(blob).await, [0, 255][..]);
    let output = parse::<BlobPayloadInput>(&[], "stream").await;
    assert_eq!(output.payload.text().await.unwrap(), "stream");
}

#[tokio::test]
async fn the_status_is_a_member() {
    let response = reply(202, &[], r#"{"Name":"n"}"#);
    let output = StatusInput::parse_response(response).await.unwrap();
    assert_eq!((output.status, output.name.as_deref()), (Some(202), Some("n")));
}

#[tokio::test]
async fn signatures_compression_and_checksums_are_as_described() {
    assert_eq!(OptionalBodyInput::AUTH, Auth::SigV4);
    assert_eq!(NoAuthInput::AUTH, Auth::None);
    assert_eq!(UnsignedPayloadInput::AUTH, Auth::SigV4UnsignedPayload);
    assert_eq!(UnsignedLengthInput::AUTH, Auth::SigV4UnsignedPayload);

    // The MD5 of `{"Text":"small"}`.
    let input = ChecksumInput::builder().text("small").build();
    let request = prepared(input).await;
    assert_eq!(request.headers()["content-md5"], "dpCd7x8R9nZVtTcWHH3XTg==");
    assert!(!request.headers().contains_key("content-encoding"));

    let small = prepared(GzipInput::builder().text("small").build()).await;
    assert!(!small.headers().contains_key("content-encoding"));
    let large = prepared(GzipInput::builder().text("x".repeat(20_000)).build()).await;
    assert_eq!(large.headers()["content-encoding"], "gzip");
    assert!(bytes_of(large).await.starts_with(&[0x1f, 0x8b]));

    // What may be a stream is always compressed, and the checksum is of what is sent.
    let both = prepared(ChecksumOfGzipInput::builder().body("small").build()).await;
    assert_eq!(both.headers()["content-encoding"], "gzip");
    assert!(both.headers().contains_key("content-md5"));
    assert!(bytes_of(both).await.starts_with(&[0x1f, 0x8b]));
}

async fn prepared<I: Operation>(input: I) -> Request<Body> {
    let mut request = request(input);
    I::prepare(&mut request, RequestSettings::default()).await.unwrap();
    request
}

/// A transport that only remembers where requests go.
#[derive(Clone, Default)]
struct Hosts(Arc<Mutex<Vec<String>>>);

impl Service<Request<Body>> for Hosts {
    type Response = Response<Empty<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let host = request.uri().host().unwrap_or_default().to_owned();
        self.0.lock().unwrap().push(host);
        ready(Ok(Response::new(Empty::new())))
    }
}

#[tokio::test]
async fn operations_and_members_choose_the_endpoint() {
    let hosts = Hosts::default();
    let credentials = type_course::Credentials::new("key", "secret", None, None, "test");
    let client = Client::builder()
        .region("eu-west-1")
        .credentials(credentials)
        .transport(hosts.clone())
        .build()
        .unwrap();
    client.context().send().await.unwrap();
    client.context().bucket("b").accelerate(true).send().await.unwrap();
    client.context().kind(Colour::Red).send().await.unwrap();
    client.context().hosts(["first", "second"]).send().await.unwrap();
    client.static_context().send().await.unwrap();
    let required = client.required_context().bucket("mine").accelerate(true);
    required.hosts(Vec::<String>::new()).kind("k").send().await.unwrap();
    client.required_events().send().await.unwrap();
    let expected = [
        "type-course.example.com",
        "b.fast.example.com",
        "red.example.com",
        "first.example.com",
        "a.example.com",
        "mine.fast.example.com",
        "type-course.example.com",
    ];
    assert_eq!(*hosts.0.lock().unwrap(), expected);
}

#[tokio::test]
async fn names_are_no_hindrance() {
    let body = json!({
        "Names": {"String": {"Required": "r", "Texts": ["t"], "Again": {"Required": "", "Texts": []}}},
        "Members": {"build": "1", "new": "2", "self": "3", "json": "4", "value": "5"},
        "JobState": {"Job": "j"},
        "Values": "Self",
        "Variants": {"Self": "s"},
        "ValueList": ["", "-", "größe", "Unknown", "unknown", "a-b", "a_b", "later"],
    });
    let output = parse::<NamesInput>(&[], &body).await;
    let string = output.names.as_ref().unwrap().string.as_ref().unwrap();
    assert_eq!((string.required.as_str(), string.texts.len()), ("r", 1));
    let members = output.members.as_ref().unwrap();
    assert_eq!(
        (members.build_.as_deref(), members.self_.as_deref()),
        (Some("1"), Some("3"))
    );
    assert_eq!(output.job_state, Some(JobState::builder().job("j").build()));
    assert_eq!(output.values, Some(Values::Self_));
    assert_eq!(output.variants, Some(Variants::Self_("s".to_owned())));
    let input = NamesInput::builder()
        .names(output.names.clone().unwrap())
        .members(members.clone())
        .job_state(output.job_state.unwrap())
        .values(output.values.unwrap())
        .variants(output.variants.unwrap())
        .value_list(output.value_list.unwrap())
        .build();
    assert_eq!(json_of(input).await, body);
}

#[test]
fn values_of_the_same_name_are_told_apart() {
    for (value, name) in [
        ("", "Empty"),
        ("-", "U2d"),
        ("a-b", "AB"),
        ("a_b", "AB_"),
        ("Unknown", "Unknown_"),
        ("unknown", "Unknown__"),
        ("later", "Unknown(UnknownValue(\"later\"))"),
    ] {
        let parsed = Values::from(value);
        assert_eq!((parsed.as_str(), format!("{parsed:?}").as_str()), (value, name));
    }
}

#[test]
fn secrets_are_not_shown() {
    let structure = || SecretStructure::builder().a("hush").b("hush").build();
    let values = SecretValues::builder()
        .text("hush")
        .number(4242)
        .data("hush")
        .time(time())
        .colour("hush")
        .texts(["hush"])
        .lists([Some(vec!["hush".to_owned()]), None])
        .map([("hush", "hush")])
        .union(SecretUnion::A("hush".to_owned()))
        .structure(structure())
        .any(json!("hush"))
        .partly(PartlySecret::Secret("hush".to_owned()))
        .own("hush")
        .build();
    let input = SecretsInput::builder()
        .values(values.clone())
        .label("hush")
        .query("hush")
        .header("hush")
        .headers([("hush", "hush")])
        .build();
    let partly = PartlySecret::Secrets(vec!["hush".to_owned()]);
    for text in [
        format!("{values:?}"),
        format!("{input:#?}"),
        format!("{partly:?}"),
        format!("{:?}", structure()),
        format!("{:?}", SecretUnion::A("hush".to_owned())),
    ] {
        assert!(
            !text.contains("hush") && !text.contains("4242") && !text.contains("2019"),
            "{text}"
        );
    }
    assert_eq!(
        format!("{:?}", PartlySecret::Plain("shown".to_owned())),
        r#"Plain("shown")"#
    );
    assert!(request(input).headers()["x-secret"].is_sensitive());
}

/// The compiler warns of what is deprecated: an expectation that is not met is a warning, too.
#[test]
fn what_is_deprecated_warns() {
    #[expect(deprecated)]
    let union = OldUnion::Old("x".to_owned());
    let builder = OldInput::builder().union(union);
    #[expect(deprecated)]
    let builder = builder.label("x");
    #[expect(deprecated)]
    let input = builder.header("y").build();
    #[expect(deprecated)]
    let label = &input.label;
    assert_eq!(label, "x");
}

#[expect(deprecated)]
#[allow(dead_code, reason = "only the compiler looks at it")]
fn a_deprecated_operation_warns(client: &Client) {
    let _ = client.old();
}

#[tokio::test]
async fn a_sensitive_message_is_given_but_never_shown() {
    for name in ["Message", "message"] {
        let body = json!({ "__type": "SecretError", name: "the secret" });
        let response = reply(400, &[], body.to_string());
        let error = EventsInput::parse_response(response).await.unwrap_err();
        assert_eq!((error.code(), error.message()), (Some("SecretError"), Some("")));
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("the secret"), "{shown}");
        let Some(ServiceError::SecretError(secret)) = error.service_error() else {
            panic!("{error:?}");
        };
        // The member is found by its own name alone.
        let given = (name == "Message").then_some("the secret");
        assert_eq!(secret.message_.as_deref(), given);
    }
}

#[tokio::test]
async fn errors_have_members_of_all_types() {
    let headers = [
        ("x-amzn-errortype", "RichError"),
        ("x-time", DATE),
        ("x-meta-a", "1"),
        ("x-json", "e30="),
        ("x-list", "a, b"),
    ];
    let body = json!({
        "message": "all at once",
        "Tree": {"Name": "n"},
        "TimeText": "2019-12-16T23:48:18.123Z",
        "Colours": ["red"],
        "Map": {"red": null},
        "Data": "AP8=",
        "Any": [1],
        "Rule": {"Always": {}},
        "Colour": "teal",
    });
    let response = reply(409, &headers, body.to_string());
    let error = EventsInput::parse_response(response).await.unwrap_err();
    let Some(ServiceError::RichError(rich)) = error.service_error() else {
        panic!("{error:?}");
    };
    assert_eq!(rich.message.as_deref(), Some("all at once"));
    assert_eq!(rich.tree.as_ref().map(|tree| tree.name.as_str()), Some("n"));
    assert_eq!(
        (rich.time, rich.time_text),
        (Some(DateTime::from_secs(time().secs())), Some(time()))
    );
    assert_eq!(rich.colours, Some(vec![Colour::Red]));
    assert_eq!(rich.map, Some(HashMap::from([(Colour::Red, None)])));
    assert_eq!(rich.data.as_deref(), Some(&[0, 255][..]));
    assert_eq!(
        (rich.any.clone(), rich.rule.clone()),
        (Some(json!([1])), Some(Rule::Always))
    );
    assert_eq!((rich.status, rich.json.as_deref()), (Some(409), Some("{}")));
    assert_eq!(rich.list, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(rich.meta.as_ref().map(|meta| meta["a"].as_str()), Some("1"));
}

/// A frame of `application/vnd.amazon.eventstream` with these headers.
fn frame(headers: &[(&str, Header)], payload: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    for (name, value) in headers {
        encoded.push(u8::try_from(name.len()).unwrap());
        encoded.extend(name.as_bytes());
        value.encode(&mut encoded);
    }
    let total = u32::try_from(encoded.len() + payload.len() + 16).unwrap();
    let mut frame = total.to_be_bytes().to_vec();
    frame.extend(u32::try_from(encoded.len()).unwrap().to_be_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(encoded);
    frame.extend(payload);
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

/// The value of a header, as the format of event streams numbers them.
enum Header<'a> {
    Bool(bool),
    Byte(i8),
    Short(i16),
    Int(i32),
    Long(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Millis(i64),
}

impl Header<'_> {
    fn encode(&self, to: &mut Vec<u8>) {
        let mut sized = |kind: u8, bytes: &[u8]| {
            to.push(kind);
            to.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
            to.extend(bytes);
        };
        match self {
            Self::Bytes(bytes) => sized(6, bytes),
            Self::Text(text) => sized(7, text.as_bytes()),
            Self::Bool(value) => to.push(u8::from(!value)),
            Self::Byte(value) => to.extend([&[2][..], &value.to_be_bytes()].concat()),
            Self::Short(value) => to.extend([&[3][..], &value.to_be_bytes()].concat()),
            Self::Int(value) => to.extend([&[4][..], &value.to_be_bytes()].concat()),
            Self::Long(value) => to.extend([&[5][..], &value.to_be_bytes()].concat()),
            Self::Millis(value) => to.extend([&[8][..], &value.to_be_bytes()].concat()),
        }
    }
}

fn event(name: &str, headers: &[(&str, Header)], payload: &str) -> Vec<u8> {
    let mut all = vec![
        (":message-type", Header::Text("event")),
        (":event-type", Header::Text(name)),
    ];
    all.extend(headers.iter().map(|(name, value)| (*name, value.copy())));
    frame(&all, payload.as_bytes())
}

impl Header<'_> {
    fn copy(&self) -> Header<'_> {
        match self {
            Self::Bool(value) => Header::Bool(*value),
            Self::Byte(value) => Header::Byte(*value),
            Self::Short(value) => Header::Short(*value),
            Self::Int(value) => Header::Int(*value),
            Self::Long(value) => Header::Long(*value),
            Self::Bytes(value) => Header::Bytes(value),
            Self::Text(value) => Header::Text(value),
            Self::Millis(value) => Header::Millis(*value),
        }
    }
}

#[tokio::test]
async fn every_kind_of_event() {
    let mut body = Vec::new();
    body.extend(event("BlobEvent", &[], "blob"));
    body.extend(event("TextEvent", &[("Header", Header::Text("h"))], "text"));
    body.extend(event("StructureEvent", &[], r#"{"Name":"n"}"#));
    body.extend(event("UnionEvent", &[], r#"{"Always":{}}"#));
    body.extend(event("DocumentEvent", &[], "[1]"));
    body.extend(event("EnumEvent", &[], "teal"));
    body.extend(event(
        "JsonEvent",
        &[],
        r#"{"Text":"t","Time":"2019-12-16T23:48:18.123Z"}"#,
    ));
    let headers = [
        ("Text", Header::Text("t")),
        ("Flag", Header::Bool(true)),
        ("Tiny", Header::Byte(-1)),
        ("Small", Header::Short(-2)),
        ("Int", Header::Int(-3)),
        ("Large", Header::Long(-4)),
        ("Colour", Header::Text("red")),
        ("Data", Header::Bytes(b"\0")),
        ("Time", Header::Millis(1_576_540_098_123)),
    ];
    body.extend(event("HeaderEvent", &headers, ""));
    body.extend(event("RequiredHeaderEvent", &[], ""));
    body.extend(event("MixedEvent", &[("Header", Header::Text("h"))], r#"{"Text":"t"}"#));
    body.extend(event("EmptyEvent", &[], "{}"));
    body.extend(event("other", &[], "{}"));
    body.extend(event("Unknown", &[], "{}"));
    body.extend(event("later", &[], "kept"));
    let response = reply(200, &[("x-name", "n")], body);
    let mut output = EventsInput::parse_response(response).await.unwrap();
    assert_eq!(output.name.as_deref(), Some("n"));
    let mut events = Vec::new();
    while let Some(event) = output.events.recv().await.unwrap() {
        events.push(event);
    }
    let mut events = events.into_iter();
    let mut next = || events.next().expect("there is one more");
    assert!(matches!(next(), Events::BlobEvent(event) if event.payload.as_deref() == Some(b"blob")));
    assert!(
        matches!(next(), Events::TextEvent(event) if event.payload == "text" && event.header.as_deref() == Some("h"))
    );
    assert!(matches!(next(), Events::StructureEvent(event) if event.payload.name == "n"));
    assert!(matches!(next(), Events::UnionEvent(event) if event.payload == Some(Rule::Always)));
    assert!(matches!(next(), Events::DocumentEvent(event) if event.payload == Some(json!([1]))));
    assert!(matches!(next(), Events::EnumEvent(event) if event.payload.as_str() == "teal"));
    assert!(matches!(next(), Events::JsonEvent(event) if event.text.as_deref() == Some("t") && event.time == time()));
    let Events::HeaderEvent(event) = next() else {
        panic!("the event has headers");
    };
    assert_eq!(
        (event.text.as_deref(), event.flag, event.tiny),
        (Some("t"), Some(true), Some(-1))
    );
    assert_eq!((event.small, event.int, event.large), (Some(-2), Some(-3), Some(-4)));
    assert_eq!(
        (event.colour, event.data.as_deref()),
        (Some(Colour::Red), Some(&b"\0"[..]))
    );
    assert_eq!(event.time, Some(time()));
    assert!(matches!(next(), Events::RequiredHeaderEvent(event) if event.int == 0 && event.text.is_empty()));
    assert!(matches!(next(), Events::MixedEvent(event) if event.text.as_deref() == Some("t") && event.tree.is_none()));
    assert!(matches!(next(), Events::EmptyEvent(_)));
    assert!(matches!(next(), Events::Renamed(_)));
    assert!(matches!(next(), Events::Unknown_(_)));
    assert!(matches!(next(), Events::Unknown(event) if event.name() == "later" && event.payload() == "kept"));
    assert!(events.next().is_none());
}

#[tokio::test]
async fn an_exception_ends_a_stream() {
    let headers = [
        (":message-type", Header::Text("exception")),
        (":exception-type", Header::Text("Lost")),
    ];
    let mut body = event("JsonEvent", &[], "{}");
    body.extend(frame(&headers, br#"{"message":"gone"}"#));
    let mut output = EventsInput::parse_response(reply(200, &[], body)).await.unwrap();
    assert!(matches!(output.events.recv().await, Ok(Some(Events::JsonEvent(_)))));
    let error = output.events.recv().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("Stream.Lost"), Some("gone")));
    assert!(
        matches!(error.service_error(), Some(ServiceError::StreamLost(_))),
        "{error:?}"
    );

    let mut output = RequiredEventsInput::parse_response(reply(200, &[("x-time", DATE)], ""))
        .await
        .unwrap();
    assert_eq!(output.time, DateTime::from_secs(time().secs()));
    assert!(matches!(output.events.recv().await, Ok(None)));
}
