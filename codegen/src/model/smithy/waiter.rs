//! What can be waited for.

use serde_json::{Map, Value, json};

use super::{Smithy, insert, local};

/// The pause before the second call where the description names none, in seconds: that of Smithy.
const MIN_DELAY: u64 = 2;

/// How often an operation is called if no one says how long to wait. Smithy does not say.
const MAX_ATTEMPTS: u64 = 20;

impl Smithy<'_> {
    /// What `waiters-2.json` says, if there is anything to wait for.
    pub(super) fn waiters(&self) -> Option<Value> {
        let mut waiters = Map::new();
        for (id, operation) in self.operations() {
            let waitable = operation["traits"]["smithy.waiters#waitable"].as_object();
            for (name, waiter) in waitable.into_iter().flatten() {
                let acceptors = waiter["acceptors"].as_array().into_iter().flatten();
                let acceptors: Vec<Value> = acceptors.map(acceptor).collect();
                let mut converted = Map::new();
                converted.insert("operation".to_owned(), json!(local(id)));
                converted.insert(
                    "delay".to_owned(),
                    json!(waiter["minDelay"].as_u64().unwrap_or(MIN_DELAY)),
                );
                converted.insert("maxAttempts".to_owned(), json!(MAX_ATTEMPTS));
                converted.insert("acceptors".to_owned(), json!(acceptors));
                insert(&mut converted, "description", &waiter["documentation"]);
                waiters.insert(name.clone(), Value::Object(converted));
            }
        }
        (!waiters.is_empty()).then(|| json!({ "version": 2, "waiters": waiters }))
    }
}

fn acceptor(acceptor: &Value) -> Value {
    let matcher = &acceptor["matcher"];
    let (word, argument, expected) = if let Some(success) = matcher["success"].as_bool() {
        ("error", Value::Null, json!(!success))
    } else if let Some(error) = matcher["errorType"].as_str() {
        ("error", Value::Null, json!(local(error)))
    } else {
        output(&matcher["output"])
    };
    let mut converted = Map::new();
    insert(&mut converted, "state", &acceptor["state"]);
    converted.insert("matcher".to_owned(), json!(word));
    insert(&mut converted, "argument", &argument);
    converted.insert("expected".to_owned(), expected);
    Value::Object(converted)
}

/// A matcher that looks at the output. One that looks at the input, too, has no word in the other form, and is reported as
/// unknown.
fn output(matcher: &Value) -> (&str, Value, Value) {
    let expected = &matcher["expected"];
    let (word, expected) = match matcher["comparator"].as_str() {
        Some("stringEquals") => ("path", expected.clone()),
        Some("booleanEquals") => ("path", json!(*expected == "true")),
        Some("allStringEquals") => ("pathAll", expected.clone()),
        Some("anyStringEquals") => ("pathAny", expected.clone()),
        _ => ("inputOutput", expected.clone()),
    };
    (word, matcher["path"].clone(), expected)
}
