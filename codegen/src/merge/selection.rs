//! A description reduced to some of its operations.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::source::File;

/// A document of a description with only these operations, and with the shapes, pages and waiters that belong to them.
pub fn only(file: File, document: &Value, operations: &[String]) -> Value {
    let mut document = document.clone();
    let is_listed = |name: &str| operations.iter().any(|operation| operation == name);
    match file {
        File::Service => {
            retain(&mut document["operations"], |name, _| is_listed(name));
            let reached = reached(&document);
            retain(&mut document["shapes"], |name, _| reached.contains(name));
        }
        File::Paginators => retain(&mut document["pagination"], |name, _| is_listed(name)),
        File::Waiters => retain(&mut document["waiters"], |_, waiter| {
            waiter["operation"].as_str().is_some_and(is_listed)
        }),
        File::Partitions | File::EndpointRules | File::Examples | File::Client => {}
    }
    document
}

fn retain(entries: &mut Value, mut is_kept: impl FnMut(&str, &Value) -> bool) {
    if let Some(entries) = entries.as_object_mut() {
        entries.retain(|name, value| is_kept(name, value));
    }
}

/// The names of the shapes that the operations of a description reach.
fn reached(service: &Value) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut values = vec![&service["operations"]];
    while let Some(value) = values.pop() {
        match value {
            Value::Object(entries) => {
                if let Some(Value::String(name)) = entries.get("shape")
                    && reached.insert(name.clone())
                {
                    values.extend(service["shapes"].get(name));
                }
                values.extend(entries.values());
            }
            Value::Array(elements) => values.extend(elements),
            _ => {}
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shapes_pages_and_waiters_go_with_their_operations() {
        let operations = ["Get".to_owned()];
        let service = json!({
            "operations": {
                "Get": { "input": { "shape": "GetInput" }, "errors": [{ "shape": "Lost" }] },
                "Put": { "input": { "shape": "PutInput" } },
            },
            "shapes": {
                "GetInput": { "type": "structure", "members": {
                    "Tree": { "shape": "Tree" },
                    "shape": { "shape": "Form" },
                } },
                "Form": { "type": "string" },
                "Lost": { "type": "structure", "exception": true },
                "PutInput": { "type": "structure", "members": { "Secret": { "shape": "Secret" } } },
                "Secret": { "type": "string" },
                "Tree": { "type": "list", "member": { "shape": "Tree" } },
            },
        });
        let kept = only(File::Service, &service, &operations);
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&kept["operations"]), ["Get"]);
        assert_eq!(names(&kept["shapes"]), ["GetInput", "Form", "Lost", "Tree"]);

        let pages = json!({ "pagination": { "Get": {}, "Put": {} } });
        assert_eq!(
            only(File::Paginators, &pages, &operations),
            json!({ "pagination": { "Get": {} } })
        );
        let waiters = json!({ "waiters": { "Got": { "operation": "Get" }, "Set": { "operation": "Put" } } });
        assert_eq!(
            only(File::Waiters, &waiters, &operations),
            json!({ "waiters": { "Got": { "operation": "Get" } } })
        );
    }
}
