//! Awkward names, and what is deprecated.

use serde_json::json;
use type_course::Client;
use type_course::operation::names::NamesInput;
use type_course::operation::old::OldInput;
use type_course::types::{JobState, OldUnion, Values, Variants};

use crate::{json_of, parse};

#[tokio::test]
async fn names_are_no_hindrance() {
    let body = json!({
        "Names": {"String": {"Required": "r", "Texts": ["t"], "Again": {"Required": "", "Texts": []}}},
        "Members": {"build": "1", "new": "2", "self": "3", "json": "4", "value": "5"},
        "JobState": {"Job": "j"},
        "Values": "Self",
        "Variants": {"Self": "s"},
        "ValueList": ["", "-", "größe", "Unknown", "unknown", "a-b", "a_b", "later"],
        "Response": "r", "Body": "b", "Json": "j", "Name": "n",
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
        .value_list(output.value_list)
        .response(output.response.unwrap())
        .body(output.body.unwrap())
        .json_(output.json.unwrap())
        .name(output.name.unwrap())
        .build();
    assert_eq!(json_of(input).await, body);
}

#[test]
fn values_of_the_same_name_are_told_apart() {
    for (value, name) in [
        ("", "Empty"),
        ("-", "U2d"),
        ("a b", "AB"),
        ("a-b", "ABU61U2dU62"),
        ("a_b", "ABU61U5fU62"),
        ("1.6", "_1_6"),
        ("16", "_16"),
        ("m5.24xlarge.search", "M5_24xlargeSearch"),
        ("Unknown", "Unknown_"),
        ("unknown", "UnknownU75U6eU6bU6eU6fU77U6e"),
        ("later", "Unknown(UnknownValue(\"later\"))"),
    ] {
        let parsed = Values::from(value);
        assert_eq!((parsed.as_str(), format!("{parsed:?}").as_str()), (value, name));
    }
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
