//! The modules of the runtime are floors: each names only those below it, and those of a floor form no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the lowest one up.
const FLOORS: [&str; 9] = [
    "words",
    "error",
    "wire",
    "transport",
    "answer",
    "auth",
    "call",
    "client",
    "test_util",
];

/// By module, such as `wire::json`, the modules that it names.
type Arrows = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_module_names_one_above_it() {
    let arrows = arrows();
    let up: Vec<String> = pairs(&arrows)
        .filter(|(from, to)| level(to) > level(from))
        .map(|(from, to)| format!("{from} -> {to}"))
        .collect();
    assert!(up.is_empty(), "these arrows run up: {up:#?}");
}

/// A module and those inside it are one thing, and may name each other.
#[test]
fn no_modules_name_each_other_in_a_circle() {
    let mut left = arrows();
    for (from, named) in &mut left {
        named.retain(|to| !is_inside(to, from) && !is_inside(from, to));
    }
    // Whoever names nobody that is left is in no circle.
    loop {
        let done: Vec<String> = left
            .iter()
            .filter(|(_, named)| named.is_empty())
            .map(|(from, _)| from.clone())
            .collect();
        if done.is_empty() {
            break;
        }
        for module in &done {
            left.remove(module);
        }
        for named in left.values_mut() {
            named.retain(|to| !done.contains(to));
        }
    }
    assert!(
        left.is_empty(),
        "these modules name each other, or one that does: {left:#?}"
    );
}

#[test]
fn every_folder_is_a_floor() {
    let floors: BTreeSet<String> = arrows().keys().map(|module| floor(module).to_owned()).collect();
    assert_eq!(floors, FLOORS.map(str::to_owned).into());
}

/// What the tests above would see.
#[test]
fn arrows_are_found_in_every_form() {
    let source = "
        use std::fmt;
        use crate::words::hex;
        use crate::wire::{body::Body, json::{Reader, Writer}, request};
        use super::super::super::call::retry::Retries;
        use super::{frame, text as words};
        /// crate::client is only prose.
        fn f() -> crate::error::Error { super::endpoint::none() }
        #[cfg(test)]
        mod tests { use crate::client::Client; }
    ";
    let found = names("wire::timestamp::bindings", source);
    let expected = [
        "call::retry::Retries",
        "error::Error",
        "wire::body::Body",
        "wire::json::Reader",
        "wire::json::Writer",
        "wire::request",
        "wire::timestamp::endpoint::none",
        "wire::timestamp::frame",
        "wire::timestamp::text",
        "words::hex",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
}

fn pairs(arrows: &Arrows) -> impl Iterator<Item = (&String, &String)> {
    arrows.iter().flat_map(|(from, to)| to.iter().map(move |to| (from, to)))
}

fn floor(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

fn level(module: &str) -> usize {
    let level = FLOORS.iter().position(|name| *name == floor(module));
    level.unwrap_or_else(|| panic!("`{module}` is on no floor"))
}

fn arrows() -> Arrows {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    list(&src, &mut files);
    let mut sources = BTreeMap::new();
    for file in files {
        let path = file.strip_prefix(&src).expect("it is below").with_extension("");
        let path: Vec<&str> = path.iter().map(|part| part.to_str().expect("it is UTF-8")).collect();
        // `lib.rs`, the guide, and tests in files of their own stand above all floors.
        let is_test = path[0].ends_with("_tests") || path.last() == Some(&"tests");
        if path == ["lib"] || path == ["guide"] || is_test {
            continue;
        }
        let source = fs::read_to_string(&file).expect("the source is readable");
        sources.insert(path.join("::"), source);
    }
    assert!(sources.len() > 100, "the source has {} modules only", sources.len());
    let named = |(from, source): (&String, &String)| {
        let named = names(from, source).into_iter();
        let named = named.filter_map(|path| module(&path, |module| sources.contains_key(module)));
        (from.clone(), named.filter(|to| to != from).collect())
    };
    sources.iter().map(named).collect()
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is readable") {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            list(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The module that a path leads to or into. The root has none but the floors.
fn module(path: &str, is_module: impl Fn(&str) -> bool) -> Option<String> {
    let ends = path.match_indices("::").map(|(at, _)| at);
    let mut ends: Vec<usize> = ends.chain([path.len()]).collect();
    ends.reverse();
    let module = ends.into_iter().map(|end| &path[..end]).find(|path| is_module(path));
    module.map(str::to_owned)
}

/// Whether a module is inside another one, or is that one.
fn is_inside(module: &str, outer: &str) -> bool {
    let rest = module.strip_prefix(outer);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The paths that a source names outside its tests.
fn names(path: &str, source: &str) -> BTreeSet<String> {
    let mut code = String::new();
    for line in source.lines().map(str::trim) {
        if line == "#[cfg(test)]" {
            break;
        }
        code.push_str(line.split("//").next().unwrap_or_default());
        code.push(' ');
    }
    let mut found = BTreeSet::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            // A later `super` of the same path.
            let before = code[..at].chars().next_back();
            if before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, ':' | '$' | '_')) {
                tree(&mut Vec::new(), &code[at..], &mut |named| {
                    let named = absolute(path, named);
                    // The root has items of tests, too.
                    if FLOORS.contains(&floor(&named)) {
                        found.insert(named);
                    }
                });
            }
        }
    }
    found
}

/// Calls `each` with every path of a tree of imports, and returns what is behind it.
fn tree<'s>(before: &mut Vec<&'s str>, mut text: &'s str, each: &mut impl FnMut(&[&str])) -> &'s str {
    let depth = before.len();
    loop {
        let end = text
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        before.push(&text[..end]);
        text = &text[end..];
        let Some(rest) = text.strip_prefix("::") else { break };
        text = rest;
        let Some(mut rest) = text.strip_prefix('{') else {
            continue;
        };
        loop {
            rest = tree(before, rest.trim_start(), each);
            let (_, after) = rest.split_at(rest.find([',', '}']).unwrap_or(rest.len()));
            match after.strip_prefix(',') {
                Some(next) => rest = next,
                None => break,
            }
        }
        before.truncate(depth);
        return rest.strip_prefix('}').unwrap_or(rest);
    }
    if before.last() != Some(&"") {
        each(before);
    }
    before.truncate(depth);
    text
}

/// From the root, a path that stands in a module.
fn absolute(path: &str, named: &[&str]) -> String {
    let mut parts: Vec<&str> = match named[0] {
        "crate" => Vec::new(),
        _ => path.split("::").collect(),
    };
    for part in named.iter().skip_while(|part| **part == "crate") {
        match *part {
            "super" => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.join("::")
}
