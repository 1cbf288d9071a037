//! The root of an error, as far as its line names it: the file that it is about, and what the operating system or TLS says.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::iter::successors;
use std::path::{Path, PathBuf};

use super::{Connecting, Error, Kind};
use crate::words::one_line::OneLine;

/// What is wrong with a file. An [`io::Error`] of the same kind carries it.
#[derive(Debug)]
pub(crate) struct FileProblem {
    path: PathBuf,
    error: io::Error,
}

impl FileProblem {
    /// Says which file an error is about.
    pub(crate) fn wrap(path: &Path, error: io::Error) -> io::Error {
        let path = path.to_owned();
        io::Error::new(error.kind(), Self { path, error })
    }
}

impl fmt::Display for FileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", OneLine(&self.path.display()), self.error)
    }
}

impl StdError for FileProblem {}

/// What the line of an error says besides what the client knows itself.
pub(super) enum Root<'a> {
    File(&'a FileProblem),
    Connecting(&'a io::Error),
}

impl Error {
    pub(super) fn root(&self) -> Option<Root<'_>> {
        let mut causes = successors(self.source(), |&error| error.source());
        match self.what() {
            Kind::Payload => causes.find_map(file_problem).map(Root::File),
            // The words of resolvers and proxies differ too much, and say no more than the hint.
            Kind::Connect {
                phase: Connecting::Tcp | Connecting::Proxy | Connecting::Tls,
                ..
            } => causes.find_map(|cause| cause.downcast_ref()).map(Root::Connecting),
            _ => None,
        }
    }
}

fn file_problem<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a FileProblem> {
    let error: &io::Error = cause.downcast_ref()?;
    error.get_ref()?.downcast_ref()
}

/// `/nope: No such file or directory`, or `connection refused`.
impl fmt::Display for Root<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(problem) => {
                let words = words(&problem.error);
                write!(f, "{}: {}", OneLine(&problem.path.display()), OneLine(&words))
            }
            Self::Connecting(error) => {
                let mut words = words(error);
                // An acronym keeps its capitals.
                if words.get(1..).is_some_and(|rest| rest.starts_with(char::is_lowercase)) {
                    words[..1].make_ascii_lowercase();
                }
                OneLine(&words).fmt(f)
            }
        }
    }
}

/// What an error of the operating system says, without its number.
fn words(error: &io::Error) -> String {
    let mut text = error.to_string();
    if let Some(end) = text.find(" (os error ") {
        text.truncate(end);
    }
    text
}
