//! Whatever the two descriptions are: a merge has all facts of the newer one, and loses nothing that we have written.

use codegen::merge::{merge, strip};
use codegen::source::File;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// An object whose keys are words of the dialect. All prose in it begins with `author`.
fn words(author: &'static str, depth: u32) -> BoxedStrategy<Value> {
    let prose = || option::of("[a-z]{0,3}".prop_map(move |text| format!("{author} {text}")));
    let shape = option::of(prop_oneof![Just("One"), Just("Two"), Just("Three")]);
    let max = option::of(0..3);
    let (named, listed) = match depth {
        0 => (Just(None).boxed(), Just(None).boxed()),
        _ => (
            option::of(names(author, depth - 1)).boxed(),
            option::of(vec(words(author, depth - 1), 0..3)).boxed(),
        ),
    };
    (prose(), prose(), shape, max, named, listed)
        .prop_map(|(documentation, message, shape, max, named, listed)| {
            let entries = [
                ("documentation", documentation.map(Value::from)),
                ("shape", shape.map(Value::from)),
                ("members", named),
                ("deprecatedMessage", message.map(Value::from)),
                ("max", max.map(Value::from)),
                ("errors", listed.map(Value::from)),
            ];
            let entries = entries
                .into_iter()
                .filter_map(|(key, value)| Some((key.to_owned(), value?)));
            Value::Object(entries.collect())
        })
        .boxed()
}

/// An object whose keys are names, which may look like words.
fn names(author: &'static str, depth: u32) -> BoxedStrategy<Value> {
    let name = prop_oneof![Just("Id"), Just("Name"), Just("documentation"), Just("members")];
    btree_map(name.prop_map(str::to_owned), words(author, depth), 0..4)
        .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>()))
        .boxed()
}

fn description(author: &'static str) -> impl Strategy<Value = Value> {
    (words(author, 0), names(author, 2), names(author, 2)).prop_map(|(mut root, operations, shapes)| {
        root["operations"] = operations;
        root["shapes"] = shapes;
        root
    })
}

/// All texts of an author, in order.
fn texts(value: &Value, author: &str) -> Vec<String> {
    let mut texts = match value {
        Value::String(text) if text.starts_with(author) => vec![text.clone()],
        Value::Array(elements) => elements.iter().flat_map(|element| texts(element, author)).collect(),
        Value::Object(entries) => entries.values().flat_map(|value| texts(value, author)).collect(),
        _ => Vec::new(),
    };
    texts.sort();
    texts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_ours_is_lost(ours in description("ours"), theirs in description("theirs")) {
        let merged = merge(File::Service, Some(&ours), &theirs);
        prop_assert_eq!(strip(File::Service, &merged.document), strip(File::Service, &theirs));
        prop_assert!(texts(&merged.document, "theirs").is_empty());

        let homeless = merged.homeless.iter().map(|(_, text)| text.clone());
        let mut kept: Vec<String> = texts(&merged.document, "ours").into_iter().chain(homeless).collect();
        kept.sort();
        prop_assert_eq!(kept, texts(&ours, "ours"));
        for place in &merged.unwritten {
            prop_assert!(merged.document.pointer(place).is_some_and(Value::is_object), "{}", place);
        }

        let again = merge(File::Service, Some(&merged.document), &theirs);
        prop_assert_eq!(&again.document, &merged.document);
        prop_assert!(again.homeless.is_empty());
    }
}
