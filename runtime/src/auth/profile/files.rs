//! The two files together.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::mem;

use zeroize::Zeroizing;

use super::Entry;
use super::location::{Location, Locations};
use super::parse::{FileKind, Flaw, Group, ProfileFile};
use crate::auth::error::{CredentialsError, Place};
use crate::auth::system::System;

/// How large a file may be, in bytes.
const MAX_FILE: usize = 16 * 1024 * 1024;

/// How many names of profiles are listed in an error.
const MAX_LISTED: usize = 12;

/// The files with profiles, as far as they are there.
pub struct Files {
    config: Option<ProfileFile>,
    credentials: Option<ProfileFile>,
    /// What became of each file that cannot be used.
    absent: Vec<String>,
}

/// Why the files cannot be used.
#[derive(Clone, Debug)]
pub enum FilesError {
    /// A file that a variable names cannot be read.
    Unreadable(String),
    /// A file does not have the form that it should have.
    Malformed(Place, Flaw),
}

impl fmt::Display for FilesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(problem) => f.write_str(problem),
            Self::Malformed(place, flaw) => write!(f, "{flaw} [{place}]"),
        }
    }
}

impl std::error::Error for FilesError {}

impl From<FilesError> for CredentialsError {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Unreadable(problem) => Self::failed(problem),
            FilesError::Malformed(place, flaw) => Self::failed(flaw.to_string()).at(&place),
        }
    }
}

impl Files {
    /// Reads them. It blocks the thread.
    ///
    /// Files at their usual place may be missing or unreadable.
    ///
    /// # Errors
    ///
    /// When a file does not have the right form, or a variable names one that cannot be read.
    pub fn read(system: &dyn System, locations: &Locations) -> Result<Self, FilesError> {
        let mut absent = Vec::new();
        let mut read = |kind, location: &Option<Location>| match location {
            Some(location) => read(system, kind, location, &mut absent),
            None => Ok(None),
        };
        let config = read(FileKind::Config, &locations.config)?;
        let credentials = read(FileKind::Credentials, &locations.credentials)?;
        if locations.config.is_none() && locations.credentials.is_none() {
            absent.push("no variable says where the home folder is".to_owned());
        }
        Ok(Self {
            config,
            credentials,
            absent,
        })
    }

    /// The files, beginning with the one whose properties go before those of the other.
    fn all(&self) -> impl Iterator<Item = &ProfileFile> {
        self.credentials.iter().chain(&self.config)
    }

    /// A profile.
    pub fn profile(&self, name: &str) -> Option<Entry<'_>> {
        Entry::find(self.all(), Group::Profile, name)
    }

    /// A section `[sso-session NAME]`.
    pub fn sso_session(&self, name: &str) -> Option<Entry<'_>> {
        Entry::find(self.all(), Group::SsoSession, name)
    }

    /// A section `[services NAME]`.
    pub fn services(&self, name: &str) -> Option<Entry<'_>> {
        Entry::find(self.all(), Group::Services, name)
    }

    /// The names of all profiles, sorted.
    pub fn profile_names(&self) -> BTreeSet<&str> {
        self.names(Group::Profile)
    }

    /// The names of all SSO sessions, sorted.
    pub fn sso_session_names(&self) -> BTreeSet<&str> {
        self.names(Group::SsoSession)
    }

    fn names(&self, group: Group) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        for file in self.all() {
            let sections = file.sections.iter().filter(|section| section.group == group);
            // Collecting would sort them first, which is much code.
            names.extend(sections.map(|section| file.name(section)));
        }
        names
    }

    /// What there is instead of a profile of this name.
    pub(crate) fn without(&self, name: &str) -> String {
        let names = self.profile_names();
        let found = match names.len() {
            0 => "there are no profiles".to_owned(),
            count => {
                let listed: Vec<_> = names.iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
                let more = if count > MAX_LISTED { ", .." } else { "" };
                format!("there is no `{name}` among the profiles {}{more}", listed.join(", "))
            }
        };
        let ignored = self.all().flat_map(|file| {
            let about_it = file.warnings.iter().filter(|(_, problem)| problem.contains(name));
            about_it.map(|(line, problem)| format!("{problem} ({})", file.place(*line)))
        });
        let reasons: Vec<String> = self.absent.iter().cloned().chain(ignored).collect();
        match reasons.is_empty() {
            true => found,
            false => format!("{found} ({})", reasons.join("; ")),
        }
    }
}

fn read(
    system: &dyn System,
    kind: FileKind,
    location: &Location,
    absent: &mut Vec<String>,
) -> Result<Option<ProfileFile>, FilesError> {
    let path = &location.path;
    let content = system.read(path, MAX_FILE).and_then(|mut content| {
        let text = String::from_utf8(mem::take(&mut content));
        text.map(Zeroizing::new).map_err(|error| {
            drop(Zeroizing::new(error.into_bytes()));
            io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8")
        })
    });
    let text = match content {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let named = location
                .variable
                .map_or(String::new(), |name| format!(", which `{name}` names,"));
            let problem = format!("`{}`{named} does not exist", path.display());
            if location.variable.is_some() {
                tracing::warn!("{problem}");
            }
            absent.push(problem);
            return Ok(None);
        }
        Err(error) => {
            let problem = format!("`{}` cannot be read: {error}", path.display());
            if location.variable.is_some() {
                return Err(FilesError::Unreadable(problem));
            }
            tracing::warn!("{problem}");
            absent.push(problem);
            return Ok(None);
        }
    };
    let file = ProfileFile::parse(kind, path, text).map_err(|(place, flaw)| FilesError::Malformed(place, flaw))?;
    for (line, problem) in &file.warnings {
        tracing::warn!("{problem} ({})", file.place(*line));
    }
    Ok(Some(file))
}
