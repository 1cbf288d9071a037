//! Headers, queries, labels, the status and payloads.

use std::collections::HashMap;

use serde_json::json;
use type_course::{DateTime, Operation};
use type_course::operation::blob_payload::BlobPayloadInput;
use type_course::operation::body_token::BodyTokenInput;
use type_course::operation::document_payload::DocumentPayloadInput;
use type_course::operation::enum_payload::EnumPayloadInput;
use type_course::operation::header_token::HeaderTokenInput;
use type_course::operation::headers::HeadersInput;
use type_course::operation::labels::LabelsInput;
use type_course::operation::query::QueryInput;
use type_course::operation::query_token::QueryTokenInput;
use type_course::operation::required_headers::RequiredHeadersInput;
use type_course::operation::required_query::RequiredQueryInput;
use type_course::operation::required_union_payload::RequiredUnionPayloadInput;
use type_course::operation::status::StatusInput;
use type_course::operation::structure_payload::StructurePayloadInput;
use type_course::operation::text_payload::TextPayloadInput;
use type_course::operation::union_payload::UnionPayloadInput;
use type_course::types::{Colour, Rule, Tree};

use crate::{DATE, bytes_of, headers_of, json_of, parse, query_of, reply, request, time};

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
        .json_(r#"{"a":"ö"}"#)
        .meta([("One", "1"), ("two", "2")])
        .build();
    let headers = headers_of(input.clone());
    let expected = [
        // Of every request, unless a member is bound to it: `x-text` has such a value as well.
        ("x-course", "types"),
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
    assert_eq!((output.texts, output.colours), (input.texts.unwrap_or_default(), input.colours.unwrap_or_default()));
    assert_eq!(
        (output.flags, output.ints, output.json),
        (input.flags.unwrap_or_default(), input.ints.unwrap_or_default(), input.json_)
    );
    let second = DateTime::from_secs(time().secs());
    assert_eq!((output.time, output.time_text), (Some(second), Some(time())));
    assert_eq!(
        (output.time_epoch, output.times),
        (Some(time()), vec![second, second])
    );
    let meta = [("one", "1"), ("two", "2")].map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(output.meta, HashMap::from(meta));

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
