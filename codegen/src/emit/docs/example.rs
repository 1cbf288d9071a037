//! Calls with values, which compile and show what a call looks like.

mod value;

use self::value::{argument, sample};
use crate::ir::{CallExample, Operation, Service};

/// How deep values are made of others. Deeper values help no reader.
const DEEPEST: usize = 4;

/// The longest line of an example that is not formatted: 100 columns with `/// ` at the margin.
const WIDTH: usize = 96;

/// Setters of an input's required members, each on lines of its own. `None` where a value would be no help.
pub(in crate::emit) fn example_setters(service: &Service, operation: &Operation, indent: &str) -> Option<String> {
    let setters = required_setters(service, operation)?;
    let lines = match setters.lines().any(|line| indent.len() + line.chars().count() > WIDTH) {
        true => in_lines(&operation.fn_name, &setters)?,
        false => setters,
    };
    Some(lines.lines().map(|line| format!("\n{indent}{line}")).collect())
}

/// The same, each setter in one line. The values are those of the description's example, if it has one.
fn required_setters(service: &Service, operation: &Operation) -> Option<String> {
    let given = operation.example.as_ref().map_or(&[][..], |example| &example.members);
    let required = operation.input.iter().enumerate().filter(|(_, member)| member.required);
    let setters = required.map(|(index, member)| {
        let value = match given.iter().find(|(given, _)| *given == index) {
            Some((_, value)) => argument(service, &member.ty, value)?,
            None => argument(service, &member.ty, &sample(service, member, DEEPEST)?)?,
        };
        Some(format!(".{}({value})\n", member.field))
    });
    setters.collect()
}

/// Setters of a call as they are formatted.
fn in_lines(call: &str, setters: &str) -> Option<String> {
    let program = formatted(&format!("client.{call}()\n{setters}.send();"))?;
    let lines = program.lines().map(|line| line.strip_prefix("    ").unwrap_or(line));
    // Without the client, the call and its end.
    let lines: Vec<&str> = lines.skip(2).take_while(|line| *line != ".send();").collect();
    Some(lines.join("\n"))
}

/// The operation that best shows how the service is called: one that only reads and asks for the least. If none reads, it
/// is another one that deletes nothing.
pub(super) fn shown_operation(service: &Service) -> Option<&Operation> {
    const READING: [&str; 6] = ["List", "Describe", "Get", "BatchGet", "Search", "Query"];
    let is_shown = |operation: &&Operation| {
        let deletes = operation.name.starts_with("Delete");
        !deletes && operation.deprecated.is_none() && required_setters(service, operation).is_some()
    };
    let reads = |operation: &Operation| READING.iter().any(|verb| operation.name.starts_with(verb));
    let required = |operation: &Operation| operation.input.iter().filter(|member| member.required).count();
    let shown = service.operations.iter().filter(is_shown);
    shown.min_by_key(|operation| (!reads(operation), required(operation)))
}

/// The documentation of an operation: how it is called.
pub(in crate::emit) fn operation_example(service: &Service, operation: &Operation) -> Option<String> {
    if operation.deprecated.is_some() {
        return None;
    }
    let (title, program) = match &operation.example {
        Some(example) => given(service, operation, example)?,
        None => {
            let setters = example_setters(service, operation, "    ")?;
            (String::new(), program(operation, &setters))
        }
    };
    let crate_name = &service.package.crate_name;
    Some(format!(
        "# Example\n\n{title}```no_run\n# async fn example(client: {crate_name}::Client) -> Result<(), \
         {crate_name}::Error> {{\n{program}\n# Ok(())\n# }}\n```"
    ))
}

/// The documentation of the builder of an input: how to build it first and send it later.
pub(in crate::emit) fn builder_example(service: &Service, operation: &Operation) -> Option<String> {
    if operation.deprecated.is_some() {
        return None;
    }
    let setters = example_setters(service, operation, "    ")?;
    let crate_name = &service.package.crate_name;
    let (module, input) = (&operation.fn_name, format!("{}Input", operation.type_name));
    let in_line: String = setters.lines().map(str::trim).collect();
    let in_line = format!("let input = {input}::builder(){in_line}.build();");
    let built = match in_line.len() <= WIDTH {
        true => in_line,
        false => format!("let input = {input}::builder(){setters}\n    .build();"),
    };
    Some(format!(
        "# Example\n\n```no_run\nuse {crate_name}::operation::{module}::{input};\n\n\
         # async fn example(client: {crate_name}::Client) -> Result<(), {crate_name}::Error> {{\n\
         // The input can be built first and sent later.\n{built}\n\
         let output = client.call(input).await?;\n# Ok(())\n# }}\n```"
    ))
}

/// The example of the description: its title as a paragraph, and the program.
fn given(service: &Service, operation: &Operation, example: &CallExample) -> Option<(String, String)> {
    let setters = example.members.iter().map(|(index, value)| {
        let member = &operation.input[*index];
        let value = argument(service, &member.ty, value)?;
        Some(format!("\n    .{}({value})", member.field))
    });
    let setters: Option<String> = setters.collect();
    let title = match example.title.trim() {
        "" => String::new(),
        title => format!("{}:\n\n", title.trim_end_matches(['.', ':'])),
    };
    Some((title, formatted(&program(operation, &setters?))?))
}

/// A call with these setters, and what it returns.
fn program(operation: &Operation, setters: &str) -> String {
    let call = &operation.fn_name;
    let paginator = operation.paginator.as_ref();
    match paginator.map(|paginator| paginator.items.is_some()) {
        None => format!(
            "let output = client\n    .{call}(){setters}\n    .send()\n    .await?;\nprintln!(\"{{output:?}}\");"
        ),
        Some(has_items) => {
            let (items, page) = if has_items {
                ("\n    .items()", "item")
            } else {
                ("", "page")
            };
            format!(
                "let mut {page}s = client\n    .{call}(){setters}\n    .paginate(){items};\n\
                 while let Some({page}) = {page}s.try_next().await? {{\n    println!(\"{{{page}:?}}\");\n}}"
            )
        }
    }
}

/// A program whose lines are not too long, whatever is in them.
fn formatted(program: &str) -> Option<String> {
    let file = syn::parse_str(&format!("async fn example() {{\n{program}\n}}"));
    let text = prettyplease::unparse(&file.ok()?);
    let lines: Vec<&str> = text.lines().collect();
    let inner = lines.get(1..lines.len().checked_sub(1)?)?;
    let inner = inner.iter().map(|line| line.strip_prefix("    ").unwrap_or(line));
    Some(inner.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::in_lines;
    use crate::Options;

    #[test]
    fn setters_that_are_too_long_are_formatted() {
        let metric = "shelf::types::Jar::builder().contents(\"...\").row(\"...\").expires_at(\"...\").build()";
        let setters = in_lines("put_jars", &format!(".jars([{metric}])\n.shelf(\"...\")\n"));
        let expected = [
            ".jars([",
            "    shelf::types::Jar::builder()",
            "        .contents(\"...\")",
            "        .row(\"...\")",
            "        .expires_at(\"...\")",
            "        .build(),",
            "])",
            ".shelf(\"...\")",
        ];
        assert_eq!(setters, Some(expected.join("\n")));
        let alone = in_lines("put", &format!(".jar({metric})\n"));
        assert!(alone.is_some_and(|setters| setters.starts_with(".jar(\n")));
    }

    #[test]
    fn a_service_that_only_writes_is_shown_by_what_it_writes() {
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/models/shelf");
        let client = crate::generate(&model, &Options::default()).expect("a client");
        let (docs, _) = client.files["src/lib.rs"]
            .split_once("# Credentials")
            .expect("a chapter");
        assert!(
            docs.contains("async fn main()") && docs.contains("    .put_jar()\n"),
            "{docs}"
        );
    }
}
