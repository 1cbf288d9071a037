//! The form of the files `config` and `credentials`.
//!
//! Nothing is copied: sections and properties are places in the text, which is overwritten when it is dropped.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::auth::error::Place;

/// All that is white space in these files.
const BLANK: [char; 2] = [' ', '\t'];

/// What comments begin with.
const COMMENT: [char; 2] = ['#', ';'];

/// Which of the two files it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// `~/.aws/config`: profiles are in sections such as `[profile dev]`.
    Config,
    /// `~/.aws/credentials`: profiles are in sections such as `[dev]`.
    Credentials,
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    /// A profile.
    Profile,
    /// `[sso-session NAME]`.
    SsoSession,
    /// `[services NAME]`.
    Services,
}

/// What is wrong with the form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Something stands before the first section.
    NoSection,
    /// The line of a section does not end in `]`.
    OpenSection,
    /// A property has no `=`.
    NoEquals,
    /// A property has no name.
    NoName,
    /// A line continues a property, and there is none.
    NothingToContinue,
    /// A sub-property has no `=`.
    NoEqualsInSub,
    /// A sub-property has no name.
    NoNameInSub,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSection => "a property comes before the first section, such as `[default]`",
            Self::OpenSection => "the line of a section must end in `]`",
            Self::NoEquals => "a property needs a `=` after its name",
            Self::NoName => "a property needs a name before its `=`",
            Self::NothingToContinue => {
                "a line that begins with white space continues a property, but there is none before it"
            }
            Self::NoEqualsInSub => "an indented property needs a `=` after its name",
            Self::NoNameInSub => "an indented property needs a name before its `=`",
        })
    }
}

/// A file in its parts.
pub(crate) struct ProfileFile {
    pub(super) path: Arc<Path>,
    text: Zeroizing<String>,
    pub(super) sections: Vec<Section>,
    properties: Vec<Property>,
    /// What is ignored, and why.
    pub(super) warnings: Vec<(u32, String)>,
}

/// A section whose properties count.
pub(super) struct Section {
    pub(super) group: Group,
    /// Whether it is `[default]` in `config`, which `[profile default]` replaces.
    is_bare_default: bool,
    name: Range<usize>,
    pub(super) line: u32,
    properties: Range<usize>,
}

struct Property {
    name: Range<usize>,
    value: Range<usize>,
    /// The lines that continue it, as they stand.
    rest: Range<usize>,
    line: u32,
}

/// A property as it is in the file.
#[derive(Clone, Copy)]
pub(crate) struct RawProperty<'a> {
    file: &'a ProfileFile,
    property: &'a Property,
}

impl ProfileFile {
    /// Takes a text apart.
    pub(crate) fn parse(kind: FileKind, path: &Path, text: Zeroizing<String>) -> Result<Self, (Place, Flaw)> {
        let mut parser = Parser {
            kind,
            file: Self {
                path: path.into(),
                text: Zeroizing::default(),
                sections: Vec::new(),
                properties: Vec::new(),
                warnings: Vec::new(),
            },
            section: State::None,
            property: State::None,
            takes_sub: false,
        };
        let parsed = parser.lines(&text);
        let mut file = parser.file;
        if let Err((line, flaw)) = parsed {
            return Err((file.place(line), flaw));
        }
        file.text = text;
        file.drop_bare_default();
        Ok(file)
    }

    /// `[profile default]` replaces `[default]`, wherever it is.
    fn drop_bare_default(&mut self) {
        let is_replaced = self.sections.iter().any(|section| {
            section.group == Group::Profile && !section.is_bare_default && &self.text[section.name.clone()] == "default"
        });
        if is_replaced {
            let warnings = &mut self.warnings;
            self.sections.retain(|section| {
                if section.is_bare_default {
                    let problem = "`[default]` is ignored because there is `[profile default]`";
                    warnings.push((section.line, problem.to_owned()));
                }
                !section.is_bare_default
            });
        }
    }

    pub(super) fn name(&self, section: &Section) -> &str {
        &self.text[section.name.clone()]
    }

    /// The properties of a section, as they stand.
    pub(super) fn properties<'a>(
        &'a self,
        section: &Section,
    ) -> impl DoubleEndedIterator<Item = RawProperty<'a>> + use<'a> {
        self.properties[section.properties.clone()]
            .iter()
            .map(|property| RawProperty { file: self, property })
    }

    pub(super) fn place(&self, line: u32) -> Place {
        Place {
            file: Arc::clone(&self.path),
            line,
        }
    }
}

impl<'a> RawProperty<'a> {
    pub(crate) fn name(self) -> &'a str {
        &self.file.text[self.property.name.clone()]
    }

    pub(crate) fn place(self) -> Place {
        self.file.place(self.property.line)
    }

    /// The value with the lines that continue it.
    pub(crate) fn value(self) -> Cow<'a, str> {
        let value = &self.file.text[self.property.value.clone()];
        let mut rest = self.rest().peekable();
        if rest.peek().is_none() {
            return value.into();
        }
        rest.fold(value.to_owned(), |value, line| value + "\n" + line).into()
    }

    /// Its sub-properties, where its own value is empty.
    pub(crate) fn sub_properties(self) -> impl DoubleEndedIterator<Item = (&'a str, &'a str)> {
        let has_some = self.property.value.is_empty();
        let lines = self.rest().filter(move |_| has_some);
        // The parser has seen that each has a `=`.
        let pairs = lines.filter_map(|line| line.split_once('='));
        let trimmed = pairs.map(|(name, value)| (name.trim_matches(BLANK), value.trim_matches(BLANK)));
        trimmed.filter(|(name, _)| is_name(name))
    }

    fn rest(self) -> impl DoubleEndedIterator<Item = &'a str> {
        let rest = &self.file.text[self.property.rest.clone()];
        rest.lines()
            .map(|line| line.trim_matches(BLANK))
            .filter(|line| !line.is_empty())
    }
}

/// What the next line belongs to.
enum State {
    None,
    Ignored,
    /// It is the last one.
    Open,
}

struct Parser {
    kind: FileKind,
    file: ProfileFile,
    section: State,
    property: State,
    /// Whether lines that continue the property are properties themselves.
    takes_sub: bool,
}

type Parsed = Result<(), (u32, Flaw)>;

impl Parser {
    fn lines(&mut self, text: &str) -> Parsed {
        // Some editors of Windows begin each file with it.
        let mut at = if text.starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        for number in 1.. {
            let rest = &text[at..];
            if rest.is_empty() {
                break;
            }
            let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
            let line = rest[..end].trim_end_matches('\n');
            let line = line.strip_suffix('\r').unwrap_or(line);
            self.line(text, at..at + line.len(), number)?;
            at += end;
        }
        Ok(())
    }

    fn line(&mut self, text: &str, range: Range<usize>, number: u32) -> Parsed {
        let line = &text[range.clone()];
        if line.trim_matches(BLANK).is_empty() || line.starts_with(COMMENT) {
            return Ok(());
        }
        let parsed = if line.starts_with('[') {
            self.begin_section(text, range, number)
        } else if line.starts_with(BLANK) {
            self.continue_property(line, range)
        } else {
            self.begin_property(text, range, number)
        };
        parsed.map_err(|flaw| (number, flaw))
    }

    fn begin_section(&mut self, text: &str, range: Range<usize>, number: u32) -> Result<(), Flaw> {
        let line = &text[range];
        let line = line.split(COMMENT).next().unwrap_or_default().trim_end_matches(BLANK);
        let inner = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
        let inner = inner.ok_or(Flaw::OpenSection)?.trim_matches(BLANK);
        self.property = State::None;
        self.section = State::Ignored;
        match header(self.kind, inner) {
            Ok((group, name)) => {
                let properties = self.file.properties.len();
                self.file.sections.push(Section {
                    group,
                    is_bare_default: self.kind == FileKind::Config && inner == "default",
                    name: range_in(text, name),
                    line: number,
                    properties: properties..properties,
                });
                self.section = State::Open;
            }
            Err(problem) => self.warn(number, problem),
        }
        Ok(())
    }

    fn begin_property(&mut self, text: &str, range: Range<usize>, number: u32) -> Result<(), Flaw> {
        if let State::None = self.section {
            return Err(Flaw::NoSection);
        }
        let (name, value) = split(without_comment(&text[range.clone()]), [Flaw::NoEquals, Flaw::NoName])?;
        self.takes_sub = value.is_empty();
        self.property = State::Ignored;
        if let (State::Open, Some(section)) = (&self.section, self.file.sections.last_mut()) {
            if is_name(name) {
                self.file.properties.push(Property {
                    name: range_in(text, name),
                    value: range_in(text, value),
                    rest: range.end..range.end,
                    line: number,
                });
                section.properties.end += 1;
                self.property = State::Open;
            } else {
                self.warn(number, "a property is ignored because its name is not valid".to_owned());
            }
        }
        Ok(())
    }

    fn continue_property(&mut self, line: &str, range: Range<usize>) -> Result<(), Flaw> {
        match (&self.section, &self.property) {
            (State::None, _) => return Err(Flaw::NoSection),
            (_, State::None) => return Err(Flaw::NothingToContinue),
            _ => {}
        }
        if self.takes_sub {
            split(
                without_comment(line.trim_matches(BLANK)),
                [Flaw::NoEqualsInSub, Flaw::NoNameInSub],
            )?;
        }
        if let (State::Open, Some(property)) = (&self.property, self.file.properties.last_mut()) {
            if property.rest.is_empty() {
                property.rest.start = range.start;
            }
            property.rest.end = range.end;
        }
        Ok(())
    }

    fn warn(&mut self, line: u32, problem: String) {
        self.file.warnings.push((line, problem));
    }
}

/// Where a part of a text is in it.
fn range_in(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

/// Name and value of a property.
fn split(line: &str, [no_equals, no_name]: [Flaw; 2]) -> Result<(&str, &str), Flaw> {
    let (name, value) = line.split_once('=').ok_or(no_equals)?;
    match name.trim_matches(BLANK) {
        "" => Err(no_name),
        name => Ok((name, value.trim_matches(BLANK))),
    }
}

/// A comment begins after white space: URLs have a `#` that begins none.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices(COMMENT);
    let start = starts.map(|(at, _)| at).find(|at| line[..*at].ends_with(BLANK));
    &line[..start.unwrap_or(line.len())]
}

/// What a section is about, and its name; or why it is ignored.
fn header(kind: FileKind, inner: &str) -> Result<(Group, &str), String> {
    let (prefix, name) = match inner.split_once(BLANK) {
        Some((prefix, name)) => (prefix, name.trim_matches(BLANK)),
        None => ("", inner),
    };
    let group = match (kind, prefix) {
        (FileKind::Config, "profile") | (FileKind::Credentials, "") => Group::Profile,
        (FileKind::Config, "") if name == "default" => Group::Profile,
        (FileKind::Config, "sso-session") => Group::SsoSession,
        (FileKind::Config, "services") => Group::Services,
        (FileKind::Config, "") => {
            return Err(format!(
                "`[{inner}]` is ignored: a profile is written as `[profile {inner}]` in this file"
            ));
        }
        (FileKind::Credentials, "profile") => {
            return Err(format!(
                "`[{inner}]` is ignored: a profile is written as `[{name}]` in this file"
            ));
        }
        _ => return Err(format!("`[{inner}]` is ignored: it is not a section of this file")),
    };
    match unquoted(name) {
        Some(name) => Ok((group, name)),
        None if is_name(name) => Ok((group, name)),
        None => Err(format!("`[{inner}]` is ignored: a name such as this must be in quotes")),
    }
}

/// The name in one pair of quotes. The AWS CLI writes names with blanks so.
fn unquoted(name: &str) -> Option<&str> {
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| name.strip_prefix(quote)?.strip_suffix(quote))?;
    let is_plain = !inner.is_empty() && !inner.contains(['"', '\'']);
    is_plain.then_some(inner)
}

fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&byte);
    !name.is_empty() && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests;
