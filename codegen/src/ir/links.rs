//! Links in documentation: what a text mentions as code and the crate has becomes a link to it.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::{ErrorShape, Form, Member, Service};

/// Where links lead, by the name in the description.
type Targets = BTreeMap<String, String>;

/// What a text can mention wherever it stands.
struct Far {
    /// Operations, types and errors.
    items: Targets,
    /// Members whose name means nothing else in the whole service.
    members: Targets,
}

/// What a text is about. It is meant before anything else.
#[derive(Clone, Copy)]
struct Near<'a> {
    /// The member with this text, which needs no link to itself.
    own: Option<&'a str>,
    members: &'a Targets,
}

/// Links all documentation of a service.
pub(super) fn link(service: &mut Service) {
    let items = items(service);
    let members = unambiguous_members(service, &items);
    let far = Far { items, members };
    let none = Targets::new();
    let nothing = Near::item(&none);
    link_text(&mut service.docs, nothing, None, &far);
    for operation in &mut service.operations {
        let path = format!("crate::operation::{}::{}", operation.fn_name, operation.type_name);
        let mut members = fields(&operation.output, &format!("{path}Output"));
        members.extend(fields(&operation.input, &format!("{path}Builder")));
        link_text(&mut operation.docs, Near::item(&members), None, &far);
        // They stand in one module with what they mention.
        let received = fields(&operation.output, &format!("{}Output", operation.type_name));
        let sent = fields(&operation.input, &format!("{}Builder", operation.type_name));
        let siblings = fields(&operation.input, "Self");
        link_members(&mut operation.input, &siblings, Some(("response", &received)), &far);
        let siblings = fields(&operation.output, "Self");
        link_members(&mut operation.output, &siblings, Some(("request", &sent)), &far);
    }
    for definition in service.types.values_mut() {
        let members = match &definition.form {
            Form::Structure(members) => fields(members, &format!("crate::types::{}", definition.name)),
            Form::Union(_) | Form::EventStream(_) | Form::Enum(_) => Targets::new(),
        };
        link_text(&mut definition.docs, Near::item(&members), None, &far);
        match &mut definition.form {
            Form::Structure(members) => {
                let siblings = fields(&*members, "Self");
                link_members(members, &siblings, None, &far);
            }
            Form::Union(variants) => {
                for variant in variants {
                    link_text(&mut variant.docs, nothing, None, &far);
                }
            }
            Form::EventStream(stream) => {
                for event in &mut stream.events {
                    link_text(&mut event.docs, nothing, None, &far);
                }
            }
            Form::Enum(_) => {}
        }
    }
    for error in &mut service.errors {
        let members = fields(members_of_error(error), &error_path(error));
        link_text(&mut error.docs, Near::item(&members), None, &far);
        let siblings = fields(members_of_error(error), "Self");
        let members = error.members.iter_mut().map(|member| &mut member.member);
        link_members(members.chain(&mut error.message), &siblings, None, &far);
    }
}

/// The items of the crate that descriptions call by names of their own. Operations are meant before types.
fn items(service: &Service) -> Targets {
    let types = service.types.values();
    let types = types.map(|definition| (&definition.shape, format!("crate::types::{}", definition.name)));
    let errors = service.errors.iter().map(|error| (&error.code, error_path(error)));
    let operations = service.operations.iter().map(|operation| {
        let function = operation.fn_name.trim_start_matches("r#");
        (&operation.name, format!("crate::Client::{function}"))
    });
    let all = errors.chain(types).chain(operations);
    all.map(|(name, target)| (name.clone(), target)).collect()
}

/// The members that only one structure has, unless an item or a value of an enum has the same name.
fn unambiguous_members(service: &Service, items: &Targets) -> Targets {
    let mut all = Vec::new();
    for operation in &service.operations {
        let path = format!("crate::operation::{}::{}", operation.fn_name, operation.type_name);
        all.push(fields(&operation.input, &format!("{path}Builder")));
        all.push(fields(&operation.output, &format!("{path}Output")));
    }
    let mut values = BTreeSet::new();
    for definition in service.types.values() {
        match &definition.form {
            Form::Structure(members) => all.push(fields(members, &format!("crate::types::{}", definition.name))),
            Form::Enum(of_enum) => values.extend(of_enum.iter().map(|value| &value.value)),
            Form::Union(_) | Form::EventStream(_) => {}
        }
    }
    for error in &service.errors {
        all.push(fields(members_of_error(error), &error_path(error)));
    }
    let mut found: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (name, target) in all.into_iter().flatten() {
        match found.entry(name) {
            Entry::Vacant(entry) => drop(entry.insert(Some(target))),
            Entry::Occupied(mut entry) => drop(entry.insert(None)),
        }
    }
    let found = found.into_iter().filter_map(|(name, target)| Some((name, target?)));
    found
        .filter(|(name, _)| !items.contains_key(name) && !values.contains(name))
        .collect()
}

fn error_path(error: &ErrorShape) -> String {
    format!("crate::types::error::{}", error.type_name)
}

fn members_of_error(error: &ErrorShape) -> impl Iterator<Item = &Member> {
    error.members.iter().map(|member| &member.member).chain(&error.message)
}

/// The fields or setters of an item. Links cannot name raw identifiers.
fn fields<'a>(members: impl IntoIterator<Item = &'a Member>, owner: &str) -> Targets {
    let members = members.into_iter().filter(|member| !member.field.starts_with("r#"));
    let targets = members.map(|member| (member.name.clone(), format!("{owner}::{}", member.field)));
    targets.collect()
}

/// The members of the other direction, and its word: `response` for those of a request. They are meant where `of the` and
/// the word follow, as in "`Accept` of the request", and where nothing else has the name.
type Other<'a> = Option<(&'a str, &'a Targets)>;

/// Members mention each other as well.
fn link_members<'a>(
    members: impl IntoIterator<Item = &'a mut Member>,
    siblings: &Targets,
    other: Other<'_>,
    far: &Far,
) {
    for member in members {
        let near = Near {
            own: Some(&member.name),
            members: siblings,
        };
        link_text(&mut member.docs, near, other, far);
    }
}

impl<'a> Near<'a> {
    /// For the text of an item that has these members.
    fn item(members: &'a Targets) -> Self {
        Self { own: None, members }
    }

    /// Where a name leads that is defined once for the whole text.
    fn target<'t>(self, name: &str, far: &'t Far) -> Option<&'t str>
    where
        'a: 't,
    {
        let near = self.members.get(name).filter(|_| self.own != Some(name));
        near.or_else(|| far.items.get(name)).map(String::as_str)
    }
}

fn link_text(markdown: &mut String, near: Near<'_>, other: Other<'_>, far: &Far) {
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
            let target = near.target(name, far);
            let is_own = near.own == Some(name);
            let other = other.and_then(|(word, fields)| {
                let is_meant = is_of_the(&markdown[following - after.len()..], word);
                fields.get(name).filter(|_| is_meant || (target.is_none() && !is_own))
            });
            let target = target.or_else(|| far.members.get(name).filter(|_| !is_own).map(String::as_str));
            let can_link = brackets == 0 && fence == "`";
            // After the short form, these would mean something else.
            let is_followed = after.starts_with(['(', '[', ':']);
            match (target, other) {
                _ if !can_link => linked.push_str(code),
                // Another link of the same text may lead elsewhere.
                (_, Some(target)) => linked.push_str(&format!("[{code}]({target})")),
                (Some(target), None) if is_followed => linked.push_str(&format!("[{code}]({target})")),
                (Some(target), None) => {
                    linked.push_str(&format!("[{code}]"));
                    definitions.insert(format!("[{code}]: {target}"));
                }
                (None, None) => linked.push_str(code),
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
        let targets = |pairs: &[(&str, &str)]| -> Targets {
            let pairs = pairs.iter();
            pairs
                .map(|(name, target)| ((*name).to_owned(), (*target).to_owned()))
                .collect()
        };
        let far = Far {
            items: targets(&[
                ("GetThing", "crate::Client::get_thing"),
                ("Thing", "crate::types::Thing"),
            ]),
            members: targets(&[
                ("Depth", "crate::types::Well::depth"),
                ("Own", "crate::types::Own::own"),
            ]),
        };
        let siblings = targets(&[("Thing", "Self::thing"), ("Own", "Self::own")]);
        let received = targets(&[
            ("Thing", "Output::thing"),
            ("Result", "Output::result"),
            ("Own", "Output::own"),
        ]);
        let near = Near {
            own: Some("Own"),
            members: &siblings,
        };
        let mut text = markdown.to_owned();
        link_text(&mut text, near, Some(("response", &received)), &far);
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
    fn members_that_only_something_else_has_are_linked() {
        assert_eq!(
            linked("It becomes a `Result` of some `Depth`; `Own` of the response tells."),
            "It becomes a [`Result`](Output::result) of some [`Depth`]; [`Own`](Output::own) of the response tells.\n\n\
             [`Depth`]: crate::types::Well::depth"
        );
    }

    #[test]
    fn what_follows_a_link_does_not_become_a_part_of_it() {
        assert_eq!(
            linked("`GetThing`: ends with `GetThing`(a)"),
            "[`GetThing`](crate::Client::get_thing): ends with [`GetThing`](crate::Client::get_thing)(a)"
        );
    }

    #[test]
    fn a_member_does_not_link_to_itself() {
        assert_eq!(linked("Give `Own` or nothing."), "Give `Own` or nothing.");
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
