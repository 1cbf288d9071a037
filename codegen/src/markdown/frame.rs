//! The elements that indent what is inside: lists and quotes.

pub(super) enum Frame {
    List {
        ordered: bool,
        items: usize,
        /// The width of the open item's marker; none until that is written.
        marker: Option<usize>,
    },
    Quote {
        started: bool,
    },
}

impl Frame {
    pub(super) const QUOTE: Self = Self::Quote { started: false };

    pub(super) fn list(ordered: bool) -> Self {
        Self::List {
            ordered,
            items: 0,
            marker: None,
        }
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self, Self::List { .. })
    }

    pub(super) fn is_started(&self) -> bool {
        match self {
            Self::List { marker, .. } => marker.is_some(),
            Self::Quote { started } => *started,
        }
    }

    /// What stands before the first line of a block.
    pub(super) fn start(&mut self) -> String {
        match self {
            Self::List {
                ordered,
                items,
                marker: width @ None,
            } => {
                *items += 1;
                let marker = if *ordered {
                    format!("{items}. ")
                } else {
                    "- ".to_owned()
                };
                *width = Some(marker.len());
                return marker;
            }
            Self::List { .. } => {}
            Self::Quote { started } => *started = true,
        }
        self.indent()
    }

    /// What stands before the other lines, when the frame is started.
    pub(super) fn indent(&self) -> String {
        match self {
            Self::List { marker, .. } => " ".repeat(marker.unwrap_or_default()),
            Self::Quote { .. } => "> ".to_owned(),
        }
    }

    /// Makes the text to come a new item, if this is a list.
    pub(super) fn next_item(&mut self) {
        if let Self::List { marker, .. } = self {
            *marker = None;
        }
    }
}
