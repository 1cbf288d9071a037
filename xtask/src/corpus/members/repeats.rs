//! Pages and waiters: calls that are made again, and what their answers are asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::description::squeezed;
use super::rust::{self, File, Implementation};
use super::{Comparison, is_left_out};

impl Comparison<'_> {
    /// Compares what an operation says of its pages.
    pub(super) fn pages(&mut self, name: &str, operation: &Value, file: &File) {
        let description = self.description;
        let Some((_, pages)) = description.pages().find(|(of, _)| *of == name) else {
            return;
        };
        self.counts.pages += 1;
        let of = |name: &str| {
            file.implementations
                .iter()
                .find(|implementation| implementation.of == name)
        };
        let Some(paginated) = of("Paginated") else {
            self.problems.push(format!("{name}: it has no pages"));
            return;
        };
        let advance = words(paginated.items.get("advance"));
        let asked = ["input_token", "output_token", "more_results"].iter();
        for text in asked.flat_map(|key| texts(&pages[*key])) {
            self.expect(has_names(&advance, text), || {
                format!("{name}: `{text}` has no part in asking for the next page")
            });
        }
        let output = description.target(&operation["output"]);
        let mut lists = texts(&pages["result_key"]).into_iter().filter(|path| {
            let target = path
                .split('.')
                .fold(output, |shape, member| description.target(&shape["members"][member]));
            matches!(target["type"].as_str(), Some("list" | "map"))
        });
        let items = of("PaginatedItems").and_then(|implementation| implementation.items.get("items"));
        match (lists.next(), lists.next()) {
            (Some(list), None) => self.expect(has_names(&words(items), list), || {
                format!("{name}: the items of a page are not `{list}`")
            }),
            _ => self.expect(items.is_none(), || {
                format!("{name}: a page has no list that stands for it")
            }),
        }
    }

    /// Compares the waiters of the service with those of the client: name, operation, pause, and what an answer is asked.
    pub(super) fn waiters(&mut self, client: &Path, readme: &str) -> Result<()> {
        let description = self.description;
        let file = client.join("src/waiter.rs");
        let file = if file.exists() {
            rust::read(&file)?
        } else {
            File::default()
        };
        let mut waiters: BTreeMap<String, Implementation> = file
            .implementations
            .into_iter()
            .filter(|implementation| implementation.of == "Waiter")
            .filter_map(|waiter| Some((waiter.items.get("NAME")?.trim_matches('"').to_owned(), waiter)))
            .collect();
        let functions = rust::read(&client.join("src/client.rs"))?.functions;
        let listed = functions.get("waiter_names").map(|list| list.text.as_str());
        let listed: BTreeSet<String> = listed
            .unwrap_or_default()
            .split('"')
            .skip(1)
            .step_by(2)
            .map(squeezed)
            .collect();
        let callable: BTreeSet<String> = functions
            .keys()
            .filter_map(|function| function.strip_prefix("wait_until_"))
            .map(squeezed)
            .collect();
        self.expect(listed == callable, || {
            format!("`waiter_names` lists {listed:?}, and the client has {callable:?}")
        });
        for (name, waiter) in description.waiters() {
            let operation = waiter["operation"].as_str().unwrap_or_default();
            if is_left_out(readme, operation) {
                continue;
            }
            self.counts.waiters += 1;
            let is_called = callable.contains(&squeezed(name));
            let Some(found) = waiters.remove(name).filter(|_| is_called) else {
                self.problems.push(format!("{name}: there is no such waiter"));
                continue;
            };
            self.waiter(name, operation, waiter, &found);
        }
        for name in waiters.keys() {
            self.problems.push(format!("{name}: the service has no such waiter"));
        }
        Ok(())
    }

    fn waiter(&mut self, name: &str, operation: &str, waiter: &Value, found: &Implementation) {
        let item = |name: &str| found.items.get(name).map(String::as_str).unwrap_or_default();
        let is_called = squeezed(item("Operation")) == format!("{}input", squeezed(operation));
        self.expect(is_called, || {
            format!("{name}: it calls {}, not {operation}", item("Operation"))
        });
        let pause = format!("from_secs({})", waiter["delay"]);
        self.expect(item("DELAY").ends_with(&pause), || {
            format!("{name}: the pause is {}, not {}", item("DELAY"), waiter["delay"])
        });
        let state = words(found.items.get("state"));
        for acceptor in waiter["acceptors"].as_array().into_iter().flatten() {
            let is_error = acceptor["matcher"] == "error" && acceptor["expected"] != false;
            let judge = item(if is_error { "judge_error" } else { "judge" });
            let expected = &acceptor["expected"];
            let is_expected = match expected {
                Value::String(text) if !text.is_empty() => judge.contains(&format!("{text:?}")),
                Value::Number(number) => rust::mentions(judge, &number.to_string()),
                // How a condition is written is up to the generator.
                _ => true,
            };
            self.expect(is_expected, || format!("{name}: no answer is compared with {expected}"));
            let mut asked = words(Some(&judge.to_owned()));
            asked.extend(state.iter().cloned());
            for text in texts(&acceptor["argument"]) {
                self.expect(has_names(&asked, text), || format!("{name}: `{text}` is not looked at"));
            }
        }
    }
}

/// A value that is one text or a list of them.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The names in Rust.
fn words(text: Option<&String>) -> BTreeSet<String> {
    let words = text.map(String::as_str).unwrap_or_default();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.map(squeezed).collect()
}

/// Whether these words include all members that a JMESPath expression names.
fn has_names(words: &BTreeSet<String>, expression: &str) -> bool {
    names(expression).iter().all(|name| words.contains(&squeezed(name)))
}

/// The members that a JMESPath expression names: what is neither a literal nor a function.
fn names(expression: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for (index, part) in expression.split(['`', '\'']).enumerate() {
        if index % 2 == 1 {
            continue;
        }
        let mut rest = part;
        while let Some(start) = rest.find(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let end = rest[start..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let end = end.map_or(rest.len(), |end| start + end);
            if !rest[end..].starts_with('(') {
                names.push(&rest[start..end]);
            }
            rest = &rest[end..];
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_expressions_are_members() {
        let expression = "length(Reservations[].Instances[?State.Name=='running' && Max_1 < `a`]) > `0`";
        assert_eq!(
            names(expression),
            ["Reservations", "Instances", "State", "Name", "Max_1"]
        );
        assert_eq!(
            names("NextMarker || Contents[-1].Key"),
            ["NextMarker", "Contents", "Key"]
        );
    }
}
