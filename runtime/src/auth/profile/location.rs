//! Where the user's files are.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::auth::system::System;

/// Where the files with profiles are, and those beside them.
#[derive(Clone, Debug)]
pub struct Locations {
    /// The user's home folder, if it is known.
    pub home: Option<PathBuf>,
    /// The file `config`. `None` if neither a variable nor a home folder says where it is.
    pub config: Option<Location>,
    /// The file `credentials`, likewise.
    pub credentials: Option<Location>,
    separator: char,
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The path.
    pub path: PathBuf,
    /// The variable that says so. Files at their usual place need not exist.
    pub variable: Option<&'static str>,
}

impl Locations {
    /// Looks at the variables.
    pub fn find(system: &dyn System) -> Self {
        let variable = |name| system.variable(name).filter(|value| !value.is_empty());
        let is_windows = system.is_windows();
        let home = variable("HOME")
            .or_else(|| variable("USERPROFILE").filter(|_| is_windows))
            .or_else(|| {
                let mut home = variable("HOMEDRIVE").filter(|_| is_windows)?;
                home.push(variable("HOMEPATH")?);
                Some(home)
            })
            .map(PathBuf::from)
            .or_else(|| system.home());
        let mut locations = Self {
            home,
            config: None,
            credentials: None,
            separator: if is_windows { '\\' } else { '/' },
        };
        let find = |name: &'static str, file| {
            let named = variable(name).map(|path| Location {
                path: locations.expand(path),
                variable: Some(name),
            });
            named.or_else(|| {
                let path = locations.in_home(&[".aws", file])?;
                Some(Location { path, variable: None })
            })
        };
        let config = find("AWS_CONFIG_FILE", "config");
        let credentials = find("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        locations.config = config;
        locations.credentials = credentials;
        locations
    }

    /// A path in the home folder.
    pub fn in_home(&self, parts: &[&str]) -> Option<PathBuf> {
        Some(self.join(self.home.as_ref()?.as_os_str(), parts))
    }

    /// A path below a folder.
    pub(crate) fn join(&self, folder: &OsStr, parts: &[&str]) -> PathBuf {
        let mut path = folder.to_owned();
        for part in parts {
            if !path.as_encoded_bytes().ends_with(self.separator.to_string().as_bytes()) {
                path.push(self.separator.to_string());
            }
            path.push(part);
        }
        path.into()
    }

    /// A path with the home folder in place of a `~` that is its whole first part.
    pub(crate) fn expand(&self, path: impl Into<OsString>) -> PathBuf {
        let path: OsString = path.into();
        let (Some(home), Some(text)) = (&self.home, path.to_str()) else {
            return path.into();
        };
        match text.strip_prefix('~') {
            Some("") => home.clone(),
            Some(rest) if rest.starts_with(['/', self.separator]) => {
                self.join(home.as_os_str(), &[rest.trim_start_matches(['/', self.separator])])
            }
            _ => path.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::auth::testing::Fake;

    fn config(fake: &Fake) -> Option<PathBuf> {
        Locations::find(fake).config.map(|location| location.path)
    }

    #[test]
    fn a_tilde_is_the_home_folder() {
        let fake = Fake::new().variable("HOME", "/home/a/");
        for (path, expected) in [
            ("~/x", "/home/a/x"),
            ("~", "/home/a/"),
            ("~//x/y", "/home/a/x/y"),
            ("~b/x", "~b/x"),
            ("/x/~/y", "/x/~/y"),
            ("x", "x"),
            ("$HOME/x", "$HOME/x"),
        ] {
            let fake = fake.clone().variable("AWS_CONFIG_FILE", path);
            assert_eq!(config(&fake).as_deref(), Some(Path::new(expected)));
        }
    }

    #[test]
    fn a_machine_without_a_home() {
        let fake = Fake::new();
        assert_eq!(config(&fake), None);
        assert_eq!(config(&fake.clone().variable("HOME", "")), None);
        let fake = fake.variable("AWS_CONFIG_FILE", "~/x");
        assert_eq!(config(&fake).as_deref(), Some(Path::new("~/x")));
        assert_eq!(
            Locations::find(&fake).config.expect("a location").variable,
            Some("AWS_CONFIG_FILE")
        );
        assert_eq!(
            config(&Fake::new().home("/root")).as_deref(),
            Some(Path::new("/root/.aws/config"))
        );
    }
}
