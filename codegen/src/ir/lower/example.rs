//! The example of `client.json`.

use super::Lowering;
use super::operation::is_plain_structure;
use crate::diagnostics::did_you_mean;
use crate::ir::{Example, Operation, Type};
use crate::model::client;
use crate::model::service::Shape;
use crate::source::{File, JsonPath};

impl Lowering<'_> {
    /// The example, unless there is none or its operation has been left out.
    pub(super) fn example(&mut self, operations: &[Operation]) -> Option<Example> {
        let example = self.model.client.example.as_ref()?;
        let path = JsonPath::root(File::Client).key("example");
        let Some(described) = self.model.service.operations.get(&example.operation) else {
            let suggestion = self.similar_operation(&example.operation);
            self.error(
                &path.key("operation"),
                format!("the service has no operation `{}`", example.operation),
                format!("name one of its operations{suggestion}"),
            );
            return None;
        };
        let input = described.input.as_ref().and_then(|input| self.shape(input));
        if input.is_some_and(|shape| !is_plain_structure(shape)) {
            // It cannot be an input, which is reported elsewhere.
            return None;
        }
        self.check_example(example, input, &path);

        let mut operations = operations.iter().enumerate();
        let (operation, lowered) = operations.find(|(_, operation)| operation.name == example.operation)?;
        let mut members = Vec::new();
        for (name, value) in &example.members {
            let mut input = lowered.input.iter().enumerate();
            let Some((index, member)) = input.find(|(_, member)| member.name == *name) else {
                continue;
            };
            if let Some(expected) = mismatch(&member.ty, value) {
                self.error(
                    &path.key("members").key(name),
                    format!("the example sets `{name}` to {value:?}"),
                    format!("write {expected}, in quotes"),
                );
            }
            members.push((index, value.clone()));
        }
        Some(Example { operation, members })
    }

    /// The example sets members that there are, and all that are required.
    fn check_example(&mut self, example: &client::Example, input: Option<&Shape>, path: &JsonPath) {
        let operation = &example.operation;
        let path = path.key("members");
        let known: Vec<&str> = input
            .iter()
            .flat_map(|shape| shape.members.keys().map(String::as_str))
            .collect();
        for name in example.members.keys().filter(|name| !known.contains(&name.as_str())) {
            let suggestion = did_you_mean(name, known.iter().copied());
            self.error(
                &path.key(name).name(),
                format!("the input of `{operation}` has no member `{name}`"),
                format!("name one of its members{suggestion}, or remove the entry"),
            );
        }
        let required = input.iter().flat_map(|shape| &shape.required);
        let is_missing = |name: &&String| known.contains(&name.as_str()) && !example.members.contains_key(*name);
        for name in required.filter(is_missing) {
            self.error(
                &path,
                format!("the example lacks `{name}`, which `{operation}` requires"),
                format!("add `\"{name}\": \"...\"`"),
            );
        }
    }
}

/// What the text should be, if it is no value of the type.
fn mismatch(ty: &Type, value: &str) -> Option<&'static str> {
    let (is_value, expected) = match ty {
        Type::String | Type::JsonText | Type::Blob | Type::Enum(_) => (true, "any text"),
        Type::Byte => (value.parse::<i8>().is_ok(), "an integer of 8 bits"),
        Type::Short => (value.parse::<i16>().is_ok(), "an integer of 16 bits"),
        Type::Integer => (value.parse::<i32>().is_ok(), "an integer of 32 bits"),
        Type::Long => (value.parse::<i64>().is_ok(), "an integer of 64 bits"),
        Type::Float | Type::Double => (value.parse::<f64>().is_ok_and(f64::is_finite), "a number"),
        Type::Boolean => (value.parse::<bool>().is_ok(), "`true` or `false`"),
        Type::Timestamp(_) | Type::Document | Type::List { .. } | Type::Map { .. } => {
            (false, "a member with a simple type")
        }
        Type::Structure(_) | Type::Union(_) | Type::EventStream(_) => (false, "a member with a simple type"),
    };
    (!is_value).then_some(expected)
}
