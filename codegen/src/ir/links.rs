//! Links in documentation: what a text mentions as code and the crate has becomes a link to it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Form, Member, Service};

/// Where links lead, by the name in the description.
type Targets = BTreeMap<String, String>;

/// Links all documentation of a service.
pub(super) fn link(service: &mut Service) {
    let targets = targets(service);
    let none = Targets::new();
    link_text(&mut service.docs, &none, None, &targets);
    for operation in &mut service.operations {
        let path = format!("crate::operation::{}::{}", operation.fn_name, operation.type_name);
        let mut members = fields(&operation.output, &format!("{path}Output"));
        members.extend(fields(&operation.input, &format!("{path}Builder")));
        link_text(&mut operation.docs, &members, None, &targets);
        // They stand in one module with what they mention.
        let received = fields(&operation.output, &format!("{}Output", operation.type_name));
        let sent = fields(&operation.input, &format!("{}Builder", operation.type_name));
        link_members(&mut operation.input, Some(("response", &received)), &targets);
        link_members(&mut operation.output, Some(("request", &sent)), &targets);
    }
    for definition in service.types.values_mut() {
        let members = match &definition.form {
            Form::Structure(members) => fields(members, &format!("crate::types::{}", definition.name)),
            Form::Union(_) | Form::EventStream(_) | Form::Enum(_) => Targets::new(),
        };
        link_text(&mut definition.docs, &members, None, &targets);
        match &mut definition.form {
            Form::Structure(members) => link_members(members, None, &targets),
            Form::Union(variants) => {
                for variant in variants {
                    link_text(&mut variant.docs, &none, None, &targets);
                }
            }
            Form::EventStream(stream) => {
                for event in &mut stream.events {
                    link_text(&mut event.docs, &none, None, &targets);
                }
            }
            Form::Enum(_) => {}
        }
    }
    for error in &mut service.errors {
        link_text(&mut error.docs, &none, None, &targets);
        let members = error.members.iter_mut().map(|member| &mut member.member);
        for member in members.chain(&mut error.message) {
            link_text(&mut member.docs, &none, None, &targets);
        }
    }
}

/// The items of the crate that descriptions call by names of their own. Operations are meant before types.
fn targets(service: &Service) -> Targets {
    let types = service.types.values();
    let types = types.map(|definition| (&definition.shape, format!("crate::types::{}", definition.name)));
    let errors = service.errors.iter();
    let errors = errors.map(|error| (&error.code, format!("crate::types::error::{}", error.type_name)));
    let operations = service.operations.iter().map(|operation| {
        let function = operation.fn_name.trim_start_matches("r#");
        (&operation.name, format!("crate::Client::{function}"))
    });
    let all = errors.chain(types).chain(operations);
    all.map(|(name, target)| (name.clone(), target)).collect()
}

/// The fields or setters of an item. Links cannot name raw identifiers.
fn fields(members: &[Member], owner: &str) -> Targets {
    let members = members.iter().filter(|member| !member.field.starts_with("r#"));
    let targets = members.map(|member| (member.name.clone(), format!("{owner}::{}", member.field)));
    targets.collect()
}

/// The members of the other direction, and its word: `response` for those of a request. They are meant where `of the` and
/// the word follow, as in "`Accept` of the request".
type Other<'a> = Option<(&'a str, &'a Targets)>;

/// Members mention each other as well.
fn link_members(members: &mut [Member], other: Other<'_>, targets: &Targets) {
    let siblings = fields(members, "Self");
    for member in members {
        let mut siblings = siblings.clone();
        siblings.remove(&member.name);
        link_text(&mut member.docs, &siblings, other, targets);
    }
}

fn link_text(markdown: &mut String, near: &Targets, other: Other<'_>, far: &Targets) {
    if !markdown.contains('`') {
        return;
    }
    let mut linked = String::with_capacity(markdown.len() + 64);
    let mut definitions = BTreeSet::new();
    let mut is_fenced = false;
    // Inside of a link there can be no other.
    let mut brackets = 0_usize;
    let mut following = 0;
    for line in markdown.split_inclusive('\n') {
        following += line.len();
        let content = line.trim_start_matches(['>', ' ', '-']);
        if content.starts_with("```") {
            is_fenced = !is_fenced;
        }
        if is_fenced || content.starts_with("```") || content.starts_with('|') {
            linked.push_str(line);
            continue;
        }
        if content.trim().is_empty() {
            brackets = 0;
        }
        let mut rest = line;
        while let Some(at) = rest.find(['`', '[', ']', '\\']) {
            let (before, mark) = rest.split_at(at);
            linked.push_str(before);
            if let Some(after) = mark.strip_prefix('\\') {
                let escaped = after.chars().next().map_or(0, char::len_utf8);
                linked.push_str(&mark[..1 + escaped]);
                rest = &mark[1 + escaped..];
                continue;
            }
            if !mark.starts_with('`') {
                brackets = if mark.starts_with('[') {
                    brackets + 1
                } else {
                    brackets.saturating_sub(1)
                };
                linked.push_str(&mark[..1]);
                rest = &mark[1..];
                continue;
            }
            let fence = &mark[..mark.len() - mark.trim_start_matches('`').len()];
            let Some(end) = mark[fence.len()..].find(fence) else {
                linked.push_str(fence);
                rest = &mark[fence.len()..];
                continue;
            };
            let (code, after) = mark.split_at(end + 2 * fence.len());
            let name = code.trim_matches('`');
            let other = other.and_then(|(word, fields)| {
                Some((is_of_the(&markdown[following - after.len()..], word), fields.get(name)?))
            });
            let near = near.get(name).or_else(|| far.get(name));
            let can_link = brackets == 0 && fence == "`" && !after.starts_with(['(', '[', ':']);
            match (near, other) {
                _ if !can_link => linked.push_str(code),
                // Another link of the same text may lead elsewhere.
                (_, Some((true, target))) => linked.push_str(&format!("[{code}]({target})")),
                (Some(target), _) => {
                    linked.push_str(&format!("[{code}]"));
                    definitions.insert(format!("[{code}]: {target}"));
                }
                _ => linked.push_str(code),
            }
            rest = after;
        }
        linked.push_str(rest);
    }
    if !definitions.is_empty() {
        let definitions: Vec<String> = definitions.into_iter().collect();
        linked.push_str(&format!("\n\n{}", definitions.join("\n")));
    }
    *markdown = linked;
}

/// Whether a text goes on with `of the` and this word.
fn is_of_the(text: &str, word: &str) -> bool {
    let mut words = text.split_whitespace();
    text.starts_with(char::is_whitespace)
        && words.next() == Some("of")
        && words.next() == Some("the")
        && words
            .next()
            .is_some_and(|next| next.trim_end_matches(|c: char| !c.is_alphanumeric()) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked(markdown: &str) -> String {
        let far = [
            ("GetThing", "crate::Client::get_thing"),
            ("Thing", "crate::types::Thing"),
        ];
        let far = far.map(|(name, target)| (name.to_owned(), target.to_owned()));
        let near = Targets::from([("Thing".to_owned(), "Self::thing".to_owned())]);
        let mut text = markdown.to_owned();
        let received = Targets::from([("Thing".to_owned(), "Output::thing".to_owned())]);
        link_text(&mut text, &near, Some(("response", &received)), &Targets::from(far));
        text
    }

    #[test]
    fn what_the_crate_has_is_linked() {
        assert_eq!(
            linked("Call `GetThing` for a `Thing`, or `GetThing` again."),
            "Call [`GetThing`] for a [`Thing`], or [`GetThing`] again.\n\n\
             [`GetThing`]: crate::Client::get_thing\n[`Thing`]: Self::thing"
        );
    }

    #[test]
    fn members_of_the_response_are_told_from_those_of_the_request() {
        assert_eq!(
            linked("A `Thing` becomes `Thing` of the\nresponse."),
            "A [`Thing`] becomes [`Thing`](Output::thing) of the\nresponse.\n\n[`Thing`]: Self::thing"
        );
        assert_eq!(
            linked("See `Thing` of the response."),
            "See [`Thing`](Output::thing) of the response."
        );
    }

    #[test]
    fn definitions_are_apart_from_a_line_that_begins_with_a_link() {
        assert_eq!(
            linked("a\n`GetThing` b"),
            "a\n[`GetThing`] b\n\n[`GetThing`]: crate::Client::get_thing"
        );
    }

    #[test]
    fn other_code_and_links_stay_as_they_are() {
        for text in [
            "`Other`, `Get Thing`, GetThing",
            "[the `GetThing` page](https://x.y)",
            "```text\n`GetThing`\n```",
            "`` `GetThing` ``",
            r"\`GetThing\`",
        ] {
            assert_eq!(linked(text), text);
        }
    }
}
