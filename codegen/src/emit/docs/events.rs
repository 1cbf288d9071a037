//! How a stream of events is read: an example that is made of the description, and compiles.

use super::example_setters;
use crate::ir::{Event, Form, Location, Member, Operation, Service, Type};

/// A short example, as a part of a program. Without values for the call there is none.
pub(super) fn call(service: &Service) -> Option<String> {
    let (operation, member, _) = streaming(service)?;
    let setters = example_setters(service, operation, "    ")?;
    Some(format!(
        include_str!("event_call.md"),
        crate_name = service.package.crate_name,
        call = operation.fn_name,
        setters = setters,
        field = member.field,
    ))
}

/// The example for the first operation that answers with events.
pub(super) fn program(service: &Service) -> Option<String> {
    let (operation, member, stream) = streaming(service)?;
    let Form::EventStream(definition) = &service.types.get(stream)?.form else {
        return None;
    };
    let crate_name = &service.package.crate_name;
    let indent = "        ";
    let (import, argument, call) = match example_setters(service, operation, indent) {
        Some(setters) => {
            let name = &operation.fn_name;
            let call = format!("client\n{indent}.{name}(){setters}\n{indent}.send()\n{indent}.await?");
            (String::new(), String::new(), call)
        }
        None => {
            let (module, input) = (&operation.fn_name, format!("{}Input", operation.type_name));
            let import = format!("use {crate_name}::operation::{module}::{input};\n");
            (
                import,
                format!(", input: {input}"),
                "client.call(input).await?".to_owned(),
            )
        }
    };
    Some(format!(
        include_str!("event_program.md"),
        crate_name = crate_name,
        import = import,
        argument = argument,
        stream = stream,
        call = call,
        field = member.field,
        arm = arm(service, definition.events.first()?),
    ))
}

/// The first operation that answers with events, the member that is the stream, and the name of its type.
fn streaming(service: &Service) -> Option<(&Operation, &Member, &str)> {
    service.operations.iter().find_map(|operation| {
        let (member, stream) = stream(operation)?;
        Some((operation, member, stream))
    })
}

/// The stream of an operation's output: the member, and the name of its type.
fn stream(operation: &Operation) -> Option<(&Member, &str)> {
    operation.output.iter().find_map(|member| match &member.ty {
        Type::EventStream(name) => Some((member, name.as_str())),
        _ => None,
    })
}

/// What is done with an event.
fn arm(service: &Service, event: &Event) -> String {
    let Some(Form::Structure(members)) = service.types.get(&event.structure).map(|definition| &definition.form) else {
        return format!("{}(event) => println!(\"{{event:?}}\")", event.name);
    };
    let mut payload = members.iter();
    let payload = payload.find(|member| member.location == Location::EventPayload);
    match payload.or(members.first()) {
        Some(member) => format!("{}(event) => println!(\"{{:?}}\", event.{})", event.name, member.field),
        None => format!("{}(event) => println!(\"{{event:?}}\")", event.name),
    }
}
