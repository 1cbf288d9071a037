//! A table: a line a row, without blocks inside its cells.

use std::mem;

use super::inline::Inline;
use super::render::join;

/// Rows of cells, all in Markdown.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Takes a tag inside the table. One that has nothing to do with tables only keeps words apart.
    pub(super) fn tag(&mut self, tag: &[u8], text: &mut Inline) {
        match tag {
            b"tr" => {
                self.end_cell(text);
                self.rows.push(Vec::new());
            }
            b"td" | b"th" => {
                self.end_cell(text);
                self.last_row().push(String::new());
            }
            _ => text.space(),
        }
    }

    /// The lines in Markdown, whose first row is always the head. What is beyond the head's width
    /// would not be shown, so all rows are as wide as the widest.
    pub(super) fn finish(mut self, text: &mut Inline) -> Vec<String> {
        self.end_cell(text);
        self.rows.retain(|row| !row.is_empty());
        let width = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        for row in &mut self.rows {
            row.resize(width, String::new());
        }
        if width > 0 {
            self.rows.insert(1, vec!["---".to_owned(); width]);
        }
        self.rows
            .iter()
            .map(|cells| format!("| {} |", cells.join(" | ")))
            .collect()
    }

    /// Text outside of cells makes one.
    fn end_cell(&mut self, text: &mut Inline) {
        let text = join(&mem::take(text).finish()).replace('|', "\\|");
        if !text.is_empty() {
            let row = self.last_row();
            let cell = row.pop().unwrap_or_default();
            row.push(if cell.is_empty() {
                text
            } else {
                format!("{cell} {text}")
            });
        }
    }

    fn last_row(&mut self) -> &mut Vec<String> {
        if self.rows.is_empty() {
            self.rows.push(Vec::new());
        }
        let last = self.rows.len() - 1;
        &mut self.rows[last]
    }
}
