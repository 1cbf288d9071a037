//! Results that come in pages.

use super::rust::value_type;
use super::{Aspect, Level, Recorder};
use crate::ir::{Operation, Paginator};

impl Recorder {
    pub(super) fn paginator(&mut self, old: &Operation, new: &Operation) {
        let name = new.fn_name.trim_start_matches("r#");
        let (before, after) = match (&old.paginator, &new.paginator) {
            (None, None) => return,
            (None, Some(_)) => return self.api(Level::Minor, format!("`{name}` is now paginated")),
            (Some(_), None) => {
                return self.api(Level::Major, format!("`{name}` is no longer paginated"));
            }
            (Some(before), Some(after)) => (before, after),
        };
        match (items(before), items(after)) {
            (before, after) if before == after => {}
            (None, Some(after)) => {
                let text = format!("the pages of `{name}` now yield items: `{after}`");
                self.api(Level::Minor, text);
            }
            (before, after) => {
                let shown = |items: Option<String>| items.map_or("none".to_owned(), |items| format!("`{items}`"));
                let (before, after) = (shown(before), shown(after));
                let text = format!("the items of the pages of `{name}` are now {after}, were {before}");
                self.api(Level::Major, text);
            }
        }
        let follows = |operation: &Operation, paginator: &Paginator| {
            let tokens = paginator.tokens.iter();
            let tokens = tokens.map(|token| (operation.input[token.input].name.clone(), token.output.clone()));
            let items = paginator.items.as_ref().map(|(items, _)| items.clone());
            (tokens.collect::<Vec<_>>(), paginator.more_results.clone(), items)
        };
        if follows(old, before) != follows(new, after) {
            let text = format!("the members that the pages of `{name}` follow change");
            self.hidden(Aspect::Behavior, text);
        }
    }
}

fn items(paginator: &Paginator) -> Option<String> {
    paginator.items.as_ref().map(|(_, ty)| value_type(ty))
}
