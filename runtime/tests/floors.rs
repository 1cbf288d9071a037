//! The modules of the runtime are floors: each names only those below it.

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

/// By module, such as `wire::json`, the modules that it names. A floor that is one module goes by its own name.
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
        "call::retry",
        "error",
        "wire::body",
        "wire::json",
        "wire::request",
        "wire::timestamp",
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
    let mut arrows = Arrows::new();
    for file in files {
        let path = file.strip_prefix(&src).expect("it is below").with_extension("");
        let path: Vec<&str> = path.iter().map(|part| part.to_str().expect("it is UTF-8")).collect();
        // `lib.rs`, the tests beside it and those of modules in files of their own stand above all floors.
        let is_test = path[0].ends_with("_tests") || path.last() == Some(&"tests");
        if path == ["lib"] || is_test {
            continue;
        }
        let path = path.join("::");
        let source = fs::read_to_string(&file).expect("the source is readable");
        let from = module(&path);
        let named = names(&path, &source).into_iter().filter(|to| *to != from);
        arrows.entry(from.clone()).or_default().extend(named);
    }
    assert!(arrows.len() > 40, "the source has {} modules only", arrows.len());
    arrows
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

/// The module of a path: its floor and what follows, unless that is an item of the floor itself.
fn module(path: &str) -> String {
    let is_module = |part: &&str| part.starts_with(char::is_lowercase);
    let parts: Vec<&str> = path.split("::").take_while(is_module).take(2).collect();
    parts.join("::")
}

/// The modules that a source names outside its tests.
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
                    if let Some(named) = absolute(path, named) {
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

/// The module of a path that stands in another one.
fn absolute(path: &str, named: &[&str]) -> Option<String> {
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
    // The root has only the floors again.
    let named = module(&parts.join("::"));
    FLOORS.contains(&floor(&named)).then_some(named)
}
