//! Builders hold the input: they can be shown, cloned, and changed without being left.

use type_course::operation::sealed::SealedInput;
use type_course::operation::secrets::SecretsInput;
use type_course::types::PartlySecret;

#[test]
fn options_are_set_without_leaving_the_builder() {
    let (some, none) = (Some("set".to_owned()), None);
    let input = SealedInput::builder()
        .label("a")
        .edit(|input| {
            input.text = some;
            input.header = none;
        })
        .union(PartlySecret::Nothing)
        .build();
    assert_eq!((input.label.as_str(), input.text.as_deref()), ("a", Some("set")));
    assert_eq!(input.header, None);
}

#[test]
fn a_clone_goes_its_own_way() {
    let shared = SecretsInput::builder().label("shared");
    let (a, b) = (shared.clone().label("a").build(), shared.build());
    assert_eq!((a.label.as_str(), b.label.as_str()), ("a", "shared"));
}

#[test]
fn what_is_set_is_shown_but_no_secret() {
    let builder = SecretsInput::builder().label("hush").query("hush");
    let shown = format!("{builder:?}");
    assert!(shown.contains("query: Some(") && shown.contains("header: None"), "{shown}");
    assert!(!shown.contains("hush"), "{shown}");
}
