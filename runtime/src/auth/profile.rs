//! Profiles: the files `~/.aws/config` and `~/.aws/credentials`, and what they say together.

mod files;
mod location;
mod parse;
mod plan;

use std::borrow::Cow;
use std::fmt;

pub use self::files::{Files, FilesError};
pub use self::location::{Location, Locations};
pub use self::parse::{FileKind, Flaw};
use self::parse::{Group, ProfileFile, RawProperty, Section};
pub use self::plan::{Base, Plan, ProcessBase, Role, SsoBase, WebIdentityBase};
use super::error::{CredentialsError, Place};
use super::system::System;
use super::system::variable;

/// The variable that selects a profile.
const AWS_PROFILE: &str = "AWS_PROFILE";

/// The profile that is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Its name.
    pub name: String,
    /// What selects it.
    pub by: SelectedBy,
}

/// What selects a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectedBy {
    /// The program.
    Code,
    /// `AWS_PROFILE`.
    Variable,
    /// Nothing: it is `default`, and need not exist.
    Nothing,
}

impl Selected {
    /// The profile that code selects, else that of the variable, else `default`.
    pub fn find(system: &dyn System, in_code: Option<&str>) -> Self {
        let (name, by) = match (in_code, variable(system, AWS_PROFILE)) {
            (Some(name), _) => (name.to_owned(), SelectedBy::Code),
            (None, Some(name)) => (name, SelectedBy::Variable),
            (None, None) => ("default".to_owned(), SelectedBy::Nothing),
        };
        Self { name, by }
    }

    /// What is wrong when there is no such profile. One that nothing selects need not be there.
    pub(crate) fn missing(&self, files: &Files) -> CredentialsError {
        let name = &self.name;
        let which = match self.by {
            SelectedBy::Nothing => {
                let error = CredentialsError::not_configured(files.without("default"));
                return match files.profile_names().is_empty() {
                    true => error,
                    false => error.with_hint("select one with `AWS_PROFILE`"),
                };
            }
            SelectedBy::Code => "the code selects",
            SelectedBy::Variable => "`AWS_PROFILE` selects",
        };
        let error = CredentialsError::failed(format!("{which} the profile `{name}`, but {}", files.without(name)));
        match nearest(name, files.profile_names()) {
            Some(nearest) => error.with_hint(format!("did you mean `{nearest}`?")),
            None => error,
        }
    }
}

impl fmt::Display for Selected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the profile `{}`", self.name)
    }
}

/// All that the files say under one name: a profile, an SSO session, or a group of services.
pub struct Entry<'a> {
    name: &'a str,
    /// The sections, beginning with the one that goes before all others.
    sections: Vec<(&'a ProfileFile, &'a Section)>,
}

impl<'a> Entry<'a> {
    /// All sections of this name, if there are some. The files come with the most important one first.
    fn find(files: impl Iterator<Item = &'a ProfileFile>, group: Group, name: &str) -> Option<Self> {
        let sections: Vec<_> = files
            .flat_map(|file| file.sections.iter().rev().map(move |section| (file, section)))
            .filter(|(file, section)| section.group == group && file.name(section) == name)
            .collect();
        let (file, section) = *sections.last()?;
        Some(Self {
            name: file.name(section),
            sections,
        })
    }

    /// Its name.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// Where it begins.
    pub fn place(&self) -> Place {
        let (file, section) = self.sections[self.sections.len() - 1];
        file.place(section.line)
    }

    /// The property of this name, unless it is empty: the last one of the most important file.
    pub fn get(&self, name: &str) -> Option<Value<'a>> {
        let property = self.raw(name)?;
        let text = property.value();
        (!text.trim().is_empty()).then(|| Value {
            text,
            place: property.place(),
        })
    }

    /// A sub-property of the property of this name, unless it is empty.
    pub fn get_sub(&self, name: &str, sub: &str) -> Option<Value<'a>> {
        let property = self.raw(name)?;
        let mut subs = property.sub_properties();
        let (_, text) = subs.rfind(|(key, _)| key.eq_ignore_ascii_case(sub))?;
        (!text.is_empty()).then(|| Value {
            text: text.into(),
            place: property.place(),
        })
    }

    fn raw(&self, name: &str) -> Option<RawProperty<'a>> {
        self.raw_properties()
            .find(|property| property.name().eq_ignore_ascii_case(name))
    }

    fn raw_properties(&self) -> impl Iterator<Item = RawProperty<'a>> {
        let sections = self.sections.iter();
        sections.flat_map(|(file, section)| file.properties(section).rev())
    }

    /// All properties, those first that go before others of the same name.
    pub fn properties(&self) -> Vec<Property> {
        let properties = self.raw_properties().map(|property| {
            let subs = property.sub_properties();
            Property {
                name: property.name().to_ascii_lowercase(),
                value: property.value().into_owned(),
                sub_properties: subs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            }
        });
        properties.collect()
    }
}

/// A property, for looking at all of them.
pub struct Property {
    /// Its name in lower case.
    pub name: String,
    /// Its value: perhaps a secret.
    pub value: String,
    /// Its sub-properties, in the order of the file.
    pub sub_properties: Vec<(String, String)>,
}

/// A value, and where it is.
pub struct Value<'a> {
    /// The text: perhaps a secret.
    pub text: Cow<'a, str>,
    /// The line of its property.
    pub place: Place,
}

/// The name that was probably meant, if one is near enough.
pub(crate) fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = 1 + name.chars().count() / 4;
    let distances = names.into_iter().map(|other| (distance(name, other), other));
    let (_, nearest) = distances.filter(|(distance, _)| *distance <= allowed).min()?;
    Some(nearest)
}

/// How many characters have to be added, dropped or replaced, and neighbours swapped, to make one text of the other.
/// Upper and lower case are the same.
fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| text.chars().map(|c| c.to_ascii_lowercase()).collect::<Vec<_>>();
    let (a, b) = (letters(a), letters(b));
    // The last three rows of the table of distances between all beginnings.
    let mut older = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(older[j - 2] + 1);
            }
            row.push(best);
        }
        older = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name() {
        let names = ["default", "dev", "production", "staging"];
        let nearest = |name| nearest(name, names);
        assert_eq!(nearest("dve"), Some("dev"));
        assert_eq!(nearest("Dev"), Some("dev"));
        assert_eq!(nearest("prodution"), Some("production"));
        assert_eq!(nearest("prudoction"), Some("production"));
        assert_eq!(nearest("other"), None);
        assert_eq!(nearest(""), None);
    }
}
