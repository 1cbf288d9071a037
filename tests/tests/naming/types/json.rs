//! JSON of all types.

use std::collections::HashMap;

use serde_json::{Value, json};
use type_course::DateTime;
use type_course::operation::bodies::BodiesInput;
use type_course::operation::only_received::OnlyReceivedInput;
use type_course::operation::optional_body::OptionalBodyInput;
use type_course::operation::required_body::RequiredBodyInput;
use type_course::types::{Colour, Link, Node, Rule, Tree};

use crate::{DATE, json_of, parse, time};

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
        (input.data, input.any, input.colours.unwrap_or_default())
    );
    assert_eq!((output.blobs, output.documents), (input.blobs.unwrap_or_default(), input.documents.unwrap_or_default()));
    assert_eq!((output.colour_map, output.deep), (input.colour_map.unwrap_or_default(), input.deep.unwrap_or_default()));
    assert_eq!((output.sparse, output.sparse_map), (input.sparse.unwrap_or_default(), input.sparse_map.unwrap_or_default()));
    assert_eq!(
        (output.sparse_trees, output.sparse_colours),
        (input.sparse_trees.unwrap_or_default(), input.sparse_colours.unwrap_or_default())
    );
    assert_eq!(output.sparse_documents, input.sparse_documents.unwrap_or_default());
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
    assert_eq!(output.times, [DateTime::from_secs(1_576_540_098)]);
}

/// Lists and maps are never missing in what is only received.
#[tokio::test]
async fn lists_and_maps_that_a_response_lacks_are_empty() {
    for body in ["{}", r#"{"Colours": null, "ColourMap": null, "Sparse": null}"#] {
        let output = parse::<OptionalBodyInput>(&[], body).await;
        assert!(output.colours.is_empty() && output.colour_map.is_empty() && output.sparse.is_empty());
        assert_eq!(output, output.clone());
    }
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
