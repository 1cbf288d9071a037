//! What is wrong with a model: collected, sorted by place, and shown as a compiler would.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use crate::source::{File, JsonPath, Layer, Source, Sources};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be generated.
    Error,
    /// Worth knowing.
    Warning,
}

/// One thing that is wrong, where it is, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: String,
    /// Where it is, unless it is about no file's content.
    pub place: Option<Place>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, by the path that was given.
    pub file: String,
    /// Counts from 1.
    pub line: usize,
    /// In characters, counts from 1.
    pub column: usize,
    /// The path into the JSON as a JSON pointer, empty for the document as a whole.
    pub pointer: String,
    /// The text of the line, and the bytes of it that are meant.
    source_line: String,
    span: Range<usize>,
}

impl Place {
    /// The bytes that are meant may span lines; the first line is shown.
    fn new(source: &Source, range: &Range<usize>, pointer: String) -> Self {
        let (line, line_start) = source.line_of(range.start);
        let source_line = source.text()[line_start..].lines().next().unwrap_or_default();
        let in_line = |byte: usize| (byte - line_start).min(source_line.len());
        Self {
            file: source.name().to_owned(),
            line,
            column: source.text()[line_start..range.start].chars().count() + 1,
            pointer,
            span: in_line(range.start)..in_line(range.end),
            source_line: source_line.to_owned(),
        }
    }
}

impl Diagnostic {
    /// An error about no file's content.
    pub fn general_error(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            help: help.into(),
            place: None,
        }
    }

    /// A warning about no file's content.
    pub fn general_warning(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::general_error(message, help)
        }
    }

    fn render(&self, renderer: &Renderer) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut report = Group::with_title(level.primary_title(&self.message));
        if let Some(place) = &self.place {
            let snippet = Snippet::source(&place.source_line)
                .path(&place.file)
                .line_start(place.line)
                .annotation(AnnotationKind::Primary.span(place.span.clone()));
            report = report.element(snippet);
            if !place.pointer.is_empty() {
                let pointer = normalize_untrusted_str(&place.pointer);
                report = report.element(Level::NOTE.no_name().message(format!("at {pointer}")));
            }
        }
        let help = Level::HELP.message(normalize_untrusted_str(&self.help));
        renderer.render(&[report.element(help)])
    }
}

/// Everything that is wrong, by file, line and column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// The text for a person: each diagnostic with its line of the source, and how many there are.
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let count = |severity, name: &str| {
            let count = self.iter().filter(|d| d.severity == severity).count();
            let plural = if count == 1 { "" } else { "s" };
            (count > 0).then(|| format!("{count} {name}{plural}"))
        };
        let counts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
        self.iter()
            .map(|diagnostic| diagnostic.render(&renderer) + "\n\n")
            .chain([counts.into_iter().flatten().collect::<Vec<_>>().join(", ")])
            .collect()
    }

    /// In the order in which they are shown.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by(|a, b| {
            let key = |d: &Diagnostic| {
                let place = d.place.as_ref();
                place.map(|place| (place.file.clone(), place.line, place.column))
            };
            key(a).cmp(&key(b)).then(a.severity.cmp(&b.severity))
        });
        // One fault may be met on several ways, such as a shape that two operations use.
        diagnostics.dedup();
        Self(diagnostics)
    }
}

impl<'d> IntoIterator for &'d Diagnostics {
    type Item = &'d Diagnostic;
    type IntoIter = std::slice::Iter<'d, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// Some editors write it, and JSON cannot have it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Collects diagnostics, so that one run reports all of them.
#[derive(Debug)]
pub struct Reporter<'s> {
    sources: &'s Sources,
    diagnostics: Vec<Diagnostic>,
}

impl<'s> Reporter<'s> {
    /// Reports on these files.
    pub fn new(sources: &'s Sources) -> Self {
        Self {
            sources,
            diagnostics: Vec::new(),
        }
    }

    /// Something that keeps the model from being generated.
    pub fn error(&mut self, at: &JsonPath, message: impl Into<String>, help: impl Into<String>) {
        self.report(Severity::Error, at, message.into(), help.into());
    }

    /// Something that is worth knowing.
    pub fn warning(&mut self, at: &JsonPath, message: impl Into<String>, help: impl Into<String>) {
        self.report(Severity::Warning, at, message.into(), help.into());
    }

    fn report(&mut self, severity: Severity, at: &JsonPath, message: String, help: String) {
        let found = self.sources.find(at);
        self.diagnostics.push(Diagnostic {
            severity,
            message,
            help,
            place: found.map(|(source, range)| Place::new(source, &range, at.to_string())),
        });
    }

    /// A text that is not JSON.
    pub(crate) fn syntax_error(&mut self, (file, layer): (File, Layer), error: &serde_json::Error) {
        let source = self.sources.get(file, layer);
        let text = error.to_string();
        let message = text.split(" at line ").next().unwrap_or_default();
        let (message, help) = if source.is_some_and(|source| source.text().starts_with(BYTE_ORDER_MARK)) {
            ("the file begins with a byte order mark", "save it as UTF-8 without one")
        } else if message == "recursion limit exceeded" {
            (
                "the objects and arrays are too many, one in the other",
                "take some out: 127 can be read",
            )
        } else {
            (message, "correct the syntax at this place or just before it")
        };
        self.diagnostics.push(Diagnostic {
            severity: Severity::Error,
            message: format!("not valid JSON: {message}"),
            help: help.to_owned(),
            place: source.map(|source| {
                let start = source.byte_at(error.line(), error.column());
                let length = source.text()[start..].chars().next().map_or(0, char::len_utf8);
                Place::new(source, &(start..start + length), String::new())
            }),
        });
    }

    /// Adds what has been found elsewhere.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.diagnostics.extend(diagnostics);
    }

    /// The files that are reported on.
    pub fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// The value with the warnings, or everything that was reported if an error was. No value stands for a reported
    /// error.
    pub fn finish<T>(self, value: Option<T>) -> Result<(T, Vec<Diagnostic>), Diagnostics> {
        let failed = self.diagnostics.iter().any(|d| d.severity == Severity::Error);
        match value {
            Some(value) if !failed => Ok((value, self.diagnostics)),
            _ => Err(self.diagnostics.into()),
        }
    }
}

/// ` (did you mean `Foo`?)` when one of the known names is close to what was written, else nothing.
pub fn did_you_mean<'n>(written: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    let distance = |name: &str| strsim::osa_distance(&written.to_lowercase(), &name.to_lowercase());
    let closest = known.into_iter().min_by_key(|name| distance(name));
    closest
        .filter(|name| distance(name) <= written.len().max(3) / 3)
        .map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}
