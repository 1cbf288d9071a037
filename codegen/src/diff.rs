//! What changes for users when a description changes: every difference between two clients, and which release it needs.
//!
//! The comparison works on the IR, so it knows the names and types that users see. It does not compare prose.

mod endpoints;
mod error;
mod member;
mod objects;
mod operation;
mod paginator;
mod resolver;
mod rust;
mod service;
mod setting;
mod types;
mod waiter;

use std::fmt;

use serde::Serialize;

use crate::ir::{Codec, Service};

/// The release that a change needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Every program compiles as before and can use nothing new.
    Patch,
    /// Every program compiles as before; there is something new to use.
    Minor,
    /// Some program no longer compiles.
    Major,
}

impl Level {
    /// The version that follows `version` by Cargo's rules: before 1.0, a breaking release raises the second number and
    /// any other one the third. `None` if `version` is not three numbers.
    pub fn next(self, version: &str) -> Option<String> {
        let numbers: Result<Vec<u64>, _> = version.split('.').map(str::parse).collect();
        let numbers = numbers.ok()?;
        let &[major, minor, patch] = numbers.as_slice() else {
            return None;
        };
        let (major, minor, patch) = match (self, major) {
            (Self::Major, 1..) => (major + 1, 0, 0),
            (Self::Minor, 1..) | (Self::Major, 0) => (major, minor + 1, 0),
            (Self::Minor, 0) | (Self::Patch, _) => (major, minor, patch + 1),
        };
        Some(format!("{major}.{minor}.{patch}"))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// What a change is seen in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// Public names and types.
    Api,
    /// Requests and responses.
    Wire,
    /// What the client does: retries, waiting, endpoints, texts of errors.
    Behavior,
    /// What the documentation says besides prose, such as limits.
    Documentation,
}

/// The part of a client that a change belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "part")]
pub enum Group {
    /// The crate as a whole.
    Crate,
    /// An operation with its input and output.
    Operation {
        /// Its name, such as `InvokeEndpoint`.
        name: String,
    },
    /// A type.
    Type {
        /// Its Rust name.
        name: String,
        /// The operations that reach it, by name.
        operations: Vec<String>,
    },
    /// An error of the service.
    Error {
        /// Its Rust name.
        name: String,
    },
    /// Something that can be waited for.
    Waiter {
        /// Its name.
        name: String,
    },
    /// Where requests go.
    Endpoints,
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crate => f.write_str("crate"),
            Self::Operation { name } => write!(f, "operation {name}"),
            Self::Type { name, operations } if operations.is_empty() => write!(f, "type {name}"),
            Self::Type { name, operations } => write!(f, "type {name}, used by {}", operations.join(", ")),
            Self::Error { name } => write!(f, "error {name}"),
            Self::Waiter { name } => write!(f, "waiter {name}"),
            Self::Endpoints => f.write_str("endpoints"),
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it belongs to.
    #[serde(flatten)]
    pub group: Group,
    /// The release that it needs.
    pub level: Level,
    /// What it is seen in.
    pub aspect: Aspect,
    /// A sentence without a full stop, such as ``the operation `invoke_endpoint` is new``.
    pub text: String,
}

/// All differences between two clients of a service, operation by operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// In the order of the description.
    pub changes: Vec<Change>,
}

impl Diff {
    /// Compares two clients. Their versions and their prose do not count.
    pub fn between(old: &Service, new: &Service) -> Self {
        let mut recorder = Recorder {
            group: Group::Crate,
            has_elements: new.protocol.reader() == Codec::Xml,
            changes: Vec::new(),
        };
        recorder.service(old, new);
        recorder.fixed_headers(&old.fixed_headers, &new.fixed_headers);
        recorder.settings(old, new);
        recorder.bearer_token(old.bearer_token.as_ref(), new.bearer_token.as_ref());
        recorder.object_store(old, new);
        recorder.operations(old, new);
        recorder.types(old, new);
        recorder.errors(old, new);
        recorder.waiters(old, new);
        recorder.hints(old, new);
        recorder.endpoints(old, new);
        Self {
            changes: recorder.changes,
        }
    }

    /// The change that decides which release is needed: the first of the highest level.
    pub fn decisive(&self) -> Option<&Change> {
        let level = self.changes.iter().map(|change| change.level).max()?;
        self.changes.iter().find(|change| change.level == level)
    }

    /// The release that is needed, if anything changes.
    pub fn verdict(&self) -> Option<Level> {
        self.decisive().map(|change| change.level)
    }
}

/// A heading for each part, and a line for each change.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut group = None;
        for change in &self.changes {
            if group != Some(&change.group) {
                writeln!(f, "{}", change.group)?;
                group = Some(&change.group);
            }
            writeln!(f, "  {:5}  {}", change.level, change.text)?;
        }
        match self.decisive() {
            Some(change) => write!(f, "verdict: {}, because {}", change.level, change.text),
            None => f.write_str("verdict: nothing changes"),
        }
    }
}

/// Collects changes. Its methods are in the modules beside this one, one for each part of the IR.
struct Recorder {
    group: Group,
    /// Whether bodies have elements, or forms with the names of elements.
    has_elements: bool,
    changes: Vec<Change>,
}

impl Recorder {
    /// A change of public names and types.
    fn api(&mut self, level: Level, text: String) {
        self.record(level, Aspect::Api, text);
    }

    /// A change that the compiler does not see.
    fn hidden(&mut self, aspect: Aspect, text: String) {
        self.record(Level::Patch, aspect, text);
    }

    /// A change of a value that the compiler does not see, if there is one. The beginning of the sentence ends where the new
    /// value follows, such as `the HTTP status is now`.
    fn value(&mut self, aspect: Aspect, beginning: &str, old: &str, new: &str) {
        if old != new {
            let was = if beginning.contains(" are now") { "were" } else { "was" };
            self.hidden(aspect, format!("{beginning} {new}, {was} {old}"));
        }
    }

    /// Something that begins or ceases to be so, if it does. The word for that goes between the two parts of the sentence.
    fn fact(&mut self, aspect: Aspect, (beginning, end): (&str, &str), old: bool, new: bool) {
        if old != new {
            let word = if new { "now" } else { "no longer" };
            self.hidden(aspect, format!("{beginning} {word} {end}"));
        }
    }

    /// Something that users can call, if it is new or gone.
    fn presence(&mut self, subject: &str, old: bool, new: bool) {
        match (old, new) {
            (false, true) => self.api(Level::Minor, format!("{subject} is new")),
            (true, false) => self.api(Level::Major, format!("{subject} is gone")),
            (true, true) | (false, false) => {}
        }
    }

    fn record(&mut self, level: Level, aspect: Aspect, text: String) {
        self.changes.push(Change {
            group: self.group.clone(),
            level,
            aspect,
            text,
        });
    }

    /// A name that becomes deprecated, or no longer is.
    fn deprecation(&mut self, subject: &str, old: Option<&str>, new: Option<&str>) {
        match (old, new) {
            (None, Some(_)) => self.api(Level::Minor, format!("{subject} is now deprecated")),
            (Some(_), None) => self.hidden(Aspect::Documentation, format!("{subject} is no longer deprecated")),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
}

/// The elements of two lists with the same name, those of the new one without a match, and those of the old one.
struct Matched<'a, T> {
    both: Vec<(&'a T, &'a T)>,
    added: Vec<&'a T>,
    removed: Vec<&'a T>,
}

fn matched<'a, T>(
    old: impl IntoIterator<Item = &'a T> + Clone,
    new: impl IntoIterator<Item = &'a T> + Clone,
    name: impl Fn(&T) -> &str,
) -> Matched<'a, T> {
    let is_same = |one: &T, other: &T| name(one) == name(other);
    let mut matched = Matched {
        both: Vec::new(),
        added: Vec::new(),
        removed: Vec::new(),
    };
    for item in new.clone() {
        match old.clone().into_iter().find(|before| is_same(before, item)) {
            Some(before) => matched.both.push((before, item)),
            None => matched.added.push(item),
        }
    }
    let is_gone = |item: &&'a T| !new.clone().into_iter().any(|after| is_same(after, item));
    matched.removed = old.into_iter().filter(is_gone).collect();
    matched
}

/// What secrets are.
const HIDDEN: &str = "hidden in `Debug` output and logs";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_rise_by_cargos_rules() {
        for (version, next) in [
            ("0.1.0", ["0.1.1", "0.1.1", "0.2.0"]),
            ("0.4.7", ["0.4.8", "0.4.8", "0.5.0"]),
            ("1.2.3", ["1.2.4", "1.3.0", "2.0.0"]),
        ] {
            let levels = [Level::Patch, Level::Minor, Level::Major];
            let versions = levels.map(|level| level.next(version).expect("a version"));
            assert_eq!(versions, next.map(str::to_owned));
        }
        for version in ["1.2", "1.2.x", "", "1.2.3-beta", "1.2.3.4"] {
            assert_eq!(Level::Patch.next(version), None, "{version}");
        }
    }
}
