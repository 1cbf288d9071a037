//! The files of a model folder as text, and where in that text a path into the JSON leads.
//!
//! Positions are looked up only when a diagnostic needs one, so the model itself carries none.

mod position;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::iter;
use std::ops::Range;
use std::sync::OnceLock;

use position::Positions;

/// A file that may be part of a model folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    /// `service-2.json`: operations, shapes, errors.
    Service,
    /// `endpoint-rule-set-1.json`: where requests go.
    EndpointRules,
    /// `partitions.json`: regions and DNS suffixes.
    Partitions,
    /// `paginators-1.json`: which operations return their results in pages.
    Paginators,
    /// `waiters-2.json`: what to poll until a resource is ready.
    Waiters,
    /// `examples-1.json`: example calls.
    Examples,
    /// `client.json`: what the description cannot say.
    Client,
}

impl File {
    /// Every file that is read.
    pub const ALL: [Self; 7] = [
        Self::Service,
        Self::EndpointRules,
        Self::Partitions,
        Self::Paginators,
        Self::Waiters,
        Self::Examples,
        Self::Client,
    ];

    /// The file's name in the folder.
    pub fn name(self, layer: Layer) -> String {
        let stem = match self {
            Self::Service => "service-2",
            Self::EndpointRules => "endpoint-rule-set-1",
            Self::Partitions => "partitions",
            Self::Paginators => "paginators-1",
            Self::Waiters => "waiters-2",
            Self::Examples => "examples-1",
            Self::Client => "client",
        };
        match layer {
            Layer::Base => format!("{stem}.json"),
            Layer::Overlay => format!("{stem}.sdk-extras.json"),
        }
    }
}

/// A file may have an overlay, which is merged over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The file itself.
    Base,
    /// `<stem>.sdk-extras.json`
    Overlay,
}

/// A path into a JSON document, shown as a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    file: File,
    layer: Layer,
    keys: Vec<String>,
    names_key: bool,
}

impl JsonPath {
    /// The whole document, whose parts come from the file or from its overlay.
    pub fn root(file: File) -> Self {
        Self {
            file,
            layer: Layer::Base,
            keys: Vec::new(),
            names_key: false,
        }
    }

    /// One file of the document.
    pub(crate) fn layer(file: File, layer: Layer) -> Self {
        Self {
            layer,
            ..Self::root(file)
        }
    }

    /// The value of a key of this object.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.keys.push(key.to_owned());
        path.names_key = false;
        path
    }

    /// An element of this array.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        self.key(&index.to_string())
    }

    /// The key that this path ends in, rather than its value.
    #[must_use]
    pub fn name(&self) -> Self {
        Self {
            names_key: true,
            ..self.clone()
        }
    }

    /// The file that it is a path into, or one that is merged into that.
    pub(crate) fn file(&self) -> File {
        self.file
    }

    /// The last key or index, empty for the whole document.
    pub(crate) fn last_key(&self) -> &str {
        self.keys.last().map_or("", String::as_str)
    }
}

/// A path while it is being walked: it costs nothing until somebody wants to keep it.
#[derive(Clone, Copy)]
pub(crate) enum Step<'p> {
    /// Where the walk begins.
    Root(&'p JsonPath),
    /// The value of a key of the object before.
    Key(&'p Step<'p>, &'p str),
    /// An element of the array before.
    Index(&'p Step<'p>, usize),
}

impl Step<'_> {
    pub(crate) fn path(&self) -> JsonPath {
        let mut path = match self {
            Self::Root(root) => return (*root).clone(),
            Self::Key(before, _) | Self::Index(before, _) => before.path(),
        };
        path.keys.push(self.last_key().into_owned());
        path.names_key = false;
        path
    }

    /// The last key or index.
    pub(crate) fn last_key(&self) -> Cow<'_, str> {
        match self {
            Self::Root(root) => root.last_key().into(),
            Self::Key(_, key) => (*key).into(),
            Self::Index(_, index) => index.to_string().into(),
        }
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.keys
            .iter()
            .try_for_each(|key| write!(f, "/{}", key.replace('~', "~0").replace('/', "~1")))
    }
}

/// A file as it was read.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    line_starts: OnceLock<Vec<usize>>,
    positions: OnceLock<Positions>,
}

impl Source {
    /// A file, by the name that diagnostics show, and what it says.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            line_starts: OnceLock::new(),
            positions: OnceLock::new(),
        }
    }

    /// Its name, as diagnostics show it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line that a byte is on, counted from 1, and its start.
    pub(crate) fn line_of(&self, byte: usize) -> (usize, usize) {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= byte);
        (line, starts[line - 1])
    }

    /// The start of the character at a line and a byte in it, both counted from 1.
    pub(crate) fn byte_at(&self, line: usize, column: usize) -> usize {
        let starts = self.line_starts();
        let line_start = starts.get(line.saturating_sub(1)).copied();
        let byte = line_start.unwrap_or(self.text.len()) + column.saturating_sub(1);
        let byte = byte.min(self.text.len());
        (0..=byte).rfind(|byte| self.text.is_char_boundary(*byte)).unwrap_or(0)
    }

    /// Where each line starts; the first one does at 0.
    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let newlines = self.text.match_indices('\n');
            iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect()
        })
    }

    fn positions(&self) -> &Positions {
        self.positions.get_or_init(|| Positions::of(&self.text))
    }
}

/// The files of a model folder.
#[derive(Debug, Default)]
pub struct Sources(BTreeMap<(File, Layer), Source>);

impl Sources {
    /// Adds a file.
    pub fn insert(&mut self, file: File, layer: Layer, source: Source) {
        self.0.insert((file, layer), source);
    }

    /// A file, if the folder has it.
    pub fn get(&self, file: File, layer: Layer) -> Option<&Source> {
        self.0.get(&(file, layer))
    }

    /// Where a path leads: the file, and the range of bytes in its text. What an overlay merges in is found there. A
    /// path to something absent leads to the nearest thing around it.
    pub(crate) fn find(&self, path: &JsonPath) -> Option<(&Source, Range<usize>)> {
        let keys = || path.keys.iter().map(String::as_str);
        if path.layer == Layer::Base
            && let Some(overlay) = self.get(path.file, Layer::Overlay)
        {
            let merged = iter::once("merge").chain(keys());
            let (found, is_exact) = overlay.positions().find(merged);
            if is_exact {
                return Some((overlay, found.range(path.names_key)));
            }
        }
        let source = self.get(path.file, path.layer)?;
        let (found, _) = source.positions().find(keys());
        Some((source, found.range(path.names_key)))
    }
}
