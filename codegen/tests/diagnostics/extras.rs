//! Paginators and waiters that the service cannot have.

use insta::assert_snapshot;

use super::{Folder, SERVICE, with_shapes};

/// What is said about a paginator of `GetThing`.
fn paginator(entry: &str) -> String {
    let text = format!(r#"{{ "pagination": {{ "GetThing": {entry} }} }}"#);
    Folder::good().write("paginators-1.json", text).diagnostics()
}

/// What is said about a waiter with this acceptor, but for its place.
fn acceptor(acceptor: &str) -> String {
    let text = format!(
        r#"{{ "version": 2, "waiters": {{ "ThingReady": {{
  "operation": "GetThing", "delay": 1, "maxAttempts": 2, "acceptors": [
    {acceptor}
] }} }} }}"#
    );
    let text = Folder::good().write("waiters-2.json", text).diagnostics();
    let is_said = |line: &&str| line.starts_with("error: ") || line.contains("= at ") || line.contains("= help: ");
    let lines: Vec<&str> = text.lines().filter(is_said).map(str::trim).collect();
    if lines.is_empty() { text } else { lines.join("\n") }
}

/// What is said about an expression that is compared with a text.
fn expression(expression: &str) -> String {
    let argument = serde_json::json!(expression);
    acceptor(&format!(
        r#"{{ "state": "success", "matcher": "path", "argument": {argument}, "expected": "x" }}"#
    ))
}

#[test]
fn operations_that_are_not_there() {
    let folder = Folder::good()
        .write(
            "paginators-1.json",
            r#"{ "pagination": { "GetThin": { "input_token": "Trace", "output_token": "X" } } }"#,
        )
        .write(
            "waiters-2.json",
            r#"{ "waiters": { "Ready": { "operation": "GetIt", "delay": 1, "maxAttempts": 2, "acceptors": [] } } }"#,
        );
    assert_snapshot!("operations_that_are_not_there", folder.diagnostics());
    // Those that are not wanted are nobody's business.
    let folder = Folder::good().write(
        "paginators-1.json",
        r#"{ "pagination": { "GetThing": { "input_token": "No", "output_token": "No" } } }"#,
    );
    assert_eq!(folder.diagnostics_of(Some(&["PutThing"])), "nothing is wrong");
}

#[test]
fn tokens() {
    assert_snapshot!(
        "a_token_that_is_not_there",
        paginator(r#"{ "input_token": "Trac", "output_token": "Siz", "limit_key": "Limit" }"#)
    );
    assert_snapshot!(
        "a_token_of_another_type",
        paginator(r#"{ "input_token": "Trace", "output_token": "Size" }"#)
    );
    assert_snapshot!(
        "a_token_without_another",
        paginator(r#"{ "input_token": ["Trace", "Parent"], "output_token": "Size" }"#)
    );
}

#[test]
fn a_payload_is_sent_once() {
    let text = r#"{ "pagination": { "PutThing": { "input_token": "Name", "output_token": "Name" } } }"#;
    assert_snapshot!(
        "a_payload_is_sent_once",
        Folder::good().write("paginators-1.json", text).diagnostics()
    );
}

#[test]
fn acceptors() {
    let all = [
        r#"{ "state": "sucess", "matcher": "status", "expected": 99 }"#,
        r#"{ "state": "success", "matcher": "pathall", "argument": "Size", "expected": 1 }"#,
        r#"{ "state": "success", "matcher": "path", "expected": 1 }"#,
        r#"{ "state": "success", "matcher": "path", "argument": "Size", "expected": [1] }"#,
        r#"{ "state": "success", "matcher": "pathAny", "argument": "Size", "expected": 1 }"#,
        r#"{ "state": "success", "matcher": "path", "argument": "Size", "expected": 5000000000 }"#,
        r#"{ "state": "success", "matcher": "error", "expected": 404 }"#,
    ];
    assert_snapshot!("acceptors", all.map(acceptor).join("\n\n"));
}

#[test]
fn expressions() {
    let all = [
        "Size[",
        "Sizes",
        "Size",
        "Size.Inner",
        "Size[0]",
        "length(Size)",
        "sum(Size)",
        "length()",
        "[Size, Status]",
        "{a: Size}",
        "Size == `\"x\"`",
        "`1` == `1`",
        "contains('ab', 'b')",
        "length('ab')",
        "!`[1]`",
        "[Size][] | [?contains('ab', 'b')]",
        "[Size][].contains('ab', 'b')",
    ];
    assert_snapshot!(
        "expressions",
        all.map(|text| format!("{text}\n{}", expression(text))).join("\n\n")
    );
}

/// Lowering and writing are recursive, as the parser is.
#[test]
fn expressions_that_are_too_large() {
    let all = [
        "Size.".repeat(500),
        "(".repeat(500),
        format!("{}Size", "!".repeat(900)),
        format!("Size{}", " || Size".repeat(80)),
        format!("!!!!`{}1{}`", "[".repeat(60), "]".repeat(60)),
        // Each step doubles what there is.
        format!("Size{}", " | [@, @][]".repeat(30)),
        format!("Size{}", " | @ == @".repeat(60)),
    ];
    assert_snapshot!(
        "expressions_that_are_too_large",
        all.map(|text| expression(&text)).join("\n\n")
    );

    // This took twice the time for each level.
    let levels = "Size > `1` && (`true` == (".repeat(12);
    let text = format!("{levels}Size > `1`{}", "))".repeat(12));
    let good = format!(r#"{{ "state": "success", "matcher": "path", "argument": "{text}", "expected": true }}"#);
    assert_eq!(acceptor(&good), "nothing is wrong");
    assert!(expression(&format!("{}Size", "!".repeat(62))).contains("a boolean is compared"));
}

#[test]
fn good_ones() {
    let good = r#"{ "state": "success", "matcher": "path", "argument": "Size > `1`", "expected": true }"#;
    assert_eq!(acceptor(good), "nothing is wrong");
}

/// A token that goes and comes beside a list makes pages, even if the description has no entry for them.
#[test]
fn pages_are_inferred() {
    let list = r#""Texts": { "type": "list", "member": { "shape": "Text" } }"#;
    let size = r#""Size": { "shape": "Count" }"#;
    let parent = r#""Parent": {"#;
    let paginator = |output: &str, input: &str| {
        let folder = with_shapes(list).replace(SERVICE, size, output);
        let folder = folder.replace(SERVICE, parent, &format!("{input} {parent}"));
        let (service, _) = folder.lower_with_warnings().unwrap();
        let mut operations = service.operations.into_iter();
        operations
            .find(|operation| operation.name == "GetThing")
            .unwrap()
            .paginator
    };
    let token_in = r#""nextToken": { "shape": "Text", "location": "header", "locationName": "X-Token" },"#;
    let token_out = r#""NextToken": { "shape": "Text" }"#;
    let things = r#""Things": { "shape": "Texts" }"#;
    let pages = paginator(&format!("{token_out}, {things}"), token_in).unwrap();
    assert!(pages.inferred && pages.items.is_some());
    let pages = paginator(
        &format!(r#"{token_out}, {things}, "More": {{ "shape": "Texts" }}"#),
        token_in,
    )
    .unwrap();
    assert!(pages.items.is_none(), "it is not clear which list is meant");
    assert!(paginator(token_out, token_in).is_none());
    assert!(paginator(things, token_in).is_none());
    assert!(paginator(&format!("{token_out}, {things}"), "").is_none());
}

/// What the documentation of `get_thing` has as its example.
fn example(input: &str) -> String {
    let examples = format!(
        r#"{{ "version": "1.0", "examples": {{ "GetThing": [
            {{ "title": "To get <b>the</b> lamp", "input": {input}, "output": {{ "Size": 1 }} }},
            {{ "title": "Another", "input": {{ "Name": "other" }} }}
        ] }} }}"#
    );
    let folder = Folder::good().write("examples-1.json", examples);
    let files = codegen::generate(&folder.0, &codegen::Options::default())
        .unwrap()
        .files;
    let docs = files["src/client.rs"].lines().map(str::trim_start);
    let mut docs = docs.filter_map(|line| line.strip_prefix("///")).map(str::trim_start);
    docs.by_ref().find(|line| *line == "# Example").unwrap();
    let lines: Vec<&str> = docs.take_while(|line| !line.starts_with("println!")).collect();
    lines.join("\n")
}

#[test]
fn examples() {
    assert_snapshot!(example(r#"{ "Name": "lamp", "Trace": "a \"b\"" }"#), @r#"

    To get **the** lamp:

    ```no_run
    # async fn example(client: things::Client) -> Result<(), things::Error> {
    let output = client.get_thing().name("lamp").trace("a \"b\"").send().await?;
    "#);
    let examples = r#"{ "examples": { "GetThing": [{ "input": { "Name": "lamp" } }] } }"#;
    let folder = Folder::good().write("examples-1.json", examples);
    let client = codegen::generate(&folder.0, &codegen::Options::default()).unwrap();
    let builder = &client.files["src/operation/get_thing.rs"];
    assert!(builder.contains("::builder().name(\"lamp\")"), "{builder}");
    // One that does not fit is no example.
    for input in [r#"{ "Nmae": "lamp" }"#, r#"{ "Name": 1 }"#, r#"{ "Name": "" }"#, "{}"] {
        let text = example(input);
        assert!(text.contains("Another") && text.contains(r#".name("other")"#), "{text}");
    }
}
